"""Python modules of one name in the folders of several files: in one process there can be only one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jobc.compiler.bind.import_reports import shadowed
from jobc.compiler.bind.module_finder import ModuleFinder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import Program
    from jobc.compiler.disk import View
    from jobc.schemas.diagnostics import Diagnostic


def check_modules(program: Program, view: View) -> Iterator[Diagnostic]:
    """Report modules of imported files that would be found at another file when a job is run (JC0337).

    Then the folders of all files are searched: those of the importing file first, then those of its imports.
    """
    joined = ModuleFinder(python_folders(program), view)
    for name, imported in program.imports.items():
        said: set[str] = set()
        for each in _programs(imported):
            own = ModuleFinder(_folders(each), view)
            for path, target in each.document.targets.items():
                top = target.module.partition(".")[0]
                files = own.place_of(target.module), joined.place_of(target.module)
                if top not in said and None not in files and not _is_same(view, *files):
                    said.add(top)
                    yield shadowed(program.document, name, top, files, each.document.tree.locate(path))


def python_folders(program: Program) -> list[str]:
    """Return where Python targets of a program and its imports are looked for, in order, each folder once."""
    return list(dict.fromkeys(folder for each in _programs(program) for folder in _folders(each)))


def _folders(program: Program) -> list[str]:
    entries = program.document.spec.python_path
    return [os.path.normpath(f"{program.folder or os.curdir}/{entry}") for entry in entries]


def _programs(program: Program) -> Iterator[Program]:
    yield program
    for imported in program.imports.values():
        yield from _programs(imported)


def _is_same(view: View, first: str | None, second: str | None) -> bool:
    return view.real(first or "") == view.real(second or "")
