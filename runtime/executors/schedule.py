"""The schedule: which steps of a run may begin now, as others end. It knows of order, not of processes.

A *unit* is a step, or one instance of a mapped step. A unit comes up when everything it reads from or comes
after has ended; an instance waits for the instance of its own key only, so that a slow key holds up none of
the others. Which keys there are is known when the step that emits them has ended.

Every edge is looked at once when it is counted and once when it is counted down: the whole is linear in the
steps and edges of the plan.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from jobc.runtime.execute.readiness import Readiness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobc.runtime.execute.state import RunState, StepInstance
    from jobc.runtime.plan.steps import Step


class Schedule:
    """The units of one run, in the order they come up."""

    def __init__(self, state: RunState) -> None:
        self._state = state
        self._steps = state.plan.steps
        self._readiness = Readiness(state)
        self._waits = [len(step.upstream) for step in self._steps]
        self._readers: list[list[int]] = [[] for _ in self._steps]
        for step in self._steps:
            for upstream in step.upstream:
                self._readers[upstream].append(step.index)
        self._unit_waits: dict[StepInstance, int] = {}
        self._keys: dict[int, frozenset[str]] = {}
        self._open_keys: dict[int, int] = {}
        self._ended: set[StepInstance] = set()
        self._counted: defaultdict[StepInstance, list[int]] = defaultdict(list)

    def begin(self) -> Iterator[StepInstance]:
        """Yield the units that can begin before any other has ended."""
        for step in self._steps:
            if step.upstream:
                continue
            if self._readiness.is_ready(step, None):
                yield step.index, None
            else:
                yield from self.end((step.index, None))

    def end(self, unit: StepInstance) -> Iterator[StepInstance]:
        """Note that a unit has ended, however it went, and yield those that can begin now.

        Its status stands in the state of the run.
        """
        waiting = [unit]
        while waiting:
            ended = waiting.pop()
            for index, key in self._after(ended):
                if self._readiness.is_ready(self._steps[index], key):
                    yield index, key
                else:
                    waiting.append((index, key))

    def _after(self, unit: StepInstance) -> list[StepInstance]:
        """Return the units for which the end of one was the last they waited for."""
        index, key = unit
        self._ended.add(unit)
        if key is None:
            return self._released_by(index)
        found: list[StepInstance] = [
            (reader, key) for reader in self._counted.pop(unit, ()) if self._counts_down((reader, key))
        ]
        self._open_keys[index] -= 1
        if not self._open_keys[index]:
            self._readiness.end_mapped(self._steps[index])
            found += self._released_by(index)
        return found

    def _released_by(self, whole: int) -> list[StepInstance]:
        """Return the units that come up because a step has ended as a whole.

        A mapped step that comes up may itself end at once, for it has no keys, and so on along its axis.
        """
        found: list[StepInstance] = []
        ended = [whole]
        released: list[int] = []
        while ended or released:
            if not released:
                released = self._readers_after(ended.pop())
                continue
            step = self._steps[released.pop()]
            if step.axis is None:
                found.append((step.index, None))
                continue
            keys = self._readiness.begin_mapped(step)
            if keys is None:
                ended.append(step.index)
                continue
            found += self._instances(step, keys)
            released += self._readers_along(step.index)
            if not keys:
                self._readiness.end_mapped(step)
                ended.append(step.index)
        return found

    def _readers_after(self, index: int) -> list[int]:
        """Return the steps whose last wait was for the end of a step; who knows its keys waited for those."""
        return [
            reader
            for reader in self._readers[index]
            if not (self._is_same_axis(reader, index) and index in self._keys) and self._is_released(reader)
        ]

    def _readers_along(self, index: int) -> list[int]:
        """Return the steps mapped over the same keys whose last wait was for these to be known."""
        return [
            reader
            for reader in self._readers[index]
            if self._is_same_axis(reader, index) and self._is_released(reader)
        ]

    def _is_released(self, index: int) -> bool:
        """Take one from what a step waits for, and tell whether that was the last."""
        self._waits[index] -= 1
        return not self._waits[index]

    def _instances(self, step: Step, keys: Sequence[str]) -> list[StepInstance]:
        """Return the instances of a mapped step that can begin; others wait for their own key upstream."""
        self._keys[step.index] = frozenset(keys)
        self._open_keys[step.index] = len(keys)
        same = [upstream for upstream in step.upstream if self._is_same_axis(step.index, upstream)]
        found: list[StepInstance] = []
        for key in keys:
            pending = [each for each in same if self._is_pending(each, key)]
            for each in pending:
                self._counted[each, key].append(step.index)
            self._unit_waits[step.index, key] = len(pending)
            if not pending:
                found.append((step.index, key))
        return found

    def _is_pending(self, upstream: int, key: str) -> bool:
        return key in self._keys.get(upstream, ()) and (upstream, key) not in self._ended

    def _counts_down(self, unit: StepInstance) -> bool:
        self._unit_waits[unit] -= 1
        return not self._unit_waits[unit]

    def _is_same_axis(self, reader: int, upstream: int) -> bool:
        axis = self._steps[reader].axis
        return axis is not None and axis == self._steps[upstream].axis
