"""Check the shape of a tree against the models, and cut out what does not fit.

A mistake in one place must not hide another, so the check goes in rounds: every mistake found is reported,
the smallest part that holds it is cut out, and what is left is checked again until it fits. What was cut out
is remembered as a hole, so that later phases do not complain of what they cannot see. A document without
mistakes takes one round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from jobc.compiler.syntax.mistakes import ShapeMistake, describe, shown_mistakes, subject
from jobc.compiler.syntax.models import empty_keys, is_mistyped, validate, without_extensions
from jobc.compiler.syntax.numbers import infinite_numbers, is_for_a_key, not_finite
from jobc.compiler.syntax.plug_in_keys import move_plug_ins
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.compiler.read import Path, Tree, Value
    from jobc.schemas.spec import SpecDocument

LANGUAGE_VERSION = 1


class Shaped(NamedTuple):
    """A document that fits the models, what was cut out of it, and why.

    `spec` is None when nothing is left.
    """

    spec: SpecDocument | None
    holes: frozenset[Path]
    diagnostics: tuple[Diagnostic, ...]


def check_shape(tree: Tree) -> Shaped:
    """Check a tree against the models of the spec language (DESIGN 3)."""
    value = tree.value
    if not isinstance(value, dict):
        return Shaped(None, frozenset({()}), (_not_a_mapping(tree),))
    holes = set(tree.holes)
    found = _check_version(tree, value)
    if "x-" in tree.source.text:
        value = cast("dict[str, Value]", without_extensions(value))
    if not _is_version(value.get("jobc")):
        value = {**value, "jobc": LANGUAGE_VERSION}
    value, foreign = move_plug_ins(value)
    found += [describe(ShapeMistake(path, "extra_forbidden", {}, ()), tree) for path in foreign]
    holes |= set(foreign)
    infinite = tuple(infinite_numbers(value))
    found += [not_finite(tree, path) for path in infinite]
    value, cut = _cut_all(value, {path for path in infinite if is_for_a_key(path)})
    holes |= cut
    while (result := validate(value)).mistakes:
        for mistake in shown_mistakes(result.mistakes):
            if not _is_lost(mistake.path, holes) and not _is_emptied(mistake, holes):
                found.append(describe(mistake, tree))
        value, cut = _without(value, result.mistakes)
        holes |= cut
    found += [_empty_key(tree, path) for path in empty_keys(result.spec, ()) if not _is_lost(path, holes)]
    return Shaped(result.spec, frozenset(holes), tuple(found))


def _not_a_mapping(tree: Tree) -> Diagnostic:
    empty = tree.value is None
    return Diagnostic(
        "JC0203",
        "the file is empty" if empty else "a spec is a mapping",
        tree.locate(()),
        label="expected `jobc: 1` and the sections of a spec",
        help="begin the file with `jobc: 1`",
    )


def _check_version(tree: Tree, value: dict[str, Value]) -> list[Diagnostic]:
    if "jobc" not in value:
        if is_mistyped("jobc", value):
            return []
        return [
            Diagnostic(
                "JC0202",
                "the spec has no `jobc`, the version of the language",
                tree.source.location(0, min(1, len(tree.source.text))),
                label="`jobc` is missing",
                help="begin the file with `jobc: 1`",
            )
        ]
    if _is_version(value["jobc"]):
        return []
    return [
        Diagnostic(
            "JC0205",
            "this version of the spec language is not known",
            tree.locate(("jobc",)),
            label=f"expected {LANGUAGE_VERSION}",
            help=f"write `jobc: {LANGUAGE_VERSION}`",
        )
    ]


def _is_version(value: Value) -> bool:
    return type(value) is int and value == LANGUAGE_VERSION


def _empty_key(tree: Tree, path: Path) -> Diagnostic:
    return Diagnostic(
        "JC0203",
        f"`{path[-1]}` of {subject(path[:-1])} is empty",
        tree.locate_key(path),
        label="expected a value",
        help="give it a value, or remove the key",
    )


def _is_emptied(mistake: ShapeMistake, holes: set[Path]) -> bool:
    """Tell whether a list is too short for no other reason than that mistakes in it were cut out."""
    length = len(mistake.path)
    return mistake.kind == "too_short" and any(
        len(hole) > length and hole[:length] == mistake.path for hole in holes
    )


def _is_lost(path: Path, holes: set[Path]) -> bool:
    return any(path[:length] in holes for length in range(len(path) + 1))


def _without(value: dict[str, Value], mistakes: Iterable[ShapeMistake]) -> tuple[dict[str, Value], set[Path]]:
    """Return the value without the parts at fault, and the paths that are now holes.

    An unknown key takes the place of the key it was meant for: that one is a hole, too, if it is not there.
    """
    cut: set[Path] = set()
    holes: set[Path] = set()
    for mistake in mistakes:
        parent = mistake.path[:-1]
        cut.add(parent if mistake.kind == "missing" else mistake.path)
        holes.add(parent if mistake.kind == "missing" else mistake.path)
        holes |= {place for name in mistake.meant if value_at(value, place := (*parent, name)) is None}
    return _cut_all(value, cut)[0], holes


class _Cuts(dict[str | int, "_Cuts"]):
    """What to cut out of a value, by key or index; a part without cuts of its own goes as a whole."""


def _cut_all(value: dict[str, Value], cut: set[Path]) -> tuple[dict[str, Value], set[Path]]:
    """Return the value without what is at the paths, and the paths."""
    cuts = _Cuts()
    for path in sorted(cut, key=len, reverse=True):
        inner = cuts
        for part in path[:-1]:
            inner = inner.setdefault(part, _Cuts())
        if path:
            inner[path[-1]] = _Cuts()
    if () in cut:
        return {"jobc": LANGUAGE_VERSION}, cut
    return cast("dict[str, Value]", _pruned(value, cuts)), cut


def _pruned(value: Value, cuts: _Cuts) -> Value:
    """Return a copy of the value without what is cut; a list keeps its other items."""
    if isinstance(value, dict):
        return {
            key: _pruned(item, cuts[key]) if key in cuts else item
            for key, item in value.items()
            if key not in cuts or cuts[key]
        }
    if isinstance(value, list):
        return [
            _pruned(item, cuts[index]) if index in cuts else item
            for index, item in enumerate(value)
            if index not in cuts or cuts[index]
        ]
    return value
