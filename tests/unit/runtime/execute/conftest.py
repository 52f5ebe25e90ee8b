"""What the tests of the engine share: a clock that is turned by hand, and a way to run a job with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc.runtime.execute.request import prepared_request
from jobc.runtime.execute.run import run_request
from jobc.runtime.storage.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.execute.result import ExecuteInProcessResult


class HandClock:
    """A clock that stands still but for the waits asked of it, which it notes."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float, /) -> None:
        self.waits.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def run_by_hand(clock: HandClock) -> Callable[[JobDefinition], ExecuteInProcessResult]:
    def run(job: JobDefinition) -> ExecuteInProcessResult:
        return run_request(prepared_request(job), Instance.ephemeral(), False, clock, None)

    return run
