"""Worker processes: lost, over their time, interrupted, warm (SEMANTICS 20)."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jobc import EventKind, Instance, RunStatus, execute_job, reconstructable
from jobc.runtime.definitions.executor import ExecutorDefinition
from jobc.runtime.execute.events import EventLog
from jobc.runtime.executors.builtin import Multiprocess
from jobc.runtime.executors.conductor import Conductor, ConductorOptions
from jobc.runtime.executors.job_run import JobOrder, run_order
from jobc.runtime.executors.multiprocess import Workers
from jobc.runtime.executors.tasks import Ending, StepEnded
from tests.unit.runtime.executors import worker_jobs as jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from jobc import JobDefinition, JobExecutionResult
    from jobc.runtime.execute.events import RawEvent
    from jobc.runtime.execute.state import RunState
    from jobc.runtime.executors.tasks import JobAddress, StepMessage

PATIENCE_S = 60.0


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with Instance.open(tmp_path / "instance") as opened:
        yield opened


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "notes"
    monkeypatch.setenv("NOTES", str(path))
    return path


def run(job: JobDefinition, instance: Instance, **config: Any) -> JobExecutionResult:
    return execute_job(reconstructable(job), instance, run_config=_config(config))


def _config(config: dict[str, Any]) -> dict[str, Any]:
    ops = config.pop("ops", {})
    return {"ops": ops, "execution": {"config": {"multiprocess": {"max_concurrent": 2, **config}}}}


def error_of(result: JobExecutionResult, step: str) -> str:
    failure = result.failure_data_for_node(step)
    assert failure is not None
    return f"{failure.error.class_name}: {failure.error.message}"


def wait_until(is_true: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < ends_at, "it took too long"
        time.sleep(0.005)


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("exit", "ended with exit code 7"),
        ("kill", "was ended by SIGKILL"),
        ("segfault", "was ended by SIGSEGV"),
    ],
)
def test_sem_20_a_lost_worker_fails_its_step_alone(instance: Instance, how: str, told: str) -> None:
    with run(jobs.deadly, instance, ops={"dying": {"config": {"how": how}}}) as result:
        assert result.run.status is RunStatus.FAILURE
        assert result.get_failed_step_keys() == {"dying"}
        error = error_of(result, "dying")
        assert error.startswith("SubprocessError: the worker process of `dying`")
        assert told in error
        assert "these are my last words" in error
        assert result.output_for_node("beside") == 2
        assert not result.events_for_node("after")


def test_sem_20_a_retry_policy_applies_to_a_lost_worker(instance: Instance) -> None:
    with run(jobs.revived, instance) as result:
        assert result.output_for_node("increased") == 2
        assert result.retry_attempts_for_node("dies_once") == 1


def test_sem_20_the_failure_hook_of_a_lost_step_runs(instance: Instance, notes: Path) -> None:
    result = run(jobs.deadly_with_hook, instance)
    assert [event.kind for event in result.events_for_node("gone")] == [
        EventKind.STEP_START,
        EventKind.STEP_FAILURE,
        EventKind.HOOK_COMPLETED,
    ]
    assert notes.read_text().startswith(
        "SubprocessError: the worker process of `gone` ended with exit code 3"
    )


def test_a_step_over_its_time_is_ended_with_all_it_started(instance: Instance, notes: Path) -> None:
    result = run(jobs.over_time, instance)
    assert result.get_failed_step_keys() == {"endless"}
    assert error_of(result, "endless") == (
        "StepTimeoutError: `endless` took longer than its `timeout_s` of 0.2 s and was ended"
    )
    worker, *children = map(int, notes.read_text().split())
    assert is_gone(worker)
    wait_until(lambda: all(map(is_gone, children)))


def test_a_step_that_prints_without_end_is_ended_after_its_time(instance: Instance) -> None:
    result = run(jobs.never_silent, instance)
    assert error_of(result, "endlessly_talking").startswith("StepTimeoutError: ")


class _LateStops(Workers):
    """Ends every task by force, but only once it has ended by itself."""

    def messages(self, timeout_s: float | None) -> Iterable[tuple[int, StepMessage]]:
        for worker in self._watched:
            if worker.task is not None:
                select.select([worker.connection.fileno()], [], [], PATIENCE_S)
                self.stop(worker.task.ticket, "its time was over")
        return super().messages(timeout_s)


class _OneAfterAnother(Multiprocess):
    def carry_out(self, state: RunState, address: JobAddress) -> None:
        Conductor(state, _LateStops(1, "forkserver"), ConductorOptions()).run_steps(address)


def test_a_worker_that_is_being_ended_gets_no_other_step(instance: Instance) -> None:
    executor = ExecutorDefinition("late_stops", None, lambda _: _OneAfterAnother({}))
    order = JobOrder(reconstructable(jobs.undisturbed), instance, executor=executor)
    assert run_order(order).success


class _ToldAtOnce(Workers):
    """Tells of two tasks when both have ended, the one that was interrupted first."""

    def messages(self, timeout_s: float | None) -> Iterable[tuple[int, StepMessage]]:  # noqa: ARG002
        told: list[tuple[int, StepEnded]] = []
        while len(told) < 2:
            for ticket, message in super().messages(None):
                assert isinstance(message, StepEnded)
                told.append((ticket, message))
        return sorted(told, key=lambda each: each[1].ending is not Ending.INTERRUPTED)


class _AllAtOnce(Multiprocess):
    def carry_out(self, state: RunState, address: JobAddress) -> None:
        Conductor(state, _ToldAtOnce(2, "forkserver"), ConductorOptions()).run_steps(address)


def test_a_success_told_beside_an_interruption_is_recorded(instance: Instance) -> None:
    executor = ExecutorDefinition("all_at_once", None, lambda _: _AllAtOnce({}))
    with pytest.raises(KeyboardInterrupt):
        run_order(JobOrder(reconstructable(jobs.interrupted), instance, executor=executor))
    (record,) = instance.get_runs()
    assert record.status is RunStatus.CANCELED
    ended = {event.step_key: event.kind for event in instance.all_events(record.run_id) if event.step_key}
    assert ended == {"gives_up": EventKind.STEP_FAILURE, "one": EventKind.STEP_SUCCESS}


def test_secrets_are_masked_before_they_leave_the_worker(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[object] = []
    take = EventLog.take

    def note(log: EventLog, records: Sequence[RawEvent]) -> None:
        taken.extend(records)
        take(log, records)

    monkeypatch.setattr(EventLog, "take", note)
    config = {"leaking": {"config": {"token": "c4n4ry"}}}
    assert run(jobs.leaky, instance, ops=config).success
    assert "**********" in repr(taken)
    assert "c4n4ry" not in repr(taken)


def test_a_retry_policy_applies_to_a_step_over_its_time(instance: Instance) -> None:
    with run(jobs.slow_then_quick, instance) as result:
        assert result.output_for_node("slow_once") == 1


def test_what_steps_print_is_passed_on_with_their_names(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    run(jobs.talking, instance)
    printed = capsys.readouterr()
    assert printed.out == (
        "talkative | to stdout\ntalkative | from a child\ntalkative | no newline at the end\n"
    )
    assert "talkative | to stderr\n" in printed.err
    assert "INFO talkative - to the log\n" in printed.err


def test_workers_stay_for_the_next_run_and_are_where_it_was_started(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run(jobs.whereabouts, instance, max_concurrent=1) as result:
        first = result.output_for_node("who")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MARK", "set since")
    with run(jobs.whereabouts, instance, max_concurrent=1) as result:
        assert result.output_for_node("who") == (first[0], str(tmp_path), "set since")
    assert first[0] != os.getpid()


def test_a_worker_that_died_between_two_runs_is_replaced(instance: Instance) -> None:
    with run(jobs.whereabouts, instance, max_concurrent=1) as result:
        pid = result.output_for_node("who")[0]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: is_gone(pid))
    with run(jobs.whereabouts, instance, max_concurrent=1) as result:
        assert result.output_for_node("who")[0] != pid


def test_the_process_that_starts_workers_is_replaced_if_it_died(instance: Instance) -> None:
    with run(jobs.whereabouts, instance) as result:
        pid = result.output_for_node("who")[0]
    nursery = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(nursery, signal.SIGKILL)
    wait_until(lambda: is_gone(nursery))
    with run(jobs.whereabouts, instance) as result:
        assert result.output_for_node("who")[0] != pid
    wait_until(lambda: is_gone(pid))


FORKING = """
import os, signal
from jobc.runtime.executors.pool import Pools
pool = Pools().take("forkserver")
worker = pool.new_worker()
if os.fork() == 0:
    os.read(0, 1)
    os._exit(0)
