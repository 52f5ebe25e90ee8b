"""Say in plain English why tomli refused a TOML text, and show both places of what is defined twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.compiler.read.chart import Span
from jobc.compiler.read.source import end_name, shortened
from jobc.compiler.read.toml_scan import Key, TomlScanner
from jobc.schemas.diagnostics import Diagnostic, Related

if TYPE_CHECKING:
    from jobc.compiler.read.source import Source

_TWICE: Final = re.compile("overwrite|twice|immutable|redefine|Duplicate")
_ESCAPE: Final = re.compile("Unescaped|hex value|scalar value")
_TOKEN: Final = re.compile(r"[\w.+-]+|\S")


class _Rule(NamedTuple):
    """Words for one kind of verdict: `problem` is a pattern for tomli's, `{found}` is what stands there."""

    problem: str
    message: str
    label: str
    help: str | None = None


_RULES: Final = (
    _Rule(
        "Invalid statement|initial character",
        "{found} cannot begin a key",
        "expected `key = value` or `[table]`",
        "keys are letters, digits, `_` and `-`; others must be quoted",
    ),
    _Rule(
        "'=' after a key",
        "{found} stands where `=` is expected",
        "expected `=` and a value",
        "TOML separates key and value by `=`",
    ),
    _Rule(
        "Expected newline",
        "{found} stands behind the end of the value",
        "expected the end of the line",
        "text must be quoted; numbers have no leading zero",
    ),
    _Rule(
        "end of a table",
        "{found} stands where the header of the table ends",
        "expected `]`",
    ),
    _Rule("end of an array", "{found} stands where the header ends", "expected `]]`"),
    _Rule(
        "date or datetime",
        "{found} is no date of the calendar",
        "expected a date or time that exists",
    ),
    _Rule(
        "Unclosed array",
        "{found} stands where the list goes on or ends",
        "expected `,` or `]`",
    ),
    _Rule(
        "Unclosed inline table",
        "{found} stands where the inline table goes on or ends",
        "expected `,` or `}`",
    ),
    _Rule(
        "Unterminated string|Expected [\"']{3,}|Expected \"'|invalid character|Illegal character",
        "the string is not closed before {found}",
        "expected a closing quote",
        'text of several lines is written between `"""`',
    ),
    _Rule(
        r"Unescaped",
        "{found} is no escape",
        r"expected `\n`, `\t`, `\"`, `\\`, `\uXXXX` or another escape of TOML",
        "write two backslashes for one, or use single quotes, where it is a character like any other",
    ),
    _Rule("hex value", "the escape is too short", "expected a hexadecimal digit"),
    _Rule(
        "scalar value", "an escape stands for half a character", r"expected a whole one, such as `\U0001F600`"
    ),
    _Rule(
        "Invalid value",
        "{found} is no value",
        "expected a quoted string, a number, `true`, `false`, a date, a list or an inline table",
        "text must be quoted",
    ),
    _Rule("", "the text is no TOML from here on", "expected `key = value` or `[table]`"),
)


def explain(source: Source, problem: str, offset: int) -> Diagnostic:
    """Return tomli's verdict as a diagnostic: JC0105 for what is defined twice, else JC0104."""
    scanner = TomlScanner(source.text)
    scanner.scan(offset)
    if _TWICE.search(problem):
        twice = _defined_twice(source, scanner)
        if twice:
            return twice
    rule = next(rule for rule in _RULES if re.search(rule.problem, problem))
    if "string" in rule.message:
        offset = min(offset, _line_of_string(source.text, scanner.at))
    span = _found_span(source.text, problem, offset)
    found = (
        f"`{shortened(source.text[slice(*span)])}`"
        if span.end > span.start
        else end_name(source.text, offset)
    )
    related: tuple[Related, ...] = ()
    if "string" in rule.message and source.text[scanner.at : scanner.at + 1] in {'"', "'"}:
        related = (Related("the string begins here", source.location(scanner.at, scanner.at + 1)),)
    return Diagnostic(
        "JC0104",
        rule.message.replace("{found}", found),
        source.location(*span),
        label=rule.label,
        related=related,
        help=rule.help,
    )


def _line_of_string(text: str, start: int) -> int:
    """Return the last place where a string can end: its line's end, or the text's if it may have several."""
    quote = text[start : start + 1]
    if quote not in ("'", '"') or text.startswith(quote * 3, start):
        return len(text)
    end = re.compile(r"[\r\n]").search(text, start)
    return end.start() if end else len(text)


def _found_span(text: str, problem: str, offset: int) -> Span:
    """Return what is to be shown: the token at `offset`, or the escape that ends there."""
    backslash = text.rfind("\\", 0, offset)
    if _ESCAPE.search(problem) and backslash >= 0:
        return Span(backslash, max(offset, min(backslash + 2, len(text))))
    token = _TOKEN.match(text, offset)
    return Span(offset, token.end() if token else offset)


def _defined_twice(source: Source, scanner: TomlScanner) -> Diagnostic | None:
    key = _repeated(scanner.statement)
    if key is None or key.earlier is None:
        return None
    name = ".".join(str(step) for step in key.path if isinstance(step, str))
    first = source.location(*(key.earlier.key or key.earlier.value))
    is_whole = any(key is keys[-1] for keys in scanner.statement)
    message = (
        f"duplicate key `{shortened(name)}`"
        if is_whole
        else f"`{shortened(name)}` is complete: nothing can be added to it here"
    )
    return Diagnostic(
        "JC0105",
        message,
        source.location(*key.span),
        label=f"already given in line {first.start.line}; expected another name",
        related=(Related("first given here", first),),
    )


def _repeated(statement: list[list[Key]]) -> Key | None:
    """Return the key of a refused statement that was there before: a whole one, else the longest part."""
    for keys in statement:
        if keys and keys[-1].earlier is not None:
            return keys[-1]
    known = [key for keys in statement for key in keys if key.earlier is not None]
    return known[-1] if known else None
