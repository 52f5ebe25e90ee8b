"""Running a run again, whole or in part: what is selected, and what is taken over (SEMANTICS 20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from jobc.runtime.definitions.checks import check_is, describe
from jobc.runtime.errors import (
    CheckError,
    ExecutionStepNotFoundError,
    InvalidInvocationError,
    ParameterCheckError,
)
from jobc.runtime.execute.request import PARTITION_SET_TAG, EarlierRun
from jobc.runtime.execute.secrets import MASKED
from jobc.runtime.execute.state import StepStatus
from jobc.runtime.executors.history import StepRecord, step_records
from jobc.runtime.plan.plan import build_plan
from jobc.runtime.plan.steps import STORED
from jobc.runtime.storage.runs import PARTITION_TAG, Run, RunStatus
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config import RunConfig
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.execute.state import StepInstance
    from jobc.runtime.plan.steps import ExecutionPlan, Step, StepOutput
    from jobc.runtime.selection import QueryGraph
    from jobc.runtime.storage.instance import Instance

UNFINISHED = ("state:failed", "state:not_started")
"""The selection of what a run did not get done; unlike others it may be empty."""
_ANY = "?"


@dataclass(frozen=True, slots=True)
class ReexecutionOptions:
    """Which run is run again, and which of its steps, by step keys (`g.op`, `op[key]`, `op[?]`); none is all.

    Errors: `ParameterCheckError`.
    """

    parent_run_id: str
    step_selection: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse what is no run id or no selection."""
        check_is(self.parent_run_id, str, "`parent_run_id`", "text")
        if not isinstance(self.step_selection, Sequence):
            raise ParameterCheckError(
                f"`step_selection` must be a list of texts, not {describe(self.step_selection)}"
            )

    @staticmethod
    def from_failure(run_id: str, instance: Instance) -> ReexecutionOptions:
        """Return the options that run what a run did not get done: failed steps, and those never begun.

        Errors: `CheckError` for an unknown run, and for one that succeeded or is still under way.
        """
        run = _parent(run_id, instance)
        if run.status is RunStatus.SUCCESS:
            raise CheckError(f"the run `{run_id}` succeeded: there is nothing left of it to run")
        if run.status is RunStatus.STARTED:
            raise CheckError(f"the run `{run_id}` is still under way")
        return ReexecutionOptions(run_id, UNFINISHED)


def inherited_config(
    options: ReexecutionOptions, instance: Instance, given: Mapping[str, object] | RunConfig | None
) -> Mapping[str, object] | RunConfig:
    """Return the run config of a re-execution: what is given, else that of the parent run.

    Errors: `InvalidInvocationError` where the parent's record holds secrets, which are not recorded.
    """
    if given is not None:
        return given
    recorded = _parent(options.parent_run_id, instance).run_config
    place = masked_place(recorded)
    if place is not None:
        raise InvalidInvocationError(
            f"the run `{options.parent_run_id}` was given a secret at `{place}`, which is not recorded: give "
            "the run config again"
        )
    return recorded


def masked_place(config: object) -> str | None:
    """Return the dotted path of the first value in a recorded config that holds a masked secret, if any."""
    if isinstance(config, str):
        return "" if MASKED in config else None
    members: list[tuple[object, object]] = []
    if isinstance(config, Mapping):
        members = list(config.items())
    elif isinstance(config, list | tuple):
        members = list(enumerate(config))
    for key, member in members:
        place = masked_place(member)
        if place is not None:
            return f"{key}.{place}".rstrip(".")
    return None


def inherited_tags(options: ReexecutionOptions, instance: Instance) -> dict[str, object]:
    """Return the tags that a re-execution has from its parent: those of its partition."""
    tags = _parent(options.parent_run_id, instance).tags
    return {
        key: value
        for key, value in tags.items()
        if key in (PARTITION_SET_TAG, PARTITION_TAG) or key.startswith(f"{PARTITION_TAG}/")
    }


