"""What a user can see of a run with an executor, without what time, process and place add to it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobc import EventKind, InvariantViolationError, ReexecutionOptions
from jobc.runtime.executors.job_run import JobOrder, run_order
from jobc.runtime.plan.plan import build_plan
from jobc.runtime.storage.events import (
    FailureData,
    HookData,
    InputData,
    OutputData,
    ResourceData,
    RetryData,
    UserEventData,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest

    from jobc import Event, ExecutorDefinition, Instance, JobExecutionResult
    from jobc.runtime.storage.errors import ErrorInfo
    from jobc.runtime.storage.events import EventData
    from tests.conformance.executors.table import Case

TOOK = re.compile(r"in \d+(\.\d+)? m?s")
ADDRESS = re.compile(r"0x[0-9a-f]+")
LOGGED = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ (.*)$")


@dataclass(frozen=True, slots=True)
class Course:
    """One run.

    `steps` are the events of each step in order, `around` those of the run as a whole, but for resources:
    one process opens each of them once, others open them for every step. `opened` is all there is of these,
    `failures` the errors of the steps that failed, `logged` what loggers wrote.
    """

    status: str
    tags: dict[str, str]
    outputs: dict[str, object]
    steps: dict[str, list[str]]
    around: Counter[str]
    opened: Counter[str]
    failures: dict[str, str]
    logged: Counter[str]
    run_id: str = field(compare=False)
    count: int = field(compare=False)

    @property
    def resources(self) -> frozenset[str]:
        """Return which resources were opened, however often."""
        return frozenset(self.opened)


class Executor:
    """An executor with its config, on an instance of its own."""

    def __init__(self, definition: ExecutorDefinition, config: Mapping[str, Any], instance: Instance) -> None:
        self.definition = definition
        self.config = config
        self.instance = instance

    def run(self, case: Case, captured: pytest.CaptureFixture[str]) -> Course:
        """Run a case of the table, after the earlier run that it follows, if it does."""
        again: ReexecutionOptions | None = None
        if case.earlier is not None:
            earlier = run_order(self._order(case, case.earlier, None))
            if case.again is not None:
                again = ReexecutionOptions(earlier.run_id, case.again)
        captured.readouterr()
        with run_order(self._order(case, case.run_config, again)) as result:
            outputs = dict(outputs_of(result))
        return course_of(result, outputs, captured.readouterr().err)

    def _order(self, case: Case, run_config: Mapping[str, Any], again: ReexecutionOptions | None) -> JobOrder:
        config = {**self.config, **case.execution}
        return JobOrder(
            job=case.pointer(),
            instance=self.instance,
            run_config=run_config or None,
            tags=case.tags,
            op_selection=case.op_selection,
            partition_key=case.partition_key,
            input_values=case.input_values,
            executor=self.definition.configured(config),
            reexecution=again,
        )


def course_of(result: JobExecutionResult, outputs: dict[str, object], written: str) -> Course:
    """Return the course of a run, from its outputs and what loggers wrote to stderr."""
    steps: defaultdict[str, list[str]] = defaultdict(list)
    around: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    logged: Counter[str] = Counter()
    place = _Place(result)
    for line in (place.logged(each) for each in written.splitlines() if " | " not in each):
        (opened if "closing the resource" in line else logged)[line] += 1
    for event in result.all_events:
        if isinstance(event.data, ResourceData):
            opened.update(f"{event.kind.value} {key} {chain(event.data.error)}" for key in event.data.keys)
        elif event.kind is EventKind.ENGINE_EVENT:
            opened[place.told(event)] += 1
        elif event.step_key is not None:
            steps[event.step_key].append(place.told(event))
        elif event.kind is not EventKind.RUN_FAILURE:
            around[place.told(event)] += 1
    return Course(
        status=result.run.status.value,
        tags=dict(result.run.tags),
        outputs={key: place.without(value) for key, value in outputs.items()},
        steps=dict(steps),
        around=around,
        opened=opened,
        failures=dict(_failures(result, place)),
        logged=logged,
        run_id=result.run_id,
        count=len(result.all_events),
    )


def outputs_of(result: JobExecutionResult) -> Iterator[tuple[str, object]]:
    """Yield each output of each step by `step.output`: the value, or why there is none."""
    for step in build_plan(result.job_def).steps:
        for output in step.outputs:
            try:
                yield f"{step.key}.{output.name}", result.output_for_node(step.key, output.name)
            except InvariantViolationError as error:
                yield f"{step.key}.{output.name}", str(error)
            except OSError as error:
                yield f"{step.key}.{output.name}", repr(error)


def chain(error: ErrorInfo | None) -> str:
    """Return an error with its causes."""
    links = []
    while error is not None:
        links.append(f"{error.class_name}: {error.message}")
        error = error.cause
    return " <- ".join(links)


class _Place:
    """Leaves out of what is told what only this run can know."""

    def __init__(self, result: JobExecutionResult) -> None:
        self._names = {
            result.run_id: "RUN",
            result.run.parent_run_id or "no parent": "PARENT",
            str(result._state.instance.folder): "INSTANCE",
        }

    def without(self, value: object) -> object:
        if not isinstance(value, str | Path):
            return value
        text = str(value)
        for name, stands_for in self._names.items():
            text = text.replace(name, stands_for)
        return ADDRESS.sub("0x…", TOOK.sub("in …", text))

    def told(self, event: Event) -> str:
        return str(self.without(f"{event.kind.value} {event.message} {_details(event.data)}"))

    def logged(self, line: str) -> str:
        return str(self.without(LOGGED.sub(r"\1", line)))


def _details(data: EventData | None) -> str:
    if isinstance(data, FailureData):
        return f"{chain(data.error)} {data.description} {dict(data.metadata)}"
    if isinstance(data, RetryData):
        return f"{chain(data.error)} {data.attempt} {data.seconds_to_wait}"
    if isinstance(data, HookData):
        return f"{data.hook_name} {chain(data.error)}"
    return repr(data) if isinstance(data, InputData | OutputData | UserEventData) else ""


def _failures(result: JobExecutionResult, place: _Place) -> Iterator[tuple[str, str]]:
    for event in result.all_events:
        if event.is_step_failure and isinstance(event.data, FailureData):
            yield event.step_key or "", str(place.without(chain(event.data.error)))
