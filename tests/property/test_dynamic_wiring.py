"""What the checker says of dynamic outputs is what the runtime says of the same graph written in Python."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import jobc
from jobc.compiler.pipeline import load
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest

AXES = {"JC0410", "JC0420", "JC0421", "JC0422", "JC0424", "JC0425"}
REFUSALS = (
    jobc.InvalidDefinitionError,
    jobc.InvariantViolationError,
    jobc.CheckError,
)

MODULE = """
def start():
    return {"a": 1}


def emit(x):
    return {"b": x}


def one(x):
    return x


def join(x, y):
    return x
"""
OPS = {
    "start": {"python": "parts:start", "outputs": {"items": {"type": "any", "dynamic": True}}},
    "emit": {"python": "parts:emit", "outputs": {"items": {"type": "any", "dynamic": True}}},
    "one": {"python": "parts:one"},
    "join": {"python": "parts:join"},
}


class Ports(NamedTuple):
    """The names of what goes into a definition and comes out of it."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


class Source(NamedTuple):
    """What feeds an input: outputs of nodes, as they are, mapped, collected, in a list; or a graph input."""

    form: str
    outputs: tuple[tuple[str, str], ...] = ()
    input: str = ""


class Invoked(NamedTuple):
    """A node: what it invokes, and what feeds its inputs."""

    name: str
    definition: str
    sources: Mapping[str, Source]


class Graph(NamedTuple):
    """A graph; its outputs are outputs of nodes."""

    inputs: tuple[str, ...]
    nodes: tuple[Invoked, ...]
    outputs: Mapping[str, tuple[str, str]]


KNOWN = {
    "start": Ports((), ("items",)),
    "emit": Ports(("x",), ("items",)),
    "one": Ports(("x",), ("result",)),
    "join": Ports(("x", "y"), ("result",)),
}


@st.composite
def sources(draw: st.DrawFn, there: list[tuple[str, str]], inputs: tuple[str, ...]) -> Source | None:
    if inputs and (not there or draw(st.integers(0, 3)) == 0):
        return Source("input", input=draw(st.sampled_from(inputs)))
    if not there:
        return None
    form = draw(st.sampled_from(["as it is", "map", "map", "collect", "list"]))
    count = draw(st.integers(1, 2)) if form == "list" else 1
    chosen = tuple(draw(st.sampled_from(there)) for _ in range(count))
    return Source(form, chosen)


@st.composite
def graphs(draw: st.DrawFn, known: Mapping[str, Ports]) -> Graph:
    inputs = ("a", "b")[: draw(st.integers(0, 2))]
    nodes: list[Invoked] = []
    there: list[tuple[str, str]] = []
    for number in range(draw(st.integers(1, 5))):
        definition = draw(st.sampled_from(sorted(known)))
        fed = {name: draw(sources(there, inputs)) for name in known[definition].inputs}
        given_sources = {name: source for name, source in fed.items() if source is not None}
        nodes.append(Invoked(f"n{number}", definition, given_sources))
        there += [(f"n{number}", output) for output in known[definition].outputs]
    used = {source.input for node in nodes for source in node.sources.values()}
    for name in inputs:
        if name not in used:
            nodes.append(Invoked(f"takes_{name}", "one", {"x": Source("input", input=name)}))
            there.append((f"takes_{name}", "result"))
    outputs = draw(st.lists(st.sampled_from(there), max_size=2)) if there else []
    return Graph(inputs, tuple(nodes), {f"o{number}": output for number, output in enumerate(outputs)})


@st.composite
def programs(draw: st.DrawFn) -> dict[str, Graph]:
    """Return graphs, each of which may invoke those before it; the last is the job's."""
    known, found = dict(KNOWN), {}
    for number in range(draw(st.integers(1, 3))):
        graph = draw(graphs(known))
        found[f"g{number}"] = graph
        known[f"g{number}"] = Ports(graph.inputs, tuple(graph.outputs))
    return found


def written(source: Source) -> object:
    if source.form == "input":
        return f"inputs.{source.input}"
    texts = [f"{node}.{output}" for node, output in source.outputs]
    if source.form == "list":
        return texts
    return texts[0] if source.form == "as it is" else {source.form: texts[0]}


def spec_of(program: Mapping[str, Graph]) -> str:
    sections = {
        name: {
            "inputs": dict.fromkeys(graph.inputs, "any"),
            "nodes": {
                node.name: {
                    "op": node.definition,
                    "inputs": {name: written(source) for name, source in node.sources.items()},
                }
                for node in graph.nodes
            },
            "outputs": {name: ".".join(output) for name, output in graph.outputs.items()},
        }
        for name, graph in program.items()
    }
    last = list(program)[-1]
    return json.dumps({"jobc": 1, "ops": OPS, "graphs": sections, "jobs": {"it": {"graph": last}}})


