"""How the values that a run produced are shown: shortened for people, as JSON for programs."""

from __future__ import annotations

import json
from reprlib import Repr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_REPR = 100


def output_lines(outputs: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Yield a line `node.output = repr` for each output, in the order given; long values are shortened."""
    names = {(node, name): f"{node}.{name}" for node, by_name in outputs.items() for name in by_name}
    width = max(map(len, names.values()), default=0)
    for (node, name), shown in names.items():
        yield f"{shown:<{width}} = {short_repr(outputs[node][name])}"


def short_repr(value: object) -> str:
    """Return a repr of at most 100 characters on one line; an object whose repr fails shows its type."""
    shortener = Repr()
    shortener.maxstring = shortener.maxother = LONGEST_REPR
    text = " ".join(shortener.repr(value).split())
    return text if len(text) <= LONGEST_REPR else text[: LONGEST_REPR - 1] + "…"


def json_outputs(outputs: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, object]]:
    """Return outputs as JSON can hold them; a value that it cannot becomes `{"repr": "…"}` (DESIGN 6)."""
    return {
        node: {
            name: value if fits_json(value) else {"repr": _full_repr(value)}
            for name, value in by_name.items()
        }
        for node, by_name in outputs.items()
    }


def fits_json(value: object) -> bool:
    """Tell whether JSON holds a value without loss; tuples count as lists, mappings need text as keys."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return _has_text_keys(value)


def _has_text_keys(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _has_text_keys(item) for key, item in value.items())
    return not isinstance(value, list | tuple) or all(map(_has_text_keys, value))


def _full_repr(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - a user's `__repr__` may raise anything
        return object.__repr__(value)
