"""Config mappings of a spec: run config made of a few parameters, by a template or by a function."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import jobc
from jobc.compiler.pipeline import CompileError, analyse

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = """\
def page(config) -> object:
    return config


def by_day(day, limit=5):
    return {"ops": {"page": {"config": {"path": f"{day:%Y/%m}.csv", "limit": limit}}}}


def by_any(**params):
    return {"ops": {"page": {"config": {"path": ",".join(sorted(params))}}}}


def fails(day):
    raise KeyError(day)


def no_config(day):
    return None


def undecided(function):
    return function


@undecided
def unknown(other):
    return {}
"""
SECRET = "hush-hush-hush"


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(
        mapping: str, fields: str = "{path: str, limit: {type: int, default: 1}}", job: str = ""
    ) -> str:
        (tmp_path / "shop.py").write_text(FUNCTIONS)
        path = tmp_path / "spec.yaml"
        path.write_text(
            "jobc: 1\nvars: {root: data}\n"
            f"ops: {{page: {{python: shop:page, config: {fields}}}}}\n"
            f"graphs: {{daily: {{wiring: page()}}}}\n"
            f"config_mappings: {{it: {mapping}}}\n"
            f"jobs: {{etl: {{graph: daily, config_mapping: it{job}}}}}\n"
        )
        return str(path)

    return write


def seen(path: str, params: dict[str, object] | None = None) -> Any:
    assert not analyse(path).has_errors
    return jobc.load(path).execute_in_process(params).output_for_node("page")


PARAMS = "params: {day: date, limit: {type: int, default: 2, ge: 1}}"


def template(config: str) -> str:
    return f"{{{PARAMS}, config: {{ops: {{page: {{config: {config}}}}}}}}}"


def test_a_template_is_filled_with_typed_parameters(write: Any) -> None:
    path = write(template('{path: "${vars.root}/${params.day}.csv", limit: "${params.limit + 1}"}'))
    assert seen(path, {"day": "2024-01-31"}) == {"path": "data/2024-01-31.csv", "limit": 3}
    assert seen(path, {"day": "2024-01-31", "limit": 7}) == {"path": "data/2024-01-31.csv", "limit": 8}


def test_a_parameter_alone_keeps_its_type(write: Any) -> None:
    path = write(template('{day: "${params.day}"}'), "{day: date}")
    assert seen(path, {"day": "2024-01-31"}) == {"day": date(2024, 1, 31)}


def test_a_template_may_read_the_environment_and_hold_what_looks_like_one(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOBC_TEST_ROOT", "srv")
    path = write(template('{path: "${env.JOBC_TEST_ROOT}/$${params.day}"}'))
    assert seen(path, {"day": "2024-01-31"})["path"] == "srv/${params.day}"


def test_the_parameters_are_checked_by_name_type_and_limit(write: Any) -> None:
    loaded = jobc.load(write(template('{path: "${params.day}.csv"}')))
    with pytest.raises(jobc.InvalidConfigError) as caught:
        loaded.execute_in_process({"dya": "2024-01-31", "limit": 0})
    message = str(caught.value)
    assert "Error in config mapping of job `etl`" in message
    assert "did you mean `day`" in message
    assert "must be at least 1" in message
    with pytest.raises(jobc.InvalidConfigError, match="unknown entry `ops`"):
        loaded.execute_in_process({"day": "2024-01-31", "ops": {}})


def test_a_mapping_without_parameters_takes_none(write: Any) -> None:
    path = write("{config: {ops: {page: {config: {path: a}}}}}")
    assert seen(path) == {"path": "a", "limit": 1}
    with pytest.raises(jobc.InvalidConfigError, match="unknown entry `day`"):
        jobc.load(path).execute_in_process({"day": "2024-01-31"})


def test_a_parameter_that_may_be_left_out_is_null(write: Any) -> None:
    mapping = "{params: {day: {type: str, required: false}}, config: {ops: {page: {config: "
    mapping += "{path: \"${default(params.day, 'today')}\"}}}}}"
    path = write(mapping)
    assert seen(path)["path"] == "today"
    assert seen(path, {"day": "monday"})["path"] == "monday"


def test_a_function_is_given_parameters_by_name(write: Any) -> None:
    path = write(f"{{{PARAMS}, python: shop:by_day}}")
    assert seen(path, {"day": "2024-01-31"}) == {"path": "2024/01.csv", "limit": 2}


def test_a_function_of_any_keywords_is_given_all_parameters(write: Any) -> None:
    assert seen(write(f"{{{PARAMS}, python: shop:by_any}}"), {"day": "2024-01-31"})["path"] == "day,limit"


def test_a_function_that_raises_is_named_with_its_job(write: Any) -> None:
    loaded = jobc.load(write("{params: {day: str}, python: shop:fails}"))
    with pytest.raises(
        jobc.ConfigMappingFunctionError, match="the config mapping of job `etl` raised KeyError"
    ):
        loaded.execute_in_process({"day": "monday"})


def test_a_function_has_to_return_a_config(write: Any) -> None:
    loaded = jobc.load(write("{params: {day: str}, python: shop:no_config}"))
    with pytest.raises(jobc.CheckError, match="must return a run config"):
        loaded.execute_in_process({"day": "monday"})


def test_what_only_the_import_shows_is_refused_there(write: Any) -> None:
    with pytest.raises(CompileError) as caught:
        jobc.load(write("{params: {day: str}, python: shop:unknown}"))
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("JC1003", "nothing gives `shop:unknown` its parameter `other`")


def test_a_secret_parameter_makes_what_it_is_put_into_secret(
    write: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    fields = "{token: secret, header: secret}"
    mapping = "{params: {token: secret}, config: {ops: {page: {config: "
    mapping += '{token: "${params.token}", header: "Bearer ${params.token}"}}}}}'
    config = seen(write(mapping, fields), {"token": SECRET})
    assert config["header"].get_secret_value() == f"Bearer {SECRET}"
    assert config["token"].get_secret_value() == SECRET
    assert SECRET not in f"{config} {capfd.readouterr()}"
    loaded = jobc.load(write(mapping, "{token: secret, header: str}"))
    with pytest.raises(jobc.InvalidConfigError) as caught:
        loaded.execute_in_process({"token": SECRET})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("job", "codes"),
    [
        (", config: {}", ["JC0210"]),
        (", partitions: days", ["JC0210", "JC0324"]),
        (", partitioned_config: days", ["JC0210", "JC0324"]),
    ],
)
def test_a_mapping_stands_alone(write: Any, job: str, codes: list[str]) -> None:
    path = write(template("{path: a}"), job=job)
    assert sorted(each.code for each in analyse(path).diagnostics) == codes
