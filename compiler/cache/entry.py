"""Entry: what was found out about one file, and what that depends on, as bytes.

The first line holds a checksum of all that follows; then come the number of jobs and whether a comment of the
file may suppress something, a line for each thing that was asked of the disk, a line for each imported file
and for each folder of Python code, an empty line, and the diagnostics as JSON. Where nothing is wrong there
is no JSON, and nobody has to load what reads it.
"""

from __future__ import annotations

import os

from jobc.compiler.disk import QUESTIONS, digest

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobc.compiler.disk import Disk

_MARK = b"jobc check "


class Entry:
    """What was found out about one file.

    `asked` is as in `View.asked`. `imported` are the names of imported files as diagnostics show them, by
    their paths. `folders` are those of Python code that the file itself names. `found` is JSON, empty if
    nothing is wrong.
    """

    __slots__ = ("asked", "folders", "found", "has_suppressions", "imported", "jobs")

    def __init__(
        self,
        jobs: int,
        has_suppressions: bool,  # noqa: FBT001 - a value of the record, not a switch
        asked: Mapping[tuple[str, str], str],
        imported: Mapping[str, str],
        folders: Iterable[str],
        found: bytes,
    ) -> None:
        self.jobs = jobs
        self.has_suppressions = has_suppressions
        self.asked = asked
        self.imported = imported
        self.folders = tuple(folders)
        self.found = found

    @property
    def is_clean(self) -> bool:
        """Tell whether there is nothing to report, whatever the comments of the file say."""
        return not self.found and not self.has_suppressions

    def holds(self, disk: Disk) -> bool:
        """Tell whether the disk answers as it did when this was found out."""
        return all(disk.known(*question) == answer for question, answer in self.asked.items())


def encode(entry: Entry) -> bytes | None:
    """Return an entry as bytes; None where a name is no line of text: it has a line break in it, or a NUL."""
    lines = [f"{entry.jobs} {int(entry.has_suppressions)}"]
    lines += [f"{question} {answer} {about}" for (question, about), answer in entry.asked.items()]
    lines += [f"import {path}\0{name}" for path, name in entry.imported.items()]
    lines += [f"folder {folder}" for folder in entry.folders]
    names = [about for _, about in entry.asked] + [*entry.imported, *entry.imported.values(), *entry.folders]
    if any("\n" in name or "\0" in name for name in names):
        return None
    try:
        body = os.fsencode("\n".join(lines)) + b"\n\n" + entry.found
    except UnicodeEncodeError:
        return None
    return b"%s%s\n%s" % (_MARK, digest(body).encode(), body)


def decode(data: bytes | None) -> Entry | None:
    """Read an entry; None for anything that `encode` did not write."""
    if data is None:
        return None
    head, _, body = data.partition(b"\n")
    if not head.startswith(_MARK) or head[len(_MARK) :] != digest(body).encode():
        return None
    written, _, found = body.partition(b"\n\n")
    first, *lines = os.fsdecode(written).split("\n")
    jobs, _, has_suppressions = first.partition(" ")
    asked: dict[tuple[str, str], str] = {}
    imported: dict[str, str] = {}
    folders = []
    for line in lines:
        kind, _, rest = line.partition(" ")
        answer, _, about = rest.partition(" ")
        if kind in QUESTIONS:
            asked[kind, about] = answer
        elif kind == "import":
            path, _, name = rest.partition("\0")
            imported[path] = name
        else:
            folders.append(rest)
    return Entry(int(jobs), has_suppressions == "1", asked, imported, folders, found)
