"""Jobs without their code: what a selection can be checked on where the author's packages are absent.

A hollow job has the graphs, tags, resources and types of the real one; its ops do nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.link.graphs import link_graph
from jobc.compiler.link.imports import Importer
from jobc.compiler.link.types import runtime_type
from jobc.compiler.syntax.types import Generic, PythonType, Union, parse_type
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction
from jobc.runtime.definitions.ports import In, Out
from jobc.runtime.definitions.resource import ResourceDefinition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.compiler.syntax.types import TypeExpr
    from jobc.runtime.definitions.types import JobcType
    from jobc.schemas.ir import CompiledJob, CompiledNode, CompiledOp


_NOTHING_TO_IMPORT = Importer(())


def hollow_job(job: CompiledJob) -> JobDefinition:
    """Return a job that can be selected from and planned, never run."""
    nodes: dict[str, list[CompiledNode]] = {}
    for graph in job.graphs.values():
        for node in graph.nodes:
            nodes.setdefault(node.definition, []).append(node)
    ops = {name: _hollow_op(op, nodes.get(name, ())) for name, op in job.ops.items()}
    resources = {key: ResourceDefinition.none_resource() for key in job.resources}
    made = JobDefinition(graph_def=link_graph(job, ops), name=job.name, resource_defs=resources)
    return changed(made, selections=job.selections)


def is_known(job: CompiledJob) -> bool:
    """Tell whether all types and resources of a job can be told without importing its code."""
    ops = job.ops.values()
    inputs = [each.type for op in ops for each in (op.inputs or {}).values()]
    outputs = [each.type for op in ops for each in op.outputs]
    return all(op.inputs is not None for op in ops) and all(map(_is_plain, (*inputs, *outputs)))


def _hollow_op(op: CompiledOp, nodes: Iterable[CompiledNode]) -> OpDefinition:
    if op.inputs is not None:
        ins = {name: _hollow_in(each.type) for name, each in op.inputs.items()}
    else:
        ins = {name: In(default_value=None) for name in _names_used(nodes)}
    return OpDefinition.of(
        op.name,
        OpFunction(_does_nothing),
        ins,
        {each.name: Out(_hollow_type(each.type), is_required=each.required) for each in op.outputs},
        required_resource_keys=frozenset(op.resources),
        tags=op.tags,
    )


def _names_used(nodes: Iterable[CompiledNode]) -> list[str]:
    """Return names for the inputs that nodes feed, positions first."""
    used = list(nodes)
    positions = max((len(node.positional) for node in used), default=0)
    names = dict.fromkeys(name for node in used for name in node.inputs)
    return [*(f"argument_{number}" for number in range(1, positions + 1)), *names]


def _hollow_in(text: str | None) -> In:
    kind = _hollow_type(text)
    return In(kind) if kind.is_nothing else In(kind, default_value=None)


def _hollow_type(text: str | None) -> JobcType:
    return runtime_type(text if text is not None and _is_plain(text) else "any", _NOTHING_TO_IMPORT)


def _is_plain(text: str | None) -> bool:
    expression = None if text is None else parse_type(text)[0]
    return expression is not None and not _names_a_class(expression)


def _names_a_class(expression: TypeExpr) -> bool:
    if isinstance(expression, Generic):
        return any(map(_names_a_class, expression.arguments))
    if isinstance(expression, Union):
        return any(map(_names_a_class, expression.members))
    return isinstance(expression, PythonType)


def _does_nothing() -> None:
    """Stand in for the author's function."""
