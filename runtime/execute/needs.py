"""What has to be open before steps can run: the resources of ops and hooks, and what holds their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.execute.resources import opening_order
from jobc.runtime.plan.steps import step_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.execute.state import RunState
    from jobc.runtime.plan.steps import ExecutionPlan, Step, StepInput

DEFAULT_MANAGER = "io_manager"


def needed_resources(state: RunState) -> tuple[str, ...]:
    """Return the keys of all resources the run opens in one process, in the order of opening."""
    plan = state.plan
    if state.selected is None:
        keys, read = plan.resource_keys | plan.manager_keys, plan.resource_keys
    else:
        steps = [plan.steps[index] for index, _ in state.selected]
        read = frozenset[str]().union(*map(_read_keys, steps))
        keys = read.union(*(_manager_keys(plan, step) for step in steps))
    if state.keeps_in_memory and DEFAULT_MANAGER not in read:
        keys -= {DEFAULT_MANAGER}
    return opening_order(keys, state.job.resource_defs)


def resources_of_step(state: RunState, step: Step) -> tuple[str, ...]:
    """Return the keys of the resources that one step needs, in the order of opening."""
    return opening_order(_read_keys(step) | _manager_keys(state.plan, step), state.job.resource_defs)


def _read_keys(step: Step) -> frozenset[str]:
    return step.required_resources.union(*(hook.required_resource_keys for hook in step.hooks))


def _manager_keys(plan: ExecutionPlan, step: Step) -> frozenset[str]:
    """Return the keys of what stores the outputs of a step and loads its inputs."""
    stored = {output.manager_key for output in step.outputs if not output.type.is_nothing}
    return frozenset(stored.union(*(_loading_keys(plan, port) for port in step.inputs)))


def _loading_keys(plan: ExecutionPlan, port: StepInput) -> Iterator[str]:
    if port.manager_key is not None:
        yield port.manager_key
        return
    for source in step_sources(port.source):
        output = plan.steps[source.step].outputs[source.output]
        if not output.type.is_nothing:
            yield output.manager_key
