"""Rule: a retry policy holds together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.program import GraphSymbol, own
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import NodeSymbol, Program
    from jobc.compiler.read import Path
    from jobc.schemas.spec import RetrySpec


def check_retries(program: Program) -> Iterator[Diagnostic]:
    """Report a backoff or jitter that has no delay, and policies that nothing heeds (JC0416)."""
    for op in own(program.ops):
        if op.retry is not None and not op.is_open:
            yield from _check(program, op.retry, f"op `{op.name}`", op.path)
    for graph in own(program.graphs):
        for node in graph.nodes:
            if node.options.retry is None:
                continue
            if isinstance(program.definition(node.definition), GraphSymbol):
                yield _of_graph(program, node)
            else:
                yield from _check(program, node.options.retry, f"node `{node.name}`", node.options.path)
    for job in own(program.jobs):
        retry = program.document.spec.jobs[job.name].retry
        if retry is not None:
            yield from _check(program, retry, f"job `{job.name}`", job.path)


def _of_graph(program: Program, node: NodeSymbol) -> Diagnostic:
    return Diagnostic(
        "JC0416",
        f"node `{node.name}` invokes a graph, which is not tried again as a whole",
        program.document.locate_key((*node.options.path, "retry")),
        label="says nothing here",
        help=f"give `retry` to the ops of `{node.definition}`, or to the job for all ops that have none",
    )


def _check(program: Program, retry: RetrySpec, owner: str, path: Path) -> Iterator[Diagnostic]:
    if retry.delay_s is not None:
        return
    for key in ("backoff", "jitter"):
        if getattr(retry, key) is not None:
            yield Diagnostic(
                "JC0416",
                f"the retry of {owner} has a `{key}` and no `delay_s`",
                program.document.locate_key((*path, "retry", key)),
                label="there is no delay to change",
                help="add `delay_s`, the seconds before a retry",
            )
