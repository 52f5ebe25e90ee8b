"""Bind the graphs that stand right in jobs, and the values that jobs give to inputs of their graphs.

The graph of a job is a graph like any other, with a name that nothing else has; only, it has no outputs. Its
inputs are declared by the job, each perhaps with its value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.nodes import NodesBinder
from jobc.compiler.bind.program import BrokenSource, GraphSymbol, InputSymbol, ValueSource
from jobc.compiler.bind.wiring import bind_wiring
from jobc.compiler.syntax.document import Place
from jobc.compiler.syntax.texts import has_own_graph
from jobc.compiler.syntax.types import ANY
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import near_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.bind.program import NodeSymbol
    from jobc.compiler.bind.scope import Scope
    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path, Value
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.spec import JobSpec

INPUT_KEYS = ("type", "value")
"""What is said of an input of a job with a graph of its own."""


def own_graph_name(document: Document, job: str) -> str:
    """Return the name of the graph that stands in a job: the job's, or one made of it that is free."""
    taken = {*document.names("ops"), *document.names("graphs")}
    name, number = job, 1
    while name in taken or (name != job and name in document.spec.jobs):
        number += 1
        name = f"{job}_{number}"
    return name


def bind_job_graphs(
    document: Document, variables: Variables, scope: Scope, found: list[Diagnostic]
) -> dict[str, GraphSymbol]:
    """Bind the graph of every job that has its own, by name; mistakes are added to `found`."""
    graphs = {}
    for job, spec in document.spec.jobs.items():
        if has_own_graph(spec):
            name = own_graph_name(document, job)
            graphs[name] = _bind_graph(document, variables, scope, name, job, found)
    return graphs


def _bind_graph(
    document: Document, variables: Variables, scope: Scope, name: str, job: str, found: list[Diagnostic]
) -> GraphSymbol:
    path, spec = ("jobs", job), document.spec.jobs[job]
    inputs = tuple(_declared(document, path, spec))
    found.extend(_misdeclared(document, path, spec))
    nodes: tuple[NodeSymbol, ...] = ()
    if (*path, "wiring") in document.wirings:
        bound, mistakes = bind_wiring(document, variables, scope, path, spec.inputs)
        nodes = bound.nodes
        found += mistakes
    elif spec.wiring is None:
        binder = NodesBinder(document, variables, scope, path, spec)
        nodes = binder.bind_nodes()
        found += binder.diagnostics
    is_open = any(document.is_broken((*path, key)) for key in ("wiring", "nodes", "inputs"))
    is_whole = not is_open and (*path, "wiring") not in document.broken_texts
    return GraphSymbol(name, path, inputs, nodes, (), None, is_open, is_whole)


def _declared(document: Document, path: Path, spec: JobSpec) -> Iterator[InputSymbol]:
    """Yield the inputs of a job's own graph, in the order of the file."""
    for name, form in spec.inputs.items():
        place = (*path, "inputs", name)
        kind = document.types.get(place if isinstance(form, str) else (*place, "type"))
        if isinstance(form, dict) and "type" not in form:
            kind = ANY
        yield InputSymbol(name, kind, True, False, None, None, place)


def _misdeclared(document: Document, path: Path, spec: JobSpec) -> Iterator[Diagnostic]:
    for name, form in spec.inputs.items():
        place = (*path, "inputs", name)
        if isinstance(form, dict):
            for key in form:
                if key not in INPUT_KEYS:
                    yield _unknown_key(document, (*place, key), name)
            if "type" in form and not isinstance(form["type"], str):
                yield _no_type(document, (*place, "type"), name)
        elif not isinstance(form, str):
            yield _no_type(document, place, name)


def _unknown_key(document: Document, path: Path, name: str) -> Diagnostic:
    key = str(path[-1])
    near = near_names(key, INPUT_KEYS)
    return Diagnostic(
        "JC0201",
        f"unknown key `{key}` of input `{name}`",
        document.locate_key(path),
        label="no key of this name",
        help=f"did you mean `{near[0]}`?" if near else "an input of a job has a `type` and a `value`",
        suggestions=near,
    )


def _no_type(document: Document, path: Path, name: str) -> Diagnostic:
    return Diagnostic(
        "JC0203",
        f"the input `{name}` of job `{path[1]}` needs a type's text",
        document.tree.locate(path),
        label="expected a text such as `int`, or `{type: int, value: 1}`",
        help=f"a job with its own graph declares its inputs: `{name}: {{type: …, value: …}}`",
    )


def bind_job_inputs(variables: Variables, path: Path, spec: JobSpec) -> dict[str, ValueSource | BrokenSource]:
    """Return the values that the job at `path` gives to inputs of its graph, by name."""
    inputs = {}
    for name, place, value in _values(path, spec):
        failures = variables.failures
        folded = variables.fold(place, value)
        is_broken = variables.failures > failures
        inputs[name] = BrokenSource(Place(place)) if is_broken else ValueSource(folded, Place(place))
    return inputs


def _values(path: Path, spec: JobSpec) -> Iterator[tuple[str, Path, Value]]:
    inputs: Mapping[str, Value] = spec.inputs
    for name, form in inputs.items():
        place = (*path, "inputs", name)
        if not has_own_graph(spec):
            yield name, place, form
        elif isinstance(form, dict) and "value" in form:
            yield name, (*place, "value"), form["value"]
