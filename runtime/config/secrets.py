"""The wrapper around secret text, which shows itself nowhere (DESIGN 3, "Secrets")."""

from __future__ import annotations

from typing import Any

MASK = "**********"


class Secret:
    """Hold a text that no message, log, event or report may show; `get_secret_value()` gives it out.

    Equal to another `Secret` of the same text, hashable, picklable; not equal to the bare text.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        """Return the text itself."""
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> Any:
        """Describe the wrapper to pydantic, so that a config class may have a field of this type."""
        from pydantic_core import core_schema

        return core_schema.is_instance_schema(cls)
