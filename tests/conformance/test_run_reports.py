"""What a run tells while it runs and afterwards: log lines, messages, tracebacks, always the same ones."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jobc
from jobc.runtime.execute.failures import user_traceback

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@jobc.op
def look_up() -> int:
    try:
        return {"other": 1}["key"]
    except KeyError as error:
        raise ValueError("no such order") from error


@jobc.op(retry_policy=jobc.RetryPolicy(max_retries=1))
def look_up_again() -> int:
    raise ValueError("still nothing") from KeyError("key")


@jobc.resource
def warehouse() -> int:
    raise ConnectionError("nobody answers") from OSError("cable")


@jobc.op(required_resource_keys={"warehouse"})
def stores(context: Any) -> None:
    raise AssertionError("never runs")


@jobc.failure_hook
def alert(context: Any) -> None:
    raise RuntimeError("no pager") from ValueError("number")


@jobc.job(hooks={alert})
def failing() -> None:
    look_up()
    look_up_again()


@jobc.job(resource_defs={"warehouse": warehouse})
def closed() -> None:
    stores()


def recorded(job: jobc.JobDefinition) -> tuple[jobc.ExecuteInProcessResult, str]:
    """Run a job to its end; return the result and what was logged."""
    shown = io.StringIO()
    with contextlib.redirect_stderr(shown):
        result = job.execute_in_process(raise_on_error=False)
    return result, shown.getvalue()


def messages(result: jobc.ExecuteInProcessResult, *kinds: str) -> list[str]:
    return [event.message for event in result.all_events if event.kind.value in kinds]


def test_the_log_names_what_the_user_raised() -> None:
    lines = [line.split(" ", 2)[2] for line in recorded(failing)[1].splitlines()]
    assert lines[0] == "ERROR `look_up` raised ValueError: no such order"
    assert "ERROR `look_up_again` raised ValueError: still nothing" in lines
    assert not any("KeyError" in line for line in lines)


def test_messages_name_what_the_user_raised() -> None:
    result, _ = recorded(failing)
    assert messages(result, "STEP_FAILURE", "STEP_UP_FOR_RETRY") == [
        "`look_up` failed: ValueError: no such order",
        "`look_up_again` failed and will be tried again: still nothing",
        "`look_up_again` failed: ValueError: still nothing",
    ]
    assert messages(result, "HOOK_ERRORED") == [
        "the hook `alert` raised after `look_up`: no pager",
        "the hook `alert` raised after `look_up_again`: no pager",
    ]
    assert messages(result, "RUN_FAILURE") == ["the run of `failing` failed: no such order"]


def test_the_message_of_a_resource_names_what_its_function_raised() -> None:
    result, _ = recorded(closed)
    assert messages(result, "RESOURCE_INIT_FAILURE", "RUN_FAILURE") == [
        "could not open the resource `warehouse`: nobody answers",
        "the run of `closed` failed: nobody answers",
    ]


def test_the_console_writes_to_what_stderr_is_at_the_time() -> None:
    first, second = recorded(failing)[1], recorded(failing)[1]
    assert first.count("ERROR `look_up` raised") == second.count("ERROR `look_up` raised") == 1


def test_recorded_errors_show_the_users_frames_and_on_demand_all() -> None:
    failure = recorded(failing)[0].failure_data_for_node("look_up")
    assert failure is not None
    error = failure.error.raised
    (frame,) = error.frames
    assert "in look_up\n" in frame
    assert "runtime/execute" not in failure.error.to_string()
    assert len(error.all_frames) > len(error.frames)
    assert error.all_frames[-1] == frame


def test_the_exception_that_is_raised_is_the_users_own() -> None:
    with pytest.raises(ValueError, match="no such order") as caught:
        failing.execute_in_process()
    assert isinstance(caught.value.__cause__, KeyError)
    text = user_traceback(caught.value)
    assert "in look_up\n" in text
    assert "runtime/execute" not in text
    assert text.index("KeyError: 'key'") < text.index("ValueError: no such order")


@jobc.op(out={"odd": jobc.Out(is_required=False), "even": jobc.Out(is_required=False)})
def sort_out(number: int) -> Iterator[jobc.Output[int]]:
    yield jobc.Output(number, "odd" if number % 2 else "even")


@jobc.op(out=jobc.DynamicOut(int))
def numbers() -> Iterator[jobc.DynamicOutput[int]]:
    for number in (3, 1, 2):
        yield jobc.DynamicOutput(number, f"n{number}")


@jobc.op
def double(number: int) -> int:
    if number == 2:
        raise ValueError("two")
    return number * 2


@jobc.op
async def total(parts: list[int]) -> int:
    return sum(parts)


@jobc.resource
def opened() -> Iterator[int]:
    yield 1


@jobc.op(required_resource_keys={"opened", "other"})
def uses(context: Any) -> int:
    return 1


@jobc.success_hook
def cheer(context: Any) -> None:
    """Do nothing, after a success."""


@jobc.job(resource_defs={"other": opened, "opened": opened}, hooks={alert, cheer})
def everything() -> None:
    parts = numbers().map(double)
    total(parts.collect())
    odd, even = sort_out(uses())
    double.alias("of_odd")(odd)
    double.alias("of_even")(even)
    look_up_again()


def story() -> list[tuple[str, str | None]]:
    result, _ = recorded(everything)
    return [(event.kind.value, event.step_key) for event in result.all_events]


def test_two_runs_of_a_job_tell_the_same_story() -> None:
    first = story()
    assert first == story()
    assert {"HOOK_COMPLETED", "HOOK_SKIPPED", "HOOK_ERRORED", "STEP_SKIPPED", "STEP_FAILURE"} < {
        kind for kind, _ in first
    }


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_other_processes_tell_the_same_story(seed: str) -> None:
    program = "from tests.conformance.test_run_reports import story\nprint(story())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip() == str(story())
