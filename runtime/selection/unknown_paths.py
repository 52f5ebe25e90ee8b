"""What to say of a path that leads nowhere: which step of it is wrong, and what may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from jobc.runtime.selection.problems import did_you_mean, refuse

if TYPE_CHECKING:
    from jobc.runtime.selection.expressions import Path
    from jobc.runtime.selection.query_graph import QueryGraph


def refuse_unknown_path(path: Path, graph: QueryGraph) -> NoReturn:
    """Refuse a path at its first step that is not there.

    Errors: `RefusedQueryError`.
    """
    if path.key is not None:
        message = f"`{path.text}` is a step of one mapping key, and {graph.owner} has nodes"
        refuse(path.start, path.end, message, f"write `{'.'.join(path.names)}` for the node")
    start = path.start
    holder = ""
    for name in path.names:
        dotted = f"{holder}.{name}" if holder else name
        if not _is_known(dotted, graph):
            _refuse_step(holder, name, start, graph, _nodes_calling(path, graph))
        holder = dotted
        start += len(name) + 1
    raise AssertionError(f"{path.text} is known")


def _refuse_step(holder: str, name: str, start: int, graph: QueryGraph, calling: list[str]) -> NoReturn:
    end = start + len(name)
    if not holder:
        advice = _question(calling) or did_you_mean(name, graph.top.index) or _paths_to(name, graph)
        refuse(start, end, f"{graph.owner} has no node `{name}`", advice)
    beside = _nodes_in(holder, graph)
    if not beside:
        message = f"`{holder}` is not a graph, so there is no node `{name}` inside it"
        refuse(start, end, message, f"write `{holder}`")
    refuse(start, end, f"graph `{holder}` of {graph.owner} has no node `{name}`", did_you_mean(name, beside))


def _is_known(dotted: str, graph: QueryGraph) -> bool:
    return dotted in graph.top.index or dotted in graph.inner


def _nodes_in(holder: str, graph: QueryGraph) -> list[str]:
    """Return the names of the nodes of a graph inside the job."""
    prefix = f"{holder}."
    below = (path[len(prefix) :] for path in graph.inner if path.startswith(prefix))
    return [name for name in below if "." not in name]


def _paths_to(name: str, graph: QueryGraph) -> str | None:
    """Return the question that offers the paths of nodes with this name inside graphs."""
    found = [path for path in graph.inner if path.rpartition(".")[2] == name]
    return _question(found)


def _question(paths: list[str]) -> str | None:
    return f"did you mean {' or '.join(f'`{path}`' for path in paths[:3])}?" if paths else None


def _nodes_calling(path: Path, graph: QueryGraph) -> list[str]:
    """Return the nodes that call what a path with dots is the name of: an op or graph of an import."""
    if len(path.names) == 1:
        return []
    called = ".".join(path.names), ""
    calls = (graph.attribute("op") or {}).get(called, ())
    if calls:
        return [graph.paths[op] for op in calls]
    ops = set((graph.attribute("graph") or {}).get(called, ()))
    spans = graph.top.spans
    top = {name: {each} if spans is None else set(spans[each]) for name, each in graph.top.index.items()}
    found = [name for name, inside in top.items() if inside and inside <= ops]
    return found or [name for name, inside in graph.inner.items() if inside and set(inside) <= ops]
