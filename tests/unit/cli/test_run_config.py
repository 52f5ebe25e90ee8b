from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from jobc.cli.run_config import Layer, RunConfig, file_layer, setting_layer
from jobc.compiler.read.source import Source
from jobc.compiler.read.yaml_reader import read_yaml
from jobc.compiler.report.human import render
from jobc.runtime.config.processing import validate
from jobc.runtime.config.schema import as_config_type

if TYPE_CHECKING:
    from jobc.schemas.diagnostics import Diagnostic

SCHEMA = as_config_type(
    {"ops": {"read": {"config": {"path": str, "limit": int}}, "clean": {"config": {"rows": [int]}}}}
)


def of_file(text: str, name: str = "run.yaml") -> Layer:
    tree, diagnostics = read_yaml(Source(name, textwrap.dedent(text)))
    assert tree is not None
    assert diagnostics == []
    layer = file_layer(tree)
    assert isinstance(layer, Layer)
    return layer


def of_setting(text: str, name: str = "--set") -> Layer:
    layer = setting_layer(name, text)
    assert isinstance(layer, Layer)
    return layer


def found(*layers: Layer) -> list[tuple[str, str, str]]:
    """Check the layers against the schema: code, file and the very text that each diagnostic points at."""
    config = RunConfig(layers)
    problems = validate(SCHEMA, config.value()).errors
    return [(d.code, d.location.file, pointed_at(d, config.texts())) for d in config.diagnostics(problems)]


def pointed_at(diagnostic: Diagnostic, texts: dict[str, str]) -> str:
    start, end = diagnostic.location.start, diagnostic.location.end
    lines = texts[diagnostic.location.file].split("\n")
    assert start.line == end.line
    return lines[start.line - 1][start.column - 1 : end.column - 1]


def test_later_layers_replace_key_by_key() -> None:
    config = RunConfig(
        (
            of_file("ops: {read: {config: {path: a.csv, limit: 1}}}"),
            of_file("ops: {clean: {config: {rows: [1, 2]}}}\nx: {y: 1}"),
            of_setting("ops.read.config.limit=5"),
            of_setting("ops.clean.config.rows=[3]"),
            of_setting("x=null"),
        )
    )
    assert config.value() == {
        "ops": {"read": {"config": {"path": "a.csv", "limit": 5}}, "clean": {"config": {"rows": [3]}}},
        "x": None,
    }


def test_merging_changes_no_layer() -> None:
    base = of_file("ops: {read: {config: {limit: 1}}}")
    RunConfig((base, of_setting("ops.read.config.limit=5"))).value()
    assert base.value() == {"ops": {"read": {"config": {"limit": 1}}}}


DEFAULTS = {"ops": {"a": {"config": {"x": 1, "y": 2}}, "b": {}}, "loggers": {"console": {"config": {"l": 1}}}}


@pytest.mark.parametrize(
    ("layers", "value"),
    [
        ([], {}),
        ([of_setting("ops.a.config.x=5")], {"ops": {"a": {"config": {"x": 5, "y": 2}}}}),
        ([of_setting("ops.a={config: {x: 5}}")], {"ops": {"a": {"config": {"x": 5}}}}),
        ([of_setting("ops.c.config.x=5")], {"ops": {"c": {"config": {"x": 5}}}}),
        (
            [of_setting("ops.a.config.x=5"), of_setting("ops.a.config.y=6")],
            {"ops": {"a": {"config": {"x": 5, "y": 6}}}},
        ),
        (
            [of_file("ops: {a: {config: {y: 7}}}"), of_setting("ops.a.config.x=5")],
            {"ops": {"a": {"config": {"x": 5, "y": 7}}}},
        ),
        (
            [of_file("ops: {b: {}}"), of_setting("ops.a.config.x=5")],
            {"ops": {"a": {"config": {"x": 5, "y": 2}}, "b": {}}},
        ),
        ([of_setting("loggers.console.config.l=2")], {"loggers": {"console": {"config": {"l": 2}}}}),
        (
            [of_setting("loggers.other.config.l=2")],
            {"loggers": {"console": {"config": {"l": 1}}, "other": {"config": {"l": 2}}}},
        ),
    ],
)
def test_a_setting_keeps_the_rest_of_the_default_it_changes(layers: list[Layer], value: object) -> None:
    assert RunConfig(tuple(layers), DEFAULTS).value() == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("k=1", 1),
        ("k=1.5", 1.5),
        ("k=true", True),
        ("k=yes", "yes"),
        ("k=", None),
        ("k=a=b", "a=b"),
        ("k='1'", "1"),
        ("k=data/orders.csv", "data/orders.csv"),
        ("k=[1, {a: b}]", [1, {"a": "b"}]),
        ("k={env: HOME}", {"env": "HOME"}),
        ("k=2024-01-01", "2024-01-01"),
        ("k=日本", "日本"),
    ],
)
def test_a_setting_is_a_yaml_value(text: str, value: object) -> None:
    assert of_setting(text).value() == {"k": value}


@pytest.mark.parametrize("text", ["", "a", "=1", "a..b=1", ".a=1", "a.=1"])
def test_a_setting_without_a_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not of the form `a\.b=value`"):
        setting_layer("--set", text)


def test_a_setting_that_is_no_yaml_is_shown_where_it_breaks() -> None:
    broken = setting_layer("--set", "ops.read=[1, ")
    assert not isinstance(broken, Layer)
    assert [d.location.file for d in broken] == ["--set"]
    assert broken[0].location.start.column >= len("ops.read=")


def test_an_empty_file_sets_nothing() -> None:
    assert RunConfig((of_file("# nothing\n"),)).value() == {}


def test_a_file_that_is_no_mapping_is_a_mistake() -> None:
    tree, _ = read_yaml(Source("run.yaml", "- 1\n"))
    assert tree is not None
    layer = file_layer(tree)
    assert not isinstance(layer, Layer)
    assert [mistake.code for mistake in layer] == ["JC0703"]
    assert layer[0].message == "run config must be a mapping with keys such as `ops` and `resources`"


FULL = """
    ops:
      read:
        config: {path: a.csv, limit: 1}
      clean: {config: {rows: [1]}}
    """


def test_a_right_config_has_no_problems() -> None:
    assert found(of_file(FULL)) == []


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("ops.read.config.limit=many", ("JC0703", "--set", "many")),
        ("ops.read.config.limti=5", ("JC0701", "--set", "limti")),
        ("ops.raed.config.limit=5", ("JC0701", "--set", "raed")),
        ("opps.read=1", ("JC0701", "--set", "opps")),
        ("ops.clean.config.rows=[1, x, 2]", ("JC0703", "--set", "x")),
        ("ops.read.config={path: b, limit: 1, more: 2}", ("JC0701", "--set", "more")),
        ("ops.read={config: {path: b, limit: no}}", ("JC0703", "--set", "no")),
    ],
)
def test_a_mistake_in_a_setting_is_found_in_it(setting: str, expected: tuple[str, str, str]) -> None:
    assert found(of_file(FULL), of_setting(setting)) == [expected]


def test_a_mistake_in_a_file_is_found_there() -> None:
    good = of_file(FULL)
    bad = of_file("ops: {read: {config: {limit: few}}}", "bad.yaml")
    assert found(good, bad) == [("JC0703", "bad.yaml", "few")]
    assert found(bad, good) == []


def test_a_missing_entry_points_at_the_mapping_that_lacks_it() -> None:
    layer = of_file("ops:\n  read:\n    config: {path: a}\n  clean: {config: {rows: []}}\n")
    assert found(layer) == [("JC0702", "run.yaml", "config")]
    assert found(
        of_setting("ops.read.config.path=a"), of_setting("ops.clean.config.rows=[]", "--set[2]")
    ) == [("JC0702", "--set", "config")]
    assert found(of_file("{}")) == [("JC0702", "run.yaml", "")]


def test_several_unknown_entries_are_one_diagnostic_with_all_places() -> None:
    config = RunConfig((of_file(FULL + "one: 1\ntwo: 2\n".replace("\n", "\n    ")),))
    (diagnostic,) = config.diagnostics(validate(SCHEMA, config.value()).errors)
    assert pointed_at(diagnostic, config.texts()) == "one"
    assert [related.location.start.line for related in diagnostic.related] == [7]


def test_the_whole_of_what_is_shown() -> None:
    config = RunConfig((of_file(FULL), of_setting("ops.read.config.limti=5")))
    diagnostics = list(config.diagnostics(validate(SCHEMA, config.value()).errors))
    text = render(diagnostics, config.texts(), files=1, jobs=0)
    assert text.startswith("error[JC0701]: unknown entry `limti`; did you mean `limit`? ")
    assert text.endswith(
        " --> --set:1:17\n  |\n1 | ops.read.config.limti=5\n  |                 ^^^^^\n\n1 error in 1 file\n"
    )
