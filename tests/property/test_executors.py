"""Every executor gives the same result, in whatever order steps end."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from jobc import ExecutorDefinition, Instance, InvariantViolationError, build_reconstructable_job
from jobc.runtime.executors.conductor import Conductor, ConductorOptions
from jobc.runtime.executors.job_run import JobOrder, run_order
from jobc.runtime.plan.plan import build_plan
from tests.property.random_runs import Shuffled

if TYPE_CHECKING:
    from jobc import InitExecutorContext, JobExecutionResult, ReexecutionOptions
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.execute.state import RunState
    from jobc.runtime.executors.protocol import Executor
    from jobc.runtime.executors.tasks import JobAddress


class ShuffledExecutor:
    """Lets a conductor run steps that end in a random order."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def check(self, job: JobDefinition, instance: Instance) -> None:
        """Refuse nothing."""

    def carry_out(self, state: RunState, address: JobAddress) -> None:
        Conductor(state, Shuffled(self._seed), ConductorOptions()).run_steps(address)


def shuffled(seed: int) -> ExecutorDefinition:
    def made(_context: InitExecutorContext) -> Executor:
        return ShuffledExecutor(seed)

    return ExecutorDefinition("shuffled", executor_creation_fn=made)


def course(result: JobExecutionResult) -> tuple[object, ...]:
    events = sorted((event.step_key or "", event.kind.value) for event in result.all_node_events)
    outputs: dict[str, object] = {}
    with result:
        for step in build_plan(result.job_def).steps:
            for output in step.outputs:
                try:
                    outputs[step.key] = result.output_for_node(step.key, output.name)
                except InvariantViolationError:
                    outputs[step.key] = None
    return result.run.status, events, outputs


def run(
    instance: Instance, seed: int, executor: ExecutorDefinition, again: ReexecutionOptions | None = None
) -> JobExecutionResult:
    pointer = build_reconstructable_job(
        module="tests.property.random_runs", function="random_job", args=(seed,)
    )
    return run_order(JobOrder(pointer, instance, executor=executor, reexecution=again))


@given(st.integers(0, 10_000), st.integers(0, 100))
def test_the_order_in_which_steps_end_changes_nothing(seed: int, order: int) -> None:
    from jobc import in_process_executor

    with tempfile.TemporaryDirectory() as folder, Instance.open(folder) as instance:
        expected = run(instance, seed, in_process_executor)
        assert course(run(instance, seed, shuffled(order))) == course(expected)


@given(st.integers(0, 10_000), st.integers(0, 100))
def test_what_failed_fails_again_and_what_succeeded_is_kept(seed: int, order: int) -> None:
    from jobc import ReexecutionOptions, in_process_executor

    with tempfile.TemporaryDirectory() as folder, Instance.open(folder) as instance:
        parent = run(instance, seed, in_process_executor)
        if parent.success:
            return
        options = ReexecutionOptions.from_failure(parent.run_id, instance)
        for executor in (in_process_executor, shuffled(order)):
            result = run(instance, seed, executor, options)
            assert result.get_failed_step_keys() == parent.get_failed_step_keys()
            begun = {event.step_key for event in result.all_events if event.is_step_start}
            assert begun == parent.get_failed_step_keys()
            assert course(result)[2] == course(parent)[2]
