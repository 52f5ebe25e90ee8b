"""Which of its written forms a value of the spec has.

These functions tell a short form (text) from a long one (a mapping). They stand alone because the check of
shapes needs them on the cold path, where the models themselves are not imported.
"""

from __future__ import annotations

FORMS = frozenset({"~text", "~list", "~mapping"})
"""The names of forms; they stand in the paths of what does not fit, though in no document."""


def text_or_list(value: object) -> str | None:
    """Name the form of a value that may be text or a list; None when it is neither."""
    if isinstance(value, str):
        return "~text"
    return "~list" if isinstance(value, list) else None


def text_or_mapping(value: object) -> str | None:
    """Name the form of a value that may be text or a mapping; None when it is neither."""
    if isinstance(value, str):
        return "~text"
    return "~mapping" if isinstance(value, dict) else None
