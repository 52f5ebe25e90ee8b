"""How values are written in messages: short, in the notation that JSON and YAML share, secrets masked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from jobc.runtime.config.secrets import MASK, Secret

if TYPE_CHECKING:
    from jobc.runtime.config.environment import EnvVar

_LONGEST = 60
_HUGE_BITS = 200


def shown(value: object) -> str:
    """Write a value for a message: scalars as JSON, shortened; of the rest only what they are."""
    if isinstance(value, str):
        text = json.dumps(str(value), ensure_ascii=False)
        return text if len(text) <= _LONGEST else text[: _LONGEST - 4] + '..."'
    if value is None or isinstance(value, bool | float):
        return json.dumps(value)
    if isinstance(value, int):
        return str(int(value)) if value.bit_length() <= _HUGE_BITS else "a very large number"
    return MASK if isinstance(value, Secret) else kind_of(value)


def kind_of(value: object) -> str:
    """Say what sort of thing a value is, without showing it."""
    if isinstance(value, str | Secret):
        return "text"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple | set | frozenset):
        return "a list"
    return f"an object of type `{type(value).__name__}`"


def example_text(value: object) -> str:
    """Write an example for a message: JSON, which is YAML as well."""
    return json.dumps(value, ensure_ascii=False, default=str)


def key_name(key: object) -> str:
    """Return how a mapping's key is called in messages."""
    return key if isinstance(key, str) else shown(key)


def alternatives(texts: Iterable[str]) -> str:
    """Join texts with "or": `a`, `b` or `c`."""
    listed = list(texts)
    if len(listed) < 2:
        return "".join(listed)
    return ", ".join(listed[:-1]) + " or " + listed[-1]


def did_you_mean(suggestions: Iterable[str]) -> str:
    """Return the tail of a message that offers near names, or nothing if there are none."""
    near = [f"`{name}`" for name in suggestions]
    return f"; did you mean {alternatives(near)}?" if near else ""


def env_advice(variable: EnvVar) -> str:
    """Say how plain config names an environment variable."""
    name = shown(variable.name)
    return f'`EnvVar({name})` is for config objects only; in plain config write {{"env": {name}}}'
