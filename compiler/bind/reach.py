"""What a job reaches: the graphs, ops and resources it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.bind.program import OpSymbol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.bind.extra_symbols import HookSymbol
    from jobc.compiler.bind.program import GraphSymbol, JobSymbol, Program, ResourceSymbol

DEFAULT_IO_MANAGER = "io_manager"


class Reached(NamedTuple):
    """What one job is made of, by name.

    `resources` is by the key they serve; a key without a resource has None. `is_whole` is false when a part
    is broken or cannot be known, so that what is missing from the tables may yet be needed: then `spare` are
    the other resources of the file.
    """

    graphs: Mapping[str, GraphSymbol]
    ops: Mapping[str, OpSymbol]
    resources: Mapping[str, ResourceSymbol | None]
    spare: Mapping[str, ResourceSymbol]
    hooks: Mapping[str, HookSymbol]
    is_whole: bool

    @property
    def users(self) -> tuple[OpSymbol | ResourceSymbol | HookSymbol, ...]:
        """Everything that may need a resource: the ops, the hooks, then the resources that are there."""
        there = (each for each in self.resources.values() if each is not None)
        return (*self.ops.values(), *self.hooks.values(), *there)


def reach(program: Program, job: JobSymbol) -> Reached:
    """Walk from a job's graph to everything below it."""
    graphs: dict[str, GraphSymbol] = {}
    ops: dict[str, OpSymbol] = {}
    is_whole = True
    waiting = [job.graph]
    while waiting:
        name = waiting.pop()
        graph = program.graphs.get(name) if name else None
        if graph is None or graph.is_open or not graph.is_whole:
            is_whole = False
        if graph is None or graph.name in graphs:
            continue
        graphs[graph.name] = graph
        for node in graph.nodes:
            op = program.ops.get(node.definition or "")
            if op is None:
                waiting.append(node.definition)
            else:
                ops[op.name] = op
    hooks = _hooks(program, job, graphs)
    is_whole = is_whole and all(map(_is_known, ops.values())) and all(map(_is_known, hooks.values()))
    resources = _resources(program, job, ops, hooks)
    spare = {key: each for key, each in program.resources.items() if not is_whole and key not in resources}
    return Reached(graphs, ops, resources, spare, hooks, is_whole)


def _is_known(symbol: OpSymbol | HookSymbol) -> bool:
    """Tell whether all that a symbol needs is known without importing anything."""
    is_plain = isinstance(symbol, OpSymbol) and symbol.kind in ("command", "shell")
    return not symbol.is_open and (symbol.function is not None or is_plain)


def _hooks(program: Program, job: JobSymbol, graphs: Mapping[str, GraphSymbol]) -> dict[str, HookSymbol]:
    """Return the hooks of the job and of its nodes; a name that is not known was reported."""
    nodes = (node for graph in graphs.values() for node in graph.nodes)
    names = dict.fromkeys((*job.options.hooks, *(name for node in nodes for name in node.options.hooks)))
    known = program.extras.hooks
    return {name: known[name] for name in names if name in known}


def _resources(
    program: Program,
    job: JobSymbol,
    ops: Mapping[str, OpSymbol],
    hooks: Mapping[str, HookSymbol],
) -> dict[str, ResourceSymbol | None]:
    """Return the resources by key: those the ops need, those the job names, and what these need in turn."""
    reached: dict[str, ResourceSymbol | None] = {}
    waiting = [*(key for hook in hooks.values() for key in hook.resources), *job.resources]
    waiting += [key for op in ops.values() for key in (*op.resources, *op.io_managers)]
    waiting += [DEFAULT_IO_MANAGER] if DEFAULT_IO_MANAGER in program.resources else []
    while waiting:
        key = waiting.pop()
        if key in reached:
            continue
        resource = program.resources.get(job.resources.get(key, key))
        reached[key] = resource
        if resource is not None:
            waiting += resource.resources
    return reached
