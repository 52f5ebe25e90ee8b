"""How large expressions and their values may get: evaluation ends, and soon."""

from __future__ import annotations

MAX_LENGTH = 10_000
"""Characters of one expression."""

MAX_DEPTH = 60
"""Operations and brackets inside each other, so that no walk over the nodes overflows the stack."""

MAX_TEXT = 1_000_000
"""Characters of a text that an operation makes."""

MAX_ITEMS = 10_000
"""Items of a list that an operation makes."""

MAX_BITS = 3_400
"""Binary digits of a whole number: a thousand decimal ones."""
