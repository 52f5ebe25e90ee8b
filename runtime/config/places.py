"""Where in a config value something is: a chain of steps that costs nothing until it must be written out.

Reading a value passes the place of each part down as a pair (place of the whole, step). Only when a problem
is reported is the chain unrolled: to a plain path for programs, to `root:ops:x` for people (SEMANTICS 3).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

# A field name, a list index, or a side of a map's entry: ("key", k) or ("value", k).
Step: TypeAlias = str | int | tuple[Literal["key", "value"], object]
Place: TypeAlias = "tuple[()] | tuple[Place, Step]"

ROOT: Place = ()


def steps(place: Place) -> list[Step]:
    """List the steps from the root down to `place`; empty for the root."""
    found: list[Step] = []
    while place:
        place, step = place  # pyright: ignore - it does not narrow a recursive tuple
        found.append(step)
    found.reverse()
    return found


def plain_path(place: Place) -> tuple[str | int, ...]:
    """Return the keys and indexes that lead to `place`; a map's key and its value have the same path."""
    return tuple(_plain(step) for step in steps(place))


def place_text(place: Place) -> str:
    """Write `place` for people: `root:ops:x:config:rows[1]`, `'k':key`, `'k':value`, or "the root"."""
    if not place:
        return "the root"
    return "root" + "".join(_text(step) for step in steps(place))


def _plain(step: Step) -> str | int:
    if not isinstance(step, tuple):
        return step
    key = step[1]
    return key if isinstance(key, str | int) else repr(key)


def _text(step: Step) -> str:
    if isinstance(step, tuple):
        return f":{_key_text(step[1])}:{step[0]}"
    return f"[{step}]" if isinstance(step, int) else f":{step}"


def _key_text(key: object) -> str:
    # A number of many thousand digits cannot be written.
    return "a very large number" if isinstance(key, int) and key.bit_length() > 200 else repr(key)
