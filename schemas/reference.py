"""Write `docs/keys.md`, the table of every key, from the models: `python -m jobc.schemas.reference`.

A test writes it anew and compares; another checks every example in it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from jobc.schemas.json_schemas import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.schemas.json_schemas import Schema

PAGE = Path(__file__).resolve().parents[1] / "docs" / "keys.md"

_HEAD = """\
# Every key of a spec

One table for each kind of mapping, written from the models that specs are checked against
(`python -m jobc.schemas.reference`). [The reference](language.md) says what the keys mean. Keys that begin
with `x-` may stand in all of these mappings; jobc does not look at them.
"""
# What the mappings of each model are called, in the order of the page.
_PLACES = {
    "SpecDocument": "the file",
    "ImportSpec": "`imports.NAME`, in its long form",
    "ProfileSpec": "`profiles.NAME`",
    "OpSpec": "`ops.NAME`",
    "InputSpec": "`ops.NAME.inputs.NAME` and `graphs.NAME.inputs.NAME`, in their long form",
    "OutputSpec": "`ops.NAME.outputs.NAME`, in its long form",
    "ConfigFieldSpec": "a config field, in its long form",
    "RetrySpec": "`retry`",
    "GraphSpec": "`graphs.NAME`",
    "NodeSpec": "`graphs.NAME.nodes.NAME` and `jobs.NAME.nodes.NAME`",
    "ResourceSpec": "`resources.NAME`",
    "HookSpec": "`hooks.NAME`",
    "LoggerSpec": "`loggers.NAME`",
    "ExecutorSpec": "`executors.NAME`",
    "PartitionsSpec": "`partitions.NAME`",
    "HourlySpec": "`partitions.NAME.hourly`",
    "DailySpec": "`partitions.NAME.daily`",
    "WeeklySpec": "`partitions.NAME.weekly`",
    "MonthlySpec": "`partitions.NAME.monthly`",
    "CronSpec": "`partitions.NAME.cron`",
    "ConfigMappingSpec": "`config_mappings.NAME`",
    "PartitionedConfigSpec": "`partitioned_configs.NAME`",
    "JobSpec": "`jobs.NAME`",
    "VersionStrategySpec": "`jobs.NAME.version_strategy`, in its long form",
}
_FORMS = {
    "text": "text",
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
}


def reference() -> str:
    """Return the text of the page."""
    schema = schema_of("spec")
    models = {"SpecDocument": schema, **schema["$defs"]}
    assert models.keys() == _PLACES.keys(), models.keys() ^ _PLACES.keys()
    return "\n".join([_HEAD, *(line for name in _PLACES for line in _table(name, models[name]))])


def _table(name: str, model: Schema) -> Iterator[str]:
    place = _PLACES[name]
    yield f"## {place[0].upper()}{place[1:]}"
    yield ""
    yield model["description"]
    yield ""
    yield "| key | value | default | what it is for | example |"
    yield "| --- | --- | --- | --- | --- |"
    required = model.get("required", ())
    for key, field in model["properties"].items():
        default = "required" if key in required else _default(field)
        cells = (f"`{key}`", _form(field), default, field["description"], _code(field["examples"][0]))
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def _default(field: Schema) -> str:
    return _code(field["default"]) if "default" in field else ""


def _form(field: Schema) -> str:
    """Say in words what a value may be."""
    if "enum" in field:
        return " or ".join(_code(each) for each in field["enum"])
    if "const" in field:
        return _code(field["const"])
    if "$ref" in field:
        place = _PLACES[field["$ref"].rpartition("/")[2]]
        return f"a mapping: {place.removesuffix(', in its long form')}"
    for choices in ("anyOf", "oneOf"):
        if choices in field:
            return " or ".join(dict.fromkeys(_form(each) for each in field[choices]))
    kind = field.get("type")
    if kind == "array":
        return f"list of {_form(field['items'])}"
    if kind == "object":
        inner = field.get("additionalProperties")
        return f"mapping to {_form(inner)}" if isinstance(inner, dict) and inner else "mapping"
    return _FORMS.get(str(kind), "anything")


def _code(value: object) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`"


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
