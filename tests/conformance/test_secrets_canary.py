"""A secret given to a run shows in nothing that the run leaves behind, however it was given."""

from __future__ import annotations

import contextlib
import io
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

import jobc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CANARY = 'c4n4ry-"t0ken"\\\'\n\u00e9'
"""A secret with quotes, a backslash, a line's end and a letter beyond ASCII: each is escaped somewhere."""

WRITTEN = (
    CANARY,
    repr(CANARY)[1:-1],
    json.dumps(CANARY)[1:-1],
    json.dumps(CANARY, ensure_ascii=False)[1:-1],
    "c4n4ry",
    "t0ken",
)


class Login(jobc.Config):
    """Config with pydantic's own wrapper."""

    token: SecretStr


def text_of(secret: Any) -> str:
    return str(secret.get_secret_value())


def tell(context: Any, token: str) -> Iterator[Any]:
    """Let a secret slip in every way an op has."""
    context.log.warning(f"using {token}")
    context.log.error("using %s and %r", token, token)
    context.log.info("using %(token)s", {"token": token})
    try:
        raise KeyError(token)
    except KeyError:
        context.log.exception("it was not there")
    context.log_event(jobc.AssetObservation("seen", description=token, metadata={token: token}))
    yield jobc.AssetMaterialization("made", description=token, metadata={"of": {"all": [token, {token: 1}]}})
    yield jobc.ExpectationResult(success=False, label="token", description=token, metadata={"is": token})
    yield jobc.Output(1, metadata={"token": token, "text": jobc.MetadataValue.text(token)})


def explode(token: str) -> None:
    """Raise an exception whose causes, notes and metadata hold a secret."""
    try:
        {"": 0}[token]
    except KeyError as error:
        added = ValueError(f"refused {token}")
        added.add_note(f"with {token!r}")
        raise added from error


@jobc.op(config_schema={"login": {"token": jobc.SecretText}}, retry_policy=jobc.RetryPolicy(max_retries=1))
def of_schema(context: Any) -> Iterator[Any]:
    token = text_of(context.op_config["login"]["token"])
    yield from tell(context, token)
    explode(token)


@jobc.op(retry_policy=jobc.RetryPolicy(max_retries=1))
def of_model(context: Any, config: Login) -> Iterator[Any]:
    token = text_of(config.token)
    yield from tell(context, token)
    raise jobc.Failure(f"refused {token}", metadata={"token": token})


@jobc.resource(config_schema={"tokens": [jobc.SecretText]})
def opened(context: Any) -> Iterator[str]:
    token = text_of(context.resource_config["tokens"][0])
    context.log.error(f"opening with {token}")
    yield token
    raise OSError(f"cannot close {token}")


@jobc.op(required_resource_keys={"opened"})
def of_resource(context: Any) -> Iterator[Any]:
    yield from tell(context, context.resources.opened)
    explode(context.resources.opened)


@jobc.resource(config_schema={"token": jobc.SecretText})
def shut(context: Any) -> str:
    explode(text_of(context.resource_config["token"]))
    return ""


@jobc.op(required_resource_keys={"shut"})
def of_shut(context: Any) -> None:
    raise AssertionError("never runs")


@jobc.op
def of_input(context: Any, secret: Any) -> Iterator[Any]:
    token = text_of(secret)
    yield from tell(context, token)
    explode(token)


@jobc.success_hook
def hook_that_tells(context: Any) -> None:
    explode(text_of(context.op_config["login"]["token"]))


@jobc.op(config_schema={"login": {"token": jobc.SecretText}})
def of_hook(context: Any) -> int:
    return 1


JOBS = {
    "schema": of_schema,
    "model": of_model,
    "resource": of_resource,
    "shut": of_shut,
    "input": of_input,
    "hook": of_hook,
}


def job_of(op: jobc.OpDefinition) -> jobc.JobDefinition:
    def body() -> None:
        op.alias("only")()

    def body_with_input(secret: Any) -> None:
        op.alias("only")(secret)

    wanted = {"opened": opened, "shut": shut}
    resources = {key: wanted[key] for key in op.required_resource_keys}
    hooks = {hook_that_tells} if op is of_hook else set()
    made = jobc.job(name="canary", resource_defs=resources, hooks=hooks)
    return made(body_with_input if op is of_input else body)


