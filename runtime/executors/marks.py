"""Marks: what lies in the slots of a run whose values are stored elsewhere.

A mark says that there is a value, or under which mapping keys there are values; that is all the decisions
about steps need to know (`jobc.runtime.execute.readiness`), and all that loading an input needs to begin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jobc.runtime.plan.steps import STORED, Collected, FromStep, step_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.runtime.execute.state import Attempt
    from jobc.runtime.plan.steps import Step


def marks_for(step: Step, key: str | None, values: Sequence[object]) -> tuple[tuple[int, object], ...]:
    """Return the marks that a step, or its instance for a mapping key, reads: pairs of slot and mark."""
    return tuple(
        (source.slot, _seen(values[source.slot], key if isinstance(source, FromStep) else None, source))
        for port in step.inputs
        for source in step_sources(port.source)
    )


def marks_of(attempt: Attempt) -> tuple[tuple[int, object], ...]:
    """Return the marks for what an attempt emitted: pairs of slot and mark."""
    return tuple(
        (output.slot, _mark(attempt.emitted[output.name], is_dynamic=output.dynamic))
        for output in attempt.step.outputs
        if output.name in attempt.emitted
    )


def put_marks(values: list[object], key: str | None, marks: Sequence[tuple[int, object]]) -> None:
    """Put marks where readers look for them; an instance of a mapped step has a place of its own."""
    for slot, mark in marks:
        if key is None:
            values[slot] = mark
        else:
            cast("dict[str, object]", values[slot])[key] = mark


def _seen(value: object, key: str | None, source: FromStep | Collected) -> object:
    if isinstance(source, FromStep) and source.per_key and isinstance(value, dict) and key is not None:
        return {key: value[key]} if key in value else {}
    return value


def _mark(value: object, *, is_dynamic: bool) -> object:
    return dict.fromkeys(cast("dict[str, object]", value), STORED) if is_dynamic else STORED
