"""Hooks: functions that run after a step (SEMANTICS 12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, overload

from jobc.runtime.definitions.checks import check_function, check_names
from jobc.runtime.definitions.names import valid_name
from jobc.runtime.definitions.signature import CONTEXT_NAMES, name_of, read_signature
from jobc.runtime.errors import InvalidDefinitionError
from jobc.schemas.names import listing
from jobc.schemas.records import dataclass

HookKind = Literal["success", "failure", "event_list"]


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class HookDefinition:
    """A function that runs right after a step.

    `function` takes the hook context; of kind "event_list" it also takes the list of the step's events.
    A success hook runs after steps that succeeded, a failure hook after steps that failed, the other after
    both. Called on a job, a graph, an op or an invocation, it is applied to it.
    """

    name: str
    function: Callable[..., object]
    kind: HookKind
    required_resource_keys: frozenset[str]

    def __init__(
        self,
        *,
        name: str,
        function: Callable[..., object],
        kind: HookKind = "event_list",
        required_resource_keys: Iterable[str] | None = None,
    ) -> None:
        set_field = object.__setattr__
        set_field(self, "name", valid_name("hook", name))
        set_field(self, "function", check_function(function, f"the function of hook `{name}`"))
        set_field(self, "kind", kind)
        set_field(
            self,
            "required_resource_keys",
            check_names(required_resource_keys, f"the resource keys of hook `{name}`"),
        )

    def __repr__(self) -> str:
        return f"HookDefinition({self.name})"

    def __call__(self, target: Any, *arguments: object) -> Any:
        """Apply the hook to a job, graph, op or invocation; on anything else call the function, for tests."""
        from jobc.runtime.definitions.invocable import Invocable
        from jobc.runtime.definitions.job import JobDefinition
        from jobc.runtime.definitions.pending import PendingNodeInvocation

        if isinstance(target, JobDefinition | Invocable | PendingNodeInvocation):
            return target.with_hooks({self})
        return self.function(target, *arguments)


HookFn = Callable[..., object]


@overload
def success_hook(hook_fn: HookFn) -> HookDefinition: ...
@overload
def success_hook(
    hook_fn: None = None, *, name: str | None = None, required_resource_keys: Iterable[str] | None = None
) -> Callable[[HookFn], HookDefinition]: ...
def success_hook(
    hook_fn: HookFn | None = None,
    *,
    name: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
) -> HookDefinition | Callable[[HookFn], HookDefinition]:
    """Make a hook that runs after a step succeeded; the function takes the hook context."""

    def decorate(function: HookFn) -> HookDefinition:
        return _hook(function, name, "success", required_resource_keys)

    return decorate if hook_fn is None else decorate(hook_fn)


@overload
def failure_hook(hook_fn: HookFn) -> HookDefinition: ...
@overload
def failure_hook(
    hook_fn: None = None, *, name: str | None = None, required_resource_keys: Iterable[str] | None = None
) -> Callable[[HookFn], HookDefinition]: ...
def failure_hook(
    hook_fn: HookFn | None = None,
    *,
    name: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
) -> HookDefinition | Callable[[HookFn], HookDefinition]:
    """Make a hook that runs after a step failed for good; the function takes the hook context."""

    def decorate(function: HookFn) -> HookDefinition:
        return _hook(function, name, "failure", required_resource_keys)

    return decorate if hook_fn is None else decorate(hook_fn)


@overload
def event_list_hook(hook_fn: HookFn) -> HookDefinition: ...
@overload
def event_list_hook(
    hook_fn: None = None, *, name: str | None = None, required_resource_keys: Iterable[str] | None = None
) -> Callable[[HookFn], HookDefinition]: ...
def event_list_hook(
    hook_fn: HookFn | None = None,
    *,
    name: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
) -> HookDefinition | Callable[[HookFn], HookDefinition]:
    """Make a hook that runs after every step; the function takes the hook context and the step's events."""

    def decorate(function: HookFn) -> HookDefinition:
        return _hook(function, name, "event_list", required_resource_keys)

    return decorate if hook_fn is None else decorate(hook_fn)


def _hook(function: HookFn, name: str | None, kind: HookKind, keys: Iterable[str] | None) -> HookDefinition:
    check_function(function, "what a hook decorates")
    found = name_of(function, name)
    names = [parameter.name for parameter in read_signature(function).parameters]
    wanted = "`context` and `event_list`" if kind == "event_list" else "`context` alone"
    if len(names) != (2 if kind == "event_list" else 1) or names[0] not in CONTEXT_NAMES:
        raise InvalidDefinitionError(
            f"the function of hook `{found}` must take {wanted} by position (`_` may stand for `context`), "
            f"not {listing(names) or 'nothing'}"
        )
    return HookDefinition(name=found, function=function, kind=kind, required_resource_keys=keys)
