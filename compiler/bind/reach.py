"""What a job reaches: the graphs, ops and resources it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.bind.program import GraphSymbol, JobSymbol, OpSymbol, Program, ResourceSymbol


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
    is_whole: bool

    @property
    def users(self) -> tuple[OpSymbol | ResourceSymbol, ...]:
        """Everything that may need a resource: the ops, then the resources that are there."""
        return (*self.ops.values(), *(each for each in self.resources.values() if each is not None))


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
    is_whole = is_whole and all(op.function is not None and not op.is_open for op in ops.values())
    resources = _resources(program, job, ops)
    spare = {key: each for key, each in program.resources.items() if not is_whole and key not in resources}
    return Reached(graphs, ops, resources, spare, is_whole)


def _resources(
    program: Program, job: JobSymbol, ops: Mapping[str, OpSymbol]
) -> dict[str, ResourceSymbol | None]:
    """Return the resources by key: those the ops need, those the job names, and what these need in turn."""
    reached: dict[str, ResourceSymbol | None] = {}
    waiting = [*(key for op in ops.values() for key in op.resources), *job.resources]
    while waiting:
        key = waiting.pop()
        if key in reached:
            continue
        resource = program.resources.get(job.resources.get(key, key))
        reached[key] = resource
        if resource is not None:
            waiting += resource.resources
    return reached
