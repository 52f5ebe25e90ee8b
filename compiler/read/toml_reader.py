"""Read TOML: tomli decides what the values are, the scanner finds their places when one is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from jobc.compiler.read.chart import Chart, Span
from jobc.compiler.read.limits import DEPTH, INTEGER_DIGITS
from jobc.compiler.read.toml_chart import chart_string
from jobc.compiler.read.toml_scan import TomlScanner
from jobc.compiler.read.toml_verdict import explain
from jobc.compiler.read.tree import Entry, Path, Tree
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from jobc.compiler.read.source import Source

_LONG_INTEGER: Final = re.compile(rf"[-+]?[0-9](?:_?[0-9]){{{INTEGER_DIGITS},}}")
_DEEP: Final = re.compile(rf"(?:[\[{{][ \t\r\n]*+){{{DEPTH}}}|(?:[\w\"'-]++[ \t]*+\.[ \t]*+){{{DEPTH}}}")
_PLAIN: Final = frozenset([str, int, float, bool])


class TomlTree(Tree):
    """Look paths up in what the scanner found; it runs at the first look."""

    __slots__ = ("_places",)

    _places: dict[Path, Entry] | None

    def __init__(self, source: Source, value: Any) -> None:
        super().__init__(source, value)
        self._places = None

    def entry(self, path: Path) -> Entry | None:
        """Return where the entry at `path` stands, None if there is none; a table is its header and pairs."""
        if not path:
            return Entry(None, Span(0, len(self.source.text.rstrip())))
        if self._places is None:
            scanner = TomlScanner(self.source.text)
            scanner.scan(len(self.source.text))
            self._places = scanner.places
        return self._places.get(path)

    def origin(self, span: Span) -> Span:
        """Return the span itself: TOML has no aliases."""
        return span

    def chart(self, span: Span, value: str) -> Chart | None:
        """Chart a string of any of the four kinds, or a date."""
        written = self.source.text[span.start : span.end]
        if written[:1] not in {'"', "'"}:
            chart = Chart(span.start)
            chart.add(written, *span)
            return chart if len(written) == len(value) else None
        chart = chart_string(self.source.text, span)
        return chart if "".join(chart.pieces) == value else None


def read_toml(source: Source) -> tuple[Tree | None, list[Diagnostic]]:
    """Read a TOML text; no tree if tomli refuses it or a limit is exceeded."""
    import tomli

    try:
        value = tomli.loads(source.text)
    except tomli.TOMLDecodeError as error:
        return None, [explain(source, error.msg, _written_offset(source.text, error.pos))]
    except RecursionError:
        deep = _DEEP.search(source.text)
        return None, [_too_deep(source, Span(deep.end() - 1, deep.end()) if deep else Span(0, 0))]
    except ValueError:
        return None, [_long_integer(source)]
    tree = TomlTree(source, value)
    dates: list[tuple[Path, Any]] = []
    deepest = _walk(value, dates)
    if len(deepest) > DEPTH:
        entry = tree.entry(deepest[: DEPTH + 1])
        return None, [_too_deep(source, entry.value if entry else Span(0, 0))]
    for path, container in dates:
        container[path[-1]] = _iso_text(tree, path, container[path[-1]])
    return tree, []


def _walk(root: dict[str, Any], dates: list[tuple[Path, Any]]) -> Path:
    """Collect the dates and times with their containers; return the path of a container of greatest depth."""
    todo: list[tuple[Path, Any]] = [((), root)]
    deepest: Path = ()
    while todo:
        path, container = todo.pop()
        if len(path) > len(deepest):
            deepest = path
        for step, item in container.items() if container.__class__ is dict else enumerate(container):
            if item.__class__ is dict or item.__class__ is list:
                todo.append(((*path, step), item))
            elif item.__class__ not in _PLAIN:
                dates.append(((*path, step), container))
    return deepest


def _iso_text(tree: TomlTree, path: Path, value: Any) -> str:
    """Return a date or time as written, which is ISO 8601 but for a blank or small letters as separators."""
    entry = tree.entry(path)
    if entry is None:
        return str(value.isoformat())
    written = tree.source.text[entry.value.start : entry.value.end]
    return written.upper().replace(" ", "T")


def _written_offset(text: str, offset: int) -> int:
    """Map an offset of tomli, which takes CR LF for one character, to the text."""
    for number, match in enumerate(re.finditer("\r\n", text)):
        if match.start() - number >= offset:
            return offset + number
    return offset + text.count("\r\n")


def _too_deep(source: Source, span: Span) -> Diagnostic:
    return Diagnostic(
        "JC0111",
        "the file is nested too deeply",
        source.location(*span),
        label=f"expected at most {DEPTH} levels",
    )


def _long_integer(source: Source) -> Diagnostic:
    match = _LONG_INTEGER.search(source.text)
    span = Span(*match.span()) if match else Span(0, 0)
    return Diagnostic(
        "JC0111",
        f"a whole number of {span.end - span.start:,} digits is too long",
        source.location(*span),
        label=f"expected at most {INTEGER_DIGITS:,} digits",
        help="quote it if it is text",
    )
