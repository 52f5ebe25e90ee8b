"""Memoised runs: what runs again after which change, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jobc import (
    DynamicOut,
    DynamicOutput,
    Instance,
    InvariantViolationError,
    ResourceDefinition,
    fs_io_manager,
    job,
    mem_io_manager,
    op,
)
from jobc.runtime.definitions.io_manager import IOManagerDefinition
from jobc.runtime.errors import InstanceBusyError
from tests.unit.runtime.execute.memoisation_parts import (
    ALL,
    RAN,
    Shelf,
    Table,
    config,
    five,
    in_order,
    memoised,
    memoised_with,
    other,
    ran,
    summing,
    swapped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc import JobDefinition


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    RAN.clear()
    with Instance.open(tmp_path / "instance") as opened:
        yield opened


# --- what runs again ---


def test_sem_18_an_unchanged_job_runs_nothing(instance: Instance) -> None:
    assert in_order(ran(memoised(), instance, run_config=config())) == ALL
    result = memoised().execute_in_process(instance=instance, run_config=config())
    assert result.success
    assert result.all_node_events == []
    run = instance.get_runs()[0]
    assert run.status.value == "SUCCESS"


def test_sem_18_no_output_of_an_unchanged_step_can_be_read(instance: Instance) -> None:
    ran(memoised(), instance, run_config=config())
    result = memoised(total="2").execute_in_process(instance=instance, run_config=config())
    assert result.output_for_node("total") == 6
    for node in ("read", "double", "other"):
        with pytest.raises(InvariantViolationError, match=f"No outputs found: `{node}` did not produce"):
            result.output_for_node(node)


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("read", ["read", "double", "total"]),
        ("double", ["double", "total"]),
        ("total", ["total"]),
        ("other", ["other"]),
    ],
)
def test_sem_18_a_changed_op_runs_again_with_its_descendants(
    instance: Instance, changed: str, again: list[str]
) -> None:
    ran(memoised(), instance, run_config=config())
    assert ran(memoised(**{changed: "2"}), instance, run_config=config()) == again


def test_sem_18_an_old_version_is_found_again(instance: Instance) -> None:
    ran(memoised(), instance, run_config=config())
    assert ran(memoised(double="2"), instance, run_config=config()) == ["double", "total"]
    assert ran(memoised(), instance, run_config=config()) == []
    assert ran(memoised(double="2"), instance, run_config=config()) == []


def test_sem_18_changed_config_runs_the_op_again_and_its_order_does_not_matter(instance: Instance) -> None:
    ran(memoised(), instance, run_config=config())
    assert ran(memoised(), instance, run_config=swapped()) == []
    assert ran(memoised(), instance, run_config=config(size=4)) == ["read", "double", "total"]
    assert ran(memoised(), instance, run_config=config(a=2, b=1)) == ["read", "double", "total"]


def test_sem_18_what_a_step_reads_of_an_unchanged_one_is_what_was_stored(instance: Instance) -> None:
    ran(memoised(), instance, run_config=config(size=5))
    result = memoised(total="2").execute_in_process(instance=instance, run_config=config(size=5))
    assert result.output_for_node("total") == 20
    (loaded,) = [event for event in result.all_events if event.event_type_value == "LOADED_INPUT"]
    assert loaded.step_key == "total"


def test_sem_18_another_instance_knows_nothing(instance: Instance, tmp_path: Path) -> None:
    ran(memoised(), instance, run_config=config())
    with Instance.open(tmp_path / "second") as second:
        assert in_order(ran(memoised(), second, run_config=config())) == ALL


def test_sem_18_what_cannot_be_remembered_ends_no_run(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(outputs: object) -> None:
        raise InstanceBusyError("another process writes", "instance")

    monkeypatch.setattr(instance, "keep_memoised", busy)
    assert in_order(ran(memoised(), instance, run_config=config())) == ALL


def test_sem_18_an_output_that_was_lost_is_made_again(instance: Instance) -> None:
    ran(memoised(), instance, run_config=config())
    (lost,) = Path(instance.storage_directory()).glob("versioned_outputs/*/double/result")
    lost.unlink()
    assert ran(memoised(), instance, run_config=config()) == ["double"]


def test_sem_18_files_lie_under_their_version(instance: Instance) -> None:
    ran(memoised(), instance, run_config=config())
    base = Path(instance.storage_directory())
    found = sorted(path.relative_to(base).parts for path in base.rglob("result"))
    assert {parts[0] for parts in found} == {"versioned_outputs"}
    assert sorted(parts[2:] for parts in found) == [(name, "result") for name in sorted(ALL)]
    assert all(len(parts[1]) == 40 for parts in found)


def test_sem_18_with_a_selection_what_is_selected_and_changed_runs(instance: Instance) -> None:
    ran(memoised(), instance, run_config=config())
    changed = memoised(read="2", other="2")
    assert ran(changed, instance, run_config=config(), op_selection=["*double"]) == ["read", "double"]
    assert ran(changed, instance, run_config=config(), op_selection=["*double"]) == []
    assert in_order(ran(changed, instance, run_config=config())) == ["total", "other"]


def test_sem_18_the_inputs_of_an_op_are_told_apart(instance: Instance) -> None:
    @op
    def less(a: int, b: int) -> int:
        RAN.append("less")
        return a - b

    def made(*, turned: bool) -> JobDefinition:
        @job(name="turning", version_strategy=Table())
        def turning() -> None:
            x, y = five(), other()
            less(y, x) if turned else less(x, y)

        return turning

    assert ran(made(turned=False), instance) == ["five", "other", "less"]
    assert ran(made(turned=True), instance) == ["less"]


def test_sem_18_the_order_of_a_fan_in_matters(instance: Instance) -> None:
    @op(version="1")
    def first(parts: list[int]) -> int:
        RAN.append("first")
        return parts[0]

    def made(*, turned: bool) -> JobDefinition:
        @job(name="turning", version_strategy=Table())
        def turning() -> None:
            x, y = five(), other()
            first([y, x] if turned else [x, y])

        return turning

    assert ran(made(turned=False), instance) == ["five", "other", "first"]
    assert ran(made(turned=True), instance) == ["first"]
    assert ran(made(turned=False), instance) == []


# --- IO managers and resources ---


def test_sem_18_any_memoizable_manager_will_do(instance: Instance) -> None:
    shelf = Shelf()
    kept = IOManagerDefinition.hardcoded_io_manager(shelf)
    assert in_order(ran(memoised_with(kept), instance, run_config=config())) == ALL
    assert all(version and len(version) == 40 for version in shelf.versions)
    assert ran(memoised_with(kept), instance, run_config=config()) == []
    assert ran(memoised_with(kept, total="2"), instance, run_config=config()) == ["total"]


def test_sem_18_the_file_manager_by_name_will_do(instance: Instance, tmp_path: Path) -> None:
    kept = fs_io_manager.configured({"base_dir": str(tmp_path / "out")}, name="files")
    assert in_order(ran(memoised_with(kept), instance, run_config=config())) == ALL
    assert ran(memoised_with(kept), instance, run_config=config()) == []
    assert len(list((tmp_path / "out").rglob("result"))) == 4


def test_sem_18_resources_of_unchanged_steps_stay_closed(instance: Instance) -> None:
    opened: list[str] = []

    @op(required_resource_keys={"base"})
    def based() -> int:
        return 1

    base = ResourceDefinition(lambda _: opened.append("base"))

    @job(resource_defs={"base": base}, version_strategy=Table())
    def basing() -> None:
        based()

    for _ in range(2):
        assert basing.execute_in_process(instance=instance).success
    assert opened == ["base"]


def test_sem_18_managers_are_closed_after_they_were_asked(instance: Instance) -> None:
    opened: list[str] = []
    shelf = Shelf()

    def shelves(_: object) -> Iterator[Shelf]:
        opened.append("open")
        yield shelf
        opened.append("close")

    kept = IOManagerDefinition(shelves)
    ran(memoised_with(kept), instance, run_config=config())
    assert opened == ["open", "close"] * 2
    ran(memoised_with(kept), instance, run_config=config())
    assert opened == ["open", "close"] * 3


# --- refusals ---


def refused(job_def: JobDefinition, instance: Instance, message: str, **given: Any) -> None:
    with pytest.raises(InvariantViolationError, match=message):
        job_def.execute_in_process(instance=instance, raise_on_error=False, **given)
    assert instance.get_runs() == []


def test_sem_18_an_op_without_a_version_is_refused(instance: Instance) -> None:
    message = "job `summing` is memoised, and the version of op `double` was None"
    refused(memoised(double=None), instance, message, run_config=config())


def test_sem_18_the_tag_without_versions_is_refused(instance: Instance) -> None:
    tagged = summing.to_job(tags={"jobc/is_memoized_run": "true"})
    refused(tagged, instance, "the version of op `.*` was None", run_config=config())


@pytest.mark.parametrize("version", ["1.0", "", "a b", "ä", 3])
def test_sem_18_a_version_of_another_form_is_refused(instance: Instance, version: Any) -> None:
    message = (
        r"the version of op `double` must consist of letters, digits and `_` \(\[A-Za-z0-9_\]\+\), not be"
    )
    refused(memoised(double=version), instance, message, run_config=config())


def test_sem_18_a_resource_version_of_another_form_is_refused(instance: Instance) -> None:
    @op(required_resource_keys={"base"})
    def based() -> int:
        return 1

    @job(
        resource_defs={"base": ResourceDefinition(lambda _: 1, version="1-1")},
        version_strategy=Table(),
    )
    def basing() -> None:
        based()

    refused(basing, instance, "the version of the resource `base` must consist of letters")


def test_sem_18_a_manager_that_cannot_tell_is_refused_by_its_key(instance: Instance) -> None:
    message = (
        "job `summing` is memoised, and its IO manager `io_manager` cannot tell which outputs it has stored"
    )
    refused(memoised_with(mem_io_manager), instance, message, run_config=config())


def test_sem_18_an_ephemeral_instance_is_refused() -> None:
    for forgetful in (None, Instance.ephemeral()):
        with pytest.raises(
            InvariantViolationError, match="job `summing` is memoised, and its instance is ephem"
        ):
            memoised().execute_in_process(run_config=config(), instance=forgetful)


def test_sem_18_dynamic_graphs_are_refused(instance: Instance) -> None:
    @op(out=DynamicOut(int))
    def many() -> Iterator[DynamicOutput[int]]:
        yield DynamicOutput(1, "a")

    @job(version_strategy=Table())
    def branching() -> None:
        many()

    @job(version_strategy=Table())
    def mapping() -> None:
        many().map(double_one)

    for made in (branching, mapping):
        refused(made, instance, f"job `{made.name}` is memoised, and `many` belongs to a dynamic part")


@op
def double_one(value: int) -> int:
    return 2 * value