def given(secret: Any) -> dict[str, dict[str, Any]]:
    """Return what a run of each job is given, with the secret in its place."""
    return {
        "schema": {"run_config": {"ops": {"only": {"config": {"login": {"token": secret}}}}}},
        "model": {"run_config": {"ops": {"only": {"config": {"token": secret}}}}},
        "resource": {"run_config": {"resources": {"opened": {"config": {"tokens": [secret]}}}}},
        "shut": {"run_config": {"resources": {"shut": {"config": {"token": secret}}}}},
        "input": {"input_values": {"secret": secret}},
        "hook": {"run_config": {"ops": {"only": {"config": {"login": {"token": secret}}}}}},
    }


HOW: dict[str, tuple[Callable[[], object], tuple[str, ...]]] = {
    "text": (lambda: CANARY, ("schema", "model", "resource", "shut", "hook")),
    "wrapped": (lambda: jobc.Secret(CANARY), ("schema", "resource", "shut", "input", "hook")),
    "pydantic": (lambda: SecretStr(CANARY), ("model", "input")),
    "environment": (lambda: {"env": "CANARY"}, ("model",)),
}
CASES = [(way, name) for way, (_, names) in HOW.items() for name in names]


class Lines(logging.Handler):
    """Keeps what reaches the console logger, whole records included."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(f"{record.getMessage()} {record.__dict__}")


def left_behind(name: str, secret: object, *, raise_on_error: bool) -> list[str]:
    """Run a job and return everything that can be seen of it, as texts."""
    keeping, instance, shown = Lines(), jobc.Instance.ephemeral(), io.StringIO()
    observed: list[str] = []
    logging.getLogger("jobc").addHandler(keeping)
    logging.getLogger("jobc").setLevel("DEBUG")
    result: jobc.ExecuteInProcessResult | None = None
    try:
        with contextlib.redirect_stderr(shown), contextlib.suppress(Exception):
            result = job_of(JOBS[name]).execute_in_process(
                instance=instance, run_id="one", raise_on_error=raise_on_error, **given(secret)[name]
            )
    finally:
        logging.getLogger("jobc").removeHandler(keeping)
    for event in instance.all_events("one"):
        observed += [repr(event), event.message, str(event.data)]
    observed += [*keeping.records, shown.getvalue()]
    if result is not None:
        failure = result.failure_data_for_node("only")
        told = "" if failure is None else failure.error.to_string()
        events = [*result.all_events, *result.asset_materializations_for_node("only")]
        observed += [repr(result), str(result), told, repr(events), repr(result.job_def), repr(result.run)]
        observed += [repr(result.expectation_results_for_node("only"))]
        observed += [repr(result.asset_observations_for_node("only"))]
    return observed


@pytest.mark.parametrize("raise_on_error", [False, True], ids=["recorded", "raised"])
@pytest.mark.parametrize(("way", "name"), CASES, ids=[f"{way}-{name}" for way, name in CASES])
def test_a_secret_is_in_nothing_that_a_run_leaves_behind(
    way: str, name: str, raise_on_error: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", CANARY)
    texts = left_behind(name, HOW[way][0](), raise_on_error=raise_on_error)
    leaks = [text for text in texts for written in WRITTEN if written in text]
    assert leaks == []
    assert any("**********" in text for text in texts)


def test_config_that_does_not_fit_is_refused_without_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", CANARY)
    refused: list[tuple[str, dict[str, Any]]] = [
        ("schema", {"ops": {"only": {"config": {"login": {"token": [CANARY]}}}}}),
        ("schema", {"ops": {"only": {"config": {"login": {"token": {CANARY: CANARY}}}}}}),
        ("model", {"ops": {"only": {"config": {"token": [CANARY]}}}}),
        ("model", {"ops": {"only": {"config": {"token": {"env": [CANARY]}}}}}),
        ("shut", {"resources": {"shut": {"config": {"token": {"env": 5, "also": CANARY}}}}}),
    ]
    for name, run_config in refused:
        with pytest.raises(jobc.InvalidConfigError) as caught:
            job_of(JOBS[name]).execute_in_process(run_config)
        told = f"{caught.value} {caught.value!r} {[repr(error) for error in caught.value.errors]}"
        assert [written for written in WRITTEN if written in told] == []
