"""Find the spec files that a command is given: files by name, folders by search."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jobc.compiler.disk import Disk
from jobc.compiler.search import named_specs
from jobc.schemas.diagnostics import Diagnostic, Location, Position

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable


def find_specs(
    paths: Iterable[str | os.PathLike[str]], disk: Disk | None = None
) -> tuple[list[Path], list[Diagnostic]]:
    """Return the spec files among `paths`, each once, and a diagnostic for each path that is not there.

    A file given by name counts as a spec whatever it holds. In a folder, files with the suffix of YAML or
    TOML and the key `jobc` at their top level are specs; hidden folders are not searched.
    """
    found, missing = named_specs(paths, disk or Disk())
    return [Path(each) for each in found], [
        _not_there(Path(each).as_posix() if each else "") for each in missing
    ]


def _not_there(path: str) -> Diagnostic:
    start = Position(1, 1)
    return Diagnostic(
        "JC0101",
        f"there is no file or folder `{path}`" if path else "an empty text names no file or folder",
        Location(path, start, start),
        label="not found",
        help="give a spec file, or a folder that holds spec files",
    )
