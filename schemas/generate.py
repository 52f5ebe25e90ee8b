"""Write `schemas/spec_shape.py` from the models: `python -m jobc.schemas.generate`.

Importing pydantic and building the models costs more than checking a file. The models' own core schema, with
light classes in place of the models, is plain data: written down as a module, it lets `pydantic-core` check a
document alone. A test regenerates the module and compares; another compares verdicts.
"""

from __future__ import annotations

from pathlib import Path
from pprint import pformat
from typing import Any

from jobc.schemas.forms import text_or_list, text_or_mapping
from jobc.schemas.spec import SpecDocument

SHAPE_FILE = Path(__file__).resolve().with_name("spec_shape.py")

_HEAD = '''"""Generated from `jobc.schemas.spec` by `python -m jobc.schemas.generate`: do not edit."""

from typing import Any

from jobc.schemas.forms import text_or_list, text_or_mapping
from jobc.schemas.light import Light

'''
_KEPT = frozenset(
    {
        "choices",
        "cls",
        "config",
        "copy_default",
        "default",
        "definitions",
        "discriminator",
        "expected",
        "extra_fields_behavior",
        "fields",
        "ge",
        "gt",
        "items_schema",
        "keys_schema",
        "min_length",
        "ref",
        "schema",
        "schema_ref",
        "strict",
        "type",
        "validation_alias",
        "values_schema",
    }
)


class _Name:
    """Stands in the schema for a class or function of the generated module."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


def shape_module() -> str:
    """Return the text of the generated module."""
    classes: dict[str, None] = {}
    schema = _plain(SpecDocument.__pydantic_core_schema__, classes)
    lines = [f"class {name}(Light):\n    __slots__ = ()\n\n" for name in classes]
    body = pformat(schema, width=108, sort_dicts=True)
    return f"{_HEAD}\n{chr(10).join(lines)}\nSCHEMA: Any = {body}\n"


def _plain(schema: Any, classes: dict[str, None]) -> Any:  # noqa: ANN401 - a core schema is made of anything
    """Return a core schema as literals and names; every class met is added to `classes`."""
    if isinstance(schema, dict):
        if "type" not in schema or not isinstance(schema["type"], str):
            return {key: _plain(value, classes) for key, value in sorted(schema.items())}
        return {
            key: _reference(value) if key in ("ref", "schema_ref") else _plain(value, classes)
            for key, value in schema.items()
            if key in _KEPT
        }
    if isinstance(schema, list):
        return [_plain(value, classes) for value in schema]
    if isinstance(schema, type):
        classes[schema.__name__] = None
        return _Name(schema.__name__)
    if schema in (text_or_list, text_or_mapping):
        return _Name(schema.__name__)
    return schema


def _reference(text: str) -> str:
    """Return a reference without the address that makes it differ from run to run."""
    return text.partition(":")[0].rpartition(".")[2]


if __name__ == "__main__":
    SHAPE_FILE.write_text(shape_module(), encoding="utf-8")
