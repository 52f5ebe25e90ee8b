"""Which codes are reported: `select` keeps only some, `ignore` drops some, by code or by its beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.schemas.codes import CODES
from jobc.schemas.names import near_names

if TYPE_CHECKING:
    from jobc.schemas.diagnostics import Diagnostic


class CodeFilter(NamedTuple):
    """Codes, or beginnings of codes such as `JC07`; an empty `select` selects all, `ignore` wins."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def keeps(self, diagnostic: Diagnostic) -> bool:
        """Tell whether a diagnostic is reported.

        Files and settings that cannot be read always are: nothing else could be found out there.
        """
        return is_unreadable(diagnostic) or self.keeps_code(diagnostic.code)

    def keeps_code(self, code: str) -> bool:
        """Tell whether a code is selected and not ignored."""
        return (not self.select or code.startswith(self.select)) and not code.startswith(self.ignore)


def is_unreadable(diagnostic: Diagnostic) -> bool:
    """Tell whether a diagnostic says that a file or settings cannot be read, which nothing may hide."""
    return diagnostic.code == "JC0003" or (
        diagnostic.code.startswith("JC01") and diagnostic.severity == "error"
    )


def is_pattern(text: str) -> bool:
    """Tell whether a text is a code or the beginning of one."""
    return len(text) > 1 and any(code.startswith(text) for code in CODES)


def near_patterns(text: str) -> tuple[str, ...]:
    """Return the codes that a text may have been meant for, nearest first; may be empty."""
    upper = text.strip().upper()
    return (upper,) if is_pattern(upper) else near_codes(upper)


def near_codes(text: str) -> tuple[str, ...]:
    """Return the codes that a text may have been meant for; those of its range are nearer than others."""
    upper = text.strip().upper()
    if upper in CODES:
        return (upper,)
    same_range = [code for code in CODES if code[:4] == upper[:4]]
    return near_names(upper, same_range) or near_names(upper, CODES)
