"""One table of jobs on every executor: the same outputs, events, failures and logs (SEMANTICS 20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc import Instance, dask_executor, in_process_executor, multiprocess_executor
from tests.conformance.executors import flow_jobs
from tests.conformance.executors.cluster import whole_cluster
from tests.conformance.executors.course import Course, Executor
from tests.conformance.executors.table import CASES, Case, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    Courses = dict[tuple[Executor, str], Course]
    Captured = pytest.CaptureFixture[str]

each_case = pytest.mark.parametrize("title", titles())


@pytest.fixture(autouse=True)
def setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFORMANCE_PATH", "from outside")


@pytest.fixture(scope="module")
def one_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executor]:
    with Instance.open(tmp_path_factory.mktemp("one_process")) as instance:
        yield Executor(in_process_executor, {}, instance)


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executor]:
    with Instance.open(tmp_path_factory.mktemp("workers")) as instance:
        yield Executor(multiprocess_executor, {"max_concurrent": 2}, instance)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executor]:
    folder = tmp_path_factory.mktemp("dask")
    with whole_cluster(folder, 2) as cluster, Instance.open(folder / "instance") as instance:
        yield Executor(dask_executor, {"address": cluster.address}, instance)


@pytest.fixture(scope="module")
def known() -> Courses:
    return {}


def course(executor: Executor, title: str, known: Courses, captured: Captured) -> Course:
    """Return the course of a case, which is run once with each executor."""
    if (executor, title) not in known:
        known[executor, title] = executor.run(CASES[titles().index(title)], captured)
    return known[executor, title]


@each_case
def test_a_job_does_what_it_should(
    title: str, one_process: Executor, known: Courses, capsys: Captured
) -> None:
    case, found = CASES[titles().index(title)], course(one_process, title, known, capsys)
    outputs = {name: found.outputs.get(f"{name}.result", found.outputs.get(name)) for name in case.outputs}
    assert outputs == case.outputs
    if not case.alone:
        assert found.failures.keys() == case.failures.keys()
        assert all(part in found.failures[step] for step, part in case.failures.items())
    assert found.status == ("FAILURE" if case.failures else "SUCCESS")


@each_case
def test_sem_20_worker_processes_take_the_course_of_one_process(
    title: str, one_process: Executor, workers: Executor, known: Courses, capsys: Captured
) -> None:
    alone, found = (course(each, title, known, capsys) for each in (one_process, workers))
    assert found.status == alone.status
    if CASES[titles().index(title)].alone:
        return
    assert found.outputs == alone.outputs
    assert found.steps == alone.steps
    assert found.around == alone.around
    assert found.resources == alone.resources
    assert found.logged == alone.logged
    assert found.tags == alone.tags


@each_case
def test_sem_20_a_dask_cluster_takes_the_course_of_worker_processes(
    title: str, workers: Executor, dask: Executor, known: Courses, capsys: Captured
) -> None:
    local, found = (course(each, title, known, capsys) for each in (workers, dask))
    assert found == local


@pytest.mark.parametrize("name", ["workers", "dask"])
def test_an_input_that_cannot_be_sent_is_refused_before_any_step(
    name: str, request: pytest.FixtureRequest, capsys: Captured
) -> None:
    case = Case(flow_jobs.anything, input_values={"value": lambda: 1})
    executor: Executor = request.getfixturevalue(name)
    found = executor.run(case, capsys)
    assert (found.status, found.steps) == ("FAILURE", {})
    (failure,) = executor.instance.all_events(found.run_id)[-1:]
    assert "an input value cannot be sent to a worker process" in failure.message
    assert "give plain values, or run the job in this process" in failure.message


def test_the_course_of_a_run_is_in_its_instance(known: Courses) -> None:
    assert known
    for (executor, _), each in known.items():
        record = executor.instance.get_run_by_id(each.run_id)
        assert record is not None
        assert record.status.value == each.status
        assert len(executor.instance.all_events(each.run_id)) == each.count
