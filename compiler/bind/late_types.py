"""Stand-ins for values that are known at the run only, by which their types are checked before it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from jobc.compiler.syntax.templates import is_plain
from jobc.runtime.config import Constrained, Noneable, Source, Union
from jobc.runtime.config.containers import Array, Map
from jobc.runtime.config.scalars import BoolType, FloatType, IntType
from jobc.runtime.config.shapes import Fields
from jobc.runtime.expressions.scopes import ENV, RUN
from jobc.runtime.expressions.types import DATETIME, STR, MappingType, Record, head_of
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.runtime.config import ConfigProblem, ConfigType
    from jobc.runtime.expressions.types import Type

PARTITION: Type = Record({"key": STR, "start": DATETIME, "end": DATETIME, "dims": MappingType(STR)})
_SAMPLES: dict[str, object] = {
    "null": None,
    "bool": True,
    "int": 1,
    "float": 0.5,
    "str": "a text of the run",
    "date": date(2024, 1, 1),
    "datetime": datetime(2024, 1, 1, tzinfo=UTC),
    "list": [],
    "mapping": {},
}
# What no text is a value of.
_NO_TEXT = (IntType, FloatType, BoolType, Array, Map, Fields)


def is_late(value: object) -> bool:
    """Tell whether a bound value is a text that holds an expression of the run."""
    return isinstance(value, str) and not is_plain(value.replace("$${", ""))


def with_samples(value: object, roots: Mapping[str, Type]) -> object:
    """Return a bound value with samples in place of texts that hold expressions of the run."""
    if isinstance(value, dict):
        return {key: with_samples(item, roots) for key, item in value.items()}
    if isinstance(value, list):
        return [with_samples(item, roots) for item in value]
    if not isinstance(value, str) or is_plain(value):
        return value
    return _SAMPLES.get(late_head(value, roots)) if is_late(value) else value.replace("$${", "${")


def late_head(text: str, roots: Mapping[str, Type]) -> str:
    """Return what kind of value a text with expressions has; `any` where it cannot be told."""
    from jobc.runtime.expressions import Scope, infer, parse_template

    template, _ = parse_template(text)
    if template is None:
        return "any"
    if template.single is None:
        return "str"
    inferred = infer(template.single, Scope({"env": ENV, "run": RUN, "partition": PARTITION, **roots}))
    return "any" if inferred.problems else head_of(inferred.type)


def is_settled(problem: ConfigProblem, text: str, kind: ConfigType | None, roots: Mapping[str, Type]) -> bool:
    """Tell whether a problem of the sample for a text is one whatever the run brings."""
    head = late_head(text, roots)
    if problem.kind not in ("type", "none") or head in ("any", "list", "mapping"):
        return False
    return head != "str" or (kind is not None and not takes_text(kind))


def first_late(value: object, problem: ConfigProblem) -> str | None:
    """Return the text with expressions that a problem may come from: at its place, or below it.

    What keys a mapping has does not depend on what is below it.
    """
    found = value_at(value, problem.path)
    if problem.kind in ("unknown", "missing", "selector"):
        return str(found) if is_late(found) else None
    return next(_late_texts(found), None)


def _late_texts(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _late_texts(item)
    elif is_late(value):
        yield str(value)


def takes_text(kind: ConfigType) -> bool:
    """Tell whether some text is a value of a config type."""
    if isinstance(kind, Noneable):
        return takes_text(kind.inner_type)
    if isinstance(kind, Union):
        return any(map(takes_text, kind.members))
    if isinstance(kind, Constrained | Source):
        return takes_text(kind.scalar)
    return not isinstance(kind, _NO_TEXT)
