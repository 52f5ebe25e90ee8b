"""`jobc schema`: JSON Schemas, of the documents jobc reads and writes and of one job's run config."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jobc.schemas
from jobc.cli import MISTAKES, OK
from jobc.cli.terminal import print_diagnostics

if TYPE_CHECKING:
    from jobc.runtime.config.json_schema import Schema

KINDS = ("spec", "ir", "diagnostics", "lock")
FOLDER = Path(jobc.schemas.__file__).with_name("json")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_file(kind: str) -> Path:
    """Return the file that holds the schema of a kind of document."""
    return FOLDER / f"{kind}.schema.json"


def print_schema(kind: str) -> int:
    """Print the schema of a kind of document."""
    sys.stdout.write(schema_file(kind).read_text(encoding="utf-8"))
    return OK


def print_run_config_schema(pointer: str, profile: str | None) -> int:
    """Print the schema of a job's run config: what `--config` takes."""
    from jobc.compiler.pipeline import CompileError
    from jobc.compiler.run_config import run_config_of

    try:
        shape = run_config_of(pointer, profile=profile)
    except CompileError as error:
        print_diagnostics(error.diagnostics, error.texts, files=1, jobs=0)
        return MISTAKES
    from jobc.runtime.config.json_schema import json_schema

    schema: Schema = {"$schema": DIALECT, "title": f"Run config of {pointer}", **json_schema(shape)}
    print(json.dumps(schema, indent=2))
    return OK
