"""Run the models of the spec language over a plain value.

A document that fits is checked by the models' schema alone, without importing pydantic (see
`jobc.schemas.generate`); only where something does not fit are the models asked what and why.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails, SchemaValidator

    from jobc.compiler.read import Path, Value
    from jobc.compiler.syntax.mistakes import ShapeMistake
    from jobc.schemas.spec import SpecDocument


class Validated(NamedTuple):
    """Either a document that fits the models, or the mistakes in it."""

    spec: SpecDocument | None
    mistakes: tuple[ShapeMistake, ...]


def validate(value: Mapping[str, Value]) -> Validated:
    """Check a value against the models; the mistakes come in the order of the models' fields."""
    from pydantic_core import ValidationError

    try:
        return Validated(cast("SpecDocument", _shape_validator().validate_python(value)), ())
    except ValidationError:
        return Validated(None, _mistakes(value))


@cache
def _shape_validator() -> SchemaValidator:
    from pydantic_core import SchemaValidator

    from jobc.schemas.spec_shape import SCHEMA

    return SchemaValidator(SCHEMA)


def _mistakes(value: Mapping[str, Value]) -> tuple[ShapeMistake, ...]:
    from pydantic import ValidationError

    from jobc.schemas.spec import SpecDocument

    try:
        SpecDocument.model_validate(value)
    except ValidationError as error:
        return tuple(map(_mistake, error.errors(include_url=False, include_input=False)))
    raise AssertionError("the models accept what their schema refuses; regenerate `spec_shape`")


def _mistake(detail: ErrorDetails) -> ShapeMistake:
    from jobc.compiler.syntax.mistakes import ShapeMistake, is_output_of_job
    from jobc.schemas.forms import FORMS
    from jobc.schemas.names import near_names

    path = tuple(part for part in detail["loc"] if part not in FORMS)
    kind = detail["type"]
    meant: tuple[str, ...] = ()
    if kind == "extra_forbidden" and not is_output_of_job(path):
        meant = near_names(str(path[-1]), known_keys(path[:-1]))
    return ShapeMistake(path, kind, detail.get("ctx", {}), meant)


def without_extensions(value: Value) -> Value:
    """Return the value without keys that begin with `x-`, where keys are the language's own."""
    from jobc.schemas.spec_shape import SCHEMA

    inner = {schema["ref"]: schema for schema in SCHEMA["definitions"]}
    return _without_extensions(value, SCHEMA["schema"], inner)


def _without_extensions(value: Value, schema: Any, inner: Mapping[str, Any]) -> Value:  # noqa: ANN401 - a core schema
    kind = schema["type"]
    if kind == "definition-ref":
        return _without_extensions(value, inner[schema["schema_ref"]], inner)
    if kind in ("nullable", "default"):
        return _without_extensions(value, schema["schema"], inner)
    if kind == "tagged-union":
        mapping = schema["choices"].get("~mapping")
        return value if mapping is None else _without_extensions(value, mapping, inner)
    if kind == "dict" and isinstance(value, dict):
        below = schema["values_schema"]
        return {key: _without_extensions(item, below, inner) for key, item in value.items()}
    if kind == "model" and isinstance(value, dict):
        fields = {
            field.get("validation_alias", name): field for name, field in schema["schema"]["fields"].items()
        }
        return {
            key: _without_extensions(item, fields[key]["schema"], inner) if key in fields else item
            for key, item in value.items()
            if not key.startswith("x-")
        }
    return value


def schema_keys(path: Path) -> frozenset[str]:
    """Return the keys that a mapping at `path` may have, none where it is free; pydantic is not imported."""
    from jobc.schemas.spec_shape import SCHEMA

    inner = {schema["ref"]: schema for schema in SCHEMA["definitions"]}
    schema: Any = SCHEMA["schema"]
    for part in path:
        schema = _unwrapped(schema, inner)
        if schema["type"] == "model":
            fields = schema["schema"]["fields"]
            found = next((f for name, f in fields.items() if f.get("validation_alias", name) == part), None)
            if found is None:
                return frozenset()
            schema = found["schema"]
        elif schema["type"] == "dict":
            schema = schema["values_schema"]
    schema = _unwrapped(schema, inner)
    fields = schema["schema"]["fields"] if schema["type"] == "model" else {}
    return frozenset(field.get("validation_alias", name) for name, field in fields.items())


def _unwrapped(schema: Any, inner: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a core schema
    """Return the schema behind references, defaults and the choice between text and a mapping."""
    while schema["type"] in ("definition-ref", "nullable", "default", "tagged-union"):
        if schema["type"] == "definition-ref":
            schema = inner[schema["schema_ref"]]
        elif schema["type"] == "tagged-union":
            schema = schema["choices"].get("~mapping") or schema["choices"]["~text"]
        else:
            schema = schema["schema"]
    return schema


def empty_keys(value: object, path: Path) -> Iterator[Path]:
    """Yield the paths of keys that are written without a value; null is a value for a default."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from empty_keys(item, (*path, key))
    given: Collection[str] = getattr(value, "model_fields_set", ())
    for name in given:
        item = getattr(value, name)
        if item is None and name != "default":
            yield (*path, name)
        elif isinstance(item, dict) or hasattr(item, "model_fields_set"):
            yield from empty_keys(item, (*path, name))


def model_at(path: Path) -> type[BaseModel] | None:
    """Return the model that a mapping at `path` has to fit; None where keys are the author's own."""
    from jobc.schemas.spec import SpecDocument

    annotation: object = SpecDocument
    for part in path:
        annotation = _step(annotation, part)
    return _model_in(annotation)


def known_keys(path: Path) -> tuple[str, ...]:
    """Return the keys a mapping at `path` may have, in the order of the language reference."""
    model = model_at(path)
    if model is None:
        return ()
    keys = (info.alias or name for name, info in model.model_fields.items())
    return tuple(key for key in keys if not key.startswith("~"))


def is_mistyped(key: str, value: Mapping[str, Value], path: Path = ()) -> bool:
    """Tell whether a key of the mapping at a path is there under a name near it, reported as unknown."""
    from jobc.schemas.names import near_names

    known = known_keys(path)
    return key in known and any(
        near_names(other, known)[:1] == (key,) for other in value if other not in known
    )


def explain_key(path: Path) -> tuple[str | None, object | None]:
    """Return what a key is for and an example of its value, where the models say so."""
    model = model_at(path[:-1])
    for name, info in model.model_fields.items() if model else ():
        if (info.alias or name) == path[-1]:
            return info.description, info.examples[0] if info.examples else None
    return None, None


def _step(annotation: object, part: str | int) -> object:
    """Return the annotation of what stands at `part` of a value with this annotation."""
    from typing import get_args

    model = _model_in(annotation)
    if model is not None:
        for name, info in model.model_fields.items():
            if (info.alias or name) == part:
                return info.annotation
        return None
    for choice in _choices(annotation):
        arguments = get_args(choice)
        if len(arguments) == 2:
            return arguments[1]
    return None


def _choices(annotation: object) -> list[object]:
    """Flatten unions and annotations to what a value may be."""
    from types import UnionType
    from typing import Annotated, Union, get_args, get_origin

    origin = get_origin(annotation)
    if origin is Annotated:
        return _choices(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [choice for argument in get_args(annotation) for choice in _choices(argument)]
    return [annotation]


def _model_in(annotation: object) -> type[BaseModel] | None:
    from pydantic import BaseModel

    for choice in _choices(annotation):
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            return choice
    return None
