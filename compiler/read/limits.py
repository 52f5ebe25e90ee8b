"""The bounds of what is read. A text beyond one of them is refused by name (JC0111), never half read."""

from __future__ import annotations

from typing import Final

# A spec of 10,000 ops is 3 MB; the flow scanner of libyaml needs time that grows with text times depth.
FILE_BYTES: Final = 10_000_000

# Later phases walk the tree by recursion, and CPython stops at 1,000 frames; people stop at 10 levels.
DEPTH: Final = 200

# Aliases share one object while reading, but every later phase walks each use of it.
EXPANDED_NODES: Final = 1_000_000

# CPython refuses to read or print longer integers (by default above 4,300 digits).
INTEGER_DIGITS: Final = 4_000

# The referee is 25 times slower than libyaml and takes seconds here: above, libyaml alone decides.
REFEREE_CHARACTERS: Final = 500_000

# Near names cost a comparison of the mistyped name with each known one: not for all in a broken file.
SUGGESTIONS: Final = 20
SUGGESTION_NAMES: Final = 1_000
