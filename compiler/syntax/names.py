"""Which texts may name something in a spec, and what to say of those that may not (DESIGN 3, "Names")."""

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING, NamedTuple

from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import RESERVED_NAMES, is_spec_name

if TYPE_CHECKING:
    from jobc.schemas.diagnostics import Location

_FUNCTION_LIKE = ("graphs", "jobs", "nodes", "ops")


class NameProblem(NamedTuple):
    """Why a text cannot be a name, and a name that could stand in its place."""

    message: str
    label: str
    guess: str

    def at(self, location: Location) -> Diagnostic:
        """Return the diagnostic for a name written at `location`."""
        help_text = f"for example `{self.guess}`" if self.guess else "choose a name"
        suggestions = (self.guess,) if self.guess else ()
        return Diagnostic(
            "JC0206", self.message, location, label=self.label, help=help_text, suggestions=suggestions
        )


def name_problem(name: str, section: str) -> NameProblem | None:
    """Return what is wrong with a name of something in a section (`ops`, `nodes`, `inputs`, …)."""
    if not name:
        return NameProblem("an empty text cannot be a name", "expected a name", "")
    if iskeyword(name):
        return NameProblem(f"`{name}` is a word of Python's own", "expected another word", f"{name}_")
    if not is_spec_name(name):
        expected = "expected letters from a to z, digits and `_`, not beginning with a digit"
        return NameProblem(f"`{name}` cannot be a name", expected, _guess(name))
    if name == "inputs" and section == "nodes":
        return NameProblem(
            f"no node can be named `{name}`", "`inputs.NAME` reads an input of the graph", "inputs_"
        )
    if name in RESERVED_NAMES and section in _FUNCTION_LIKE:
        message = f"no {section.removesuffix('s')} can be named `{name}`"
        return NameProblem(message, "a word that functions use for their own", f"{name}_")
    return None


def _guess(name: str) -> str:
    """Return a name near a text that is none; empty where letters would be lost."""
    if not name.isascii():
        return ""
    guess = "".join(letter if letter.isalnum() else "_" for letter in name)
    return f"_{guess}" if guess[0].isdigit() else guess
