"""Environment variables as config values: the marker that config objects may hold."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class EnvVar:
    """Stand for the value of an environment variable in a `Config` object (SEMANTICS 4).

    In plain config the same is written `{"env": NAME}`; there, an `EnvVar` is refused. The variable is read
    when a run's config is processed, never before.
    """

    name: str

    def get_value(self, default: str | None = None, environ: Mapping[str, str] | None = None) -> str | None:
        """Return the variable's text now, or `default` when it is not set."""
        return (os.environ if environ is None else environ).get(self.name, default)
