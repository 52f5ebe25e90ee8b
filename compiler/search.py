"""Search folders for spec files, by the names of files and what they begin with.

This is loaded by `jobc validate` of files that have not changed: nothing else is imported at its top.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobc.compiler.disk import Disk

SUFFIXES = (".yaml", ".yml", ".toml")
HEAD_SIZE = 65_536
_PLAIN = (b"jobc: ", b"jobc = ")
_MARK = rb"""^(?:\xef\xbb\xbf)?["']?jobc["']?[ \t]*[:=]"""


def named_specs(paths: Iterable[str | os.PathLike[str]], disk: Disk) -> tuple[list[str], list[str]]:
    """Return the spec files among `paths`, each once, and the paths that are not there.

    A file given by name counts as a spec whatever it holds; folders are searched.
    """
    found: dict[str, None] = {}
    missing = []
    for given in paths:
        text = os.fspath(given)
        path = tidy(text)
        is_named_as_spec = os.path.splitext(path)[1] in SUFFIXES
        if not text:
            missing.append("")
        elif not is_named_as_spec and os.path.isdir(path):
            found.update(dict.fromkeys(specs_in(path, disk)))
        elif is_named_as_spec or os.path.lexists(path):
            found[path] = None
        else:
            missing.append(path)
    return list(found), missing


def tidy(path: str) -> str:
    """Return a path as `pathlib` writes it: without empty steps, `.` and a slash at the end."""
    if "//" in path or "/." in path or path.startswith(".") or path.endswith("/") or os.sep != "/":
        from pathlib import PurePath

        return str(PurePath(path))
    return path


def specs_in(folder: str, disk: Disk) -> Iterator[str]:
    """Yield the spec files in a folder and below, sorted: those of a folder, then those of its folders.

    They have the suffix of YAML or TOML and the key `jobc` at their top level. Hidden folders are not
    searched, links to folders are not followed, folders that may not be read hold nothing.
    """
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not _is_folder(entry):
                    files.append(entry.name)
                elif not (entry.is_symlink() or entry.name.startswith(".") or entry.name == "__pycache__"):
                    folders.append(entry.name)
    except OSError:
        return
    within = "" if folder == os.curdir else folder
    for name in sorted(files):
        path = os.path.join(within, name)
        if os.path.splitext(name)[1] in SUFFIXES and _looks_like_spec(path, disk):
            yield path
    for name in sorted(folders):
        yield from specs_in(os.path.join(within, name), disk)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _looks_like_spec(path: str, disk: Disk) -> bool:
    """Tell by its first bytes whether a file is meant to be a spec; one that cannot be read may be."""
    head = disk.head(path, HEAD_SIZE)
    if isinstance(head, str):
        return os.path.isfile(path)
    if head.startswith(_PLAIN):
        return True
    if b"jobc" not in head:
        return False
    import re

    return re.search(_MARK, head, re.MULTILINE) is not None
