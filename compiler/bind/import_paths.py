"""From the text of an import to the file it names: which texts are paths, and where files may stand."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobc.compiler.bind.imports import ImportedPath
from jobc.compiler.syntax.problems import SyntaxProblem

if TYPE_CHECKING:
    from jobc.compiler.disk import View

# Texts, not `Path` objects: `a/../b` is another file than `b` where `a` is a link, and has to stay as it is.
_join, _folder_of = os.path.join, os.path.dirname

_RELATIVE = "name a file by where it stands from this one: `../common.yaml`"
MARKS = ("pyproject.toml", ".git")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class ProjectRoot:
    """The folder that imports may not leave, links followed; no `folder` lets them go anywhere."""

    folder: str | None

    def holds(self, path: ImportedPath) -> bool:
        """Tell whether a file stands below the folder."""
        return self.folder is None or path.real.startswith(_join(self.folder, ""))


ANYWHERE = ProjectRoot(None)


def project_root(folder: str, view: View) -> ProjectRoot:
    """Return the nearest folder upward with a `pyproject.toml` or `.git`, else the folder itself."""
    start = view.real(folder or os.curdir)
    here = start
    while not any(view.is_there(_join(here, mark)) for mark in MARKS):
        above = _folder_of(here)
        if above == here:
            return ProjectRoot(start)
        here = above
    return ProjectRoot(here)


def path_problem(text: str) -> SyntaxProblem | None:
    """Return what is wrong with the text of an import, before any file is looked at."""
    if not text:
        return _problem(text, "the path of the import is empty")
    if not text.isprintable():
        return _problem(text, "the path of the import holds a character that cannot be seen")
    if _URL.match(text):
        return _problem(text, f"`{text}` is a URL", "download the file: imports open no network")
    if text.startswith("~"):
        return _problem(text, f"`{text}` begins with `~`")
    if text.startswith("/") or _DRIVE.match(text):
        return _problem(text, f"`{text}` is an absolute path")
    if "\\" in text:
        guess = text.replace("\\", "/")
        return _problem(text, f"`{text}` is not a path", f"folders are divided by `/`: `{guess}`", guess)
    return None


def _problem(text: str, message: str, advice: str = _RELATIVE, guess: str = "") -> SyntaxProblem:
    label = "expected a path relative to this file"
    return SyntaxProblem(0, len(text), message, label, advice, (guess,) if guess else ())


def imported_path(importer: str, text: str, view: View) -> ImportedPath:
    """Return the file that a text names in the spec file `importer`, whether or not it is there."""
    path = _join(_folder_of(importer), text)
    real = view.real(path)
    plain = os.path.normpath(path)
    name = plain if view.real(plain) == real else path
    return ImportedPath(name.replace(os.sep, "/"), path, real)
