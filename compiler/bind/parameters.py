"""What each parameter of a plain function takes (DESIGN 3, "Binding a plain function").

By name and in this order: `context`; a declared input (or, where none are declared, any parameter that is
none of the following); a key of the config, or `config` for the whole of it; a resource. The same rules hold
when the function is read from its text and when it has been imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Provider: TypeAlias = Literal["context", "input", "config_key", "config", "resource"]


class Known(NamedTuple):
    """What an op or resource offers its function. `inputs` is None where none are declared.

    `file_resources` are the resources of the file that are not listed: naming one in a parameter adds it.
    """

    inputs: Collection[str] | None
    config: Collection[str]
    resources: Collection[str]
    file_resources: Collection[str]


class Assignment(NamedTuple):
    """A parameter and what it may take: one provider when all is well, several when it fits too many."""

    parameter: str
    providers: tuple[Provider, ...]


def assign(parameters: Iterable[str], known: Known) -> tuple[Assignment, ...]:
    """Tell for each parameter what it takes; no provider at all means that nothing fits."""
    return tuple(Assignment(name, _providers(name, known)) for name in parameters)


def _providers(name: str, known: Known) -> tuple[Provider, ...]:
    if name == "context":
        return ("context", "input") if known.inputs and name in known.inputs else ("context",)
    providers: list[Provider] = []
    if known.inputs is not None and name in known.inputs:
        providers.append("input")
    if name in known.config:
        providers.append("config_key")
    elif name == "config" and known.config and not providers:
        providers.append("config")
    if name in known.resources:
        providers.append("resource")
    if not providers and name in known.file_resources:
        providers.append("resource")
    if not providers and known.inputs is None:
        providers.append("input")
    return tuple(providers)
