"""How a step fails and is tried again: retry policies, and exceptions that ask for it (SEMANTICS 11)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from jobc.runtime.definitions.checks import check_is, check_optional, check_text
from jobc.runtime.definitions.metadata import MetadataValue, normalise_metadata
from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


class Backoff(Enum):
    """How the delay grows from one retry to the next."""

    LINEAR = "LINEAR"
    EXPONENTIAL = "EXPONENTIAL"


class Jitter(Enum):
    """How the delay is spread at random, so that steps that failed together do not return together."""

    FULL = "FULL"
    PLUS_MINUS = "PLUS_MINUS"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Say how often a step is tried again after its first try, and how many seconds to wait before each.

    Errors: `InvalidDefinitionError` for a backoff or jitter without a delay.
    """

    max_retries: int = 1
    delay: float | None = None
    backoff: Backoff | None = None
    jitter: Jitter | None = None

    def __post_init__(self) -> None:
        """Refuse what could never be waited for."""
        if isinstance(self.max_retries, bool) or not isinstance(self.max_retries, int):
            raise ParameterCheckError(f"`max_retries` must be a whole number, not {self.max_retries!r}")
        if self.delay is not None and (
            isinstance(self.delay, bool) or not isinstance(self.delay, int | float)
        ):
            raise ParameterCheckError(f"`delay` must be a number of seconds, not {self.delay!r}")
        check_optional(self.backoff, Backoff, "`backoff`", "a Backoff")
        check_optional(self.jitter, Jitter, "`jitter`", "a Jitter")
        if self.delay is None and (self.backoff is not None or self.jitter is not None):
            raise InvalidDefinitionError(
                "a retry policy with a `backoff` or a `jitter` needs a `delay` to apply them to"
            )

    def delay_s(self, attempt: int) -> float:
        """Return the seconds to wait before retry number `attempt` (the first is 1)."""
        if self.delay is None:
            return 0.0
        if self.backoff is None:
            wait = self.delay
        elif self.backoff is Backoff.LINEAR:
            wait = attempt * self.delay
        else:
            wait = (2**attempt - 1) * self.delay
        return wait if self.jitter is None else _spread(wait, self.delay, self.jitter)


def _spread(wait: float, delay: float, jitter: Jitter) -> float:
    """Return other seconds to wait, at random."""
    from random import uniform

    if jitter is Jitter.FULL:
        return uniform(0, wait)  # noqa: S311 - spreads load, guards no secret
    return max(0.0, wait + uniform(-delay, delay))  # noqa: S311 - as above


class RetryRequested(Exception):  # noqa: N818 - the field's own name
    """Raised by an op to be run again: its own limit counts, not that of the op's retry policy."""

    def __init__(self, max_retries: int = 1, seconds_to_wait: float | None = None) -> None:
        super().__init__(max_retries, seconds_to_wait)
        self.max_retries = check_is(max_retries, int, "`max_retries`", "a whole number")
        if seconds_to_wait is not None and not isinstance(seconds_to_wait, int | float):
            raise ParameterCheckError(f"`seconds_to_wait` must be a number, not {seconds_to_wait!r}")
        self.seconds_to_wait = seconds_to_wait


class Failure(Exception):  # noqa: N818 - the field's own name
    """Raised by an op to fail with a description and metadata; re-raised as itself by the run."""

    def __init__(
        self,
        description: str | None = None,
        metadata: Mapping[str, object] | None = None,
        allow_retries: bool = True,
    ) -> None:
        super().__init__(description)
        self.description = check_text(description, "`description`")
        self.metadata: dict[str, MetadataValue] = normalise_metadata(metadata)
        self.allow_retries = check_is(allow_retries, bool, "`allow_retries`", "True or False")
