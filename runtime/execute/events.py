"""The log of a run: raw records as they happen, rendered to events when somebody looks.

Recording must cost next to nothing (PERFORMANCE P6), so a record is a plain tuple of what cannot be derived
from the plan, and a step that took the engine's short path leaves a single one from which all its events
follow. An observer wants events at once: then they are rendered as they are recorded, and no step takes the
short path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from jobc.runtime.plan.steps import ExecutionPlan, FromStep, Ordering, Step, StepInput, StepOutput
from jobc.runtime.storage.events import (
    Event,
    EventData,
    EventKind,
    FailureData,
    HookData,
    InputData,
    OutputData,
    ResourceData,
    RetryData,
    SuccessData,
    UserEventData,
)

if TYPE_CHECKING:
    from jobc.runtime.definitions.types import TypeCheck
    from jobc.runtime.execute.clock import Clock
    from jobc.runtime.execute.secrets import Mask
    from jobc.runtime.storage.errors import ErrorInfo

T = TypeVar("T")

RawEvent = tuple[EventKind | None, int | None, str | None, object, float]
"""Kind, step index, mapping key, detail, time. Kind None is a whole plain step: its detail is its start."""

Observer = Callable[[Event], None]


class EventLog:
    """The records of one run, in order, and the events they stand for."""

    def __init__(
        self, plan: ExecutionPlan, run_id: str, clock: Clock, mask: Mask, observer: Observer | None
    ) -> None:
        self.raw: list[RawEvent] = []
        self.observer = observer
        self._plan = plan
        self._run_id = run_id
        self._now = clock.now
        self._mask = mask
        self._rendered: list[Event] = []
        self._read = 0

    def emit(
        self, kind: EventKind, step: int | None = None, key: str | None = None, detail: object = None
    ) -> None:
        """Record that something happened, now."""
        self.raw.append((kind, step, key, detail, self._now()))
        if self.observer is not None:
            self._render_tail(self.observer)

    def take(self, records: Sequence[RawEvent]) -> None:
        """Take over the records of a step that was carried out elsewhere, in their order."""
        self.raw.extend(records)
        if self.observer is not None:
            self._render_tail(self.observer)

    def events(self) -> Sequence[Event]:
        """Return all events so far, in order."""
        self._render_tail(None)
        return self._rendered

    def masked(self, data: T) -> T:
        """Return plain data of the run with its secrets shown as asterisks."""
        return self._mask.apply_to(data)

    def _render_tail(self, observer: Observer | None) -> None:
        while self._read < len(self.raw):
            record = self.raw[self._read]
            self._read += 1
            for event in self._render(record):
                self._rendered.append(event)
                if observer is not None:
                    observer(event)

    def _render(self, record: RawEvent) -> Iterator[Event]:
        kind, index, key, detail, time = record
        if kind is None:
            for part in _plain_records(self._plan.steps[cast("int", index)], cast("float", detail), time):
                yield from self._render(part)
            return
        step = None if index is None else self._plan.steps[index]
        message, data = _RENDERERS[kind](_Subject(self._plan, step, key, detail, time))
        step_key = None if step is None else step.key_of(key)
        path = None if step is None else step.key
        text = self._mask.apply(message)
        shown = self._mask.apply_to(data)
        yield Event(kind, text, time, self._run_id, self._plan.job_name, step_key, path, shown)


def _plain_records(step: Step, started: float, ended: float) -> Iterator[RawEvent]:
    """Spell out what a step of the short path did."""
    yield from started_records(step, started)
    output = step.outputs[0]
    yield (EventKind.STEP_OUTPUT, step.index, None, (0, None, None, None), ended)
    if not output.type.is_nothing:
        yield (EventKind.HANDLED_OUTPUT, step.index, None, (0, None, None), ended)
    yield (EventKind.STEP_SUCCESS, step.index, None, started, ended)


def started_records(step: Step, started: float) -> Iterator[RawEvent]:
    """Spell out the start and the inputs of a step of the short path."""
    yield (EventKind.STEP_START, step.index, None, None, started)
    for position, port in enumerate(step.inputs):
        source = port.source
        if port.type.is_nothing or isinstance(source, Ordering):
            continue
        if isinstance(source, FromStep):
            yield (EventKind.LOADED_INPUT, step.index, None, (position, source, None, None), started)
        yield (EventKind.STEP_INPUT, step.index, None, (position, None), started)


class _Subject:
    """One record with the step it belongs to, as the renderers read it."""

    __slots__ = ("detail", "key", "plan", "step", "time")

    def __init__(
        self, plan: ExecutionPlan, step: Step | None, key: str | None, detail: object, time: float
    ) -> None:
        self.plan = plan
        self.step = step
        self.key = key
        self.detail = detail
        self.time = time

    @property
    def name(self) -> str:
        return f"`{cast('Step', self.step).key_of(self.key)}`"

    def input(self, position: int) -> StepInput:
        return cast("Step", self.step).inputs[position]

    def output(self, position: int) -> StepOutput:
        return cast("Step", self.step).outputs[position]


Rendered = tuple[str, EventData | None]


def _said(error: ErrorInfo) -> str:
    """Return what an error says; of one that says nothing, its class."""
    return error.raised.message or error.raised.class_name


def _run(verb: str) -> Callable[[_Subject], Rendered]:
    def render(subject: _Subject) -> Rendered:
        data = cast("FailureData | None", subject.detail)
        why = "" if data is None else f": {_said(data.error)}"
        return f"the run of `{subject.plan.job_name}` {verb}{why}", data

    return render


def _canceled(subject: _Subject) -> Rendered:
    data = cast("FailureData", subject.detail)
    told = f"the run of `{subject.plan.job_name}` was canceled: {data.error.raised.message}"
    return told.removesuffix(": "), data


def _engine(subject: _Subject) -> Rendered:
    return cast("Rendered", subject.detail)


def _resources(verb: str) -> Callable[[_Subject], Rendered]:
    def render(subject: _Subject) -> Rendered:
        data = cast("ResourceData", subject.detail)
        names = ", ".join(f"`{key}`" for key in data.keys)
        why = "" if data.error is None else f": {_said(data.error)}"
        return f"{verb} {names}{why}", data

    return render


def _started(subject: _Subject) -> Rendered:
    return f"{subject.name} started", None


def _loaded_input(subject: _Subject) -> Rendered:
    position, source, upstream_key, metadata = cast(
        "tuple[int, FromStep | None, str | None, dict[str, object] | None]", subject.detail
    )
    port = subject.input(position)
    if source is None:
        return (
            f"{subject.name} loaded its input `{port.name}` with `{port.manager_key}`",
            InputData(port.name, port.manager_key, metadata=metadata or {}),
        )
    upstream = subject.plan.steps[source.step]
    output = upstream.outputs[source.output]
    manager = port.manager_key or output.manager_key
    upstream_step = upstream.key_of(upstream_key)
    data = InputData(port.name, manager, upstream_step, output.name, metadata=metadata or {})
    return f"{subject.name} loaded its input `{port.name}` from `{upstream_step}`", data


def _step_input(subject: _Subject) -> Rendered:
    position, check = cast("tuple[int, TypeCheck | None]", subject.detail)
    name = subject.input(position).name
    if check is None:
        return f"{subject.name} got its input `{name}`", InputData(name)
    verdict = "got" if check.success else "refused"
    data = InputData(name, passed=check.success, description=check.description, metadata=check.metadata)
    return f"{subject.name} {verdict} its input `{name}`", data


def _step_output(subject: _Subject) -> Rendered:
    position, mapping_key, metadata, check = cast(
        "tuple[int, str | None, dict[str, object] | None, TypeCheck | None]", subject.detail
    )
    name = subject.output(position).name
    if check is None:
        return f"{subject.name} emitted `{name}`", OutputData(name, mapping_key, metadata=metadata or {})
    verdict = "emitted" if check.success else "emitted a value of another type as"
    data = OutputData(
        name,
        mapping_key,
        passed=check.success,
        description=check.description,
        metadata={**(metadata or {}), **check.metadata},
    )
    return f"{subject.name} {verdict} `{name}`", data


def _handled_output(subject: _Subject) -> Rendered:
    position, mapping_key, metadata = cast("tuple[int, str | None, dict[str, object] | None]", subject.detail)
    output = subject.output(position)
    data = OutputData(output.name, mapping_key, output.manager_key, metadata=metadata or {})
    return f"{subject.name} stored `{output.name}` with `{output.manager_key}`", data


def _user_event(what: str) -> Callable[[_Subject], Rendered]:
    def render(subject: _Subject) -> Rendered:
        return f"{subject.name} {what}", UserEventData(subject.detail)

    return render


def _success(subject: _Subject) -> Rendered:
    duration_ms = (subject.time - cast("float", subject.detail)) * 1000
    return f"{subject.name} succeeded in {duration_ms:.1f} ms", SuccessData(duration_ms)


def _failure(subject: _Subject) -> Rendered:
    data = cast("FailureData", subject.detail)
    raised = data.error.raised
    return f"{subject.name} failed: {raised.class_name}: {raised.message}".removesuffix(": "), data


def _skipped(subject: _Subject) -> Rendered:
    return f"{subject.name} was skipped: {subject.detail}", None


def _up_for_retry(subject: _Subject) -> Rendered:
    data = cast("RetryData", subject.detail)
    wait = f" in {data.seconds_to_wait:g} s" if data.seconds_to_wait else ""
    return f"{subject.name} failed and will be tried again{wait}: {_said(data.error)}", data


def _restarted(subject: _Subject) -> Rendered:
    return f"{subject.name} started again, retry {subject.detail}", None


def _hook(verb: str) -> Callable[[_Subject], Rendered]:
    def render(subject: _Subject) -> Rendered:
        data = cast("HookData", subject.detail)
        why = "" if data.error is None else f": {_said(data.error)}"
        return f"the hook `{data.hook_name}` {verb} {subject.name}{why}", data

    return render


_RENDERERS: dict[EventKind, Callable[[_Subject], Rendered]] = {
    EventKind.RUN_START: _run("started"),
    EventKind.RUN_SUCCESS: _run("succeeded"),
    EventKind.RUN_FAILURE: _run("failed"),
    EventKind.RUN_CANCELED: _canceled,
    EventKind.ENGINE_EVENT: _engine,
    EventKind.RESOURCE_INIT_STARTED: _resources("opening the resources"),
    EventKind.RESOURCE_INIT_SUCCESS: _resources("opened the resources"),
    EventKind.RESOURCE_INIT_FAILURE: _resources("could not open the resource"),
    EventKind.STEP_START: _started,
    EventKind.LOADED_INPUT: _loaded_input,
    EventKind.STEP_INPUT: _step_input,
    EventKind.ASSET_MATERIALIZATION: _user_event("materialised an asset"),
    EventKind.ASSET_OBSERVATION: _user_event("observed an asset"),
    EventKind.STEP_EXPECTATION_RESULT: _user_event("checked an expectation"),
    EventKind.STEP_OUTPUT: _step_output,
    EventKind.HANDLED_OUTPUT: _handled_output,
    EventKind.STEP_SUCCESS: _success,
    EventKind.STEP_FAILURE: _failure,
    EventKind.STEP_SKIPPED: _skipped,
    EventKind.STEP_UP_FOR_RETRY: _up_for_retry,
    EventKind.STEP_RESTARTED: _restarted,
    EventKind.HOOK_COMPLETED: _hook("ran after"),
    EventKind.HOOK_SKIPPED: _hook("does not apply to"),
    EventKind.HOOK_ERRORED: _hook("raised after"),
}
