"""Arguments that cross a process as JSON: checked where they are given, with the place of what cannot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from typing import TypeAlias, cast

from jobc.runtime.definitions.checks import describe
from jobc.runtime.errors import ParameterCheckError

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

DEEPEST = 100
"""The most levels of lists and mappings: deeper ones are taken for a value that holds itself."""


def plain_value(value: object, place: str, depth: int = 0) -> Plain:
    """Return a value as JSON gives it back: tuples as lists, kinds of text and number as text and number.

    Errors: `ParameterCheckError` that names the place of what JSON cannot hold.
    """
    if depth > DEEPEST:
        raise ParameterCheckError(
            f"`{place}` is nested more than {DEEPEST} levels deep, or holds itself; JSON cannot hold that"
        )
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _finite(float(value), place)
    if isinstance(value, list | tuple):
        return [plain_value(member, f"{place}[{index}]", depth + 1) for index, member in enumerate(value)]
    if isinstance(value, Mapping):
        return {
            _key(key, place): plain_value(member, f"{place}[{key!r}]", depth + 1)
            for key, member in value.items()
        }
    raise ParameterCheckError(
        f"`{place}` must be a value that JSON can hold, to reach another process, not {describe(value)}"
    )


def json_text(value: object, place: str) -> str:
    """Return a value as JSON text with sorted keys; errors are those of `plain_value`."""
    return json.dumps(plain_value(value, place), sort_keys=True)


def plain_list(text: str) -> list[Plain]:
    """Return the list that a JSON text holds, new each time."""
    return cast("list[Plain]", json.loads(text))


def plain_mapping(text: str) -> dict[str, Plain]:
    """Return the mapping that a JSON text holds, new each time."""
    return cast("dict[str, Plain]", json.loads(text))


def _finite(value: float, place: str) -> float:
    if not isfinite(value):
        raise ParameterCheckError(f"`{place}` is {value}, a number that JSON has no form for")
    return value


def _key(key: object, place: str) -> str:
    if not isinstance(key, str):
        raise ParameterCheckError(f"the keys of `{place}` must be text, as in JSON, not {describe(key)}")
    return str.__str__(key)
