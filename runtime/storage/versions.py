"""What memoised runs leave in an instance: which output was made at which version, and by which run."""

from __future__ import annotations

from jobc.schemas.records import dataclass


@dataclass(frozen=True, slots=True)
class MemoisedOutput:
    """An output that a step made at a version; `output_name` is empty for the step as a whole.

    `stored_at` is in seconds since the epoch.
    """

    job_name: str
    step_key: str
    output_name: str
    version: str
    run_id: str
    stored_at: float
