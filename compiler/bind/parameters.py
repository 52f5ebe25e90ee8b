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
    Keys may be qualified by names of imports; `owner` is the name, qualified likewise, of what has the
    function. Inside a function a key is known by its last part.
    """

    inputs: Collection[str] | None
    config: Collection[str]
    resources: Collection[str]
    file_resources: Collection[str]
    owner: str = ""

    def key_of(self, name: str) -> str | None:
        """Return the key of the resource that a function knows by a name; None where it has none such.

        Of several keys that end alike, it is that of the function's own file.
        """
        own = self.owner[: self.owner.rfind(".") + 1] + name
        if own in self.resources:
            return own
        alike = [key for key in self.resources if key.rpartition(".")[2] == name]
        if alike:
            return min(alike, key=lambda key: (key.count("."), key))
        return own if own in self.file_resources else None


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
    key = known.key_of(name)
    if key is not None and (key in known.resources or not providers):
        providers.append("resource")
    if not providers and known.inputs is None:
        providers.append("input")
    return tuple(providers)
