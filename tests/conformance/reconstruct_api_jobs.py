"""The examples of the page of the Jobs API on reconstructable jobs, in a module of their own."""

from __future__ import annotations

from typing import Any

from jobc import JobDefinition, graph, job, op


@op
def add_one(number: int) -> int:
    return number + 1


@op(config_schema={"start": int})
def start(context) -> int:  # type: ignore[no-untyped-def]
    return int(context.op_config["start"])


@graph
def my_graph() -> None:
    add_one(start())


def define_my_job() -> JobDefinition:
    return my_graph.to_job()


@job(config={"ops": {"start": {"config": {"start": 1}}}})
def foo_job() -> None:
    add_one(start())


@graph
def foo() -> None:
    add_one(start())


def make_bar_job() -> JobDefinition:
    return foo.to_job()


class JobFactory:
    def make_job(self, *args: Any, **kwargs: Any) -> JobDefinition:
        @job(name="made", tags=kwargs, config={"ops": {"start": {"config": {"start": args[0]}}}})
        def _job() -> None:
            add_one(start())

        return _job


def reconstruct_job(*args: Any, **kwargs: Any) -> JobDefinition:
    factory = JobFactory()
    return factory.make_job(*args, **kwargs)
