"""Whether there is anything for an input to read (SEMANTICS 9, "Skipping")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.plan.steps import MISSING, Collected, FromStep, FromSteps, InputSource

if TYPE_CHECKING:
    from collections.abc import Sequence


def is_absent(values: Sequence[object], source: InputSource, key: str | None) -> bool:
    """Tell whether a source has nothing to give: an output left out or skipped; of a fan-in, all of them."""
    if isinstance(source, FromStep):
        value = values[source.slot]
        if source.per_key and isinstance(value, dict):
            return key not in value
        return value is MISSING
    if isinstance(source, Collected):
        value = values[source.slot]
        return value is MISSING or (not value and bool(values[source.axis]))
    if isinstance(source, FromSteps):
        return bool(source.members) and all(is_absent(values, member, key) for member in source.members)
    return False
