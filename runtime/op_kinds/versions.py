"""Versions of ops that are no Python functions: what they say, and what they read of the environment."""

from __future__ import annotations

import json
import os
from hashlib import sha1
from typing import TYPE_CHECKING

from jobc.runtime.expressions.nodes import paths_in
from jobc.runtime.expressions.templates import is_plain, parse_template
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.definitions.versioning import OpVersionContext


@dataclass(frozen=True, slots=True)
class WorkVersion:
    """Give an op the version of its text, so that it is run anew when the text, or what is put in, changes.

    Config and inputs have versions of their own; here stand the kind, the text, and the environment variables
    that it names.
    """

    kind: str
    work: object

    def __call__(self, context: OpVersionContext) -> str:  # noqa: ARG002 - the shape of a version function
        """Return the version."""
        named = {name: os.environ.get(name) for name in sorted(set(_variables(self.work)))}
        text = json.dumps([self.kind, self.work, named], sort_keys=True)
        return sha1(text.encode(), usedforsecurity=False).hexdigest()


def _variables(value: object) -> Iterator[str]:
    """Yield the environment variables that the texts of a value name."""
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _variables(item)
    if not isinstance(value, str) or is_plain(value):
        return
    template, _ = parse_template(value)
    for expression in () if template is None else template.expressions:
        for path in paths_in(expression):
            if path.names[0].text == "env" and len(path.names) > 1:
                yield path.names[1].text
