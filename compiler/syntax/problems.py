"""The common shape of what the small languages report."""

from __future__ import annotations

from jobc.schemas.records import dataclass


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """One mistake in a text, from `start` up to but not including `end` (0-based, in code points).

    `message` is one sentence without a full stop. `label` stands at the caret. `suggestions` are near names,
    best first.
    """

    start: int
    end: int
    message: str
    label: str = ""
    help: str | None = None
    suggestions: tuple[str, ...] = ()


class RefusalError(Exception):
    """Give up the part of a text that has a mistake; whoever reads on catches it and keeps the problem."""

    def __init__(self, problem: SyntaxProblem) -> None:
        super().__init__(problem)
        self.problem = problem
