"""Rule: tags that jobc reads itself say what it can read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jobc.compiler.bind.program import own
from jobc.compiler.bind.variables import is_reported
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.bind.program import Program
    from jobc.compiler.read import Path

PREFIX = "jobc/"
PRIORITY = "jobc/priority"
MEMOIZED = "jobc/is_memoized_run"
_NUMBER = re.compile(r"\s*[+-]?\d+(_\d+)*\s*")


def check_reserved_tags(program: Program) -> Iterator[Diagnostic]:
    """Report reserved tags with values that mean nothing, and those that only a run has (JC0435)."""
    for op in own(program.ops):
        yield from _priority(program, op.path, op.tags)
    for graph in own(program.graphs):
        for node in graph.nodes:
            if node.definition in program.ops:
                yield from _priority(program, node.options.path, node.options.tags)
    for job in own(program.jobs):
        yield from _memoized(program, job.path, job.tags)
    for config in own(program.partitioned_configs):
        for key in config.tags:
            if key.startswith(PREFIX):
                yield Diagnostic(
                    "JC0435",
                    f"the tag `{key}` of a partition begins with `{PREFIX}`, which is kept for jobc",
                    program.document.locate_key((*config.path, "tags", key)),
                    label="refused when a partition is run",
                    help="give the tag another name",
                )


def _priority(program: Program, path: Path, tags: Mapping[str, str]) -> Iterator[Diagnostic]:
    text, place = tags.get(PRIORITY), (*path, "tags", PRIORITY)
    if text is not None and not _NUMBER.fullmatch(text) and not _is_broken(program, place, text):
        yield Diagnostic(
            "JC0435",
            f"the tag `{PRIORITY}` is `{text}`, not a whole number",
            program.document.tree.locate(place),
            label="expected a whole number",
            help="of the steps that are ready, those with the highest number go first",
        )


def _memoized(program: Program, path: Path, tags: Mapping[str, str]) -> Iterator[Diagnostic]:
    text, place = tags.get(MEMOIZED), (*path, "tags", MEMOIZED)
    if text in (None, "true", "false") or program.document.tree.entry(place) is None:
        return  # not there, in order, or that of the job that this one is derived from
    if not _is_broken(program, place, text):
        yield Diagnostic(
            "JC0435",
            f"the tag `{MEMOIZED}` is `{text}`, neither `true` nor `false`",
            program.document.tree.locate(place),
            label="expected `true` or `false`",
            help="`true` memoises the job; with `false` it is not, whatever its `version_strategy`",
        )


def _is_broken(program: Program, place: Path, text: str | None) -> bool:
    return text == "null" and is_reported(program.document, place, None)
