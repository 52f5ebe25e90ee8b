"""The door of the phase: a file, or text with a name, in; a tree and what is wrong with it out.

The suffix of the name decides: `.toml` is TOML; `.yaml`, `.yml` and `.json` are YAML, which JSON is part of.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path as FilePath
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.compiler.read.limits import FILE_BYTES
from jobc.compiler.read.source import BYTE_ORDER_MARK, Source, decode, find_control
from jobc.schemas.diagnostics import Diagnostic, Location, Position
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from jobc.compiler.read.tree import Tree

SUFFIXES: Final = (".yaml", ".yml", ".toml", ".json")
"""The suffixes of spec files, compared without regard to case."""


class ReadResult(NamedTuple):
    """What came of reading: `tree` is None if nothing could be read at all."""

    tree: Tree | None
    diagnostics: tuple[Diagnostic, ...]


def read_file(path: str | os.PathLike[str], name: str | None = None) -> ReadResult:
    """Read a spec file. `name` is what diagnostics call it, by default the path as given.

    Never raises for what is on the disk: every mistake is a diagnostic (JC01xx).
    """
    shown = os.fsdecode(path) if name is None else name
    data = _file_bytes(FilePath(path), shown)
    if isinstance(data, Diagnostic):
        return ReadResult(None, (data,))
    return _read(shown, _suffix(os.fsdecode(path)), data)


def read_text(name: str, data: bytes | str) -> ReadResult:
    """Read a spec from memory; `name` decides the language as for `read_file`, and stands in diagnostics."""
    if _suffix(name) not in SUFFIXES:
        return ReadResult(None, (_not_a_spec(name),))
    if len(data) > FILE_BYTES:
        return ReadResult(None, (_too_large(name, len(data)),))
    return _read(name, _suffix(name), data)


def _read(name: str, suffix: str, data: bytes | str) -> ReadResult:
    source = _text_source(name, data) if isinstance(data, str) else decode(name, data)
    if isinstance(source, Diagnostic):
        return ReadResult(None, (source,))
    if suffix == ".toml":
        from jobc.compiler.read.toml_reader import read_toml

        tree, diagnostics = read_toml(source)
    else:
        from jobc.compiler.read.yaml_reader import read_yaml

        tree, diagnostics = read_yaml(source)
    return ReadResult(tree, tuple(diagnostics))


def _text_source(name: str, text: str) -> Source | Diagnostic:
    source = Source(name, text.removeprefix(BYTE_ORDER_MARK))
    return find_control(source) or source


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def _file_bytes(path: FilePath, name: str) -> bytes | Diagnostic:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return _unreadable(name, f"`{name}` is a folder", "expected a file")
        if _suffix(str(path)) not in SUFFIXES:
            return _not_a_spec(name)
        if not stat.S_ISREG(status.st_mode):
            return _unreadable(name, f"`{name}` is a pipe or a device", "expected a regular file")
        if status.st_size > FILE_BYTES:
            return _too_large(name, status.st_size)
        with path.open("rb") as file:
            data = file.read(FILE_BYTES + 1)
    except FileNotFoundError:
        return _missing(path, name)
    except PermissionError:
        return _unreadable(name, f"`{name}` may not be read", "expected a file that this user may read")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        return _unreadable(name, f"`{name}` cannot be read", f"the system says: {reason or error}")
    return _too_large(name, len(data)) if len(data) > FILE_BYTES else data


def _missing(path: FilePath, name: str) -> Diagnostic:
    try:
        siblings = [entry.name for entry in os.scandir(path.parent)]
    except OSError:
        siblings = []
    known = [sibling for sibling in siblings if _suffix(sibling) in SUFFIXES]
    suggestions = near_names(path.name, known)
    advice = f"did you mean `{suggestions[0]}`?" if suggestions else None
    return _unreadable(name, f"there is no file `{name}`", "expected a file", advice, suggestions)


def _unreadable(
    name: str, message: str, label: str, advice: str | None = None, suggestions: tuple[str, ...] = ()
) -> Diagnostic:
    return Diagnostic("JC0101", message, _begin(name), label, help=advice, suggestions=suggestions)


def _not_a_spec(name: str) -> Diagnostic:
    return Diagnostic(
        "JC0112",
        f"`{name}` is no spec file",
        _begin(name),
        f"expected a name that ends with one of {listing(SUFFIXES)}",
    )


def _too_large(name: str, size: int) -> Diagnostic:
    return Diagnostic(
        "JC0111",
        f"the file is too large: {size / 1e6:,.1f} MB",
        _begin(name),
        f"expected at most {FILE_BYTES // 1_000_000} MB",
        help="divide it into several files",
    )


def _begin(name: str) -> Location:
    return Location(name, Position(1, 1), Position(1, 1))
