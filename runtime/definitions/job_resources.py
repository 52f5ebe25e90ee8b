"""The resources of a job: which it has, and that everything it needs is among them (SEMANTICS 13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from jobc.runtime.definitions.builtin_io import default_io_manager
from jobc.runtime.definitions.checks import describe
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.resource import ResourceDefinition, as_resource
from jobc.runtime.errors import (
    CheckError,
    InvalidDefinitionError,
    InvariantViolationError,
    ParameterCheckError,
)
from jobc.schemas.names import listing, near_names
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.hook import HookDefinition
    from jobc.runtime.definitions.job import JobDefinition


@dataclass(frozen=True, slots=True)
class Need:
    """A resource key and who needs it, in words."""

    key: str
    by: str


def bound_resources(resource_defs: object, owner: str) -> dict[str, ResourceDefinition]:
    """Return the resources of a job, objects wrapped, with the default `io_manager` unless another is given.

    Errors: `ParameterCheckError` for what is no mapping, `CheckError` for a key that is no Python identifier.
    A key of a spec's import has dots, `eu.warehouse`.
    """
    if resource_defs is not None and not isinstance(resource_defs, Mapping):
        raise ParameterCheckError(
            f"`resource_defs` of {owner} must be a mapping, not {describe(resource_defs)}"
        )
    bound: dict[str, ResourceDefinition] = {}
    for key, value in (resource_defs or {}).items():
        if not isinstance(key, str) or not all(part.isidentifier() for part in key.split(".")):
            raise CheckError(f"the resource key `{key}` of {owner} must be a Python identifier")
        bound[key] = as_resource(value)
    bound.setdefault("io_manager", default_io_manager)
    return bound


def check_resources(job: JobDefinition) -> None:
    """Check that the job has every resource that its ops, ports, hooks and resources need.

    Errors: `InvalidDefinitionError` that names the key and who needs it and lists the keys there are;
    `InvariantViolationError` for a missing dependency of a resource or a cycle of them.
    """
    known = job.resource_defs
    if not _direct_keys(job) <= known.keys():
        need = next(need for need in _needs_of_job(job) if need.key not in known)
        near = near_names(need.key, known)
        hint = f"; did you mean {listing(near)}?" if near else ""
        raise InvalidDefinitionError(
            f"resource `{need.key}` is required by {need.by}, but job `{job.name}` does not have it; it has "
            f"{listing(sorted(known))}{hint}"
        )
    check_resource_dependencies(known, f"job `{job.name}`")


def _direct_keys(job: JobDefinition) -> set[str]:
    """Return the keys that `_needs_of_job` speaks of; this is on the way of every job, the words are not."""
    keys: set[str] = set()
    for hook in job.hook_defs:
        keys |= hook.required_resource_keys
    for definition in (job.graph, *job.graph.inner_definitions.values()):
        if isinstance(definition, OpDefinition):
            keys |= definition.required_resource_keys
            keys.update(out.io_manager_key for out in definition.outs.values())
            keys.update(port.input_manager_key for port in definition.ins.values() if port.input_manager_key)
        else:
            keys.update(
                key
                for node in definition.nodes.values()
                for hook in node.hooks
                for key in hook.required_resource_keys
            )
    return keys


def _needs_of_job(job: JobDefinition) -> Iterator[Need]:
    """Yield what the job's hooks and everything in its graph need; a definition used twice is asked once."""
    yield from _needs_of_hooks(job.hook_defs, f"job `{job.name}`")
    yield from _needs_of_graph(job.graph)


def needed_keys(job: JobDefinition) -> frozenset[str]:
    """Return the keys of all resources that something in the job needs, other resources included."""
    needed: set[str] = set()
    waiting = _direct_keys(job)
    while waiting:
        key = waiting.pop()
        needed.add(key)
        waiting |= job.resource_defs[key].required_resource_keys - needed
    return frozenset(needed)


def _needs_of_graph(graph: GraphDefinition) -> Iterator[Need]:
    """Yield what the nodes of a graph need, at every depth."""
    for definition in (graph, *graph.inner_definitions.values()):
        if isinstance(definition, OpDefinition):
            yield from _needs_of_op(definition)
            continue
        for node in definition.nodes.values():
            if node.hooks:
                yield from _needs_of_hooks(node.hooks, f"node `{node.name}` of graph `{definition.name}`")


def _needs_of_op(op: OpDefinition) -> Iterator[Need]:
    """Yield what an op needs: for its function, its outputs and its inputs."""
    for key in sorted(op.required_resource_keys):
        yield Need(key, f"op `{op.name}`")
    for name, out in op.outs.items():
        yield Need(out.io_manager_key, f"output `{name}` of op `{op.name}` as its IO manager")
    for name, port in op.ins.items():
        if port.input_manager_key is not None:
            yield Need(port.input_manager_key, f"input `{name}` of op `{op.name}` as its input manager")


def _needs_of_hooks(hooks: frozenset[HookDefinition], place: str) -> Iterator[Need]:
    for hook in sorted(hooks, key=lambda hook: hook.name):
        for key in sorted(hook.required_resource_keys):
            yield Need(key, f"hook `{hook.name}` on {place}")


def check_resource_dependencies(resources: Mapping[str, ResourceDefinition], owner: str) -> None:
    """Check that what resources need of each other is there and free of cycles.

    Errors: `InvariantViolationError`.
    """
    done: set[str] = set()
    for key in resources:
        _open_order(key, resources, [], done, owner)


def _open_order(
    key: str, resources: Mapping[str, ResourceDefinition], above: list[str], done: set[str], owner: str
) -> None:
    if key in done:
        return
    if key in above:
        members = listing(above[above.index(key) :])
        raise InvariantViolationError(f"the resources of {owner} need each other in a circle: {members}")
    for needed in sorted(resources[key].required_resource_keys):
        if needed not in resources:
            raise InvariantViolationError(
                f"resource `{needed}` is required by resource `{key}`, but {owner} does not have it; it has "
                f"{listing(sorted(resources))}"
            )
        _open_order(needed, resources, [*above, key], done, owner)
    done.add(key)
