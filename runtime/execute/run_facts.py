"""What every context of a run says about the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobc.runtime.execute.state import RunState
    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run


class RunFacts:
    """The run a context belongs to; those who extend it set `_state`."""

    __slots__ = ("_state",)

    _state: RunState

    @property
    def run_id(self) -> str:
        """Return the id of the run."""
        return self._state.run.run_id

    @property
    def run(self) -> Run:
        """Return the record of the run."""
        return self._state.run

    @property
    def job_name(self) -> str:
        """Return the name of the job."""
        return self._state.job.name

    @property
    def instance(self) -> Instance:
        """Return the instance of the run."""
        return self._state.instance
