"""`jobc run`: load a job, check what it is run with, run it with its executor, show what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.cli import MISTAKES
from jobc.cli.requested_run import read_run

if TYPE_CHECKING:
    from jobc.cli.manner import RunManner
    from jobc.cli.requested_run import WrittenRun


def run(written: WrittenRun, manner: RunManner) -> int:
    """Run a job as requested and return the exit code.

    Mistakes in the spec, the run config, the inputs and the selection are printed; then nothing runs.
    """
    if manner.executor in {None, "multiprocess"}:
        from jobc.runtime.executors.pool import FORKSERVER, pools

        pools().prepare(FORKSERVER)  # it starts while the spec is compiled
    requested = read_run(written)
    if isinstance(requested, int):
        return requested
    from jobc.cli.execution import Execution
    from jobc.cli.instances import opened_or_reported

    if not requested.has_partition(manner.partition):
        return MISTAKES
    instance = opened_or_reported(manner.instance)
    if instance is None:
        return MISTAKES
    with instance:
        return Execution(requested, written, manner, instance).run()
