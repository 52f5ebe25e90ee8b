"""Commands about what spec files hold: jobs, values, schemas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobc.cli.commands.options import FORMAT, PROFILE, of_spec
from jobc.cli.schema import KINDS as SCHEMAS
from jobc.compiler.locks import NAME as LOCK

if TYPE_CHECKING:
    from jobc.cli.spec_options import SpecOptions


@click.command("new")
@click.argument("name")
def new_command(name: str) -> int:
    """Make a folder NAME with a small job that runs, to begin with."""
    from jobc.cli.new import make_project

    return make_project(name)


@click.command("list")
@click.argument("paths", nargs=-1)
@of_spec
def list_command(paths: tuple[str, ...], options: SpecOptions) -> int:
    """List the jobs of spec files and folders (default: this one) as SPEC#JOB, with what they are for."""
    from jobc.cli.list_jobs import list_jobs

    return list_jobs(paths, options)


@click.command("compile")
@click.argument("specs", nargs=-1, metavar="SPEC")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the IR to a file."
)
@of_spec
@click.option("--digest", is_flag=True, help="Print a line `JOB DIGEST` for each job instead of the IR.")
@click.option("--lock", is_flag=True, help="Write the digests of all jobs of the specs to the lock file.")
@click.option("--locked", is_flag=True, help="Fail where the jobs of the specs differ from the lock file.")
@click.option(
    "--lock-file", type=click.Path(dir_okay=False, path_type=Path), default=Path(LOCK), show_default=True
)
def compile_command(
    specs: tuple[str, ...],
    output: Path | None,
    lock_file: Path,
    *,
    options: SpecOptions,
    digest: bool,
    lock: bool,
    locked: bool,
) -> int:
    """Lower a spec file to its canonical form, which has the same digest for the same jobs.

    With --lock and --locked there may be several files and folders (default: this one).
    """
    from jobc.cli.compile_spec import print_digests, print_form, write_form
    from jobc.cli.lock import compare_with_lock, write_lock

    if lock or locked:
        if options.profile is not None or options.variables:
            raise click.UsageError(
                "a lock file knows all profiles and the vars as they are written: leave out "
                "`--profile` and `--var`"
            )
        act = write_lock if lock else compare_with_lock
        return act(specs, lock_file, allow_outside=options.allow_outside)
    if len(specs) != 1:
        raise click.UsageError("name one spec file; several go with --lock and --locked")
    if output is not None:
        return write_form(specs[0], output, options)
    return print_digests(specs[0], options) if digest else print_form(specs[0], options)


@click.command("explain-value")
@click.argument("spec")
@click.argument("path")
@of_spec
@FORMAT
def explain_value_command(spec: str, path: str, form: str, *, options: SpecOptions) -> int:
    """Show the value at a PATH of a spec, such as `vars.root`, and every place that it comes from."""
    from jobc.cli.explain_value import ExplainRequest, explain_value

    return explain_value(ExplainRequest(spec, path, form, options))


@click.command("schema")
@click.argument("pointer", metavar="[SPEC#JOB]", required=False)
@click.option(
    "--kind",
    type=click.Choice(SCHEMAS),
    default="spec",
    help="Which document the schema is of, where no job is named.",
)
@PROFILE
def schema_command(pointer: str | None, kind: str, profile: str | None) -> int:
    """Print a JSON Schema: of specs, for editors, or of the run config of one job."""
    from jobc.cli.schema import print_run_config_schema, print_schema

    return print_schema(kind) if pointer is None else print_run_config_schema(pointer, profile)
