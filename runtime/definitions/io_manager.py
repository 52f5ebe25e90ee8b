"""IO managers: resources that store outputs and load inputs (SEMANTICS 14)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, overload

from jobc.runtime.definitions.resource import ResourceDefinition
from jobc.runtime.definitions.signature import description_of
from jobc.schemas.records import dataclass


class InputManager(ABC):
    """Loads inputs."""

    @abstractmethod
    def load_input(self, context: Any) -> object:
        """Return the value of the input that `context` describes."""


class IOManager(InputManager):
    """Stores outputs, and loads the inputs they are connected to."""

    @abstractmethod
    def handle_output(self, context: Any, obj: Any) -> object:
        """Store the value of an output; may return or yield materialisations and metadata."""


class MemoizableIOManager(IOManager):
    """An IO manager that can tell whether it holds an output of a given version."""

    @abstractmethod
    def has_output(self, context: Any) -> bool:
        """Tell whether the output is stored at `context.version`."""


@dataclass(frozen=True, slots=True, init=False, eq=False)
class IOManagerDefinition(ResourceDefinition):
    """A resource that is an IO manager."""

    kind_word: ClassVar[str] = "IO manager"

    @classmethod
    def hardcoded_io_manager(cls, value: IOManager, description: str | None = None) -> IOManagerDefinition:
        """Return the definition of an IO manager that exists already."""
        return cls(lambda _context: value, description=description)


ManagerFn = Callable[..., object]


@overload
def io_manager(resource_fn: ManagerFn) -> IOManagerDefinition: ...
@overload
def io_manager(
    resource_fn: None = None,
    *,
    config_schema: object = None,
    description: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
    version: str | None = None,
) -> Callable[[ManagerFn], IOManagerDefinition]: ...
def io_manager(
    resource_fn: ManagerFn | None = None,
    *,
    config_schema: object = None,
    description: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
    version: str | None = None,
) -> IOManagerDefinition | Callable[[ManagerFn], IOManagerDefinition]:
    """Make an IO manager of a function from the init context, or from nothing, to an `IOManager`."""

    def decorate(function: ManagerFn) -> IOManagerDefinition:
        return IOManagerDefinition(
            function,
            config_schema,
            description_of(function, description),
            required_resource_keys,
            version,
        )

    return decorate if resource_fn is None else decorate(resource_fn)
