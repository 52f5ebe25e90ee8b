"""Random graphs and random queries select what brute force selects, and run what it says must run.

The oracle below knows nothing of trees, ranges or walks: a job is a nested description, its edges are found
by passing names through it instead of values, and every question is asked of all pairs of ops.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.ports import GraphIn, In, Out
from jobc.runtime.definitions.sources import FanIn, GraphInput, NodeOutput, Source
from jobc.runtime.errors import InvalidSubsetError
from jobc.runtime.selection.catalogue import job_query_graph
from jobc.runtime.selection.clauses import parse
from jobc.runtime.selection.printing import printed
from jobc.runtime.selection.select import select
from jobc.runtime.selection.subset import selected_job

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobc.runtime.selection.expressions import Expression

Ops = frozenset[str]


@dataclass(frozen=True)
class Place:
    """A node of a random graph: what it reads, what it comes after, and, if it is a graph, its nodes.

    `reads` and `after` are positions of earlier nodes beside it; a graph reads at most one. `takes_input`
    says that it reads the input of the graph around it, `result` which of its nodes a graph passes on.
    """

    name: str
    reads: tuple[int, ...]
    after: tuple[int, ...]
    takes_input: bool
    tag: str
    nodes: tuple[Place, ...] = ()
    result: int | None = None

    @property
    def is_read(self) -> bool:
        """Tell whether anything can be read from the node."""
        return not self.nodes or self.result is not None


@st.composite
def places(draw: st.DrawFn, depth: int = 0) -> tuple[Place, ...]:
    """Return the nodes of one random graph; names differ at each depth, and graphs stand at two depths."""
    made: list[Place] = []
    for number in range(draw(st.integers(1, 6 if depth == 0 else 3))):
        is_graph = depth < 2 and draw(st.integers(0, 4)) == 0
        nodes = draw(places(depth + 1)) if is_graph else ()
        earlier = st.sampled_from(range(number)) if number else st.nothing()
        reads = draw(st.lists(earlier, max_size=1 if is_graph else 3, unique=True)) if number else []
        after = draw(st.lists(earlier, max_size=1)) if number and draw(st.integers(0, 4)) == 0 else []
        readable = [place for place, node in enumerate(nodes) if node.is_read]
        made.append(
            Place(
                f"{'nmk'[depth]}{number}",
                tuple(each for each in reads if made[each].is_read),
                tuple(after),
                depth > 0 and draw(st.booleans()),
                draw(st.sampled_from(["red", "green", "blue"])),
                nodes,
                draw(st.sampled_from([*readable, None])) if nodes else None,
            )
        )
    return tuple(made)


def shown(values: list[object], outer: object) -> tuple[object, ...]:
    """Return what the op read, so that a run shows where its values came from."""
    return (*values, outer)


SHOW = OpDefinition.of(
    "show",
    OpFunction(shown, (Slot("input", "values"), Slot("input", "outer"))),
    {"values": In(list), "outer": In(default_value="nothing")},
    {"result": Out()},
)


def graph_of(name: str, nodes: tuple[Place, ...], result: int | None) -> GraphDefinition:
    """Return the graph of a description; its input is `x`, if something reads it."""
    made: dict[str, Node] = {}
    sources: dict[str, dict[str, Source]] = {}
    for place in nodes:
        read = tuple(NodeOutput(nodes[each].name) for each in place.reads)
        if place.nodes:
            definition: GraphDefinition | OpDefinition = graph_of(
                f"{name}_{place.name}", place.nodes, place.result
            )
            wanted: Source | None = read[0] if read else (GraphInput("x") if place.takes_input else None)
            sources[place.name] = {"x": wanted} if wanted is not None and "x" in definition.ins else {}
        else:
            definition = SHOW
            outer: dict[str, Source] = {"outer": GraphInput("x")} if place.takes_input else {}
            sources[place.name] = {"values": FanIn(read), **outer}
        made[place.name] = Node(place.name, definition, tags={"colour": place.tag})
    has_input = any(GraphInput("x") in inputs.values() for inputs in sources.values())
    return GraphDefinition.of(
        name,
        made,
        sources,
        order_only={
            place.name: tuple(nodes[each].name for each in place.after) for place in nodes if place.after
        },
        ins={"x": GraphIn()} if has_input else {},
        outputs={} if result is None else {"result": NodeOutput(nodes[result].name)},
    )


class MissingError(Exception):
    """A selected op reads what an unselected one in a selected graph would make."""


@dataclass
class Oracle:
    """What is known of a description: its ops in order, who reads whom, and what each op makes."""

    nodes: tuple[Place, ...]
    kept: Ops | None = None
    ops: list[str] = field(default_factory=list)
    edges: set[tuple[str, str]] = field(default_factory=set)
    values: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._enter("", self.nodes, ("", "nothing"))

    def _enter(
        self, prefix: str, nodes: tuple[Place, ...], given: tuple[str, object]
    ) -> list[tuple[str, object]]:
        """Return what each node passes on: the op that made it and its value; "" is no op."""
        made: list[tuple[str, object]] = []
        below: list[list[str]] = []
        for place in nodes:
            first = len(self.ops)
            if place.nodes:
                made.append(self._enter_graph(prefix, place, made, given))
            else:
                made.append(
                    self._run(prefix + place.name, [made[each] for each in place.reads], given, place)
                )
            below.append(self.ops[first:])
            for each in place.after:
                self.edges.update(product(below[each], below[-1]))
        return made

    def _enter_graph(
        self, prefix: str, place: Place, made: list[tuple[str, object]], given: tuple[str, object]
    ) -> tuple[str, object]:
        read = [made[each] for each in place.reads]
        fed = read[0] if read else (given if place.takes_input else ("", "nothing"))
        first = len(self.ops)
        inner = self._enter(f"{prefix}{place.name}.", place.nodes, fed)
        if place.result is None:
            return "", "nothing"
        by, value = inner[place.result]
        stays = any(self._is_kept(op) for op in self.ops[first:])
        return (by, MissingError) if stays and not self._is_kept(by) else (by, value)

    def _run(
        self, path: str, read: list[tuple[str, object]], given: tuple[str, object], place: Place
    ) -> tuple[str, object]:
        self.ops.append(path)
        outer = given if place.takes_input else ("", "nothing")
        self.edges.update((by, path) for by, _ in [*read, outer] if by)
        if not self._is_kept(path):
            return path, "nothing"
        if any(value is MissingError for _, value in [*read, outer]):
            raise MissingError(path)
        there = [value for by, value in read if self._is_kept(by)]
        self.values[path] = (*there, outer[1] if self._is_kept(outer[0]) else "nothing")
        return path, self.values[path]

    def _is_kept(self, op: str) -> bool:
        return self.kept is None or op in self.kept

    def below(self, path: str) -> Ops:
        """Return the ops of a node by its path."""
        return frozenset(op for op in self.ops if op == path or op.startswith(f"{path}."))

    def beside(self) -> set[tuple[str, str]]:
        """Return the edges between the nodes of the job's own graph."""
        return {
            (self.nodes[earlier].name, place.name) for place in self.nodes for earlier in self._earlier(place)
        }

    def _earlier(self, place: Place) -> Iterable[int]:
        """Return what a node reads or comes after; a graph whose input nothing reads waits for none by it."""
        reads = place.reads
        if place.nodes and not _reads_input(place.nodes):
            reads = ()
        return {*reads, *place.after}


