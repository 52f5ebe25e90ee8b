"""What a process loads to build a job again, and to be a worker, is pinned (PERFORMANCE P7 and P8)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jobc.runtime.reconstruct import reconstructable

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
FOLLOW = (
    "import json, sys; from jobc.runtime.reconstruct import ReconstructableJob as job; "
    "job.from_dict(json.loads(sys.argv[1])).get_definition()"
)
SPEC = """\
jobc: 1
ops:
  read:
    python: shop:read
    config: {limit: {type: int, default: 1000, ge: 1}}
    outputs: {orders: list}
  clean: {python: shop:clean, inputs: {rows: list}}
jobs:
  etl:
    wiring: |
      rows = read()
      clean(rows)
"""
MODULE = """\
from jobc import job, op
def read(limit): return [limit]
def clean(rows): return rows
@op
def first() -> int: return 1
@op
def second(value: int) -> int: return value
@job
def decorated(): second(first())
"""
HEAVY = {
    "asyncio",
    "concurrent",
    "dask",
    "difflib",
    "importlib.metadata",
    "lark",
    "networkx",
    "pydantic",
    "pydantic_core",
    "rich",
    "ruamel",
    "sqlite3",
    "unittest",
    "yaml",
    "jobc.cli",
    "jobc.runtime.partitions",
    "jobc.runtime.selection",
    "jobc.runtime.expressions",
    "jobc.schemas.spec",
}
"""What neither building a job again nor working needs, with all below it."""

HEAVY_TO_BUILD = HEAVY | {
    "logging",
    "multiprocessing",
    "pickle",
    "random",
    "socket",
    "subprocess",
    "tempfile",
    "jobc.runtime.execute",
    "jobc.runtime.executors",
    "jobc.runtime.plan",
}
LINKING = {
    "jobc.compiler",
    "jobc.compiler.bind",
    "jobc.compiler.bind.builtins",
    "jobc.compiler.bind.config_types",
    "jobc.compiler.bind.parameters",
    "jobc.compiler.bind.python_types",
    "jobc.compiler.cache",
    "jobc.compiler.cache.entry",
    "jobc.compiler.cache.memory",
    "jobc.compiler.cache.stamp",
    "jobc.compiler.cache.store",
    "jobc.compiler.disk",
    "jobc.compiler.kept_jobs",
    "jobc.compiler.link",
    "jobc.compiler.link.agreement",
    "jobc.compiler.link.extras",
    "jobc.compiler.link.fields",
    "jobc.compiler.link.functions",
    "jobc.compiler.link.graphs",
    "jobc.compiler.link.imports",
    "jobc.compiler.link.linker",
    "jobc.compiler.link.literals",
    "jobc.compiler.link.names",
    "jobc.compiler.link.ops",
    "jobc.compiler.link.origins",
    "jobc.compiler.link.reports",
    "jobc.compiler.link.resources",
    "jobc.compiler.link.retries",
    "jobc.compiler.link.types",
    "jobc.compiler.rebuilding",
    "jobc.compiler.syntax",
    "jobc.compiler.syntax.problems",
    "jobc.compiler.syntax.types",
}
"""All of the compiler that a job of a spec needs whose IR is at hand."""


def loaded(folder: Path, code: str, *words: str) -> set[str]:
    """Run code in a fresh process and return every module it imported, but for what Python needs itself."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / "cache")}
    environment.pop("JOBC_NO_CACHE", None)
    found = []
    for program in (code, "pass"):
        command = [sys.executable, "-X", "importtime", "-c", program, *words]
        result = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, check=True, text=True
        )
        lines = [line for line in result.stderr.splitlines() if line.startswith("import time:")]
        found.append({line.rpartition("|")[2].strip() for line in lines})
    return found[0] - found[1]


def below(names: set[str], modules: set[str]) -> set[str]:
    """Return the modules that have one of the names, or are below it."""
    return {each for each in modules for name in names if each == name or each.startswith(f"{name}.")}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Write a spec and a module with a job; what is kept is kept beside them."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.yaml").write_text(SPEC)
    (folder / "shop.py").write_text(MODULE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.delenv("JOBC_NO_CACHE", raising=False)
        patch.syspath_prepend(str(folder))
        yield folder
    sys.modules.pop("shop", None)


def test_a_job_of_a_spec_is_built_without_compiling(shop: Path) -> None:
    pointer = json.dumps(reconstructable(f"{shop / 'shop.yaml'}#etl").to_dict())
    modules = loaded(shop, FOLLOW, pointer)
    assert below({"jobc.compiler"}, modules) == LINKING
    assert below(HEAVY_TO_BUILD, modules) == set()


def test_a_job_in_python_is_built_without_what_runs_it(shop: Path) -> None:
    from importlib import import_module

    pointer = json.dumps(reconstructable(import_module("shop").decorated).to_dict())
    modules = loaded(shop, FOLLOW, pointer)
    assert "jobc.runtime.definitions.composition" in modules
    assert (
        below(HEAVY_TO_BUILD | {"jobc.compiler", "jobc.schemas.ir", "jobc.schemas.diagnostics"}, modules)
        == set()
    )


def test_a_worker_begins_without_what_it_may_never_need(shop: Path) -> None:
    modules = loaded(shop, "import jobc.runtime.executors.worker, jobc.runtime.reconstruct")
    assert "jobc.runtime.execute.step" in modules
    assert below(HEAVY | {"jobc.compiler"}, modules) == set()