print(worker.pid, flush=True)
{end}
"""


@pytest.mark.parametrize("end", ["pool.close()", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_workers_end_though_a_process_that_was_forked_lives_on(end: str) -> None:
    command = [sys.executable, "-c", FORKING.format(end=end)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        wait_until(lambda: is_gone(worker))


def test_a_step_lost_with_the_process_that_started_its_worker_fails(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLD", str(tmp_path))
    pids: list[int] = []

    def kill() -> None:
        wait_until(lambda: (tmp_path / "held").exists() and bool((tmp_path / "held").read_text()))
        pids.append(int((tmp_path / "held").read_text()))
        os.kill(int(Path(f"/proc/{pids[0]}/stat").read_text().rpartition(")")[2].split()[1]), signal.SIGKILL)
        os.kill(pids[0], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    result = run(jobs.held_alone, instance, max_concurrent=1)
    thread.join()
    assert "was ended with the process that started it" in error_of(result, "held")
    wait_until(lambda: is_gone(pids[0]))


def test_sem_20_workers_can_be_spawned(instance: Instance) -> None:
    with run(jobs.whereabouts, instance, start_method={"spawn": {}}) as result:
        assert result.output_for_node("who")[0] != os.getpid()
    assert run(
        jobs.deadly, instance, start_method="spawn", ops={"dying": {"config": {"how": "none"}}}
    ).success


def test_sem_14_what_cannot_be_pickled_fails_its_step(instance: Instance) -> None:
    result = run(jobs.not_stored, instance)
    failure = result.failure_data_for_node("unpicklable")
    assert failure is not None
    assert "cannot be pickled" in failure.error.raised.message


def test_sem_20_resources_are_opened_for_each_step_and_closed_after_it(
    instance: Instance, notes: Path
) -> None:
    assert run(jobs.with_resource, instance, max_concurrent=1).success
    assert notes.read_text() == "open close open close "


def test_sem_20_a_resource_that_cannot_be_opened_fails_the_steps_that_need_it(instance: Instance) -> None:
    with run(jobs.locked_out, instance) as result:
        assert error_of(result, "entering").startswith("ResourceFunctionError: opening the resource `locked`")
        assert result.get_failed_step_keys() == {"entering"}
        assert result.output_for_node("one") == 1


def test_sem_20_an_interrupted_run_is_canceled_and_its_workers_close_what_they_opened(
    instance: Instance, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLD", str(tmp_path))
    mark = tmp_path / "holding"

    def interrupt() -> None:
        wait_until(mark.exists)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        run(jobs.interruptible, instance)
    thread.join()
    (record,) = instance.get_runs()
    assert record.status is RunStatus.CANCELED
    assert notes.read_text() == "open close "
    assert is_gone(int(mark.read_text()))


def test_a_job_that_is_another_one_in_the_worker_is_refused(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRST", str(os.getpid()))
    result = execute_job(reconstructable(jobs.drifting), instance)
    assert result.run.status is RunStatus.FAILURE
    failure = result.get_job_failure_event().message
    assert "job `drifting` is another one in the worker process" in failure
