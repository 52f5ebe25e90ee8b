"""Which process a run belongs to, and whether it is still there.

A process id alone is given out again; with the moment its process began it is unique on a machine, and with
the machine's current boot it stays so when the machine restarts.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")
_BOOT = _PROC / "sys/kernel/random/boot_id"
_STATE, _START = 0, 19
"""Places in `/proc/PID/stat` after the command's name: fields 3 and 22 of proc(5)."""
_DEAD_STATES = "ZXx"


class ProcessMark(NamedTuple):
    """A process: the machine it runs on, its id there, and when it began, as the system tells it."""

    host: str
    pid: int
    began: str


def this_process() -> ProcessMark:
    """Return the mark of the process that asks."""
    return _mark_of(os.getpid())


def has_ended(mark: ProcessMark) -> bool:
    """Tell whether a process is known to be gone; of one on another machine nothing is known."""
    return mark.host == os.uname().nodename and _beginning(mark.pid) != mark.began


@cache
def _mark_of(pid: int) -> ProcessMark:
    return ProcessMark(os.uname().nodename, pid, _beginning(pid) or "")


def _beginning(pid: int) -> str | None:
    """Return when a process began, in whatever form the system has; None where there is no such process."""
    if not _BOOT.exists():
        return _beginning_by_ps(pid)
    try:
        stat = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    if fields[_STATE] in _DEAD_STATES:
        return None
    return f"{_BOOT.read_text().strip()} {fields[_START]}"


def _beginning_by_ps(pid: int) -> str | None:
    import subprocess

    command = ["ps", "-o", "state=,lstart=", "-p", str(pid)]
    environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
    listed = subprocess.run(command, capture_output=True, check=False, text=True, env=environment)  # noqa: S603
    state, _, began = listed.stdout.strip().partition(" ")
    return began.strip() if began and state[:1] not in _DEAD_STATES else None
