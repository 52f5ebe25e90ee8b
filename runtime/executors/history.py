"""The history of a run: what became of each step, and which run stored its outputs, read from events.

A run that was itself a re-execution knows only the steps it ran; what it took over is found in the run it
came from, and so on to the first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobc.runtime.execute.state import StepStatus
from jobc.runtime.storage.events import EventKind, OutputData

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.runtime.storage.events import Event
    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run


@dataclass(slots=True)
class StepRecord:
    """What is known of one step: the run it was part of, its status there, and what it emitted.

    A step that began and has no end in the record is PENDING. `outputs` are names, each with the mapping keys
    of a dynamic output in the order they were emitted.
    """

    run_id: str
    status: StepStatus = StepStatus.PENDING
    outputs: dict[str, list[str]] = field(default_factory=dict)


def step_records(instance: Instance, run: Run) -> dict[str, StepRecord]:
    """Return what is known of the steps of a run and of those it came from, by step key."""
    known: dict[str, StepRecord] = {}
    seen: set[str] = set()
    link: Run | None = run
    while link is not None and link.run_id not in seen:
        seen.add(link.run_id)
        for key, record in _records_of(link.run_id, instance.all_events(link.run_id)).items():
            known.setdefault(key, record)
        link = None if link.parent_run_id is None else instance.get_run_by_id(link.parent_run_id)
    return known


def _records_of(run_id: str, events: Iterable[Event]) -> dict[str, StepRecord]:
    found: dict[str, StepRecord] = {}
    for event in events:
        if event.step_key is not None:
            _note(found.setdefault(event.step_key, StepRecord(run_id)), event)
    return found


_ENDS = {
    EventKind.STEP_SUCCESS: StepStatus.SUCCESS,
    EventKind.STEP_FAILURE: StepStatus.FAILED,
    EventKind.STEP_SKIPPED: StepStatus.SKIPPED,
}


def _note(record: StepRecord, event: Event) -> None:
    if event.kind in _ENDS:
        record.status = _ENDS[event.kind]
    elif event.kind is EventKind.STEP_UP_FOR_RETRY:
        record.outputs = {}
    elif event.kind is EventKind.STEP_OUTPUT and isinstance(event.data, OutputData) and event.data.passed:
        keys = record.outputs.setdefault(event.data.output_name, [])
        if event.data.mapping_key is not None:
            keys.append(event.data.mapping_key)
