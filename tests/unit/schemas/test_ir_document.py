"""IR as a file: what is written and read back is the same, and what is no IR is refused where it stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from jobc.compiler.ir_files import base_of, ir_text, is_ir_file, read_ir
from jobc.compiler.pipeline import compile_spec, load
from jobc.schemas.ir import MASK
from jobc.schemas.ir.job_document import masked_secrets
from jobc.schemas.json_schemas import schema_of

ROOT = Path(__file__).resolve().parents[3]
SPECS = sorted((ROOT / "tests" / "corpus" / "ok").glob("*.yaml"))
VALIDATOR = Draft202012Validator(schema_of("ir"))

SECRET = """\
jobc: 1
resources:
  store:
    python: shop:store
    config: {key: secret, user: {type: str, default: me}}
    with: {key: hunter2}
ops:
  count: {command: [wc, -l, names.txt], resources: [store]}
jobs:
  etl: {wiring: count()}
"""


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_ir_that_is_read_back_is_the_same(path: Path, tmp_path: Path) -> None:
    spec = compile_spec(path)
    file = tmp_path / "spec.json"
    file.write_text(ir_text(spec))
    again = read_ir(file)
    assert again.diagnostics == ()
    assert again.spec is not None
    assert again.spec.to_json() == spec.to_json()
    assert again.spec.digest == spec.digest


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_ir_fits_its_json_schema(path: Path) -> None:
    errors = VALIDATOR.iter_errors(json.loads(compile_spec(path).to_json()))
    assert [error.message for error in errors] == []


def test_the_folder_of_the_spec_is_kept_outside_the_digest(tmp_path: Path) -> None:
    path = ROOT / "tests" / "corpus" / "ok" / "minimal.yaml"
    spec = compile_spec(path)
    file = tmp_path / "spec.json"
    file.write_text(ir_text(spec, base=base_of(path, file)))
    again = read_ir(file)
    assert again.spec is not None
    assert again.spec.digest == spec.digest
    assert again.folder.resolve() == path.parent


def test_secrets_do_not_survive_and_are_named(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(SECRET)
    text = ir_text(compile_spec(path))
    assert "hunter2" not in text
    file = tmp_path / "spec.json"
    file.write_text(text)
    again = read_ir(file).spec
    assert again is not None
    assert list(masked_secrets(again.jobs["etl"])) == ["resources.store.with.key"]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("not json", "the file is not JSON", 1),
        ('{"format": 1,\n "jobs": {},\n "job": {}}', "`job` is no part of IR", 3),
        ('{"format": 2,\n "jobs": {}}', "`format` is not what IR holds there", 1),
        ('{"format": 1,\n "jobs": {"etl": {\n"format": 1}}}', "`name` is missing", 2),
        ('{"format": 1,\n "jobs": []}', "`jobs` is not what IR holds there", 2),
        ("[" * 5000, "too deep", 1),
    ],
)
def test_what_is_no_ir_is_refused_where_it_stands(text: str, message: str, line: int, tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text(text)
    found = read_ir(file)
    assert found.spec is None
    first = found.diagnostics[0]
    assert first.location.start.line == line
    assert message in first.message or first.code == "JC0111"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.json", '{"format": 1, "jobs": {}}', True),
        ("a.json", '{"format": 1, "jobs": {"j": {"tags": {"made-by": "jobc"}}}}', True),
        ("a.json", '{"jobc": 1, "jobs": {}}', False),
        ("a.json", '{"jobc": 1, "jobs": {}, "x-notes": {"format": "long"}}', False),
        ("a.json", '{"format": 1, "jobs": {}, "jobc"', False),
        ("a.yaml", '{"format": 1, "jobs": {}}', False),
        ("a.json", '{"format": 1}', False),
    ],
)
def test_ir_is_told_from_a_spec(name: str, text: str, expected: bool, tmp_path: Path) -> None:  # noqa: FBT001
    file = tmp_path / name
    file.write_text(text)
    assert is_ir_file(file) is expected


FROM_ENVIRONMENT = """\
jobc: 1
resources:
  store: {{python: shop:store, config: {{keys: "list[secret]"}}, with: {{keys: ["${{env.{first}}}"]}}}}
ops:
  count: {{python: "shop:count", config: {{one: secret, two: secret}}, resources: [store]}}
jobs:
  etl:
    nodes: {{count: {{op: count, config: {{one: "{one}"}}}}}}
    config: {{ops: {{count: {{config: {{two: "{two}"}}}}}}}}
"""


def _with_variables(folder: Path, first: str = "A", one: str = "${env.A}", two: str = "${env.A}") -> Path:
    path = folder / "shop.yaml"
    path.write_text(FROM_ENVIRONMENT.format(first=first, one=one, two=two))
    (folder / "shop.py").write_text(
        "def store(keys):\n    return keys\n\n\n"
        "def count(context, one, two):\n"
        "    return [each.get_secret_value() for each in (one, two, *context.resources.store)]\n"
    )
    return path


@pytest.mark.parametrize("changed", [{"first": "B"}, {"one": "${env.B}"}, {"two": "${env.B}"}])
def test_which_variable_a_secret_comes_from_is_no_secret(tmp_path: Path, changed: dict[str, str]) -> None:
    spec = compile_spec(_with_variables(tmp_path))
    assert MASK not in spec.to_json()
    assert compile_spec(_with_variables(tmp_path, **changed)).digest != spec.digest


@pytest.mark.parametrize("secret", ["hunter2", "$${env.A}", "${env.A}x", "${default(env.A, 'hunter2')}"])
def test_any_other_text_of_a_secret_is_masked(tmp_path: Path, secret: str) -> None:
    text = compile_spec(_with_variables(tmp_path, one=secret, two=secret)).to_json()
    assert secret not in text
    assert text.count(MASK) == 2


def test_a_job_of_a_file_takes_its_secrets_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "spec.json"
    file.write_text(ir_text(compile_spec(_with_variables(tmp_path, first="B"))))
    monkeypatch.setenv("A", "one")
    monkeypatch.setenv("B", "two")
    result = load(f"{file}#etl").execute_in_process()
    assert result.output_for_node("count") == ["one", "one", "two"]


def test_each_masked_secret_of_a_node_and_of_a_job_is_named(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text(ir_text(compile_spec(_with_variables(tmp_path, one="x", two="y"))))
    again = read_ir(file).spec
    assert again is not None
    assert sorted(masked_secrets(again.jobs["etl"])) == [
        "config.ops.count.config.two",
        "graphs.etl.nodes.count.config.one",
    ]
