"""Commands that check spec files and leave them as they mean to be."""

from __future__ import annotations

import click

from jobc.cli.commands.options import ALLOW_OUTSIDE, VAR, codes, not_empty, pairs
from jobc.cli.reports import FORMS
from jobc.cli.validate import ValidateRequest


@click.command("validate")
@click.argument("paths", nargs=-1)
@click.option("--format", "form", type=click.Choice(FORMS), default="human", help="Who reads the output.")
@click.option("--strict/--no-strict", default=None, help="Let warnings and notes fail, too.")
@click.option("--profile", metavar="NAME", callback=not_empty, help="Check with this profile alone.")
@VAR
@ALLOW_OUTSIDE
@click.option("--select", multiple=True, metavar="CODES", callback=codes, help="Report only these codes.")
@click.option("--ignore", multiple=True, metavar="CODES", callback=codes, help="Do not report these codes.")
@click.option("--baseline", metavar="FILE", callback=not_empty, help="Report only what it does not know.")
@click.option("--write-baseline", is_flag=True, help="Let the baseline know all that is found now.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@click.option("--locked", is_flag=True, help="Fail where jobs differ from the lock file, too.")
@click.option("--fix", is_flag=True, help="Make the changes that are sure, and report the rest.")
@click.option("--diff", is_flag=True, help="Show what `--fix` would change, and write nothing.")
@click.option(
    "--import", "link", is_flag=True, help="Import the code of all jobs, too, and check that it fits."
)
@click.option("--no-cache", is_flag=True, help="Check all files anew, and remember nothing of it.")
def validate_command(
    paths: tuple[str, ...],
    form: str,
    profile: str | None,
    variables: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: str | None,
    *,
    strict: bool | None,
    write_baseline: bool,
    watch: bool,
    fix: bool,
    diff: bool,
    allow_outside: bool,
    locked: bool,
    no_cache: bool,
    link: bool,
) -> int:
    """Check spec files, and folders of them (default: this one), without importing any user code.

    With --import, what no check can tell without that code is reported as well.

    CODES are diagnostic codes or how they begin, with commas: JC0501,JC07. What is not given is as
    `[tool.jobc]` in pyproject.toml says.
    """
    from jobc.cli.validate import run_validate

    if watch and write_baseline:
        raise click.UsageError("`--watch` and `--write-baseline` exclude each other")
    if (fix or diff) and (watch or write_baseline):
        raise click.UsageError("`--fix` goes with neither `--watch` nor `--write-baseline`")
    if diff and form != "human":
        raise click.UsageError("`--diff` is for people: leave out `--format`")
    options = ValidateRequest(
        paths,
        form,
        strict,
        select,
        ignore,
        baseline,
        write_baseline,
        watch,
        fix,
        diff,
        profile,
        pairs("--var", variables),
        allow_outside,
        locked,
        not no_cache,
        link,
    )
    return run_validate(options)


@click.command("fmt")
@click.argument("paths", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option(
    "--stdin-filename",
    metavar="NAME",
    default="stdin.yaml",
    callback=not_empty,
    help="What `-` is called in messages; its suffix decides between YAML and TOML.",
)
def fmt_command(paths: tuple[str, ...], stdin_filename: str, *, check: bool, diff: bool) -> int:
    """Format spec files, and folders of them (default: this one); `-` formats stdin to stdout."""
    from jobc.cli.format import STDIN, FormatRequest, Purpose, run_format

    if STDIN in paths and len(paths) > 1:
        raise click.UsageError("`-` stands alone: stdin is formatted to stdout")
    purpose: Purpose = (
        "check and diff" if check and diff else "check" if check else "diff" if diff else "write"
    )
    return run_format(FormatRequest(paths, purpose, stdin_filename))


@click.command("explain")
@click.argument("code", required=False)
def explain_command(code: str | None) -> int:
    """Explain a diagnostic code; without one, list all codes."""
    from jobc.cli.explain import explain, list_codes

    return explain(code) if code else list_codes()
