"""What the two quick commands load is pinned: the cold start cannot rot in silence (PERFORMANCE P1, P14)."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FORBIDDEN = {
    "argparse",
    "asyncio",
    "click",
    "concurrent.futures",
    "dask",
    "difflib",
    "importlib.metadata",
    "jobc.cli.commands",
    "lark",
    "logging",
    "multiprocessing",
    "networkx",
    "pydantic",
    "rich",
    "ruamel",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "unittest",
}

YAML_SPEC = """\
jobc: 1
description: A small job
vars: {root: data}
ops:
  read_orders:
    python: shop.ops:read_orders
    config: {path: str, limit: {type: int, default: 1000, ge: 1}}
    inputs: {}
    outputs: {orders: "list[dict]"}
  clean:
    python: shop.ops:clean
    inputs: {rows: "list[dict]"}
graphs:
  daily:
    wiring: |
      rows = read_orders()
      clean(rows)
jobs:
  etl:
    graph: daily
    config: {ops: {read_orders: {config: {path: orders.csv}}}}
"""
TOML_SPEC = """\
jobc = 1
[ops.read_orders]
python = "shop.ops:read_orders"
inputs = {}
[graphs.daily]
wiring = "read_orders()"
[jobs.etl]
graph = "daily"
"""


def loaded(*words: str) -> set[str]:
    """Run Python on `words` in a fresh process and return every module it imported."""
    result = subprocess.run(
        [sys.executable, "-X", "importtime", *words], capture_output=True, check=True, cwd=ROOT, text=True
    )
    lines = [line for line in result.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines} - {"imported package"}


@pytest.fixture(scope="module")
def bare() -> set[str]:
    """Return what Python loads for a module that does nothing: itself, and what this machine adds."""
    return loaded("-m", "this")


def forbidden_among(modules: set[str]) -> set[str]:
    parents = {".".join(name.split(".")[:end]) for name in modules for end in (1, 2, 3)}
    return FORBIDDEN & parents


def third_parties(modules: set[str]) -> set[str]:
    """Return the packages from elsewhere, but for what was only tried and the run time of compiled ones."""
    packages = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names - {"jobc"}
    return {name for name in packages if find_spec(name) is not None and not name.endswith("__mypyc")}


def test_the_version_loads_nothing_but_the_door(bare: set[str]) -> None:
    modules = loaded("-m", "jobc", "--version") - bare
    assert modules - {"__future__"} == {"jobc", "jobc.cli"}


def test_importing_the_package_loads_nothing_else(bare: set[str]) -> None:
    assert loaded("-c", "import jobc") - bare == {"jobc"}


@pytest.fixture(scope="module", params=[("shop.yaml", YAML_SPEC, "yaml"), ("shop.toml", TOML_SPEC, "tomli")])
def validated(
    request: pytest.FixtureRequest, bare: set[str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, set[str]]:
    """Return the parser that a spec needs, and what checking the spec loads."""
    name, text, parser = request.param
    spec = tmp_path_factory.mktemp("specs") / name
    spec.write_text(text)
    return parser, loaded("-m", "jobc", "validate", str(spec)) - bare


def test_validate_loads_nothing_heavy(validated: tuple[str, set[str]]) -> None:
    assert forbidden_among(validated[1]) == set()


def test_validate_loads_one_parser_and_the_core_of_pydantic(validated: tuple[str, set[str]]) -> None:
    parser, modules = validated
    assert third_parties(modules) == {parser, "pydantic_core", "typing_extensions"}


def test_validate_loads_nothing_that_runs_jobs(validated: tuple[str, set[str]]) -> None:
    allowed = ("jobc.runtime.config", "jobc.runtime.errors", "jobc.runtime.grammars")
    rooms = {name for name in validated[1] if name.startswith("jobc.runtime.")}
    assert {name for name in rooms if not name.startswith(allowed)} == set()
