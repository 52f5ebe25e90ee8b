"""Charts of TOML strings of the four kinds (TOML 1.0.0, section String; escapes of 1.1.0)."""

from __future__ import annotations

import re
from typing import Final

from jobc.compiler.read.chart import Chart, Span

_ESCAPE: Final = re.compile(
    r"(?P<joined>\\[ \t]*\r?\n[ \t\r\n]*)"
    r"|\\x(?P<x>[0-9a-fA-F]{2})|\\u(?P<u>[0-9a-fA-F]{4})|\\U(?P<U>[0-9a-fA-F]{8})|\\(?P<named>.)"
)
_VERBATIM: Final = re.compile(r"[^\\\r\n]+")
_LINE_END: Final = re.compile(r"\r?\n")
_NAMED: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}


def chart_string(text: str, span: Span) -> Chart:
    """Chart the string written at `span`, which includes its quotes."""
    quote = text[span.start]
    width = 3 if span.end - span.start >= 6 and text.startswith(quote * 3, span.start) else 1
    start, end = span.start + width, span.end - width
    if width == 3:
        # A line end right behind the opening quotes is not part of the string.
        first = _LINE_END.match(text, start, end)
        start = first.end() if first else start
    chart = Chart(start)
    while start < end:
        start = _add_run(chart, text, Span(start, end), quote)
    return chart


def _add_run(chart: Chart, text: str, span: Span, quote: str) -> int:
    """Add the run at the start of `span` and return where it ends."""
    start, end = span
    line_end = _LINE_END.match(text, start, end)
    if line_end:
        chart.add("\n", start, line_end.end())
        return line_end.end()
    escape = _ESCAPE.match(text, start, end) if quote == '"' else None
    if escape:
        chart.add(_unescaped(escape), start, escape.end())
        return escape.end()
    verbatim = _VERBATIM.match(text, start, end)
    stop = verbatim.end() if verbatim else start + 1
    chart.add(text[start:stop], start, stop)
    return stop


def _unescaped(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    if kind == "joined":
        return ""
    if kind == "named":
        return _NAMED.get(match.group(kind), match.group())
    number = int(match.group(kind), 16)
    return chr(number) if number < 0x110000 else match.group()
