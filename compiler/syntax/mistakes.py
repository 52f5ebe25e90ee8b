"""Say in words what is wrong with the shape of a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from jobc.schemas.diagnostics import Diagnostic, Edit
from jobc.schemas.names import listing, near_names
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobc.compiler.read import Path, Tree


class ShapeMistake(NamedTuple):
    """One thing that does not fit the models.

    `kind` and `facts` are the checker's own words for it; `meant` are the keys an unknown key is near to.
    """

    path: Path
    kind: str
    facts: Mapping[str, object]
    meant: tuple[str, ...]


_EXPECTED = {
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "float_type": "a number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a mapping",
    "string_type": "text",
    "too_short": "a list with at least one entry",
    "union_tag_not_found": "text or a mapping",
}

_BOUNDS = {
    "greater_than": ("gt", "greater than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}

_NOUNS: dict[tuple[str, ...], str] = {
    ("ops",): "op",
    ("graphs",): "graph",
    ("resources",): "resource",
    ("jobs",): "job",
    ("hooks",): "hook",
    ("loggers",): "logger",
    ("executors",): "executor",
    ("config_mappings",): "config mapping",
    ("partitioned_configs",): "partitioned config",
    ("imports",): "import",
    ("profiles",): "profile",
    ("selections",): "selection",
    ("config",): "config field",
    ("inputs",): "input",
    ("outputs",): "output",
    ("nodes",): "node",
    ("vars",): "var",
}


_KINDS: dict[type, str] = {bool: "bool", int: "int", float: "float", list: "list"}
# How deep in a file the field of a definition stands: below `ops`, its name and `config`.
_FIELD_DEPTH = 4
_FLOW_SIGNS = re.compile(r"[\[\]{},?]|: ")


def shown_mistakes(mistakes: Iterable[ShapeMistake]) -> list[ShapeMistake]:
    """Leave out what follows from another mistake: a missing key that was mistyped."""
    mistakes = list(mistakes)
    mistyped = {(*mistake.path[:-1], name) for mistake in mistakes for name in mistake.meant}
    return [each for each in mistakes if not (each.kind == "missing" and each.path in mistyped)]


def is_output_of_job(path: Path) -> bool:
    """Tell whether a key declares outputs of a job, which is not a mistyped `inputs`."""
    return len(path) == 3 and (path[0], path[2]) == ("jobs", "outputs")


def describe(mistake: ShapeMistake, tree: Tree) -> Diagnostic:
    """Turn a mistake into a diagnostic at the key or value at fault."""
    if mistake.kind == "extra_forbidden" and is_output_of_job(mistake.path):
        return _outputs_of_job(mistake, tree)
    if mistake.kind == "extra_forbidden":
        return _unknown_key(mistake, tree)
    if mistake.kind == "missing":
        return _missing_key(mistake, tree)
    if mistake.kind in _BOUNDS:
        return _out_of_range(mistake, tree)
    return _wrong_type(mistake, tree)


def subject(path: Path) -> str:
    """Name the mapping at `path` in words: "op `clean`", "the retry of op `clean`", "the spec"."""
    if not path:
        return "the spec"
    for length in range(len(path), 1, -1):
        noun = _NOUNS.get((str(path[length - 2]),))
        if noun:
            named = f"{noun} `{path[length - 1]}`"
            rest = path[length:]
            return named if not rest else f"`{'.'.join(map(str, rest))}` of {named}"
    return f"`{'.'.join(map(str, path))}`"


def _unknown_key(mistake: ShapeMistake, tree: Tree) -> Diagnostic:
    from jobc.compiler.syntax.models import known_keys

    parent, key = mistake.path[:-1], mistake.path[-1]
    allowed = known_keys(parent)
    edits: tuple[Edit, ...] = ()
    if len(mistake.meant) == 1:
        edits = (Edit(tree.locate_key(mistake.path), mistake.meant[0]),)
    return Diagnostic(
        "JC0201",
        f"unknown key `{key}` in {subject(parent)}",
        tree.locate_key(mistake.path),
        label="no key of this name",
        help=f"did you mean `{mistake.meant[0]}`?"
        if mistake.meant
        else f"expected {listing(allowed, word='or')}",
        suggestions=mistake.meant,
        edits=edits,
    )


def _outputs_of_job(mistake: ShapeMistake, tree: Tree) -> Diagnostic:
    return Diagnostic(
        "JC0428",
        f"job `{mistake.path[1]}` has `outputs`, but a job has no outputs",
        tree.locate_key(mistake.path),
        label="nothing takes this",
        help="remove the key; the output of a node can be read from the result of a run",
    )


def _missing_key(mistake: ShapeMistake, tree: Tree) -> Diagnostic:
    from jobc.compiler.syntax.models import explain_key

    parent, key = mistake.path[:-1], mistake.path[-1]
    purpose, example = explain_key(mistake.path)
    written = f", for example `{key}: {flow_text(example)}`" if example is not None else ""
    return Diagnostic(
        "JC0202",
        f"{subject(parent)} has no `{key}`",
        tree.locate_key(parent),
        label=f"`{key}` is missing",
        help=f"add `{key}`{written}" + (f" ({purpose.rstrip('.').lower()})" if purpose else ""),
    )


def _out_of_range(mistake: ShapeMistake, tree: Tree) -> Diagnostic:
    fact, words = _BOUNDS[mistake.kind]
    return Diagnostic(
        "JC0204",
        f"`{mistake.path[-1]}` is out of range",
        tree.locate(mistake.path),
        label=f"expected {words} {mistake.facts[fact]:g}",
        help=f"give a value that is {words} {mistake.facts[fact]:g}",
    )


def _wrong_type(mistake: ShapeMistake, tree: Tree) -> Diagnostic:
    value = value_at(tree.value, mistake.path)
    expected = _expected(mistake)
    edits: tuple[Edit, ...] = ()
    if mistake.kind == "string_type" and isinstance(value, bool | int | float):
        edits = (Edit(tree.locate(mistake.path), f'"{_written(tree, mistake.path)}"'),)
    return Diagnostic(
        "JC0203",
        f"{_place(mistake.path)} is {words_for(value)}, expected {expected}",
        tree.locate(mistake.path),
        label=f"expected {expected}",
        help=_advice(mistake, value),
        suggestions=near_names(str(value), _choices(mistake)) if mistake.kind == "literal_error" else (),
        edits=edits,
    )


def _written(tree: Tree, path: Path) -> str:
    entry = tree.entry(path)
    return "" if entry is None else tree.source.text[entry.value.start : entry.value.end]


def _expected(mistake: ShapeMistake) -> str:
    if mistake.kind == "literal_error":
        return str(mistake.facts["expected"]).replace("'", "`")
    if mistake.facts.get("discriminator") == "text_or_list()":
        return "text or a list"
    return _EXPECTED.get(mistake.kind, "another kind of value")


def _advice(mistake: ShapeMistake, value: object) -> str:
    if value is None:
        return "give it a value, or remove the key"
    if mistake.kind == "string_type" and isinstance(value, bool | int | float):
        return "put the value in quotes"
    if mistake.kind in ("int_type", "float_type") and isinstance(value, str) and _is_number(value):
        return "write the number without quotes"
    if mistake.kind == "literal_error":
        near = near_names(str(value), _choices(mistake))
        return f"did you mean `{near[0]}`?" if near else f"replace it by {_expected(mistake)}"
    if _is_value_of_field(mistake.path, value):
        noun = "an input" if mistake.path[2] == "inputs" else "a field"
        form = f"{{type: {_KINDS[type(value)]}, default: {flow_text(value)}}}"
        return f"{noun} has a type, and a value is its default: `{form}`"
    if mistake.kind == "list_type" and isinstance(value, str) and value:
        words = value.split() if mistake.path[-1] == "command" else [value]
        return f"write `{flow_text(words)}`"
    _, example = _explained(mistake.path)
    return f"for example `{flow_text(example)}`" if example is not None else f"write {_expected(mistake)}"


def _is_value_of_field(path: Path, value: object) -> bool:
    """Tell whether a value stands where a definition declares a config field, a parameter or an input."""
    is_declared = (
        len(path) == _FIELD_DEPTH and path[0] != "jobs" and path[2] in ("config", "params", "inputs")
    )
    return is_declared and type(value) in _KINDS


def _choices(mistake: ShapeMistake) -> list[str]:
    return str(mistake.facts["expected"]).replace("'", "").replace(" or ", ", ").split(", ")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def flow_text(value: object) -> str:
    """Write a value as YAML on one line: `{root: data}`, `[src]`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow_text, value))}]"
    if isinstance(value, str) and _FLOW_SIGNS.search(value):
        return f'"{value}"'
    return str(value).lower() if isinstance(value, bool) else str(value)


def _explained(path: Path) -> tuple[str | None, object | None]:
    from jobc.compiler.syntax.models import explain_key

    return explain_key(path)


def _place(path: Path) -> str:
    if path and isinstance(path[-1], int):
        return f"item {path[-1] + 1} of `{path[-2]}`"
    return subject(path) if len(path) >= 2 and (str(path[-2]),) in _NOUNS else f"`{str(*path[-1:])}`"


def words_for(value: object) -> str:
    """Say what a value is, as an author of YAML would: "text", "a list", "nothing"."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        if not value:
            return "empty text"
        shown = value if len(value) <= 30 else value[:27] + "..."
        return f"the text `{shown}`" if "\n" not in value else "text"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "a mapping"
