"""Config fields of a spec, from what is written to what a function is given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import jobc
from jobc.compiler.pipeline import compile_spec
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

    from jobc import JobDefinition

FUNCTIONS = """\
def settle(config) -> object:
    return config


def gate(token, config) -> object:
    return token


def opened(gate) -> object:
    return gate
"""
SECRET = "hush-hush-hush"


def spec(folder: Path, fields: str, config: str = "{}") -> str:
    (folder / "shop.py").write_text(FUNCTIONS)
    path = folder / "spec.yaml"
    path.write_text(
        "jobc: 1\n"
        f"ops:\n  settle:\n    python: shop:settle\n    config: {fields}\n"
        "graphs: {daily: {wiring: settle()}}\n"
        f"jobs: {{etl: {{graph: daily, config: {config}}}}}\n"
    )
    return str(path)


def job(folder: Path, fields: str, config: str = "{}") -> JobDefinition:
    path = spec(folder, fields, config)
    assert validate([path]).diagnostics == ()
    return jobc.load(path)


def seen(loaded: JobDefinition, **config: object) -> Any:
    given = {"ops": {"settle": {"config": config}}} if config else None
    return loaded.execute_in_process(given).output_for_node("settle")


def refused(loaded: JobDefinition, **config: object) -> str:
    with pytest.raises(jobc.InvalidConfigError) as caught:
        seen(loaded, **config)
    return str(caught.value)


NESTED = (
    "{db: {fields: {host: str, port: {type: int, default: 5432}, "
    "login: {fields: {user: str}, required: false}}}}"
)


def test_nested_fields_are_filled_in_at_every_depth(tmp_path: Path) -> None:
    loaded = job(tmp_path, NESTED)
    assert seen(loaded, db={"host": "a"}) == {"db": {"host": "a", "port": 5432}}
    assert seen(loaded, db={"host": "a", "login": {"user": "u"}})["db"]["login"] == {"user": "u"}


def test_nested_mistakes_are_found_at_the_run_where_they_are(tmp_path: Path) -> None:
    message = refused(job(tmp_path, NESTED), db={"hots": "a", "port": "b", "login": {}})
    assert "root:ops:settle:config:db" in message
    assert "did you mean `host`" in message
    assert "root:ops:settle:config:db:port" in message
    assert "root:ops:settle:config:db:login: missing required entry `user`" in message


def test_what_has_only_optional_fields_may_be_left_out(tmp_path: Path) -> None:
    loaded = job(tmp_path, "{db: {fields: {port: {type: int, default: 1}}}}")
    assert seen(loaded) == {"db": {"port": 1}}


def test_permissive_fields_keep_what_they_do_not_know(tmp_path: Path) -> None:
    loaded = job(tmp_path, "{more: {fields: {known: int}, permissive: true}}")
    assert seen(loaded, more={"known": 1, "other": [2]}) == {"more": {"known": 1, "other": [2]}}
    assert "expected int" in refused(loaded, more={"known": "a"})


SELECTOR = "{source: {one_of: {file: str, table: {fields: {name: str, limit: {type: int, default: 3}}}}}}"


def test_a_selector_takes_exactly_one_of_its_keys(tmp_path: Path) -> None:
    loaded = job(tmp_path, SELECTOR)
    assert seen(loaded, source={"file": "a"}) == {"source": {"file": "a"}}
    assert seen(loaded, source={"table": {"name": "t"}}) == {"source": {"table": {"name": "t", "limit": 3}}}
    assert "exactly one of `file` or `table`" in refused(loaded, source={"file": "a", "table": {"name": "t"}})
    assert "exactly one of `file` or `table`" in refused(loaded, source={})
    assert "did you mean `table`" in refused(loaded, source={"tabel": 1})


@pytest.mark.parametrize("fields", ["{mode: {enum: [fast, exact]}}", '{mode: \'literal["fast", "exact"]\'}'])
def test_a_choice_takes_one_of_its_texts(tmp_path: Path, fields: str) -> None:
    loaded = job(tmp_path, fields)
    assert seen(loaded, mode="fast") == {"mode": "fast"}
    assert '"fats" is none of the values allowed; did you mean `fast`?' in refused(loaded, mode="fats")


def test_bare_collections_take_anything_inside(tmp_path: Path) -> None:
    loaded = job(tmp_path, "{free: dict, rows: list}")
    assert seen(loaded, free={"a": [1]}, rows=[{"b": None}]) == {"free": {"a": [1]}, "rows": [{"b": None}]}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("str", "a: b", "a: b"),
        ("int", "42", 42),
        ("float", "1.5", 1.5),
        ("bool", "false", False),
        ("int | None", "7", 7),
        ("int | str", "x7", "x7"),
        ("any", "as it is", "as it is"),
        ("list[int]", "[1, 2]", [1, 2]),
        ("dict[str, int]", '{"a": 1}', {"a": 1}),
    ],
)
def test_a_variable_gives_a_value_of_the_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, text: str, value: object
) -> None:
    monkeypatch.setenv("JOBC_TEST_FIELD", text)
    loaded = job(tmp_path, f'{{field: {{type: "{kind}", env: JOBC_TEST_FIELD}}}}')
    assert seen(loaded) == {"field": value}
    assert seen(loaded, field=value) == {"field": value}


def test_nested_fields_come_from_a_variable_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = job(tmp_path, "{db: {fields: {host: str, port: {type: int, default: 1}}, env: JOBC_TEST_FIELD}}")
    monkeypatch.setenv("JOBC_TEST_FIELD", '{"host": "a"}')
    assert seen(loaded) == {"db": {"host": "a", "port": 1}}
    monkeypatch.setenv("JOBC_TEST_FIELD", "{host: a}")
    assert "`JOBC_TEST_FIELD` does not fit: expected {host: str, port?: int}" in refused(loaded)


def test_config_comes_before_the_variable_and_the_variable_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = job(tmp_path, "{field: {type: int, env: JOBC_TEST_FIELD, default: 1}}")
    monkeypatch.delenv("JOBC_TEST_FIELD", raising=False)
    assert seen(loaded) == {"field": 1}
    monkeypatch.setenv("JOBC_TEST_FIELD", "2")
    assert seen(loaded) == {"field": 2}
    assert seen(loaded, field=3) == {"field": 3}


def test_an_optional_field_without_its_variable_is_null(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOBC_TEST_FIELD", raising=False)
    assert seen(job(tmp_path, "{field: {type: int, env: JOBC_TEST_FIELD, required: false}}")) == {
        "field": None
    }


def test_a_job_is_loaded_without_the_variable_and_run_with_it_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOBC_TEST_FIELD", raising=False)
    loaded = job(tmp_path, "{field: {type: int, env: JOBC_TEST_FIELD}}")
    assert "the environment variable `JOBC_TEST_FIELD` is not set" in refused(loaded)


def test_a_secret_of_a_variable_is_shown_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JOBC_TEST_FIELD", SECRET)
    loaded = job(tmp_path, "{login: {fields: {token: {type: secret, env: JOBC_TEST_FIELD, min_length: 5}}}}")
    config = seen(loaded)
    assert config["login"]["token"].get_secret_value() == SECRET
    monkeypatch.setenv("JOBC_TEST_FIELD", SECRET[:4])
    assert SECRET[:4] not in refused(loaded)
    assert SECRET not in f"{config} {capfd.readouterr()}"


LATE = "{path: str, tries: {type: int, default: 1}, deep: {fields: {name: {type: str, default: a}}}}"


def test_config_of_a_job_is_filled_in_from_the_environment_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = '{ops: {settle: {config: {path: "${env.ROOT}/$${x}", tries: "${int(env.TRIES)}", '
    given += 'deep: {name: "${upper(env.ROOT)}"}}}}}'
    loaded = job(tmp_path, LATE, given)
    monkeypatch.setenv("ROOT", "srv")
    monkeypatch.setenv("TRIES", "5")
    assert seen(loaded) == {"path": "srv/${x}", "tries": 5, "deep": {"name": "SRV"}}
    monkeypatch.setenv("ROOT", "other")
    assert seen(loaded)["path"] == "other/${x}"


def test_what_the_environment_lacks_is_named_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROOT", raising=False)
    message = refused(job(tmp_path, LATE, '{ops: {settle: {config: {path: "${env.ROOT}"}}}}'))
    assert "root:ops:settle:config:path" in message
    assert "`ROOT`" in message


def test_an_escape_is_undone_where_nothing_is_filled_in(tmp_path: Path) -> None:
    loaded = job(tmp_path, LATE, '{ops: {settle: {config: {path: "$${x} costs $5"}}}}')
    assert seen(loaded)["path"] == "${x} costs $5"


RESOURCE = """\
jobc: 1
resources:
  gate:
    python: shop:gate
    config: {token: secret, tries: {type: int, default: 1}}
    with: {token: "${env.JOBC_TEST_FIELD}", tries: "${len(env.JOBC_TEST_FIELD)}"}
