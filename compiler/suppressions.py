"""Suppressions: comments in a spec that keep diagnostics from being reported, and what is wrong with them.

`# jobc: ignore[JC0501] reason` behind a line, or on a line of its own above it, covers the diagnostics that
start on that line; several codes are separated by commas. A text that is longer than a line (a block, a
string over several lines) is covered whole by a suppression that covers its first or its last line: a comment
cannot stand inside it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.compiler.code_filter import near_codes
from jobc.schemas.codes import CODES
from jobc.schemas.diagnostics import Diagnostic, Edit, arrange
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jobc.compiler.read.chart import Span
    from jobc.compiler.read.comments import Comment, Comments
    from jobc.compiler.read.source import Source

SETTLED: Final = frozenset({"JC0001", "JC0002", "JC0003"})
"""Codes about the checking itself, which no suppression covers."""

_FORM: Final = "# jobc: ignore[CODE] reason"
_OTHER_WORDS: Final = ("allow", "disable", "noqa", "nolint", "silence", "skip", "suppress")
_MARK: Final = re.compile(r"#[ \t]*jobc\b")
_SUPPRESSION: Final = re.compile(
    r"(?<!\S)#[ \t]*jobc(?P<colon>[ \t]*:)?[ \t]*(?P<word>[A-Za-z][\w-]*)"
    r"(?P<list>[ \t]*\[(?P<codes>[^\]\r\n]*)(?P<closed>\])?)?(?P<rest>.*)"
)
_CODE: Final = re.compile(r"[^,\s]+")
_FILLED: Final = re.compile(r"\S[^\r\n]*")
_LINE_END: Final = re.compile(r"\r\n?|\n")


class Suppressed(NamedTuple):
    """A diagnostic that a comment suppresses, and the reason that the comment gives (may be empty)."""

    diagnostic: Diagnostic
    reason: str


class Outcome(NamedTuple):
    """What is left to report, and what was suppressed."""

    diagnostics: tuple[Diagnostic, ...]
    suppressed: tuple[Suppressed, ...]


class WrittenCode(NamedTuple):
    """A code as it stands in a comment; offsets in the file's text."""

    text: str
    start: int
    end: int


class Suppression(NamedTuple):
    """One readable comment: `start` and `end` are offsets of it, `lines` those lines that it covers.

    `codes` holds unknown ones, too. `removal` is the stretch to delete if it is not needed.
    """

    start: int
    end: int
    codes: tuple[WrittenCode, ...]
    reason: str
    lines: frozenset[int]
    removal: tuple[int, int]


def suppress(
    diagnostics: Iterable[Diagnostic], texts: Mapping[str, str], *, with_notes: bool = False
) -> Outcome:
    """Take out what comments in the files suppress, and report comments that suppress nothing or are unclear.

    `texts` is by file name. A file that could not be read has no comments. Whether a note is found depends on
    `with_notes`, so without it no suppression of one counts as unused.
    """
    found = list(diagnostics)
    suppressed: list[Suppressed] = []
    for name, text in texts.items():
        if may_suppress(text):
            found = _suppress_in(name, text, found, suppressed, with_notes=with_notes)
    return Outcome(tuple(found), tuple(suppressed))


def may_suppress(text: str) -> bool:
    """Tell whether a text may hold a suppression, if a broken one."""
    return _MARK.search(text) is not None


def _suppress_in(
    name: str, text: str, found: list[Diagnostic], suppressed: list[Suppressed], *, with_notes: bool
) -> list[Diagnostic]:
    from jobc.compiler.read import read_text

    tree = read_text(name, text).tree
    if tree is None:
        return found
    written, mistakes = _read_suppressions(tree.source)
    kept = []
    used: set[tuple[int, str]] = set()
    for diagnostic in found:
        covering = _covering(diagnostic, written) if diagnostic.location.file == name else []
        used.update((each.start, diagnostic.code) for each in covering)
        if covering:
            suppressed.append(Suppressed(diagnostic, covering[0].reason))
        else:
            kept.append(diagnostic)
    if not any(_hides_others(each) for each in kept if each.location.file == name):
        for each in written:
            needless = _needless(each, used, with_notes=with_notes)
            mistakes += [_unused(tree.source, each, needless)] if needless else []
    return arrange(kept + mistakes) if mistakes else kept


def _covering(diagnostic: Diagnostic, written: Iterable[Suppression]) -> list[Suppression]:
    """Return the suppressions that cover a diagnostic."""
    code, line = diagnostic.code, diagnostic.location.start.line
    if code in SETTLED:
        return []
    return [each for each in written if line in each.lines and any(one.text == code for one in each.codes)]


def _hides_others(diagnostic: Diagnostic) -> bool:
    """Tell whether a mistake is of a kind that leaves parts of the file unchecked."""
    return diagnostic.severity == "error" and diagnostic.code.startswith(("JC01", "JC02"))


def _read_suppressions(source: Source) -> tuple[list[Suppression], list[Diagnostic]]:
    from jobc.compiler.read.comments import find_comments

    comments = find_comments(source)
    layout = _Layout(source, comments)
    written: list[Suppression] = []
    mistakes: list[Diagnostic] = []
    for comment in comments.comments:
        match = _SUPPRESSION.search(source.text, *comment.span)
        if match is None or not _is_meant(match):
            continue
        problem = _form_problem(source, match)
        if problem:
            mistakes.append(problem)
            continue
        codes = _written_codes(match)
        mistakes += _unknown_codes(source, codes)
        reason = match["rest"].strip().lstrip("-: \t")
        removal = _removal(source.text, comment, match.start())
        written.append(Suppression(*match.span(), codes, reason, layout.covered(comment), removal))
    return written, mistakes