def _reads_input(nodes: tuple[Place, ...]) -> bool:
    return any(
        place.takes_input and (not place.nodes or (not place.reads and _reads_input(place.nodes)))
        for place in nodes
    )


def within(edges: set[tuple[str, str]], start: Ops, levels: int | None, limit: int) -> Ops:
    """Return `start` and what lies so many edges behind it."""
    found = set(start)
    for _ in range(limit if levels is None else levels):
        found |= {after for before, after in edges if before in found}
    return frozenset(found)


def flipped(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(after, before) for before, after in edges}


@dataclass(frozen=True)
class Asked:
    """A random query: a word and its parts, the text of which is written with brackets everywhere."""

    word: str
    parts: tuple[Any, ...]

    @property
    def text(self) -> str:
        match self.word, self.parts:
            case "path", (name,):
                return str(name)
            case "hop", (up, operand, down):
                inner = operand.text if operand.word == "path" else f"({operand.text})"
                return f"{signs(up, '{}+')}{inner}{signs(down, '+{}')}"
            case ("and" | "or" | "except") as word, (left, right):
                return f"({left.text}) {word} ({right.text})"
            case "not", (operand,):
                return f"not ({operand.text})"
            case ("roots" | "sinks" | "between") as word, operands:
                return f"{word}({', '.join(operand.text for operand in operands)})"
            case word, (value,):
                return f"{word}{value}"
        raise AssertionError(self)

    def answer(self, oracle: Oracle, named: Mapping[str, Asked]) -> Ops:
        """Return the ops that brute force finds."""
        everything, size = frozenset(oracle.ops), len(oracle.ops)
        sets = [part.answer(oracle, named) for part in self.parts if isinstance(part, Asked)]
        match self.word:
            case "path":
                return oracle.below(self.parts[0])
            case "hop":
                return self._hop(oracle, sets[0])
            case "and":
                return sets[0] & sets[1]
            case "or":
                return sets[0] | sets[1]
            case "except":
                return sets[0] - sets[1]
            case "not":
                return everything - sets[0]
            case "roots":
                return frozenset(
                    op for op in sets[0] if not _strictly(flipped(oracle.edges), op, size) & sets[0]
                )
            case "sinks":
                return frozenset(op for op in sets[0] if not _strictly(oracle.edges, op, size) & sets[0])
            case "between":
                behind = within(oracle.edges, sets[0], None, size)
                return behind & within(flipped(oracle.edges), sets[1], None, size)
            case "name:":
                return frozenset(
                    op for op in oracle.ops if fnmatch.fnmatchcase(op.split(".")[-1], self.parts[0])
                )
            case "tag:colour=":
                tags = colours("", oracle.nodes)
                return frozenset(op for op in oracle.ops if fnmatch.fnmatchcase(tags[op], self.parts[0]))
            case _:
                return named[self.parts[0]].answer(oracle, named)

    def _hop(self, oracle: Oracle, start: Ops) -> Ops:
        up, operand, down = self.parts
        limit = len(oracle.ops)
        if operand.word == "path" and "." not in operand.parts[0]:
            edges, node = oracle.beside(), frozenset([operand.parts[0]])
            around = within(flipped(edges), node, up, limit) | within(edges, node, down, limit)
            return frozenset(op for each in around for op in oracle.below(each))
        return within(flipped(oracle.edges), start, up, limit) | within(oracle.edges, start, down, limit)


