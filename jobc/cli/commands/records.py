"""Commands about runs that were recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jobc.cli.commands.options import FORMAT, INSTANCE

if TYPE_CHECKING:
    from pathlib import Path


@click.command("runs")
@INSTANCE
@FORMAT
def runs_command(instance: Path | None, form: str) -> int:
    """List the recorded runs, the newest first."""
    from jobc.cli.runs import show_runs

    return show_runs(instance, form)


@click.command("logs")
@click.argument("run_id", metavar="RUN")
@click.option("--follow", is_flag=True, help="Go on with new events until the run has ended.")
@INSTANCE
@FORMAT
def logs_command(run_id: str, instance: Path | None, form: str, *, follow: bool) -> int:
    """Print the events of a recorded run, which is named by its id or by how the id begins."""
    from jobc.cli.runs import follow_log, show_log

    return follow_log(instance, run_id, form) if follow else show_log(instance, run_id, form)
