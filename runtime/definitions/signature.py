"""What a user's function takes and gives, read once.

Functions written in Python are read from their code object: `inspect.signature` costs more than all other
work of a definition together. Everything else that can be called goes through `inspect`.
"""

from __future__ import annotations

from contextlib import suppress
from enum import Enum
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final, Literal

from jobc.runtime.definitions.checks import check_text
from jobc.runtime.definitions.ports import NO_VALUE
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Style = Literal["function", "generator", "async", "async_generator"]

CONTEXT_NAMES = frozenset({"context", "_", "_context", "context_"})
"""First parameters that mean "pass me the context" (SEMANTICS 1)."""

_VARARGS, _VARKEYWORDS, _GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x04, 0x08, 0x20, 0x80, 0x200
_STYLES: tuple[tuple[int, Style], ...] = (
    (_GENERATOR, "generator"),
    (_COROUTINE, "async"),
    (_ASYNC_GENERATOR, "async_generator"),
)


class Unresolved(Enum):
    """The type of `UNRESOLVED`."""

    UNRESOLVED = "unresolved"


UNRESOLVED: Final = Unresolved.UNRESOLVED
"""An annotation whose text names something that only type checkers see; it says nothing at run time."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter that can be given by name; `annotation` and `default` are `NO_VALUE` if there is none."""

    name: str
    annotation: object
    default: object
    by_keyword_only: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes, in order, and gives back; `result` is `NO_VALUE` without an annotation."""

    parameters: tuple[Parameter, ...]
    result: object
    has_var_positional: bool
    has_var_keyword: bool
    style: Style


def read_signature(function: Callable[..., object]) -> Signature:
    """Return the signature of anything that can be called."""
    if isinstance(function, FunctionType) and not hasattr(function, "__wrapped__"):
        return _read_function(function)
    return _read_callable(function)


def _read_function(function: FunctionType) -> Signature:
    code = function.__code__
    positional, keyword_only = code.co_argcount, code.co_kwonlyargcount
    annotations = resolved_annotations(function) if function.__annotations__ else {}
    defaults: tuple[object, ...] = function.__defaults__ or ()
    keyword_defaults: Mapping[str, object] = function.__kwdefaults__ or {}
    first_default = positional - len(defaults)
    parameters = []
    for index, name in enumerate(code.co_varnames[: positional + keyword_only]):
        is_keyword = index >= positional
        if is_keyword:
            default = keyword_defaults.get(name, NO_VALUE)
        else:
            default = defaults[index - first_default] if index >= first_default else NO_VALUE
        parameters.append(Parameter(name, annotations.get(name, NO_VALUE), default, is_keyword))
    flags = code.co_flags
    return Signature(
        tuple(parameters),
        annotations.get("return", NO_VALUE),
        bool(flags & _VARARGS),
        bool(flags & _VARKEYWORDS),
        _style_of_flags(flags),
    )


def _style_of_flags(flags: int) -> Style:
    for flag, style in _STYLES:
        if flags & flag:
            return style
    return "function"


def resolved_annotations(function: Callable[..., object]) -> dict[str, object]:
    """Return the annotations of a function, texts evaluated where the function was written.

    A text that cannot be evaluated there is `UNRESOLVED`: it may name an import that only type checkers see.
    """
    annotations: Mapping[str, object] = getattr(function, "__annotations__", {})
    return {name: _evaluated(value, function) for name, value in annotations.items()}


def _evaluated(annotation: object, function: Callable[..., object]) -> object:
    if not isinstance(annotation, str):
        return annotation
    names: dict[str, Any] = getattr(function, "__globals__", {})
    builtin = _BUILTIN_TYPES.get(annotation, UNRESOLVED)
    if builtin is not UNRESOLVED and annotation not in names:
        return builtin
    try:
        found = eval(annotation, names, _closure(function))  # noqa: S307 - the user's own code
    except (NameError, AttributeError, TypeError, SyntaxError):
        return UNRESOLVED
    return _evaluated(found, function)  # a text again, if the annotation was written in quotes


_BUILTIN_TYPES: Mapping[str, object] = {
    "int": int,
    "str": str,
    "float": float,
    "bool": bool,
    "bytes": bytes,
    "dict": dict,
    "list": list,
    "None": None,
}


def _closure(function: Callable[..., object]) -> dict[str, Any]:
    cells = getattr(function, "__closure__", None) or ()
    names = getattr(getattr(function, "__code__", None), "co_freevars", ())
    found = {}
    for name, cell in zip(names, cells, strict=True):
        with suppress(ValueError):  # a name of the enclosing function that has no value yet
            found[name] = cell.cell_contents
    return found


def _read_callable(function: Callable[..., object]) -> Signature:
    import inspect

    try:
        signature = inspect.signature(function)
    except ValueError:  # some built-ins do not tell
        return Signature((), NO_VALUE, has_var_positional=False, has_var_keyword=False, style="function")
    annotations = resolved_annotations(inspect.unwrap(_code_holder(function)))
    named = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.KEYWORD_ONLY,
    )
    kinds = {parameter.kind for parameter in signature.parameters.values()}
    parameters = tuple(
        Parameter(
            parameter.name,
            annotations.get(parameter.name, NO_VALUE),
            NO_VALUE if parameter.default is parameter.empty else parameter.default,
            parameter.kind is parameter.KEYWORD_ONLY,
        )
        for parameter in signature.parameters.values()
        if parameter.kind in named
    )
    return Signature(
        parameters,
        annotations.get("return", NO_VALUE),
        inspect.Parameter.VAR_POSITIONAL in kinds,
        inspect.Parameter.VAR_KEYWORD in kinds,
        style_of(function),
    )


def style_of(function: Callable[..., object]) -> Style:
    """Tell how a callable is run to its end: called, iterated, awaited, or iterated while awaiting."""
    code = getattr(_code_holder(function), "__code__", None)
    return "function" if code is None else _style_of_flags(code.co_flags)


def _code_holder(function: Callable[..., object]) -> Callable[..., object]:
    """Return what holds the code of a callable: itself, what a partial wraps, or its class's `__call__`."""
    while isinstance(function, partial):
        function = function.func
    if isinstance(function, FunctionType | MethodType | BuiltinFunctionType | type):
        return function
    found: Callable[..., object] = type(function).__call__
    return found


def name_of(function: Callable[..., object], name: str | None) -> str:
    """Return the name given, else that of the function, else that of its class."""
    if check_text(name, "`name`"):
        return str(name)
    return str(getattr(function, "__name__", type(function).__name__))


def description_of(function: Callable[..., object], description: str | None) -> str | None:
    """Return the description given, else the docstring without its indentation, else None."""
    if check_text(description, "`description`"):
        return description
    text = function.__doc__
    if text and "\n" in text:
        from inspect import cleandoc

        return cleandoc(text)
    return text or None
