"""Invocations in the making: a definition with a name, tags, hooks or a policy added (SEMANTICS 1)."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from jobc.runtime.definitions.checks import check_is, check_set
from jobc.runtime.definitions.hook import HookDefinition
from jobc.runtime.definitions.names import valid_node_name
from jobc.runtime.definitions.node import NO_HOOKS
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.policies import RetryPolicy
from jobc.runtime.definitions.tags import normalise_tags
from jobc.runtime.errors import InvariantViolationError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.execute.result import ExecuteInProcessResult


@dataclass(frozen=True, slots=True, eq=False)
class PendingNodeInvocation:
    """An op or a graph with what its invocation will add; each change gives a new one, calling it invokes."""

    definition: OpDefinition | GraphDefinition
    alias_name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    hooks: frozenset[HookDefinition] = NO_HOOKS
    retry_policy: RetryPolicy | None = None

    @property
    def node_name(self) -> str:
        """Return the name the node will have, if the name is free."""
        return self.alias_name or self.definition.name

    def __call__(self, *arguments: object, **named: object) -> Any:
        """Record a node in the body that is running; outside any body run an op directly.

        Errors: `InvariantViolationError` for a graph outside any body.
        """
        from jobc.runtime.definitions.composition import current_frame, invoke

        frame = current_frame()
        if frame is not None:
            frame.uninvoked.pop(id(self), None)
            return invoke(frame, self, arguments, named)
        if isinstance(self.definition, OpDefinition):
            from jobc.runtime.definitions.direct import call_directly

            return call_directly(self.definition, arguments, named)
        raise InvariantViolationError(
            f"graph `{self.definition.name}` was called outside the body of a graph or job; run it with "
            "`execute_in_process()`, or make it a job with `to_job()`"
        )

    def alias(self, name: str) -> PendingNodeInvocation:
        """Return an invocation whose node is called `name`."""
        return self._changed(replace(self, alias_name=valid_node_name("alias", name)))

    def tag(self, tags: Mapping[str, object]) -> PendingNodeInvocation:
        """Return an invocation with these tags besides its own; of equal keys the later wins."""
        added = normalise_tags(tags, f"invocation `{self.node_name}`")
        return self._changed(replace(self, tags={**self.tags, **added}))

    def with_hooks(self, hook_defs: AbstractSet[HookDefinition]) -> PendingNodeInvocation:
        """Return an invocation with these hooks besides its own."""
        added = check_set(hook_defs, f"the hooks of `{self.node_name}`", HookDefinition, "a hook")
        return self._changed(replace(self, hooks=self.hooks | added))

    def with_retry_policy(self, retry_policy: RetryPolicy) -> PendingNodeInvocation:
        """Return an invocation that is retried by this policy."""
        policy = check_is(
            retry_policy, RetryPolicy, f"the retry policy of `{self.node_name}`", "a RetryPolicy"
        )
        return self._changed(replace(self, retry_policy=policy))

    def execute_in_process(
        self,
        run_config: Mapping[str, object] | None = None,
        instance: Any = None,
        resources: Mapping[str, object] | None = None,
        raise_on_error: bool = True,
        op_selection: Sequence[str] | None = None,
        run_id: str | None = None,
        input_values: Mapping[str, object] | None = None,
    ) -> ExecuteInProcessResult:
        """Run the graph in this process, as a job with the name, tags and hooks of the invocation."""
        if isinstance(self.definition, OpDefinition):
            raise InvariantViolationError(
                f"op `{self.definition.name}` is no graph; invoke it in the body of a job"
            )
        job = self.definition.to_job(
            name=self.node_name, tags=self.tags, hooks=self.hooks, resource_defs=resources
        )
        return job.execute_in_process(
            run_config=run_config,
            instance=instance,
            raise_on_error=raise_on_error,
            op_selection=op_selection,
            run_id=run_id,
            input_values=input_values,
        )

    def _changed(self, changed: PendingNodeInvocation) -> PendingNodeInvocation:
        """Tell the running body that `changed` took the place of this invocation and waits to be called."""
        from jobc.runtime.definitions.composition import current_frame

        frame = current_frame()
        if frame is not None:
            frame.uninvoked.pop(id(self), None)
            frame.uninvoked[id(changed)] = changed
        return changed
