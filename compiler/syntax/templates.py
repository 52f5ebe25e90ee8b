"""Texts with `${...}` in them (DESIGN 3, "Expressions").

Templates are found in values of the parsed tree, never in raw text. An expression is a dotted name for now;
`Expression` is the place where operators and calls join it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from jobc.compiler.syntax.problems import RefusalError, SyntaxProblem
from jobc.compiler.syntax.wiring_nodes import Name

_QUOTED = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_OPENING = re.compile(r"\$\$\{|\$\{")
_BODY = re.compile(rf"(?:[^}}\"']|{_QUOTED})*+(?=\}})")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*+")
_WORD = re.compile(r"\w+")

_EXPECTED = "a dotted name such as `vars.name` is expected between `${{` and `}}`, not {}"
_SHOWN = 40
"""How many characters of an expression a message repeats."""


@dataclass(frozen=True, slots=True)
class Path:
    """A dotted name such as `vars.root`; `names` holds at least two."""

    names: tuple[Name, ...]
    start: int
    end: int


Expression: TypeAlias = Path
"""What may stand between the braces."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text in parts: what stands for itself, and expressions whose value is put in.

    No text part is empty and no two stand side by side; an empty text has no parts.
    """

    parts: tuple[str | Expression, ...]

    @property
    def is_single(self) -> bool:
        """Whether the text is one expression and nothing else, so that the value keeps its type."""
        return len(self.parts) == 1 and not isinstance(self.parts[0], str)


def is_plain(text: str) -> bool:
    """Tell whether `text` stands for itself: it holds neither `${` nor the escape `$${`."""
    return "${" not in text


def parse_template(text: str) -> tuple[Template | None, tuple[SyntaxProblem, ...]]:
    """Return the parts of `text`, or None and a problem for each expression that cannot be read.

    `$${` is a literal `${`, and a lone `$` is text. Source: DESIGN 3, "Expressions".
    """
    parts: list[str | Expression] = []
    problems: list[SyntaxProblem] = []
    literal, position = "", 0
    while (opening := _OPENING.search(text, position)) is not None:
        literal += text[position : opening.start()]
        position = opening.end()
        if opening.group() == "$${":
            literal += "${"
            continue
        end = _closing(text, position)
        if end < 0:
            problems.append(_unclosed(opening))
            break
        parts += [literal] if literal else []
        literal = ""
        try:
            parts.append(_expression(text, position, end))
        except RefusalError as refusal:
            problems.append(refusal.problem)
        position = end + 1
    literal += text[position:]
    parts += [literal] if literal else []
    return (None if problems else Template(tuple(parts))), tuple(problems)


def _closing(text: str, position: int) -> int:
    """Return where the `}` of an expression stands, or -1; one in quotes counts only if there is no other."""
    body = _BODY.match(text, position)
    return body.end() if body else text.find("}", position)


def _unclosed(opening: re.Match[str]) -> SyntaxProblem:
    return SyntaxProblem(
        opening.start(),
        opening.end(),
        "`${` is never closed",
        "expected `}` further on",
        "write `$${` for a literal `${`",
    )


def _expression(text: str, start: int, end: int) -> Expression:
    """Return the expression between two braces. Raises RefusalError where there is none that can be read."""
    body = text[start:end].strip()
    if not body:
        raise RefusalError(SyntaxProblem(start - 2, end + 1, _EXPECTED.format("nothing")))
    start = text.index(body, start)
    words = _WORD.finditer(text, start, start + len(body))
    names = tuple(Name(word.group(), *word.span()) for word in words)
    is_dotted = _DOTTED.fullmatch(body) is not None and all(name.text.isidentifier() for name in names)
    if is_dotted and len(names) > 1:
        return Path(names, start, start + len(body))
    help_text = f"write `vars.{body}` for a var of the file" if is_dotted else None
    found = f"`{body}`" if len(body) <= _SHOWN else "this"
    raise RefusalError(SyntaxProblem(start, start + len(body), _EXPECTED.format(found), help=help_text))
