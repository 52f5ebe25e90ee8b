"""A planned run as text: each step with what it gets, then what is left out, then the resources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jobc.compiler.report.columns import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.cli.plain_values import Plain
    from jobc.cli.planned_run import Origin, PlannedRun, PlannedStep

LONGEST = 100
"""The most characters of one value."""


def plan_lines(planned: PlannedRun) -> Iterator[str]:
    """Yield the lines of a plan for people."""
    total = len(planned.steps) + len(planned.skipped)
    count = f"{len(planned.steps)} of {total}" if planned.skipped else f"{total}"
    yield f"{planned.job}: {count} {'step' if total == 1 else 'steps'}"
    width = len(str(len(planned.steps)))
    for number, step in enumerate(planned.steps, 1):
        yield ""
        yield f"{number:>{width}}. {_heading(step)}"
        yield from (f"{' ' * (width + 2)}{line}" for line in _details(step))
    if planned.skipped:
        yield "\nnot run"
        yield from (f"  {step.key}: {step.why}" for step in planned.skipped)
    if planned.resources:
        yield "\nresources, in the order they are opened"
    for key, config in planned.resources.items():
        yield f"  {key}"
        yield from (f"    {line}" for line in _config(config))


def _heading(step: PlannedStep) -> str:
    name = step.key.rpartition(".")[2].removesuffix("[?]")
    return step.key if step.op == name else f"{step.key} (op {step.op})"


def _details(step: PlannedStep) -> Iterator[str]:
    for name, origin in step.inputs.items():
        yield f"input {name} = {_origin(origin)}"
    if step.after:
        yield f"after {', '.join(step.after)}"
    yield from _config(step.config)
    for key in step.resources:
        yield f"resource {key}"


def _config(config: Plain) -> Iterator[str]:
    if isinstance(config, dict):
        yield from (f"config {name} = {_value(value)}" for name, value in config.items())
    elif config is not None:
        yield f"config = {_value(config)}"


def _origin(origin: Origin | Plain) -> str:
    match origin:
        case None:
            return "nothing: it only waits"
        case list():
            return f"[{', '.join(map(_origin, origin))}]"
        case {"map": str(output)}:
            return f"each of {output}"
        case {"collect": str(output)}:
            return f"all of {output}"
        case {"value": value}:
            return _value(value)
        case {"default": value}:
            return f"{_value(value)} (default)"
        case {"config": str(place)}:
            return f"run config, {place}"
        case {"manager": str(key)}:
            return f"loaded by {key}"
    return str(origin)


def _value(value: Plain) -> str:
    text = value["repr"] if isinstance(value, dict) and list(value) == ["repr"] else None
    shown = text if isinstance(text, str) else json.dumps(value, ensure_ascii=False)
    shown = visible(shown).replace("\n", " ")
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
