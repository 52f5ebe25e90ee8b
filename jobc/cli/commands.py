"""Every command as click sees it: names, options, help texts. What a command does stands in its own file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobc import __version__
from jobc.cli import OK, USAGE
from jobc.cli.pictures import FORMATS as PICTURES
from jobc.cli.validate import FORMATS, ValidateRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

_FORMAT = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="human", help="Who reads the output."
)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_POINTER = click.argument("pointer", metavar="SPEC[#JOB]")
_CONFIG = click.option(
    "--config", "files", multiple=True, metavar="FILE", help="Run config; later files win, key by key."
)
_SET = click.option(
    "--set", "settings", multiple=True, metavar="A.B=VALUE", help="Set one value of the run config."
)
_INPUT = click.option(
    "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="Give a value to an input of the job."
)
_SELECT = click.option(
    "--select", "selection", multiple=True, metavar="QUERY", help="Take only what any of the queries selects."
)
_INSTANCE = click.option(
    "--instance",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder that records runs (default: $JOBC_HOME, else `.jobc` here).",
)


def run_commands(words: Sequence[str]) -> int:
    """Run a command line through click and return its exit code; usage mistakes are printed, code 2."""
    # Not `commands.main`: it answers interrupts and closed pipes in its own way, and `main` has one for both.
    try:
        with commands.make_context("jobc", list(words)) as context:
            return int(commands.invoke(context) or OK)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return USAGE


def _not_empty(_context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """Refuse an empty text, which is what an unset variable of the shell leaves."""
    if text == "":
        raise click.BadParameter("it is empty", param=option)
    return text


def _range(_context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """Refuse what is no range."""
    if text is not None and "..." not in text:
        raise click.BadParameter(f"`{text}` is not of the form `A...B`", param=option)
    return text if text is None else _check_range(text)


def _check_range(text: str) -> str:
    """Refuse a range with an end that is missing."""
    start, dots, end = text.partition("...")
    if dots and not (start and end):
        raise click.UsageError(f"the range `{text}` lacks an end: write `A...B`")
    if not text:
        raise click.UsageError("`--partitions` is empty")
    return text


@click.group("jobc", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="jobc %(version)s")
def commands() -> None:
    """Check, compile and run jobs that are written in YAML or TOML."""


@commands.command("validate")
@click.argument("paths", nargs=-1)
@_FORMAT
@click.option("--strict", is_flag=True, help="Let warnings and notes fail, too.")
def _validate(paths: tuple[str, ...], form: str, *, strict: bool) -> int:
    """Check spec files, and folders of them (default: this one), without importing any user code."""
    from jobc.cli.validate import run_validate

    return run_validate(ValidateRequest(paths, form, strict))


@commands.command("compile")
@click.argument("spec")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the IR to a file."
)
@click.option("--digest", is_flag=True, help="Print a line `JOB DIGEST` for each job instead of the IR.")
def _compile(spec: str, output: Path | None, *, digest: bool) -> int:
    """Lower a spec file to its canonical form, which has the same digest for the same jobs."""
    from jobc.cli.compile_spec import print_digests, print_form, write_form

    if output is not None:
        return write_form(spec, output)
    return print_digests(spec) if digest else print_form(spec)


@commands.command("run")
@_POINTER
@_CONFIG
@_SET
@_INPUT
@_SELECT
@click.option("--tag", "tags", multiple=True, metavar="KEY=VALUE", help="Tag the run.")
@click.option("--workdir", type=_FOLDER, help="Run in this folder (default: the spec's).")
@click.option("--partition", metavar="KEY", callback=_not_empty, help="Run for one partition.")
@_INSTANCE
@click.option("--raise-on-error", is_flag=True, help="Stop at the first failure.")
@click.option("--traceback", is_flag=True, help="Show the frames of jobc as well where something failed.")
@_FORMAT
def _run(
    pointer: str,
    files: tuple[str, ...],
    settings: tuple[str, ...],
    inputs: tuple[str, ...],
    selection: tuple[str, ...],
    tags: tuple[str, ...],
    workdir: Path | None,
    partition: str | None,
    instance: Path | None,
    form: str,
    *,
    raise_on_error: bool,
    traceback: bool,
) -> int:
    """Run a job in this process, with its values in memory, and record the run."""
    from jobc.cli.requested_run import WrittenRun
    from jobc.cli.run import RunRequest, run

    written = WrittenRun(pointer, files, settings, inputs, selection)
    request = RunRequest(
        written, _pairs("--tag", tags), workdir, form, raise_on_error, traceback, partition, instance
    )
    return run(request)


@commands.command("plan")
@_POINTER
@_CONFIG
@_SET
@_INPUT
@_SELECT
@_FORMAT
def _plan(
    pointer: str,
    files: tuple[str, ...],
    settings: tuple[str, ...],
    inputs: tuple[str, ...],
    selection: tuple[str, ...],
    form: str,
) -> int:
    """Show what a run would do: its steps in order, what each gets, and what is left out. Nothing is run."""
    from jobc.cli.plan import PlanRequest, plan
    from jobc.cli.requested_run import WrittenRun

    return plan(PlanRequest(WrittenRun(pointer, files, settings, inputs, selection), form))


@commands.command("select")
@_POINTER
@click.argument("queries", nargs=-1, required=True, metavar="QUERY...")
@click.option("--explain", is_flag=True, help="Show what every part of the queries selects.")
@click.option(
    "--format",
    "form",
    type=click.Choice((*FORMATS, *PICTURES)),
    default="human",
    help="Who reads the output, or the language of a picture with the selected nodes set apart.",
)
def _select(pointer: str, queries: tuple[str, ...], form: str, *, explain: bool) -> int:
    """List the nodes of a job that any of the queries selects, such as `clean+` or `tag:team=orders`."""
    from jobc.cli.select import SelectRequest, explain_selection, show_selection

    if explain and form in PICTURES:
        raise click.UsageError(f"`--explain` has no picture: leave it out, or `--format {form}`")
    request = SelectRequest(pointer, queries, form)
    return explain_selection(request) if explain else show_selection(request)


@commands.command("graph")
@_POINTER
@click.option(
    "--format", "form", type=click.Choice(PICTURES), default="mermaid", help="The language of the picture."
)
def _graph(pointer: str, form: str) -> int:
    """Draw a job: its ops, the graphs around them, and what reads from what."""
    from jobc.cli.graph import graph

    return graph(pointer, form)


@commands.command("runs")
@_INSTANCE
@_FORMAT
def _runs(instance: Path | None, form: str) -> int:
    """List the recorded runs, the newest first."""
    from jobc.cli.runs import show_runs

    return show_runs(instance, form)


@commands.command("logs")
@click.argument("run_id", metavar="RUN")
@_INSTANCE
@_FORMAT
def _logs(run_id: str, instance: Path | None, form: str) -> int:
    """Print the events of a recorded run, which is named by its id or by how the id begins."""
    from jobc.cli.runs import show_log

    return show_log(instance, run_id, form)


@commands.command("partitions")
@_POINTER
@click.option("--range", "key_range", metavar="A...B", callback=_range, help="Only the keys from A to B.")
@click.option("--window", metavar="KEY", callback=_not_empty, help="The time that a key stands for.")
@click.option("--count", is_flag=True, help="Only how many keys there are.")
@_INSTANCE
@_FORMAT
def _partitions(
    pointer: str,
    key_range: str | None,
    window: str | None,
    instance: Path | None,
    form: str,
    *,
    count: bool,
) -> int:
    """List the partition keys of a job, in order."""
    from jobc.cli.partitions import PartitionsRequest, count_partitions, list_partitions

    if window is not None and (count or key_range is not None):
        raise click.UsageError("`--window` is about one key: leave out `--range` and `--count`")
    request = PartitionsRequest(key_range, window, instance, form)
    return count_partitions(pointer, request) if count else list_partitions(pointer, request)


@commands.command("backfill")
@_POINTER
@click.option(
    "--partitions",
    multiple=True,
    metavar="A...B|KEY,KEY|@all",
    help="What to run for: a range, keys, or all; may be given several times.",
)
@click.option("--resume", metavar="ID", callback=_not_empty, help="Go on with a backfill that stopped.")
@click.option("--failed-only", is_flag=True, help="Of these, only those whose last run failed.")
@click.option(
    "--concurrency", type=click.IntRange(min=1), default=1, help="How many processes run partitions."
)
@_INSTANCE
@_FORMAT
def _backfill(
    pointer: str,
    partitions: tuple[str, ...],
    resume: str | None,
    concurrency: int,
    instance: Path | None,
    form: str,
    *,
    failed_only: bool,
) -> int:
    """Run a job for many partitions; given again after it was stopped, it goes on where it was."""
    from jobc.cli.backfill import BackfillRequest, backfill

    if (resume is None) == (not partitions):
        raise click.UsageError("give either `--partitions`, or `--resume` with the id of a backfill")
    for text in partitions:
        _check_range(text)
    return backfill(pointer, BackfillRequest(partitions, resume, failed_only, concurrency, instance, form))


@commands.command("list")
@click.argument("paths", nargs=-1)
def _list(paths: tuple[str, ...]) -> int:
    """List the jobs of spec files and folders (default: this one) as SPEC#JOB, with what they are for."""
    from jobc.cli.list_jobs import list_jobs

    return list_jobs(paths)


@commands.command("explain")
@click.argument("code", required=False)
def _explain(code: str | None) -> int:
    """Explain a diagnostic code; without one, list all codes."""
    from jobc.cli.explain import explain, list_codes

    return explain(code) if code else list_codes()


def _pairs(option: str, texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Split each `name=value`; a text that is not of this form is a usage mistake."""
    pairs = [text.partition("=") for text in texts]
    for text, (name, equals, _) in zip(texts, pairs, strict=True):
        if not name or not equals:
            raise click.BadParameter(f"`{text}` is not of the form `name=value`", param_hint=option)
    return tuple((name, value) for name, _, value in pairs)
