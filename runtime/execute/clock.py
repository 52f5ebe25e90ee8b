"""Time as the engine sees it: one object, so that a test can turn it by hand."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What time it is, and waiting."""

    def now(self) -> float:
        """Return the seconds since the epoch."""
        ...

    def wait(self, seconds: float, /) -> None:
        """Return after so many seconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    now = staticmethod(time.time)
    wait = staticmethod(time.sleep)
