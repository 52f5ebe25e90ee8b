"""What is wrong with an expression, as data."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

ProblemKind: TypeAlias = Literal["syntax", "name", "function", "type", "arguments", "value", "missing"]
"""What sort of mistake it is.

`syntax`: it cannot be read; `name` and `function`: nothing has this name; `type`: an operator on types it
does not take; `arguments`: wrong arguments of a function; `value`: a division by zero, a text that is no
date, a limit; `missing`: a key or an item that a value does not have, which `default(…)` forgives.
"""


class Problem(NamedTuple):
    """One mistake in a text, from `start` up to but not including `end` (0-based, in code points).

    `message` is one sentence without a full stop. `label` stands at the caret. `suggestions` are near names,
    best first.
    """

    kind: ProblemKind
    start: int
    end: int
    message: str
    label: str = ""
    help: str | None = None
    suggestions: tuple[str, ...] = ()


class RefusedExpressionError(Exception):
    """Give up reading an expression; whoever reads on catches it and keeps the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem
