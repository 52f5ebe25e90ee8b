"""Values of inputs from run config (SEMANTICS 3, "Input values by type").

For each type that config can express there is a config type, and what processing makes of a written value is
the value of the input. Values of the simple types may be written as they are; all may be written `{value:
…}`, `{json: {path: …}}` or `{pickle: {path: …}}`, and values of type any only so, since anything else could
not be told from these forms.
"""

from __future__ import annotations

import json
import types
import typing
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from jobc.runtime import config
from jobc.runtime.config.base import SHOWN_LEVELS, ConfigType
from jobc.runtime.config.problems import Misfit
from jobc.runtime.config.reading import Filling
from jobc.runtime.definitions.checks import check_function
from jobc.runtime.definitions.types import AnyType, JobcType, resolve_type, with_loader
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobc.runtime.config.places import Place
    from jobc.runtime.config.reading import Reading

_SCALARS: Mapping[object, ConfigType] = {
    int: config.Int,
    float: config.Float,
    bool: config.Bool,
    str: config.String,
}
_SCALARS_AND_TEXTS: Mapping[object, ConfigType] = {
    **_SCALARS,
    FilePath: config.Path,
    date: config.Date,
    datetime: config.DateTime,
    timedelta: config.TimeDelta,
    bytes: config.Bytes,
}


@dataclass(frozen=True, slots=True)
class Converted(ConfigType):
    """A config type whose values become something else when they are resolved: what `convert` makes of them.

    `convert` may raise `Misfit`, which is reported at the value; anything else it raises goes through.
    """

    inner: ConfigType
    convert: Callable[[Any], object]

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return what `convert` makes of the value read, or the value as written."""
        before = len(reading.problems)
        found = self.inner.read(value, place, reading)
        if len(reading.problems) > before or isinstance(reading, Filling):
            return found
        try:
            return self.convert(found)
        except Misfit as misfit:
            reading.report(place, misfit)
            return None

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Describe what may be written."""
        return self.inner.describe(levels)

    def example(self) -> object:
        """Return an example of what may be written."""
        return self.inner.example()

    def implicit_default(self) -> object:
        """Return the default of what may be written."""
        return self.inner.implicit_default()

    def hides_values(self) -> bool:
        """Tell whether values are hidden."""
        return self.inner.hides_values()


def type_loader(config_schema: object) -> Callable[[Callable[[Any], object]], ConfigType]:
    """Decorate a function from config of a schema to a value, so that a type can be given it as `loader`.

    Errors: `InvalidConfigDefinitionError` for what is no schema.
    """
    schema = config.as_config_type(config_schema)

    def decorate(function: Callable[[Any], object]) -> ConfigType:
        return Converted(schema, check_function(function, "the function of a type loader"))

    return decorate


def load_config_type(kind: JobcType) -> ConfigType | None:
    """Return the config type that reads values of a type, or None if they cannot be given in run config."""
    if kind.loader is not None:
        return kind.loader
    if kind.is_nothing or kind.type_check_fn is not None:
        return None
    return _ANY if kind is AnyType else _known_loader(kind)


def spec_type(annotation: object) -> JobcType:
    """Return the type that a spec's type text means: it reads more from config than the Python type does.

    Besides scalars, lists and dicts these are paths, dates, datetimes, durations, bytes (base64), literals,
    sets, tuples and unions (DESIGN 3, "Inputs"). Equal annotations give the same object.
    """
    kind = resolve_type(annotation)
    if kind is AnyType or kind.is_nothing or kind.loader is not None or kind.type_check_fn is not None:
        return kind
    return _spec_type(kind)


@cache
def _spec_type(kind: JobcType) -> JobcType:
    loader = _spec_loader(kind.python_type)
    return kind if loader is None else with_loader(kind, loader)


@cache
def _known_loader(kind: JobcType) -> ConfigType | None:
    return _python_loader(kind.python_type)


def _python_loader(annotation: object) -> ConfigType | None:
    """Return how the types of the Jobs API are read: scalars, lists and dicts of them, and optional ones."""
    simple = _simple_loader(annotation, _SCALARS)
    if simple is not None:
        return simple
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType) and len(arguments) == 2 and type(None) in arguments:
        inner = _python_loader(arguments[0] if arguments[1] is type(None) else arguments[1])
        return None if inner is None else config.Noneable(inner)
    return _container_loader(origin, arguments, _python_loader)


def _spec_loader(annotation: object) -> ConfigType | None:
    """Return how the types of specs are read: these and more (DESIGN 3, "Inputs")."""
    simple = _simple_loader(annotation, _SCALARS_AND_TEXTS)
    if simple is not None:
        return simple
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _union_loader(arguments)
    if origin is Literal:
        return config.Literal(arguments)
    if origin is typing.Annotated:
        return _spec_loader(arguments[0])
    if origin in (set, frozenset):
        items = _spec_loader(arguments[0])
        return None if items is None else Converted(config.Array(items), typing.cast("type[Any]", origin))
    if origin is tuple:
        return _tuple_loader(arguments)
    return _container_loader(origin, arguments, _spec_loader)


def _simple_loader(annotation: object, leaves: Mapping[object, ConfigType]) -> ConfigType | None:
    if annotation is Any:
        return _ANY
    if isinstance(annotation, JobcType):
        return load_config_type(annotation)
    if annotation is dict:
        return config.Permissive()
    if annotation is list:
        return config.Array(_ANY)
    leaf = leaves.get(annotation) if isinstance(annotation, type) else None
    return None if leaf is None else config.ScalarUnion(leaf, _written(leaf))


def _container_loader(
    origin: object, arguments: tuple[object, ...], loader_of: Callable[[object], ConfigType | None]
) -> ConfigType | None:
    if origin is list:
        items = loader_of(arguments[0])
        return None if items is None else config.Array(items)
    if origin is dict and arguments[0] is str:
        values = loader_of(arguments[1])
        return None if values is None else config.Map(config.String, values)
    return None


def _union_loader(arguments: tuple[object, ...]) -> ConfigType | None:
    members = [_spec_loader(argument) for argument in arguments if argument is not type(None)]
    found = [member for member in members if member is not None]
    if len(found) < len(members):
        return None
    inner = found[0] if len(found) == 1 else config.Union(tuple(found))
    return config.Noneable(inner) if type(None) in arguments else inner


def _tuple_loader(arguments: tuple[object, ...]) -> ConfigType | None:
    members = [_spec_loader(argument) for argument in arguments if argument is not Ellipsis]
    found = [member for member in members if member is not None]
    if len(found) < len(members):
        return None
    if Ellipsis in arguments:
        return Converted(config.Array(found[0]), tuple)
    return config.Tuple(tuple(found))


def _written(inner: ConfigType) -> ConfigType:
    forms = config.Selector({"value": inner, "json": {"path": str}, "pickle": {"path": str}})
    return Converted(forms, _value_of_form)


def _value_of_form(chosen: Mapping[str, Any]) -> object:
    ((form, content),) = chosen.items()
    if form == "value":
        return content
    import pickle

    path = FilePath(content["path"])
    try:
        data = path.read_bytes()
        return json.loads(data) if form == "json" else pickle.loads(data)  # noqa: S301 - whoever runs the job names it
    except (OSError, ValueError, pickle.UnpicklingError, EOFError) as error:
        raise Misfit(f"the value cannot be read from `{path}`: {error}") from error


_ANY = _written(config.Any)
