"""Values that a caller gives to vars of a file: `vars=` of the Python API, `--var` of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jobc.compiler.bind.given_vars import given_problems
from jobc.compiler.syntax.templates import is_plain
from jobc.compiler.syntax.texts import is_declaration
from jobc.schemas.diagnostics import Diagnostic, Location, Position
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.bind.given_vars import GivenProblem
    from jobc.compiler.read.overlaid_tree import OverlaidTree
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.ir import Data


class VarText(str):
    """A value as it is written on the command line, whose type is still to be told from its var's."""

    __slots__ = ()


def given_values(document: Document, written: Mapping[str, Data]) -> tuple[dict[str, Data], list[Diagnostic]]:
    """Return the values that fit vars of the document, and what is wrong with the others (JC0334, JC0505)."""
    values = {
        name: _read(document, name, value) if isinstance(value, VarText) else value
        for name, value in written.items()
    }
    found = []
    for problem in given_problems(document, values):
        found.append(_misfit(document, problem))
        del values[problem.name]
    return values, found


def _read(document: Document, name: str, text: VarText) -> Data:
    """Return the value of a text: for a var that is text the text itself, else what YAML makes of it."""
    var = document.spec.vars.get(name)
    if var["type"] == "str" if is_declaration(var) else isinstance(var, str):
        return str(text)
    from jobc.compiler.read import read_text

    tree, found = read_text("value.yaml", text)
    return str(text) if tree is None or found else tree.value


def profile_misfits(document: Document, overlaid: OverlaidTree) -> Iterator[Diagnostic]:
    """Report values of a profile that are not of the types of the vars they are for (JC0505).

    Vars that declare a type are left out: those are checked where they are folded.
    """
    for path in overlaid.moved:
        if path[0] != "vars" or len(path) != 2 or is_declaration(document.spec.vars.get(str(path[1]))):
            continue
        value = cast("Data", value_at(overlaid.value, path))
        if isinstance(value, str) and not is_plain(value):
            continue
        for problem in given_problems(document, {str(path[1]): value}):
            yield Diagnostic(
                problem.code,
                problem.message,
                overlaid.locate(path),
                label="of another type",
                help=problem.help,
                suggestions=problem.suggestions,
            )


def _misfit(document: Document, problem: GivenProblem) -> Diagnostic:
    start = Position(1, 1)
    location = Location(document.tree.source.name, start, start)
    is_known = problem.name in document.spec.vars
    if is_known:
        location = document.locate_key(("vars", problem.name))
    elif document.spec.vars:
        location = document.locate_key(("vars",))
    return Diagnostic(
        problem.code if is_known else "JC0334",
        f"{problem.message}, which is given from outside",
        location,
        label="the value given does not fit" if is_known else "no var of this name",
        help=problem.help,
        suggestions=problem.suggestions,
    )
