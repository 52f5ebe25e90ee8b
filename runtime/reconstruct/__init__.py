"""Jobs that cross a process: pointers from which another process builds the same job (SEMANTICS 21)."""

from __future__ import annotations

from jobc.runtime.reconstruct.job import ReconstructableJob
from jobc.runtime.reconstruct.targets import build_reconstructable_job, reconstructable

__all__ = ["ReconstructableJob", "build_reconstructable_job", "reconstructable"]
