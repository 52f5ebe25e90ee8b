"""IR as files: writing compiled jobs down, and reading them back to be linked and run.

A file holds the canonical text of a compiled spec. Beside it stands the folder that the paths of the IR start
from, relative to the file's own: it says where the author's code is and is no part of any digest.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.read import read_text
from jobc.compiler.read.limits import FILE_BYTES
from jobc.schemas.diagnostics import Diagnostic, Location, Position
from jobc.schemas.ir.data import canonical_text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from jobc.compiler.read import Tree
    from jobc.schemas.ir import CompiledSpec

SUFFIX = ".json"
_HELP = "write the file anew with `jobc compile SPEC -o FILE`"
_SHOWN = 5
# What a document of IR is told by, in any order and with any white space.
_MARKS = ('"format"', '"jobs"')


class IrFile(NamedTuple):
    """What came of reading an IR file: the jobs, and the folder that their paths start from.

    `spec` is None when there are diagnostics.
    """

    spec: CompiledSpec | None
    folder: Path
    diagnostics: tuple[Diagnostic, ...] = ()


def ir_text(spec: CompiledSpec, *, base: str = ".") -> str:
    """Return the text of an IR file; `base` is the spec's folder, relative to that of the file."""
    data = spec.to_data()
    assert isinstance(data, dict)
    return canonical_text({**data, "base": base} if base != "." else data) + "\n"


def base_of(spec_file: Path, ir_file: Path) -> str:
    """Return the folder of a spec, relative to that of the IR file that is made of it."""
    return Path(os.path.relpath(spec_file.absolute().parent, ir_file.absolute().parent)).as_posix()


def is_ir_file(path: str | os.PathLike[str]) -> bool:
    """Tell whether a file is IR, not a spec that is written in JSON: by its name and its keys at the top."""
    file = Path(path)
    if file.suffix.lower() != SUFFIX or not file.is_file() or file.stat().st_size > FILE_BYTES:
        return False
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if any(mark not in text for mark in _MARKS):
        return False
    return '"jobc"' not in text or _has_no_version(text)


def _has_no_version(text: str) -> bool:
    """Tell whether `jobc` is a word somewhere in a document, such as a command, and no key at its top."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "jobc" not in document


def read_ir(path: str | os.PathLike[str]) -> IrFile:
    """Read an IR file; never raises for what is in it: every mistake is a diagnostic (JC1004).

    Reading back what was written gives an equal digest.
    """
    from pydantic import ValidationError

    from jobc.schemas.ir.job_document import IrSpec

    file = Path(path)
    text = file.read_text("utf-8")
    try:
        document = IrSpec.model_validate(json.loads(text))
    except (ValueError, RecursionError) as error:
        details = error.errors(include_url=False) if isinstance(error, ValidationError) else []
        return IrFile(None, file.parent, _mistakes(file.as_posix(), text, details))
    return IrFile(document.compiled(), file.parent / document.base)


def _mistakes(name: str, text: str, details: list[ErrorDetails]) -> tuple[Diagnostic, ...]:
    """Locate what is wrong with an IR file; the slower reader that knows places is asked only now."""
    tree, found = read_text(name, text)
    if tree is None or not details:
        return found or (_not_json(name),)
    return tuple(_mistake(tree, detail) for detail in details[:_SHOWN])


def _not_json(name: str) -> Diagnostic:
    start = Location(name, Position(1, 1), Position(1, 1))
    return Diagnostic("JC1004", "the file is not JSON", start, label="expected compiled jobs", help=_HELP)


def _mistake(tree: Tree, detail: ErrorDetails) -> Diagnostic:
    path = tuple(part for part in detail["loc"] if not str(part).startswith("Ir"))
    key = path[-1] if path else "the file"
    if detail["type"] == "extra_forbidden":
        return Diagnostic(
            "JC1004",
            f"`{key}` is no part of IR",
            tree.locate_key(path),
            label="not expected here",
            help=_HELP,
        )
    if detail["type"] == "missing":
        place = tree.locate_key(path[:-1])
        return Diagnostic("JC1004", f"`{key}` is missing", place, label="expected here", help=_HELP)
    return Diagnostic(
        "JC1004",
        f"`{key}` is not what IR holds there",
        tree.locate(path),
        label="the format is another one" if key == "format" else "does not fit the schema",
        help=_HELP,
    )


def no_choice(path: Path) -> Diagnostic:
    """Report that a file of compiled jobs has neither profiles nor vars to choose (JC1004)."""
    name = path.as_posix()
    return Diagnostic(
        "JC1004",
        f"`{name}` holds compiled jobs: profiles and vars have no part in them any more",
        Location(name, Position(1, 1), Position(1, 1)),
        label="compiled before",
        help="give `--profile` and `--var` to `jobc compile`",
    )
