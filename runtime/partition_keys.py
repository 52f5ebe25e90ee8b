"""Which texts can be partition keys, wherever they are held (SEMANTICS 16)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError

_FORBIDDEN = re.compile(r"\.\.\.|[\x00\x07-\x0d]")


def checked_keys(keys: object, what: str) -> tuple[str, ...]:
    """Return keys that are texts without `...` and control characters."""
    if isinstance(keys, str) or not isinstance(keys, Sequence):
        raise ParameterCheckError(f"{what} must be a list of texts, not {keys!r}")
    for key in keys:
        if not isinstance(key, str):
            raise ParameterCheckError(f"{what} must hold texts only, not {key!r}")
        if _FORBIDDEN.search(key):
            raise InvalidDefinitionError(
                f"the partition key {key!r} must not hold `...`, which stands for a range, or a control "
                "character"
            )
    return tuple(keys)
