"""Options that several commands have, and what makes values of their texts."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobc.cli.executors import NAMES as EXECUTORS
from jobc.cli.spec_options import SpecOptions
from jobc.cli.validate import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="human", help="Who reads the output."
)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
POINTER = click.argument("pointer", metavar="SPEC[#JOB]")
CONFIG = click.option(
    "--config", "files", multiple=True, metavar="FILE", help="Run config; later files win, key by key."
)
SET = click.option(
    "--set", "settings", multiple=True, metavar="A.B=VALUE", help="Set one value of the run config."
)
INPUT = click.option(
    "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="Give a value to an input of the job."
)
SELECT = click.option(
    "--select", "selection", multiple=True, metavar="QUERY", help="Take only what any of the queries selects."
)
PROFILE = click.option("--profile", metavar="NAME", help="Lay this profile of the file over it.")
EXECUTOR = click.option(
    "--executor", type=click.Choice(EXECUTORS), help="Where steps run, in place of what the job says."
)
VAR = click.option(
    "--var", "variables", multiple=True, metavar="NAME=VALUE", help="Give a value to a var of the file."
)
ALLOW_OUTSIDE = click.option(
    "--allow-outside", is_flag=True, help="Let imports leave the project the file is in."
)
INSTANCE = click.option(
    "--instance",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder that records runs (default: $JOBC_HOME, else `.jobc` here).",
)


def not_empty(_context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """Refuse an empty text, which is what an unset variable of the shell leaves."""
    if text == "":
        raise click.BadParameter("it is empty", param=option)
    return text


def range_of_keys(_context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """Refuse what is no range."""
    if text is not None and "..." not in text:
        raise click.BadParameter(f"`{text}` is not of the form `A...B`", param=option)
    return text if text is None else check_range(text)


def check_range(text: str) -> str:
    """Refuse a range with an end that is missing."""
    start, dots, end = text.partition("...")
    if dots and not (start and end):
        raise click.UsageError(f"the range `{text}` lacks an end: write `A...B`")
    if not text:
        raise click.UsageError("`--partitions` is empty")
    return text


def codes(_context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Split lists of codes; refuse what no code begins with."""
    from jobc.compiler.code_filter import is_pattern, near_patterns

    codes = tuple(code for text in texts for code in text.replace(",", " ").split())
    for code in codes or ("",) * len(texts):
        if not is_pattern(code):
            near = near_patterns(code)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise click.BadParameter(f"no diagnostic code begins with `{code}`{hint}", param=option)
    return codes


def of_spec(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that say what a spec is compiled with; it gets them as `options`."""

    @PROFILE
    @VAR
    @ALLOW_OUTSIDE
    @wraps(command)
    def chosen(*, profile: str | None, variables: tuple[str, ...], allow_outside: bool, **others: Any) -> int:
        return command(options=SpecOptions(profile, pairs("--var", variables), allow_outside), **others)

    return chosen


def pairs(option: str, texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Split each `name=value`; a text that is not of this form is a usage mistake."""
    pairs = [text.partition("=") for text in texts]
    for text, (name, equals, _) in zip(texts, pairs, strict=True):
        if not name or not equals:
            raise click.BadParameter(f"`{text}` is not of the form `name=value`", param_hint=option)
    return tuple((name, value) for name, _, value in pairs)
