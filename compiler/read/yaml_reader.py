"""Read YAML: parser events in, a tree out; the referee is asked where libyaml refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jobc.compiler.read.limits import REFEREE_CHARACTERS
from jobc.compiler.read.yaml_build import Halt, TreeBuilder
from jobc.compiler.read.yaml_events import (
    EventStream,
    Rejection,
    has_libyaml,
    libyaml_events,
    referee_events,
    rejection,
)
from jobc.compiler.read.yaml_tabs import find_tabs
from jobc.compiler.read.yaml_tree import YamlTree
from jobc.compiler.read.yaml_verdict import explain
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from jobc.compiler.read.source import Source
    from jobc.compiler.read.tree import Tree

# What YAML does not allow, or what its parsers take for a line end though YAML 1.2 does not.
_UNWRITABLE: Final = re.compile("[\x80-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def read_yaml(source: Source) -> tuple[Tree | None, list[Diagnostic]]:
    """Read a YAML or JSON text; no tree if no parser accepts it or a limit is exceeded."""
    unwritable = None if source.text.isascii() else _find_unwritable(source)
    if unwritable:
        return None, [unwritable]
    try:
        outcome = _first_verdict(source)
    except Halt as halt:
        return None, [halt.diagnostic]
    if isinstance(outcome, Rejection):
        return None, [explain(source, outcome)]
    builder, tree = outcome
    return tree, builder.faults.diagnostics


def _first_verdict(source: Source) -> tuple[TreeBuilder, Tree] | Rejection:
    if not has_libyaml():
        return _build(source, referee_events(source.text))
    outcome = _build(source, libyaml_events(source.text))
    if not isinstance(outcome, Rejection) and "\t" in source.text:
        outcome[0].faults.diagnostics += find_tabs(source, libyaml_events(source.text))
    if not isinstance(outcome, Rejection) or len(source.text) > REFEREE_CHARACTERS:
        return outcome
    verdict = _build(source, referee_events(source.text))
    broke_down = isinstance(verdict, Rejection) and verdict.offset is None
    return outcome if broke_down else verdict


def _build(source: Source, stream: EventStream) -> tuple[TreeBuilder, Tree] | Rejection:
    builder = TreeBuilder(source, stream)
    try:
        holes = builder.run()
    except stream.failures as error:
        return rejection(error, len(source.text))
    return builder, YamlTree(source, builder, holes)


def _find_unwritable(source: Source) -> Diagnostic | None:
    match = _UNWRITABLE.search(source.text)
    if match is None:
        return None
    code = f"{ord(match.group()):04X}"
    return Diagnostic(
        "JC0108",
        f"the character `U+{code}` cannot stand in YAML text",
        source.location(match.start(), match.end()),
        label="expected printable text",
        help=f"delete it, or write it as `\\u{code}` in a double-quoted string",
    )
