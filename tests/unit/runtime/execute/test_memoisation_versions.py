"""Memoised runs: where versions come from, and what is known of them afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jobc import (
    In,
    Instance,
    Nothing,
    Out,
    Output,
    ResourceDefinition,
    job,
    op,
)
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.io_manager import IOManagerDefinition
from tests.unit.runtime.execute.memoisation_parts import (
    ALL,
    RAN,
    Shelf,
    Table,
    config,
    in_order,
    memoised,
    other,
    ran,
    summing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc import ExecuteInProcessResult, JobDefinition


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    RAN.clear()
    with Instance.open(tmp_path / "instance") as opened:
        yield opened


# --- where versions come from ---


def test_sem_18_the_own_version_of_an_op_comes_before_the_strategy(instance: Instance) -> None:
    @op(version="a")
    def own() -> int:
        RAN.append("own")
        return 1

    def made(version: str) -> JobDefinition:
        @job(name="owning", version_strategy=Table(own=version))
        def owning() -> None:
            own()

        return owning

    assert ran(made("1"), instance) == ["own"]
    assert ran(made("2"), instance) == []


def test_sem_18_a_kind_of_op_may_bring_its_versions(instance: Instance) -> None:
    def made(text: str) -> JobDefinition:
        command = changed(other, version_fn=lambda context: f"{text}_{context.op_config}")

        @job(name="commanding", version_strategy=Table())
        def commanding() -> None:
            command()

        return commanding

    assert ran(made("ls"), instance) == ["other"]
    assert ran(made("ls"), instance) == []
    assert ran(made("ps"), instance) == ["other"]


def test_sem_18_the_tag_alone_will_do_for_ops_with_versions(instance: Instance) -> None:
    @op(code_version="a")
    def own() -> int:
        RAN.append("own")
        return 1

    @job(tags={"jobc/is_memoized_run": "true"})
    def tagged() -> None:
        own()

    assert ran(tagged, instance) == ["own"]
    assert ran(tagged, instance) == []


def test_sem_18_the_tag_of_the_job_turns_memoisation_off(instance: Instance) -> None:
    shelf = Shelf()
    off = summing.to_job(
        version_strategy=Table(),
        tags={"jobc/is_memoized_run": "false"},
        resource_defs={"io_manager": IOManagerDefinition.hardcoded_io_manager(shelf)},
    )
    for _ in range(2):
        assert in_order(ran(off, instance, run_config=config())) == ALL
    assert shelf.versions == [None] * 8


def test_sem_18_the_tag_of_a_run_does_nothing(instance: Instance) -> None:
    plain = summing.to_job()
    for _ in range(2):
        found = ran(plain, instance, run_config=config(), tags={"jobc/is_memoized_run": "true"})
        assert in_order(found) == ALL
    ran(memoised(), instance, run_config=config())
    assert ran(memoised(), instance, run_config=config(), tags={"jobc/is_memoized_run": "false"}) == []


def test_sem_18_a_resource_counts_with_its_version_and_config(instance: Instance) -> None:
    @op(required_resource_keys={"base"}, version="1")
    def based() -> int:
        RAN.append("based")
        return 1

    def made(version: str | None, own: str | None = None) -> JobDefinition:
        base = ResourceDefinition(lambda _: 1, {"url": str}, "base", version=own)

        @job(name="basing", resource_defs={"base": base}, version_strategy=Table(base=version))
        def basing() -> None:
            based()

        return basing

    def url(text: str) -> dict[str, object]:
        return {"resources": {"base": {"config": {"url": text}}}}

    assert ran(made(None), instance, run_config=url("a")) == ["based"]
    assert ran(made(None), instance, run_config=url("b")) == []
    assert ran(made("1"), instance, run_config=url("a")) == ["based"]
    assert ran(made("1"), instance, run_config=url("a")) == []
    assert ran(made("1"), instance, run_config=url("b")) == ["based"]
    assert ran(made("2"), instance, run_config=url("a")) == ["based"]
    assert ran(made("2", own="1"), instance, run_config=url("a")) == []


def test_sem_18_plain_values_of_inputs_count_and_others_make_a_step_run_always(instance: Instance) -> None:
    @op
    def takes(value: Any) -> str:
        RAN.append("takes")
        return str(value)

    @op
    def after(text: str) -> None:
        RAN.append("after")

    @job(version_strategy=Table())
    def taking(value: Any) -> None:
        after(takes(value))

    both = ["takes", "after"]
    for value in (1, "1", True, None, [1, (2, {"a": {3}})], b"1", 1.0):
        assert ran(taking, instance, input_values={"value": value}) == both
        assert ran(taking, instance, input_values={"value": value}) == []
    for _ in range(2):
        assert ran(taking, instance, input_values={"value": [object()]}) == both


def test_sem_18_defaults_and_config_of_inputs_count(instance: Instance) -> None:
    def made(default: int) -> JobDefinition:
        @op(name="takes")
        def takes(value: int = default) -> int:
            RAN.append("takes")
            return value

        @job(name="taking", version_strategy=Table())
        def taking() -> None:
            takes()

        return taking

    def given(value: int) -> dict[str, object]:
        return {"ops": {"takes": {"inputs": {"value": {"value": value}}}}}

    assert ran(made(1), instance) == ["takes"]
    assert ran(made(1), instance) == []
    assert ran(made(2), instance) == ["takes"]
    assert ran(made(2), instance, run_config=given(1)) == []
    assert ran(made(2), instance, run_config=given(3)) == ["takes"]


# --- steps that store nothing, and those that store several outputs ---


def test_sem_18_a_step_of_nothing_runs_once_per_version(instance: Instance) -> None:
    @op(out=Out(Nothing))
    def prepare() -> None:
        RAN.append("prepare")

    @op(ins={"start": In(Nothing)}, out={})
    def notify() -> None:
        RAN.append("notify")

    def made(**versions: str) -> JobDefinition:
        @job(name="ordering", version_strategy=Table(**versions))
        def ordering() -> None:
            notify(prepare())

        return ordering

    assert ran(made(), instance) == ["prepare", "notify"]
    assert ran(made(), instance) == []
    assert ran(made(notify="2"), instance) == ["notify"]
    assert ran(made(prepare="2"), instance) == ["prepare", "notify"]
    assert ran(made(), instance) == []


def test_sem_18_a_step_runs_if_any_of_its_outputs_is_missing(instance: Instance) -> None:
    @op(out={"a": Out(int), "b": Out(int, is_required=False)}, config_schema=bool)
    def two(context) -> Iterator[Output[int]]:  # type: ignore[no-untyped-def]
        RAN.append("two")
        yield Output(1, "a")
        if context.op_config:
            yield Output(2, "b")

    @job(version_strategy=Table())
    def splitting() -> None:
        two()

    for wants_both, again in ((True, []), (False, ["two"])):
        given = {"ops": {"two": {"config": wants_both}}}
        assert ran(splitting, instance, run_config=given) == ["two"]
        assert ran(splitting, instance, run_config=given) == again


def test_sem_18_a_step_that_failed_runs_again(instance: Instance) -> None:
    broken = [True]

    @op(out=Out(Nothing))
    def fragile() -> None:
        RAN.append("fragile")
        if broken:
            broken.clear()
            raise ValueError("once")

    @job(version_strategy=Table())
    def breaking() -> None:
        fragile()

    assert not breaking.execute_in_process(instance=instance, raise_on_error=False).success
    assert ran(breaking, instance) == ["fragile"]
    assert ran(breaking, instance) == []


def test_sem_18_a_graph_in_a_job_is_memoised_step_by_step(instance: Instance) -> None:
    def made(**versions: str) -> JobDefinition:
        @job(name="nesting", version_strategy=Table(**versions))
        def nesting() -> None:
            summing()

        return nesting

    given = {"ops": {"summing": config()}}
    assert in_order(ran(made(), instance, run_config=given)) == ALL
    assert ran(made(double="2"), instance, run_config=given) == ["double", "total"]


# --- what the instance knows ---


def test_sem_18_the_instance_knows_which_run_made_what(instance: Instance) -> None:
    result: ExecuteInProcessResult = memoised().execute_in_process(instance=instance, run_config=config())
    base = Path(instance.storage_directory(), "versioned_outputs")
    (file,) = base.glob("*/double/result")
    version = file.relative_to(base).parts[0]
    found = instance.find_memoised("summing", "double", "result", version)
    assert found is not None
    assert found.run_id == result.run_id
    assert instance.find_memoised("summing", "double", "result", "0" * 40) is None
    assert instance.find_memoised("another", "double", "result", version) is None
