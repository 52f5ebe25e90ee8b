"""Commands that run jobs, or show what a run would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jobc.cli.commands.options import (
    CONFIG,
    EXECUTOR,
    FOLDER,
    FORMAT,
    INPUT,
    INSTANCE,
    POINTER,
    SELECT,
    SET,
    check_range,
    not_empty,
    of_spec,
    pairs,
)

if TYPE_CHECKING:
    from pathlib import Path

    from jobc.cli.spec_options import SpecOptions


@click.command("run")
@POINTER
@CONFIG
@SET
@INPUT
@SELECT
@of_spec
@click.option("--tag", "tags", multiple=True, metavar="KEY=VALUE", help="Tag the run.")
@click.option("--workdir", type=FOLDER, help="Run in this folder (default: the spec's).")
@click.option("--partition", metavar="KEY", callback=not_empty, help="Run for one partition.")
@EXECUTOR
@INSTANCE
@click.option("--raise-on-error", is_flag=True, help="With `in_process`, stop at the first failure.")
@click.option("--traceback", is_flag=True, help="Show the frames of jobc as well where something failed.")
@FORMAT
def run_command(
    pointer: str,
    files: tuple[str, ...],
    settings: tuple[str, ...],
    inputs: tuple[str, ...],
    selection: tuple[str, ...],
    tags: tuple[str, ...],
    workdir: Path | None,
    partition: str | None,
    executor: str | None,
    instance: Path | None,
    form: str,
    *,
    options: SpecOptions,
    raise_on_error: bool,
    traceback: bool,
) -> int:
    """Run a job with its executor (default: worker processes), store its values, and record the run."""
    from jobc.cli.manner import RunManner
    from jobc.cli.requested_run import WrittenRun
    from jobc.cli.run import run

    written = WrittenRun(pointer, files, settings, inputs, selection, options)
    manner = RunManner(
        pairs("--tag", tags), workdir, form, raise_on_error, traceback, partition, instance, executor
    )
    return run(written, manner)


@click.command("plan")
@POINTER
@CONFIG
@SET
@INPUT
@SELECT
@of_spec
@click.option("--partition", metavar="KEY", callback=not_empty, help="Plan a run for one partition.")
@INSTANCE
@FORMAT
def plan_command(
    pointer: str,
    files: tuple[str, ...],
    settings: tuple[str, ...],
    inputs: tuple[str, ...],
    selection: tuple[str, ...],
    partition: str | None,
    instance: Path | None,
    form: str,
    options: SpecOptions,
) -> int:
    """Show what a run would do: its steps in order, what each gets, and what is left out. Nothing is run."""
    from jobc.cli.plan import PlanRequest, plan
    from jobc.cli.requested_run import WrittenRun

    written = WrittenRun(pointer, files, settings, inputs, selection, options)
    return plan(PlanRequest(written, form, instance, partition))


@click.command("resume")
@click.argument("run_id", metavar="RUN")
@click.option(
    "--from",
    "steps",
    multiple=True,
    metavar="QUERY",
    help="Run the steps that the query selects, such as `clean+*`, instead of those that are missing.",
)
@CONFIG
@SET
@EXECUTOR
@INSTANCE
@click.option("--traceback", is_flag=True, help="Show the frames of jobc as well where something failed.")
@FORMAT
def resume_command(
    run_id: str,
    steps: tuple[str, ...],
    files: tuple[str, ...],
    settings: tuple[str, ...],
    executor: str | None,
    instance: Path | None,
    form: str,
    *,
    traceback: bool,
) -> int:
    """Run what a run did not get done, and nothing that it finished. RUN is its id, or how that begins."""
    from jobc.cli.resume import ResumeRequest, resume

    return resume(ResumeRequest(run_id, steps, files, settings, executor, instance, form, traceback))


@click.command("backfill")
@POINTER
@of_spec
@click.option(
    "--partitions",
    multiple=True,
    metavar="A...B|KEY,KEY|@all",
    help="What to run for: a range, keys, or all; may be given several times.",
)
@click.option("--resume", metavar="ID", callback=not_empty, help="Go on with a backfill that stopped.")
@click.option("--failed-only", is_flag=True, help="Of these, only those whose last run failed.")
@click.option(
    "--concurrency", type=click.IntRange(min=1), default=1, help="How many processes run partitions."
)
@INSTANCE
@FORMAT
def backfill_command(
    pointer: str,
    partitions: tuple[str, ...],
    resume: str | None,
    concurrency: int,
    instance: Path | None,
    form: str,
    *,
    options: SpecOptions,
    failed_only: bool,
) -> int:
    """Run a job for many partitions; given again after it was stopped, it goes on where it was."""
    from jobc.cli.backfill import BackfillRequest, backfill

    if (resume is None) == (not partitions):
        raise click.UsageError("give either `--partitions`, or `--resume` with the id of a backfill")
    for text in partitions:
        check_range(text)
    return backfill(
        pointer, BackfillRequest(partitions, resume, failed_only, concurrency, instance, form, options)
    )
