"""Where settings may stand: the files `pyproject.toml` upward of a folder that seem to have some.

This is loaded by `jobc validate` of files that have not changed: nothing else is imported at its top.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "pyproject.toml"
_MARK = (
    rb"""^[ \t]*\[?[ \t]*(?:tool|"tool"|'tool')[ \t]*(?:[\]=]|\.[ \t]*(?:jobc|"jobc"|'jobc')[ \t]*[\].=])"""
)


def settings_files(folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the content of each file that may hold a table `tool.jobc`, nearest first."""
    above = ""
    while folder != above:
        path = os.path.join(folder, FILE)
        data = _content(path)
        if b"jobc" in data and _has_mark(data):
            yield path, data
        folder, above = os.path.dirname(folder), folder


def _content(path: str) -> bytes:
    if not os.path.isfile(path):
        return b""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _has_mark(data: bytes) -> bool:
    import re

    return re.search(_MARK, data, re.MULTILINE) is not None
