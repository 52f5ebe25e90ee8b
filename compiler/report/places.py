"""File names as programs want them: relative to the current folder, with slashes."""

from __future__ import annotations

from pathlib import Path


def relative_name(file: str) -> str:
    """Return the name of a file relative to the current folder if it lies below that, else as it is.

    Hosts of repositories tell files by such names; they know nothing of the machine that checked them.
    """
    path = Path(file)
    folder = Path.cwd()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
