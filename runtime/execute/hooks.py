"""Hooks: run right after their step; what they raise is recorded and changes nothing (SEMANTICS 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobc.runtime.execute.failures import error_info
from jobc.runtime.execute.retries import user_exception
from jobc.runtime.execute.run_facts import RunFacts
from jobc.runtime.execute.scoped import ScopedResources
from jobc.runtime.storage.events import EventKind, HookData

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.hook import HookDefinition
    from jobc.runtime.definitions.node import Node
    from jobc.runtime.execute.logs import RunLogger
    from jobc.runtime.execute.state import Attempt


class HookContext(RunFacts):
    """A step that has ended, as its hooks see it."""

    __slots__ = ("_attempt", "_error", "hook_def")

    def __init__(self, attempt: Attempt, hook_def: HookDefinition, error: BaseException | None) -> None:
        self._attempt = attempt
        self._state = attempt.state
        self._error = error
        self.hook_def = hook_def

    @property
    def op(self) -> Node:
        """Return the node: the op under the name and with the tags it has in this job."""
        from jobc.runtime.definitions.node import Node

        step = self._attempt.step
        return Node(step.node_name, step.op, step.tags, frozenset(step.hooks), step.retry_policy)

    @property
    def step_key(self) -> str:
        """Return the full key of the step."""
        return self._attempt.step_key

    @property
    def op_config(self) -> Any:  # noqa: ANN401 - shaped by the op's own schema
        """Return the op's config."""
        return self._attempt.state.op_config(self._attempt.step.path)

    @property
    def op_exception(self) -> BaseException | None:
        """Return the user's own exception if the step failed, None if it succeeded."""
        return None if self._error is None else user_exception(self._error)

    @property
    def op_output_values(self) -> Mapping[str, object]:
        """Return what was emitted so far by output name; a dynamic output by mapping key within."""
        return dict(self._attempt.emitted)

    @property
    def op_output_metadata(self) -> Mapping[str, Mapping[str, object]]:
        """Return the metadata the op added to its outputs through its context, by output name."""
        return {
            name: dict(added) for (name, key), added in self._attempt.output_metadata.items() if key is None
        }

    @property
    def required_resource_keys(self) -> frozenset[str]:
        """Return the resource keys the hook declared."""
        return self.hook_def.required_resource_keys

    @property
    def resources(self) -> ScopedResources:
        """Return the resources the hook declared."""
        owner = f"hook `{self.hook_def.name}`"
        return ScopedResources(self._attempt.state.resources, self.hook_def.required_resource_keys, owner)

    @property
    def log(self) -> RunLogger:
        """Return a logger whose messages name the step."""
        return self._attempt.state.log.at(self.step_key)


def run_hooks(attempt: Attempt, error: BaseException | None) -> None:
    """Run the hooks of a step that ended: with `error` if it failed, else with None."""
    for hook in attempt.step.hooks:
        outcome = "success" if error is None else "failure"
        if hook.kind in ("event_list", outcome):
            _run_hook(attempt, hook, error)
        else:
            _emit(attempt, EventKind.HOOK_SKIPPED, HookData(hook.name))


def _run_hook(attempt: Attempt, hook: HookDefinition, error: BaseException | None) -> None:
    context = HookContext(attempt, hook, error)
    try:
        if hook.kind == "event_list":
            hook.function(context, _events_of(attempt))
        else:
            hook.function(context)
    except Exception as raised:  # noqa: BLE001 - recorded: a hook never changes the outcome of a run
        info = error_info(raised, attempt.state.mask)
        _emit(attempt, EventKind.HOOK_ERRORED, HookData(hook.name, info))
        attempt.state.log.report(f"the hook `{hook.name}` of `{attempt.step_key}` raised", info)
    else:
        _emit(attempt, EventKind.HOOK_COMPLETED, HookData(hook.name))


def _events_of(attempt: Attempt) -> list[object]:
    """Return the events of a step that has just ended, in order, from its start on.

    Others may lie between them: those of resources that were opened for this step.
    """
    found: list[object] = []
    for event in reversed(attempt.state.events.events()):
        if event.step_key == attempt.step_key and not event.is_hook_event:
            found.append(event)
            if event.is_step_start:
                break
    return found[::-1]


def _emit(attempt: Attempt, kind: EventKind, data: HookData) -> None:
    attempt.state.events.emit(kind, attempt.step.index, attempt.key, data)
