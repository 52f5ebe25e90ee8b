"""What the tests of memoisation share: a job of four ops, versions by name, a shelf for outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobc import (
    Instance,
    MemoizableIOManager,
    VersionStrategy,
    graph,
    op,
)

if TYPE_CHECKING:
    from jobc import JobDefinition

RAN: list[str] = []


class Table(VersionStrategy):
    """Versions by name, `1` where none is given."""

    def __init__(self, **versions: str | None) -> None:
        self.versions = versions

    def get_op_version(self, context: Any) -> str | None:
        return self.versions.get(context.op_def.name, "1")

    def get_resource_version(self, context: Any) -> str | None:
        return self.versions.get(str(context.resource_def.description))


class Shelf(MemoizableIOManager):
    """Keeps values by their identifiers, and notes what it is asked."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, ...], object] = {}
        self.versions: list[str | None] = []

    def handle_output(self, context: Any, obj: Any) -> None:
        self.versions.append(context.version)
        self.values[tuple(context.get_identifier())] = obj

    def load_input(self, context: Any) -> object:
        return self.values[tuple(context.upstream_output.get_identifier())]

    def has_output(self, context: Any) -> bool:
        return tuple(context.get_identifier()) in self.values


def ran(job_def: JobDefinition, instance: Instance, **given: Any) -> list[str]:
    """Run a job and return the nodes that ran, in order."""
    RAN.clear()
    result = job_def.execute_in_process(instance=instance, **given)
    assert result.success
    started = [event.step_key for event in result.all_events if event.is_step_start]
    assert [str(key).rpartition(".")[2] for key in started] == RAN
    return RAN[:]


@op(config_schema={"size": int, "more": {"a": int, "b": int}})
def read(context) -> list[int]:  # type: ignore[no-untyped-def]
    RAN.append("read")
    return list(range(context.op_config["size"]))


@op
def double(rows: list[int]) -> list[int]:
    RAN.append("double")
    return [2 * row for row in rows]


@op
def total(rows: list[int]) -> int:
    RAN.append("total")
    return sum(rows)


@op
def other() -> int:
    RAN.append("other")
    return 7


@op
def five() -> int:
    RAN.append("five")
    return 5


@graph
def summing() -> None:
    total(double(read()))
    other()


def config(size: int = 3, a: int = 1, b: int = 2) -> dict[str, object]:
    return {"ops": {"read": {"config": {"size": size, "more": {"a": a, "b": b}}}}}


def swapped(size: int = 3) -> dict[str, object]:
    return {"ops": {"read": {"config": {"more": {"b": 2, "a": 1}, "size": size}}}}


def memoised(**versions: str | None) -> JobDefinition:
    return summing.to_job(version_strategy=Table(**versions))


def memoised_with(io_manager: object, **versions: str | None) -> JobDefinition:
    return summing.to_job(version_strategy=Table(**versions), resource_defs={"io_manager": io_manager})


ALL = ["read", "double", "total", "other"]


def in_order(names: list[str]) -> list[str]:
    return sorted(names, key=ALL.index)
