"""Files of compiled jobs that were changed by hand: what does not hold together is a mistake of the file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jobc.compiler.ir_files import ir_text
from jobc.compiler.pipeline import CompileError, compile_spec, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPEC = """\
jobc: 1
ops: {read: {python: "goods:read", config: {limit: {type: int, default: 1}}}, sort: {python: "goods:sort"}}
graphs: {main: {wiring: sort(read())}}
jobs: {daily: {graph: main}}
"""
GOODS = """\
def read(limit): return [limit]
def sort(rows): return sorted(rows)
"""


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    """Return a file of compiled jobs."""
    (tmp_path / "goods.py").write_text(GOODS)
    (tmp_path / "spec.yaml").write_text(SPEC)
    path = tmp_path / "spec.json"
    path.write_text(ir_text(compile_spec(tmp_path / "spec.yaml")))
    return path


def change(path: Path, change_job: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(path.read_text())
    change_job(document["jobs"]["daily"])
    path.write_text(json.dumps(document))


CHANGES: list[Callable[[dict[str, Any]], object]] = [
    lambda job: job.update(graph="mian"),
    lambda job: job["graphs"]["main"]["nodes"][0].update(definition="raed"),
    lambda job: job["ops"]["read"]["config"]["limit"].update(type="int["),
]


@pytest.mark.parametrize("change_job", CHANGES)
def test_parts_that_do_not_fit_each_other_are_a_mistake(
    compiled: Path, change_job: Callable[[dict[str, Any]], object]
) -> None:
    assert load(f"{compiled}#daily").name == "daily"
    change(compiled, change_job)
    with pytest.raises(CompileError) as caught:
        load(f"{compiled}#daily")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("JC1004", "the parts of job `daily` do not hold together")
    assert found.location.file == compiled.as_posix()


def test_a_target_that_is_gone_is_shown_in_the_file(compiled: Path) -> None:
    change(compiled, lambda job: job["ops"]["read"].update(target="goods:raed"))
    with pytest.raises(CompileError) as caught:
        load(f"{compiled}#daily")
    (found,) = caught.value.diagnostics
    assert (found.code, found.location.file) == ("JC1001", compiled.as_posix())
