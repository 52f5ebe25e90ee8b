"""Names: which texts are names in a spec, and which of the known names is near a mistyped one."""

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


RESERVED_NAMES = frozenset(
    {
        "arg_dict",
        "bool",
        "conf",
        "config",
        "context",
        "dict",
        "float",
        "input",
        "input_arg_dict",
        "int",
        "meta",
        "output",
        "output_arg_dict",
        "str",
        "type",
    }
)
"""Words that cannot name an op, a graph, a job or a node (SEMANTICS 1, "Names")."""

_MANY = 100
_WINDOW = 15
_NEAR = 0.6


def is_spec_name(text: str) -> bool:
    """Tell whether `text` may name something in a spec: an ASCII identifier, no keyword (DESIGN 3)."""
    return text.isidentifier() and text.isascii() and not iskeyword(text)


def near_names(name: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Return the known names that `name` may have been meant for, nearest first; may be empty.

    Case is ignored when comparing. Among very many names only those are compared that begin or end like it,
    so that a file full of mistakes is still answered at once.
    """
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, "", name.casefold())
    scored = []
    for candidate in _neighbours(name, set(known) - {name}):
        matcher.set_seq1(candidate.casefold())
        if matcher.real_quick_ratio() >= _NEAR and matcher.quick_ratio() >= _NEAR:
            ratio = matcher.ratio()
            if ratio >= _NEAR:
                scored.append((-ratio, candidate))
    return tuple(candidate for _, candidate in sorted(scored)[:limit])


def _neighbours(name: str, known: set[str]) -> set[str]:
    """Return all names, or of very many those beside `name` when sorted by their beginnings or ends."""
    if len(known) <= _MANY:
        return known
    from bisect import bisect

    forwards = sorted(known)
    backwards = sorted(each[::-1] for each in known)
    place, other = bisect(forwards, name), bisect(backwards, name[::-1])
    nearby = set(forwards[max(0, place - _WINDOW) : place + _WINDOW])
    return nearby | {each[::-1] for each in backwards[max(0, other - _WINDOW) : other + _WINDOW]}


def listing(names: Iterable[str], limit: int = 12, word: str = "and") -> str:
    """Join names for a message: `a`, `b` and `c`; a long list ends with how many more there are."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) > limit:
        return ", ".join(quoted[:limit]) + f" {word} {len(quoted) - limit} more"
    if len(quoted) < 2:
        return "".join(quoted)
    return ", ".join(quoted[:-1]) + f" {word} {quoted[-1]}"


def plural(noun: str, names: Collection[str]) -> str:
    """Return the noun with its verb, as many as there are names: `input is`, `inputs are`."""
    return f"{noun} is" if len(names) == 1 else f"{noun}s are"
