"""Vars that are typed or given from outside: whether values fit (DESIGN 3, "vars")."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.syntax.texts import is_declaration
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.syntax.document import Document
    from jobc.runtime.config import ConfigProblem
    from jobc.schemas.ir import Data


class GivenProblem(NamedTuple):
    """What is wrong with a value given for a var; whoever knows where it was given reports it."""

    name: str
    code: str
    message: str
    help: str
    suggestions: tuple[str, ...] = ()


def given_problems(document: Document, given: Mapping[str, Data]) -> tuple[GivenProblem, ...]:
    """Return what is wrong with values given for the vars of a document (JC0314, JC0505).

    A value has to be of the declared type of the var, or else of that of its default, as far as it shows
    without folding.
    """
    return tuple(problem for name, value in given.items() for problem in _problems_of(document, name, value))


def _problems_of(document: Document, name: str, value: Data) -> Iterator[GivenProblem]:
    known = document.spec.vars
    if name not in known:
        if not document.is_broken(("vars", name)):
            near = near_names(name, known)
            here = f"the vars are {listing(known)}" if known else "the file has no vars"
            advice = f"did you mean `{near[0]}`?" if near else here
            yield GivenProblem(name, "JC0314", f"unknown var `{name}`", advice, near)
        return
    if is_declaration(known[name]):
        expected = f"the var is declared as `{document.types.get(('vars', name, 'type'))}`"
        for problem in declared_misfits(document, name, value):
            what = f"var `{name}`: {problem.message}"
            yield GivenProblem(name, "JC0505", what, expected, problem.suggestions)
    elif not _is_alike(value, known[name]):
        from jobc.compiler.syntax.mistakes import words_for

        message = f"var `{name}`: {words_for(value)} is not of the type of its default"
        yield GivenProblem(name, "JC0505", message, f"the default is {words_for(known[name])}")


def _is_alike(value: object, default: object) -> bool:
    """Tell whether a value is of the type of another; an expression or null as default takes any."""
    if default is None or (isinstance(default, str) and "${" in default):
        return True
    if isinstance(default, float) and isinstance(value, int):
        return not isinstance(value, bool)
    return type(value) is type(default)


def declared_misfits(document: Document, name: str, value: Data) -> tuple[ConfigProblem, ...]:
    """Return how a value differs from the type that a var declares; nothing where that cannot be told."""
    expression = document.types.get(("vars", name, "type"))
    if expression is None:
        return ()
    from jobc.compiler.bind.config_types import config_type
    from jobc.runtime.config import validate

    kind = config_type(expression)
    return () if kind is None else tuple(validate(kind, value).errors)


def misfit_diagnostics(document: Document, name: str, value: Data) -> Iterator[Diagnostic]:
    """Report a default that is not of the type its var declares (JC0505)."""
    for problem in declared_misfits(document, name, value):
        yield Diagnostic(
            "JC0505",
            f"var `{name}`: {problem.message}",
            document.tree.locate(("vars", name, "default", *problem.path)),
            label=f"expected `{document.types[('vars', name, 'type')]}`",
            help="change the value or the type",
            suggestions=problem.suggestions,
        )


def without_value(document: Document, name: str) -> Diagnostic:
    """Report a var that declares a type, and has no value (JC0506)."""
    return Diagnostic(
        "JC0506",
        f"var `{name}` has no value",
        document.locate_key(("vars", name)),
        label="`default` is missing",
        help="add `default:` with the value, or pass one when the file is imported or compiled",
    )