def _strictly(edges: set[tuple[str, str]], op: str, size: int) -> Ops:
    next_to = frozenset(after for before, after in edges if before == op)
    return within(edges, next_to, None, size)


def colours(prefix: str, nodes: tuple[Place, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for place in nodes:
        found |= (
            colours(f"{prefix}{place.name}.", place.nodes)
            if place.nodes
            else {prefix + place.name: place.tag}
        )
    return found


def signs(levels: int | None, counted: str) -> str:
    if levels is None:
        return "*"
    return "+" * levels if levels < 3 else counted.format(levels)


def paths_in(prefix: str, nodes: tuple[Place, ...]) -> list[str]:
    """Return the paths of all nodes, graphs and ops."""
    found = []
    for place in nodes:
        found.append(prefix + place.name)
        found.extend(paths_in(f"{prefix}{place.name}.", place.nodes))
    return found


def queries(nodes: tuple[Place, ...], names: tuple[str, ...]) -> st.SearchStrategy[Asked]:
    """Return random queries on a description that may name these selections."""
    levels = st.one_of(st.none(), st.integers(0, 4))
    atoms = [
        st.sampled_from(paths_in("", nodes)).map(lambda path: Asked("path", (path,))),
        st.sampled_from(["n*", "*1", "m?", "n0", "*", "k2"]).map(lambda name: Asked("name:", (name,))),
        st.sampled_from(["red", "gr*", "?lue", "*"]).map(lambda tag: Asked("tag:colour=", (tag,))),
    ]
    if names:
        atoms.append(st.sampled_from(names).map(lambda name: Asked("@", (name,))))

    def grown(inner: st.SearchStrategy[Asked]) -> st.SearchStrategy[Asked]:
        pair = st.tuples(inner, inner)
        return st.one_of(
            st.tuples(levels, inner, levels).map(lambda parts: Asked("hop", parts)),
            st.tuples(st.sampled_from(["and", "or", "except", "between"]), pair).map(
                lambda each: Asked(*each)
            ),
            st.tuples(st.sampled_from(["not", "roots", "sinks"]), st.tuples(inner)).map(
                lambda each: Asked(*each)
            ),
        )

    return st.recursive(st.one_of(atoms), grown, max_leaves=6)


def job_of(nodes: tuple[Place, ...]) -> JobDefinition:
    return JobDefinition(graph_def=graph_of("work", nodes, None))


@given(st.data())
def test_a_random_query_selects_what_brute_force_selects(data: st.DataObject) -> None:
    nodes = data.draw(places())
    oracle = Oracle(nodes)
    graph = job_query_graph(job_of(nodes))
    assert list(graph.paths) == oracle.ops
    named = {"p": data.draw(queries(nodes, ()))}
    named["q"] = data.draw(queries(nodes, ("p",)))
    asked = data.draw(st.lists(queries(nodes, ("p", "q")), min_size=1, max_size=3))
    answers = [each.answer(oracle, named) for each in asked]
    selections = {name: each.text for name, each in named.items()}
    clauses = [each.text for each in asked]
    if all(answers):
        found = select(clauses, graph, selections=selections)
        assert frozenset(found.paths) == frozenset().union(*answers)
    else:
        with pytest.raises(InvalidSubsetError) as caught:
            select(clauses, graph, selections=selections)
        assert caught.value.clause == [bool(answer) for answer in answers].index(False)


@given(st.data())
def test_the_closest_path_is_a_shortest_path(data: st.DataObject) -> None:
    nodes = data.draw(places())
    oracle = Oracle(nodes)
    paths = st.sampled_from(paths_in("", nodes))
    start, end = data.draw(paths), data.draw(paths)
    sources, targets = oracle.below(start), oracle.below(end)
    lengths = [
        levels for levels in range(len(oracle.ops)) if within(oracle.edges, sources, levels, 0) & targets
    ]
    query = f"closest({start}, {end}) or name:none"
    try:
        path = select(query, job_query_graph(job_of(nodes))).paths
    except InvalidSubsetError:
        assert not lengths
        return
    assert len(path) == lengths[0] + 1
    kept = {(before, after) for before, after in oracle.edges if before in path and after in path}
    assert within(kept, sources & frozenset(path), lengths[0], 0) & targets


@given(st.data())
def test_a_random_selection_runs_its_ops_on_what_is_left(data: st.DataObject) -> None:
    nodes = data.draw(places())
    everything = Oracle(nodes).ops
    kept = data.draw(st.lists(st.sampled_from(everything), min_size=1, unique=True))
    job = job_of(nodes)
    try:
        expected = Oracle(nodes, frozenset(kept)).values
    except MissingError:
        with pytest.raises(InvalidSubsetError, match="results in an invalid graph"):
            selected_job(job, kept)
        return
    result = selected_job(job, kept).execute_in_process()
    assert result.success
    assert {path: result.output_for_node(path) for path in kept} == expected


SIGNS = "*+(),='\"\\?.: é\n\x00\U0001d4b3"
WORDS = st.one_of(
    st.sampled_from(
        ["a", "b.c", "7", "++", "2+", "+2", "and", "or", "not", "except", "roots", "between", "@x"]
    ),
    st.sampled_from(["name:", "tag:", '"q x"', "[0]", "[?]"]),
    st.sampled_from(SIGNS),
)
TEXTS = st.one_of(
    st.text(max_size=30), st.lists(WORDS, max_size=12).map("".join), st.lists(WORDS).map(" ".join)
)


@given(TEXTS)
@example("5+4")
@example("(5)+9")
@example("tag:'a\\u0000'=b")
@example("*" * 5_000)
@example("+" * 9_999 + "a")
@example("not " * 2_000 + "a")
@example("roots(" * 1_500)
@example("a or " * 1_999 + "a")
@example("9" * 5_000 + "+a")
def test_any_text_is_parsed_or_refused_at_a_place_in_it(text: str) -> None:
    tree, error = parsed_or_refused(text)
    if tree is not None:
        assert parse(printed(tree)) == tree
    elif error is not None:
        assert error.position is not None
        assert 0 <= error.position <= len(text)
        assert error.clause == 0


def parsed_or_refused(text: str) -> tuple[Expression | None, InvalidSubsetError | None]:
    try:
        return parse(text), None
    except InvalidSubsetError as error:
        return None, error


@given(st.data())
def test_a_printed_query_is_read_as_the_same_tree(data: st.DataObject) -> None:
    nodes = data.draw(places())
    tree = parse(data.draw(queries(nodes, ("p",))).text)
    assert parse(printed(tree)) == tree
    assert len(printed(tree)) <= len(printed(parse(f"({printed(tree)})")))
