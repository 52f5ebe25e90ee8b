"""What the tests of reconstruction point to: good targets and bad ones, at module scope and below."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING

from jobc import JobDefinition, ResourceDefinition, failure_hook, graph, job, op

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS: list[tuple[object, ...]] = []


@op
def one() -> int:
    return 1


@graph
def counting() -> None:
    one()


@job
def foo() -> None:
    one()


@job(name="other_name")
def bar() -> None:
    one()


@failure_hook
def shout(_: object) -> None: ...


hooked = foo.with_hooks({shout})
rebound = hooked
foo_again = foo


@job
def gone() -> None:
    one()


kept_elsewhere = gone
del gone

by_to_job = counting.to_job()
by_constructor = JobDefinition(graph_def=counting)
named_lambda = lambda: by_to_job  # noqa: E731
job_of_lambda = job(name="of_lambda")(lambda: None)


def make() -> JobDefinition:
    CALLS.append(())
    return counting.to_job(name="made")


def make_the_same() -> JobDefinition:
    return foo


def traced(function: Callable[[], JobDefinition]) -> Callable[[], JobDefinition]:
    @wraps(function)
    def wrapper() -> JobDefinition:
        return function()

    return wrapper


@traced
def wrapped() -> JobDefinition:
    return foo


def with_default(name: str = "a") -> JobDefinition:
    return counting.to_job(name=name)


def with_parameter(name: str) -> JobDefinition:
    return counting.to_job(name=name)


def with_any(*names: str, **more: str) -> JobDefinition:
    return counting.to_job()


def returns_none() -> None: ...


def returns_graph() -> object:
    return counting


async def returns_later() -> JobDefinition:
    return foo


def raises() -> JobDefinition:
    raise ZeroDivisionError("inside")


def nested() -> tuple[JobDefinition, Callable[[], JobDefinition]]:
    @job
    def inner() -> None:
        one()

    def make_inner() -> JobDefinition:
        return foo

    return inner, make_inner


class Holder:
    @staticmethod
    def make() -> JobDefinition:
        return foo

    def method(self) -> JobDefinition:
        return foo


a_partial = partial(with_parameter, "a")
a_resource = ResourceDefinition.hardcoded_resource(1)
not_a_function = 7


def build(*args: object, **kwargs: object) -> JobDefinition:
    CALLS.append((list(args), kwargs))
    first = args[0] if args else "built"
    return counting.to_job(name=str(first), tags=kwargs)


def build_and_change(names: list[str]) -> JobDefinition:
    names.append("more")
    return counting.to_job(name="_".join(names))
