"""Texts with `${…}` in them (DESIGN 3, "Expressions").

Templates are found in values, never in the text of a file. A dotted name, by far the most common expression,
is read by one regular expression; only others cost the grammar.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from jobc.runtime.expressions.names import WORDS, Name, Path
from jobc.runtime.expressions.problems import Problem, RefusedExpressionError

if TYPE_CHECKING:
    from jobc.runtime.expressions.nodes import Expression

_OPENING = re.compile(r"\$\$\{|\$\{")
_QUOTED_OR_BRACE = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|[{}]")
_DOTTED = re.compile(r"\s*+([^\W\d]\w*(?:\.[^\W\d]\w*)+)\s*+")
_WORD = re.compile(r"\w+")
_MOST_PROBLEMS = 20
"""Of one text; each costs a look at all that follows it."""


class Template(NamedTuple):
    """A text in parts: what stands for itself, and expressions whose value is put in.

    No text part is empty and no two stand side by side; an empty text has no parts.
    """

    parts: tuple[str | Expression, ...]

    @property
    def single(self) -> Expression | None:
        """The expression that is the whole text, so that its value keeps its type."""
        if len(self.parts) != 1 or isinstance(self.parts[0], str):
            return None
        return self.parts[0]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The parts that are expressions."""
        return tuple(part for part in self.parts if not isinstance(part, str))


def is_plain(text: str) -> bool:
    """Tell whether `text` stands for itself: it holds neither `${` nor the escape `$${`."""
    return "${" not in text


def parse_template(text: str) -> tuple[Template | None, tuple[Problem, ...]]:
    """Return the parts of `text`, or None and a problem for each expression that cannot be read, to 20.

    `$${` is a literal `${`, and a lone `$` is text. Source: DESIGN 3, "Expressions".
    """
    parts: list[str | Expression] = []
    problems: list[Problem] = []
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
        except RefusedExpressionError as refusal:
            problems.append(refusal.problem)
            if len(problems) == _MOST_PROBLEMS:
                break
        position = end + 1
    literal += text[position:]
    parts += [literal] if literal else []
    return (None if problems else Template(tuple(parts))), tuple(problems)


def template_text(template: Template) -> str:
    """Return the canonical text of a template: it reads back as what was printed.

    Text parts may stand side by side.
    """
    texts: list[str] = []
    literal = ""
    for part in template.parts:
        if isinstance(part, str):
            literal += part
            continue
        expression = part.dotted if isinstance(part, Path) else _printed(part)
        texts += [_before_expression(literal), "${", expression, "}"]
        literal = ""
    return "".join([*texts, escaped(literal)])


def _before_expression(literal: str) -> str:
    """Return the template of a text before `${`; with it, a `$` at the end would read as another sign."""
    text = literal.rstrip("$")
    dollars = literal[len(text) :]
    return escaped(text) + (f'${{"{dollars}"}}' if dollars else "")


def _printed(expression: Expression) -> str:
    from jobc.runtime.expressions.printing import expression_text

    return expression_text(expression)


def escaped(text: str) -> str:
    """Return the template that stands for a text: a literal `${` is `$${`."""
    return text.replace("${", "$${")


def _closing(text: str, position: int) -> int:
    """Return where the `}` of an expression stands, or -1.

    Braces inside it and quoted texts are passed over; where they do not add up, the first `}` will do.
    """
    depth = 0
    for found in _QUOTED_OR_BRACE.finditer(text, position):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}" and depth == 0:
            return found.start()
        elif found[0] == "}":
            depth -= 1
    return text.find("}", position)


def _unclosed(opening: re.Match[str]) -> Problem:
    return Problem(
        "syntax",
        opening.start(),
        opening.end(),
        "`${` is never closed",
        "expected `}` further on",
        "write `$${` for a literal `${`",
    )


def _expression(text: str, start: int, end: int) -> Expression:
    """Return the expression between two braces. Raises `RefusedExpressionError`."""
    return _dotted(text, start, end) or _other(text, start, end)


def _dotted(text: str, start: int, end: int) -> Path | None:
    found = _DOTTED.fullmatch(text, start, end)
    if found is None:
        return None
    names = tuple(Name(word.group(), *word.span()) for word in _WORD.finditer(text, *found.span(1)))
    if names[0].text in WORDS or not all(name.text.isidentifier() for name in names):
        return None
    return Path(names, *found.span(1))


def _other(text: str, start: int, end: int) -> Expression:
    from jobc.runtime.expressions.reading import read_expression

    return read_expression(text, start, end)
