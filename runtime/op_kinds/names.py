"""What the expressions of an op's texts name when a step runs, and how values become text there."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jobc.runtime.config import Secret
from jobc.runtime.config.secrets import MASK
from jobc.runtime.expressions.texts import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def step_names(
    context: Any,  # noqa: ANN401 - an op's context, which lies above this
    inputs: Mapping[str, object],
    fields: Iterable[str],
    files: Mapping[str, str],
) -> dict[str, object]:
    """Return the roots of expressions for one step.

    `fields` are the declared config fields: one without a value is null. `files` are the paths that outputs
    are to be written to.
    """
    config: Mapping[str, object] = context.op_config or {}
    return {
        "inputs": {name: _listed(value) for name, value in inputs.items()},
        "config": {name: _listed(config.get(name)) for name in (*fields, *config)},
        "outputs": files,
        "run": {"id": context.run_id, "job": context.job_name, "tags": dict(context.run_tags)},
        "env": os.environ,
    }


def _listed(value: object) -> object:
    """Return a set as a list in a fixed order, for expressions know lists."""
    return sorted(value, key=str) if isinstance(value, set | frozenset) else value


def revealed(value: object) -> str:
    """Return a value as text, a secret as itself: for what is run, never for what is shown."""
    return value.get_secret_value() if isinstance(value, Secret) else as_text(value)


def revealed_items(value: object) -> list[str]:
    """Return a list's items as texts, anything else as one text; secrets as themselves."""
    return [revealed(item) for item in value] if isinstance(value, list | tuple) else [revealed(value)]


def shown_items(value: object) -> list[str]:
    """Return a list's items as texts, anything else as one text; secrets as asterisks."""
    return [as_text(item) for item in value] if isinstance(value, list | tuple) else [as_text(value)]


def quoted(value: object) -> str:
    """Return a value as one word for a shell, a list as its items; secrets as themselves."""
    return shlex.join(revealed_items(value))


def quoted_masked(value: object) -> str:
    """Return a value as `quoted` does, with asterisks for secrets."""
    return shlex.join(shown_items(value))


class Hider:
    """Shows asterisks for the secrets among some values; called with a text, it returns the text to show."""

    def __init__(self, values: object) -> None:
        self._secrets = sorted(filter(None, set(_secrets(values))), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text


def _secrets(value: object) -> Iterator[str]:
    if isinstance(value, Secret):
        yield value.get_secret_value()
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _secrets(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _secrets(item)
