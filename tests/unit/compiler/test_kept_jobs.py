"""A pointer to a job of a spec is followed without compiling the spec, as long as nothing has changed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import is_dataclass
from pathlib import Path

import pytest

import jobc
from jobc.compiler.kept_jobs import RECORDS, keep_job, kept_job
from jobc.compiler.pipeline import load_with_ir
from jobc.runtime.reconstruct import ReconstructableJob, reconstructable
from jobc.schemas import ir

ROOT = Path(__file__).parents[3]
MODULE = """\
def first(limit: int, mode) -> list: return [limit]
def second(rows: list, key: str = "") -> int: return len(rows)
"""
SPEC = """\
jobc: 1
partitions: {regions: {static: [us, eu]}}
ops:
  first:
    python: shop:first
    config: {limit: {type: int, default: 3, ge: 1}, mode: {one_of: {fast: int, slow: {enum: [a, b]}}}}
    outputs: {rows: list}
    retry: {max_retries: 2, delay_s: 1, backoff: linear}
  second:
    python: shop:second
    inputs: {rows: list, key: {type: str, default: k}}
graphs:
  inner: {inputs: {rows: list}, wiring: "second(rows)"}
  work:
    wiring: |
      rows = first()
      inner(rows)
jobs:
  etl: {graph: work, partitions: regions, tags: {team: orders}}
"""
FOLLOW = """\
import json, sys
from jobc.runtime.reconstruct import ReconstructableJob
job = ReconstructableJob.from_dict(json.loads(sys.argv[1])).get_definition()
print(job.origin.digest, "jobc.compiler.pipeline" in sys.modules)
"""


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a spec with its module; return its path. What is kept is kept here."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("JOBC_NO_CACHE", raising=False)
    (tmp_path / "shop.py").write_text(MODULE)
    path = tmp_path / "shop.yaml"
    path.write_text(SPEC)
    return path


def kept(spec: Path) -> list[Path]:
    """Return the files of what is kept."""
    return list((spec.parent / "cache" / "jobc" / "jobs").glob("*"))


def followed(job: ReconstructableJob) -> list[str]:
    """Follow a pointer in another process; return the job's digest and whether the spec was compiled."""
    import json

    command = [sys.executable, "-c", FOLLOW, json.dumps(job.to_dict())]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split()


def test_what_is_kept_is_the_ir_with_its_places(spec: Path) -> None:
    _, compiled = load_with_ir(f"{spec}#etl")
    files = [("shop.yaml", "0" * 64)]
    keep_job(compiled, str(spec), files)
    found = kept_job(str(spec), compiled.digest, files)
    assert found == compiled
    assert found is not None
    assert found.ops["second"].origin == compiled.ops["second"].origin
    assert list(found.ops) == list(compiled.ops)


def test_a_pointer_is_followed_without_compiling(spec: Path) -> None:
    job = reconstructable(f"{spec}#etl")
    assert followed(job) == [job.get_definition().origin.digest, "False"]  # type: ignore[union-attr]


def test_a_job_from_what_is_kept_runs_and_fails_as_before(spec: Path) -> None:
    (spec.parent / "shop.py").write_text(MODULE.replace("return len(rows)", "return rows[9]"))
    there = reconstructable(f"{spec}#etl")
    here = ReconstructableJob.from_dict(there.to_dict())
    assert here.get_definition().origin == there.get_definition().origin
    config = {"ops": {"first": {"config": {"mode": {"fast": 1}}}}}
    with pytest.raises(IndexError) as first:
        there.get_definition().execute_in_process(config, partition_key="us")
    with pytest.raises(IndexError) as second:
        here.get_definition().execute_in_process(config, partition_key="us")
    assert str(first.value) == str(second.value)


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"0\n{}"])
def test_what_is_damaged_is_compiled_anew(spec: Path, damage: bytes) -> None:
    job = reconstructable(f"{spec}#etl")
    (entry,) = kept(spec)
    whole = entry.read_bytes()
    entry.write_bytes(damage)
    assert followed(job)[1] == "True"
    assert entry.read_bytes() == whole
    assert followed(job)[1] == "False"


def test_another_digest_finds_nothing(spec: Path) -> None:
    _, compiled = load_with_ir(f"{spec}#etl")
    keep_job(compiled, str(spec), [])
    assert kept_job(str(spec), "0" * 64, []) is None
    assert kept_job(str(spec), compiled.digest, [("shop.yaml", "0" * 64)]) is None


def test_secrets_are_not_kept(spec: Path) -> None:
    text = SPEC.replace("type: int, default: 3, ge: 1", "type: secret, default: hunter2")
    spec.write_text(text)
    (spec.parent / "shop.py").write_text(MODULE.replace("limit: int", "limit"))
    job = reconstructable(f"{spec}#etl")
    assert kept(spec) == []
    assert followed(job)[1] == "True"


def test_nothing_is_kept_where_no_cache_is_wanted(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBC_NO_CACHE", "1")
    job = reconstructable(f"{spec}#etl")
    assert kept(spec) == []
    assert followed(job)[1] == "True"


def test_a_function_that_fits_no_more_is_told_with_its_place(spec: Path) -> None:
    job = reconstructable(f"{spec}#etl")
    (spec.parent / "shop.py").write_text("def first(limit): return [limit]\n")
    sys.modules.pop("shop", None)
    with pytest.raises(jobc.CompileError) as caught:
        ReconstructableJob.from_dict(job.to_dict()).get_definition()
    assert "shop.yaml:10:18: JC0302" in str(caught.value)


def test_a_spec_that_changed_is_refused(spec: Path) -> None:
    job = reconstructable(f"{spec}#etl")
    spec.write_text(SPEC + "# changed\n")
    with pytest.raises(jobc.InvariantViolationError, match="has changed since"):
        ReconstructableJob.from_dict(job.to_dict()).get_definition()


def test_every_record_of_the_ir_can_be_kept() -> None:
    exported = [getattr(ir, name) for name in ir.__all__]
    records = {each for each in exported if isinstance(each, type) and is_dataclass(each)}
    assert records - {ir.CompiledSpec} <= set(RECORDS)
