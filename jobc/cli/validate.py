"""`jobc validate`: check spec files and say what is wrong with them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from jobc.cli import MISTAKES, OK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.compiler.pipeline import Validation

FORMATS = ("human", "json")


class ValidateRequest(NamedTuple):
    """What to check, how to say it, and whether warnings and notes count as mistakes."""

    paths: tuple[str, ...] = ()
    form: str = "human"
    strict: bool = False


def parse_request(words: Sequence[str]) -> ValidateRequest | None:
    """Read the arguments of `validate`; None for any that are not plainly right: click explains those."""
    paths: list[str] = []
    form, strict = "human", False
    rest = iter(words)
    for word in rest:
        if word == "--":
            paths.extend(rest)
        elif word == "--strict":
            strict = True
        elif word == "--format" or word.startswith("--format="):
            form = next(rest, "") if word == "--format" else word.removeprefix("--format=")
            if form not in FORMATS:
                return None
        elif word.startswith("-") or not word:
            return None
        else:
            paths.append(word)
    return ValidateRequest(tuple(paths), form, strict)


def run_validate(request: ValidateRequest) -> int:
    """Check files (by default those of this folder and below), print what was found, return the exit code."""
    from jobc.compiler.pipeline import validate

    found = validate(request.paths or (".",), is_strict=request.strict)
    if request.form == "json":
        from jobc.compiler.report.json_form import render

        sys.stdout.write(render(found.diagnostics, found.texts, files=found.files, jobs=found.jobs))
    else:
        _say(found)
    severities = {diagnostic.severity for diagnostic in found.diagnostics}
    return MISTAKES if "error" in severities or (request.strict and severities) else OK


def _say(found: Validation) -> None:
    if found.diagnostics:
        from jobc.cli.terminal import print_diagnostics

        print_diagnostics(found.diagnostics, found.texts, files=found.files, jobs=found.jobs)
    elif found.files:
        print(f"{_count(found.files, 'file')}, {_count(found.jobs, 'job')}: no mistakes found")
    else:
        print("no spec found: a spec is a YAML or TOML file with the key `jobc` at its top", file=sys.stderr)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
