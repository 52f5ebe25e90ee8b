"""Rule: what an edge passes on can be a value of the input that it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.bind.assignability import NOTHING, assignable
from jobc.compiler.bind.axes import GraphAxes
from jobc.compiler.bind.input_types import InputTypes
from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.output_types import OutputTypes
from jobc.compiler.bind.program import InputSource, ManySource, NodeSource, own
from jobc.compiler.bind.written_types import written_type
from jobc.compiler.syntax.types import ANY, NONE, Generic
from jobc.schemas.diagnostics import Diagnostic, Related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.output_types import Declared
    from jobc.compiler.bind.program import GraphSymbol, InputSymbol, NodeSymbol, Program, SourceSymbol
    from jobc.compiler.syntax.document import Place
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.schemas.diagnostics import Location


class _Port(NamedTuple):
    """The input that an edge leads to."""

    name: str
    node: NodeSymbol
    type: TypeExpr


def check_edges(program: Program) -> Iterator[Diagnostic]:
    """Report edges between types of which no value is common (JC0510)."""
    edges = _Edges(program)
    for graph in own(program.graphs):
        names = [node.name for node in graph.nodes]
        if len(set(names)) < len(names):
            continue  # two nodes share a name, which is reported; what is meant cannot be told
        for node in graph.nodes:
            yield from edges.into(graph, node)


class _Edges:
    """Compares both ends of edges."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._inputs = InputTypes(program)
        self._outputs = OutputTypes(program)
        self._axes = GraphAxes(program)
        self._faults: dict[str, frozenset[Place]] = {}

    def into(self, graph: GraphSymbol, node: NodeSymbol) -> Iterator[Diagnostic]:
        """Report the edges into a node that cannot be."""
        names = input_names(self._program, node)
        if node.definition is None or names is None:
            return
        for name, argument in match(node, names).given.items():
            kind = self._wanted(node.definition, name)
            if kind is None or kind == NOTHING:
                continue  # what is only waited for may be of any type
            port = _Port(name, node, kind)
            if isinstance(argument.source, ManySource):
                yield from self._list(graph, argument.source, port)
            else:
                yield from self._one(graph, argument.source, port, is_item=False)

    def _wanted(self, definition: str, name: str) -> TypeExpr | None:
        """Return the type that an input takes when the job runs; else the one it is declared with."""
        found = self._inputs.of(definition, name)
        if found is not None and found != ANY:
            return found
        symbol = self._program.definition(definition)
        inputs = () if symbol is None else symbol.inputs or ()
        return next((each.type for each in inputs if each.name == name), None)

    def _list(self, graph: GraphSymbol, source: ManySource, port: _Port) -> Iterator[Diagnostic]:
        if assignable(Generic("list", (ANY,)), port.type) == "no":
            yield Diagnostic(
                "JC0510",
                f"a list of outputs cannot be the input `{port.name}` of `{port.node.name}`, "
                f"which takes `{port.type}`",
                self._program.document.locate(source.place),
                label=f"a list, not `{port.type}`",
                related=self._taken(port),
                help="pass one of them, or let the input take a list",
            )
            return
        for item in source.items:
            yield from self._one(graph, item, port, is_item=True)

    def _one(
        self, graph: GraphSymbol, source: SourceSymbol, port: _Port, *, is_item: bool
    ) -> Iterator[Diagnostic]:
        if isinstance(source, NodeSource):
            found = self._outputs.read(graph, source)
            if found is None or _fits(found.type, port.type, is_item=is_item):
                return
            if source.place not in self._at_fault(graph):
                yield self._misfit(source, found, port, is_item=is_item)
        elif isinstance(source, InputSource):
            symbol = next((each for each in graph.inputs if each.name == source.name), None)
            if symbol is not None and not _may_fit(symbol.type, port.type, is_item=is_item):
                yield self._passed_on(graph, source, symbol, port)

    def _at_fault(self, graph: GraphSymbol) -> frozenset[Place]:
        """Return where a graph takes items for one value or the other way round, which is reported."""
        if graph.name not in self._faults:
            self._faults[graph.name] = frozenset(fault.place for fault in self._axes.faults(graph))
        return self._faults[graph.name]

    def _misfit(self, source: NodeSource, found: Declared, port: _Port, *, is_item: bool) -> Diagnostic:
        document = self._program.document_of(found.op.name)
        gives = "no data" if found.type == NOTHING else f"`{found.type}`"
        gives = f"{gives} in a list" if is_item else gives
        return Diagnostic(
            "JC0510",
            f"the output `{found.output.name}` of `{source.node}` is {gives}, "
            f"the input `{port.name}` of `{port.node.name}` takes `{port.type}`",
            self._program.document.locate(source.place),
            label=f"{gives} where `{port.type}` is wanted",
            related=(
                Related("the output is declared here", document.locate_key(found.output.path)),
                *self._taken(port),
            ),
            help="`after` orders two nodes without data"
            if found.type == NOTHING
            else "pass another output, or change one of the two types",
        )

    def _passed_on(
        self, graph: GraphSymbol, source: InputSource, symbol: InputSymbol, port: _Port
    ) -> Diagnostic:
        declared = self._program.document.locate_key(symbol.path)
        return Diagnostic(
            "JC0510",
            f"the input `{symbol.name}` of {graph.described} is `{symbol.type}`, "
            f"the input `{port.name}` of `{port.node.name}` takes `{port.type}`",
            self._program.document.locate(source.place),
            label=f"`{symbol.type}` where `{port.type}` is wanted",
            related=(Related("that input is declared here", declared), *self._taken(port)),
            help="change one of the two types",
        )

    def _taken(self, port: _Port) -> tuple[Related, ...]:
        place = self._place(port)
        return () if place is None else (Related("the input is declared here", place),)

    def _place(self, port: _Port) -> Location | None:
        symbol = self._program.definition(port.node.definition)
        if symbol is None:
            return None
        path = next((each.path for each in symbol.inputs or () if each.name == port.name), symbol.path)
        return self._program.document_of(symbol.name).locate_key(path)


def _fits(kind: TypeExpr | None, wanted: TypeExpr, *, is_item: bool) -> bool:
    """Tell whether a value of a type, or a list that holds one, may be what is wanted."""
    if kind is None:
        return True
    if kind == NOTHING:
        kind = NONE
    return assignable(Generic("list", (kind,)) if is_item else kind, wanted) != "no"


def _may_fit(kind: TypeExpr | None, wanted: TypeExpr, *, is_item: bool) -> bool:
    """Tell the same of a graph's input, which takes the written form of what the nodes want, too."""
    if kind is None or kind == NOTHING or _fits(kind, wanted, is_item=is_item):
        return True
    return _fits(written_type(kind), written_type(wanted), is_item=is_item)
