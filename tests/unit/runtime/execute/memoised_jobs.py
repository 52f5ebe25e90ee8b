"""A memoised job that worker processes build, with the versions of its ops as arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc import In, JobDefinition, Nothing, Out, VersionStrategy, graph, op

if TYPE_CHECKING:
    from jobc.runtime.definitions.versioning import OpVersionContext


class Given(VersionStrategy):
    """Versions by name, `1` where none is given."""

    def __init__(self, versions: dict[str, str]) -> None:
        self.versions = versions

    def get_op_version(self, context: OpVersionContext) -> str:
        return self.versions.get(context.op_def.name, "1")


@op
def read() -> list[int]:
    return [1, 2, 3]


@op
def total(rows: list[int]) -> int:
    return sum(rows)


@op(out=Out(Nothing))
def prepare() -> None: ...


@op(ins={"start": In(Nothing)}, out={})
def notify() -> None: ...


@op(config_schema={"fails": bool})
def report(context, total: int) -> str:  # type: ignore[no-untyped-def]
    if context.op_config["fails"]:
        raise ValueError("as told")
    return f"{total} rows"


@graph
def reporting() -> None:
    report(total(read()))
    notify(prepare())


def make(**versions: str) -> JobDefinition:
    return reporting.to_job(version_strategy=Given(versions))
