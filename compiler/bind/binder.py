"""Phase 3: bind a document. Ops and resources first, then graphs over them, then jobs over graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.bind.classes import check_classes
from jobc.compiler.bind.extra_binder import ExtraBinder
from jobc.compiler.bind.fields import input_symbols
from jobc.compiler.bind.functions import Functions
from jobc.compiler.bind.imports import is_visible
from jobc.compiler.bind.job_graphs import bind_job_graphs
from jobc.compiler.bind.jobs import JobBinder
from jobc.compiler.bind.nesting import check_nesting
from jobc.compiler.bind.nodes import NodesBinder
from jobc.compiler.bind.ops import OpBinder
from jobc.compiler.bind.partitions import PartitionBinder
from jobc.compiler.bind.program import GraphSymbol, OpSymbol, Program
from jobc.compiler.bind.scope import Scope, Signature
from jobc.compiler.bind.variables import Variables
from jobc.compiler.bind.wiring import bind_wiring
from jobc.compiler.syntax.wiring_nodes import Return
from jobc.schemas.diagnostics import Diagnostic, Related

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.bind.imports import Imports, Unit
    from jobc.compiler.bind.program import GraphOutputSymbol, NodeSymbol
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.ir import Data
    from jobc.schemas.spec import GraphSpec


class Bound(NamedTuple):
    """The outcome of phase 3."""

    program: Program
    diagnostics: tuple[Diagnostic, ...]


def bind(
    document: Document, unit: Unit, given: Mapping[str, Data] | None = None, *, with_notes: bool = False
) -> Bound:
    """Tie every name of a document to what it names, in the document itself and in what it imports.

    `unit` follows its imports and knows where it stands; `given` are values of vars passed from outside.
    With notes, what could not be checked is said, too.
    """
    variables = Variables(document, given or {})
    values = variables.fold_all()
    if unit.is_root:
        variables.report_required()
    found: list[Diagnostic] = []
    imports = unit.follow(document, variables)
    if document.spec.imports:
        document, found = imports.into(document)
    functions = Functions(document, unit.index(document.spec.python_path), with_notes=with_notes)
    binder = OpBinder(document, variables, functions)
    ops = {name: binder.bind_op(name, spec) for name, spec in document.spec.ops.items()}
    resources = {name: binder.bind_resource(name, spec) for name, spec in document.spec.resources.items()}
    check_classes(document, functions)
    found += _same_names(document)
    ops |= imports.table("ops")
    graphs = _bind_graphs(document, variables, ops, imports, found)
    job_binder = JobBinder(document, variables, imports.table("jobs"))
    jobs = job_binder.bind_jobs()
    keys = PartitionBinder(document, variables, functions)
    partitions = {name: keys.bind_partitions(name, spec) for name, spec in document.spec.partitions.items()}
    configs = {name: keys.bind_config(name, spec) for name, spec in document.spec.partitioned_configs.items()}
    extra_binder = ExtraBinder(document, variables, functions)
    extras = extra_binder.bind_extras()
    graphs = check_nesting(document, graphs, ops, found)
    found += [
        *variables.diagnostics,
        *functions.diagnostics,
        *binder.diagnostics,
        *job_binder.diagnostics,
        *keys.diagnostics,
        *extra_binder.diagnostics,
        *unit.diagnostics,
    ]
    program = Program(
        document,
        values,
        ops,
        graphs,
        resources | imports.table("resources"),
        jobs | imports.table("jobs"),
        partitions | imports.table("partitions"),
        configs | imports.table("partitioned_configs"),
        imports.beside(extras),
        _selections(document) | imports.table("selections"),
        imports.programs,
        unit.folder,
    )
    return Bound(program, tuple(found))


def _selections(document: Document) -> dict[str, tuple[str, ...]]:
    return {
        name: (query,) if isinstance(query, str) else tuple(query)
        for name, query in document.spec.selections.items()
    }


def _same_names(document: Document) -> Iterator[Diagnostic]:
    for name in document.spec.graphs:
        if name in document.spec.ops:
            first = document.locate_key(("ops", name))
            yield Diagnostic(
                "JC0306",
                f"`{name}` is the name of an op and of a graph",
                document.locate_key(("graphs", name)),
                label="named a second time",
                related=(Related(f"the op `{name}` is defined here", first),),
                help="rename one of them",
            )


def _bind_graphs(
    document: Document,
    variables: Variables,
    ops: Mapping[str, OpSymbol],
    imports: Imports,
    found: list[Diagnostic],
) -> dict[str, GraphSymbol]:
    imported: dict[str, GraphSymbol] = imports.table("graphs")
    signatures = {name: _op_signature(op) for name, op in ops.items() if is_visible(name)}
    invoked = {name: graph for name, graph in imported.items() if graph.path[0] == "graphs"}
    signatures |= {name: _bound_signature(graph) for name, graph in invoked.items() if is_visible(name)}
    for name, spec in document.spec.graphs.items():
        signatures.setdefault(name, _graph_signature(document, name, spec))
    scope = Scope(document, signatures)
    bound = {
        name: _bind_graph(document, variables, scope, name, spec, found)
        for name, spec in document.spec.graphs.items()
    }
    return bound | bind_job_graphs(document, variables, scope, found) | imported


def _op_signature(op: OpSymbol) -> Signature:
    if op.is_open:
        return Signature(None, None)
    inputs = None if op.inputs is None else tuple(symbol.name for symbol in op.inputs)
    return Signature(inputs, tuple(output.name for output in op.outputs))


def _bound_signature(graph: GraphSymbol) -> Signature:
    if graph.is_open or not graph.is_whole:
        return Signature(None, None)
    inputs = tuple(symbol.name for symbol in graph.inputs)
    return Signature(inputs, tuple(output.name for output in graph.outputs))


def _graph_signature(document: Document, name: str, spec: GraphSpec) -> Signature:
    if document.is_broken(("graphs", name)):
        return Signature(None, None)
    outputs = tuple(spec.outputs)
    if spec.wiring is not None:
        wiring = document.wirings.get(("graphs", name, "wiring"))
        if wiring is None:
            return Signature(tuple(spec.inputs), None)
        returns = [statement for statement in wiring.statements if isinstance(statement, Return)]
        if not returns and ("graphs", name, "wiring") in document.broken_texts:
            return Signature(tuple(spec.inputs), None)  # the line that was not read may be the `return`
        items = [item for each in returns for item in each.items]
        outputs = tuple(item.output.text if item.output else "result" for item in items)
    return Signature(tuple(spec.inputs), outputs)


def _bind_graph(
    document: Document,
    variables: Variables,
    scope: Scope,
    name: str,
    spec: GraphSpec,
    found: list[Diagnostic],
) -> GraphSymbol:
    path: Path = ("graphs", name)
    inputs = input_symbols(document, variables, (*path, "inputs"), spec.inputs)
    nodes: tuple[NodeSymbol, ...] = ()
    outputs: tuple[GraphOutputSymbol, ...] = ()
    if (*path, "wiring") in document.wirings:
        bound, mistakes = bind_wiring(document, variables, scope, path, spec.inputs)
        nodes, outputs = bound
        found += mistakes
        if spec.outputs:
            found.append(_outputs_beside_wiring(document, path))
    elif spec.wiring is None:
        binder = NodesBinder(document, variables, scope, path, spec)
        nodes, outputs = binder.bind_nodes(), binder.bind_outputs(spec.outputs)
        found += binder.diagnostics
        if not spec.nodes and "wiring" not in spec.model_fields_set and not document.is_broken(path):
            found.append(_empty_graph(document, path))
    is_open = document.is_broken(path)
    is_whole = not is_open and (*path, "wiring") not in document.broken_texts
    return GraphSymbol(name, path, inputs, nodes, outputs, spec.description, is_open, is_whole)


def _outputs_beside_wiring(document: Document, path: Path) -> Diagnostic:
    return Diagnostic(
        "JC0210",
        f"`outputs` of graph `{path[-1]}` stands beside `wiring`",
        document.locate_key((*path, "outputs")),
        label="wiring text has its own way to say this",
        help="end the wiring with `return name=variable`",
    )


def _empty_graph(document: Document, path: Path) -> Diagnostic:
    return Diagnostic(
        "JC0202",
        f"graph `{path[-1]}` has neither `wiring` nor `nodes`",
        document.locate_key(path),
        label="the graph is empty",
        help="add `wiring: |` with one line for each node, for example `rows = read(day)`",
    )
