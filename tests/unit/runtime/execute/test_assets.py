"""Outputs that are assets: each value is reported as a materialisation, on every path through the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc import (
    AssetMaterialization,
    DynamicOut,
    DynamicOutput,
    IOManager,
    IOManagerDefinition,
    Nothing,
    Out,
    Output,
    StaticPartitionsDefinition,
    job,
    op,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc import ExecuteInProcessResult, JobDefinition


@op(out=Out(int, asset_key="daily/orders"))
def orders() -> int:
    return 5


@op(out=Out(Nothing, asset_key="daily/done"))
def done() -> None: ...


@op(out={"a": Out(int, asset_key="a", is_required=False), "b": Out(int)})
def noted() -> Iterator[Output[int]]:
    yield Output(1, "a", metadata={"rows": 3})
    yield Output(2, "b")


@op(out={"a": Out(int, asset_key="a", is_required=False), "b": Out(int)})
def left_out() -> Iterator[Output[int]]:
    yield Output(2, "b")


@op(out=DynamicOut(int, asset_key="parts"))
def parts() -> Iterator[DynamicOutput[int]]:
    yield DynamicOutput(1, "x")
    yield DynamicOutput(2, "y")


@op(out=Out(int, asset_key="daily/orders"))
def wrong() -> int:
    return "five"  # type: ignore[return-value]


@op
def plain() -> int:
    return 1


def alone(definition: object, **options: object) -> JobDefinition:
    @job(name="alone", **options)  # type: ignore[call-overload,untyped-decorator]
    def made() -> None:
        definition()  # type: ignore[operator]

    return made  # type: ignore[no-any-return]


def materialised(result: ExecuteInProcessResult, node: str) -> list[AssetMaterialization]:
    return list(result.asset_materializations_for_node(node))


@pytest.mark.parametrize(
    ("definition", "keys"),
    [
        (orders, ["daily/orders"]),
        (done, ["daily/done"]),
        (noted, ["a"]),
        (left_out, []),
        (parts, ["parts", "parts"]),
        (plain, []),
    ],
)
def test_every_value_of_an_asset_is_reported(definition: object, keys: list[str]) -> None:
    name: str = definition.name  # type: ignore[attr-defined]
    found = materialised(alone(definition).execute_in_process(), name)
    assert [each.asset_key.to_user_string() for each in found] == keys


def test_a_value_that_is_refused_makes_no_asset() -> None:
    result = alone(wrong).execute_in_process(raise_on_error=False)
    assert not result.success
    assert materialised(result, "wrong") == []


def test_the_report_stands_between_the_output_and_its_handling() -> None:
    result = alone(orders).execute_in_process()
    kinds = [event.event_type_value for event in result.events_for_node("orders")]
    assert kinds == ["STEP_START", "STEP_OUTPUT", "ASSET_MATERIALIZATION", "HANDLED_OUTPUT", "STEP_SUCCESS"]


def test_what_the_op_and_the_io_manager_say_of_the_value_goes_into_the_report() -> None:
    class Shelf(IOManager):
        def handle_output(self, _context: object, obj: object) -> dict[str, object]:
            return {"size": obj}

        def load_input(self, _context: object) -> object:
            raise AssertionError("nothing reads here")

    shelf = IOManagerDefinition.hardcoded_io_manager(Shelf())
    result = alone(noted, resource_defs={"io_manager": shelf}).execute_in_process()
    (found,) = materialised(result, "noted")
    assert {name: each.value for name, each in found.metadata.items()} == {"rows": 3, "size": 1}


def test_the_report_names_the_partition_of_the_run() -> None:
    partitioned = alone(orders, partitions_def=StaticPartitionsDefinition(["us", "eu"]))
    (found,) = materialised(partitioned.execute_in_process(partition_key="eu"), "orders")
    assert found.partition == "eu"
    (found,) = materialised(alone(orders).execute_in_process(), "orders")
    assert found.partition is None
