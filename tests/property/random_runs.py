"""Jobs made at random from a number, and a carrier that ends its tasks in a random order."""

from __future__ import annotations

from collections import deque
from random import Random
from typing import TYPE_CHECKING, Any

from jobc import DynamicOut, DynamicOutput, In, JobDefinition, Nothing, Out, Output, RetryPolicy, job, op
from jobc.runtime.executors.site import RunSite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobc.runtime.executors.tasks import RunTerms, StepMessage, StepTask


@op
def source() -> int:
    return 1


@op(out=Out(int, is_required=False))
def maybe(values: list[int]) -> Iterator[Output[int]]:
    if sum(values) % 2:
        yield Output(sum(values))


@op
def broken(values: list[int]) -> int:
    if sum(values) % 3 == 0:
        raise ValueError("a multiple of three")
    return sum(values)


@op(retry_policy=RetryPolicy(max_retries=1))
def second_time(context: Any, values: list[int]) -> int:
    if context.retry_number == 0:
        raise ValueError("not yet")
    return sum(values) + 1


@op(ins={"after": In(Nothing)})
def ordered() -> int:
    return 2


@op(out=DynamicOut(int, is_required=False))
def spread(value: int) -> Iterator[DynamicOutput[int]]:
    for number in range(value % 4):
        yield DynamicOutput(number + value, mapping_key=f"k{number}")


@op(out=Out(int, is_required=False))
def picky(value: int) -> Iterator[Output[int]]:
    if value % 5 == 0:
        raise ValueError("a multiple of five")
    if value % 3:
        yield Output(value)


@op
def doubled(value: int) -> int:
    return 2 * value


@op
def gathered(values: list[int]) -> int:
    return sum(values)


def random_job(seed: int) -> JobDefinition:
    """Return the job of a number: up to ten nodes, some of them mapped."""
    chance = Random(seed)

    @job(name="random")
    def made() -> None:
        values = [source.alias("n0")()]
        for number in range(1, chance.randint(2, 10)):
            name = f"n{number}"
            reads = [chance.choice(values) for _ in range(chance.randint(1, 2))]
            kind = chance.choice([maybe, broken, second_time, gathered, ordered, spread])
            if kind is ordered:
                values.append(ordered.alias(name)(after=reads[0]))
            elif kind is spread:
                steps = [chance.choice([picky, doubled]).alias(f"{name}_{place}") for place in range(2)]
                found = spread.alias(f"{name}_keys")(reads[0])
                mapped = found.map(lambda value, steps=steps: steps[1](steps[0](value)))
                values.append(gathered.alias(name)(mapped.collect()))
            else:
                values.append(kind.alias(name)(reads))

    return made


class Shuffled:
    """Carries tasks out in this process, up to `capacity` at once, and tells of them in a random order."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self.capacity = self._chance.randint(1, 4)
        self._waiting: list[StepTask] = []

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, *_: object) -> None:
        """Do nothing."""

    def open(self, terms: RunTerms) -> None:
        self._site = RunSite(terms)

    def start(self, task: StepTask, step_key: str) -> None:  # noqa: ARG002 - for people
        assert len(self._waiting) < self.capacity
        self._waiting.append(task)

    def stop(self, ticket: int, reason: str) -> None:  # noqa: ARG002 - never called
        raise AssertionError("no step has a limit")

    def messages(
        self,
        timeout_s: float | None,  # noqa: ARG002 - there is always something to tell
    ) -> Iterable[tuple[int, StepMessage]]:
        task = self._waiting.pop(self._chance.randrange(len(self._waiting)))
        told: deque[tuple[int, StepMessage]] = deque()
        self._site.carry_out(task, lambda message: told.append((task.ticket, message)))
        return told
