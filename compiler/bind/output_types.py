"""Types of outputs, through graphs: what an output gives when the job runs, and where that is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.bind.program import NodeSource, OpSymbol
from jobc.compiler.bind.reach import DEFAULT_IO_MANAGER
from jobc.compiler.syntax.types import Generic

if TYPE_CHECKING:
    from jobc.compiler.bind.program import GraphSymbol, OutputSymbol, Program
    from jobc.compiler.syntax.types import TypeExpr

# IO managers that give back what they were given.
_FAITHFUL = frozenset({"fs_io_manager", "mem_io_manager"})


class Declared(NamedTuple):
    """An output of an op, and the type of the values that its readers get.

    That type is unknown where an IO manager of the author's own may make something else of the values.
    """

    op: OpSymbol
    output: OutputSymbol
    type: TypeExpr | None


class OutputTypes:
    """Tells the types of outputs of a program's ops and graphs; each is worked out once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[tuple[str, str | None], Declared | None] = {}
        self._nodes: dict[str, dict[str, str | None]] = {}
        self._faithful: dict[str, bool] = {}

    def of(self, definition: str | None, output: str | None) -> Declared | None:
        """Return what stands behind an output of an op or graph; None where that is not known.

        Without a name it is the only output. Of a dynamic output the type is that of each item.
        """
        symbol = self._program.definition(definition)
        if symbol is None or symbol.is_open:
            return None
        key = (symbol.name, output)
        if key not in self._known:
            self._known[key] = None  # for graphs that contain each other, which is reported
            if isinstance(symbol, OpSymbol):
                self._known[key] = self._of_op(symbol, output)
            else:
                self._known[key] = self._of_graph(symbol, output)
        return self._known[key]

    def read(self, graph: GraphSymbol, source: NodeSource) -> Declared | None:
        """Return what a source in a graph reads: of items that are collected, the list of them."""
        if graph.name not in self._nodes:
            self._nodes[graph.name] = {node.name: node.definition for node in graph.nodes}
        found = self.of(self._nodes[graph.name].get(source.node), source.output)
        if found is None or found.type is None or source.each != "collect":
            return found
        return found._replace(type=Generic("list", (found.type,)))

    def _of_op(self, op: OpSymbol, name: str | None) -> Declared | None:
        outputs = [each for each in op.outputs if name in (None, each.name)]
        if len(outputs) != 1:
            return None
        (output,) = outputs
        is_faithful = self._is_faithful(output.io_manager or DEFAULT_IO_MANAGER)
        return Declared(op, output, output.type if is_faithful else None)

    def _of_graph(self, graph: GraphSymbol, name: str | None) -> Declared | None:
        sources = [each.source for each in graph.outputs if name in (None, each.name)]
        if len(sources) == 1 and isinstance(sources[0], NodeSource):
            return self.read(graph, sources[0])
        return None

    def _is_faithful(self, key: str) -> bool:
        """Tell whether what serves a key in any job surely gives back what it was given."""
        if key not in self._faithful:
            names = {job.resources.get(key, key) for job in self._program.jobs.values()} | {key}
            found = [self._program.resources.get(name) for name in names]
            self._faithful[key] = all(
                key == DEFAULT_IO_MANAGER if each is None else each.builtin in _FAITHFUL for each in found
            )
        return self._faithful[key]
