"""The logical lines of wiring text: cut so that a mistake costs its own line and no other (DESIGN 3)."""

from __future__ import annotations

import re

from jobc.compiler.syntax.problems import SyntaxProblem

_BLANK = " \t\f\r\n"
_QUOTED = r"\"(?:[^\"\\\n\r]|\\[^\n\r])*\"|'(?:[^'\\\n\r]|\\[^\n\r])*'"
ATOM = rf"{_QUOTED}|\$\{{(?:[^{{}}\"'\n\r]|{_QUOTED})*\}}"
"""The pattern of a quoted text or a `${...}`, in which brackets, `#` and line ends mean nothing."""

CLOSING = {"(": ")", "[": "]", "{": "}"}
"""The bracket that closes each opening one."""

_PIECE = re.compile(
    rf"(?P<atom>{ATOM})|(?P<comment>#[^\n\r]*)|(?P<newline>\r\n?|\n)|(?P<open>[(\[{{])|(?P<close>[)\]}}])"
    r"|(?P<semicolon>;)|(?P<torn>[\"']|\$\{)"
)
_LINE_END = re.compile(r"[\n\r]|\Z")
_INDENT = re.compile(r"[ \t\f]*")
_STATEMENT = re.compile(
    r"[ \t\f]*(?:return\b|[^\W\d]\w*+(?:[ \t]*+,[ \t]*+[^\W\d]\w*+)*[ \t]*+=(?!=)"
    r"|[^\W\d]\w*+(?:\.\w++)*+[ \t]*+\()"
)


class LineScanner:
    """Cut a text into logical lines, and set aside the lines whose brackets or quotes do not match.

    An open bracket holds on to all that follows, so a forgotten one would cost the rest of the text. When
    that happens, the scanner starts over at the line that opened it and is wary from there: a line that looks
    like a statement, and is not indented deeper, ends the open one. It stays wary: the work stays linear.
    """

    def __init__(self, text: str) -> None:
        self.lines: list[tuple[int, int]] = []
        self.broken: list[tuple[int, int]] = []
        self.problems: list[SyntaxProblem] = []
        self._text = text
        self._start = self._line_begin = self._position = 0
        self._brackets: list[int] = []
        self._is_wary = False
        self._semicolon_line = -1
        while not self._is_done():
            pass

    def _is_done(self) -> bool:
        """Take the next piece, and tell whether there was none."""
        match = _PIECE.search(self._text, self._position)
        if match is None:
            return self._finish()
        self._position = match.end()
        match match.lastgroup:
            case "open":
                self._brackets.append(match.start())
            case "close":
                self._close(match.start())
            case "torn":
                self._break(_torn(match))
            case "newline":
                self._newline(match)
            case "semicolon" if not self._brackets:
                self._semicolon(match.start())
            case "comment" if not self._brackets:
                self._cut(match.start())
            case _:
                pass
        return False

    def _finish(self) -> bool:
        if not self._brackets:
            self._cut(len(self._text))
            return True
        self._position = len(self._text)
        self._break(self._unclosed())
        return False

    def _cut(self, end: int) -> None:
        """End the logical line before `end`, and begin the next one behind what was taken."""
        line = self._text[self._start : end]
        if stripped := line.strip(_BLANK):
            start = self._start + len(line) - len(line.lstrip(_BLANK))
            self.lines.append((start, start + len(stripped)))
        self._start = self._position

    def _newline(self, match: re.Match[str]) -> None:
        if self._brackets:
            if self._is_wary and self._begins_statement(match.end()):
                self._position = match.start()
                self._break(self._unclosed())
            return
        self._cut(match.start())
        self._line_begin = self._position

    def _semicolon(self, at: int) -> None:
        self._cut(at)
        if self._semicolon_line != self._line_begin:
            self._semicolon_line = self._line_begin
            self.problems.append(
                SyntaxProblem(at, at + 1, "`;` separates nothing: statements go on lines of their own")
            )

    def _close(self, at: int) -> None:
        bracket = self._text[at]
        if not self._brackets:
            self._break(SyntaxProblem(at, at + 1, f"`{bracket}` closes nothing", "no bracket is open here"))
            return
        opening = self._text[self._brackets[-1]]
        if CLOSING[opening] == bracket:
            self._brackets.pop()
            return
        expected = f"expected `{CLOSING[opening]}`"
        self._break(SyntaxProblem(at, at + 1, f"`{bracket}` does not close the open `{opening}`", expected))

    def _break(self, problem: SyntaxProblem) -> None:
        """Give the current line up to its end; or, if it went over several lines, read it again warily."""
        taken = self._text[self._start : self._position].lstrip(_BLANK)
        if not self._is_wary and ("\n" in taken or "\r" in taken):
            self._is_wary = True
            self._position = self._start
            self._brackets.clear()
            return
        self.problems.append(problem)
        self._position = _line_end(self._text, self._position)
        if self._brackets:
            self._skip_continuation()
        self.broken.append(
            (self._position - len(self._text[self._start : self._position].lstrip(_BLANK)), self._position)
        )
        self._start = self._position
        self._brackets.clear()

    def _skip_continuation(self) -> None:
        """Leave out the lines that belong to a line given up: those indented deeper, or closing brackets."""
        while (begin := self._position + 1) < len(self._text):
            indent = self._indent(begin)
            rest = self._text[begin + indent : begin + indent + 1]
            if rest and rest not in _BLANK and rest not in ")]}" and indent <= self._indent(self._line_begin):
                return
            self._position = _line_end(self._text, begin)

    def _begins_statement(self, begin: int) -> bool:
        is_outside = self._indent(begin) <= self._indent(self._line_begin)
        return is_outside and _STATEMENT.match(self._text, begin) is not None

    def _indent(self, begin: int) -> int:
        match = _INDENT.match(self._text, begin)
        return len(match.group()) if match else 0

    def _unclosed(self) -> SyntaxProblem:
        at = self._brackets[-1]
        closing = CLOSING[self._text[at]]
        return SyntaxProblem(
            at, at + 1, f"`{self._text[at]}` is never closed", f"expected `{closing}` further on"
        )


def _line_end(text: str, position: int) -> int:
    match = _LINE_END.search(text, position)
    return match.start() if match else len(text)


def _torn(match: re.Match[str]) -> SyntaxProblem:
    opening = match.group()
    what = "the expression" if opening == "${" else "the text"
    closing = "}" if opening == "${" else opening
    message = f"{what} that begins with `{opening}` does not end on its line"
    return SyntaxProblem(match.start(), match.end(), message, f"expected `{closing}` further on")
