"""From a clause to its tree: plain clauses by one regular expression, all others by the grammar.

A plain clause is a path with hops, `*a.b+++`: nearly all that is ever written. It is read in about a
microsecond, and Lark is never imported for it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from jobc.runtime.selection.expressions import Hop, Path
from jobc.runtime.selection.problems import QueryProblem, RefusedQueryError, Request

if TYPE_CHECKING:
    from jobc.runtime.selection.expressions import Expression, Levels

KEYWORDS = frozenset({"and", "or", "not", "except"})
LONGEST = 10_000
"""The most characters of one clause."""

_PLAIN = re.compile(r"\s*((?:\*|\+)\+*)?(\w+(?:\.\w+)*)(?:\[(\w+|\?)\])?(\+*\*|\+*)\s*")


def parse(text: str) -> Expression:
    """Return the tree of one clause.

    Errors: `InvalidSubsetError` with the position of what does not belong there.
    """
    try:
        return parsed_clause(text)
    except RefusedQueryError as refused:
        raise Request((text,), False, "select").refusal(0, refused.problem) from None


@lru_cache(maxsize=2048)
def parsed_clause(text: str) -> Expression:
    """Return the tree of one clause, as `parse` does.

    Errors: `RefusedQueryError` with the problem as data.
    """
    plain = _PLAIN.fullmatch(text)
    if plain is not None and plain[2] not in KEYWORDS and len(text) <= LONGEST:
        return _plain_clause(plain)
    if len(text) > LONGEST:
        message = f"the clause has {len(text):,} characters, more than {LONGEST:,}"
        raise RefusedQueryError(QueryProblem(0, len(text), message, "write several clauses"))
    from jobc.runtime.selection.reading import read_clause

    return read_clause(text)


def levels_of(signs: str) -> Levels:
    """Return how far the signs of a hop go: `*` is without limit, else each `+` is a level."""
    return None if "*" in signs else len(signs)


def _plain_clause(plain: re.Match[str]) -> Expression:
    up, dotted, key, down = plain.groups()
    end = plain.end(4)
    start = plain.start(2)
    path = Path(tuple(dotted.split(".")), key, start, plain.start(4))
    if not up and not down:
        return path
    return Hop(levels_of(up or ""), path, levels_of(down), plain.start(1) if up else start, end)
