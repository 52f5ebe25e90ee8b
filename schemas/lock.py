"""The lock file: the digests of compiled jobs, and of their parts, so that drift can be named."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class LockPart(BaseModel):
    """The base of all models: closed, frozen, no conversion of values."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class LockedJob(LockPart):
    """What is known of one job."""

    digest: str = Field(pattern=r"^[0-9a-f]{64}$", description="The digest of the job.", examples=["0" * 64])
    parts: dict[str, str] = Field(
        description="Digests of its parts, by what they are.", examples=[{"op `read`": "5f2b9c01d4e7a830"}]
    )


class LockDocument(LockPart):
    """A whole lock file.

    Jobs are by `FILE#JOB`, or `FILE#JOB@PROFILE`; files are relative to the lock file.
    """

    version: Literal[1] = Field(description="Version of the form.", examples=[1])
    jobs: dict[str, LockedJob] = Field(description="What is known of each job.", examples=[{}])
