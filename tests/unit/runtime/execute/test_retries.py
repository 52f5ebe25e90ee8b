"""SEMANTICS 11: retry policies and requests to retry; waits go to a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.io_manager import IOManager
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.policies import Backoff, Failure, Jitter, RetryPolicy, RetryRequested
from jobc.runtime.definitions.ports import Out
from jobc.runtime.definitions.values import Output
from jobc.runtime.errors import MaxRetriesExceededError, TypeCheckDidNotPass
from jobc.runtime.execute.result import ExecuteInProcessResult

if TYPE_CHECKING:
    from jobc.runtime.definitions.op import OpDefinition

RunByHand = Callable[[JobDefinition], ExecuteInProcessResult]


def raising(*errors: BaseException, **options: Any) -> OpDefinition:
    """An op that raises these, one per try, then returns how often it was tried."""
    left = list(errors)

    @op(name="flaky", **options)
    def flaky(context: Any) -> int:
        if left:
            raise left.pop(0)
        return int(context.retry_number)

    return flaky


def only(made: OpDefinition, node_policy: RetryPolicy | None = None, **options: Any) -> JobDefinition:
    node = Node("flaky", made, retry_policy=node_policy)
    return JobDefinition(graph_def=GraphDefinition.of("one", {"flaky": node}, {}), **options)


def boom() -> ZeroDivisionError:
    return ZeroDivisionError("boom")


def test_sem_11_a_policy_retries_and_the_events_tell() -> None:
    result = only(raising(boom(), boom(), retry_policy=RetryPolicy(max_retries=2))).execute_in_process()
    assert result.output_for_node("flaky") == 2
    assert result.retry_attempts_for_node("flaky") == 2
    assert [event.event_type_value for event in result.all_node_events] == [
        "STEP_START",
        "STEP_UP_FOR_RETRY",
        "STEP_RESTARTED",
        "STEP_UP_FOR_RETRY",
        "STEP_RESTARTED",
        "STEP_OUTPUT",
        "HANDLED_OUTPUT",
        "STEP_SUCCESS",
    ]


def test_sem_11_used_up_retries_raise_with_the_users_exception_at_the_end_of_the_chain() -> None:
    made = raising(boom(), boom(), retry_policy=RetryPolicy(max_retries=1))
    with pytest.raises(MaxRetriesExceededError, match="Exceeded max_retries of 1") as caught:
        only(made).execute_in_process()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    result = only(raising(boom(), boom(), retry_policy=RetryPolicy())).execute_in_process(
        raise_on_error=False
    )
    failure = result.failure_data_for_node("flaky")
    assert failure is not None
    assert failure.error.class_name == "MaxRetriesExceededError"
    assert failure.error.root.class_name == "ZeroDivisionError"


DELAYS = {
    "none": (RetryPolicy(3), []),
    "constant": (RetryPolicy(3, delay=2), [2, 2, 2]),
    "linear": (RetryPolicy(3, delay=2, backoff=Backoff.LINEAR), [2, 4, 6]),
    "exponential": (RetryPolicy(3, delay=2, backoff=Backoff.EXPONENTIAL), [2, 6, 14]),
}


@pytest.mark.parametrize(
    ("policy", "waits"), DELAYS.values(), ids=[f"sem_11_delay_{name}" for name in DELAYS]
)
def test_delays(policy: RetryPolicy, waits: list[float], run_by_hand: RunByHand, clock: Any) -> None:
    result = run_by_hand(only(raising(boom(), boom(), boom(), retry_policy=policy)))
    assert result.output_for_node("flaky") == 3
    assert clock.waits == waits
    announced = [event.data.seconds_to_wait for event in result.all_events if event.is_step_up_for_retry]  # type: ignore[union-attr]  # retry data
    assert announced == (waits or [0, 0, 0])


@pytest.mark.parametrize("jitter", list(Jitter), ids=[f"sem_11_{jitter.name.lower()}" for jitter in Jitter])
def test_jitter_stays_in_its_bounds(jitter: Jitter, run_by_hand: RunByHand, clock: Any) -> None:
    policy = RetryPolicy(3, delay=2, backoff=Backoff.LINEAR, jitter=jitter)
    run_by_hand(only(raising(boom(), boom(), boom(), retry_policy=policy)))
    for attempt, wait in enumerate(clock.waits, start=1):
        low, high = (0, 2 * attempt) if jitter is Jitter.FULL else (2 * attempt - 2, 2 * attempt + 2)
        assert low <= wait <= high


def test_sem_11_the_duration_of_a_step_includes_its_waits(run_by_hand: RunByHand) -> None:
    result = run_by_hand(only(raising(boom(), retry_policy=RetryPolicy(1, delay=5))))
    (event,) = result.get_step_success_events()
    assert event.data.duration_ms == 5000  # type: ignore[union-attr]  # success data


PRECEDENCE = {
    "job": (None, None, 3),
    "op_over_job": (None, RetryPolicy(1), 1),
    "invocation_over_op": (RetryPolicy(2), RetryPolicy(1), 2),
    "zero_means_none": (RetryPolicy(0), RetryPolicy(1), 0),
}


@pytest.mark.parametrize(
    ("node_policy", "op_policy", "retries"),
    PRECEDENCE.values(),
    ids=[f"sem_11_{name}" for name in PRECEDENCE],
)
def test_which_policy_counts(
    node_policy: RetryPolicy | None, op_policy: RetryPolicy | None, retries: int
) -> None:
    made = raising(*(boom() for _ in range(9)), retry_policy=op_policy)
    result = only(made, node_policy, op_retry_policy=RetryPolicy(3)).execute_in_process(raise_on_error=False)
    assert result.retry_attempts_for_node("flaky") == retries


def test_sem_11_a_policy_on_a_graph_is_not_inherited() -> None:
    made = raising(boom())

    @graph
    def inner() -> None:
        made()

    @job
    def outer() -> None:
        inner.with_retry_policy(RetryPolicy(3))()

    assert not outer.execute_in_process(raise_on_error=False).success


NOT_RETRIED = {
    "failure_that_forbids_it": lambda: Failure("no", allow_retries=False),
    "system_exit": lambda: SystemExit(1),
}


@pytest.mark.parametrize("error", NOT_RETRIED.values(), ids=[f"sem_11_not_{name}" for name in NOT_RETRIED])
def test_what_is_not_retried(error: Callable[[], BaseException]) -> None:
    made = raising(error(), retry_policy=RetryPolicy(3))
    result = only(made).execute_in_process(raise_on_error=False)
    assert not result.success
    assert result.retry_attempts_for_node("flaky") == 0


def test_sem_11_a_failure_is_retried_unless_it_forbids_it() -> None:
    made = raising(Failure("once"), retry_policy=RetryPolicy(1))
    assert only(made).execute_in_process().output_for_node("flaky") == 1


def test_sem_11_type_checks_and_mistakes_with_outputs_are_not_retried() -> None:
    @op(retry_policy=RetryPolicy(3), out=Out(int))
    def flaky():  # type: ignore[no-untyped-def]  # declared by `out`
        return "x"

    result = only(flaky).execute_in_process(raise_on_error=False)
    assert result.retry_attempts_for_node("flaky") == 0
    with pytest.raises(TypeCheckDidNotPass):
        only(flaky).execute_in_process()


def test_sem_11_a_request_counts_its_own_limit_and_waits_its_own_time(
    run_by_hand: RunByHand, clock: Any
) -> None:
    request = RetryRequested(max_retries=2, seconds_to_wait=7)
    made = raising(request, request, retry_policy=RetryPolicy(0, delay=1))
    assert run_by_hand(only(made)).output_for_node("flaky") == 2
    assert clock.waits == [7, 7]


def test_sem_11_a_request_over_its_limit_ends_in_what_led_to_it() -> None:
    @op
    def flaky() -> int:
        try:
            return 1 // 0
        except ZeroDivisionError as error:
            raise RetryRequested(max_retries=1) from error

    with pytest.raises(MaxRetriesExceededError, match="Exceeded max_retries of 1") as caught:
        only(flaky).execute_in_process()
    assert isinstance(caught.value.__cause__, RetryRequested)
    assert isinstance(caught.value.__cause__.__cause__, ZeroDivisionError)


class FlakyManager(IOManager):
    """Fails on the first use of one of its methods."""

    def __init__(self, method: str) -> None:
        self.failing = {method}
        self.stored: dict[tuple[str, ...], object] = {}

    def handle_output(self, context: Any, obj: object) -> None:
        self._maybe_fail("handle_output")
        self.stored[tuple(context.get_identifier())] = obj

    def load_input(self, context: Any) -> object:
        self._maybe_fail("load_input")
        return self.stored[tuple(context.upstream_output.get_identifier())]

    def _maybe_fail(self, method: str) -> None:
        if method in self.failing:
            self.failing.clear()
            raise OSError(method)


@pytest.mark.parametrize(
    ("method", "retried"),
    [("handle_output", "source"), ("load_input", "target")],
    ids=["sem_11_handle_output", "sem_11_load_input"],
)
def test_errors_of_io_managers_are_retried(method: str, retried: str) -> None:
    @op
    def source() -> int:
        return 1

    @op
    def target(value: int) -> int:
        return value

    @job(resource_defs={"io_manager": FlakyManager(method)}, op_retry_policy=RetryPolicy(1))
    def through() -> None:
        target(source())

    result = through.execute_in_process()
    assert result.output_for_node("target") == 1
    assert result.retry_attempts_for_node(retried) == 1


def test_sem_11_a_retry_begins_anew_with_its_outputs() -> None:
    tries: list[int] = []

    @op(
        out={"a": Out(is_required=False), "b": Out(is_required=False)},
        retry_policy=RetryPolicy(1),
    )
    def flaky() -> Iterator[Output[int]]:
        tries.append(1)
        if len(tries) == 1:
            yield Output(1, "a")
            raise ZeroDivisionError
        yield Output(2, "b")

    @op
    def reads(value: int) -> int:
        return value

    @job
    def retrying() -> None:
        outputs = flaky()
        reads(outputs.a)

    result = retrying.execute_in_process()
    assert result.output_for_node("flaky", "b") == 2
    assert [event.step_key for event in result.get_step_skipped_events()] == ["reads"]
