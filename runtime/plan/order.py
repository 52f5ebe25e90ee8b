"""The order of steps: ready steps by descending priority, ties as written (SEMANTICS 19).

It is decided once, for every run: skips and failures only take steps out, they never change the order of
the others.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from jobc.runtime.errors import InvalidDefinitionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PRIORITY_TAG = "jobc/priority"


def execution_order(
    needs: Sequence[Sequence[int]], priorities: Mapping[int, int], keys: Sequence[str]
) -> list[int]:
    """Return the positions of all steps in the order they run.

    `needs` holds, per step, the positions it waits for; `priorities` the steps whose priority is not 0;
    `keys` name the steps in the error for a cycle.
    """
    if not priorities and all(need < position for position, group in enumerate(needs) for need in group):
        return list(range(len(needs)))
    waiting = [len(set(group)) for group in needs]
    followers: list[list[int]] = [[] for _ in needs]
    for position, group in enumerate(needs):
        for need in set(group):
            followers[need].append(position)
    ready = [(-priorities.get(position, 0), position) for position, left in enumerate(waiting) if left == 0]
    heapify(ready)
    order: list[int] = []
    while ready:
        position = heappop(ready)[1]
        order.append(position)
        for follower in followers[position]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                heappush(ready, (-priorities.get(follower, 0), follower))
    if len(order) < len(needs):
        stuck = ", ".join(f"`{keys[position]}`" for position, left in enumerate(waiting) if left)
        raise InvalidDefinitionError(f"these steps wait for one another and could never start: {stuck}")
    return order


def priority_of(tags: Mapping[str, str], key: str) -> int:
    """Return the priority a step's tags give it; 0 without the tag.

    Errors: `InvalidDefinitionError` for a tag that is not a whole number.
    """
    text = tags.get(PRIORITY_TAG)
    if text is None:
        return 0
    try:
        return int(text)
    except ValueError:
        raise InvalidDefinitionError(
            f"the tag `{PRIORITY_TAG}` of `{key}` must be a whole number, not {text!r}"
        ) from None
