"""`jobc explain-value`: a value of a spec, and the places it comes from."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, NamedTuple

from jobc.cli import MISTAKES, OK, USAGE
from jobc.cli.spec_options import AS_WRITTEN, SpecOptions
from jobc.cli.terminal import print_diagnostics

if TYPE_CHECKING:
    from jobc.compiler.analysis import Analysis
    from jobc.compiler.explain_value import Explained, UnknownPathError
    from jobc.schemas.diagnostics import Location
    from jobc.schemas.ir import Data


class ExplainRequest(NamedTuple):
    """The options of the command; `path` names the value."""

    spec: str
    path: str
    form: str = "human"
    options: SpecOptions = AS_WRITTEN


def explain_value(request: ExplainRequest) -> int:
    """Print the value at a path, and each place it has passed as FILE:LINE."""
    from jobc.compiler.analysis import analyse
    from jobc.compiler.explain_value import UnknownPathError
    from jobc.compiler.explain_value import explain_value as explain

    options = request.options
    analysis = analyse(
        request.spec, profile=options.profile, vars=options.vars, allow_outside=options.allow_outside
    )
    if analysis.program is None or analysis.has_errors:
        _print_mistakes(analysis)
        if analysis.program is None:
            return MISTAKES
    try:
        explained = explain(analysis.program, request.path, options.vars)
    except UnknownPathError as error:
        print(_refusal(error), file=sys.stderr)
        return USAGE
    if request.form == "json":
        print(json.dumps(as_json(explained)))
    else:
        print("\n".join(lines(explained)))
    return MISTAKES if analysis.has_errors else OK


def _print_mistakes(analysis: Analysis) -> None:
    print_diagnostics(analysis.diagnostics, analysis.texts, files=len(analysis.sources) or 1, jobs=0)


def lines(explained: Explained) -> list[str]:
    """Return the value and its hops for people, one hop on a line, set in."""
    places = [_place(hop.location) for hop in explained.hops]
    width = max(map(len, places), default=0)
    told = [f"{explained.path} = {_text(explained.value)}"]
    for hop, place in zip(explained.hops, places, strict=True):
        value = "" if hop.value is None else f" = {_text(hop.value)}"
        told.append(f"  {place:<{width}}  {hop.what}{value}")
    return told


def as_json(explained: Explained) -> dict[str, object]:
    """Return the value and its hops for programs."""
    return {
        "path": explained.path,
        "value": explained.value,
        "hops": [
            {
                "what": hop.what,
                "file": hop.location.file if hop.location else None,
                "line": hop.location.start.line if hop.location else None,
                "column": hop.location.start.column if hop.location else None,
                "value": hop.value,
            }
            for hop in explained.hops
        ],
    }


def _refusal(error: UnknownPathError) -> str:
    near = f"; did you mean {' or '.join(f'`{path}`' for path in error.suggestions)}?"
    return f"{_place(error.location)}: {error.message}{near if error.suggestions else ''}"


def _place(location: Location | None) -> str:
    return "" if location is None else f"{location.file}:{location.start.line}"


def _text(value: Data) -> str:
    return json.dumps(value, ensure_ascii=False)
