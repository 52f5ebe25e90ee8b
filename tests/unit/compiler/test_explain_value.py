"""`jobc explain-value`: values and the places they come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobc.cli import main

SPEC = """
jobc: 1
vars: {root: data, file: "${vars.root}/x.csv", hidden: hush, n: {type: int, default: 4}}
imports:
  eu: {path: region.yaml, vars: {region: "eu-${vars.root}"}}
resources:
  db: {python: "no:db", config: {password: secret}, with: {password: "${vars.hidden}"}}
ops:
  read: {python: "no:read", config: {path: str, limit: int}}
graphs: {g: {wiring: read()}}
jobs:
  etl: {graph: g, config: {ops: {read: {config: &c {path: "${vars.file}", limit: 1}}}}}
  merged: {graph: g, config: {ops: {read: {config: {<<: *c, limit: 2}}}}}
  light: {job: etl, tags: {n: "${vars.n}"}}
  marked:
    wiring: |
      eu.mark()
      eu.mark() as again
    nodes:
      again: {config: {tag: mine}}
profiles:
  prod: {vars: {root: /srv}, jobs: {etl: {config: {ops: {read: {config: {limit: 9}}}}}}}
"""
REGION = """
jobc: 1
vars: {region: {type: str}}
ops: {mark: {python: "no:mark", config: {tag: {type: str, default: "${vars.region}"}}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(SPEC.lstrip("\n"))
    Path("region.yaml").write_text(REGION.lstrip("\n"))


def explained(capsys: pytest.CaptureFixture[str], path: str, *options: str) -> tuple[object, list[str]]:
    """Return the value at a path, and its hops as `FILE:LINE what`."""
    assert main(["explain-value", "spec.yaml", path, "--format", "json", *options]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["path"] == path
    return told["value"], [f"{hop['file']}:{hop['line']} {hop['what']}" for hop in told["hops"]]


def test_vars_are_followed_to_where_they_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    value, hops = explained(capsys, "jobs.etl.config.ops.read.config.path")
    assert value == "data/x.csv"
    assert hops == [
        "spec.yaml:11 written here as `${vars.file}`",
        "spec.yaml:2 var `file` as `${vars.root}/x.csv`",
        "spec.yaml:2 var `root`",
    ]


def test_merge_keys_are_followed(capsys: pytest.CaptureFixture[str]) -> None:
    value, hops = explained(capsys, "jobs.merged.config.ops.read.config.path")
    assert value == "data/x.csv"
    assert hops[:2] == [
        "spec.yaml:11 written here as `${vars.file}`",
        "spec.yaml:12 through an alias or merge key",
    ]
    assert explained(capsys, "jobs.merged.config.ops.read.config.limit") == (2, ["spec.yaml:12 written here"])


def test_a_profile_is_told_with_what_it_replaces(capsys: pytest.CaptureFixture[str]) -> None:
    value, hops = explained(capsys, "jobs.etl.config.ops.read.config.limit", "--profile", "prod")
    assert value == 9
    assert hops == ["spec.yaml:21 written here", "spec.yaml:11 profile `prod` puts it in the place of this"]


def test_vars_of_an_import_lead_to_the_importer(capsys: pytest.CaptureFixture[str]) -> None:
    value, hops = explained(capsys, "eu.ops.mark.config.tag.default")
    assert value == "eu-data"
    assert hops == [
        "region.yaml:3 written here as `${vars.region}`",
        "region.yaml:2 var `region`, which import `eu` passes",
        "spec.yaml:4 written here as `eu-${vars.root}`",
        "spec.yaml:2 var `root`",
    ]


def test_defaults_and_values_from_outside(capsys: pytest.CaptureFixture[str]) -> None:
    assert explained(capsys, "vars.n") == (4, ["spec.yaml:2 var `n`, by its default"])
    value, hops = explained(capsys, "jobs.light.tags.n", "--var", "n=7")
    assert value == 7
    assert hops[-1] == "spec.yaml:2 var `n`, given from outside in the place of this"


def test_a_job_has_what_it_is_derived_from(capsys: pytest.CaptureFixture[str]) -> None:
    value, hops = explained(capsys, "jobs.light.config.ops.read.config.limit")
    assert value == 1
    assert hops == ["spec.yaml:13 job `light` has it from job `etl`", "spec.yaml:11 written here"]


def test_what_a_job_leaves_out_is_a_default(capsys: pytest.CaptureFixture[str]) -> None:
    value, hops = explained(capsys, "jobs.marked.config.ops.mark.config.tag")
    assert value == "eu-data"
    assert hops[:2] == [
        "spec.yaml:14 job `marked` leaves it to the default of the field, in op `eu.mark`",
        "region.yaml:3 written here as `${vars.region}`",
    ]
    value, hops = explained(capsys, "jobs.marked.config.ops.again.config.tag")
    assert value == "mine"
    assert hops == [
        "spec.yaml:14 job `marked` leaves it to the config of node `again`",
        "spec.yaml:19 written here",
    ]


@pytest.mark.parametrize("path", ["resources.db.with.password", "resources.db.with", "vars.hidden", "vars"])
def test_secrets_are_masked_in_the_value_and_in_every_hop(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["explain-value", "spec.yaml", path])
    captured = capsys.readouterr()
    assert "hush" not in captured.out
    assert "**********" in captured.out


def test_people_get_one_hop_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain-value", "spec.yaml", "vars.root"]) == 0
    assert capsys.readouterr().out == 'vars.root = "data"\n  spec.yaml:2  var `root` = "data"\n'


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "jobs.lihgt",
            "spec.yaml:11: there is no `jobs.lihgt`: `jobs` has `etl`, `merged`, `light` and `marked`",
        ),
        ("jobs.etl.confg", "did you mean `jobs.etl.config`?"),
        ("job", "spec.yaml:1: there is no `job`: the file has `jobc`, "),
        ("eu.ops.marc", "region.yaml:3: there is no `eu.ops.marc`: `eu.ops` has `mark`"),
        ("vars.root.part", "`vars.root` has no parts"),
    ],
)
def test_an_unknown_path_is_told_where_it_ends(
    path: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain-value", "spec.yaml", path]) == 2
    assert told in capsys.readouterr().err


def test_a_spec_with_mistakes_is_explained_as_far_as_it_goes(capsys: pytest.CaptureFixture[str]) -> None:
    Path("spec.yaml").write_text(SPEC.lstrip("\n").replace("wiring: read()", "wiring: raed()"))
    assert main(["explain-value", "spec.yaml", "vars.root"]) == 1
    captured = capsys.readouterr()
    assert 'vars.root = "data"' in captured.out
    assert "JC0311" in captured.err


def test_parts_that_a_profile_brings_into_a_mapping_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    value, hops = explained(capsys, "jobs.etl.config", "--profile", "prod")
    assert value == {"ops": {"read": {"config": {"path": "/srv/x.csv", "limit": 9}}}}
    assert "spec.yaml:21 profile `prod` gives `jobs.etl.config.ops.read.config.limit`" in hops
    _, hops = explained(capsys, "jobs.etl.config")
    assert not any("profile" in hop for hop in hops)
