"""The record of a run: what was asked for and how it went."""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


PARTITION_TAG = "jobc/partition"
"""The tag that holds the partition key of a run (SEMANTICS 16)."""


PROCESS_ENDED = "its process ended"
"""The reason of a run that failed because its process was gone before it recorded an end."""


class RunStatus(Enum):
    """Where a run stands; the last three are final."""

    STARTED = "STARTED"
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    CANCELED = "CANCELED"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job.

    `run_config` is the config as the caller gave it: before defaults, with `{env: NAME}` unread
    (SEMANTICS 4); in a durable instance its secrets are masked. `started_at` and `ended_at` are seconds since
    the epoch; `ended_at` is None while it runs. `reason` says why the run failed where its own process could
    not record it any more. `command` is what started the run, as whoever did so understands it, for starting
    it again; secrets in it are masked, too.
    """

    run_id: str
    job_name: str
    status: RunStatus
    run_config: Mapping[str, object] = field(default_factory=dict, repr=False)  # it may hold secrets
    tags: Mapping[str, str] = field(default_factory=dict)
    parent_run_id: str | None = None
    root_run_id: str | None = None
    started_at: float = 0.0
    ended_at: float | None = None
    reason: str | None = None
    command: str | None = field(default=None, repr=False)

    @property
    def is_finished(self) -> bool:
        """Tell whether the run has ended, in whatever way."""
        return self.status is not RunStatus.STARTED
