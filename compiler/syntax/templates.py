"""Texts with `${...}` in them, as the compiler reads them: their problems have codes and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.syntax.problems import SyntaxProblem
from jobc.runtime.expressions.templates import Template, is_plain
from jobc.runtime.expressions.templates import parse_template as read_template

if TYPE_CHECKING:
    from jobc.runtime.expressions.problems import Problem, ProblemKind

__all__ = ["CODES_OF_PROBLEMS", "Template", "is_plain", "parse_template", "syntax_problem"]

CODES_OF_PROBLEMS: dict[ProblemKind, str] = {
    "syntax": "JC0209",
    "name": "JC0314",
    "function": "JC0325",
    "type": "JC0502",
    "arguments": "JC0503",
    "value": "JC0504",
    "missing": "JC0504",
}
"""The code of each kind of problem that an expression can have."""


def parse_template(text: str) -> tuple[Template | None, tuple[SyntaxProblem, ...]]:
    """Return the parts of `text`, or None and a problem for each expression that cannot be read.

    `$${` is a literal `${`, and a lone `$` is text. Source: DESIGN 3, "Expressions".
    """
    template, problems = read_template(text)
    return template, tuple(map(syntax_problem, problems)) if problems else ()


def syntax_problem(problem: Problem) -> SyntaxProblem:
    """Return a problem of an expression in the shape that all small languages share."""
    return SyntaxProblem(
        problem.start, problem.end, problem.message, problem.label, problem.help, problem.suggestions
    )
