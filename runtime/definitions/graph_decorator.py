"""The decorators `@graph` and `@job` (SEMANTICS 1, 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, overload

from jobc.runtime.definitions.body import Declared, graph_of_body, graph_of_job_body
from jobc.runtime.definitions.checks import check_function, check_mapping, describe
from jobc.runtime.definitions.config_mapping import graph_config_mapping
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.names import valid_node_name
from jobc.runtime.definitions.origin import function_origin
from jobc.runtime.definitions.ports import GraphIn, GraphOut
from jobc.runtime.definitions.signature import description_of, name_of
from jobc.runtime.definitions.tags import normalise_tags
from jobc.runtime.errors import ParameterCheckError

if TYPE_CHECKING:
    from jobc.runtime.definitions.executor import ExecutorDefinition
    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.hook import HookDefinition
    from jobc.runtime.definitions.logger import LoggerDefinition
    from jobc.runtime.definitions.partitioning import PartitionsDefinition
    from jobc.runtime.definitions.policies import RetryPolicy
    from jobc.runtime.definitions.versioning import VersionStrategy

Body = Callable[..., object]


@overload
def graph(compose_fn: Body) -> GraphDefinition: ...
@overload
def graph(
    compose_fn: None = None,
    *,
    name: str | None = None,
    description: str | None = None,
    ins: Mapping[str, GraphIn] | None = None,
    out: GraphOut | Mapping[str, GraphOut] | None = None,
    tags: Mapping[str, object] | None = None,
    config: object = None,
) -> Callable[[Body], GraphDefinition]: ...
def graph(
    compose_fn: Body | None = None,
    *,
    name: str | None = None,
    description: str | None = None,
    ins: Mapping[str, GraphIn] | None = None,
    out: GraphOut | Mapping[str, GraphOut] | None = None,
    tags: Mapping[str, object] | None = None,
    config: object = None,
) -> GraphDefinition | Callable[[Body], GraphDefinition]:
    """Make a graph of a body, which is run once, now, and invokes ops and other graphs.

    `name` defaults to the function's, `description` to its docstring. The function's parameters are the
    inputs. `out` declares outputs: one, or several by name; without it a returned output is called `result`.
    `config` is a ConfigMapping, or a dict that fixes the config of the nodes.
    Errors: `InvalidDefinitionError` for a mistake in the body (SEMANTICS 1).
    """

    def decorate(body: Body) -> GraphDefinition:
        found = valid_node_name("graph", name_of(body, name))
        owner = f"graph `{found}`"
        return graph_of_body(
            body,
            Declared(
                found,
                description_of(body, description),
                check_mapping(ins, f"`ins` of {owner}", GraphIn, "a GraphIn"),
                _declared_outs(out, owner),
                graph_config_mapping(config, owner),
                normalise_tags(tags, owner),
            ),
        )

    return decorate if compose_fn is None else decorate(_checked_body(compose_fn))


@overload
def job(compose_fn: Body) -> JobDefinition: ...
@overload
def job(
    compose_fn: None = None,
    *,
    name: str | None = None,
    description: str | None = None,
    resource_defs: Mapping[str, object] | None = None,
    config: object = None,
    tags: Mapping[str, object] | None = None,
    metadata: Mapping[str, object] | None = None,
    logger_defs: Mapping[str, LoggerDefinition] | None = None,
    executor_def: ExecutorDefinition | None = None,
    hooks: AbstractSet[HookDefinition] | None = None,
    op_retry_policy: RetryPolicy | None = None,
    version_strategy: VersionStrategy | None = None,
    partitions_def: PartitionsDefinition | None = None,
    input_values: Mapping[str, object] | None = None,
) -> Callable[[Body], JobDefinition]: ...
def job(
    compose_fn: Body | None = None,
    *,
    name: str | None = None,
    description: str | None = None,
    resource_defs: Mapping[str, object] | None = None,
    config: object = None,
    tags: Mapping[str, object] | None = None,
    metadata: Mapping[str, object] | None = None,
    logger_defs: Mapping[str, LoggerDefinition] | None = None,
    executor_def: ExecutorDefinition | None = None,
    hooks: AbstractSet[HookDefinition] | None = None,
    op_retry_policy: RetryPolicy | None = None,
    version_strategy: VersionStrategy | None = None,
    partitions_def: PartitionsDefinition | None = None,
    input_values: Mapping[str, object] | None = None,
) -> JobDefinition | Callable[[Body], JobDefinition]:
    """Make a job of a body, which is run once, now, and invokes ops and graphs.

    `name` defaults to the function's, `description` to its docstring. The function's parameters are top-level
    inputs; a job has no outputs. The other parameters are those of `JobDefinition`, `hooks` being its
    `hook_defs`.
    Errors: `InvalidDefinitionError` for a mistake in the body or an incomplete job, `ParameterCheckError` for
    an argument of the wrong type.
    """

    def decorate(body: Body) -> JobDefinition:
        found = valid_node_name("job", name_of(body, name))
        composed = graph_of_job_body(body, Declared(found, description_of(body, description)))
        return JobDefinition(
            graph_def=composed,
            name=found,
            description=composed.description,
            resource_defs=resource_defs,
            config=config,
            tags=tags,
            metadata=metadata,
            logger_defs=logger_defs,
            executor_def=executor_def,
            hook_defs=hooks,
            op_retry_policy=op_retry_policy,
            version_strategy=version_strategy,
            partitions_def=partitions_def,
            input_values=input_values,
            origin=function_origin(body),
        )

    return decorate if compose_fn is None else decorate(_checked_body(compose_fn))


def _checked_body(body: object) -> Body:
    if isinstance(body, str):
        raise ParameterCheckError(
            f"the decorator was given {body!r} in place of a function; write `name={body!r}`"
        )
    return check_function(body, "what is decorated")


def _declared_outs(out: object, owner: str) -> Mapping[str, GraphOut] | None:
    if out is None:
        return None
    if isinstance(out, GraphOut):
        return {"result": out}
    if isinstance(out, Mapping):
        return check_mapping(out, f"`out` of {owner}", GraphOut, "a GraphOut")
    raise ParameterCheckError(f"`out` of {owner} must be a GraphOut or a dict of them, not {describe(out)}")
