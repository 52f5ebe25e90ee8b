"""Lower types of the spec language to config types: what a value has to be when it is written in config."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jobc.compiler.syntax.types import Generic, LiteralType, Named, Union
from jobc.runtime import config as types

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.syntax.types import TypeExpr

_SCALARS: dict[str, types.ConfigType] = {
    "any": types.Any,
    "bool": types.Bool,
    "bytes": types.Bytes,
    "date": types.Date,
    "datetime": types.DateTime,
    "float": types.Float,
    "int": types.Int,
    "path": types.Path,
    "secret": types.SecretText,
    "str": types.String,
    "timedelta": types.TimeDelta,
}


def config_type(expression: TypeExpr) -> types.ConfigType | None:
    """Return the config type of a type; None when its values cannot be written in config."""
    if isinstance(expression, Named):
        return _SCALARS.get(expression.name)
    if isinstance(expression, LiteralType):
        return types.Literal(expression.values)
    if isinstance(expression, Generic):
        return _generic(expression)
    return _union(expression) if isinstance(expression, Union) else None


def constrained_type(expression: TypeExpr, constraints: Mapping[str, float | str]) -> types.ConfigType | None:
    """Return the config type of a type with limits on its values.

    Raises `InvalidConfigDefinitionError` for a limit that makes no sense for the type.
    """
    limits = tuple((name, type(bound), bound) for name, bound in constraints.items())
    return _limited(expression, limits)


@lru_cache(maxsize=1024)
def _limited(
    expression: TypeExpr, limits: tuple[tuple[str, type, float | str], ...]
) -> types.ConfigType | None:
    """Return the config type with limits, whose types keep `1`, `1.0` and `True` apart: fields are alike."""
    base = config_type(expression)
    if base is None or not limits:
        return base
    constraints = {name: bound for name, _, bound in limits}
    return types.constrain(base, types.Limits(**constraints))  # type: ignore[arg-type]


def _generic(expression: Generic) -> types.ConfigType | None:
    inner = [config_type(argument) for argument in expression.arguments]
    known = [each for each in inner if each is not None]
    if len(known) < len(inner):
        return None
    if expression.name == "list":
        return types.Array(known[0])
    if expression.name == "set":
        return types.Set(known[0])
    if expression.name == "tuple":
        return types.Tuple(tuple(known))
    return types.Map(*known)


def _union(expression: Union) -> types.ConfigType | None:
    inner = [config_type(member) for member in expression.members if member != Named("none")]
    known = tuple(each for each in inner if each is not None)
    if not known:
        return None
    base = known[0] if len(known) == 1 else types.Union(known)
    return types.Noneable(base) if Named("none") in expression.members else base
