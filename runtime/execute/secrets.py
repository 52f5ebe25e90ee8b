"""Secrets: found in the config of a run, never shown in what the run records (DESIGN 3, "Secrets")."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import TypeVar, cast

T = TypeVar("T")

MASKED = "**********"


class Mask:
    """Hides the secret values of a run in text."""

    def __init__(self, config: Iterable[object] = ()) -> None:
        self._config = config

    @cached_property
    def _secrets(self) -> list[str]:
        secrets = {text for value in self._config for text in _secrets(value) if text}
        found = {written for text in secrets for written in _written(text)}
        return sorted(found, key=len, reverse=True)

    def apply_to(self, data: T) -> T:
        """Return plain data, dataclasses among it, with the secret values in its texts shown as asterisks."""
        return cast("T", self._masked(data)) if self._secrets else data

    def _masked(self, value: object) -> object:
        if isinstance(value, str):
            return self.apply(value)
        if isinstance(value, Mapping):
            return {self._masked(key): self._masked(member) for key, member in value.items()}
        if isinstance(value, list | set | frozenset):
            return type(value)(self._masked(member) for member in value)
        if isinstance(value, tuple):  # a named tuple takes its members one by one, but not its base
            return tuple.__new__(type(value), (self._masked(member) for member in value))
        if not is_dataclass(value) or isinstance(value, type):
            return value
        masked = copy(value)
        for each in fields(value):
            object.__setattr__(masked, each.name, self._masked(getattr(value, each.name)))
        return masked

    def apply(self, text: str) -> str:
        """Return the text with every secret value shown as asterisks."""
        for secret in self._secrets:
            text = text.replace(secret, MASKED)
        return text


def _written(text: str) -> tuple[str, ...]:
    """Return a text as messages may hold it: as it is, and with its special characters escaped."""
    return text, repr(text)[1:-1], json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]


def _secrets(value: object) -> Iterator[str]:
    """Find the values that hide themselves, as pydantic's `SecretStr` does, at any depth of plain data."""
    reveal = getattr(value, "get_secret_value", None)
    if reveal is not None:
        yield str(reveal())
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _secrets(member)
    elif isinstance(value, list | tuple | set | frozenset):
        for member in value:
            yield from _secrets(member)
