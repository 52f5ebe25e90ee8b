"""Whether a failed try is followed by another, and what is said of a failure (SEMANTICS 11)."""

from __future__ import annotations

from jobc.runtime.definitions.policies import Failure, RetryRequested
from jobc.runtime.errors import (
    ExecutionHandleOutputError,
    ExecutionLoadInputError,
    ExecutionStepExecutionError,
    JobcError,
    MaxRetriesExceededError,
    SubprocessError,
    TypeCheckError,
)
from jobc.runtime.execute.failures import place_of
from jobc.runtime.execute.state import Attempt, Phase
from jobc.schemas.records import dataclass

_USER_PHASES = frozenset({Phase.BODY, Phase.LOADING, Phase.HANDLING})


@dataclass(frozen=True, slots=True)
class Retry:
    """What was asked for: at most so many retries, and the wait before the next."""

    max_retries: int
    seconds_to_wait: float


def retry_for(attempt: Attempt, error: BaseException) -> Retry | None:
    """Return what a policy or the op itself asks for after a failure; None if it is final.

    Retried are exceptions of the body and of IO managers; not what the engine refuses, such as a value of
    another type.
    """
    if attempt.phase not in _USER_PHASES or not isinstance(error, Exception):
        return None
    if isinstance(error, RetryRequested):
        return Retry(error.max_retries, error.seconds_to_wait or 0.0)
    if isinstance(error, Failure) and not error.allow_retries:
        return None
    policy = attempt.step.retry_policy
    if policy is None:
        return None
    return Retry(policy.max_retries, policy.delay_s(attempt.retry_number + 1))


def exhausted(attempt: Attempt, error: BaseException) -> BaseException:
    """Return what a final failure raises: the exception itself, or that retries are used up, caused by it."""
    retry = retry_for(attempt, error)
    if retry is None:
        return error
    ending = MaxRetriesExceededError(
        f"Exceeded max_retries of {retry.max_retries}: {place_of(attempt.step.op, attempt.step_key)}"
    )
    ending.__cause__ = error
    return ending


def user_exception(error: BaseException) -> BaseException:
    """Return the exception that an op's author knows: behind a request to retry, what led to it."""
    if isinstance(error, RetryRequested) and error.__cause__ is not None:
        return error.__cause__
    return error


def recorded_error(attempt: Attempt, error: BaseException) -> BaseException:
    """Return what is recorded of a failure: user code's exception under a wrapper that says where."""
    if isinstance(error, Failure | RetryRequested | MaxRetriesExceededError | SubprocessError):
        return error
    wrapper = _wrapper(attempt)
    if wrapper is None:
        return error
    wrapper.__cause__ = error
    return wrapper


def _wrapper(attempt: Attempt) -> JobcError | None:
    place = place_of(attempt.step.op, attempt.step_key)
    if attempt.phase is Phase.BODY:
        return ExecutionStepExecutionError(f"{place} raised an exception")
    if attempt.phase is Phase.LOADING:
        return ExecutionLoadInputError(f"loading the input `{attempt.subject}` raised an exception: {place}")
    if attempt.phase is Phase.HANDLING:
        return ExecutionHandleOutputError(
            f"storing the output `{attempt.subject}` raised an exception: {place}"
        )
    if attempt.phase is Phase.CHECKING:
        return TypeCheckError(f"the check of the type of `{attempt.subject}` raised an exception: {place}")
    return None
