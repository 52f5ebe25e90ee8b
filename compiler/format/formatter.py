"""The door: a file's text in, the text in its canonical layout or the reason why not out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.format.proof import has_same_characters, is_same_value
from jobc.compiler.read import read_text
from jobc.compiler.read.source import BYTE_ORDER_MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.read import Tree
    from jobc.schemas.diagnostics import Diagnostic

_SECTIONS = ("graphs", "jobs")


class FormatResult(NamedTuple):
    """What came of formatting: `text` is None where there are errors of reading, which are given."""

    text: str | None
    diagnostics: tuple[Diagnostic, ...]


class UnsafeLayoutError(Exception):
    """A layout would have changed more than white space: a mistake of the formatter, never of a user."""


def format_text(name: str, data: bytes | str) -> FormatResult:
    """Return a YAML or TOML text in its canonical layout; the suffix of `name` decides which it is.

    Line ends become LF, a byte order mark stays. Errors: the diagnostics of the reader (JC01xx). Raises
    UnsafeLayoutError if the result would not read as the same values and comments (docs/formatting.md).
    """
    tree, diagnostics = read_text(name, data)
    errors = tuple(diagnostic for diagnostic in diagnostics if diagnostic.severity == "error")
    if tree is None or errors:
        return FormatResult(None, errors)
    start = data[:3] if isinstance(data, str) else data[:3].decode("utf-8", "replace")
    mark = BYTE_ORDER_MARK if start.startswith(BYTE_ORDER_MARK) else ""
    return FormatResult(mark + _laid_out(name, tree), ())


def _laid_out(name: str, tree: Tree) -> str:
    text = tree.source.text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        tree = _read_again(name, text)
    laid_out, comments = _lay_out(name, tree)
    other = _read_again(name, laid_out)
    if (
        not has_same_characters(text, laid_out)
        or not is_same_value(tree.value, other.value)
        or _lay_out(name, other) != (laid_out, comments)
    ):
        raise UnsafeLayoutError(f"formatting `{name}` would change what it says; the file is left as it is")
    return laid_out


def _lay_out(name: str, tree: Tree) -> tuple[str, tuple[str, ...]]:
    wirings = frozenset(_wiring_offsets(tree))
    if name.lower().endswith(".toml"):
        from jobc.compiler.format.toml_layout import lay_out_toml

        return lay_out_toml(tree.source.text, wirings)
    from jobc.compiler.format.yaml_layout import lay_out_yaml

    return lay_out_yaml(tree.source.text, wirings)


def _read_again(name: str, text: str) -> Tree:
    tree, diagnostics = read_text(name, text)
    if tree is None or any(diagnostic.severity == "error" for diagnostic in diagnostics):
        raise UnsafeLayoutError(f"formatting `{name}` would make it unreadable; the file is left as it is")
    return tree


def _wiring_offsets(tree: Tree) -> Iterator[int]:
    """Yield where the wiring texts of graphs and jobs begin; an alias has none of its own."""
    value = tree.value
    for section in _SECTIONS:
        entries = value.get(section) if isinstance(value, dict) else None
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict) and isinstance(entry.get("wiring"), str):
                found = tree.entry((section, name, "wiring"))
                if found is not None:
                    yield found.value.start
