"""Hooks, loggers, executors and the options of jobs, from the spec to a run."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

import jobc
from jobc.compiler.pipeline import CompileError, analyse
from jobc.runtime.definitions.builtin_io import FilesystemIOManager, MemoryIOManager

if TYPE_CHECKING:
    from pathlib import Path

    from jobc import JobDefinition

FUNCTIONS = """\
import logging

from jobc import ExecutorDefinition, LoggerDefinition, event_list_hook, failure_hook, logger, success_hook
from jobc import SourceHashVersionStrategy

CALLS = []
TRIES = []


def good() -> int:
    return 1


def bad() -> int:
    TRIES.append(1)
    raise ValueError("no")


def slack(room) -> object:
    return [room]


def note(context) -> None:
    CALLS.append((context.hook_def.name, context.step_key, list(context.resources.slack)))


def plain(context) -> None:
    CALLS.append((context.hook_def.name, context.step_key))


def events(context, events) -> None:
    CALLS.append((context.hook_def.name, context.step_key, events[0].kind.value))


def wrong(context, other) -> None:
    pass


own = success_hook(name="other_name")(plain)


def twice(function):
    return function


@twice
def unknown(context, other):
    pass


def journal(context, path, level="INFO") -> logging.Logger:
    made = logging.Logger(context.run_id)
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter(f"{level} {context.job_name} %(message)s"))
    made.addHandler(handler)
    return made


@logger(config_schema={"path": str})
def own_journal(context):
    return journal(context, context.logger_config["path"])


def carry(context, size=1):
    return (context, size)


own_executor = ExecutorDefinition("own", config_schema={"size": int}, executor_creation_fn=carry)
strategy = SourceHashVersionStrategy()
no_strategy = 3


class Strategy(SourceHashVersionStrategy):
    pass
"""
BODY = """\
jobc: 1
resources:
  slack: {python: shop:slack, config: {room: str}, with: {room: orders}}
ops:
  good: {python: shop:good}
  bad: {python: shop:bad}
  firm: {python: shop:bad, retry: {max_retries: 2}}
graphs:
  fine: {wiring: good()}
  two: {wiring: "good()\\nbad()"}
  three: {wiring: "bad()\\nfirm()"}
"""


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(body: str) -> str:
        (tmp_path / "shop.py").write_text(FUNCTIONS)
        path = tmp_path / "spec.yaml"
        path.write_text(BODY + body)
        return str(path)

    return write


def load(path: str) -> JobDefinition:
    assert not analyse(path).has_errors
    return jobc.load(path)


def messages(path: str) -> list[str]:
    with pytest.raises(CompileError) as caught:
        jobc.load(path)
    return [f"{each.code} {each.message}" for each in caught.value.diagnostics]


def calls() -> list[Any]:
    import shop  # type: ignore[import-not-found]

    made, shop.CALLS[:] = [*shop.CALLS], []
    return made


# --- hooks ------------------------------------------------------------------------------------------------


def test_hooks_of_a_job_are_called_when_they_say(write: Any) -> None:
    loaded = load(
        write(
            "hooks:\n"
            "  won: {python: shop:note, on: success, resources: [slack]}\n"
            "  lost: {python: shop:plain, on: failure}\n"
            "  seen: {python: shop:events, on: events}\n"
            "jobs: {etl: {graph: two, hooks: [won, lost, seen]}}\n"
        )
    )
    loaded.execute_in_process(raise_on_error=False)
    assert sorted(calls()) == [
        ("lost", "bad"),
        ("seen", "bad", "STEP_START"),
        ("seen", "good", "STEP_START"),
        ("won", "good", ["orders"]),
    ]


def test_hooks_of_a_node_are_for_that_node(write: Any) -> None:
    body = """\
hooks: {won: {python: shop:plain, on: success}}
jobs:
  etl: {nodes: {a: {op: good, hooks: [won]}, b: {op: good}}}
