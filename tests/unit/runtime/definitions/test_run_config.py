"""SEMANTICS 3, 5 and 8: the layout of run config, mappings and defaults, and values of top-level inputs."""

# The bodies of ops and jobs here have the shapes that the rules speak of.
# ruff: noqa: ARG002, ARG005, PLW0108

from __future__ import annotations

import enum
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.config import Enum, Field, InvalidConfigError, RunConfig, StringSource
from jobc.runtime.definitions.config_mapping import ConfigMapping, config_mapping
from jobc.runtime.definitions.configured import configured
from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.logger import logger
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.ports import In
from jobc.runtime.definitions.resource import resource
from jobc.runtime.definitions.run_config import resolve_run_config
from jobc.runtime.errors import (
    CheckError,
    ConfigMappingFunctionError,
    InvalidDefinitionError,
    ParameterCheckError,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.job import JobDefinition


@op(config_schema={"path": str, "limit": Field(int, default_value=10)})
def read(context: Any) -> int:
    return 1


@op(config_schema={"n": Field(int, default_value=3)})
def optional(context: Any) -> int:
    return 1


@op(config_schema={"where": StringSource})
def placed(context: Any) -> int:
    return 1


@op
def free(context: Any) -> int:
    return 1


@op
def echo(x: int) -> int:
    return x


@op
def with_default(x: int = 7) -> int:
    return x


@graph
def sub():  # type: ignore[no-untyped-def]
    read()
    free()


@graph
def passes(x):  # type: ignore[no-untyped-def]
    return echo(x)


@resource(config_schema={"url": str})
def db(context: Any) -> int:
    return 1


@logger(config_schema={"level": str})
def quiet(context: Any) -> None:
    pass


@op(required_resource_keys={"db"})
def queries(context: Any) -> int:
    return 1


def problems(made: JobDefinition, run_config: Any, **settings: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    with pytest.raises(InvalidConfigError) as caught:
        resolve_run_config(made, run_config, **settings)
    return [(problem.place, problem.kind, problem.names) for problem in caught.value.errors]


READ = {"config": {"path": "x"}}


@job(name="j", resource_defs={"db": db})
def everything() -> None:
    queries()
    read()
    free()
    optional()
    sub()


def test_sem_3_sections_and_defaults() -> None:
    resolved = resolve_run_config(
        everything,
        {
            "ops": {"read": READ, "free": {"config": [1]}, "sub": {"ops": {"read": READ}}},
            "resources": {"db": {"config": {"url": "u"}}},
            "loggers": {"console": {"config": {"log_level": "DEBUG"}}},
            "execution": {"config": {"anything": ["goes"]}},
        },
    )
    assert {path: entry.config for path, entry in resolved.ops.items()} == {
        ("read",): {"path": "x", "limit": 10},
        ("free",): [1],
        ("optional",): {"n": 3},
        ("sub", "read"): {"path": "x", "limit": 10},
    }
    assert resolved.resources["db"] == {"url": "u"}
    assert resolved.loggers == {"console": {"log_level": "DEBUG"}}
    assert resolved.execution == {"anything": ["goes"]}


@job(name="lax")
def lax() -> None:
    optional()
    free()


def test_sem_3_what_holds_nothing_required_may_be_left_out() -> None:
    sections: list[Any] = [
        None,
        {},
        {"ops": {}},
        {"ops": {"optional": {}}},
        {"ops": {"optional": {"config": {}}}},
    ]
    for written in sections:
        resolved = resolve_run_config(lax, written)
        assert {path: entry.config for path, entry in resolved.ops.items()} == {("optional",): {"n": 3}}
        assert (resolved.loggers, resolved.execution, resolved.inputs) == ({}, None, {})


GIVEN: dict[str, Any] = {
    "ops": {"read": READ, "sub": {"ops": {"read": READ}}},
    "resources": {"db": {"config": {"url": "u"}}},
}

LAYOUT_ERRORS: list[tuple[str, dict[str, Any], list[tuple[str, str, tuple[str, ...]]]]] = [
    ("unknown_section", {**GIVEN, "op": {}}, [("the root", "unknown", ("op",))]),
    ("solids", {**GIVEN, "solids": {}}, [("the root", "unknown", ("solids",))]),
    ("missing_sections", {}, [("the root", "missing", ("ops", "resources"))]),
    ("inputs_of_none", {**GIVEN, "inputs": {}}, [("the root", "unknown", ("inputs",))]),
    (
        "dotted_key",
        {**GIVEN, "ops": {**GIVEN["ops"], "sub.read": {}}},
        [("root:ops", "unknown", ("sub.read",))],
    ),
    (
        "outputs",
        {**GIVEN, "ops": {**GIVEN["ops"], "free": {"outputs": []}}},
        [("root:ops:free", "unknown", ("outputs",))],
    ),
    (
        "all_together",
        {
            "ops": {"read": {"config": {"pth": 1, "limit": "a"}}, "x": {}, "y": {}},
            "resources": GIVEN["resources"],
        },
        [
            ("root:ops", "unknown", ("x", "y")),
            ("root:ops", "missing", ("sub",)),
            ("root:ops:read:config", "unknown", ("pth",)),
            ("root:ops:read:config", "missing", ("path",)),
            ("root:ops:read:config:limit", "type", ()),
        ],
    ),
    (
        "nested",
        {**GIVEN, "ops": {"read": READ, "sub": {"ops": {}}}},
        [("root:ops:sub:ops", "missing", ("read",))],
    ),
    (
        "beside_execution_config",
        {**GIVEN, "execution": {"other": 1}},
        [("root:execution", "unknown", ("other",))],
    ),
    (
        "resource",
        {**GIVEN, "resources": {"db": {"config": {}}}},
        [("root:resources:db:config", "missing", ("url",))],
    ),
    (
        "unknown_resource",
        {**GIVEN, "resources": {**GIVEN["resources"], "bd": {}}},
        [("root:resources", "unknown", ("bd",))],
    ),
    ("unknown_logger", {**GIVEN, "loggers": {"quiet": {}}}, [("root:loggers", "unknown", ("quiet",))]),
]


@pytest.mark.parametrize("case", LAYOUT_ERRORS, ids=[case[0] for case in LAYOUT_ERRORS])
def test_sem_3_layout_errors(
    case: tuple[str, dict[str, Any], list[tuple[str, str, tuple[str, ...]]]],
) -> None:
    assert problems(everything, case[1]) == case[2]


def test_sem_3_the_message_names_the_job_and_gives_an_example() -> None:
    with pytest.raises(InvalidConfigError) as caught:
        resolve_run_config(everything, {"ops": {"read": {"config": {}}, "sub": {"ops": {"read": READ}}}})
    text = str(caught.value)
    assert text.startswith("Error in config for job `j`\n")
    assert 'missing required entry `path`; for example {"path":' in text


def test_sem_3_a_resource_that_nothing_needs_is_optional_but_checked() -> None:
    made = job(name="j", resource_defs={"db": db})(lambda: None)
    assert "db" not in resolve_run_config(made).resources
    assert resolve_run_config(made, {"resources": {"db": {"config": {"url": "u"}}}}).resources["db"] == {
        "url": "u"
    }
    assert problems(made, {"resources": {"db": {"config": {"url": 1}}}}) == [
        ("root:resources:db:config:url", "type", ())
    ]


def test_sem_3_a_resource_that_a_needed_one_needs_is_needed() -> None:
    outer = resource(required_resource_keys={"db"})(lambda context: 1)

    @op(required_resource_keys={"outer"})
    def f(context: Any) -> int:
        return 1

    made = job(name="j", resource_defs={"db": db, "outer": outer})(lambda: f() and None)
    assert problems(made, {}) == [("the root", "missing", ("resources",))]


def test_sem_3_own_loggers_replace_the_console() -> None:
    made = job(name="j", logger_defs={"quiet": quiet})(lambda: None)
    assert resolve_run_config(made).loggers == {}
    assert resolve_run_config(made, {"loggers": {"quiet": {"config": {"level": "INFO"}}}}).loggers == {
        "quiet": {"level": "INFO"}
    }
    assert problems(made, {"loggers": {"console": {}}}) == [("root:loggers", "unknown", ("console",))]


def test_sem_3_the_executor_may_fix_the_schema_of_its_config() -> None:
    pool = Field({"n": int}, is_required=False)
    assert resolve_run_config(lax, {"execution": {"config": {"n": 3}}}, execution=pool).execution == {"n": 3}
    with pytest.raises(InvalidConfigError):
        resolve_run_config(lax, {"execution": {"config": {"m": 3}}}, execution=pool)


def test_sem_3_run_config_objects_and_nothing_else() -> None:
    assert resolve_run_config(lax, RunConfig(ops={"optional": {"config": {"n": 5}}})).ops[
        ("optional",)
    ].config == {"n": 5}
    with pytest.raises(ParameterCheckError, match="must be a dict or a RunConfig"):
        resolve_run_config(lax, [1])  # type: ignore[arg-type]


def test_sem_3_inputs_are_given_where_nothing_feeds_them() -> None:
    @job
    def j() -> None:
        echo()
        echo.alias("fed")(free())
        passes.alias("outer")()
        with_default()

    resolved = resolve_run_config(
        j, {"ops": {"echo": {"inputs": {"x": 1}}, "outer": {"inputs": {"x": {"value": 2}}}}}
    )
    assert {path: entry.inputs for path, entry in resolved.ops.items()} == {
        ("echo",): {"x": 1},
        ("outer",): {"x": 2},
    }
    assert problems(j, {"ops": {"fed": {"inputs": {"x": 1}}}}) == [
        ("root:ops", "missing", ("echo", "outer")),
        ("root:ops:fed", "unknown", ("inputs",)),
    ]
    assert problems(j, {"ops": {"echo": {}, "outer": {}}}) == [
        ("root:ops:echo", "missing", ("inputs",)),
        ("root:ops:outer", "missing", ("inputs",)),
    ]


def of_type(annotation: object) -> JobDefinition:
    return job(name="j")(lambda: op(name="f", ins={"x": In(annotation)})(lambda x: 1)() and None)


INPUT_VALUES: list[tuple[object, object, object]] = [
    (int, 3, 3),
    (int, {"value": 3}, 3),
    (float, 3, 3.0),
    (bool, True, True),
    (str, "a", "a"),
    (Any, {"value": [1, {"a": None}]}, [1, {"a": None}]),
    (list, [{"value": 1}], [1]),
    (list[int], [1, {"value": 2}], [1, 2]),
    (dict[str, int], {"a": {"value": 1}, "b": 2}, {"a": 1, "b": 2}),
    (dict, {"a": {"value": 1}}, {"a": {"value": 1}}),
    (int | None, None, None),
    (int | None, 3, 3),
    (list[list[str]], [["a"], []], [["a"], []]),
]


@pytest.mark.parametrize(
    "case", INPUT_VALUES, ids=[f"{index}_{case[0]}" for index, case in enumerate(INPUT_VALUES)]
)
def test_sem_3_input_values_by_type(case: tuple[object, object, object]) -> None:
    resolved = resolve_run_config(of_type(case[0]), {"ops": {"f": {"inputs": {"x": case[1]}}}})
    value = resolved.ops[("f",)].inputs["x"]
    assert value == case[2]
    assert type(value) is type(case[2])


INPUT_ERRORS: list[tuple[object, object]] = [
    (int, "3"),
    (int, True),
    (str, 3),
    (int, {"value": "a"}),
    (int, {"values": 3}),
    (Any, 3),
    (Any, "text"),
    (list[int], 3),
    (list[int], ["a"]),
    (dict[str, int], {"a": "b"}),
    (dict, 3),
    (int, {"json": {"path": "/no/such/file"}}),
]


@pytest.mark.parametrize(
    "case", INPUT_ERRORS, ids=[f"{index}_{case[0]}" for index, case in enumerate(INPUT_ERRORS)]
)
def test_sem_3_input_values_refused(case: tuple[object, object]) -> None:
    found = problems(of_type(case[0]), {"ops": {"f": {"inputs": {"x": case[1]}}}})
    assert found[0][0].startswith("root:ops:f:inputs:x")


def test_sem_3_input_values_from_files(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([1, 2]))
    (tmp_path / "a.pickle").write_bytes(pickle.dumps({"a": 1}))
    for kind, written, value in (
        (Any, {"json": {"path": str(tmp_path / "a.json")}}, [1, 2]),
        (Any, {"pickle": {"path": str(tmp_path / "a.pickle")}}, {"a": 1}),
        (int, {"pickle": {"path": str(tmp_path / "a.pickle")}}, {"a": 1}),
    ):
        assert (
            resolve_run_config(of_type(kind), {"ops": {"f": {"inputs": {"x": written}}}})
            .ops[("f",)]
            .inputs["x"]
            == value
        )


def test_sem_3_the_schema_can_be_asked_for() -> None:
    assert lax.run_config_schema.describe(3) == (
        "{ops?: {optional?: {config?: {...}}, free?: {config?: any}},"
        " resources?: {io_manager?: {config?: {...}}}, loggers?: {console?: {config?: {...}}},"
        " execution?: {config?: any}}"
    )


# Configured


def test_sem_1_configured_bakes_config_in() -> None:
    fixed = configured(read, name="fixed")({"path": "baked"})
    partly = read.configured(
        lambda config: {"path": config["folder"] + "/x"}, name="partly", config_schema={"folder": str}
    )

    @configured(partly, name="twice")
    def twice(_: object) -> dict[str, str]:
        return {"folder": "f"}

    @job
    def j() -> None:
        fixed()
        partly()
        twice()

    resolved = resolve_run_config(j, {"ops": {"partly": {"config": {"folder": "g"}}}})
    assert {path[0]: entry.config for path, entry in resolved.ops.items()} == {
        "fixed": {"path": "baked", "limit": 10},
        "partly": {"path": "g/x", "limit": 10},
        "twice": {"path": "f/x", "limit": 10},
    }
    assert problems(j, {"ops": {"partly": {"config": {"folder": "g"}}, "fixed": {"config": {}}}}) == [
        ("root:ops:fixed", "unknown", ("config",))
    ]


def broken(_: object) -> object:
    raise ZeroDivisionError("no")


def test_sem_1_configured_reports_what_is_baked_wrongly() -> None:
    bad = configured(read, name="bad")({"path": 3})
    with pytest.raises(InvalidConfigError, match="configured op `bad`") as caught:
        resolve_run_config(job(name="j")(lambda: bad() and None))
    assert caught.value.errors[0].place == "root:path"
    raising = configured(read, name="raising")(broken)
    with pytest.raises(
        ConfigMappingFunctionError, match="configured op `raising` raised ZeroDivisionError: no"
    ):
        resolve_run_config(job(name="j")(lambda: raising() and None))


def test_sem_1_configured_names() -> None:
    with pytest.raises(InvalidDefinitionError, match="configured op `read` needs a `name` of its own"):
        configured(read)({"path": "x"})
    with pytest.raises(InvalidDefinitionError, match="has no config of its own to bake"):
        configured(sub, name="g2")({})
    baked = configured(db)({"url": "u"})
    made = job(name="j", resource_defs={"db": baked})(lambda: queries() and None)
    assert resolve_run_config(made).resources["db"] == {"url": "u"}
    loud = configured(quiet)({"level": "INFO"})
    made = job(name="j", logger_defs={"loud": loud})(lambda: None)
    assert resolve_run_config(made, {"loggers": {"loud": {}}}).loggers == {"loud": {"level": "INFO"}}


def test_sem_1_configured_graphs() -> None:
    @graph(
        config=ConfigMapping(
            lambda config: {"read": {"config": {"path": config["p"]}}}, config_schema={"p": str}
        )
    )
    def mapped() -> None:
        read()

    fixed = configured(mapped, name="fixed")({"p": "baked"})

    @job
    def j() -> None:
        fixed()

    assert resolve_run_config(j).ops[("fixed", "read")].config == {"path": "baked", "limit": 10}
    assert problems(j, {"ops": {"fixed": {"config": {"p": "x"}}}}) == [
        ("root:ops:fixed", "unknown", ("config",))
    ]


# Config of a job


class Colour(enum.Enum):
    RED = 1


COLOUR = {
    "colour": Enum.from_python_enum(Colour),
    "where": Field(StringSource, is_required=False),
    "n": Field(int, default_value=3),
}
SEEN: list[Any] = []


def maps(config: Any) -> dict[str, Any]:
    SEEN.append(config)
    return {"ops": {"read": {"config": {"path": str(config)}}}}


def mapped_job(mapping: ConfigMapping) -> JobDefinition:
    return job(name="j", config=mapping)(lambda: read() and None)


def test_sem_5_a_mapping_without_a_schema_takes_any_dict() -> None:
    made = mapped_job(config_mapping(maps))
    assert resolve_run_config(made).ops[("read",)].config == {"path": "{}", "limit": 10}
    assert resolve_run_config(made, {"a": 1}).ops[("read",)].config == {"path": "{'a': 1}", "limit": 10}


@pytest.mark.parametrize(
    ("processed", "seen"),
    [
        (None, {"colour": Colour.RED, "where": "here", "n": 3}),
        (True, {"colour": Colour.RED, "where": "here", "n": 3}),
        (False, {"colour": "RED", "where": {"env": "PLACE"}, "n": 3}),
    ],
)
def test_sem_5_what_a_mapping_sees(processed: bool | None, seen: dict[str, object]) -> None:
    made = mapped_job(ConfigMapping(maps, COLOUR, receive_processed_config_values=processed))
    resolve_run_config(made, {"colour": "RED", "where": {"env": "PLACE"}}, environ={"PLACE": "here"})
    assert SEEN[-1] == seen


def test_sem_5_the_standard_sections_are_unknown_to_a_mapping() -> None:
    made = mapped_job(ConfigMapping(maps, {"a": int}))
    with pytest.raises(InvalidConfigError, match="Error in config mapping of job `j`"):
        resolve_run_config(made, {"a": 1, "ops": {}})
    with pytest.raises(InvalidConfigError, match="Error in config mapping of job `j`"):
        resolve_run_config(made)


MAPPING_ERRORS: list[tuple[str, Callable[[Any], Any], type[Exception], str]] = [
    ("none", lambda _: None, CheckError, "must return a run config"),
    ("no_dict", lambda _: 3, InvalidConfigError, "at the root"),
    ("raises", broken, ConfigMappingFunctionError, "job `j` raised ZeroDivisionError: no"),
    ("inner", lambda _: {"ops": {"read": {"config": {}}}}, InvalidConfigError, "Error in config for job `j`"),
]


@pytest.mark.parametrize("case", MAPPING_ERRORS, ids=[case[0] for case in MAPPING_ERRORS])
def test_sem_5_mapping_errors(case: tuple[str, Callable[[Any], Any], type[Exception], str]) -> None:
    with pytest.raises(case[2], match=case[3]):
        resolve_run_config(mapped_job(ConfigMapping(case[1])))


def test_sem_5_a_mapping_may_return_a_run_config_object() -> None:
    made = mapped_job(ConfigMapping(lambda _: RunConfig(ops={"read": READ})))
    assert resolve_run_config(made).ops[("read",)].config == {"path": "x", "limit": 10}
    assert made.config is not None
    assert made.config("anything") == RunConfig(ops={"read": READ})  # type: ignore[operator]


WRONG_MAPPINGS: list[tuple[str, Callable[[], object]]] = [
    ("function", lambda: ConfigMapping(3)),  # type: ignore[arg-type]
    ("flag", lambda: ConfigMapping(maps, receive_processed_config_values="yes")),  # type: ignore[arg-type]
    ("graph", lambda: graph(name="g", config=3)(lambda: None)),
]


@pytest.mark.parametrize("case", WRONG_MAPPINGS, ids=[case[0] for case in WRONG_MAPPINGS])
def test_sem_5_wrong_mappings(case: tuple[str, Callable[[], object]]) -> None:
    with pytest.raises(ParameterCheckError):
        case[1]()


def two_reads(**settings: Any) -> JobDefinition:
    def body() -> None:
        read()
        read.alias("other")()
        sub()
        queries()

    return job(name="j", resource_defs={"db": db}, **settings)(body)


DEFAULT: dict[str, Any] = {
    "ops": {
        "read": {"config": {"path": "a", "limit": 1}},
        "other": {"config": {"path": "b"}},
        "sub": {"ops": {"read": {"config": {"path": "c"}}}},
    },
    "resources": {"db": {"config": {"url": "u"}}},
    "loggers": {"console": {"config": {"log_level": "DEBUG"}}},
}


def resolved_with(written: Any) -> tuple[dict[str, Any], Any, Any]:
    resolved = resolve_run_config(two_reads(config=DEFAULT), written)
    return (
        {".".join(path): entry.config for path, entry in resolved.ops.items()},
        resolved.resources["db"],
        resolved.loggers,
    )


ALL = {
    "read": {"path": "a", "limit": 1},
    "other": {"path": "b", "limit": 10},
    "sub.read": {"path": "c", "limit": 10},
}
CONSOLE = {"console": {"log_level": "DEBUG"}}
NEW = {"config": {"path": "new"}}
NEW_CONFIG = {"path": "new", "limit": 10}

MERGED: list[tuple[str, Any, tuple[Any, Any, Any]]] = [
    ("nothing", None, (ALL, {"url": "u"}, CONSOLE)),
    ("other_section", {"loggers": {}}, (ALL, {"url": "u"}, {})),
    ("one_op", {"ops": {"read": NEW}}, ({**ALL, "read": NEW_CONFIG}, {"url": "u"}, CONSOLE)),
    (
        "one_graph",
        {"ops": {"sub": {"ops": {"read": NEW}}}},
        ({**ALL, "sub.read": NEW_CONFIG}, {"url": "u"}, CONSOLE),
    ),
    ("one_resource", {"resources": {"db": {"config": {"url": "v"}}}}, (ALL, {"url": "v"}, CONSOLE)),
    ("empty_ops", {"ops": {}}, (ALL, {"url": "u"}, CONSOLE)),
]


@pytest.mark.parametrize("case", MERGED, ids=[case[0] for case in MERGED])
def test_sem_5_default_config_is_merged_by_entry(case: tuple[str, Any, tuple[Any, Any, Any]]) -> None:
    assert resolved_with(case[1]) == case[2]


def test_sem_5_default_config_is_not_merged_deeper() -> None:
    made = two_reads(config=DEFAULT)
    assert problems(made, {"ops": {"read": {"config": {"limit": 3}}}}) == [
        ("root:ops:read:config", "missing", ("path",))
    ]
    assert problems(made, {"ops": {"sub": {}}}) == [("root:ops:sub", "missing", ("ops",))]


def test_sem_5_default_config_is_checked_when_the_job_is_built() -> None:
    with pytest.raises(InvalidConfigError, match="Error in config when building job `j`") as caught:
        two_reads(config={"ops": {"read": {"config": {"path": 3}}, "nope": {}}})
    assert [problem.place for problem in caught.value.errors] == ["root:ops", "root:ops:read:config:path"]


def reads_twice() -> None:
    read()
    read.alias("other")()


def test_sem_5_default_config_may_leave_to_the_run_what_it_does_not_know() -> None:
    made = job(name="j", config={"ops": {"read": READ}})(reads_twice)
    assert problems(made, {}) == [("root:ops", "missing", ("other",))]
    assert resolve_run_config(made, {"ops": {"other": NEW}}).ops[("read",)].config == {
        "path": "x",
        "limit": 10,
    }


def test_sem_5_building_reads_no_environment() -> None:
    made = job(name="j", config={"ops": {"placed": {"config": {"where": {"env": "JOBC_UNSET"}}}}})(
        lambda: placed() and None
    )
    assert resolve_run_config(made, environ={"JOBC_UNSET": "x"}).ops[("placed",)].config == {"where": "x"}
    with pytest.raises(InvalidConfigError, match=r"post processing of .*JOBC_UNSET"):
        resolve_run_config(made, environ={})


# Config of a graph


def reads_and_more() -> None:
    read()
    optional()


def mapped_graph(mapping: Any) -> GraphDefinition:
    return graph(name="g", config=mapping)(reads_and_more)


def outer_job(mapping: Any) -> JobDefinition:
    @graph
    def outer() -> None:
        mapped_graph(mapping).alias("node")()

    return job(name="j")(lambda: outer() and None)


PATH = ConfigMapping(lambda config: {"read": {"config": {"path": config["p"]}}}, {"p": str})


def test_sem_5_a_graph_maps_its_config() -> None:
    resolved = resolve_run_config(
        outer_job(PATH), {"ops": {"outer": {"ops": {"node": {"config": {"p": "x"}}}}}}
    )
    assert {path: entry.config for path, entry in resolved.ops.items()} == {
        ("outer", "node", "read"): {"path": "x", "limit": 10},
        ("outer", "node", "optional"): {"n": 3},
    }
    assert problems(outer_job(PATH), {"ops": {"outer": {"ops": {"node": {"ops": {}}}}}}) == [
        ("root:ops:outer:ops:node", "unknown", ("ops",)),
        ("root:ops:outer:ops:node", "missing", ("config",)),
    ]


def test_sem_5_the_top_graph_maps_its_config() -> None:
    made = mapped_graph(PATH).to_job()
    assert resolve_run_config(made, {"ops": {"config": {"p": "x"}}}).ops[("read",)].config == {
        "path": "x",
        "limit": 10,
    }
    assert problems(made, {"ops": {"read": READ, "config": {"p": "x"}}}) == [
        ("root:ops", "unknown", ("read",))
    ]


def test_sem_5_a_graph_sees_raw_values_if_it_asks_for_them() -> None:
    def sees(config: Any) -> dict[str, Any]:
        SEEN.append(config)
        return {"read": READ}

    made = mapped_graph(ConfigMapping(sees, COLOUR, False)).to_job()
    resolve_run_config(
        made, {"ops": {"config": {"colour": "RED", "where": {"env": "P"}}}}, environ={"P": "p"}
    )
    assert SEEN[-1] == {"colour": "RED", "where": {"env": "P"}, "n": 3}


def test_sem_5_a_dict_is_constant_config() -> None:
    made = mapped_graph({"read": READ}).to_job()
    assert resolve_run_config(made).ops[("read",)].config == {"path": "x", "limit": 10}
    nested = outer_job({"read": READ})
    assert resolve_run_config(nested).ops[("outer", "node", "read")].config == {"path": "x", "limit": 10}


GRAPH_ERRORS: list[tuple[str, Any, type[Exception], list[str]]] = [
    (
        "raises",
        broken,
        ConfigMappingFunctionError,
        ["graph `g`", "node `outer.node`", "job `j`", "ZeroDivisionError"],
    ),
    (
        "returns",
        lambda _: {"read": {}},
        InvalidConfigError,
        ["config mapping of graph `g`", "node `outer.node`", "job `j`", "`config`"],
    ),
    ("none", lambda _: None, InvalidConfigError, ["config mapping of graph `g`"]),
]


@pytest.mark.parametrize("case", GRAPH_ERRORS, ids=[case[0] for case in GRAPH_ERRORS])
def test_sem_5_graph_mapping_errors(case: tuple[str, Any, type[Exception], list[str]]) -> None:
    with pytest.raises(case[2]) as caught:
        resolve_run_config(outer_job(ConfigMapping(case[1])))
    for fragment in case[3]:
        assert fragment in str(caught.value)


# Top-level inputs


def adds(**settings: Any) -> JobDefinition:
    def body(a, b):  # type: ignore[no-untyped-def]
        echo.alias("first")(a)
        with_default.alias("second")(b)

    return job(name="j", **settings)(body)


VALUES: list[tuple[str, Any, Any, Any, dict[str, object]]] = [
    ("config", None, None, {"inputs": {"a": 1, "b": 2}}, {"a": 1, "b": 2}),
    ("default_of_the_op", None, None, {"inputs": {"a": 1}}, {"a": 1}),
    ("job", {"a": 1}, None, {}, {"a": 1}),
    ("execution", None, {"a": 1}, {}, {"a": 1}),
    ("execution_over_job", {"a": 1}, {"a": 2}, {}, {"a": 2}),
    ("both_in_part", {"a": 1}, {"b": 2}, {}, {"a": 1, "b": 2}),
    ("with_config", {"a": 1}, None, {"inputs": {"b": 2}}, {"a": 1, "b": 2}),
    ("by_reference", None, {"a": SEEN, "b": None}, {}, {"a": SEEN, "b": None}),
]


@pytest.mark.parametrize("case", VALUES, ids=[case[0] for case in VALUES])
def test_sem_8_where_values_come_from(case: tuple[str, Any, Any, Any, dict[str, object]]) -> None:
    _, of_job, given, written, expected = case
    assert resolve_run_config(adds(input_values=of_job), written, input_values=given).inputs == expected


def test_sem_8_a_value_removes_the_input_from_the_schema() -> None:
    assert problems(adds(input_values={"a": 1, "b": 2}), {"inputs": {"a": 3}}) == [
        ("the root", "unknown", ("inputs",))
    ]
    assert problems(adds(input_values={"a": 1}), {"inputs": {"a": 3}}) == [("root:inputs", "unknown", ("a",))]
    assert problems(adds(), {"ops": {"first": {"inputs": {"x": 1}}}}, input_values={"a": 1}) == [
        ("root:ops:first", "unknown", ("inputs",))
    ]


def test_sem_8_an_unknown_name_at_execution() -> None:
    with pytest.raises(InvalidDefinitionError, match="no top-level input `c`; it has `a` and `b`"):
        resolve_run_config(adds(), {"inputs": {"a": 1}}, input_values={"c": 1})


def test_sem_8_a_missing_value() -> None:
    assert problems(adds(), {}) == [("the root", "missing", ("inputs",))]


def test_sem_8_an_input_that_config_cannot_express_has_no_entry() -> None:
    class Thing:
        pass

    wants = op(name="wants", ins={"x": In(Thing)})(lambda x: 1)
    made = job(name="j")(lambda a: wants(a) and None)
    assert resolve_run_config(made).inputs == {}
    thing = Thing()
    assert resolve_run_config(made, input_values={"a": thing}).inputs["a"] is thing
    assert problems(made, {"inputs": {"a": 1}}) == [("the root", "unknown", ("inputs",))]


def test_an_op_without_a_schema_takes_any_config() -> None:
    assert isinstance(free, OpDefinition)
    assert resolve_run_config(lax, {"ops": {"free": {"config": {"a": [1]}}}}).ops[("free",)].config == {
        "a": [1]
    }
