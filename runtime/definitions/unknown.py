"""How messages speak of a name that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from jobc.runtime.errors import InvalidDefinitionError
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Iterable


def refuse_unknown(kind: str, name: str, known: Iterable[str], owner: str) -> NoReturn:
    """Raise an `InvalidDefinitionError` that lists the known names of a kind and offers the near ones."""
    known = list(known)
    near = near_names(name, known)
    hint = f"; did you mean {listing(near)}?" if near else ""
    have = f"it has {listing(known)}" if known else "it has none"
    raise InvalidDefinitionError(f"{owner} has no {kind} `{name}`; {have}{hint}")
