"""Graphs: ops and other graphs wired together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from jobc.runtime.definitions.checks import check_text
from jobc.runtime.definitions.configured import with_baked_config
from jobc.runtime.definitions.dynamic import Flow, dynamic_outputs_of, flow_of
from jobc.runtime.definitions.invocable import Invocable
from jobc.runtime.definitions.names import valid_name, valid_node_name, valid_qualified_name
from jobc.runtime.definitions.ports import GraphIn, GraphOut
from jobc.runtime.definitions.tags import normalise_tags
from jobc.runtime.definitions.wiring import (
    check_edges,
    check_inputs_are_used,
    check_nodes,
    check_order,
    check_outputs,
    graph_input_types,
)
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jobc.runtime.config import RunConfig
    from jobc.runtime.definitions.config_mapping import ConfigMapping
    from jobc.runtime.definitions.dependency import Dependencies, InputMapping, OutputMapping
    from jobc.runtime.definitions.executor import ExecutorDefinition
    from jobc.runtime.definitions.hook import HookDefinition
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.logger import LoggerDefinition
    from jobc.runtime.definitions.node import Node
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.origin import SourceOrigin
    from jobc.runtime.definitions.partitioning import PartitionsDefinition
    from jobc.runtime.definitions.policies import RetryPolicy
    from jobc.runtime.definitions.sources import NodeOutput, Source
    from jobc.runtime.definitions.types import JobcType
    from jobc.runtime.definitions.versioning import VersionStrategy
    from jobc.runtime.execute.result import ExecuteInProcessResult


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class GraphDefinition(Invocable):
    """Nodes wired together; usable as a node itself.

    Normal form: `nodes` by name in the order of invocation; `sources` says, per node and input, what feeds
    the input (an input without an entry is fed by its default, run config or nothing); `order_only` says, per
    node, which nodes it comes after without data; `outputs` says what feeds each output. `dynamic_outputs`
    are those with one value per mapping key; `has_dynamic` tells whether anything below is dynamic. `ins` and
    `outs` are in order; `inner_definitions` are all definitions below, at every depth, by name.
    """

    kind_word: ClassVar[str] = "graph"
    name: str
    nodes: Mapping[str, Node]
    sources: Mapping[str, Mapping[str, Source]]
    order_only: Mapping[str, tuple[str, ...]]
    ins: Mapping[str, GraphIn]
    outs: Mapping[str, GraphOut]
    outputs: Mapping[str, NodeOutput]
    input_types: Mapping[str, JobcType]
    inner_definitions: Mapping[str, OpDefinition | GraphDefinition]
    dynamic_outputs: frozenset[str]
    has_dynamic: bool
    config_mapping: ConfigMapping | None
    description: str | None
    tags: Mapping[str, str]
    origin: SourceOrigin | None

    def __init__(
        self,
        name: str,
        *,
        description: str | None = None,
        node_defs: Sequence[OpDefinition | GraphDefinition] | None = None,
        dependencies: Dependencies | None = None,
        input_mappings: Sequence[InputMapping] | None = None,
        output_mappings: Sequence[OutputMapping] | None = None,
        config: object = None,
        tags: Mapping[str, object] | None = None,
    ) -> None:
        from jobc.runtime.definitions.config_mapping import graph_config_mapping
        from jobc.runtime.definitions.explicit_form import normal_form

        valid_node_name("graph", name)
        owner = f"graph `{name}`"
        form = normal_form(owner, node_defs, dependencies, input_mappings, output_mappings)
        self._fill(
            name,
            form.nodes,
            form.sources,
            {},
            form.ins,
            form.outs,
            form.outputs,
            graph_config_mapping(config, owner),
            check_text(description, f"`description` of {owner}"),
            normalise_tags(tags, owner),
            None,
        )

    @classmethod
    def of(
        cls,
        name: str,
        nodes: Mapping[str, Node],
        sources: Mapping[str, Mapping[str, Source]],
        *,
        order_only: Mapping[str, tuple[str, ...]] | None = None,
        ins: Mapping[str, GraphIn] | None = None,
        outputs: Mapping[str, NodeOutput] | None = None,
        outs: Mapping[str, GraphOut] | None = None,
        config_mapping: ConfigMapping | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        origin: SourceOrigin | None = None,
    ) -> GraphDefinition:
        """Return a graph given in normal form; mappings are kept, not copied; tags are normalised already.

        `outs` may be left out: outputs without a description need no entry.
        Errors: `InvalidDefinitionError` for every mistake of names and wiring, as for the other forms.
        """
        made = object.__new__(cls)
        outputs = outputs or {}
        described = outs or {}
        made._fill(
            valid_qualified_name("graph", name),
            nodes,
            sources,
            order_only or {},
            ins or {},
            {output: described.get(output, GraphOut()) for output in outputs},
            outputs,
            config_mapping,
            description,
            tags or {},
            origin,
        )
        return made

    def _fill(
        self,
        name: str,
        nodes: Mapping[str, Node],
        sources: Mapping[str, Mapping[str, Source]],
        order_only: Mapping[str, tuple[str, ...]],
        ins: Mapping[str, GraphIn],
        outs: Mapping[str, GraphOut],
        outputs: Mapping[str, NodeOutput],
        config_mapping: ConfigMapping | None,
        description: str | None,
        tags: Mapping[str, str],
        origin: SourceOrigin | None,
    ) -> None:
        owner = f"graph `{name}`"
        inner = check_nodes(owner, nodes)
        for port in (*ins, *outs):
            valid_name(f"input or output of {owner}", port)
        has_dynamic = check_edges(owner, nodes, sources, ins) or any(
            node.definition.has_dynamic for node in nodes.values()
        )
        check_order(owner, nodes, sources, order_only)
        check_inputs_are_used(owner, sources, ins)
        check_outputs(owner, nodes, outputs)
        dynamic = dynamic_outputs_of(owner, nodes, sources, outputs) if has_dynamic else frozenset()
        set_field = object.__setattr__
        set_field(self, "name", name)
        set_field(self, "nodes", nodes)
        set_field(self, "sources", sources)
        set_field(self, "order_only", order_only)
        set_field(self, "ins", ins)
        set_field(self, "outs", outs)
        set_field(self, "outputs", outputs)
        set_field(self, "input_types", graph_input_types(nodes, sources, ins))
        set_field(self, "inner_definitions", inner)
        set_field(self, "dynamic_outputs", dynamic)
        set_field(self, "has_dynamic", has_dynamic)
        set_field(self, "config_mapping", config_mapping)
        set_field(self, "description", description)
        set_field(self, "tags", tags)
        set_field(self, "origin", origin)

    def __repr__(self) -> str:
        return f"GraphDefinition({self.name})"

    def configured(
        self,
        config_or_config_fn: object,
        name: str | None = None,
        config_schema: object = None,
        description: str | None = None,
    ) -> GraphDefinition:
        """Return the graph, renamed, with config baked in: a value, or a function from `config_schema`."""
        return with_baked_config(self, config_or_config_fn, config_schema, name, description)

    @property
    def unselected_nodes(self) -> frozenset[str]:
        """Return the nodes that a selection left out of the graph; config for them is known, and ignored."""
        return frozenset()

    @property
    def unselected_inputs(self) -> frozenset[str]:
        """Return the inputs that a selection left without a reader; values for them are ignored."""
        return frozenset()

    def to_job(
        self,
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
        op_selection: Sequence[str] | None = None,
    ) -> JobDefinition:
        """Return a job that runs this graph; the parameters are those of `@job`.

        With `op_selection` the job holds what is selected and nothing else: a later selection starts from
        there. Errors: as for `JobDefinition`; `InvalidSubsetError` for the selection.
        """
        from jobc.runtime.definitions.job import JobDefinition, selected

        job = JobDefinition(
            graph_def=self,
            name=name,
            description=description,
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
        )
        return job if op_selection is None else selected(job, op_selection)

    def execute_in_process(
        self,
        run_config: Mapping[str, object] | RunConfig | None = None,
        instance: Any = None,
        resources: Mapping[str, object] | None = None,
        raise_on_error: bool = True,
        op_selection: Sequence[str] | None = None,
        run_id: str | None = None,
        input_values: Mapping[str, object] | None = None,
    ) -> ExecuteInProcessResult:
        """Run the graph in this process, as a job of its name with these resources or plain objects."""
        return self.to_job(resource_defs=resources).execute_in_process(
            run_config=run_config,
            instance=instance,
            raise_on_error=raise_on_error,
            op_selection=op_selection,
            run_id=run_id,
            input_values=input_values,
        )

    @property
    def described(self) -> str:
        """Return what messages call the graph."""
        return f"graph `{self.name}`"

    def input_type(self, name: str) -> JobcType:
        """Return the type of an input."""
        return self.input_types[name]

    def output_type(self, name: str) -> JobcType:
        """Return the type of an output: that of the op output it passes on."""
        source = self.outputs[name]
        return self.nodes[source.node].definition.output_type(source.output)

    def is_dynamic_out(self, name: str) -> bool:
        """Tell whether an output has one value per mapping key."""
        return name in self.dynamic_outputs

    def inner_flow(self) -> Flow:
        """Return how dynamic outputs pass through the graph."""
        return flow_of(self)
