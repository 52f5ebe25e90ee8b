"""How dynamic outputs pass through graphs, and where that breaks the rules (SEMANTICS 10).

Every value is below a set of *axes*: the dynamic outputs that it was mapped over and not yet collected from,
and the inputs of its graph, which may turn out to be mapped where the graph is invoked. A node may be below
one axis. Mapping adds the output that is mapped over, collecting takes it away, and what a graph does with
its inputs is worked out once for all its nodes. The runtime has the same rules for graphs that are made in
Python; here they are told with the place of each mistake, and all in one go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.program import GraphSymbol, InputSource, ManySource, NodeSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jobc.compiler.bind.program import ArgumentSymbol, NodeSymbol, Program, SourceSymbol
    from jobc.compiler.syntax.document import Place


class Axis(NamedTuple):
    """A dynamic output: of a node of the graph, or of one inside it (then the output is dotted)."""

    node: str
    output: str

    def __str__(self) -> str:
        return f"{self.node}.{self.output}"


Axes: TypeAlias = frozenset[Axis | str]
"""Dynamic outputs, and names of inputs of the graph."""

NO_AXES: Axes = frozenset()


class Meeting(NamedTuple):
    """Inputs of a graph that meet in one node below, of which the node reads `direct` as they are.

    `has_axis` tells that the node is below a dynamic output of its own graph already.
    """

    inputs: frozenset[str]
    direct: frozenset[str]
    has_axis: bool


@dataclass(slots=True)
class Flow:
    """How axes pass through a graph.

    `outputs` holds, by output, the inputs that reach it; `dynamic` the axes of the graph that an output is
    below. `unsure` are outputs of which only an imported function can tell whether they are dynamic.
    """

    outputs: dict[str, frozenset[str]] = field(default_factory=dict)
    dynamic: dict[str, frozenset[Axis]] = field(default_factory=dict)
    meetings: set[Meeting] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)


class Fault(NamedTuple):
    """A rule that is broken, and where; `first` is where the other half of it stands.

    `name` is the output or node at fault, `axes` the dynamic outputs that take part.
    """

    code: str
    place: Place
    name: str
    axes: tuple[str, ...] = ()
    first: Place | None = None


class GraphAxes:
    """Works out flows and faults of a program's graphs, each once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._done: dict[str, _Analysis] = {}

    def faults(self, graph: GraphSymbol) -> list[Fault]:
        """Return the rules that are broken in a graph, each once, not those in graphs that it invokes."""
        return list(dict.fromkeys(self._analysis(graph).faults))

    def flow(self, graph: GraphSymbol) -> Flow | None:
        """Return how axes pass through a graph; None where a part of it is not known."""
        return None if graph.is_open or not graph.is_whole else self._analysis(graph).flow

    def _analysis(self, graph: GraphSymbol) -> _Analysis:
        if graph.name not in self._done:
            analysis = _Analysis(self, graph)
            analysis.run()
            self._done[graph.name] = analysis
        return self._done[graph.name]


