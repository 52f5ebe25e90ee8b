"""The keys of ops that plug-ins bring: moved to where the models have a place for them.

What is installed is asked only for an op that has none of the kinds of the language and a key that is not of
the language. Nothing of a plug-in is imported for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.syntax.models import schema_keys

if TYPE_CHECKING:
    from jobc.compiler.read import Path, Value

PLUG_IN = "~plug-in"
"""The key under which the models have the kind of a plug-in; no spec may write it itself."""

_KINDS = frozenset({"python", "command", "shell"})


class Moved(NamedTuple):
    """A document with the keys of plug-ins in their place, and where a spec wrote that place's key itself."""

    value: dict[str, Value]
    foreign: tuple[Path, ...]


def foreign_kinds(value: Value) -> frozenset[str]:
    """Return the keys in ops of a document that may be kinds of plug-ins, by what is installed."""
    ops = value.get("ops") if isinstance(value, dict) else None
    if not isinstance(ops, dict):
        return frozenset()
    kindless = (op for op in ops.values() if isinstance(op, dict) and _KINDS.isdisjoint(op))
    return frozenset(key for op in kindless for key in op.keys() - schema_keys(("ops", "any")))


def move_plug_ins(value: dict[str, Value]) -> Moved:
    """Return the document with the kinds of plug-ins in their place."""
    ops = value.get("ops")
    if not isinstance(ops, dict):
        return Moved(value, ())
    foreign = tuple(
        ("ops", name, PLUG_IN) for name, op in ops.items() if isinstance(op, dict) and PLUG_IN in op
    )
    moved = {name: _moved(op) for name, op in ops.items()}
    if all(moved[name] is op for name, op in ops.items()):
        return Moved(value, foreign)
    return Moved({**value, "ops": moved}, foreign)


def _moved(op: Value) -> Value:
    if not isinstance(op, dict):
        return op
    if PLUG_IN in op:
        op = {key: item for key, item in op.items() if key != PLUG_IN}
    if not _KINDS.isdisjoint(op):
        return op
    unknown = op.keys() - schema_keys(("ops", "any"))
    kinds = {key: op[key] for key in op if key in unknown and _is_installed(key)}
    if not kinds:
        return op
    return {**{key: item for key, item in op.items() if key not in kinds}, PLUG_IN: kinds}


def _is_installed(kind: str) -> bool:
    from jobc.runtime.op_kinds.plug_ins import plug_in

    return plug_in(kind) is not None
