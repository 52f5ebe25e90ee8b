"""Rule: a time limit is one that the job's executor can enforce."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.reach import reach
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import JobSymbol, OpSymbol, Program

IN_PROCESS = "in_process"


def check_timeouts(program: Program) -> Iterator[Diagnostic]:
    """Report time limits on plain functions in jobs that run in one process (JC0418): it cannot stop them."""
    for job in program.jobs.values():
        if _runs_in_process(program, job) and any(map(_is_unstoppable, program.ops.values())):
            yield from _unstoppable(program, job)


def _unstoppable(program: Program, job: JobSymbol) -> Iterator[Diagnostic]:
    for op in reach(program, job).ops.values():
        if _is_unstoppable(op) and op.name in program.ops:
            yield Diagnostic(
                "JC0418",
                f"job `{job.name}` runs in one process, which cannot stop op `{op.name}` after `timeout_s`: "
                "its function is not async",
                program.document.locate_key((*job.path, "executor")),
                label="nothing here can stop a plain function",
                help="use the executor `multiprocess`, or make the function an `async def`",
            )


def _runs_in_process(program: Program, job: JobSymbol) -> bool:
    """Tell whether a job itself names the executor of one process, or one that is made of it."""
    spec = program.document.spec.jobs.get(job.name)
    name = job.options.executor
    if name is None or spec is None or spec.executor is None:
        return False
    executor = program.extras.executors.get(name)
    return (name if executor is None else executor.builtin) == IN_PROCESS


def _is_unstoppable(op: OpSymbol) -> bool:
    return op.timeout_s is not None and op.function is not None and not op.function.is_async