def _is_meant(match: re.Match[str]) -> bool:
    """Tell a suppression, if a broken one, from a sentence about jobc."""
    if match["word"] == "ignore":
        return match["colon"] is not None or match["list"] is not None
    is_bare = re.match(r"[ \t]*(?:$|[:=]|JC\d)", match["rest"]) is not None
    is_like = match["word"].lower() in _OTHER_WORDS or bool(near_names(match["word"], ("ignore",)))
    return match["list"] is not None or (match["colon"] is not None and is_like and is_bare)


def _form_problem(source: Source, match: re.Match[str]) -> Diagnostic | None:
    """Say what keeps a suppression from being read."""
    if match["word"] != "ignore":
        place, message = match.span("word"), f"`{match['word']}` is not known here"
        return _unreadable(source, place, message, "expected `ignore`", "did you mean `ignore`?", ("ignore",))
    place = match.span("word")
    if match["colon"] is None:
        return _unreadable(source, place, "the suppression lacks a colon", "expected `:` before this")
    if match["list"] is None or (match["closed"] and not match["codes"].strip(", \t")):
        return _unreadable(source, place, "the suppression names no code", "expected `[CODE]` behind this")
    if match["closed"] is None:
        return _unreadable(source, match.span("list"), "the list of codes has no end", "expected a `]`")
    return None


def _unreadable(
    source: Source,
    place: tuple[int, int],
    message: str,
    label: str,
    advice: str = f"write `{_FORM}`",
    near: tuple[str, ...] = (),
) -> Diagnostic:
    return Diagnostic("JC0002", message, source.location(*place), label, help=advice, suggestions=near)


def _written_codes(match: re.Match[str]) -> tuple[WrittenCode, ...]:
    found = _CODE.finditer(match.string, *match.span("codes"))
    return tuple(WrittenCode(code.group(), *code.span()) for code in found)


def _unknown_codes(source: Source, codes: Iterable[WrittenCode]) -> Iterator[Diagnostic]:
    for code in codes:
        if code.text not in CODES:
            near = near_codes(code.text)
            advice = f"did you mean `{near[0]}`?" if near else "`jobc explain` lists the codes"
            message = f"there is no diagnostic code `{code.text}`"
            yield _unreadable(source, code[1:], message, "expected a code", advice, near)


class _Layout:
    """Which lines of a text a comment is about."""

    def __init__(self, source: Source, comments: Comments) -> None:
        self._source = source
        alone = (each.span.start for each in comments.comments if each.stands_alone)
        self._comment_lines = {self._line(start) for start in alone}
        self._long_texts = [self._lines(span) for span in comments.long_texts]

    def covered(self, comment: Comment) -> frozenset[int]:
        """Return the numbers of the lines that a comment is about; none if nothing follows it."""
        line = self._next(comment.span.end) if comment.stands_alone else self._line(comment.span.start)
        covered = {line}
        for first, last in self._long_texts:
            if line in (first, last):
                covered.update(range(first, last + 1))
        return frozenset(covered)

    def _next(self, end: int) -> int:
        """Return the next line after an offset that holds more than a comment, 0 if there is none."""
        for match in _FILLED.finditer(self._source.text, end):
            line = self._line(match.start())
            if line not in self._comment_lines:
                return line
        return 0

    def _lines(self, span: Span) -> tuple[int, int]:
        written = self._source.text[span.start : span.end].rstrip()
        return self._line(span.start), self._line(span.start + len(written))

    def _line(self, offset: int) -> int:
        return self._source.location(offset, offset).start.line


def _removal(text: str, comment: Comment, start: int) -> tuple[int, int]:
    """Return the stretch that goes with a suppression: its line if that holds nothing else."""
    end = comment.span.end
    if comment.stands_alone and start == comment.span.start:
        line_end = _LINE_END.match(text, end)
        start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        return start, line_end.end() if line_end else end
    return len(text[:start].rstrip(" \t")), end


def _needless(each: Suppression, used: set[tuple[int, str]], *, with_notes: bool) -> list[WrittenCode]:
    """Return the codes of a suppression that it did not need: nothing there has them, or they stand twice."""
    needless = []
    seen = set()
    for code in each.codes:
        is_found = (each.start, code.text) in used
        is_sought = code.text in CODES and (with_notes or CODES[code.text].severity != "note")
        if code.text in seen or (is_sought and not is_found):
            needless.append(code)
        seen.add(code.text)
    return needless


def _unused(source: Source, each: Suppression, needless: list[WrittenCode]) -> Diagnostic:
    """Report the needless codes of a suppression, with the edit that takes them out."""
    if len(needless) == len(each.codes):
        place, edit = source.location(each.start, each.end), Edit(source.location(*each.removal), "")
    else:
        place = source.location(needless[0].start, needless[0].end)
        listed = source.location(each.codes[0].start, each.codes[-1].end)
        edit = Edit(listed, ", ".join(code.text for code in each.codes if code not in needless))
    return Diagnostic(
        "JC0001",
        f"nothing to suppress here: {listing(dict.fromkeys(code.text for code in needless))}",
        place,
        "no such diagnostic starts on the line that this is about",
        help="delete it",
        edits=(edit,),
    )
