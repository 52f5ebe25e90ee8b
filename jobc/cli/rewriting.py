"""Change files in place: whole or not at all, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path

_STAYS = "\\ No newline at end of file\n"


def replace_bytes(path: Path, before: bytes, after: bytes) -> bool:
    """Replace the content of a file that is `before`; return False, and change nothing, if it is not.

    The file keeps its mode; a link keeps leading to it. A reader sees the old content or the new one, never
    a part. Raises OSError if the file or its folder may not be written.
    """
    target = Path(os.path.realpath(path))
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "the file may not be written", str(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
        shutil.copymode(target, name)
        if target.read_bytes() != before:
            return False
        os.replace(name, target)  # noqa: PTH105 - its counterpart below is by name, too
        return True
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)  # noqa: PTH108 - gone already where it took the file's place


def difference(name: str, before: str, after: str) -> str:
    """Return a unified diff of two texts of a file; empty if they are equal."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    rows = unified_diff(old, new, name, name)
    return "".join(row if row.endswith("\n") else f"{row}\n{_STAYS}" for row in rows)
