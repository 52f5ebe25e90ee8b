"""Charts of YAML scalars in their five styles (YAML 1.2.2, chapters 7 and 8).

Each reader follows the written text and says which characters of the value it gives. A chart is used only if
all it gives together is the value, so a mistake here can make a location coarse, never wrong.
"""

from __future__ import annotations

import re
from typing import Final

from jobc.compiler.read.chart import Chart, Span

_BREAK: Final = r"(?:\r\n|\r|\n)"
_FOLD: Final = re.compile(rf"[ \t]*{_BREAK}(?:[ \t]*{_BREAK})*[ \t]*")
_LINE_END: Final = re.compile(_BREAK)
_PLAIN_TEXT: Final = re.compile(r"[^ \t\r\n]+(?:[ \t]+[^ \t\r\n]+)*")
_SINGLE_TEXT: Final = re.compile(r"(?:[^ \t\r\n']|[ \t]+(?![ \t\r\n]))+")
_DOUBLE_TEXT: Final = re.compile(r'(?:[^ \t\r\n"\\]|[ \t]+(?![ \t\r\n]))+')
_ESCAPE: Final = re.compile(
    rf"(?P<joined>\\{_BREAK}(?:[ \t]*{_BREAK})*[ \t]*)"
    r"|\\x(?P<x>[0-9a-fA-F]{2})|\\u(?P<u>[0-9a-fA-F]{4})|\\U(?P<U>[0-9a-fA-F]{8})|\\(?P<named>.)",
)
_PAIR: Final = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_NAMED: Final = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_BLANK: Final = re.compile(r"[ \t\r\n]*")
_HEADER: Final = re.compile(rf"[|>](?:[-+]?(?P<indent>[1-9])?[-+]?)[^\r\n]*{_BREAK}?")


def chart_scalar(text: str, span: Span, value: str) -> Chart | None:
    """Chart the scalar written at `span`, anchor and tag left out; None if it does not give `value`."""
    first = text[span.start : span.start + 1]
    if first in {"|", ">"}:
        return _chart_block(text, span, value)
    if first == '"':
        chart = _chart_double(text, Span(span.start + 1, span.end - 1))
    elif first == "'":
        chart = _chart_single(text, Span(span.start + 1, span.end - 1))
    else:
        chart = _chart_plain(text, span)
    return chart if chart is not None and "".join(chart.pieces) == value else None


def _chart_plain(text: str, span: Span) -> Chart | None:
    chart = Chart(span.start)
    at = span.start
    while at < span.end:
        match = _PLAIN_TEXT.match(text, at, span.end)
        if match:
            chart.add(match.group(), at, match.end())
        else:
            match = _FOLD.match(text, at, span.end)
            if match is None:
                return None
            _add_fold(chart, text, Span(*match.span()))
        at = match.end()
    return chart


def _chart_single(text: str, span: Span) -> Chart | None:
    chart = Chart(span.start)
    at = span.start
    while at < span.end:
        if text.startswith("''", at):
            chart.add("'", at, at + 2)
            at += 2
            continue
        at = _add_text_or_fold(chart, text, Span(at, span.end), _SINGLE_TEXT)
        if at < 0:
            return None
    return chart


def _chart_double(text: str, span: Span) -> Chart | None:
    chart = Chart(span.start)
    at = span.start
    while at < span.end:
        if text[at] != "\\":
            at = _add_text_or_fold(chart, text, Span(at, span.end), _DOUBLE_TEXT)
            if at < 0:
                return None
            continue
        match = _PAIR.match(text, at, span.end) or _ESCAPE.match(text, at, span.end)
        if match is None:
            return None
        chart.add(_unescaped(match), at, match.end())
        at = match.end()
    return chart


def _unescaped(match: re.Match[str]) -> str:
    if match.re is _PAIR:
        high, low = (int(group, 16) for group in match.groups())
        return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)
    kind = match.lastgroup or ""
    if kind == "joined":
        return ""
    if kind == "named":
        return _NAMED.get(match.group(kind), "\0")
    number = int(match.group(kind), 16)
    return chr(number) if number < 0x110000 else "\0"