"""
    load(write(body)).execute_in_process()
    assert calls() == [("won", "a")]


def test_a_hook_of_python_says_itself_when_it_is_called(write: Any) -> None:
    load(
        write("hooks: {won: {python: shop:own}}\njobs: {etl: {graph: fine, hooks: [won]}}\n")
    ).execute_in_process()
    assert calls() == [("won", "good")]


@pytest.mark.parametrize(
    ("hook", "message"),
    [
        (
            "{python: shop:own, on: failure}",
            "hook `it` is called on failure; `shop:own` itself says on success",
        ),
        ("{python: shop:unknown}", "nothing says when hook `it` is called"),
        (
            "{python: shop:unknown, on: success}",
            "`shop:unknown` takes `context` and `other`; a hook is given",
        ),
    ],
)
def test_what_only_the_import_shows_of_a_hook_is_refused_there(write: Any, hook: str, message: str) -> None:
    (found,) = messages(write(f"hooks: {{it: {hook}}}\njobs: {{etl: {{graph: fine, hooks: [it]}}}}\n"))
    assert found.startswith(f"JC1002 {message}")


def test_an_unused_hook_is_not_imported(write: Any) -> None:
    load(write("hooks: {it: {python: absent.hooks:alert, on: failure}}\njobs: {etl: {graph: fine}}\n"))


# --- loggers ----------------------------------------------------------------------------------------------


def test_listed_loggers_are_on_and_the_run_may_name_others(write: Any, tmp_path: Path) -> None:
    loaded = load(
        write(
            "loggers:\n"
            f"  mine: {{python: shop:journal, config: {{path: str, level: {{type: str, default: LOUD}}}},"
            f" with: {{path: {tmp_path}/mine.log}}}}\n"
            f"  own: {{python: shop:own_journal, with: {{path: {tmp_path}/own.log}}}}\n"
            "jobs: {etl: {graph: two, loggers: [mine, own]}}\n"
        )
    )
    loaded.execute_in_process(raise_on_error=False)
    assert "LOUD etl `bad` raised ValueError: no" in (tmp_path / "mine.log").read_text()
    assert "INFO etl `bad` raised ValueError: no" in (tmp_path / "own.log").read_text()
    (tmp_path / "mine.log").unlink()
    (tmp_path / "own.log").unlink()
    loaded.execute_in_process({"loggers": {"mine": {}}}, raise_on_error=False)
    assert (tmp_path / "mine.log").exists()
    assert not (tmp_path / "own.log").exists()


def test_the_json_console_writes_an_object_for_each_message(
    write: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    body = "loggers: {it: {builtin: json_console, with: {level: ERROR}}}\n"
    loaded = load(write(body + "jobs: {etl: {graph: two, loggers: [it]}}\n"))
    loaded.execute_in_process(run_id="one", raise_on_error=False)
    (line,) = capfd.readouterr().err.splitlines()
    told = json.loads(line)
    assert told.pop("time").endswith("+00:00")
    expected = {"level": "ERROR", "message": "`bad` raised ValueError: no", "job": "etl", "run_id": "one"}
    assert told == expected


@pytest.mark.parametrize("name", ["console", "json_console"])
def test_built_in_loggers_need_no_entry(write: Any, capfd: pytest.CaptureFixture[str], name: str) -> None:
    loaded = load(write(f"jobs: {{etl: {{graph: two, loggers: [{name}]}}}}\n"))
    loaded.execute_in_process({"loggers": {name: {"config": {"level": "CRITICAL"}}}}, raise_on_error=False)
    assert capfd.readouterr().err == ""
    loaded.execute_in_process(raise_on_error=False)
    assert "`bad` raised ValueError: no" in capfd.readouterr().err
    logging.getLogger("jobc").setLevel(logging.INFO)


# --- executors --------------------------------------------------------------------------------------------


def defaults(executor: jobc.ExecutorDefinition) -> dict[str, object]:
    assert executor.config_field is not None
    shape = executor.config_field.config_type
    assert isinstance(shape, jobc.Shape)
    return {name: field.default_value for name, field in shape.fields.items()}


@pytest.mark.parametrize("name", ["in_process", "multiprocess"])
def test_built_in_executors_need_no_entry(write: Any, name: str) -> None:
    executor = load(write(f"jobs: {{etl: {{graph: fine, executor: {name}}}}}\n")).executor_def
    assert executor is not None
    assert executor.name == name


def test_values_of_an_executor_are_defaults_of_its_config(write: Any) -> None:
    body = "executors: {pool: {builtin: multiprocess, with: {max_concurrent: 3}}}\n"
    executor = load(write(body + "jobs: {etl: {graph: fine, executor: pool}}\n")).executor_def
    assert executor is not None
    assert defaults(executor)["max_concurrent"] == 3


@pytest.mark.parametrize(
    "executor",
    [
        "{python: shop:carry, config: {size: int}, with: {size: 2}}",
        "{python: shop:own_executor, with: {size: 2}}",
    ],
)
def test_an_executor_of_ones_own_gets_its_config(write: Any, executor: str) -> None:
    body = f"executors: {{mine: {executor}}}\njobs: {{etl: {{graph: fine, executor: mine}}}}\n"
    made = load(write(body)).executor_def
    assert made is not None
    assert defaults(made) == {"size": 2}


# --- resources that jobc brings ---------------------------------------------------------------------------


def manager(loaded: JobDefinition) -> object:
    with jobc.build_resources({"io_manager": loaded.resource_defs["io_manager"]}) as opened:
        return opened.io_manager


def test_a_resource_named_io_manager_serves_every_job(write: Any, tmp_path: Path) -> None:
    text = write("jobs: {etl: {graph: fine}}\n")
    folder = tmp_path / "spec.yaml"
    held = f"resources:\n  io_manager: {{builtin: fs_io_manager, with: {{base_dir: {tmp_path}/out}}}}\n"
    folder.write_text(folder.read_text().replace("resources:\n", held, 1))
    loaded = load(text)
    assert not loaded.has_default_io_manager
    opened = manager(loaded)
    assert isinstance(opened, FilesystemIOManager)
    assert opened.base_dir == tmp_path / "out"
    result = loaded.execute_in_process()
    assert (tmp_path / "out" / result.run_id / "good" / "result").exists()


def test_a_job_binds_the_io_manager_it_names(write: Any, tmp_path: Path) -> None:
    text = write("jobs: {etl: {graph: fine, resources: {io_manager: memory}}}\n")
    folder = tmp_path / "spec.yaml"
    folder.write_text(
        folder.read_text().replace("resources:\n", "resources:\n  memory: {builtin: mem_io_manager}\n", 1)
    )
    assert isinstance(manager(load(text)), MemoryIOManager)


# --- options of jobs --------------------------------------------------------------------------------------


def test_the_retry_policy_of_a_job_is_for_ops_without_their_own(write: Any) -> None:
    loaded = load(write("jobs: {etl: {graph: three, retry: {max_retries: 1}}}\n"))
    result = loaded.execute_in_process(raise_on_error=False)
    assert result.retry_attempts_for_node("bad") == 1
    assert result.retry_attempts_for_node("firm") == 2


@pytest.mark.parametrize("target", ["strategy", "Strategy"])
def test_a_version_strategy_of_ones_own_is_an_object_or_a_class(write: Any, target: str) -> None:
    body = f"jobs: {{etl: {{graph: fine, version_strategy: {{python: shop:{target}}}}}}}\n"
    assert isinstance(load(write(body)).version_strategy, jobc.SourceHashVersionStrategy)


def test_what_is_no_version_strategy_is_refused(write: Any) -> None:
    body = "jobs: {etl: {graph: fine, version_strategy: {python: shop:twice}}}\n"
    (found,) = messages(write(body))
    assert found.startswith("JC1003 the version strategy of job `etl`")


def test_metadata_and_code_versions_reach_the_definitions(write: Any, tmp_path: Path) -> None:
    text = write(
        "jobs: {etl: {graph: fine, version_strategy: source, metadata: {owner: ada, rows: [1, {a: 2}]}}}\n"
    )
    folder = tmp_path / "spec.yaml"
    folder.write_text(folder.read_text().replace("shop:good}", 'shop:good, code_version: "7"}'))
    loaded = load(text)
    assert {key: each.value for key, each in loaded.metadata.items()} == {
        "owner": "ada",
        "rows": [1, {"a": 2}],
    }
    op = loaded.graph.nodes["good"].definition
    assert isinstance(op, jobc.OpDefinition)
    assert op.code_version == "7"


def test_a_derived_job_has_the_options_of_the_other_but_those_it_gives(write: Any) -> None:
    path = write(
        "hooks: {won: {python: shop:plain, on: success}, lost: {python: shop:plain, on: failure}}\n"
        "jobs:\n"
        "  etl: {graph: fine, hooks: [won], executor: in_process, loggers: [console],\n"
        "    retry: {max_retries: 4}, version_strategy: source, metadata: {owner: ada, rows: 1}}\n"
        "  same: {job: etl}\n"
        "  other: {job: etl, hooks: [lost], executor: multiprocess, metadata: {rows: 2}}\n"
    )
    assert not analyse(path).has_errors
    same, other = jobc.load(f"{path}#same"), jobc.load(f"{path}#other")
    assert [hook.name for hook in same.hook_defs] == ["won"]
    assert [hook.name for hook in other.hook_defs] == ["lost"]
    assert (same.executor_def.name, other.executor_def.name) == ("in_process", "multiprocess")  # type: ignore[union-attr]
    assert same.op_retry_policy == other.op_retry_policy == jobc.RetryPolicy(4)
    assert {key: each.value for key, each in other.metadata.items()} == {"owner": "ada", "rows": 2}
    assert list(other.logger_defs or ()) == ["console"]
    assert other.version_strategy is not None
