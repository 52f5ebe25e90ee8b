"""Loggers: where a run's messages go (SEMANTICS 15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, overload

from jobc.runtime.definitions.checks import check_function, check_text
from jobc.runtime.definitions.config_schema import config_field_of
from jobc.runtime.definitions.configured import Baked, with_baked_config
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config import Field


@dataclass(frozen=True, slots=True, init=False, eq=False)
class LoggerDefinition:
    """A function from an init context (`logger_config`, `job_name`, `run_id`) to a `logging.Logger`.

    One that `is_on` is made unless the run config names loggers; others wait to be named there.
    """

    kind_word: ClassVar[str] = "logger"
    logger_fn: Callable[..., object]
    config_field: Field | None
    baked: tuple[Baked, ...]
    description: str | None
    is_on: bool

    def __init__(
        self, logger_fn: Callable[..., object], config_schema: object = None, description: str | None = None
    ) -> None:
        set_field = object.__setattr__
        set_field(self, "logger_fn", check_function(logger_fn, "`logger_fn`"))
        set_field(self, "config_field", config_field_of(config_schema))
        set_field(self, "baked", ())
        set_field(self, "description", check_text(description, "`description` of a logger"))
        set_field(self, "is_on", False)

    def configured(
        self,
        config_or_config_fn: object,
        name: str | None = None,
        config_schema: object = None,
        description: str | None = None,
    ) -> LoggerDefinition:
        """Return the logger with config baked in: a value, or a function from config of `config_schema`."""
        return with_baked_config(self, config_or_config_fn, config_schema, name, description)


LoggerFn = Callable[..., object]


@overload
def logger(logger_fn: LoggerFn) -> LoggerDefinition: ...
@overload
def logger(
    logger_fn: None = None, *, config_schema: object = None, description: str | None = None
) -> Callable[[LoggerFn], LoggerDefinition]: ...
def logger(
    logger_fn: LoggerFn | None = None, *, config_schema: object = None, description: str | None = None
) -> LoggerDefinition | Callable[[LoggerFn], LoggerDefinition]:
    """Make a logger of a function that takes the init context and returns a `logging.Logger`."""

    def decorate(function: LoggerFn) -> LoggerDefinition:
        return LoggerDefinition(function, config_schema, description)

    return decorate if logger_fn is None else decorate(logger_fn)