def _add_text_or_fold(chart: Chart, text: str, span: Span, verbatim: re.Pattern[str]) -> int:
    """Add the run at the start of `span` and return where it ends, -1 if there is none."""
    match = verbatim.match(text, span.start, span.end)
    if match:
        chart.add(match.group(), *match.span())
        return match.end()
    match = _FOLD.match(text, span.start, span.end)
    if match:
        _add_fold(chart, text, Span(*match.span()))
        return match.end()
    blanks = span.start + len(text[span.start : span.end]) - len(text[span.start : span.end].lstrip(" \t"))
    chart.add(text[span.start : blanks], span.start, blanks)
    return blanks if blanks > span.start else -1


def _add_fold(chart: Chart, text: str, span: Span) -> None:
    """Add a folded line end: one break is a space, each further one a line end."""
    breaks = list(_LINE_END.finditer(text, span.start, span.end))
    if len(breaks) == 1:
        chart.add(" ", span.start, span.end)
    for match in breaks[1:]:
        chart.add("\n", match.start(), match.end())


def _chart_block(text: str, span: Span, value: str) -> Chart | None:
    header = _HEADER.match(text, span.start)
    if header is None:
        return None
    # The place of a block ends with its text, its value perhaps with the empty lines behind that.
    blank = _BLANK.match(text, span.end)
    lines = _lines(text, header.end(), blank.end() if blank else span.end)
    indents = [_indent(text, line) for line in lines if text[line.start : line.end].strip(" ")]
    widest = indents[0] if indents else 0
    build = _chart_literal if text[span.start] == "|" else _chart_folded
    # An indentation indicator counts from the parent, which is not known here: the value decides.
    for indent in range(1, widest + 1) if header.group("indent") else [widest]:
        chart = build(text, lines, indent, Chart(header.end()))
        if "".join(chart.pieces).rstrip("\n") == value.rstrip("\n"):
            return chart
    return None


def _lines(text: str, start: int, end: int) -> list[Span]:
    """Return the lines between two offsets, line ends left out."""
    lines = []
    for match in _LINE_END.finditer(text, start, end):
        lines.append(Span(start, match.start()))
        start = match.end()
    if start < end:
        lines.append(Span(start, end))
    return lines


def _indent(text: str, line: Span) -> int:
    written = text[line.start : line.end]
    return len(written) - len(written.lstrip(" "))


def _chart_literal(text: str, lines: list[Span], indent: int, chart: Chart) -> Chart:
    for line in lines:
        start = min(line.start + indent, line.end)
        chart.add(text[start : line.end], start, line.end)
        chart.add("\n", line.end, _after_break(text, line.end))
    return chart


def _chart_folded(text: str, lines: list[Span], indent: int, chart: Chart) -> Chart:
    """Fold the lines: between two lines of text one break is a space; around deeper lines all breaks stay."""
    pending: list[Span] = []
    was_deep = True
    for line in lines:
        start = min(line.start + indent, line.end)
        written = text[start : line.end]
        if written:
            is_deep = written[0] in " \t"
            if pending and not was_deep and not is_deep:
                _add_folded_breaks(chart, pending)
            else:
                _add_breaks(chart, pending)
            chart.add(written, start, line.end)
            pending, was_deep = [], is_deep
        pending.append(Span(line.end, _after_break(text, line.end)))
    _add_breaks(chart, pending)
    return chart


def _add_folded_breaks(chart: Chart, breaks: list[Span]) -> None:
    if len(breaks) == 1:
        chart.add(" ", *breaks[0])
    _add_breaks(chart, breaks[1:])


def _add_breaks(chart: Chart, breaks: list[Span]) -> None:
    for line_end in breaks:
        chart.add("\n", *line_end)


def _after_break(text: str, at: int) -> int:
    match = _LINE_END.match(text, at)
    return match.end() if match else at
