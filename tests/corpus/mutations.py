"""Every one-edit typo of the words of a spec: its keys, and the names that its texts refer to.

A mutation is an edit of one word in the text of a spec. Of each word there are four typos, chosen by the word
itself and not by chance: a letter left out, doubled, replaced, and two exchanged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.read import read_text
from jobc.compiler.syntax.models import known_keys
from jobc.compiler.syntax.types import parse_type

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jobc.compiler.read import Path as TreePath
    from jobc.compiler.read import Tree, Value

_WORD = re.compile(r"[A-Za-z_]\w*")
_CALLEE = re.compile(r"([A-Za-z_]\w*)\(")
_COMMENT = re.compile(r"#.*")
# Values that are the name of something defined elsewhere, by the last keys of their path.
_REFERENCES = {("op",), ("graph",), ("job",), ("partitions",), ("partitioned_config",), ("config_mapping",)}
_REFERENCE_LISTS = {"resources", "hooks", "loggers", "after"}
_TYPE_KEYS = {"inputs", "outputs", "config", "params", "fields"}
_TYPE_NAMES = {"int", "float", "bool", "str", "bytes", "path", "date", "datetime", "timedelta", "any", "list"}
_TYPE_NAMES |= {"dict", "set", "tuple", "secret", "nothing", "literal"}
_SHORTEST = 3


class Mutation(NamedTuple):
    """A spec with one word mistyped: where it stands in the text, what it was and what it is."""

    file: str
    text: str
    start: int
    original: str
    typo: str
    kind: str

    @property
    def line(self) -> int:
        """The line of the typo, from 1."""
        return self.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """The column of the typo, from 1."""
        return self.start - (self.text.rfind("\n", 0, self.start) + 1) + 1


class _Word(NamedTuple):
    start: int
    text: str
    kind: str


def mutations(path: Path) -> Iterator[Mutation]:
    """Yield the mutations of a spec file, word by word."""
    text = path.read_text(encoding="utf-8")
    tree = read_text(path.name, text).tree
    assert tree is not None
    known = {word.text for word in _words(tree)}
    for word in sorted(set(_words(tree))):
        assert text[word.start : word.start + len(word.text)] == word.text, word
        for typo in _typos(word.text):
            if typo not in known:
                mutated = text[: word.start] + typo + text[word.start + len(word.text) :]
                yield Mutation(path.name, mutated, word.start, word.text, typo, word.kind)


def _typos(word: str) -> list[str]:
    """Return the typos of a word: left out, doubled, replaced, exchanged; those that are words still."""
    middle = len(word) // 2
    other = "q" if word[middle] != "q" else "w"
    exchanged = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    typos = [
        word[:middle] + word[middle + 1 :],
        word[:middle] + word[middle] + word[middle:],
        word[:middle] + other + word[middle + 1 :],
        exchanged,
    ]
    return [typo for typo in dict.fromkeys(typos) if typo != word and typo.isidentifier()]


def _words(tree: Tree) -> Iterator[_Word]:
    for word in _all_words(tree, (), tree.value):
        if len(word.text) >= _SHORTEST:
            yield word


def _all_words(tree: Tree, path: TreePath, value: Value) -> Iterator[_Word]:
    if isinstance(value, dict):
        keys = known_keys(path)
        for key, item in value.items():
            if key in keys:
                yield from _at(tree, tree.locate_key((*path, key)), key, "key")
            elif path[-1:] == ("config",) and "jobs" in path:
                yield from _at(tree, tree.locate_key((*path, key)), key, "config key")
            yield from _all_words(tree, (*path, key), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _all_words(tree, (*path, index), item)
    elif isinstance(value, str):
        yield from _in_text(tree, path, value)


def _in_text(tree: Tree, path: TreePath, value: str) -> Iterator[_Word]:
    last = path[-1]
    if last == "wiring":
        text = _COMMENT.sub(lambda match: " " * len(match[0]), value)
        for match in _CALLEE.finditer(text):
            if match[1] not in ("map", "collect"):
                yield from _part(tree, path, match.start(1), match[1], "callee")
    elif (last,) in _REFERENCES or (len(path) > 1 and path[-2] in _REFERENCE_LISTS):
        for match in _WORD.finditer(value):
            if match[0] == value:
                yield from _part(tree, path, 0, value, "reference")
    elif _is_type(path) and parse_type(value)[0] is not None:
        for match in _WORD.finditer(value):
            if match[0] in _TYPE_NAMES:
                yield from _part(tree, path, match.start(), match[0], "type")


def _is_type(path: TreePath) -> bool:
    if len(path) > 1 and path[0] in ("ops", "graphs", "resources"):
        return path[-2] in _TYPE_KEYS or (path[-1] == "type" and path[-3] in _TYPE_KEYS)
    return False


def _part(tree: Tree, path: TreePath, start: int, word: str, kind: str) -> Iterator[_Word]:
    yield from _at(tree, tree.locate_part(path, start, start + len(word)), word, kind)


def _at(tree: Tree, location: object, word: str, kind: str) -> Iterator[_Word]:
    """Yield a word where it stands in the file as it is; not one that is quoted or reached by an alias."""
    line, column = location.start  # type: ignore[attr-defined]
    lines = tree.source.text.splitlines(keepends=True)
    start = sum(map(len, lines[: line - 1])) + column - 1
    if tree.source.text[start : start + len(word)] == word:
        yield _Word(start, word, kind)
