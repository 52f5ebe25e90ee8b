"""The loggers that come with jobc, as definitions: plain lines for people, JSON lines for programs."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jobc.runtime.config import Field, Literal
from jobc.runtime.definitions.logger import LoggerDefinition
from jobc.runtime.execute.logs import CONSOLE, console_logger

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_FIELDS = {
    "level": Field(Literal(LEVELS), is_required=False, description="The least level that is shown."),
    "name": Field(str, is_required=False, description="The name of the `logging` logger."),
}


class _JsonLines(logging.Handler):
    """Writes one JSON object per message to what `sys.stderr` is at the time."""

    def __init__(self, job_name: str, run_id: str) -> None:
        super().__init__()
        self._of_run = {"job": job_name, "run_id": run_id}

    def emit(self, record: logging.LogRecord) -> None:
        written = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "message": record.getMessage(),
            **self._of_run,
        }
        sys.stderr.write(f"{json.dumps(written, ensure_ascii=False)}\n")


def _open_console(context: Any) -> logging.Logger:
    given: Mapping[str, str] = context.logger_config or {}
    level = given.get("level", given.get("log_level", "INFO"))
    return console_logger(given.get("name", CONSOLE), level)


def _open_json(context: Any) -> logging.Logger:
    """Return a logger of this run alone, for every line tells the run."""
    given: Mapping[str, str] = context.logger_config or {}
    made = logging.Logger(given.get("name", CONSOLE), given.get("level", "INFO"))
    made.addHandler(_JsonLines(context.job_name, context.run_id))
    return made


console = LoggerDefinition(
    _open_console,
    config_schema={**_FIELDS, "log_level": Field(str, is_required=False)},
    description="One line per message, on standard error.",
)
json_console = LoggerDefinition(
    _open_json, config_schema=_FIELDS, description="One JSON object per message, on standard error."
)

LOGGERS: dict[str, LoggerDefinition] = {"console": console, "json_console": json_console}
