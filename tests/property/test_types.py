"""Assignability, as sentences: what is refused never runs, what is taken always does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from hypothesis import assume, given, note
from hypothesis import strategies as st

from jobc.compiler.bind.assignability import assignable
from jobc.compiler.bind.written_types import written_type
from jobc.compiler.link.types import plain_type
from jobc.compiler.syntax.types import ANY, NONE, Generic, LiteralType, Named, TypeExpr, Union, union_of
from jobc.runtime.config import Secret

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "int": st.integers(-3, 3),
    "float": st.floats(-2, 2).map(lambda number: number + 0.25),
    "bool": st.booleans(),
    "str": st.sampled_from(["a", "b", "x/y", ""]),
    "bytes": st.binary(max_size=2),
    "path": st.just(Path("x")),
    "date": st.dates(),
    "datetime": st.datetimes(),
    "timedelta": st.just(dt.timedelta(1)),
    "secret": st.just(Secret("x")),
    "none": st.none(),
    "any": st.sampled_from([None, 1, "a", [1], {"a": 1}]),
}
WORDS = st.sampled_from(sorted(VALUES.keys() - {"none"})).map(Named)
_CHOICES: list[str | int] = ["a", "b", 1, 2, 0]
LITERALS = st.lists(st.sampled_from(_CHOICES), min_size=1, max_size=3, unique=True).map(
    lambda values: LiteralType(tuple(values))
)


def _collections(inner: st.SearchStrategy[TypeExpr]) -> st.SearchStrategy[TypeExpr]:
    keys = st.sampled_from(["str", "int", "any"]).map(Named)
    return (
        inner.map(lambda item: Generic("list", (item,)))
        | st.sampled_from(["int", "str", "date"]).map(lambda word: Generic("set", (Named(word),)))
        | st.lists(inner, min_size=1, max_size=2).map(lambda items: Generic("tuple", tuple(items)))
        | st.tuples(keys, inner).map(lambda pair: Generic("dict", pair))
        | st.lists(inner, min_size=2, max_size=3).map(union_of)
        | inner.map(lambda item: union_of((item, NONE)))
    )


TYPES: st.SearchStrategy[TypeExpr] = st.recursive(WORDS | LITERALS, _collections, max_leaves=5)


def values_of(kind: TypeExpr) -> st.SearchStrategy[Any]:
    """Return the values of a type, of which no collection is empty."""
    if isinstance(kind, Named):
        return VALUES[kind.name]
    if isinstance(kind, LiteralType):
        return st.sampled_from(kind.values)
    if isinstance(kind, Union):
        return st.one_of(*map(values_of, kind.members))
    assert isinstance(kind, Generic)
    held = [values_of(each) for each in kind.arguments]
    if kind.name == "list":
        return st.lists(held[0], min_size=1, max_size=2)
    if kind.name == "set":
        return st.sets(held[0], min_size=1, max_size=2)
    if kind.name == "tuple":
        return st.tuples(*held)
    keys = VALUES["str"] if kind.arguments[0] == ANY else held[0]
    return st.dictionaries(keys, held[1], min_size=1, max_size=2)


def words_in(kind: TypeExpr) -> set[str]:
    if isinstance(kind, Named):
        return {kind.name}
    if isinstance(kind, LiteralType):
        return {"int" if isinstance(value, int) else "str" for value in kind.values}
    assert isinstance(kind, Generic | Union)
    inner = kind.arguments if isinstance(kind, Generic) else kind.members
    return set().union(*map(words_in, inner))


@given(TYPES, st.data())
def test_values_are_of_their_own_type(kind: TypeExpr, data: st.DataObject) -> None:
    assert plain_type(str(kind)).check(data.draw(values_of(kind)))
    assert assignable(kind, kind) == "yes"


@given(TYPES, TYPES, st.data())
def test_what_is_refused_fails_the_check_of_a_run(
    source: TypeExpr, target: TypeExpr, data: st.DataObject
) -> None:
    assume(assignable(source, target) == "no")
    value = data.draw(values_of(source))
    note(f"{source} -> {target}: {value!r}")
    assert not plain_type(str(target)).check(value)


@given(TYPES, st.data())
def test_what_is_taken_passes_the_check_of_a_run(source: TypeExpr, data: st.DataObject) -> None:
    target = data.draw(_wider(source))
    note(f"{source} -> {target}")
    if assignable(source, target) == "yes":
        assert plain_type(str(target)).check(data.draw(values_of(source)))


def _wider(kind: TypeExpr) -> st.SearchStrategy[TypeExpr]:
    """Return types that have something to do with a type, so that most take its values."""
    forms = [TYPES, st.just(ANY), TYPES.map(lambda other: union_of((other, kind)))]
    if isinstance(kind, Generic):
        held = st.tuples(*map(_wider, kind.arguments))
        forms.append(held.map(lambda items: Generic(kind.name, items)))
    if isinstance(kind, Union):
        forms += [st.tuples(*map(_wider, kind.members)).map(union_of), st.sampled_from(kind.members)]
    return st.one_of(*forms)


@given(TYPES, TYPES)
def test_a_union_takes_what_its_members_take(one: TypeExpr, other: TypeExpr) -> None:
    both = union_of((one, other))
    assert assignable(one, both) == "yes" or "any" in words_in(one)
    assert assignable(both, one) != "no"


@given(TYPES, TYPES)
def test_written_forms_tell_fewer_types_apart(source: TypeExpr, target: TypeExpr) -> None:
    assert written_type(written_type(source)) == written_type(source)
    if written_type(source) == written_type(target):
        assert assignable(written_type(source), written_type(target)) == "yes"