def earlier_run(options: ReexecutionOptions, job: JobDefinition, instance: Instance) -> EarlierRun:
    """Return what a run takes over from its parent run.

    Errors: `CheckError` for an unknown parent; `ExecutionStepNotFoundError`, `InvalidSubsetError` for the
    selection.
    """
    parent = _parent(options.parent_run_id, instance)
    return _Earlier(build_plan(job), step_records(instance, parent), job).made(options, parent)


def _parent(run_id: str, instance: Instance) -> Run:
    run = instance.get_run_by_id(run_id)
    if run is None:
        raise CheckError(f"there is no run `{run_id}` to run again")
    return run


class _Earlier:
    """A plan beside the records of its steps."""

    def __init__(self, plan: ExecutionPlan, records: Mapping[str, StepRecord], job: JobDefinition) -> None:
        self._plan = plan
        self._records = records
        self._job = job
        self._keys = {step.index: self._mapping_keys(step) for step in plan.steps if step.axis is not None}
        self._instances: dict[str, StepInstance] = {}
        for step in plan.steps:
            for key in self._keys.get(step.index, ()):
                self._instances[step.key_of(key)] = (step.index, key)
            name = step.key if step.axis is None else step.key_of(_ANY)
            self._instances[name] = (step.index, None)

    def made(self, options: ReexecutionOptions, parent: Run) -> EarlierRun:
        """Return what is taken over."""
        named = frozenset(self._instances[name] for name in self._selected(options, parent))
        selected = self._without_old_instances(named, parent)
        kept = [unit for unit in self._instances.values() if unit not in named and self._is_unit(unit)]
        return EarlierRun(
            parent_run_id=parent.run_id,
            root_run_id=parent.root_run_id or parent.run_id,
            selected=selected,
            statuses={unit: self._status(unit) for unit in kept},
            presence=self._presence(kept),
            origins={unit: record.run_id for unit in kept if (record := self._record(unit)) is not None},
        )

    def _selected(self, options: ReexecutionOptions, parent: Run) -> Sequence[str]:
        from jobc.runtime.selection import selected_steps

        states = self._states()
        if tuple(options.step_selection) == UNFINISHED:
            return [name for name, state in states.items() if state in ("failed", "not_started")]
        return selected_steps(
            options.step_selection, self._query_graph(parent, states), selections=self._job.selections
        )

    def _query_graph(self, parent: Run, states: Mapping[str, str]) -> QueryGraph:
        from jobc.runtime.selection import job_query_graph, step_query_graph

        names = list(self._instances)
        places = {name: place for place, name in enumerate(names)}
        up = [tuple(places[other] for other in self._upstream(unit)) for unit in self._instances.values()]
        owner = f"the run `{parent.run_id}`"
        return step_query_graph(owner, names, up, states=states, ops=job_query_graph(self._job))

    def _upstream(self, unit: StepInstance) -> list[str]:
        """Return the names of the steps that one waits for."""
        index, key = unit
        step = self._plan.steps[index]
        found: list[str] = []
        for other in (self._plan.steps[each] for each in step.upstream):
            if other.axis is None:
                found.append(other.key)
            elif step.axis == other.axis:
                found.append(other.key_of(_ANY if key is None else key))
            else:
                found += [other.key_of(each) for each in (*self._keys[other.index], _ANY)]
        return found

    def _states(self) -> dict[str, str]:
        """Return what became of each step; instances whose keys are known stand for their step."""
        states: dict[str, str] = {}
        for name, unit in self._instances.items():
            step = self._plan.steps[unit[0]]
            if step.axis is None or unit[1] is not None or self._is_open(step):
                states[name] = _STATES.get(self._status_in_record(unit), "not_started")
        return states

    def _is_open(self, step: Step) -> bool:
        """Tell whether the keys of a mapped step are not settled: what emits them did not succeed."""
        emitter = self._emitter(step)
        return self._status_in_record((emitter.index, None)) is not StepStatus.SUCCESS

    def _status_in_record(self, unit: StepInstance) -> StepStatus | None:
        record = self._record(unit)
        if record is None:
            return None
        return StepStatus.FAILED if record.status is StepStatus.PENDING else record.status

    def _status(self, unit: StepInstance) -> StepStatus:
        """Return the status that the steps after an unselected one see.

        One that did not succeed counts as if it had: what reads from it finds nothing stored and fails.
        """
        record = self._record(unit)
        is_skipped = record is not None and record.status is StepStatus.SKIPPED
        return StepStatus.SKIPPED if is_skipped else StepStatus.SUCCESS

    def _record(self, unit: StepInstance) -> StepRecord | None:
        return self._records.get(self._plan.steps[unit[0]].key_of(unit[1]))

    def _is_unit(self, unit: StepInstance) -> bool:
        """Tell whether a name is that of something that runs, not of a mapped step as a whole."""
        return (self._plan.steps[unit[0]].axis is None) == (unit[1] is None)

    def _mapping_keys(self, step: Step) -> list[str]:
        """Return the keys that a mapped step had: those that were emitted for it."""
        emitter = self._emitter(step)
        name = next(output.name for output in emitter.outputs if output.slot == step.axis)
        record = self._records.get(emitter.key)
        return [] if record is None else record.outputs.get(name, [])

    def _emitter(self, step: Step) -> Step:
        for other in self._plan.steps:
            if any(output.slot == step.axis for output in other.outputs):
                return other
        raise AssertionError(f"nothing emits the keys of {step.key}")

    def _presence(self, kept: Sequence[StepInstance]) -> dict[int, object]:
        """Return the marks for the outputs of what is not run again, by slot."""
        presence: dict[int, object] = {}
        for index, key in kept:
            for output in self._plan.steps[index].outputs:
                mark = self._mark((index, key), output)
                if key is None:
                    if mark is not None:
                        presence[output.slot] = mark
                else:
                    below = presence.setdefault(output.slot, {})
                    assert isinstance(below, dict)
                    if mark is not None:
                        below[key] = mark
        return presence

    def _mark(self, unit: StepInstance, output: StepOutput) -> object:
        """Return the mark for an output; None if it was left out, or there is nothing to know of its keys."""
        record = self._record(unit)
        if record is None or record.status in (StepStatus.FAILED, StepStatus.PENDING):
            return None if output.dynamic else STORED
        if output.name in record.outputs:
            return dict.fromkeys(record.outputs[output.name], STORED) if output.dynamic else STORED
        # A required dynamic output may have had no keys at all.
        is_empty = output.dynamic and output.required and record.status is StepStatus.SUCCESS
        return {} if is_empty else None

    def _without_old_instances(
        self, selected: frozenset[StepInstance], parent: Run
    ) -> frozenset[StepInstance]:
        """Leave out instances of a mapped step whose keys will be others, where the step itself is selected.

        Errors: `ExecutionStepNotFoundError` if it is not: such an instance may never be.
        """
        old = {
            (index, key)
            for index, key in selected
            if key is not None and (self._emitter(self._plan.steps[index]).index, None) in selected
        }
        for index, key in sorted(old, key=str):
            if (index, None) not in selected:
                step = self._plan.steps[index]
                raise ExecutionStepNotFoundError(
                    f"`{step.key_of(key)}` of the run `{parent.run_id}` is not known beforehand where "
                    f"`{self._emitter(step).key}` runs again and emits keys of its own; select "
                    f"`{step.key_of(_ANY)}`"
                )
        return selected - old


_STATES: Mapping[StepStatus | None, str] = {
    StepStatus.SUCCESS: "succeeded",
    StepStatus.FAILED: "failed",
    StepStatus.SKIPPED: "skipped",
}
