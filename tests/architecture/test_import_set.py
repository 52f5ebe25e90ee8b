"""What the two quick commands load is pinned: the cold start cannot rot in silence (PERFORMANCE P1, P14)."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]

CACHED = {
    "__future__",
    "_blake2",
    "jobc",
    "jobc.cli",
    "jobc.cli.unchanged",
    "jobc.compiler",
    "jobc.compiler.cache",
    "jobc.compiler.cache.entry",
    "jobc.compiler.cache.memory",
    "jobc.compiler.cache.stamp",
    "jobc.compiler.cache.store",
    "jobc.compiler.disk",
    "jobc.compiler.search",
    "jobc.compiler.settings_files",
}
"""All that files need which have not changed, apart from what Python has loaded already (PERFORMANCE P2)."""

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
    config: {ops: {read_orders: {config: {path: "${vars.root}/orders.csv"}}}}
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
        [sys.executable, "-X", "importtime", *words], capture_output=True, check=True, text=True
    )
    lines = [line for line in result.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines} - {"imported package"}


@pytest.fixture(autouse=True, scope="module")
def root() -> Iterator[None]:
    """Run everything in the root of the repository, but for what says otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        yield


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
    allowed = (
        "jobc.runtime.config",
        "jobc.runtime.errors",
        "jobc.runtime.expressions",
        "jobc.runtime.grammars",
    )
    rooms = {name for name in validated[1] if name.startswith("jobc.runtime.")}
    assert {name for name in rooms if not name.startswith(allowed)} == set()


def test_dotted_names_need_nothing_but_a_regular_expression(validated: tuple[str, set[str]]) -> None:
    heavy = {"reading", "inference", "functions", "evaluating", "folding"}
    assert not validated[1] & {f"jobc.runtime.expressions.{name}" for name in heavy}


def test_validate_loads_nothing_that_only_compiling_needs(validated: tuple[str, set[str]]) -> None:
    rooms = ("jobc.compiler.emit", "jobc.compiler.link", "jobc.compiler.report", "jobc.schemas.ir")
    assert {name for name in validated[1] if name.startswith(rooms)} == set()


@pytest.mark.parametrize("words", [("{folder}/shop.yaml",), ("{folder}", "--strict")])
def test_validate_of_unchanged_files_loads_next_to_nothing(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Look without `site`, which loads much that would hide what is loaded here."""
    (tmp_path / "shop.yaml").write_text(YAML_SPEC)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n[tool.ruff]\nline-length = 110\n')
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "ops.py").write_text("def read_orders(path, limit): ...\ndef clean(rows): ...\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    monkeypatch.delenv("JOBC_NO_CACHE", raising=False)
    program = f"import sys; sys.path += {[str(ROOT), *sys.path]}; from jobc.cli import main; sys.exit(main())"
    command = ["-S", "-c", program, "validate", *(word.format(folder=tmp_path) for word in words)]
    assert "jobc.compiler.analysis" in loaded(*command)
    assert loaded(*command) - loaded("-S", "-c", "import os") == CACHED
