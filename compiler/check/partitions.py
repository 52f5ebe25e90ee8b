"""Rule: partitions can be: what they say gives keys that lead back to what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.partition_types import partitions_definition
from jobc.runtime.errors import CheckError, InvalidDefinitionError, JobcError
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.bind.program import PartitionsSymbol, Program
    from jobc.compiler.read import Path
    from jobc.runtime.partitions import PartitionsDefinition
    from jobc.schemas.ir import Data

# An option, the words by which a message tells that it is meant, and advice; the first that is meant counts.
_OPTIONS = (
    ("timezone", ("zone",), "name a zone such as `Europe/London`, or leave `timezone` out for UTC"),
    (
        "schedule",
        ("cron",),
        "five fields: minute, hour, day of the month, month, weekday; such as `0 6 * * 1-5`",
    ),
    ("fmt", ("key format", "`fmt`"), "such as `%Y-%m-%d` or `%Y-%m-%d-%H:%M`"),
    ("end_offset", ("end_offset",), "a whole number of windows"),
    ("day_offset", ("day_offset",), "change it, or leave it out"),
    ("hour_offset", ("hour_offset",), "change it, or leave it out"),
    ("minute_offset", ("minute_offset",), "change it, or leave it out"),
    ("end", ("the end ",), "write it by `fmt`, and later than `start`"),
    ("start", ("the start ",), "write it by `fmt`, as the keys are written"),
)
_ADVICE = {
    "static": "write each key once, without `...` and control characters",
    "multi": "two dimensions, each the name of other partitions, whose keys hold none of `|`, `,`, `[`, `]`",
    "dynamic": "give the name under which an instance holds the keys",
}


def check_partitions(program: Program) -> Iterator[Diagnostic]:
    """Report partitions that cannot be: starts, zones, schedules, keys, dimensions (JC0801)."""
    made: dict[str, PartitionsDefinition] = {}
    ordered = sorted(program.partitions.values(), key=lambda symbol: symbol.kind == "multi")
    for symbol in ordered:
        if symbol.kind is None or program.document_of(symbol.name).is_broken(symbol.path):
            continue
        nested = _nested_dimension(program, symbol)
        if nested is not None:
            if "." not in symbol.name:
                yield _nested(program, symbol, nested)
            continue
        try:
            made[symbol.name] = partitions_definition(symbol.kind, symbol.options, made.__getitem__)
            _check_order(made[symbol.name])
        except KeyError:
            continue  # a dimension that is unknown, or was refused: reported where it stands
        except (JobcError, CheckError, ValueError) as error:
            if "." not in symbol.name:
                yield _refused(program, symbol, str(error))


def _nested_dimension(program: Program, symbol: PartitionsSymbol) -> str | None:
    """Return the first dimension that has dimensions itself; partitions are never asked for those."""
    if symbol.kind != "multi" or not isinstance(symbol.options, dict):
        return None
    for dimension, name in symbol.options.items():
        other = program.partitions.get(str(name))
        if other is not None and other.kind == "multi":
            return dimension
    return None


def _nested(program: Program, symbol: PartitionsSymbol, dimension: str) -> Diagnostic:
    return Diagnostic(
        "JC0801",
        f"partitions `{symbol.name}`: the dimension `{dimension}` has dimensions itself",
        program.document.tree.locate((*symbol.path, "multi", dimension)),
        label="expected partitions of another kind than `multi`",
        help=_ADVICE["multi"],
    )


def _check_order(definition: PartitionsDefinition) -> None:
    start, end = getattr(definition, "start_ts", None), getattr(definition, "end_ts", None)
    if start is not None and end is not None and end < start:
        raise InvalidDefinitionError("the end is before the start, so that there are no keys")


def _refused(program: Program, symbol: PartitionsSymbol, message: str) -> Diagnostic:
    path: Path = (*symbol.path, str(symbol.kind))
    advice = _ADVICE.get(str(symbol.kind), "the language reference lists what each kind of partitions takes")
    if symbol.kind == "static":
        path = _refused_key(path, symbol.options)
    elif symbol.kind == "dynamic":
        message = "the name of the keys is empty"
    elif symbol.kind != "multi" and isinstance(symbol.options, dict):
        path, advice = _refused_option(program, path, symbol.options, message) or (path, advice)
    return Diagnostic(
        "JC0801",
        f"partitions `{symbol.name}`: {message}",
        program.document.tree.locate(path),
        label="cannot be",
        help=advice,
    )


def _refused_key(path: Path, keys: Data) -> Path:
    """Return the place of the first key that cannot be or was there before."""
    from jobc.runtime.partitions import StaticPartitionsDefinition

    seen: set[str] = set()
    for index, key in enumerate(map(str, keys) if isinstance(keys, list) else ()):
        try:
            StaticPartitionsDefinition([key])
        except JobcError:
            return (*path, index)
        if key in seen:
            return (*path, index)
        seen.add(key)
    return path


def _refused_option(
    program: Program, path: Path, options: Mapping[str, Data], message: str
) -> tuple[Path, str] | None:
    """Return the place of the option that a message is about, and advice for it."""
    for value in options.values():
        message = message.replace(f"`{value}`", "")
    for key, words, advice in _OPTIONS:
        is_meant = any(word in message for word in words)
        if is_meant and program.document.tree.entry((*path, key)) is not None:
            return (*path, key), advice
    return None
