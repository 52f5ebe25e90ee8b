"""SIGTERM during a run: like Ctrl-C, it interrupts what runs, so that resources are closed (DESIGN 8)."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class RunTerminated(KeyboardInterrupt):  # noqa: N818 - an interruption, not an error
    """The process was asked to end (SIGTERM); `exit_code` is what its caller expects of it then."""

    exit_code = 128 + signal.SIGTERM


@contextmanager
def termination_as_interrupt() -> Iterator[None]:
    """Turn SIGTERM into `RunTerminated` while the block runs.

    Nothing changes outside the main thread, where signals cannot be received, nor if the program handles
    SIGTERM itself.
    """
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL
    ):
        yield
        return
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise RunTerminated("the process was asked to end")
