"""Random jobs run as a small interpreter of SEMANTICS 9-11 says they must.

The interpreter below knows nothing of plans, slots or events: it goes through the nodes one by one, keeps
every value in a dict, and decides for each node whether it is abandoned, skipped or run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.ports import DynamicOut, In, Out
from jobc.runtime.definitions.sources import Collected, FanIn, Mapped, NodeOutput, Source
from jobc.runtime.definitions.values import DynamicOutput, Output
from jobc.runtime.execute.run import execute_in_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobc.runtime.execute.result import ExecuteInProcessResult
    from jobc.runtime.storage.events import Event


@dataclass(frozen=True)
class Port:
    """An output of a random node: must it be emitted, is it, and for which keys if it is dynamic."""

    name: str
    required: bool
    emitted: bool
    keys: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Made:
    """A random node; `fails_on` are the mapping keys (None: the only instance) on which it raises."""

    name: str
    inputs: tuple[tuple[str, Source], ...]
    ports: tuple[Port, ...]
    fails_on: frozenset[str | None]
    silent_on: frozenset[str | None]
    axis: NodeOutput | None


@dataclass
class Growth:
    """What a random job has so far: nodes, ordinary and dynamic outputs, outputs of mapped nodes by axis."""

    nodes: list[Made] = field(default_factory=list)
    flat: list[NodeOutput] = field(default_factory=list)
    axes: list[NodeOutput] = field(default_factory=list)
    mapped: dict[NodeOutput, list[NodeOutput]] = field(default_factory=dict)


KEYS = ("x", "y", "z")
KINDS = ("plain", "fan_in", "dynamic", "dynamic", "mapped", "mapped", "mapped", "collect", "collect")


@st.composite
def jobs(draw: st.DrawFn) -> list[Made]:
    growth = Growth()
    for index in range(draw(st.integers(2, 10))):
        _add_node(draw, growth, f"n{index}", draw(st.sampled_from(KINDS)))
    return growth.nodes


def _add_node(draw: st.DrawFn, growth: Growth, name: str, kind: str) -> None:
    inputs: list[tuple[str, Source]] = []
    axis: NodeOutput | None = None
    if growth.flat:
        chosen_flat = draw(st.lists(st.sampled_from(growth.flat), max_size=2))
        inputs.extend((f"i{position}", source) for position, source in enumerate(chosen_flat))
        if kind == "fan_in":
            inputs.append(("many", FanIn(tuple(draw(st.lists(st.sampled_from(growth.flat), max_size=3))))))
    if kind in ("mapped", "collect") and growth.axes:
        chosen = draw(st.sampled_from(growth.axes))
        inner = growth.mapped[chosen]
        source = draw(st.sampled_from([chosen, *inner]))
        if kind == "collect":
            inputs.append(("all", Collected(source)))
        else:
            axis = chosen
            inputs.append(("each", Mapped(source) if source == chosen else source))
    ports = _ports(draw, kind == "dynamic")
    instances: tuple[str | None, ...] = (None,) if axis is None else KEYS
    some = st.frozensets(st.sampled_from(instances), max_size=1)
    fails_on = draw(some) if draw(st.integers(0, 4)) == 0 else frozenset()
    silent_on = draw(some) if axis is not None else frozenset()
    growth.nodes.append(Made(name, tuple(inputs), ports, fails_on, silent_on, axis))
    for port in ports:
        output = NodeOutput(name, port.name)
        if port.keys is not None:
            growth.axes.append(output)
            growth.mapped[output] = []
        elif axis is not None:
            growth.mapped[axis].append(output)
        else:
            growth.flat.append(output)


def _ports(draw: st.DrawFn, dynamic: bool) -> tuple[Port, ...]:
    if dynamic:
        keys = tuple(draw(st.permutations(KEYS)))[: draw(st.integers(0, 3))]
        return (Port("keyed", draw(st.booleans()), bool(keys), keys),)
    found = []
    for position in range(draw(st.integers(1, 2))):
        required = draw(st.booleans())
        found.append(Port(f"o{position}", required, required or draw(st.booleans())))
    return tuple(found)


def _built(made: list[Made]) -> JobDefinition:
    nodes = {node.name: Node(node.name, _op(node)) for node in made}
    return JobDefinition(
        graph_def=GraphDefinition.of("g", nodes, {node.name: dict(node.inputs) for node in made})
    )


def _op(node: Made) -> OpDefinition:
    slots = (Slot("context", ""), *(Slot("input", name, keyword=True) for name, _ in node.inputs))
    outs = {
        port.name: DynamicOut(is_required=port.required)
        if port.keys is not None
        else Out(is_required=port.required)
        for port in node.ports
    }
    function = OpFunction(_body(node), slots, "generator")
    return OpDefinition.of(node.name, function, {name: In() for name, _ in node.inputs}, outs)


def _body(node: Made) -> Callable[..., Iterator[object]]:
    def body(context: object, **inputs: object) -> Iterator[object]:
        key = context.get_mapping_key()  # type: ignore[attr-defined]  # the engine's own context
        for port in node.ports:
            for mapping_key in _emitted_keys(node, port, key):
                value = _value(node, port, key, mapping_key, inputs)
                if port.keys is None:
                    yield Output(value, port.name)
                else:
                    yield DynamicOutput(value, str(mapping_key), port.name)
        if key in node.fails_on:
            raise ZeroDivisionError(node.name)

    return body


def _emitted_keys(node: Made, port: Port, key: str | None) -> tuple[str | None, ...]:
    if port.keys is not None:
        return port.keys
    return (None,) if port.emitted and (port.required or key not in node.silent_on) else ()


def _value(
    node: Made, port: Port, key: str | None, mapping_key: str | None, inputs: dict[str, object]
) -> object:
    return (node.name, port.name, key, mapping_key, sorted(inputs.items(), key=lambda item: item[0]))


ABSENT = object()
Store = dict[NodeOutput, object]


@dataclass
class Outcome:
    """What the interpreter finds: step keys by status, in order, and values."""

    succeeded: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    values: Store = field(default_factory=dict)


class Interpreter:
    """Goes through the nodes of a random job, one instance after the other."""

    def __init__(self, made: list[Made]) -> None:
        self.made = {node.name: node for node in made}
        self.outcome = Outcome()
        self.lost: dict[str, set[str | None]] = {name: set() for name in self.made}

    def run(self) -> Outcome:
        for node in self.made.values():
            if node.axis is None:
                self._run_instance(node, None)
                continue
            keyed = self.outcome.values.get(node.axis, ABSENT)
            if keyed is ABSENT:
                self._note_whole(node)
                continue
            assert isinstance(keyed, dict)
            for port in node.ports:
                self.outcome.values[NodeOutput(node.name, port.name)] = {}
            for key in keyed:
                self._run_instance(node, key)
        return self.outcome

    def _note_whole(self, node: Made) -> None:
        if self._is_lost(node, None):
            self.lost[node.name].add(None)
        else:
            self.outcome.skipped.append(f"{node.name}[?]")

    def _run_instance(self, node: Made, key: str | None) -> None:
        step_key = node.name if key is None else f"{node.name}[{key}]"
        if self._is_lost(node, key):
            self.lost[node.name].add(key)
            return
        if any(self._read(source, key) is ABSENT for _, source in node.inputs):
            self.outcome.skipped.append(step_key)
            return
        inputs = {name: self._read(source, key) for name, source in node.inputs}
        for port in node.ports:
            emitted = _emitted_keys(node, port, key)
            if emitted or (port.keys is not None and port.required and key not in node.fails_on):
                self._store(
                    node, port, key, {each: _value(node, port, key, each, inputs) for each in emitted}
                )
        if key in node.fails_on:
            self.lost[node.name].add(key)
            self.outcome.failed.append(step_key)
        else:
            self.outcome.succeeded.append(step_key)

    def _store(self, node: Made, port: Port, key: str | None, emitted: dict[str | None, object]) -> None:
        value = emitted if port.keys is not None else emitted[None]
        if key is None:
            self.outcome.values[NodeOutput(node.name, port.name)] = value
        else:
            self.outcome.values[NodeOutput(node.name, port.name)][key] = value  # type: ignore[index]

    def _is_lost(self, node: Made, key: str | None) -> bool:
        return any(
            self._sees_lost(node, producer.node, key)
            for _, source in node.inputs
            for producer in _producers(source)
        )

    def _sees_lost(self, node: Made, producer: str, key: str | None) -> bool:
        lost = self.lost[producer]
        if key is not None and self.made[producer].axis == node.axis:
            return key in lost or None in lost
        return bool(lost)

    def _read(self, source: Source, key: str | None) -> object:
        if isinstance(source, FanIn):
            present = [value for member in source.members if (value := self._read(member, key)) is not ABSENT]
            return present if present or not source.members else ABSENT
        if isinstance(source, Collected):
            return self._collected(source.source)
        output = source.source if isinstance(source, Mapped) else source
        assert isinstance(output, NodeOutput)
        value = self.outcome.values.get(output, ABSENT)
        if isinstance(source, Mapped) or self.made[output.node].axis is not None:
            return value.get(key, ABSENT) if isinstance(value, dict) else ABSENT
        return value

    def _collected(self, output: NodeOutput) -> object:
        values = self.outcome.values.get(output, ABSENT)
        if not isinstance(values, dict):
            return ABSENT
        axis = self.made[output.node].axis
        if not values and axis is not None and self.outcome.values[axis]:
            return ABSENT
        return list(values.values())


def _producers(source: Source) -> tuple[NodeOutput, ...]:
    if isinstance(source, FanIn):
        return tuple(member for member in source.members if isinstance(member, NodeOutput))
    if isinstance(source, Mapped | Collected):
        return (source.source,)
    return (source,) if isinstance(source, NodeOutput) else ()


@given(jobs())
def test_a_random_job_runs_as_the_interpreter_says(made: list[Made]) -> None:
    expected = Interpreter(made).run()
    result = execute_in_process(_built(made), raise_on_error=False)
    assert [event.step_key for event in result.get_step_success_events()] == expected.succeeded
    assert [event.step_key for event in result.get_step_failure_events()] == expected.failed
    assert [event.step_key for event in result.get_step_skipped_events()] == expected.skipped
    assert result.success is not bool(expected.failed)
    for node in made:
        for port in node.ports:
            assert _found(result, node, port) == _expected(expected, made, node, port)


def _found(result: ExecuteInProcessResult, node: Made, port: Port) -> object:
    from jobc.runtime.errors import InvariantViolationError

    try:
        return result.output_for_node(node.name, port.name)
    except InvariantViolationError:
        return "nothing"


def _expected(outcome: Outcome, made: list[Made], node: Made, port: Port) -> object:
    value = outcome.values.get(NodeOutput(node.name, port.name), ABSENT)
    if value is ABSENT or (node.axis is not None and not value and outcome.values[node.axis]):
        return "nothing"
    return value


@given(jobs())
def test_an_observer_sees_the_events_that_the_result_holds(made: list[Made]) -> None:
    seen: list[Event] = []
    job = _built(made)
    observed = execute_in_process(job, raise_on_error=False, on_event=seen.append)
    unobserved = execute_in_process(job, raise_on_error=False)
    assert seen == list(observed.all_events)
    assert [_shape(event) for event in seen] == [_shape(event) for event in unobserved.all_events]


def _shape(event: Event) -> tuple[object, ...]:
    return (event.kind, event.step_key, event.node_path, type(event.data))
