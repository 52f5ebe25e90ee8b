"""Profiles: what they change, where their mistakes are, and values given from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

import jobc
from jobc.cli import main
from jobc.compiler.analysis import Settings, analyse, analyse_all
from jobc.compiler.pipeline import compile_spec, load, profile_names
from jobc.runtime.definitions.origin import JobOrigin

SPEC = """
jobc: 1
vars: {root: data, most: {type: int, default: 3}}
resources:
  store: {python: "elsewhere:store", config: {path: str}, with: {path: "${vars.root}/a"}}
ops:
  read: {python: shop:read, config: {limit: {type: int, default: "${vars.most}"}, path: str}, tags: {team: a}}
graphs:
  g: {wiring: read()}
jobs:
  etl:
    graph: g
    config: {ops: {read: {config: {path: "${vars.root}/b"}}}}
profiles:
  prod:
    vars: {root: /srv, most: 9}
    resources: {store: {builtin: mem_io_manager}}
    ops: {read: {tags: {cost: high}}}
    jobs: {etl: {tags: {stage: prod}}}
  test:
    jobs: {etl: {config: {ops: {read: {config: {limit: 1}}}}}}
"""
READ = "def read(limit, path):\n    return [path] * limit\n"


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.py").write_text(READ)
    path = Path("spec.yaml")
    path.write_text(SPEC.lstrip("\n"))
    return path


def in_profiles(text: str) -> list[tuple[str, int, str]]:
    """Return code, line and message of what is wrong in a spec with profiles."""
    Path("spec.yaml").write_text(text.lstrip("\n"))
    found = analyse_all("spec.yaml", Settings()).diagnostics
    return [(each.code, each.location.start.line, each.message) for each in found]


def test_mappings_are_merged_and_everything_else_is_replaced(spec: Path) -> None:
    job = compile_spec(spec, "prod").jobs["etl"]
    assert job.config == {"ops": {"read": {"config": {"path": "/srv/b"}}}}
    assert job.ops["read"].config["limit"].default == 9
    assert job.ops["read"].tags == {"team": "a", "cost": "high"}
    assert job.tags == {"stage": "prod"}


def test_run_config_of_a_job_is_a_free_mapping(spec: Path) -> None:
    job = load("spec.yaml#etl", profile="test")
    assert job.execute_in_process().output_for_node("read") == ["data/b"]
    assert load("spec.yaml#etl").execute_in_process().output_for_node("read") == ["data/b"] * 3


def test_a_profile_gives_another_kind_of_resource(spec: Path) -> None:
    program = analyse(spec, profile="prod").program
    assert program is not None
    resource = program.resources["store"]
    assert (resource.target, resource.builtin) == (None, "mem_io_manager")


def test_the_file_itself_is_not_changed_by_its_profiles(spec: Path) -> None:
    without = SPEC.lstrip("\n").partition("profiles:")[0]
    digest = compile_spec(spec).digest
    spec.write_text(without)
    assert compile_spec(spec).digest == digest


def test_a_key_that_the_file_lacks_is_refused_with_the_near_name(spec: Path) -> None:
    found = in_profiles("""
jobc: 1
vars: {root: data}
profiles:
  prod: {vars: {rot: x}}
""")
    assert found == [("JC0335", 4, "profile `prod` changes `vars.rot`, which the file does not have")]


def test_free_mappings_take_keys_that_the_file_lacks(spec: Path) -> None:
    found = in_profiles(
        SPEC.partition("profiles:")[0]
        + """
profiles:
  prod:
    resources: {store: {with: {}}}
    jobs: {etl: {metadata: {owner: me}, tags: {a: b}}}
    graphs: {g: {}}
"""
    )
    assert found == []


def test_what_every_profile_shares_with_the_file_is_said_once(spec: Path) -> None:
    found = in_profiles("""
jobc: 1
vars: {a: "${vars.b}", c: 1}
profiles:
  one: {vars: {c: 2}}
  two: {vars: {c: 3}}
""")
    assert [(code, line) for code, line, _ in found] == [("JC0314", 2)]


def test_a_mistake_of_a_profile_stands_in_its_text(spec: Path) -> None:
    found = in_profiles(
        SPEC.partition("profiles:")[0]
        + """
profiles:
  one:
    graphs: {g: {wiring: "raed()"}}
  two:
    vars: {most: 4}
    ops: {read: {python: "shop:raed"}}
