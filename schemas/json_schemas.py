"""Write the JSON Schemas in `schemas/json/` from the models: `python -m jobc.schemas.json_schemas`.

One for each kind of document: a spec (for editors), the IR, diagnostics, a lock file. A test writes them anew
and compares; another compares the verdict on random specs with that of the compiler.
"""

from __future__ import annotations

import json
from keyword import kwlist
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from jobc.schemas.diagnostics_document import DiagnosticsDocument
from jobc.schemas.ir.job_document import IrSpec
from jobc.schemas.lock import LockDocument
from jobc.schemas.names import RESERVED_NAMES
from jobc.schemas.spec import Spec, SpecDocument

if TYPE_CHECKING:
    from pydantic import BaseModel

Schema: TypeAlias = dict[str, Any]

FOLDER = Path(__file__).resolve().with_name("json")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLUG_IN_KEY = "~plug-in"

_TITLES: dict[str, tuple[type[BaseModel], str]] = {
    "spec": (SpecDocument, "A jobc spec, version 1"),
    "ir": (IrSpec, "Compiled jobs (`jobc compile -o`)"),
    "diagnostics": (DiagnosticsDocument, "What `jobc validate --format json` prints"),
    "lock": (LockDocument, "Digests of compiled jobs (`jobc compile --lock`)"),
}
# Mappings whose keys name what functions are made of: those words are the functions' own.
_FUNCTION_LIKE = frozenset({"graphs", "jobs", "nodes", "ops"})
# By model: the fields that are mappings by name.
_NAMED: dict[str, frozenset[str]] = {
    "SpecDocument": frozenset(SpecDocument.model_fields) - {"jobc", "description", "python_path"},
    "OpSpec": frozenset({"inputs", "outputs", "config"}),
    "GraphSpec": frozenset({"inputs", "nodes", "outputs"}),
    "ResourceSpec": frozenset({"config"}),
    "LoggerSpec": frozenset({"config"}),
    "ExecutorSpec": frozenset({"config"}),
    "ConfigMappingSpec": frozenset({"params"}),
    "ConfigFieldSpec": frozenset({"fields", "one_of"}),
    "PartitionsSpec": frozenset({"multi"}),
    "JobSpec": frozenset({"nodes"}),
}
# By model: the lists of names of things that are defined elsewhere.
_REFERENCES: dict[str, frozenset[str]] = {
    name: frozenset({"resources"}) for name in ("OpSpec", "ResourceSpec", "HookSpec")
}


def schema_of(kind: str) -> Schema:
    """Return the JSON Schema of a kind of document: `spec`, `ir`, `diagnostics` or `lock`."""
    model, title = _TITLES[kind]
    schema = model.model_json_schema(by_alias=True)
    is_spec = issubclass(model, Spec)
    definitions = schema.pop("$defs", {})
    document = _model(model.__name__, schema, is_spec=is_spec)
    document["title"] = title
    document["$defs"] = {
        name: _model(name, each, is_spec=is_spec) for name, each in sorted(definitions.items())
    }
    return {"$schema": DIALECT, **document}


def text_of(kind: str) -> str:
    """Return the text of a schema file."""
    return json.dumps(schema_of(kind), indent=2) + "\n"


def _model(name: str, schema: Schema, *, is_spec: bool) -> Schema:
    """Return the schema of one model, without what pydantic says that an editor should not show."""
    clean: Schema = {key: value for key, value in schema.items() if key not in ("properties", "title")}
    clean["description"] = " ".join(str(schema.get("description", "")).split())
    clean["properties"] = {
        key: _property(name, key, each, is_spec=is_spec)
        for key, each in schema.get("properties", {}).items()
        if key != PLUG_IN_KEY
    }
    if is_spec:
        clean["patternProperties"] = {"^x-": {"description": "Free: jobc does not look at it."}}
    if name == "SpecDocument":
        clean["properties"]["jobc"] = {**clean["properties"]["jobc"], "const": 1}
    return clean


def _property(model: str, key: str, schema: Schema, *, is_spec: bool) -> Schema:
    clean = {name: value for name, value in schema.items() if name != "title"}
    choices = clean.get("anyOf", [])
    if is_spec and {"type": "null"} in choices:
        rest = [choice for choice in choices if choice != {"type": "null"}]
        del clean["anyOf"]
        clean = {**(rest[0] if len(rest) == 1 else {"anyOf": rest}), **clean}
    if clean.get("default", "") is None:
        del clean["default"]
    if key in _NAMED.get(model, ()):
        clean["propertyNames"] = _names(key)
    if key in _REFERENCES.get(model, ()):
        clean["items"] = {**clean["items"], **_reference()}
    return clean


def _names(key: str) -> Schema:
    """Return the schema of the names that the keys of a mapping may be (DESIGN 3, "Names")."""
    refused = set(kwlist)
    if key in _FUNCTION_LIKE:
        refused |= RESERVED_NAMES
    if key == "nodes":
        refused.add("inputs")
    return {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "not": {"enum": sorted(refused)}}


def _reference() -> Schema:
    """Return the schema of the name of something, in this file or (`import.name`) in another."""
    return {
        "pattern": r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$",
        "not": {"enum": sorted(kwlist)},
    }


def write() -> None:
    """Write all schema files."""
    FOLDER.mkdir(exist_ok=True)
    for kind in _TITLES:
        (FOLDER / f"{kind}.schema.json").write_text(text_of(kind), encoding="utf-8")


KINDS = tuple(_TITLES)

if __name__ == "__main__":
    write()
