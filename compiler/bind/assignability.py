"""Assignability: whether values of one type can be passed where another type is wanted.

The answer is the one a run would give (SEMANTICS 9), with two things kept in mind. An `int` is taken where a
`float` is wanted, as annotations of Python mean it. And `no` is said only where no value at all could pass,
the empty collection aside: an `int | None` may be an `int`, a `date` may be a `datetime`, and of two classes
of the author's own one may derive from the other. All such is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from jobc.compiler.syntax.types import ANY, NONE, Generic, LiteralType, Named, PythonType, Union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobc.compiler.syntax.types import TypeExpr

Answer: TypeAlias = Literal["yes", "no", "unknown"]

NOTHING = Named("nothing")

# Pairs of words, source first; of all others that differ no value is common.
_FITTING = frozenset({("bool", "int"), ("bool", "float"), ("int", "float"), ("datetime", "date")})
_POSSIBLE = frozenset({("int", "bool"), ("date", "datetime")})


def assignable(source: TypeExpr | None, target: TypeExpr | None) -> Answer:
    """Tell whether values of the type `source` are values of the type `target`; None is an unknown type."""
    if source is None or target is None:
        return "unknown"
    if ANY in (source, target) or source == target:
        return "yes" if target == ANY or source == target else "unknown"
    if isinstance(source, Union):
        return _all_alike(assignable(member, target) for member in source.members)
    if isinstance(target, Union):
        return _best(assignable(source, member) for member in target.members)
    if isinstance(source, PythonType) or isinstance(target, PythonType):
        return "unknown"
    if isinstance(source, LiteralType):
        return _literal_into(source, target)
    if isinstance(target, LiteralType):
        return _into_literal(source, target)
    if isinstance(source, Generic) and isinstance(target, Generic):
        return _held(source, target)
    if isinstance(source, Named) and isinstance(target, Named):
        return _named(source, target)
    return "no"


def _named(source: Named, target: Named) -> Answer:
    """Compare two different words; no data is passed as None."""
    if {source, target} == {NOTHING, NONE}:
        return "yes"
    pair = (source.name, target.name)
    if pair in _POSSIBLE:
        return "unknown"
    return "yes" if pair in _FITTING else "no"


def _held(source: Generic, target: Generic) -> Answer:
    """Compare two collections by what they hold; one type that does not fit is enough."""
    if source.name != target.name or len(source.arguments) != len(target.arguments):
        return "no"
    pairs = zip(source.arguments, target.arguments, strict=True)
    answers: list[Answer] = [assignable(each, wanted) for each, wanted in pairs]
    return "no" if "no" in answers else _all_alike(answers)


def _literal_into(source: LiteralType, target: TypeExpr) -> Answer:
    if isinstance(target, LiteralType):
        common = len(set(source.values) & set(target.values))
        return "no" if common == 0 else "yes" if common == len(source.values) else "unknown"
    return _all_alike(assignable(word, target) for word in _words(source))


def _into_literal(source: TypeExpr, target: LiteralType) -> Answer:
    """Tell whether a literal can be a value of a type at all; numbers that are equal count as one."""
    words = set(_words(target))
    numbers = {Named("int"), Named("float"), Named("bool")}
    if source in words or (source in numbers and Named("int") in words):
        return "unknown"
    return "no"


def _words(literal: LiteralType) -> Iterator[Named]:
    return (Named("str" if isinstance(value, str) else "int") for value in literal.values)


def _all_alike(answers: Iterable[Answer]) -> Answer:
    """Return the answer that all have in common."""
    found = set(answers)
    return found.pop() if len(found) == 1 else "unknown"


def _best(answers: Iterable[Answer]) -> Answer:
    """Return yes if there is one, and no where there is nothing else."""
    found = set(answers)
    return "yes" if "yes" in found else "no" if found == {"no"} else "unknown"