class _Analysis:
    """The walk over one graph; nodes of which something is not known are left out, with all they feed."""

    def __init__(self, graphs: GraphAxes, graph: GraphSymbol) -> None:
        self.flow = Flow()
        self.faults: list[Fault] = []
        self._graphs = graphs
        self._program = graphs.program
        self._graph = graph
        self._definitions = {node.name: node.definition for node in graph.nodes}
        self._carried: dict[Axis, Axes] = {}
        self._inner: dict[str, Flow] = {}

    def run(self) -> None:
        """Walk over the nodes, each after those that feed it, then over the outputs."""
        if len(self._definitions) == len(self._graph.nodes):
            for node in _in_order(self._graph.nodes):
                self._enter(node)
        for output in self._graph.outputs:
            source = output.source
            if isinstance(source, NodeSource):
                self._leave(output.name, source)

    def _leave(self, name: str, source: NodeSource) -> None:
        if source.each is not None:
            self.faults.append(Fault("JC0427", source.place, name))
            return
        key = _key(source)
        if key not in self._carried:
            self.flow.unsure.add(name)
            return
        axes = self._axes_of_items(key)
        dynamic = frozenset(axis for axis in axes if isinstance(axis, Axis))
        if dynamic:
            self.flow.dynamic[name] = dynamic
        elif self._is_dynamic(key) is None:
            self.flow.unsure.add(name)
        self.flow.outputs[name] = _inputs_in(axes)

    def _enter(self, node: NodeSymbol) -> None:
        definition = self._program.definition(node.definition)
        if definition is None or definition.is_open or not self._is_fed_by_known(node):
            return
        axes = self._axes_of_arguments(node)
        if not isinstance(definition, GraphSymbol):
            self._meet(_Met(node, node.arguments, node.arguments, axes))
            together = NO_AXES.union(*axes.values())
            self._carried.update((Axis(node.name, each.name), together) for each in definition.outputs)
            return
        inner = self._graphs.flow(definition)
        if inner is not None:
            self._inner[node.name] = inner
            self._enter_graph(node, inner, axes)

    def _is_fed_by_known(self, node: NodeSymbol) -> bool:
        """Tell whether all that is mapped for a node is known."""
        return all(
            _key(argument.source) in self._carried
            for argument in node.arguments
            if isinstance(argument.source, NodeSource) and argument.source.each == "map"
        )

    def _enter_graph(self, node: NodeSymbol, inner: Flow, axes: Mapping[Place, Axes]) -> None:
        given = match(node, input_names(self._program, node)).given
        for meeting in sorted(inner.meetings, key=_sortable):
            met = [given[name] for name in sorted(meeting.inputs) if name in given]
            read = [given[name] for name in sorted(meeting.direct) if name in given]
            if not self._meet(_Met(node, met, read, axes, meeting.has_axis)):
                break
        for output, names in inner.outputs.items():
            reaching = (axes[given[name].place] for name in names if name in given)
            self._carried[Axis(node.name, output)] = NO_AXES.union(*reaching)

    def _axes_of_arguments(self, node: NodeSymbol) -> dict[Place, Axes]:
        """Return the axes that each argument, by its place, brings to a node; faulty sources bring none.

        A value that comes in items may be read as it is only by a node that gets the items anyway.
        """
        axes = {argument.place: self._axes_of_each(argument.source) for argument in node.arguments}
        mapped = NO_AXES.union(*axes.values())
        for argument in node.arguments:
            source = argument.source
            if isinstance(source, InputSource):
                axes[argument.place] |= {source.name}
            elif isinstance(source, NodeSource) and source.each is None:
                axes[argument.place] |= self._axes_read(source, mapped, "JC0420")
            elif isinstance(source, ManySource):
                axes[argument.place] |= self._axes_of_list(source, mapped)
        return axes

    def _axes_of_list(self, source: ManySource, mapped: Axes) -> Axes:
        found = NO_AXES
        for item in source.items:
            if isinstance(item, InputSource):
                found |= {item.name}
            elif item.each is not None:
                self.faults.append(Fault("JC0422", item.place, item.node))
            else:
                found |= self._axes_read(item, mapped, "JC0422")
        return found

    def _axes_read(self, source: NodeSource, mapped: Axes, code: str) -> Axes:
        """Return the axes of a value that is read as it is."""
        key = _key(source)
        carried = self._carried.get(key, NO_AXES)
        below = frozenset(axis for axis in carried if isinstance(axis, Axis))
        if self._is_dynamic(key) or not below <= mapped:
            self.faults.append(Fault(code, source.place, source.node))
            return _inputs_in(carried)
        return carried

    def _axes_of_each(self, source: SourceSymbol) -> Axes:
        """Return the axes that `map` and `collect` bring; of other sources there are none."""
        if not isinstance(source, NodeSource) or source.each is None or _key(source) not in self._carried:
            return NO_AXES
        key = _key(source)
        axes = self._axes_of_items(key, is_sure=True)
        own = sorted(str(axis) for axis in axes if isinstance(axis, Axis))
        if not own:
            self.faults.append(Fault("JC0410", source.place, source.each))
        elif len(own) > 1:
            others = tuple(axis for axis in own if not axis.startswith(f"{key}"))
            self.faults.append(Fault("JC0424", source.place, source.node, others))
            return _inputs_in(axes)
        if source.each == "map":
            return axes
        if _inputs_in(axes):
            self.flow.meetings.add(Meeting(_inputs_in(axes), frozenset(), bool(own)))
        return _inputs_in(axes)

    def _axes_of_items(self, key: Axis, *, is_sure: bool = False) -> Axes:
        """Return the axes below which each single item of an output is."""
        carried = self._carried[key]
        dynamic = self._is_dynamic(key)
        if dynamic is None and is_sure:
            # It has items if it is mapped or collected, unless they are those it is below already.
            dynamic = not any(isinstance(axis, Axis) for axis in carried)
        if not dynamic:
            return carried
        inner = self._inner.get(key.node)
        if inner is None or key.output not in inner.dynamic:
            return carried | {key}
        return carried | {Axis(key.node, str(axis)) for axis in inner.dynamic[key.output]}

    def _is_dynamic(self, key: Axis) -> bool | None:
        """Tell whether an output gives items itself; None where only the imported function can tell."""
        inner = self._inner.get(key.node)
        if inner is not None:
            return None if key.output in inner.unsure else key.output in inner.dynamic
        op = self._program.ops.get(self._definitions.get(key.node) or "")
        outputs = () if op is None else op.outputs
        return next((each.dynamic for each in outputs if each.name == key.output), None)

    def _meet(self, met: _Met) -> bool:
        """Check what meets in one node, and note it for graphs that invoke this one; tell if all is well."""
        before = len(self.faults)
        places: dict[Axis, Place] = {}
        for argument in met.arguments:
            for axis in met.axes[argument.place]:
                if isinstance(axis, Axis):
                    places.setdefault(axis, argument.source.place)
        if len(places) + met.has_axis > 1:
            self.faults.append(_two_axes(met.node, places))
        for argument in met.read:
            source = argument.source
            if isinstance(source, NodeSource) and source.each == "collect" and _key(source) in self._carried:
                both = self._axes_of_items(_key(source), is_sure=True) & places.keys()
                if both:
                    names = tuple(sorted(map(str, both)))
                    self.faults.append(Fault("JC0425", source.place, met.node.name, names))
        inputs = _inputs_in(NO_AXES.union(*(met.axes[argument.place] for argument in met.arguments)))
        sources = (argument.source for argument in met.read)
        passed = frozenset(source.name for source in sources if isinstance(source, InputSource))
        if inputs:
            self.flow.meetings.add(Meeting(inputs, passed, met.has_axis or bool(places)))
        return len(self.faults) == before


