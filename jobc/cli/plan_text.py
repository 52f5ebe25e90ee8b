"""A planned run as text: each step with what it gets, then what is left out, then the resources."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

from jobc.compiler.report.columns import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.cli.plain_values import Plain
    from jobc.cli.planned_run import Origin, PlannedRun, PlannedStep

LONGEST = 100
"""The most characters of one value."""

_NEEDS_NO_QUOTES = re.compile(r"(?:[\w@%+=:,./-]|\$\{[^}]*\})+")


def plan_lines(planned: PlannedRun) -> Iterator[str]:
    """Yield the lines of a plan for people."""
    total = len(planned.steps) + len(planned.skipped)
    count = f"{len(planned.steps)} of {total}" if planned.skipped else f"{total}"
    yield f"{planned.job}: {count} {'step' if total == 1 else 'steps'}"
    yield from _settings(planned)
    width = len(str(len(planned.steps)))
    for number, step in enumerate(planned.steps, 1):
        yield ""
        yield f"{number:>{width}}. {_heading(step)}"
        yield from (f"{' ' * (width + 2)}{line}" for line in _details(step, planned))
    if planned.skipped:
        yield "\nnot run"
        yield from (f"  {reason.step_key}: {reason.text}" for reason in planned.skipped)
    if planned.resources:
        yield "\nresources, in the order they are opened"
    for key, config in planned.resources.items():
        yield f"  {key}"
        yield from (f"    {line}" for line in _config(config))


def _heading(step: PlannedStep) -> str:
    name = step.key.rpartition(".")[2].removesuffix("[?]")
    return step.key if step.op == name else f"{step.key} (op {step.op})"


def _settings(planned: PlannedRun) -> Iterator[str]:
    for name, value in planned.settings.items():
        if name == "selects" and isinstance(value, list):
            yield from (f"  selected by {_joined(clauses)}" for clauses in value)
        elif name == "retry" and isinstance(value, dict):
            yield f"  retry {_pairs(value)}"
        else:
            yield f"  {name} {_joined(value)}"


def _joined(value: Plain) -> str:
    return visible(", ".join(map(str, value)) if isinstance(value, list) else str(value))


def _pairs(values: Mapping[str, Plain]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def _program(step: PlannedStep) -> Iterator[str]:
    for kind, work in step.program.items():
        text = " ".join(map(_word, work)) if isinstance(work, list) else str(work)
        first, *others = text.splitlines() or [""]
        if others:
            yield kind
            yield from (f"  {_shortened(line)}" for line in (first, *others))
        else:
            yield f"{kind} {_shortened(first)}"


def _word(argument: Plain) -> str:
    """Return an argument as a shell would need it, but for expressions, which are shown as they are."""
    text = str(argument)
    return text if _NEEDS_NO_QUOTES.fullmatch(text) else shlex.quote(text)


def _details(step: PlannedStep, planned: PlannedRun) -> Iterator[str]:
    if step.reason is not None:
        yield f"runs: {step.reason.text}"
    yield from _program(step)
    for name, origin in step.inputs.items():
        yield f"input {name} = {_origin(origin)}"
    if step.after:
        yield f"after {', '.join(step.after)}"
    yield from _config(step.config)
    for key in step.resources:
        yield f"resource {key}"
    # What holds for the whole job is said once, above.
    everywhere = planned.settings.get("hooks", [])
    own = [name for name in step.hooks if not isinstance(everywhere, list) or name not in everywhere]
    if own:
        yield f"hooks {_joined([*own])}"
    if step.retry and dict(step.retry) != planned.settings.get("retry"):
        yield f"retry {_pairs(step.retry)}"


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
    return _shortened(_text(value))


def _text(value: Plain) -> str:
    """Return a value as JSON; what JSON cannot hold stands there as its own text, without quotes."""
    match value:
        case {"repr": str(text), **others} if not others:
            return text
        case dict():
            return f"{{{', '.join(f'{json.dumps(key)}: {_text(item)}' for key, item in value.items())}}}"
        case list():
            return f"[{', '.join(map(_text, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _shortened(text: str) -> str:
    shown = visible(text).replace("\n", " ")
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
