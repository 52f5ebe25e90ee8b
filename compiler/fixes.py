"""Fixes: the change of a text that a diagnostic asks for, where there is one sure answer.

A rule that finds a mistake says what is meant in words: a near name, a form to write. Whether that makes an
answer that a program may give for the author is decided here, once for all rules, from the words and from
what is written at the place. A fix is sure if the place holds nothing but the word that the message names,
and either exactly one name is clearly near, or the words give the whole replacement.

*Clearly near*: the distance between the two words is the number of letters to put in, take out, change or
swap with their neighbour, whatever their case. It is at most 2, and no more than a third of the longer word;
every other suggestion is farther away. What is written in quotes stays in quotes.

A name that is used more often than the one that may be meant is more likely right than its definition.

Two words may each be taken for the other: a definition is misspelt, and so each use of it looks wrong. Then
neither is sure, but where a Python function has the last word. No name is changed for not being one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.compiler.written import LINE_END, Lines, Written, has_key_beside
from jobc.schemas.diagnostics import Edit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from jobc.schemas.diagnostics import Diagnostic, Position

FARTHEST: Final = 2
_BARE: Final = re.compile(r"[A-Za-z_][\w.-]*(?::[\w.]+)?")
_WORDS: Final = frozenset({"true", "false", "null", "True", "False", "Null", "TRUE", "FALSE", "NULL"})
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_TRUTHS: Final = {
    "true": "true",
    "yes": "true",
    "on": "true",
    "false": "false",
    "no": "false",
    "off": "false",
}
_TYPES: Final = {"string": "str", "integer": "int", "boolean": "bool", "text": "str"}
_ROOTS: Final = frozenset({"vars", "env", "params", "partition", "inputs", "config", "run", "outputs"})
_RENAMED: Final = "JC0206"
_PARAMETER: Final = re.compile(r"parameter `(\w+)`")
_UNSERVED: Final = "JC0413"
_LETTERS: Final = re.compile(r"[\w.-]+")
_ADVICE: Final = re.compile(r"did you mean `([^`]+)`\?")
_OF_PYTHON: Final = frozenset({"JC0301", "JC0302", "JC0414", "JC0417"})
_OF_FILE: Final = ("JC03", "JC04", "JC06", "JC07", "JC09")
_MODULE: Final = "JC0301"
_TARGET: Final = "JC0211"
_WIRING: Final = "JC0207"
_DUPLICATE: Final = "JC0105"
_PAIR: Final = re.compile(
    r"""[ ]*["']?[\w.-]+["']?[ ]*[:=][ ]+(?P<value>"[^"\\]*"|'[^']*'|[\w.:/-]+)[ ]*(?:[ ]#.*)?"""
)


def with_edits(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics, in their order, with edits where there is one sure fix.

    `texts` are the files' texts by the names that diagnostics use; where one is missing, nothing is added.
    Edits that a rule gave itself are kept, in the quotes of what they replace.
    """
    lines = Lines(texts)
    found = [_Found(diagnostic, lines.written_at(diagnostic.location)) for diagnostic in diagnostics]
    pairs = {(each.file, each.word, each.near[0]) for each in found if each.near}
    pairs |= {(each.file, each.near[0], name) for each in found if each.near for name in each.parameters}
    return tuple(
        each.without_edits() if _is_doubtful(each, pairs, lines) else _with_edits(each, lines)
        for each in found
    )


class _Found(NamedTuple):
    """A diagnostic and what is written at its place."""

    diagnostic: Diagnostic
    written: Written | None

    @property
    def file(self) -> str:
        return self.diagnostic.location.file

    @property
    def word(self) -> str:
        return self.written.bare if self.written else ""

    @property
    def near(self) -> tuple[str, ...]:
        """The near names; some rules give the only one in words."""
        advice = _ADVICE.fullmatch(self.diagnostic.help or "")
        return self.diagnostic.suggestions or (advice.groups() if advice else ())

    @property
    def parameters(self) -> list[str]:
        """The parameter of a Python function that nothing serves: its name is right, a near one is not."""
        message = self.diagnostic.message
        return _PARAMETER.findall(message) if self.diagnostic.code == _UNSERVED else []

    def without_edits(self) -> Diagnostic:
        return replace(self.diagnostic, edits=()) if self.diagnostic.edits else self.diagnostic


def _is_doubtful(found: _Found, pairs: Collection[tuple[str, str, str]], lines: Lines) -> bool:
    """Tell whether the name that may be meant is as likely the wrong one."""
    code, word = found.diagnostic.code, found.word
    if not found.near or code in _OF_PYTHON or word == found.near[0]:
        return False
    meant = found.near[0]
    wrong, right = _difference(word, meant)
    uses = lines.count(found.file, right)
    is_outnumbered = code.startswith(_OF_FILE) and 0 < uses < lines.count(found.file, wrong)
    return is_outnumbered or (found.file, meant, word) in pairs


def _difference(word: str, meant: str) -> tuple[str, str]:
    """Return the parts in which two dotted names differ, if it is one part of each; else the names."""
    ones, others = word.split("."), meant.split(".")
    parts = [pair for pair in zip(ones, others, strict=False) if pair[0] != pair[1]]
    return parts[0] if len(ones) == len(others) and len(parts) == 1 else (word, meant)


def _with_edits(found: _Found, lines: Lines) -> Diagnostic:
    diagnostic, written = found
    if diagnostic.code == _DUPLICATE:
        return replace(diagnostic, edits=_without_repeated_line(diagnostic, lines))
    if written is None:
        return diagnostic
    edits = tuple(_in_quotes(edit, diagnostic, written) for edit in diagnostic.edits)
    if not edits:
        text = _near_name(diagnostic, written, found.near) or _form(diagnostic, written)
        if text is not None and text != written.text:
            edits = (Edit(diagnostic.location, text),)
    if any(_is_given(edit, lines) for edit in edits):
        edits = ()
    return diagnostic if edits == diagnostic.edits else replace(diagnostic, edits=edits)


def _in_quotes(edit: Edit, diagnostic: Diagnostic, written: Written) -> Edit:
    """Keep the quotes of a key that is replaced by the name that was meant."""
    is_name = edit.location == diagnostic.location and edit.text in diagnostic.suggestions
    return edit._replace(text=written.with_bare(edit.text)) if is_name else edit


def _is_given(edit: Edit, lines: Lines) -> bool:
    """Tell whether an edit would give a key the name of a key beside it."""
    name = edit.text.strip("\"' ")
    return bool(name) and has_key_beside(name, edit.location, lines)


def _near_name(diagnostic: Diagnostic, written: Written, near: tuple[str, ...]) -> str | None:
    """Return the one name that is clearly near the word that is written, and which the message names."""
    if not near or diagnostic.code == _RENAMED:
        return None
    word, rest = written.bare, ""
    if diagnostic.code == _MODULE:
        word, colon, name = written.bare.partition(":")
        rest = colon + name
    best, *others = near
    is_known = not others and _TYPES.get(word) == best
    if f"`{word}`" not in diagnostic.message or not (is_known or _is_clear(word, best, others)):
        return None
    if _LETTERS.sub("", best) != _LETTERS.sub("", word):
        return None
    is_plain = _BARE.fullmatch(best) and (best not in _WORDS or diagnostic.code == _WIRING)
    return written.with_bare(best + rest) if written.quote or is_plain else None


def _is_clear(word: str, best: str, others: Iterable[str]) -> bool:
    distance = letters_apart(word, best)
    is_near = distance <= min(FARTHEST, max(len(word), len(best)) / 3)
    return is_near and all(letters_apart(word, other) > distance for other in others)


def letters_apart(one: str, other: str) -> int:
    """Count the letters to put in, take out, change or swap to make one word the other.

    Only neighbours are swapped; case is ignored. Source: the restricted form of Damerau's distance.
    """
    one, other = one.casefold(), other.casefold()
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, facing in enumerate(other, 1):
            cost = min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != facing))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == facing:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, above = above, current
    return above[-1]


def _form(diagnostic: Diagnostic, written: Written) -> str | None:
    """Return what the help says to write, if it says all of it."""
    bare, is_number = written.bare, _NUMBER.fullmatch(written.bare) is not None
    match diagnostic.help or "":
        case "write the number without quotes" | "write it without quotes" if written.quote and is_number:
            return bare
        case "put it in quotes" | "put the value in quotes" if not written.quote and is_number:
            # Inside a text in double quotes, more of them would end it.
            return f'"{bare}"' if written.before.count('"') % 2 == 0 else None
        case "write true or false":
            return _TRUTHS.get(bare.lower())
        case "write `jobc: 1`" if written.quote and bare == "1":
            return bare
        case advice:
            return _meant(diagnostic, written) or _written_form(advice, written)


def _meant(diagnostic: Diagnostic, written: Written) -> str | None:
    """Return the only suggestion where the mistake is a matter of form: a sign, or quotes too many."""
    if len(diagnostic.suggestions) != 1:
        return None
    meant = diagnostic.suggestions[0]
    if diagnostic.code == _TARGET and meant == ":".join(written.bare.rsplit(".", 1)):
        return written.with_bare(meant)
    return meant if diagnostic.message == "a type is written without quotes" else None


def _written_form(advice: str, written: Written) -> str | None:
    """Return the form that the advice quotes, where it is the word itself, put right."""
    forms: list[str] = re.findall(r"write `([^`]+)`", advice)
    if len(forms) != 1:
        return None
    form, bare = forms[0], written.bare
    if form == f"[{bare}]" and _BARE.fullmatch(bare):
        return f"[{written.text}]"
    if form == f"vars.{bare}" and bare not in _ROOTS and not written.quote:
        return form
    is_respelled = form != bare and _without_blanks(form) == _without_blanks(bare)
    return written.with_bare(form) if is_respelled else None


def _without_blanks(text: str) -> str:
    return "".join(text.split()).casefold()


def _without_repeated_line(diagnostic: Diagnostic, lines: Lines) -> tuple[Edit, ...]:
    """Take out a line that repeats the line of the first key: the same key and the same simple value."""
    if diagnostic.edits or len(diagnostic.related) != 1:
        return diagnostic.edits
    place, first = diagnostic.location, diagnostic.related[0].location
    rows = lines.of(place.file)
    if first.file != place.file or not first.start.line < place.start.line < len(rows):
        return ()
    row, earlier = rows[place.start.line - 1], rows[first.start.line - 1]
    following = next((each for each in rows[place.start.line :] if each.strip()), "")
    if row.rstrip() != earlier.rstrip() or not _PAIR.fullmatch(row) or _indent(following) > _indent(row):
        return ()
    start = place.start._replace(column=1)
    end = start._replace(line=start.line + 1)
    return (Edit(place._replace(start=start, end=end), ""),)


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with its edits made; they must not overlap. All else stays, line ends, too."""
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    placed = sorted(
        (_offset(starts, e.location.start), _offset(starts, e.location.end), e.text) for e in edits
    )
    pieces, at = [], 0
    for start, end, replacement in placed:
        pieces += [text[at:start], replacement]
        at = end
    return "".join([*pieces, text[at:]])


def _offset(starts: Sequence[int], position: Position) -> int:
    return starts[position.line - 1] + position.column - 1
