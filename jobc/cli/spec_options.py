"""What every command that compiles a spec can be told: a profile, values for vars, where imports may lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jobc.schemas.ir import Data


class SpecOptions(NamedTuple):
    """What a spec is compiled with; `variables` are names and texts as they are written."""

    profile: str | None = None
    variables: tuple[tuple[str, str], ...] = ()
    allow_outside: bool = False

    @property
    def vars(self) -> dict[str, Data]:
        """The values for vars by name, of types that are still to be told from the vars."""
        if not self.variables:
            return {}
        from jobc.compiler.given import VarText

        return {name: VarText(text) for name, text in self.variables}


AS_WRITTEN = SpecOptions()
