"""Keys of two dimensions (SEMANTICS 16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError

SEPARATOR = "|"
FORBIDDEN = ("|", ",", "[", "]")


class MultiPartitionKey(str):
    """The key of a partition with several dimensions: a text that remembers its parts.

    The text joins the values with `|` in the order of the dimensions' names, and equals a plain text like it.
    Errors: `ParameterCheckError` for what is no mapping from text to text, `InvalidDefinitionError` for a
    value that holds one of `|`, `,`, `[`, `]`.
    """

    __slots__ = ("_names",)
    _names: tuple[str, ...]

    def __new__(cls, keys_by_dimension: Mapping[str, str]) -> Self:
        """Join the values of a mapping from dimension to key."""
        _check_parts(keys_by_dimension)
        names = tuple(sorted(keys_by_dimension))
        return cls.joined(names, SEPARATOR.join(keys_by_dimension[name] for name in names))

    @classmethod
    def joined(cls, names: tuple[str, ...], text: str) -> Self:
        """Make a key of a text that is joined already, for dimensions in the order of their names."""
        key = str.__new__(cls, text)
        key._names = names
        return key

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The names of the dimensions, in order."""
        return self._names

    @property
    def keys_by_dimension(self) -> dict[str, str]:
        """The key of each dimension, by its name."""
        return dict(zip(self._names, self.split(SEPARATOR), strict=True))

    def __reduce__(self) -> tuple[object, ...]:
        return (MultiPartitionKey, (self.keys_by_dimension,))


def _check_parts(parts: object) -> None:
    if not isinstance(parts, Mapping) or not parts:
        raise ParameterCheckError(f"`keys_by_dimension` must map dimensions to keys, not be {parts!r}")
    for name, key in parts.items():
        if not isinstance(name, str) or not isinstance(key, str):
            raise ParameterCheckError(f"`keys_by_dimension` must map text to text, not {name!r} to {key!r}")
        check_member_text(key, name)


def check_member_text(text: str, dimension: str) -> None:
    """Raise `InvalidDefinitionError` for a text that cannot stand in a key of several dimensions."""
    for character in FORBIDDEN:
        if character in text:
            raise InvalidDefinitionError(
                f"the key `{text}` of the dimension `{dimension}` holds `{character}`; a key of a dimension "
                f"must not hold any of {', '.join(f'`{each}`' for each in FORBIDDEN)}"
            )
