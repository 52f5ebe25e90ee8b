"""`jobc new`: a small project that runs, to begin with."""

from __future__ import annotations

import sys
from pathlib import Path

from jobc.cli import OK, USAGE
from jobc.cli.schema import schema_file
from jobc.schemas.names import is_spec_name

SCHEMA_NAME = "jobc.schema.json"

_SPEC = """\
# yaml-language-server: $schema=./{schema}
jobc: 1
description: {name}, a job to begin with

vars:
  greeting: Hello

resources:
  roster:
    python: {module}:roster
    config: {{path: path}}
    with: {{path: names.txt}}

ops:
  read_names:
    python: {module}:read_names
  greet:
    python: {module}:greet
    config:
      greeting: {{type: str, default: "${{vars.greeting}}", min_length: 1}}

graphs:
  greetings:
    wiring: |
      names = read_names()
      lines = greet(names)
      return lines=lines

jobs:
  {name}:
    graph: greetings
    tags: {{team: {name}}}
"""

_MODULE = '''\
"""The functions of {name}; they know nothing of jobc."""

from pathlib import Path


def roster(path: Path) -> list[str]:
    """Open the resource: the names, one for each line of a file."""
    return path.read_text().split()


def read_names(roster: list[str]) -> list[str]:
    """Return the names, sorted."""
    return sorted(roster)


def greet(names: list[str], greeting: str) -> list[str]:
    """Return one line for each name."""
    return [f"{{greeting}}, {{name}}!" for name in names]
'''

_NAMES = "Ada\nGrace\nKatherine\n"
_IGNORED = ".jobc/\n__pycache__/\n"


def make_project(text: str) -> int:
    """Make a folder with a spec, the functions it names, and the schema that editors complete it with."""
    folder = Path(text)
    name = folder.name
    refusal = _refusal(folder, name)
    if refusal is not None:
        print(f"Error: {refusal}", file=sys.stderr)
        return USAGE
    module = f"{name}_functions"
    files = {
        f"{name}.yaml": _SPEC.format(name=name, module=module, schema=SCHEMA_NAME),
        f"{module}.py": _MODULE.format(name=name),
        "names.txt": _NAMES,
        SCHEMA_NAME: schema_file("spec").read_text(encoding="utf-8"),
        ".gitignore": _IGNORED,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        (folder / file).write_text(content, encoding="utf-8")
    spec = (folder / f"{name}.yaml").as_posix()
    print(f"made {folder.as_posix()}/ with {', '.join(files)}")
    print(f"try: jobc validate {spec} && jobc run {spec}#{name}")
    return OK


def _refusal(folder: Path, name: str) -> str | None:
    """Say why no project can be made there; None when one can."""
    if not is_spec_name(name):
        return (
            f"`{name}` cannot be a name: letters, digits and `_`, not beginning with a digit, no Python word"
        )
    if folder.exists() and not folder.is_dir():
        return f"`{folder}` is a file"
    if folder.is_dir() and any(folder.iterdir()):
        return f"the folder `{folder}` is not empty"
    return None
