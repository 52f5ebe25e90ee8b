"""`jobc validate`: check spec files and say what is wrong with them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from jobc.cli import MISTAKES, OK, USAGE
from jobc.cli.reports import FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.cli.checking import Check

FORMATS = ("human", "json")


class ValidateRequest(NamedTuple):
    """What to check, how to say it, and whether warnings and notes count as mistakes.

    What is left out is as the settings of the project say; `strict` is None then.
    """

    paths: tuple[str, ...] = ()
    form: str = "human"
    strict: bool | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: str | None = None
    write_baseline: bool = False
    watch: bool = False
    fix: bool = False
    diff: bool = False
    profile: str | None = None
    variables: tuple[tuple[str, str], ...] = ()
    allow_outside: bool = False
    locked: bool = False
    is_cached: bool = True
    is_linked: bool = False


def parse_request(words: Sequence[str]) -> ValidateRequest | None:
    """Read the arguments of `validate`; None for any that are not plainly right: click explains those."""
    paths: list[str] = []
    form, strict, is_cached = "human", None, True
    rest = iter(words)
    for word in rest:
        if word == "--":
            paths.extend(rest)
        elif word == "--strict":
            strict = True
        elif word == "--no-cache":
            is_cached = False
        elif word == "--format" or word.startswith("--format="):
            form = next(rest, "") if word == "--format" else word.removeprefix("--format=")
            if form not in FORMS:
                return None
        elif word.startswith("-") or not word:
            return None
        else:
            paths.append(word)
    return ValidateRequest(tuple(paths), form, strict, is_cached=is_cached)


def run_validate(request: ValidateRequest) -> int:
    """Check files (by default those of this folder and below), print what was found, return the exit code."""
    if request.diff or request.fix:
        from jobc.cli.fixing import fix, show_fixes

        return show_fixes(request) if request.diff else fix(request)
    if request.watch:
        from jobc.cli.watch import watch

        return watch(request)
    if request.write_baseline:
        return _write_baseline(request)
    from jobc.cli.checking import check

    return report(check(request), request.form)


def report(done: Check, form: str) -> int:
    """Print what a check found, and return the exit code."""
    from jobc.cli.reports import write_report

    write_report(done.found, form)
    if done.gone:
        sys.stdout.flush()
        print(_gone(done), file=sys.stderr)
    return MISTAKES if done.fails else OK


def _gone(done: Check) -> str:
    name = done.settings.baseline
    if done.gone == 1:
        return f"1 mistake of `{name}` is no longer found: `--write-baseline` takes it out"
    return f"{done.gone} mistakes of `{name}` are no longer found: `--write-baseline` takes them out"


def _write_baseline(request: ValidateRequest) -> int:
    from pathlib import Path

    from jobc.cli.checking import adopt
    from jobc.compiler.baseline import write_baseline
    from jobc.compiler.settings import find_settings

    name = request.baseline or find_settings().settings.baseline
    if name is None:
        print("Error: `--write-baseline` needs a file: add `--baseline FILE`", file=sys.stderr)
        return USAGE
    baseline, done = adopt(request, Path(name))
    if Path(name).resolve() in {Path(each).resolve() for each in done.found.names}:
        print(f"Error: `{name}` is checked itself: name another file for the baseline", file=sys.stderr)
        return USAGE
    try:
        write_baseline(baseline)
    except OSError as error:
        print(f"Error: cannot write `{name}`: {error.strerror or error}", file=sys.stderr)
        return USAGE
    return report(done, request.form)
