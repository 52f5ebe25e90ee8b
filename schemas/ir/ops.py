"""The parts of the IR that name code: ops, resources, hooks, loggers, executors."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jobc.schemas.ir.data import each_to_data
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.schemas.diagnostics import Location
    from jobc.schemas.ir.data import Data
    from jobc.schemas.ir.ports import CompiledField, CompiledInput, CompiledOutput


@dataclass(frozen=True, slots=True)
class CompiledRetry:
    """A retry policy: a number of retries, a delay in seconds, and how it grows and varies."""

    max_retries: int
    delay_s: float | None
    backoff: str | None
    jitter: str | None

    def to_data(self) -> Data:
        """Return the policy as plain data."""
        return {
            "max_retries": self.max_retries,
            "delay_s": self.delay_s,
            "backoff": self.backoff,
            "jitter": self.jitter,
        }


@dataclass(frozen=True, slots=True)
class CompiledOp:
    """An op. `inputs` is None when the function's signature could not be read: it is taken at link time.

    `kind` is `python`, `command`, `shell` or that of a plug-in. `target` is the function of kind `python` and
    empty otherwise; `work` is what the other kinds do: the arguments of a command, the text of a shell, the
    settings of a plug-in. Texts of `work` may hold `${…}`; a literal `${` in them is written `$${`.
    """

    name: str
    target: str
    inputs: Mapping[str, CompiledInput] | None
    outputs: tuple[CompiledOutput, ...]
    config: Mapping[str, CompiledField]
    resources: tuple[str, ...]
    retry: CompiledRetry | None
    timeout_s: float | None
    tags: Mapping[str, str]
    description: str | None
    origin: Location | None = field(default=None, compare=False)
    kind: str = "python"
    work: Data = None
    code_version: str | None = None

    def to_data(self) -> Data:
        """Return the op as plain data."""
        return {
            "name": self.name,
            "kind": self.kind,
            "target": self.target,
            "work": self.work,
            "inputs": None if self.inputs is None else each_to_data(self.inputs),
            "outputs": [output.to_data() for output in self.outputs],
            "config": each_to_data(self.config),
            "resources": list(self.resources),
            "retry": self.retry.to_data() if self.retry else None,
            "timeout_s": self.timeout_s,
            "code_version": self.code_version,
            "tags": dict(self.tags),
            "description": self.description,
        }


def _with_data(values: Mapping[str, Data], config: Mapping[str, CompiledField]) -> dict[str, Data]:
    """Return config values without what is secret in them."""
    return {name: config[name].shown(value) if name in config else value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class CompiledResource:
    """A resource; `values` are the config values of the spec's `with`.

    `target` is empty where `builtin` names a resource that jobc brings. Texts of `values` may hold
    `${env.…}`; a literal `${` in them is written `$${`.
    """

    name: str
    target: str
    config: Mapping[str, CompiledField]
    values: Mapping[str, Data]
    resources: tuple[str, ...]
    description: str | None
    origin: Location | None = field(default=None, compare=False)
    builtin: str | None = None

    def to_data(self) -> Data:
        """Return the resource as plain data."""
        return {
            "name": self.name,
            "target": self.target,
            "builtin": self.builtin,
            "config": each_to_data(self.config),
            "with": _with_data(self.values, self.config),
            "resources": list(self.resources),
            "description": self.description,
        }


@dataclass(frozen=True, slots=True)
class CompiledHook:
    """A hook: a function and when it is called (`success`, `failure`, `events`).

    `on` is None where the target is a hook itself.
    """

    name: str
    target: str
    on: str | None
    resources: tuple[str, ...] = ()
    origin: Location | None = field(default=None, compare=False)

    def to_data(self) -> Data:
        """Return the hook as plain data."""
        return {"name": self.name, "target": self.target, "on": self.on, "resources": list(self.resources)}


@dataclass(frozen=True, slots=True)
class CompiledExtra:
    """A logger or an executor: one that jobc brings (`builtin`), or a `target`; the other is empty.

    Texts of `values` may hold `${env.…}`; a literal `${` in them is written `$${`.
    """

    name: str
    target: str
    builtin: str | None
    config: Mapping[str, CompiledField]
    values: Mapping[str, Data]
    description: str | None = None
    origin: Location | None = field(default=None, compare=False)

    def to_data(self) -> Data:
        """Return the logger or executor as plain data."""
        return {
            "name": self.name,
            "target": self.target,
            "builtin": self.builtin,
            "config": each_to_data(self.config),
            "with": _with_data(self.values, self.config),
            "description": self.description,
        }