@jobc.op(name="start", out={"items": jobc.DynamicOut()})
def start() -> None: ...


@jobc.op(name="emit", out={"items": jobc.DynamicOut()})
def emit(x) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001


@jobc.op(name="one")
def one(x): ...  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201


@jobc.op(name="join")
def join(x, y): ...  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201


def refusal_of(program: Mapping[str, Graph]) -> Exception | None:
    """Build the graphs in Python; return what the runtime raises, None where it takes them all."""
    definitions: dict[str, Any] = {"start": start, "emit": emit, "one": one, "join": join}
    try:
        for name, graph in program.items():
            definitions[name] = graph_in_python(name, graph, definitions)
    except REFUSALS as error:
        return error
    return None


def graph_in_python(name: str, graph: Graph, definitions: Mapping[str, Any]) -> object:
    def build(**inputs: Any) -> dict[str, object] | None:  # noqa: ANN401
        values: dict[tuple[str, str], Any] = {}
        for node in graph.nodes:
            invoke(node, definitions[node.definition].alias(node.name), inputs, values)
        return {name: values[output] for name, output in graph.outputs.items()} or None

    def without() -> object:
        return build()

    def with_one(a: object) -> object:
        return build(a=a)

    def with_two(a: object, b: object) -> object:
        return build(a=a, b=b)

    body = (without, with_one, with_two)[len(graph.inputs)]
    out = {output: jobc.GraphOut() for output in graph.outputs}
    return jobc.graph(name=name, out=out or None)(body)


def invoke(
    node: Invoked,
    definition: Any,  # noqa: ANN401
    inputs: Mapping[str, Any],
    values: dict[tuple[str, str], Any],
) -> None:
    """Invoke a node; what is mapped is mapped in turn, each within the one before."""
    plain: dict[str, Any] = {}
    mapped: list[tuple[str, int | None, Any]] = []
    is_mapped = any(source.form == "map" for source in node.sources.values())
    for name, source in node.sources.items():
        found = [values[output] for output in source.outputs]
        if source.form == "input":
            plain[name] = inputs[source.input]
        elif source.form == "collect":
            plain[name] = dynamic(found[0]).collect()
        elif source.form == "map":
            mapped.append((name, None, dynamic(found[0])))
        else:
            # A mapped node may read what goes with its item.
            items = [place for place, value in enumerate(found) if is_mapped and is_item(value)]
            is_list = source.form == "list"
            mapped += [(name, place if is_list else None, found[place]) for place in items]
            plain[name] = found if is_list else found[0]
    outputs = list(outputs_of(definition))
    returned = nested(mapped, plain, definition)
    parts = returned if len(outputs) > 1 else [returned]
    values.update({(node.name, output): part for output, part in zip(outputs, parts, strict=False)})


def outputs_of(definition: Any) -> Any:  # noqa: ANN401
    return definition.definition.outs


def nested(mapped: list[tuple[str, int | None, Any]], plain: dict[str, Any], definition: Any) -> Any:  # noqa: ANN401
    if not mapped:
        return definition(**plain)
    (name, place, value), *rest = mapped

    def inner(item: object) -> object:
        given_now = item if place is None else [*plain[name][:place], item, *plain[name][place + 1 :]]
        return nested(rest, {**plain, name: given_now}, definition)

    return value.map(inner)


def dynamic(value: Any) -> Any:  # noqa: ANN401
    if not hasattr(value, "collect"):
        raise jobc.InvalidDefinitionError("not dynamic")
    return value


def is_item(value: object) -> bool:
    """Tell whether a value is mapped, and not the dynamic output itself."""
    return hasattr(value, "collect") and type(getattr(value, "element", None)).__name__ != "Mapped"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(program=programs())
def test_the_checker_and_the_runtime_agree_on_dynamic_outputs(
    program: dict[str, Graph], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parts.py").write_text(MODULE, "utf-8")
    path = tmp_path / "spec.yaml"
    path.write_text(spec_of(program), "utf-8")
    found = {each.code for each in validate([path]).diagnostics if each.severity == "error"}
    assert found <= AXES, found
    refusal = refusal_of(program)
    assert bool(found) == (refusal is not None), (found, refusal)
    if refusal is None:
        assert load(f"{path}#it").name == "it"
