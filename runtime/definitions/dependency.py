"""The explicit form of wiring: what `GraphDefinition(node_defs=…, dependencies=…)` is given (SEMANTICS 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jobc.runtime.definitions.checks import check_is, check_optional, check_set, check_text, describe
from jobc.runtime.definitions.hook import HookDefinition
from jobc.runtime.definitions.names import valid_name, valid_node_name
from jobc.runtime.definitions.policies import RetryPolicy
from jobc.runtime.definitions.tags import normalise_tags
from jobc.runtime.errors import ParameterCheckError
from jobc.schemas.records import dataclass


@dataclass(frozen=True, slots=True, init=False, eq=False)
class NodeInvocation:
    """Say that a definition, by its name, is invoked; a key of `dependencies`."""

    name: str
    alias: str | None
    tags: Mapping[str, str]
    hook_defs: frozenset[HookDefinition]
    retry_policy: RetryPolicy | None

    def __init__(
        self,
        name: str,
        alias: str | None = None,
        tags: Mapping[str, object] | None = None,
        hook_defs: frozenset[HookDefinition] | set[HookDefinition] | None = None,
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        set_field = object.__setattr__
        set_field(self, "name", check_is(name, str, "`name` of an invocation", "text"))
        set_field(self, "alias", None if alias is None else valid_node_name("alias", alias))
        set_field(self, "tags", normalise_tags(tags, f"invocation `{alias or name}`"))
        set_field(self, "hook_defs", check_set(hook_defs, "`hook_defs`", HookDefinition, "a hook"))
        set_field(
            self, "retry_policy", check_optional(retry_policy, RetryPolicy, "`retry_policy`", "a RetryPolicy")
        )

    @property
    def node_name(self) -> str:
        """Return the name of the node: the alias, else the definition's name."""
        return self.alias or self.name


@dataclass(frozen=True, slots=True)
class DependencyDefinition:
    """Say that an input comes from an output of a node; a dynamic output is mapped over."""

    node: str
    output: str = "result"
    description: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is not text."""
        check_is(self.node, str, "`node` of a dependency", "text")
        check_is(self.output, str, "`output` of a dependency", "text")
        check_text(self.description, "`description` of a dependency")


@dataclass(frozen=True, slots=True)
class DynamicCollectDependencyDefinition:
    """Say that an input receives the list of all values under a dynamic output."""

    node: str
    output: str = "result"

    def __post_init__(self) -> None:
        """Refuse what is not text."""
        check_is(self.node, str, "`node` of a dependency", "text")
        check_is(self.output, str, "`output` of a dependency", "text")


class MappedInputPlaceholder:
    """Marks where, in a fan-in, an `InputMapping` with that `fan_in_index` puts an input of the graph."""


@dataclass(frozen=True, slots=True, init=False)
class MultiDependencyDefinition:
    """Say that an input receives a list, one member per dependency (fan-in)."""

    dependencies: tuple[DependencyDefinition | type[MappedInputPlaceholder], ...]

    def __init__(self, dependencies: Sequence[DependencyDefinition | type[MappedInputPlaceholder]]) -> None:
        if not isinstance(dependencies, list | tuple):
            raise ParameterCheckError(
                f"the dependencies of a fan-in must be a list, not {describe(dependencies)}"
            )
        for index, member in enumerate(dependencies):
            if not isinstance(member, DependencyDefinition) and member is not MappedInputPlaceholder:
                raise ParameterCheckError(
                    f"dependency {index} of a fan-in must be a DependencyDefinition, not {describe(member)}"
                )
        object.__setattr__(self, "dependencies", tuple(dependencies))


Dependency = DependencyDefinition | MultiDependencyDefinition | DynamicCollectDependencyDefinition
Dependencies = Mapping[str | NodeInvocation, Mapping[str, Dependency]]


@dataclass(frozen=True, slots=True)
class InputMapping:
    """Say that a graph's input feeds an input of one of its nodes; `fan_in_index` puts it into a list."""

    graph_input_name: str
    mapped_node_name: str
    mapped_node_input_name: str
    fan_in_index: int | None = None
    graph_input_description: str | None = None

    def __post_init__(self) -> None:
        """Refuse names that are not valid."""
        valid_name("graph input", self.graph_input_name)
        check_is(self.mapped_node_name, str, "`mapped_node_name`", "text")
        check_is(self.mapped_node_input_name, str, "`mapped_node_input_name`", "text")
        check_optional(self.fan_in_index, int, "`fan_in_index`", "a whole number")
        check_text(self.graph_input_description, "`graph_input_description`")


@dataclass(frozen=True, slots=True)
class OutputMapping:
    """Say that an output of one of the nodes is an output of the graph."""

    graph_output_name: str
    mapped_node_name: str
    mapped_node_output_name: str = "result"
    graph_output_description: str | None = None

    def __post_init__(self) -> None:
        """Refuse names that are not valid."""
        valid_name("graph output", self.graph_output_name)
        check_is(self.mapped_node_name, str, "`mapped_node_name`", "text")
        check_is(self.mapped_node_output_name, str, "`mapped_node_output_name`", "text")
        check_text(self.graph_output_description, "`graph_output_description`")