ops: {opened: {python: shop:opened}}
graphs: {daily: {wiring: return gate=opened()}}
jobs: {etl: {graph: daily}}
"""


def test_values_of_resources_come_from_the_environment_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop.py").write_text(FUNCTIONS)
    (tmp_path / "spec.yaml").write_text(RESOURCE)
    path = str(tmp_path / "spec.yaml")
    assert validate([path]).diagnostics == ()
    monkeypatch.delenv("JOBC_TEST_FIELD", raising=False)
    loaded = jobc.load(path)
    with pytest.raises(jobc.InvalidConfigError, match=r"root:resources:gate:config:token.*JOBC_TEST_FIELD"):
        loaded.execute_in_process()
    monkeypatch.setenv("JOBC_TEST_FIELD", SECRET)
    token = loaded.execute_in_process().output_value("gate")
    assert isinstance(token, jobc.Secret)
    assert token.get_secret_value() == SECRET
    given = {"resources": {"gate": {"config": {"token": "other"}}}}
    replaced = loaded.execute_in_process(given).output_value("gate")
    assert replaced == jobc.Secret("other")


def test_secrets_inside_fields_are_masked_in_the_ir(tmp_path: Path) -> None:
    fields = "{db: {fields: {user: str, password: secret}}, way: {one_of: {key: secret, file: path}}}"
    config = (
        f"{{ops: {{settle: {{config: {{db: {{user: ada, password: {SECRET}}}, way: {{key: {SECRET}}}}}}}}}}}"
    )
    path = spec(tmp_path, fields, config)
    assert [each.code for each in validate([path]).diagnostics] == ["JC0706", "JC0706"]
    compiled = compile_spec(path)
    assert SECRET not in json.dumps(compiled.to_data())
    assert compiled.jobs["etl"].to_data()["config"] == {  # type: ignore[index,call-overload]  # plain data
        "ops": {
            "settle": {
                "config": {"db": {"user": "ada", "password": "**********"}, "way": {"key": "**********"}}
            }
        }
    }
    assert seen(jobc.load(path))["db"]["password"].get_secret_value() == SECRET
