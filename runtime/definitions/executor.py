"""Executors: where the steps of a run are carried out (SEMANTICS 20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, overload

from jobc.runtime.definitions.checks import check_function, check_text
from jobc.runtime.definitions.config_schema import config_field_of
from jobc.runtime.definitions.configured import Baked, with_baked_config
from jobc.runtime.definitions.names import valid_name
from jobc.runtime.definitions.signature import name_of
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config import Field


@dataclass(frozen=True, slots=True, init=False, eq=False)
class ExecutorDefinition:
    """A function that makes an executor from an init context (`executor_config`, `job`, `instance`)."""

    kind_word: ClassVar[str] = "executor"
    name: str
    executor_creation_fn: Callable[..., object] | None
    config_field: Field | None
    baked: tuple[Baked, ...]
    description: str | None

    def __init__(
        self,
        name: str,
        config_schema: object = None,
        executor_creation_fn: Callable[..., object] | None = None,
        description: str | None = None,
    ) -> None:
        set_field = object.__setattr__
        set_field(self, "name", valid_name("executor", name))
        if executor_creation_fn is not None:
            check_function(executor_creation_fn, "`executor_creation_fn`")
        set_field(self, "executor_creation_fn", executor_creation_fn)
        set_field(self, "config_field", config_field_of(config_schema))
        set_field(self, "baked", ())
        set_field(self, "description", check_text(description, "`description` of an executor"))

    def configured(
        self,
        config_or_config_fn: object,
        name: str | None = None,
        config_schema: object = None,
        description: str | None = None,
    ) -> ExecutorDefinition:
        """Return the executor with config baked in: a value, or a function from config of `config_schema`."""
        return with_baked_config(self, config_or_config_fn, config_schema, name, description)


ExecutorFn = Callable[..., object]


@overload
def executor(executor_creation_fn: ExecutorFn) -> ExecutorDefinition: ...
@overload
def executor(
    executor_creation_fn: None = None,
    *,
    name: str | None = None,
    config_schema: object = None,
    description: str | None = None,
) -> Callable[[ExecutorFn], ExecutorDefinition]: ...
def executor(
    executor_creation_fn: ExecutorFn | None = None,
    *,
    name: str | None = None,
    config_schema: object = None,
    description: str | None = None,
) -> ExecutorDefinition | Callable[[ExecutorFn], ExecutorDefinition]:
    """Make an executor of a function that takes the init context and returns what carries out the steps."""

    def decorate(function: ExecutorFn) -> ExecutorDefinition:
        return ExecutorDefinition(name_of(function, name), config_schema, function, description)

    return decorate if executor_creation_fn is None else decorate(executor_creation_fn)