"""
    )
    assert [(code, line) for code, line, _ in found] == [("JC0311", 16), ("JC0302", 19)]


def test_a_value_that_shows_elsewhere_leads_to_the_profile(spec: Path) -> None:
    text = SPEC.partition("profiles:")[0].replace('"${vars.most}"}', '"${vars.most}", le: 5}')
    Path("spec.yaml").write_text(text.lstrip("\n") + "profiles:\n  big:\n    vars: {most: 50}\n")
    (found,) = analyse_all("spec.yaml", Settings()).diagnostics
    assert found.code == "JC0704"
    assert found.location.start == (15, 18)
    assert found.related[0].location.start.line == 6
    assert found.notes == ("with profile `big`",)


def test_a_value_of_another_type_than_the_var_is_refused(spec: Path) -> None:
    found = in_profiles("""
jobc: 1
vars: {a: 1, b: {type: int, default: 1}, c: "${vars.a}"}
profiles:
  p: {vars: {a: x, b: y, c: 2}}
""")
    assert [(code, line) for code, line, _ in found] == [("JC0505", 4), ("JC0505", 4)]


def test_a_profile_may_pass_other_vars_to_an_import(spec: Path) -> None:
    Path("inner.yaml").write_text(
        'jobc: 1\nvars: {region: eu}\nops: {f: {python: "no:f", tags: {r: "${vars.region}"}}}\n'
    )
    Path("root.yaml").write_text(
        "jobc: 1\nimports: {inner: inner.yaml}\nprofiles: {p: {imports: {inner: {vars: {region: us}}}}}\n"
    )
    for profile, region in ((None, "eu"), ("p", "us")):
        program = analyse("root.yaml", profile=profile).program
        assert program is not None
        assert program.ops["inner.f"].tags == {"r": region}


def test_profiles_of_an_imported_file_are_not_the_importers(spec: Path) -> None:
    Path("root.yaml").write_text("jobc: 1\nimports: {inner: spec.yaml}\n")
    assert [each.code for each in analyse("root.yaml", profile="prod").diagnostics] == ["JC0336"]


def test_vars_from_outside_stand_for_the_defaults(spec: Path) -> None:
    job = load("spec.yaml#etl", vars={"root": "/mnt", "most": 2})
    assert job.execute_in_process().output_for_node("read") == ["/mnt/b"] * 2
    assert isinstance(job.origin, JobOrigin)
    assert (job.origin.profile, dict(job.origin.vars)) == (None, {"root": "/mnt", "most": 2})


@pytest.mark.parametrize(
    ("given", "code", "advice"),
    [
        ({"rot": "x"}, "JC0334", "did you mean `root`?"),
        ({"most": "x"}, "JC0505", "the var is declared as `int`"),
    ],
)
def test_vars_from_outside_have_to_fit(spec: Path, given: dict[str, str], code: str, advice: str) -> None:
    (found,) = analyse(spec, vars=given).diagnostics
    assert (found.code, found.help) == (code, advice)


def test_an_unknown_profile_is_refused_with_the_near_name(spec: Path) -> None:
    (found,) = analyse(spec, profile="prdo").diagnostics
    assert (found.code, found.suggestions, found.location.start.line) == ("JC0336", ("prod",), 13)
    assert profile_names(spec) == ("prod", "test")


def test_the_facade_checks_one_profile_or_all(spec: Path) -> None:
    spec.write_text(SPEC.lstrip("\n").replace("most: 9", "mots: 9"))
    assert [each.code for each in jobc.validate([spec])] == ["JC0335"]
    assert jobc.validate([spec], profile="test") == []


def test_the_command_line_takes_profiles_and_vars(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def digest(*options: str) -> str:
        assert main(["compile", "spec.yaml", "--digest", *options]) == 0
        return capsys.readouterr().out

    plain = digest()
    assert digest("--profile", "prod") != plain
    assert digest("--var", "most=3", "--var", "root=data") == plain
    assert main(["compile", "spec.yaml", "--digest", "--var", "mots=3"]) == 1
    assert "did you mean `most`?" in capsys.readouterr().err
    assert main(["compile", "spec.yaml", "--var", "most"]) == 2


def test_text_of_the_command_line_stays_text_for_a_var_that_is_text(spec: Path) -> None:
    from jobc.compiler.given import VarText

    job = load("spec.yaml#etl", vars={"root": VarText("5"), "most": VarText("5")})
    assert isinstance(job.origin, JobOrigin)
    assert job.origin.vars == {"root": "5", "most": 5}
