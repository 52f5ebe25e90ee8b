"""`jobc select`: what queries select in a job, and how they come to it."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, NamedTuple

from jobc.cli import MISTAKES, OK
from jobc.cli.loading import loaded_or_reported
from jobc.cli.pictures import picture
from jobc.cli.selecting import found_or_reported
from jobc.cli.spec_options import AS_WRITTEN, SpecOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.selection import Selection
    from jobc.runtime.selection.expressions import Except, Expression

WIDTH = 100
"""The width of a line of an explanation, unless one word is longer."""


class SelectRequest(NamedTuple):
    """The options of the command; `queries` are one or more."""

    pointer: str
    queries: tuple[str, ...]
    form: str = "human"
    options: SpecOptions = AS_WRITTEN


class _Found(NamedTuple):
    job: JobDefinition
    selection: Selection


def show_selection(request: SelectRequest) -> int:
    """Print what the queries select together, in the form that was asked for."""
    found = _found(request)
    if found is None:
        return MISTAKES
    paths = found.selection.paths
    if request.form == "human":
        print("\n".join(paths))
    elif request.form == "json":
        print(json.dumps({"selected": list(paths)}))
    else:
        sys.stdout.write(picture(found.job, set(paths), request.form))
    return OK


def explain_selection(request: SelectRequest) -> int:
    """Print what every part of the queries selects, for people or as JSON."""
    found = _found(request)
    if found is None:
        return MISTAKES
    selection = found.selection
    if request.form == "json":
        parts = [{"expression": each.text, "selected": list(each.paths)} for each in selection.explain()]
        print(json.dumps({"selected": list(selection.paths), "explain": parts}))
    else:
        print("\n".join(explanation(selection)))
    return OK


def _found(request: SelectRequest) -> _Found | None:
    # What modules print when they are imported is not part of the answer.
    with redirect_stdout(sys.stderr):
        job = loaded_or_reported(request.pointer, request.options)
        selection = None if job is None else found_or_reported(job, request.queries)
    return None if job is None or selection is None else _Found(job, selection)


def explanation(selection: Selection) -> Iterator[str]:
    """Yield the lines of a tree: each expression with what it selects, its parts below it and set in."""
    from jobc.runtime.selection import parse

    explained = selection.explain()
    paths = {each.text: each.paths for each in explained}
    trees = [parse(clause) for clause in selection.clauses]
    if len(trees) == 1:
        yield from _tree(trees[0], paths, 0)
        return
    yield from _entry(explained[-1].text, selection.paths, 0)
    for tree in trees:
        yield from _tree(tree, paths, 1)


def _tree(expression: Expression | Except, paths: dict[str, tuple[str, ...]], depth: int) -> Iterator[str]:
    from jobc.runtime.selection import printed

    text = printed(expression)
    yield from _entry(text, paths[text], depth)
    for part in _parts(expression):
        yield from _tree(part, paths, depth + 1)


def _parts(expression: Expression | Except) -> tuple[Expression | Except, ...]:
    from jobc.runtime.selection.expressions import And, Call, Except, Hop, Not, Or

    match expression:
        case Hop(_, operand) | Not(operand) | Except(operand):
            return (operand,)
        case And(first, others):
            return (first, *others)
        case Or(parts) | Call(_, parts):
            return parts
        case _:
            return ()


def _entry(text: str, paths: tuple[str, ...], depth: int) -> Iterator[str]:
    """Yield `text  ->  a, b` at its depth; what does not fit on the line goes on below, set in further."""
    indent = "  " * depth
    line = f"{indent}{text}  ->  "
    words = [f"{path}," for path in paths[:-1]] + [paths[-1] if paths else "nothing"]
    for word in words:
        if line.endswith(",") and len(line) + 1 + len(word) > WIDTH:
            yield line
            line = f"{indent}      {word}"
        else:
            line += f" {word}" if line.endswith(",") else word
    yield line
