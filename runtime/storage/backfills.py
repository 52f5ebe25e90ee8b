"""The record of a backfill: which partitions of a job were asked for, and whether all had their turn."""

from __future__ import annotations

from jobc.schemas.records import dataclass

BACKFILL_TAG = "jobc/backfill"
"""The tag that holds the id of the backfill a run belongs to."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """Runs of one job for many partitions.

    `request` tells what was asked for, as a text that is equal when the same is asked again. `keys` are the
    partitions, fixed when the backfill began, in the order they run. `started_at` and `ended_at` are seconds
    since the epoch; `ended_at` is None until every partition had its turn, whatever came of it.
    """

    backfill_id: str
    job_name: str
    request: str
    keys: tuple[str, ...]
    started_at: float
    ended_at: float | None = None
