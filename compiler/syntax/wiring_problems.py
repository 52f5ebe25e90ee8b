"""Wiring lines with a mistake: what to say of them, and which names they would have defined (DESIGN 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobc.compiler.syntax.problems import SyntaxProblem
from jobc.compiler.syntax.wiring_lines import ATOM, CLOSING
from jobc.compiler.syntax.wiring_nodes import CONSTANTS, METHODS
from jobc.compiler.syntax.wiring_plain import name_of, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.syntax.wiring_nodes import Name

_LOOPS = ("wiring has no loops", "use `x.map(op)` to call an op once for each item of a dynamic output")
_CONDITIONS = (
    "wiring has no conditions",
    "give the op optional outputs: what depends on an output that is left out is skipped",
)
_DEFINITIONS = ("wiring defines no functions", "declare an op and call it by its name")
_IMPORTS = ("wiring imports nothing", "list other files under `imports:`, and Python code under `ops:`")
_ERRORS = ("wiring handles no errors", "give the op a `retry:`, or the job a hook")
_ARITHMETIC = ("wiring computes nothing", "compute inside an op, or in `${…}` where all names are constants")
_WAITING = ("wiring does not wait or yield", "calls run when their inputs are there")
_CONTEXTS = ("wiring opens nothing", "declare a resource under `resources:`")

_WORDS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("for", "while", "break", "continue"), _LOOPS),
    **dict.fromkeys(("if", "elif", "else"), _CONDITIONS),
    **dict.fromkeys(("lambda", "def", "class"), _DEFINITIONS),
    **dict.fromkeys(("import", "from"), _IMPORTS),
    **dict.fromkeys(("try", "except", "finally", "raise", "assert"), _ERRORS),
    **dict.fromkeys(("and", "or", "not", "in", "is"), _ARITHMETIC),
    **dict.fromkeys(("async", "await", "yield"), _WAITING),
    "with": _CONTEXTS,
}

_SYMBOLS: tuple[tuple[re.Pattern[str], str, str | None], ...] = tuple(
    (re.compile(pattern), message, help_text)
    for pattern, message, help_text in (
        (r"[=!<>]=|[<>](?!>)", "wiring compares nothing", "compare inside an op"),
        (
            r":=|\+=|-=|\*=|/=",
            "`{}` is not assignment here",
            "names are given with `=` at the beginning of a line",
        ),
        (r"->|=>", "`{}` means nothing in wiring", "write `name = op(input)`"),
        (
            r"(?<=[(,])\*{1,2}|(?<=[(,] )\*{1,2}",
            "inputs are not unpacked",
            "give them one by one, or as a list",
        ),
        (r"\*\*|//|<<|>>|[-+*/%@|&^~]", *_ARITHMETIC),
        (r"\[", "wiring has no indexing", "give the op several outputs and read one of them with `x.out`"),
        (r"\(", "round brackets hold the inputs of a call and nothing else", "write `op(x)`"),
        (r"\{", "a mapping has no place here", None),
        (r"\.\.\.", "`...` is no value", None),
        (r"\\", "a line does not go on after `\\`", "it goes on while a bracket is open"),
        (r";", "`;` separates nothing: statements go on lines of their own", None),
        (r":", "`:` means nothing here", "an input is given with `=`"),
        (r"=", "only plain names can stand before `=`", None),
        (r"\$", "a lone `$` means nothing", "an expression is written `${name}`"),
        (r"\.", "a name must stand before `.`", None),
    )
)
_TOKEN = re.compile(rf"(?P<blank>[ \t\f\r\n]+|#[^\n\r]*)|{ATOM}|(?P<word>[^\W\d]\w*)|\w+|.")
_NEEDS_NAME = ("as", "after", ".")
_NO_NAMES = ("return", *CONSTANTS)


@dataclass(frozen=True, slots=True)
class _Place:
    """The token before a position ("" where there is none), and the innermost bracket open there ("" too)."""

    before: str
    start: int
    end: int
    bracket: str


def explain(line: str, position: int) -> SyntaxProblem:
    """Say what is wrong with the first text of a line that no rule fits, at `position`."""
    for match in _TOKEN.finditer(line):
        if match.start() > position:
            break
        if match["word"] in _WORDS:
            said, instead = _WORDS[match["word"]]
            return SyntaxProblem(*match.span(), said, help=instead)
    place = _place(line, position)
    if position == len(line) or line[position] in ",)]}":
        return _missing(line, position, place)
    if place.before in _NO_NAMES and line[position] == "=":
        return SyntaxProblem(
            place.start, place.end, f"`{place.before}` has a meaning of its own and cannot be a name"
        )
    for pattern, message, help_text in _SYMBOLS:
        if symbol := pattern.match(line, position):
            return SyntaxProblem(*symbol.span(), message.format(symbol.group()), help=help_text)
    return _unexpected(line, position, place)


def _place(line: str, position: int) -> _Place:
    before, start, end = "", 0, 0
    brackets: list[str] = []
    for match in _TOKEN.finditer(line, 0, position):
        if match["blank"]:
            continue
        before, (start, end) = match.group(), match.span()
        if before in CLOSING:
            brackets.append(before)
        elif before in CLOSING.values() and brackets:
            brackets.pop()
    return _Place(before, start, end, brackets[-1] if brackets else "")


def _missing(line: str, position: int, place: _Place) -> SyntaxProblem:
    """Say what should stand before the end of the line, a comma or a closing bracket."""
    before, here = place.before, (position, position + 1)
    if before in _NEEDS_NAME:
        return SyntaxProblem(place.start, place.end, f"a name is missing after `{before}`")
    if before == "return":
        help_text = "write `return name=value`"
        return SyntaxProblem(place.start, place.end, "`return` does not say what to return", help=help_text)
    if before in {"=", ":"} or (before == "," and not line[position : position + 1].strip(",")):
        return SyntaxProblem(place.start, place.end, f"a value is missing after `{before}`")
    if position == len(line):
        return SyntaxProblem(
            0, place.end, f"`{line[: place.end]}` is no statement: `=` and a call are expected"
        )
    if place.bracket == "{" and before != "{":
        return SyntaxProblem(*here, "a mapping needs a value for each key", help='write `{"key": value}`')
    if place.bracket or not before:
        return SyntaxProblem(*here, f"a value is missing before `{line[position]}`")
    return SyntaxProblem(*here, "a line holds one call", help="write the next call on a line of its own")


def _unexpected(line: str, position: int, place: _Place) -> SyntaxProblem:
    """Say why a word, a number, a text or a strange character cannot stand at `position`."""
    token = _TOKEN.match(line, position)
    found = token.group() if token else line[position]
    span = (position, position + len(found))
    if not (found[0].isalnum() or found[0] in "_\"'$"):
        return SyntaxProblem(*span, f"`{found}` means nothing in wiring")
    if place.before in _NEEDS_NAME:
        return SyntaxProblem(*span, f"a name is expected after `{place.before}`, not `{found}`")
    if found[0] in "\"'" and place.end == position and place.before.isidentifier():
        help_text = "put values into a text by `${…}`"
        return SyntaxProblem(
            place.start, position, f"a text has no prefix such as `{place.before}`", help=help_text
        )
    if found in {"as", "after"} and place.bracket:
        message = f"`{found}` belongs to a whole line, not to a call inside brackets"
        return SyntaxProblem(*span, message, help="write the inner call on a line of its own")
    if found in {"as", "after"} and line.startswith("return"):
        return SyntaxProblem(*span, f"`return` has no `{found}`", help="write `return name=value`")
    if found == "as":
        return SyntaxProblem(*span, "`as` stands before `after`", help="write `op(x) as name after other`")
    if place.bracket == "{":
        return SyntaxProblem(*span, "a mapping needs keys and values", help='write `{"key": value}`')
    if place.bracket:
        closing = CLOSING[place.bracket]
        return SyntaxProblem(*span, f"expected `,` or `{closing}` before `{found}`")
    help_text = "after a call come only `as NAME` and `after a, b`"
    return SyntaxProblem(*span, f"expected the end of the line before `{found}`", help=help_text)


_LOST = re.compile(
    rf"(?P<atom>{ATOM})|(?P<torn>[\"']|\$\{{)|\bas\s+(?P<alias>[^\W\d]\w*)"
    r"|(?<!\w)(?P<callee>[^\W\d]\w*+)[ \t]*+\("
)
_TARGETS = re.compile(r"(?P<targets>[^\W\d]\w*(?:[ \t]*+,[ \t]*+[^\W\d]\w*+)*)[ \t]*+=(?!=)")


def lost_names(text: str, start: int, end: int) -> Iterator[Name]:
    """Yield what a line that cannot be read would most likely have defined: targets, then names of nodes.

    The calls inside the brackets of another make nodes, too.
    """
    if targets := _TARGETS.match(text, start, end):
        yield from names_in(text, *targets.span("targets"))
    called: list[Name] = []
    aliases: list[Name] = []
    for match in _LOST.finditer(text, start, end):
        if match["torn"]:
            break
        if match["alias"]:
            aliases.append(name_of(match, "alias"))
        elif match["callee"] and match["callee"] not in METHODS:
            called.append(name_of(match, "callee"))
    is_named = bool(aliases) and ")" not in text[aliases[-1].end : end]
    yield from called[1:] if is_named else called
    yield from aliases
