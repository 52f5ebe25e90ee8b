"""What ops and graphs have in common: they are invoked in bodies, under other names and with modifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from jobc.runtime.definitions.hook import HookDefinition
    from jobc.runtime.definitions.pending import PendingNodeInvocation
    from jobc.runtime.definitions.policies import RetryPolicy


class Invocable:
    """An op or a graph: calling it in the body of a graph or job records a node and returns placeholders."""

    __slots__ = ()

    name: str

    def __call__(self, *arguments: object, **named: object) -> Any:
        """Record a node in the body that is running; outside any body run an op directly."""
        from jobc.runtime.definitions.composition import invoke_plainly

        return invoke_plainly(self, arguments, named)  # type: ignore[arg-type]  # the subclasses are the two definitions

    def alias(self, name: str) -> PendingNodeInvocation:
        """Return an invocation whose node is called `name`."""
        return self._pending().alias(name)

    def tag(self, tags: Mapping[str, object]) -> PendingNodeInvocation:
        """Return an invocation whose node has these tags besides those of the definition."""
        return self._pending().tag(tags)

    def with_hooks(self, hook_defs: AbstractSet[HookDefinition]) -> PendingNodeInvocation:
        """Return an invocation whose node has these hooks."""
        return self._pending().with_hooks(hook_defs)

    def with_retry_policy(self, retry_policy: RetryPolicy) -> PendingNodeInvocation:
        """Return an invocation whose node is retried by this policy."""
        return self._pending().with_retry_policy(retry_policy)

    def _pending(self) -> PendingNodeInvocation:
        from jobc.runtime.definitions.pending import PendingNodeInvocation

        return PendingNodeInvocation(self)  # type: ignore[arg-type]  # the subclasses are the two definitions
