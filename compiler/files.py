"""Find the spec files that a command is given: files by name, folders by search."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from jobc.schemas.diagnostics import Diagnostic, Location, Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUFFIXES = (".yaml", ".yml", ".toml")
HEAD_SIZE = 65_536
_MARK = re.compile(rb"""^(?:\xef\xbb\xbf)?["']?jobc["']?[ \t]*[:=]""", re.MULTILINE)


def find_specs(paths: Iterable[str | os.PathLike[str]]) -> tuple[list[Path], list[Diagnostic]]:
    """Return the spec files among `paths`, each once, and a diagnostic for each path that is not there.

    A file given by name counts as a spec whatever it holds. In a folder, files with the suffix of YAML or
    TOML and the key `jobc` at their top level are specs; hidden folders are not searched.
    """
    found: dict[Path, None] = {}
    missing = []
    for given in paths:
        path = Path(given)
        if not os.fspath(given):
            missing.append(_not_there(""))
        elif path.is_dir() and path.suffix not in SUFFIXES:
            found.update(dict.fromkeys(_search(path)))
        elif path.exists() or path.is_symlink() or path.suffix in SUFFIXES:
            found[path] = None
        else:
            missing.append(_not_there(path.as_posix()))
    return list(found), missing


def _search(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__pycache__")
        for name in sorted(files):
            path = Path(root, name)
            if path.suffix in SUFFIXES and _looks_like_spec(path):
                yield path


def _looks_like_spec(path: Path) -> bool:
    """Tell by its first bytes whether a file is meant to be a spec; one that cannot be read may be."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return _MARK.search(file.read(HEAD_SIZE)) is not None
    except OSError:
        return True


def _not_there(path: str) -> Diagnostic:
    start = Position(1, 1)
    return Diagnostic(
        "JC0101",
        f"there is no file or folder `{path}`" if path else "an empty text names no file or folder",
        Location(path, start, start),
        label="not found",
        help="give a spec file, or a folder that holds spec files",
    )
