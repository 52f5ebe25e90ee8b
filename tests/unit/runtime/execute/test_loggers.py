"""SEMANTICS 15: which loggers a run has, and what `context.log` sends them."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from jobc.runtime.definitions.graph_decorator import job
from jobc.runtime.definitions.logger import logger
from jobc.runtime.definitions.op_decorator import op


class Kept(logging.Handler):
    """Keeps the messages it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append((record.levelname, record.getMessage()))


kept = Kept()
contexts: list[Any] = []


@pytest.fixture(autouse=True)
def _forget() -> None:
    kept.texts.clear()
    contexts.clear()


@logger(config_schema={"level": str})
def custom(context: Any) -> logging.Logger:
    contexts.append(context)
    made = logging.Logger("custom", context.logger_config["level"])
    made.addHandler(kept)
    return made


@op
def talks(context: Any) -> int:
    context.log.debug("quiet")
    context.log.info("hello %s", "you")
    context.log.warning("careful %(what)s", {"what": "now"})
    context.log.log(logging.ERROR, "100% wrong")
    try:
        _ = 1 // 0
    except ZeroDivisionError:
        context.log.exception("oh")
    context.log.critical("the end")
    return 1


@job(logger_defs={"custom": custom})
def talking() -> None:
    talks.alias("t")()


def test_sem_15_a_named_logger_gets_the_messages() -> None:
    talking.execute_in_process({"loggers": {"custom": {"config": {"level": "INFO"}}}}, run_id="r")
    assert [text for _, text in kept.texts][:3] == ["t - hello you", "t - careful now", "t - 100% wrong"]
    assert [level for level, _ in kept.texts] == ["INFO", "WARNING", "ERROR", "ERROR", "CRITICAL"]
    assert (contexts[0].job_name, contexts[0].run_id) == ("talking", "r")
    assert kept.texts[3][1].startswith("t - oh\nTraceback")
    assert "ZeroDivisionError" in kept.texts[3][1]


def test_sem_15_a_candidate_that_is_not_named_stays_silent(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("jobc").handlers.clear()
    talking.execute_in_process()
    assert kept.texts == []
    assert contexts == []
    assert "INFO t - hello you" in capsys.readouterr().err


def test_sem_15_the_console_has_a_level_and_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    @job
    def plain() -> None:
        talks()

    plain.execute_in_process({"loggers": {"console": {"config": {"log_level": "ERROR", "name": "mine"}}}})
    shown = capsys.readouterr().err
    assert "the end" in shown
    assert "hello" not in shown
    assert logging.getLogger("mine").handlers != []


def test_sem_15_no_logger_is_made_for_a_run_that_says_nothing() -> None:
    @op
    def silent(context: Any) -> int:
        return len(context.run_id)

    @job(logger_defs={"custom": custom})
    def silently() -> None:
        silent()

    silently.execute_in_process({"loggers": {"custom": {"config": {"level": "INFO"}}}})
    assert contexts == []


def test_a_failure_is_logged_by_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    @op
    def fails() -> int:
        raise ZeroDivisionError("broken")

    @job
    def failing() -> None:
        fails()

    logging.getLogger("jobc").handlers.clear()
    failing.execute_in_process(raise_on_error=False)
    assert "ERROR `fails` raised ZeroDivisionError: broken" in capsys.readouterr().err
