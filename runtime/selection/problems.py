"""What is wrong with a selection, where, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from jobc.runtime.errors import InvalidSubsetError
from jobc.schemas.names import listing, near_names
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

_WIDEST = 100


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """One mistake in a clause, from `start` up to `end` (0-based, `end` excluded).

    `message` is a sentence without a full stop; `advice` says what to write instead.
    """

    start: int
    end: int
    message: str
    advice: str | None = None


class RefusedQueryError(Exception):
    """Give up a clause that has a mistake; whoever knows the whole selection tells the user."""

    def __init__(self, problem: QueryProblem) -> None:
        super().__init__(problem)
        self.problem = problem


class RefusedClauseError(Exception):
    """Give up a list of clauses because of one of them; `clause` is its index, `text` what it says."""

    def __init__(self, clause: int, text: str, problem: QueryProblem) -> None:
        super().__init__(clause, text, problem)
        self.clause = clause
        self.text = text
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Request:
    """A selection as it was asked for: its clauses, whether they are a list, and what messages call it."""

    clauses: tuple[str, ...]
    is_list: bool
    parameter: str

    def refusal(self, clause: int | None, problem: QueryProblem) -> InvalidSubsetError:
        """Return the error for a mistake in a clause, or in the whole if `clause` is None."""
        said = problem.message if problem.advice is None else f"{problem.message}; {problem.advice}"
        if clause is None:
            return InvalidSubsetError(f"{self._header}: {said}")
        place = f"position {problem.start}"
        if self.is_list:
            place = f"clause {clause + 1}, {place}"
        shown = _snippet(self.clauses[clause], problem.start, problem.end)
        return InvalidSubsetError(
            f"{self._header}: {said} ({place})\n{shown}", clause=clause, position=problem.start
        )

    @property
    def _header(self) -> str:
        shown = list(self.clauses) if self.is_list else self.clauses[0]
        return f"No qualified ops to execute found for {self.parameter}={shown!r}"


def refuse(start: int, end: int, message: str, advice: str | None = None) -> NoReturn:
    """Give up the clause because of the text from `start` up to `end`."""
    raise RefusedQueryError(QueryProblem(start, end, message, advice))


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return the question that offers the near names, or None if there are none."""
    near = near_names(name, known)
    return f"did you mean {listing(near)}?" if near else None


def _snippet(text: str, start: int, end: int) -> str:
    """Return the part of a text around a mistake, with the mistake underlined."""
    first = max(0, start - _WIDEST // 2)
    shown = "".join(letter if letter.isprintable() else " " for letter in text[first : first + _WIDEST])
    width = max(1, min(end - start, len(shown) - (start - first)))
    before, after = "…" if first else "", "…" if first + _WIDEST < len(text) else ""
    return f"    {before}{shown}{after}\n    {' ' * (len(before) + start - first)}{'^' * width}"
