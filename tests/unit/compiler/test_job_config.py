"""Config of jobs: over the values of resources, and over the config of the job that one is derived from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc.compiler.pipeline import compile_spec, load
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = """\
def crane(config):
    return config


def lift(config, crane):
    return config, crane
"""


def spec(folder: Path, *jobs: str, crane: str = "", loggers: str = "") -> str:
    module = folder.name.replace("-", "_")
    (folder / f"{module}.py").write_text(FUNCTIONS)
    path = folder / "spec.yaml"
    written = "".join(f"  {job}\n" for job in jobs)
    path.write_text(
        "jobc: 1\n"
        "resources:\n"
        f"  crane:\n    python: '{module}:crane'\n"
        "    config: {reach_m: float, names: {type: 'list[str]', default: []}}\n"
        f"{crane}{loggers}"
        "ops:\n"
        f"  lift:\n    python: '{module}:lift'\n"
        "    config: {depot: str, limit: {type: int, default: 9}, "
        "size: {fields: {width: int, height: {type: int, default: 1}}, required: false}}\n"
        "graphs: {main: {wiring: lift()}}\n"
        f"jobs:\n{written}"
    )
    return str(path)


def messages(path: str) -> list[tuple[str, str, int]]:
    diagnostics = validate([path]).diagnostics
    return [(each.code, each.message, each.location.start.line) for each in diagnostics]


WITH = "    with: {reach_m: 12}\n"


def test_config_of_a_job_stands_over_the_values_of_a_resource(tmp_path: Path) -> None:
    config = "{resources: {crane: {config: {names: [big]}}}, ops: {lift: {config: {depot: a}}}}"
    path = spec(tmp_path, f"all: {{graph: main, config: {config}}}", crane=WITH)
    assert messages(path) == []
    _, crane = load(path).execute_in_process().output_for_node("lift")
    assert crane == {"reach_m": 12.0, "names": ["big"]}


def test_config_of_a_job_that_is_begun_has_to_be_whole_without_them(tmp_path: Path) -> None:
    config = "{resources: {crane: {config: {names: [big]}}}, ops: {lift: {config: {depot: a}}}}"
    path = spec(tmp_path, f"all: {{graph: main, config: {config}}}")
    assert [each[:2] for each in messages(path)] == [("JC0702", "config lacks the value of `reach_m`")]


def test_config_of_a_job_stands_over_the_values_of_a_logger(tmp_path: Path) -> None:
    loggers = (
        "loggers: {plain: {python: 'absent:plain', config: {level: str, name: str}, with: {level: INFO}}}\n"
    )
    config = "{loggers: {plain: {config: {name: a}}}}"
    path = spec(tmp_path, f"all: {{graph: main, loggers: [plain], config: {config}}}", loggers=loggers)
    assert messages(path) == []


BASE = (
    "base: {graph: main, config: {resources: {crane: {config: {reach_m: 3}}}, "
    "ops: {lift: {config: {depot: a, limit: 2, size: {width: 4, height: 5}}}}}}"
)


@pytest.mark.parametrize(
    ("config", "lifted"),
    [
        ("{depot: b}", {"depot": "b", "limit": 2, "size": {"width": 4, "height": 5}}),
        ("{size: {width: 6}}", {"depot": "a", "limit": 2, "size": {"width": 6, "height": 5}}),
        ("{}", {"depot": "a", "limit": 2, "size": {"width": 4, "height": 5}}),
    ],
)
def test_a_derived_job_changes_the_fields_that_it_names(
    tmp_path: Path, config: str, lifted: dict[str, object]
) -> None:
    path = spec(tmp_path, BASE, f"third: {{job: base, config: {{ops: {{lift: {{config: {config}}}}}}}}}")
    assert messages(path) == []
    assert load(f"{path}#third").execute_in_process().output_for_node("lift")[0] == lifted
    assert compile_spec(path).jobs["base"].config["ops"] == {
        "lift": {"config": {"depot": "a", "limit": 2, "size": {"width": 4, "height": 5}}}
    }


def test_a_mistake_in_a_list_goes_with_the_list(tmp_path: Path) -> None:
    base = "base: {graph: main, config: {resources: {crane: {config: {names: [a, 3]}}}}}"
    path = spec(
        tmp_path, base, "next: {job: base, config: {resources: {crane: {config: {names: [b]}}}}}", crane=WITH
    )
    assert [code for code, _, _ in messages(path)] == ["JC0703"]


def test_a_mistake_of_the_base_is_told_once(tmp_path: Path) -> None:
    path = spec(
        tmp_path,
        "base: {graph: main, config: {ops: {lift: {config: {limit: many, depto: a}}}}}",
        "next: {job: base, config: {ops: {lift: {config: {size: {height: 2}}}}}}",
        "last: {job: next, config: {ops: {lift: {config: {limit: some, size: {width: 2}}}}}}",
        crane=WITH,
    )
    lines = (tmp_path / "spec.yaml").read_text().splitlines()
    first = next(number for number, line in enumerate(lines, 1) if "base:" in line)
    assert [(code, line - first) for code, _, line in messages(path)] == [
        ("JC0703", 0),
        ("JC0701", 0),
        ("JC0702", 1),
        ("JC0703", 2),
    ]
