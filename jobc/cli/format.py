"""`jobc fmt`: put the layout of spec files in order."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from jobc.cli import MISTAKES, OK
from jobc.cli.rewriting import difference, replace_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jobc.schemas.diagnostics import Diagnostic

STDIN: Final = "-"
Purpose = Literal["write", "check", "diff", "check and diff"]


class FormatRequest(NamedTuple):
    """What to format: files and folders, or `-` for stdin, which is called `stdin_name`; and what for."""

    paths: tuple[str, ...] = ()
    purpose: Purpose = "write"
    stdin_name: str = "stdin.yaml"


class Formatted(NamedTuple):
    """A file before and after; `after` is None if it cannot be read without errors, which are given."""

    path: Path
    before: bytes
    after: bytes | None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether its layout was not in order."""
        return self.after is not None and self.after != self.before


def run_format(request: FormatRequest) -> int:
    """Format files (by default the specs of this folder and below), say which, return the exit code.

    1 if a file cannot be read, or if one would change and that is asked for by `check`.
    """
    if request.paths == (STDIN,):
        return _format_stdin(request)
    from jobc.compiler.files import find_specs
    from jobc.compiler.settings import find_settings

    files, diagnostics = find_specs(request.paths or find_settings().settings.paths or (".",))
    changed, failure = [], None
    for path in files:
        try:
            formatted = _format_file(path)
        except Exception as error:  # noqa: BLE001 - ours, and reported as a crash once the others are done
            failure = failure or error
            continue
        diagnostics += formatted.diagnostics
        if formatted.is_changed and _settle(formatted, request.purpose):
            changed.append(formatted)
    _report(diagnostics, len(files), {})
    _summarise(len(changed), len(files), request.purpose)
    if failure is not None:
        raise failure
    failed = any(diagnostic.severity == "error" for diagnostic in diagnostics)
    return MISTAKES if failed or (changed and "check" in request.purpose) else OK


def _format_file(path: Path) -> Formatted:
    from jobc.compiler.format import format_text
    from jobc.compiler.read import read_file

    try:
        data = path.read_bytes() if path.is_file() else None
    except OSError:
        data = None
    if data is None:
        return Formatted(path, b"", None, read_file(path).diagnostics)
    result = format_text(path.as_posix(), data)
    after = None if result.text is None else result.text.encode("utf-8")
    return Formatted(path, data, after, result.diagnostics)


def _settle(formatted: Formatted, purpose: Purpose) -> bool:
    """Write a file, or say what would be written; return whether that could be done."""
    path, before, after, _ = formatted
    name = path.as_posix()
    assert after is not None
    if "diff" in purpose:
        sys.stdout.write(difference(name, before.decode("utf-8"), after.decode("utf-8")))
    elif purpose == "check":
        print(f"would format {name}")
    elif replace_bytes(path, before, after):
        print(f"formatted {name}")
    else:
        print(f"{name} was changed by somebody else meanwhile and is left as it is", file=sys.stderr)
        return False
    return True


def _format_stdin(request: FormatRequest) -> int:
    """Format what comes in, and print the result; nothing is printed where it cannot be read."""
    from jobc.compiler.format import format_text
    from jobc.compiler.read.source import Source, decode

    data = sys.stdin.buffer.read()
    result = format_text(request.stdin_name, data)
    if result.text is None:
        source = decode(request.stdin_name, data)
        text = source.text if isinstance(source, Source) else ""
        _report(list(result.diagnostics), 1, {request.stdin_name: text})
        return MISTAKES
    after = result.text.encode("utf-8")
    if "diff" in request.purpose:
        sys.stdout.write(difference(request.stdin_name, data.decode("utf-8"), result.text))
    elif request.purpose == "write":
        sys.stdout.buffer.write(after)
    return MISTAKES if after != data and "check" in request.purpose else OK


def _report(diagnostics: Iterable[Diagnostic], files: int, texts: dict[str, str]) -> None:
    from jobc.schemas.diagnostics import arrange

    found = arrange(list(diagnostics))
    if found:
        from jobc.cli.terminal import print_diagnostics

        print_diagnostics(found, texts, files=files, jobs=0)


def _summarise(changed: int, files: int, purpose: Purpose) -> None:
    if not files:
        print("no spec found: a spec is a YAML or TOML file with the key `jobc` at its top", file=sys.stderr)
    elif "diff" not in purpose:
        verb = "would be formatted" if purpose == "check" else "formatted"
        print(f"{changed} of {files} {'file' if files == 1 else 'files'} {verb}")
