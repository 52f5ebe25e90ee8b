"""Jobs without their code: what a selection can be checked on where the author's packages are absent.

A hollow job has the graphs, tags, resources and types of the real one; its ops do nothing.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from jobc.compiler.bind.python_types import annotation_of, names_class
from jobc.compiler.link.graphs import link_graph
from jobc.compiler.link.types import plain_type
from jobc.compiler.syntax.types import parse_type
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.loading import spec_type
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction
from jobc.runtime.definitions.ports import DynamicOut, In, Out
from jobc.runtime.definitions.resource import ResourceDefinition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.runtime.definitions.types import JobcType
    from jobc.schemas.ir import CompiledInput, CompiledJob, CompiledNode, CompiledOp, CompiledOutput


def hollow_job(job: CompiledJob) -> JobDefinition:
    """Return a job that can be selected from and planned, never run."""
    nodes: dict[str, list[CompiledNode]] = {}
    for graph in job.graphs.values():
        for node in graph.nodes:
            nodes.setdefault(node.definition, []).append(node)
    ops = {name: _hollow_op(op, nodes.get(name, ())) for name, op in job.ops.items()}
    resources = {key: ResourceDefinition.none_resource() for key in job.resources}
    made = JobDefinition(
        graph_def=link_graph(_without_options(job), ops, {}), name=job.name, resource_defs=resources
    )
    return changed(made, selections=job.selections)


def _without_options(job: CompiledJob) -> CompiledJob:
    """Return the job without what only a run needs of its nodes."""
    graphs = {
        name: replace(
            graph, nodes=tuple(replace(node, config={}, hooks=(), retry=None) for node in graph.nodes)
        )
        for name, graph in job.graphs.items()
    }
    return replace(job, graphs=graphs)


def is_known(job: CompiledJob) -> bool:
    """Tell whether all types and resources of a job can be told without importing its code."""
    ops = job.ops.values()
    inputs = [each.type or _unstated(op) for op in ops for each in (op.inputs or {}).values()]
    outputs = [each.type or _unstated(op) for op in ops for each in op.outputs]
    return all(op.inputs is not None for op in ops) and all(map(_is_plain, (*inputs, *outputs)))


def _unstated(op: CompiledOp) -> str | None:
    """Return the type of what an op states none for: commands have no annotations that could tell more."""
    return "any" if op.kind in ("command", "shell") else None


def _hollow_op(op: CompiledOp, nodes: Iterable[CompiledNode]) -> OpDefinition:
    if op.inputs is not None:
        ins = {name: _hollow_in(each) for name, each in op.inputs.items()}
    else:
        ins = {name: In(default_value=None) for name in _names_used(nodes)}
    return OpDefinition.of(
        op.name,
        OpFunction(_does_nothing),
        ins,
        {each.name: _hollow_out(each) for each in op.outputs},
        required_resource_keys=frozenset(op.resources),
        tags=op.tags,
        kind=op.kind,
    )


def _names_used(nodes: Iterable[CompiledNode]) -> list[str]:
    """Return names for the inputs that nodes feed, positions first."""
    used = list(nodes)
    positions = max((len(node.positional) for node in used), default=0)
    names = dict.fromkeys(name for node in used for name in node.inputs)
    return [*(f"argument_{number}" for number in range(1, positions + 1)), *names]


def _hollow_in(compiled: CompiledInput) -> In:
    """Return an input that needs what the real one surely needs; only an import may tell its default."""
    kind = _hollow_type(compiled.type)
    is_needed = compiled.type is not None and compiled.required and not compiled.has_default
    return In(kind) if is_needed or kind.is_nothing else In(kind, default_value=None)


def _hollow_out(output: CompiledOutput) -> Out:
    declare = DynamicOut if output.dynamic else Out
    return declare(_hollow_type(output.type), is_required=output.required, asset_key=output.asset or None)


def _hollow_type(text: str | None) -> JobcType:
    expression = None if text is None else parse_type(text)[0]
    if text is None or expression is None or not names_class(expression):
        return plain_type(text or "any")
    return spec_type(annotation_of(expression, lambda named: _stand_in(named.name)))


def _is_plain(text: str | None) -> bool:
    expression = None if text is None else parse_type(text)[0]
    return expression is not None and not names_class(expression)


@cache
def _stand_in(name: str) -> type:
    """Return a class in place of one of the author's, of which config can hold no values."""
    return type(name, (), {})


def _does_nothing() -> None:
    """Stand in for the author's function."""
