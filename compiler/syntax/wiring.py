"""Wiring text: statements that call ops and graphs and name what comes out of them (DESIGN 3).

Why it is read in three steps. The text is first cut into logical lines by a scanner that knows strings,
comments and brackets and nothing else; so a mistake costs the line it stands in and no other. A line of the
plain form, which most lines have, is read by one regular expression and never loads Lark. Every other line
goes to the grammar `wiring.lark`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.syntax.problems import RefusalError
from jobc.compiler.syntax.wiring_lines import LineScanner
from jobc.compiler.syntax.wiring_nodes import Wiring
from jobc.compiler.syntax.wiring_plain import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.compiler.syntax.problems import SyntaxProblem
    from jobc.compiler.syntax.wiring_nodes import Name, Return, Statement


def parse_wiring(text: str) -> tuple[Wiring, tuple[SyntaxProblem, ...]]:
    """Return the statements of `text` that can be read, and a problem for each line that cannot.

    The problems are in the order of the text. Source: DESIGN 3, "Wiring text".
    """
    scanner = LineScanner(text)
    broken, problems = list(scanner.broken), list(scanner.problems)
    statements: list[Statement | Return] = []
    for start, end in scanner.lines:
        try:
            statements.append(_read_line(text, start, end))
        except RefusalError as refusal:
            problems.append(refusal.problem)
            broken.append((start, end))
    problems.sort(key=lambda problem: (problem.start, problem.end))
    lost = _lost(text, broken) if broken else ()
    return Wiring(tuple(statements), lost, 0, len(text)), tuple(problems)


def _read_line(text: str, start: int, end: int) -> Statement | Return:
    """Return the statement of a logical line. Raises RefusalError at its first mistake."""
    plain = read_plain(text, start, end)
    if plain is not None:
        return plain
    from jobc.compiler.syntax.wiring_grammar import read_by_grammar

    return read_by_grammar(text, start, end)


def _lost(text: str, broken: Iterable[tuple[int, int]]) -> tuple[Name, ...]:
    from jobc.compiler.syntax.wiring_problems import lost_names

    return tuple(name for start, end in sorted(broken) for name in lost_names(text, start, end))
