"""Rule: what a file with jobs has resources for needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.uses import keys_in, profiles_of, used_names
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.extra_symbols import HookSymbol
    from jobc.compiler.bind.program import OpSymbol, Program, ResourceSymbol


def check_unused_resources(program: Program) -> Iterator[Diagnostic]:
    """Warn of resources that nothing needs (JC0608), where all that could need them is known."""
    resources = program.document.spec.resources
    if not resources or not _is_known(program):
        return
    used = used_names(program)["resources"]
    for name in resources:
        if name not in used:
            yield Diagnostic(
                "JC0608",
                f"nothing needs the resource `{name}`",
                program.document.locate_key(("resources", name)),
                label="no op, hook or resource asks for it, and no job maps a key to it",
                help="name it in a `resources` list or as a parameter, or remove it",
            )


def _is_known(program: Program) -> bool:
    """Tell whether no function is left that could ask for a resource out of sight, in a profile neither."""
    users: tuple[OpSymbol | ResourceSymbol | HookSymbol, ...] = (
        *program.ops.values(),
        *program.resources.values(),
        *program.extras.hooks.values(),
    )
    return all(map(_is_read, users)) and "python" not in keys_in(profiles_of(program))


def _is_read(user: OpSymbol | ResourceSymbol | HookSymbol) -> bool:
    if user.function is not None:
        return True
    return user.target is None and getattr(user, "kind", None) in ("command", "shell", None)
