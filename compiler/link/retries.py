"""Link retry policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.definitions.policies import Backoff, Jitter, RetryPolicy

if TYPE_CHECKING:
    from jobc.schemas.ir import CompiledRetry


def retry_policy(retry: CompiledRetry | None) -> RetryPolicy | None:
    """Return a retry policy, None where there is none."""
    if retry is None:
        return None
    return RetryPolicy(
        retry.max_retries,
        retry.delay_s,
        None if retry.backoff is None else Backoff[retry.backoff.upper()],
        None if retry.jitter is None else Jitter[retry.jitter.upper()],
    )
