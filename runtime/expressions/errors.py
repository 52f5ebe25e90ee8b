"""The error of an expression that has no value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.errors import JobcError

if TYPE_CHECKING:
    from typing import NoReturn

    from jobc.runtime.expressions.problems import Problem, ProblemKind


_SHOWN = 80
"""How many characters of a template a message repeats."""


class EvaluationError(JobcError):
    """An expression that has no value: a division by zero, a missing key, a limit.

    `problem` says what and where in the text; `text` is the whole text, where it is known.
    """

    def __init__(self, problem: Problem, text: str = "") -> None:
        super().__init__(problem, text)
        self.problem = problem
        self.text = text

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= _SHOWN else f"{self.text[:_SHOWN]}…"
        where = f" in `{shown}`" if shown else ""
        advice = f"; {self.problem.help}" if self.problem.help else ""
        return f"{self.problem.message}{where}{advice}"


class RefusedOperationError(Exception):
    """Say why values cannot be worked with; whoever knows the place turns it into an `EvaluationError`."""

    def __init__(self, message: str, advice: str | None = None, kind: ProblemKind = "value") -> None:
        super().__init__(message, advice, kind)
        self.message = message
        self.advice = advice
        self.kind: ProblemKind = kind


def refuse(message: str, advice: str | None = None) -> NoReturn:
    """Raise `RefusedOperationError`."""
    raise RefusedOperationError(message, advice)
