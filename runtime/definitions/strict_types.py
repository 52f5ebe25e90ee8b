"""Checks for types that `isinstance` cannot decide: generics, unions, literals, constrained types.

Pydantic checks them in strict mode. Classes inside are replaced by "instance of the class", so that the
members of a `list[int]` follow the same rule as an `int`: no coercion, a bool is an int, an int does for a
float.
"""

from __future__ import annotations

import types
import typing
from typing import Annotated, Any, Literal, Union, get_args, get_origin, is_typeddict

from jobc.runtime.definitions.types import JobcType, Nothing, is_plain_class
from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError

if typing.TYPE_CHECKING:
    from collections.abc import Callable

_STANDARD_MODULES = frozenset({"builtins", "collections", "collections.abc", "contextlib", "re", "typing"})


def lazy_check(annotation: object) -> Callable[[object], bool]:
    """Return a check for `annotation` that is made when it is first used.

    Errors: at once, `ParameterCheckError` for what is no type and `InvalidDefinitionError` for `Nothing`
    inside it.
    """
    _refuse_what_is_no_type(annotation, annotation)
    made: Callable[[object], bool] | None = None

    def check(value: object) -> bool:
        nonlocal made
        if made is None:
            made = _strict_check(annotation)
        return made(value)

    return check


def type_text(annotation: object) -> str:
    """Return the type as it is written: `list[int]`, `int | None`."""
    if type(annotation) is not types.GenericAlias and isinstance(annotation, type):
        return annotation.__name__
    if isinstance(annotation, JobcType):
        return annotation.name
    if annotation is None or annotation is Ellipsis:
        return "None" if annotation is None else "..."
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Union or origin is types.UnionType:
        return " | ".join("None" if member is type(None) else type_text(member) for member in arguments)
    if isinstance(origin, type) and arguments:
        return f"{origin.__name__}[{', '.join(map(type_text, arguments))}]"
    return str(annotation).replace("typing.", "")


def _refuse_what_is_no_type(annotation: object, whole: object) -> None:
    if annotation is Nothing:
        raise InvalidDefinitionError(
            f"`nothing` cannot be part of the type `{type_text(whole)}`: it carries no value; declare the "
            "port as Nothing"
        )
    if isinstance(annotation, type | JobcType | str | typing.ForwardRef) or annotation in (
        None,
        Any,
        Ellipsis,
    ):
        return
    origin = get_origin(annotation)
    if origin is None and getattr(annotation, "__module__", None) not in ("typing", "typing_extensions"):
        raise ParameterCheckError(
            f"{annotation!r} is not a type; use a class, a generic such as `list[int]` or a JobcType"
        )
    if origin is Literal:
        return
    for argument in get_args(annotation)[: 1 if origin is Annotated else None]:
        for member in argument if isinstance(argument, list) else (argument,):
            _refuse_what_is_no_type(member, whole)


def _strict_check(annotation: object) -> Callable[[object], bool]:
    from pydantic import ConfigDict, TypeAdapter, ValidationError

    # Wrapped in a tuple, for pydantic refuses a config beside a TypedDict that could have its own.
    wrapped: Any = tuple.__class_getitem__(_by_instance(annotation))
    config = ConfigDict(strict=True, arbitrary_types_allowed=True)
    validate = TypeAdapter(wrapped, config=config).validator.validate_python

    def check(value: object) -> bool:
        try:
            validate((value,))
        except ValidationError:
            return False
        return True

    return check


def _by_instance(annotation: object) -> Any:
    from pydantic import AfterValidator, InstanceOf

    if isinstance(annotation, JobcType):
        return Annotated[Any, AfterValidator(_must_pass(annotation))]
    if annotation is Any or annotation is object:
        return Any
    if is_typeddict(annotation):
        return _typed_dict(annotation)
    instance_of: Any = InstanceOf
    if annotation is float:
        return Union[instance_of[float], instance_of[int]]  # noqa: UP007 - known at run time only
    if is_plain_class(annotation):
        return instance_of[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return Annotated[(_constrained(arguments[0]), *arguments[1:])]
    if origin is Union or origin is types.UnionType:
        return Union[tuple(map(_by_instance, arguments))]  # noqa: UP007 - known at run time only
    if not isinstance(origin, type) or not arguments or isinstance(arguments[0], list):
        return annotation
    if origin.__module__ not in _STANDARD_MODULES:
        return instance_of[origin]  # the arguments of a user's generic class leave no trace
    members = tuple(argument if argument is Ellipsis else _by_instance(argument) for argument in arguments)
    return origin[members]  # type: ignore[index]  # origin takes the arguments it had


def _typed_dict(annotation: Any) -> Any:
    """Return the typed dict with members by instance, in the form that pydantic takes on every Python."""
    import typing_extensions

    members = {
        name: _by_instance(hint)
        if name in annotation.__required_keys__
        else typing_extensions.NotRequired[_by_instance(hint)]
        for name, hint in typing.get_type_hints(annotation, include_extras=False).items()
    }
    return typing_extensions.TypedDict(annotation.__name__, members)  # type: ignore[operator]  # known at run time only


def _constrained(annotation: object) -> Any:
    """Keep plain classes as they are: `Annotated[int, Ge(1)]` must stay an int for its constraint."""
    return annotation if is_plain_class(annotation) else _by_instance(annotation)


def _must_pass(checked: JobcType) -> Callable[[object], object]:
    def validate(value: object) -> object:
        answer = checked.check(value)
        if not (answer if isinstance(answer, bool) else answer.success):
            raise ValueError(checked.name)
        return value

    return validate
