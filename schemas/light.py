"""What the cold path makes in place of a model: an object with the model's fields and nothing else.

`pydantic-core` fills these without `pydantic` being imported. Attributes are those of the model of the same
name in `jobc.schemas.spec`.
"""

from __future__ import annotations


class Light:
    """The base of the generated classes; the slots are those that `pydantic-core` writes to."""

    __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")

    __pydantic_fields_set__: set[str]

    @property
    def model_fields_set(self) -> set[str]:
        """The fields that were given, as for a model."""
        return self.__pydantic_fields_set__
