"""SEMANTICS 14: IO managers store outputs and load inputs; in memory there is nothing to do."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.builtin_io import fs_io_manager, mem_io_manager
from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.io_manager import IOManager
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.ports import DynamicOut, In, Out
from jobc.runtime.definitions.resource import resource
from jobc.runtime.definitions.types import Nothing
from jobc.runtime.definitions.values import AssetMaterialization, DynamicOutput
from jobc.runtime.definitions.versioning import VersionStrategy
from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.storage.events import OutputData
from jobc.runtime.storage.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.execute.result import ExecuteInProcessResult


class Recording(IOManager):
    """Notes what it is asked and gives back what it stored, wrapped."""

    def __init__(self, gives: object = None) -> None:
        self.notes: list[tuple[str, str]] = []
        self.stored: dict[tuple[str, ...], object] = {}
        self.gives = gives

    def handle_output(self, context: Any, obj: object) -> object:
        self.notes.append(("handle", "/".join(context.get_identifier()[1:])))
        self.stored[tuple(context.get_identifier())] = obj
        return self.gives

    def load_input(self, context: Any) -> object:
        upstream = context.upstream_output
        self.notes.append(("load", f"{context.name} from {'/'.join(upstream.get_identifier()[1:])}"))
        return ("loaded", self.stored[tuple(upstream.get_identifier())])


@op
def one() -> int:
    return 1


@op
def wrap(value):  # type: ignore[no-untyped-def]  # of any type
    return [value]


@op
def gather(values):  # type: ignore[no-untyped-def]  # of any type
    return values


@op(out=DynamicOut())
def parts() -> Iterator[DynamicOutput[int]]:
    yield DynamicOutput(1, "x")
    yield DynamicOutput(2, "y")


def kinds(result: ExecuteInProcessResult, path: str) -> list[str]:
    return [event.event_type_value for event in result.events_for_node(path)]


def test_sem_14_the_value_downstream_is_what_load_returns_and_the_result_what_the_op_made() -> None:
    manager = Recording()

    @job(resource_defs={"io_manager": manager})
    def through() -> None:
        wrap(one())

    result = through.execute_in_process()
    assert result.output_for_node("one") == 1
    assert result.output_for_node("wrap") == [("loaded", 1)]
    assert manager.notes == [
        ("handle", "one/result"),
        ("load", "value from one/result"),
        ("handle", "wrap/result"),
    ]


def test_sem_14_fan_in_loads_one_by_one_and_collected_values_by_key() -> None:
    manager = Recording()

    @job(resource_defs={"io_manager": manager})
    def many() -> None:
        gather([one(), one.alias("other")()])
        gather.alias("collected")(parts().map(wrap).collect())
        gather.alias("raw")(parts.alias("again")().collect())

    result = many.execute_in_process()
    loads = [note for kind, note in manager.notes if kind == "load"]
    assert loads == [
        "values from one/result",
        "values from other/result",
        "value from parts/result/x",
        "value from parts/result/y",
        "values from wrap[x]/result",
        "values from wrap[y]/result",
        "values from again/result/x",
        "values from again/result/y",
    ]
    assert result.output_for_node("gather") == [("loaded", 1), ("loaded", 1)]
    assert kinds(result, "collected")[1:4] == ["LOADED_INPUT", "LOADED_INPUT", "STEP_INPUT"]


def test_sem_14_each_output_has_its_own_manager() -> None:
    left, right = Recording(), Recording()

    @op(out={"a": Out(io_manager_key="left"), "b": Out(io_manager_key="right"), "c": Out()})
    def three() -> tuple[int, int, int]:
        return 1, 2, 3

    @job(resource_defs={"left": left, "right": right})
    def routed() -> None:
        a, b, c = three()
        gather([a, b, c])

    result = routed.execute_in_process()
    assert result.output_for_node("gather") == [("loaded", 1), ("loaded", 2), 3]
    assert [note for _, note in left.notes] == ["three/a", "values from three/a"]
    assert [note for _, note in right.notes] == ["three/b", "values from three/b"]


def test_sem_14_an_input_manager_loads_connected_or_not() -> None:
    class Loader(IOManager):
        def handle_output(self, context: Any, obj: object) -> None:
            raise AssertionError(context, obj)

        def load_input(self, context: Any) -> object:
            upstream = context.upstream_output
            context.add_input_metadata({"rows": 3})
            return (context.name, None if upstream is None else upstream.step_key, dict(context.metadata))

    @op(ins={"value": In(input_manager_key="loader", metadata={"table": "t"})})
    def reads(value):  # type: ignore[no-untyped-def]  # of any type
        return value[:2], value[2]["table"].value

    @job(resource_defs={"loader": Loader()})
    def loading() -> None:
        reads.alias("connected")(one())
        reads.alias("apart")()

    result = loading.execute_in_process()
    assert result.output_for_node("connected") == (("value", "one"), "t")
    assert result.output_for_node("apart") == (("value", None), "t")
    (event,) = [
        event for event in result.events_for_node("apart") if event.event_type_value == "LOADED_INPUT"
    ]
    assert event.data is not None
    assert event.data.manager_key == "loader"  # type: ignore[union-attr]  # input data
    assert event.data.metadata["rows"].value == 3  # type: ignore[union-attr]  # as above


GIVES: dict[str, object] = {
    "materialisation": AssetMaterialization("x"),
    "metadata": {"rows": 3},
    "list": [AssetMaterialization("x"), {"rows": 3}],
}


@pytest.mark.parametrize("gives", GIVES.values(), ids=[f"sem_14_{name}" for name in GIVES])
def test_handle_output_may_give(gives: object) -> None:
    @job(resource_defs={"io_manager": Recording(gives)})
    def storing() -> None:
        one()

    result = storing.execute_in_process()
    wants_asset = not isinstance(gives, dict)
    assert len(result.asset_materializations_for_node("one")) == int(wants_asset)
    (event,) = [
        event for event in result.events_for_node("one") if event.event_type_value == "HANDLED_OUTPUT"
    ]
    assert event.data is not None
    assert ("rows" in event.data.metadata) is not isinstance(gives, AssetMaterialization)  # type: ignore[union-attr]
    assert kinds(result, "one")[-2:] == ["HANDLED_OUTPUT", "STEP_SUCCESS"]


def test_sem_14_handle_output_may_yield_but_not_values() -> None:
    class Yielding(Recording):
        def handle_output(self, _context: Any, obj: object) -> Iterator[object]:
            yield {"rows": 1}
            yield obj

    @job(resource_defs={"io_manager": Yielding()})
    def storing() -> None:
        one()

    with pytest.raises(
        InvariantViolationError, match="gave back a value of type `int` for the output `result`"
    ):
        storing.execute_in_process()


def test_sem_14_exceptions_leave_unwrapped_and_are_recorded_under_a_wrapper() -> None:
    class Broken(Recording):
        def __init__(self, method: str) -> None:
            super().__init__()
            self.method = method

        def handle_output(self, context: Any, obj: object) -> object:
            if self.method == "handle":
                raise OSError("disk full")
            return super().handle_output(context, obj)

        def load_input(self, _context: Any) -> object:
            raise OSError("disk gone")

    def through(method: str) -> Any:
        @job(resource_defs={"io_manager": Broken(method)})
        def made() -> None:
            wrap(one())

        return made

    with pytest.raises(OSError, match="disk full"):
        through("handle").execute_in_process()
    with pytest.raises(OSError, match="disk gone"):
        through("load").execute_in_process()
    stored = through("handle").execute_in_process(raise_on_error=False).failure_data_for_node("one")
    loaded = through("load").execute_in_process(raise_on_error=False).failure_data_for_node("wrap")
    assert stored.error.class_name == "ExecutionHandleOutputError"
    assert stored.error.message == "storing the output `result` raised an exception: op `one`"
    assert loaded.error.class_name == "ExecutionLoadInputError"
    assert loaded.error.message == "loading the input `value` raised an exception: op `wrap`"
    assert loaded.error.root.message == "disk gone"


def test_sem_14_files_under_run_step_and_output(tmp_path: Path) -> None:
    @graph
    def inner() -> Any:
        return one()

    @job(resource_defs={"io_manager": fs_io_manager.configured({"base_dir": str(tmp_path)}, name="files")})
    def stored() -> None:
        wrap(inner())
        parts().map(wrap.alias("m"))

    result = stored.execute_in_process(run_id="r")
    assert result.output_for_node("wrap") == [1]
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {
        "r/inner.one/result",
        "r/wrap/result",
        "r/parts/result/x",
        "r/parts/result/y",
        "r/m[x]/result",
        "r/m[y]/result",
    }
    assert pickle.loads((tmp_path / "r/m[y]/result").read_bytes()) == [2]
    events = [
        event for event in result.all_events if event.event_type_value in ("HANDLED_OUTPUT", "LOADED_INPUT")
    ]
    assert all("path" in event.data.metadata for event in events)  # type: ignore[union-attr]  # output or input data


def test_sem_14_an_ephemeral_instance_has_a_folder_of_its_own() -> None:
    @job(resource_defs={"io_manager": fs_io_manager})
    def stored() -> None:
        wrap(one())

    assert stored.execute_in_process().output_for_node("wrap") == [1]


def test_sem_14_a_job_with_a_version_strategy_keeps_its_files(tmp_path: Path) -> None:
    class BySource(VersionStrategy):
        def get_op_version(self, context: Any) -> str:
            return str(context.op_def.name)

    @job(version_strategy=BySource())
    def versioned() -> None:
        one()

    with Instance.open(tmp_path) as instance:
        result = versioned.execute_in_process(instance=instance)
        (event,) = [event for event in result.all_events if event.event_type_value == "HANDLED_OUTPUT"]
    assert isinstance(event.data, OutputData)
    path = Path(event.data.metadata["path"].value)  # type: ignore[attr-defined]  # a metadata value
    versions = tmp_path / "storage" / "versioned_outputs"
    assert path.relative_to(versions).parts[1:] == ("one", "result")


def test_sem_14_what_cannot_be_pickled_is_named(tmp_path: Path) -> None:
    @op
    def unpicklable():  # type: ignore[no-untyped-def]  # of any type
        return lambda: 1

    @job(resource_defs={"io_manager": fs_io_manager.configured({"base_dir": str(tmp_path)}, name="files")})
    def storing() -> None:
        unpicklable()

    with pytest.raises(InvariantViolationError, match="cannot be pickled"):
        storing.execute_in_process()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_sem_14_memory_keeps_references() -> None:
    @op
    def makes() -> list[int]:
        return [1]

    @op
    def changes(values: list[int]) -> list[int]:
        values.append(2)
        return values

    @job
    def default() -> None:
        changes(makes())

    @job(resource_defs={"io_manager": mem_io_manager})
    def named() -> None:
        changes(makes())

    for made in (default, named):
        result = made.execute_in_process()
        assert result.output_for_node("makes") == [1, 2]
        assert kinds(result, "changes") == [
            "STEP_START",
            "LOADED_INPUT",
            "STEP_INPUT",
            "STEP_OUTPUT",
            "HANDLED_OUTPUT",
            "STEP_SUCCESS",
        ]


def test_sem_14_outputs_of_type_nothing_are_not_stored() -> None:
    manager = Recording()

    @op(out=Out(Nothing))
    def quiet() -> None: ...

    @op(ins={"start": In(Nothing)})
    def after() -> int:
        return 1

    @job(resource_defs={"io_manager": manager})
    def ordered() -> None:
        gather([quiet(), quiet.alias("other")()])
        after(start=quiet.alias("third")())

    result = ordered.execute_in_process()
    assert result.output_for_node("gather") == [None, None]
    assert [note for _, note in manager.notes] == ["gather/result", "after/result"]


def test_sem_14_the_contexts() -> None:
    seen: dict[str, object] = {}

    class Looks(IOManager):
        def handle_output(self, context: Any, _obj: object) -> None:
            seen["output"] = (
                context.step_key,
                context.name,
                context.run_id,
                context.job_name,
                context.mapping_key,
                context.version,
                context.config,
                context.resource_config,
                context.resources.base,
                context.metadata["team"].value,
                context.type.name,
                context.op_def.name,
                context.has_partition_key,
            )
            context.log_event(AssetMaterialization("seen"))

        def load_input(self, context: Any) -> object:
            seen["input"] = (
                context.name,
                context.step_key,
                context.upstream_output.name,
                context.type.name,
                context.resources.base,
                context.op_def.name,
                context.run_id,
            )
            return 1

    @resource(required_resource_keys={"base"}, config_schema={"x": int})
    def manager(_context: Any) -> Looks:
        return Looks()

    @op(out=Out(int, io_manager_key="looks", metadata={"team": "a"}))
    def source() -> int:
        return 1

    @op
    def target(value: int) -> int:
        return value

    @job(resource_defs={"looks": manager, "base": "base"})
    def looking() -> None:
        target(source())

    result = looking.execute_in_process({"resources": {"looks": {"config": {"x": 1}}}}, run_id="r")
    assert seen["output"] == (
        "source", "result", "r", "looking", None, None, None, {"x": 1}, "base", "a", "int", "source", False,
    )  # fmt: skip
    assert seen["input"] == ("value", "target", "result", "int", "base", "target", "r")
    assert [event.asset_key.path for event in result.asset_materializations_for_node("source")] == [("seen",)]
