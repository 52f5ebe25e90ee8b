"""DESIGN 3, "Secrets": a secret given to a run shows in none of its events, records and messages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jobc.runtime.config import SecretText
from jobc.runtime.definitions.graph_decorator import job
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.policies import Failure, RetryPolicy
from jobc.runtime.definitions.ports import Out
from jobc.runtime.definitions.resource import resource
from jobc.runtime.definitions.types import JobcType, TypeCheck
from jobc.runtime.definitions.values import AssetMaterialization, Output
from jobc.runtime.execute.secrets import MASKED, Mask

if TYPE_CHECKING:
    import pytest

SECRET = "s3cr3t-t0ken"
CONFIG = {
    "resources": {"store": {"config": {"token": SECRET}}},
    "ops": {"leaks": {"config": {"inner": {"password": SECRET + "!"}}}},
}


@resource(config_schema={"token": SecretText})
def store(context: Any) -> str:
    token = context.resource_config["token"].get_secret_value()
    context.log.info(f"logging in with {token}")
    return str(token)


@op(
    config_schema={"inner": {"password": SecretText}},
    required_resource_keys={"store"},
    retry_policy=RetryPolicy(1),
)
def leaks(context: Any) -> int:
    context.log.warning("password is %s", context.op_config["inner"]["password"].get_secret_value())
    raise ValueError(f"refused: {context.resources.store} / {context.op_config['inner']}")


@job(resource_defs={"store": store})
def leaking() -> None:
    leaks()


def test_a_secret_shows_nowhere_in_what_a_run_records(capsys: pytest.CaptureFixture[str]) -> None:
    result = leaking.execute_in_process(CONFIG, raise_on_error=False)
    shown = json.dumps([repr(event) for event in result.all_events])
    failure = result.failure_data_for_node("leaks")
    assert failure is not None
    assert failure.error.root.message.startswith(f"refused: {MASKED} / ")
    assert SECRET not in shown
    assert SECRET not in failure.error.to_string()
    logged = capsys.readouterr().err
    assert f"password is {MASKED}" in logged
    assert f"logging in with {MASKED}" in logged
    assert SECRET not in logged


def test_a_secret_is_masked_in_descriptions_and_metadata_too() -> None:
    @op(
        config_schema={"token": SecretText},
        out=Out(JobcType(lambda _context, value: TypeCheck(True, str(value)))),
    )
    def reports(context: Any) -> Any:
        token = context.op_config["token"].get_secret_value()
        yield AssetMaterialization(
            "x", description=token, metadata={"url": f"https://{token}", "all": [token]}
        )
        yield Output(token, metadata={"token": token})
        raise Failure(token, metadata={"token": token})

    @job
    def reporting() -> None:
        reports()

    result = reporting.execute_in_process(
        {"ops": {"reports": {"config": {"token": SECRET}}}}, raise_on_error=False
    )
    assert SECRET not in repr(list(result.all_events))
    (materialised,) = result.asset_materializations_for_node("reports")
    assert materialised.metadata["url"].value == f"https://{MASKED}"
    assert result.output_for_node("reports") == SECRET


def test_the_longest_secret_is_masked_first() -> None:
    from jobc.runtime.config import Secret

    mask = Mask([{"a": Secret("ab")}, [Secret("abc"), Secret("")]])
    assert mask.apply("abc ab c") == f"{MASKED} {MASKED} c"
