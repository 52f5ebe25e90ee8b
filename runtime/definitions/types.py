"""Types of inputs and outputs: what a value must be when it enters or leaves a step (SEMANTICS 9).

Wiring never compares types; values are checked at run time. So a type is mostly one function, `accepts`, made
once: `isinstance` for a class, a strict pydantic check for everything else (made on the first check, since
many types never see a value and pydantic is slow to import), and None for `Any`, which is never checked.
As in annotations everywhere an int does for a `float`; it stays an int.
"""

from __future__ import annotations

import types
from functools import cache
from typing import TYPE_CHECKING, Any, NewType, TypeVar, is_typeddict

from jobc.runtime.definitions.metadata import MetadataValue, normalise_metadata
from jobc.runtime.errors import InvariantViolationError, ParameterCheckError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobc.runtime.config import ConfigType

C = TypeVar("C", bound=type)


@dataclass(frozen=True, slots=True, init=False)
class TypeCheck:
    """The answer of a type check that wants to say more than yes or no."""

    success: bool
    description: str | None
    metadata: Mapping[str, MetadataValue]

    def __init__(
        self, success: bool, description: str | None = None, metadata: Mapping[str, object] | None = None
    ) -> None:
        object.__setattr__(self, "success", success)
        object.__setattr__(self, "description", description)
        object.__setattr__(self, "metadata", normalise_metadata(metadata))


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class JobcType:
    """A type of inputs and outputs.

    `accepts` is the fast path: it takes a value and answers at once; it is None for types without such an
    answer, which are `Any` (no check at all) and types with a `type_check_fn` (use `check`). `loader` reads
    values from run config, for types that are not read by what they are. `type_check_fn(context, value)`
    returns a bool or a `TypeCheck`.
    """

    name: str
    python_type: object
    type_check_fn: Callable[[object, object], object] | None
    description: str | None
    loader: ConfigType | None
    accepts: Callable[[object], bool] | None

    def __init__(
        self,
        type_check_fn: Callable[[object, object], object] | None = None,
        name: str = "Any",
        python_type: object = Any,
        description: str | None = None,
        loader: ConfigType | None = None,
    ) -> None:
        if type_check_fn is not None and not callable(type_check_fn):
            raise ParameterCheckError(f"`type_check_fn` must be a function, not {type_check_fn!r}")
        _fill(self, name, python_type, type_check_fn, description, loader, None)

    def __repr__(self) -> str:
        return f"JobcType({self.name})"

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as what makes the same type again: the checks themselves are closures."""
        if self.type_check_fn is not None:
            fields = (self.type_check_fn, self.name, self.python_type, self.description, self.loader)
            return JobcType, fields
        if self.loader is None or resolve_type(self.python_type) is self:
            return resolve_type, (self.python_type,)
        return _with_spec_loader, (self.python_type,)

    @property
    def is_nothing(self) -> bool:
        """Tell whether this is `Nothing`: it orders steps and carries no value."""
        return self is Nothing

    @property
    def is_checked(self) -> bool:
        """Tell whether values of this type are checked at all."""
        return self.accepts is not None or self.type_check_fn is not None

    def check(self, value: object, context: object = None) -> TypeCheck | bool:
        """Tell whether `value` is of this type.

        Errors: what a `type_check_fn` raises, as it is; `InvariantViolationError` if it answers neither bool
        nor TypeCheck.
        """
        if self.accepts is not None:
            return self.accepts(value)
        if self.type_check_fn is None:
            return True
        answer = self.type_check_fn(context, value)
        if isinstance(answer, bool | TypeCheck):
            return answer
        raise InvariantViolationError(
            f"the check of type `{self.name}` must return a bool or a TypeCheck, not {answer!r}"
        )


def _fill(
    made: JobcType,
    name: str,
    python_type: object,
    type_check_fn: Callable[[object, object], object] | None,
    description: str | None,
    loader: ConfigType | None,
    accepts: Callable[[object], bool] | None,
) -> JobcType:
    set_field = object.__setattr__
    set_field(made, "name", name)
    set_field(made, "python_type", python_type)
    set_field(made, "type_check_fn", type_check_fn)
    set_field(made, "description", description)
    set_field(made, "loader", loader)
    set_field(made, "accepts", accepts)
    return made


def _checked_type(name: str, python_type: object, accepts: Callable[[object], bool] | None) -> JobcType:
    return _fill(object.__new__(JobcType), name, python_type, None, None, None, accepts)


AnyType = JobcType(name="any")
"""The type of what declares none; its values are not checked."""
Nothing = _checked_type("nothing", type(None), lambda value: value is None)
"""Orders steps without passing data."""


def resolve_type(annotation: object) -> JobcType:
    """Return the type an annotation means: a class, a generic, a union, `Any`, None or a JobcType.

    None is `Nothing`. Equal annotations give the same object.
    Errors: `ParameterCheckError` for what is no type; `InvalidDefinitionError` for `Nothing` inside another
    type.
    """
    if isinstance(annotation, JobcType):
        return annotation
    try:
        return _resolve_once(annotation)
    except TypeError:  # an annotation that holds something unhashable
        return _resolve(annotation)


def with_loader(kind: JobcType, loader: ConfigType) -> JobcType:
    """Return the same type with another way to read values from run config."""
    made = object.__new__(JobcType)
    return _fill(
        made, kind.name, kind.python_type, kind.type_check_fn, kind.description, loader, kind.accepts
    )


def _with_spec_loader(annotation: object) -> JobcType:
    from jobc.runtime.definitions.loading import spec_type

    return spec_type(annotation)


def usable_as_jobc_type(
    name: str | None = None,
    description: str | None = None,
    loader: ConfigType | None = None,
) -> Callable[[C], C]:
    """Decorate a class so that, as an annotation, it carries a name, a description and a loader."""

    def decorate(cls: C) -> C:
        made = _fill(
            object.__new__(JobcType),
            name or cls.__name__,
            cls,
            None,
            description,
            loader,
            _instance_check(cls),
        )
        cls.__jobc_type__ = made  # type: ignore[attr-defined]  # the class is the registry: no table to keep in step
        return cls

    return decorate


@cache
def _resolve_once(annotation: object) -> JobcType:
    return _resolve(annotation)


def _resolve(annotation: object) -> JobcType:
    if annotation is Any or annotation is object:
        return AnyType
    if annotation is None or annotation is type(None):
        return Nothing
    if isinstance(annotation, NewType):
        return resolve_type(annotation.__supertype__)
    if isinstance(annotation, TypeVar):
        return resolve_type(Any if annotation.__bound__ is None else annotation.__bound__)
    if isinstance(annotation, type) and is_plain_class(annotation):
        declared = vars(annotation).get("__jobc_type__")
        if declared is not None:
            return declared  # type: ignore[no-any-return]  # written by `usable_as_jobc_type`
        return _checked_type(annotation.__name__, annotation, _instance_check(annotation))
    from jobc.runtime.definitions.strict_types import lazy_check, type_text

    return _checked_type(type_text(annotation), annotation, lazy_check(annotation))


def is_plain_class(annotation: object) -> bool:
    """Tell whether `isinstance` alone decides about an annotation."""
    return (
        type(annotation) is not types.GenericAlias
        and isinstance(annotation, type)
        and not is_typeddict(annotation)
    )


def _instance_check(cls: type) -> Callable[[object], bool] | None:
    if getattr(cls, "_is_protocol", False) and not getattr(cls, "_is_runtime_protocol", False):
        return None  # a protocol that is not marked for run time cannot be checked there
    taken = (float, int) if cls is float else cls
    return lambda value: isinstance(value, taken)