class _Met(NamedTuple):
    """What meets in one node: `node`, or one in the graph that it invokes, which reads `read` as they are.

    `axes` is by the place of an argument; `has_axis` is that of a `Meeting`.
    """

    node: NodeSymbol
    arguments: Sequence[ArgumentSymbol]
    read: Sequence[ArgumentSymbol]
    axes: Mapping[Place, Axes]
    has_axis: bool = False


def _two_axes(node: NodeSymbol, places: Mapping[Axis, Place]) -> Fault:
    """Return the fault of a node that more than one dynamic output meets in, at the second of them."""
    found = sorted(places.items(), key=lambda entry: (entry[1].part or (0, 0), entry[1].path, entry[0]))
    first, last = found[0][1], found[min(1, len(found) - 1)][1]
    names = tuple(sorted(map(str, places)))
    return Fault("JC0421", last, node.name, names, None if first == last else first)


def _sortable(meeting: Meeting) -> tuple[list[str], list[str], bool]:
    """Return what meetings are sorted by, so that reports are the same in every run."""
    return sorted(meeting.inputs), sorted(meeting.direct), meeting.has_axis


def _key(source: NodeSource) -> Axis:
    return Axis(source.node, source.output or "")


def _inputs_in(axes: Axes) -> frozenset[str]:
    return frozenset(axis for axis in axes if isinstance(axis, str))


def _in_order(nodes: Iterable[NodeSymbol]) -> Iterator[NodeSymbol]:
    """Yield nodes after those that feed them; members of rings, and what they feed, are left out."""
    waiting = {node.name: node for node in nodes}
    needs = {name: {each for each in _fed_by(node) if each in waiting} for name, node in waiting.items()}
    feeds: dict[str, list[str]] = {}
    for name, sources in needs.items():
        for source in sources:
            feeds.setdefault(source, []).append(name)
    ready = [name for name, sources in needs.items() if not sources]
    for name in ready:  # grows while it is walked
        yield waiting[name]
        for later in feeds.get(name, ()):
            needs[later].discard(name)
            if not needs[later]:
                ready.append(later)


def _fed_by(node: NodeSymbol) -> Iterator[str]:
    for argument in node.arguments:
        source = argument.source
        for item in source.items if isinstance(source, ManySource) else (source,):
            if isinstance(item, NodeSource):
                yield item.node
