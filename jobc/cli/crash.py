"""What is printed when jobc itself fails: a report to paste, in which no value of the user's stands."""

from __future__ import annotations

import platform
import shlex
import traceback
from typing import TYPE_CHECKING

from jobc import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

INTRODUCTION = """\
jobc crashed. That is a mistake in jobc, not in your spec.
Please report it with the lines below, and the spec if you can share it.
"""


def crash_report(error: Exception, arguments: Sequence[str]) -> str:
    """Write a crash down: where, what, the versions and the command, whose `name=value` values are hidden."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    what = "".join(traceback.format_exception_only(error)).rstrip()
    return (
        f"{INTRODUCTION}\n"
        f"version: jobc {__version__}\n"
        f"python: {platform.python_implementation()} {platform.python_version()} on {platform.platform()}\n"
        f"command: {shlex.join(['jobc', *map(_without_value, arguments)])}\n"
        f"exception: {what}\n"
        f"{frames.rstrip()}"
    )


def _without_value(argument: str) -> str:
    """Keep the name of `name=value` or `--option=value`; the value may be a secret."""
    name, equals, _ = argument.partition("=")
    return f"{name}={'…' if equals else ''}" if equals else argument
