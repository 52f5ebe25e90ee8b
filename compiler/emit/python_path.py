"""Where a job's Python targets are looked for: its file's own folders, then those of imports it uses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from jobc.compiler.bind.program import Program


def python_path(program: Program, names: Collection[str]) -> tuple[str, ...]:
    """Return the folders for everything of these names, relative to the folder of the program's file.

    The file's own folders come first, as they are written, then those of imports in the order of the file.
    """
    own = program.document.spec.python_path
    if not program.imports:
        return tuple(own)
    prefixes = {name.rpartition(".")[0] for name in names}
    known = {os.path.normpath(entry) for entry in own}
    found = [each for each in _folders(program, program, "", prefixes) if each not in known]
    return (*own, *dict.fromkeys(found))


def _folders(root: Program, program: Program, prefix: str, used: Collection[str]) -> Iterator[str]:
    for name, imported in program.imports.items():
        path = f"{prefix}.{name}" if prefix else name
        if path in used:
            start = os.path.relpath(imported.folder or os.curdir, root.folder or os.curdir)
            for entry in imported.document.spec.python_path:
                yield os.path.normpath(f"{start}/{entry}").replace(os.sep, "/")
        yield from _folders(root, imported, path, used)
