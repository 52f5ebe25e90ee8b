"""Messages of a run: `context.log` and the loggers behind it (SEMANTICS 15)."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.execute.secrets import Mask
    from jobc.runtime.storage.errors import ErrorInfo

CONSOLE = "jobc"


@dataclass(frozen=True, slots=True)
class LoggerContext:
    """What a logger's function may look at while it makes the logger."""

    logger_config: object
    job_name: str
    run_id: str


class RunLogger:
    """Sends messages to all loggers of a run, secrets masked; made loggers are opened with the first message.

    Messages may hold `%` marks that the arguments fill, as for `logging.Logger`. `exc_info`, an exception or
    true for the one that is being handled, adds it with the user's frames.
    """

    def __init__(
        self, open_loggers: Callable[[], Sequence[logging.Logger]], mask: Mask, place: str = ""
    ) -> None:
        self._open = open_loggers
        self._loggers: Sequence[logging.Logger] | None = None
        self._mask = mask
        self._place = place

    def at(self, place: str) -> RunLogger:
        """Return a logger whose messages name a step."""
        return RunLogger(self.loggers, self._mask, f"{place} - ")

    def loggers(self) -> Sequence[logging.Logger]:
        """Return the loggers, opened if they are not yet."""
        if self._loggers is None:
            self._loggers = self._open()
        return self._loggers

    def debug(self, message: object, *arguments: object, exc_info: object = None) -> None:
        """Send a message for those who look closely."""
        self.log(logging.DEBUG, message, *arguments, exc_info=exc_info)

    def info(self, message: object, *arguments: object, exc_info: object = None) -> None:
        """Send a message about the normal course."""
        self.log(logging.INFO, message, *arguments, exc_info=exc_info)

    def warning(self, message: object, *arguments: object, exc_info: object = None) -> None:
        """Send a message about something unexpected."""
        self.log(logging.WARNING, message, *arguments, exc_info=exc_info)

    def error(self, message: object, *arguments: object, exc_info: object = None) -> None:
        """Send a message about a failure."""
        self.log(logging.ERROR, message, *arguments, exc_info=exc_info)

    def critical(self, message: object, *arguments: object, exc_info: object = None) -> None:
        """Send a message about a failure that nothing goes on after."""
        self.log(logging.CRITICAL, message, *arguments, exc_info=exc_info)

    def report(self, what: str, error: ErrorInfo) -> None:
        """Send a message about a failure that is recorded as data."""
        self.error(f"{what} {error.raised.class_name}: {error.raised.message}")

    def exception(self, message: object, *arguments: object) -> None:
        """Send a message about the exception that is being handled, with the user's frames."""
        self.log(logging.ERROR, message, *arguments, exc_info=True)

    def log(self, level: int, message: object, *arguments: object, exc_info: object = None) -> None:
        """Send a message of any level."""
        for logger in self.loggers():
            if logger.isEnabledFor(level):
                text = f"{self._place}{_filled(message, arguments)}{_trace(exc_info)}"
                logger.log(level, "%s", self._mask.apply(text))


class _StandardError(logging.Handler):
    """Writes to what `sys.stderr` is at the time, which programs and tests replace."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")


def console_logger(name: str = CONSOLE, level: str | int = "INFO") -> logging.Logger:
    """Return the built-in logger: to stderr, from `level` on, one line per message."""
    logger = logging.getLogger(name)
    logger.setLevel(level.upper() if isinstance(level, str) else level)
    if not any(isinstance(handler, _StandardError) for handler in logger.handlers):
        handler = _StandardError()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
    return logger


def _trace(exc_info: object) -> str:
    """Return what is added to a message about an exception; `exc_info` as `logging` takes it."""
    if not exc_info:
        return ""
    from jobc.runtime.execute.failures import user_traceback

    given = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    error = given if isinstance(given, BaseException) else sys.exc_info()[1]
    return "" if error is None else f"\n{user_traceback(error)}"


def _filled(message: object, arguments: tuple[object, ...]) -> str:
    """Fill the marks of a message; one that its arguments do not fit is shown beside them."""
    text = str(message)
    if not arguments:
        return text
    is_by_name = len(arguments) == 1 and isinstance(arguments[0], Mapping)
    try:
        return text % (arguments[0] if is_by_name else arguments)
    except (TypeError, ValueError, KeyError):
        return f"{text} {arguments!r}"
