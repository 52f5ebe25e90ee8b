"""What jobs have besides their graph, bound: hooks, loggers, executors, config mappings, and options."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal, TypeAlias

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.bind.definitions import FunctionSymbol
    from jobc.compiler.bind.program import FieldSymbol
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Target
    from jobc.schemas.ir import Data
    from jobc.schemas.spec import RetrySpec

ExtraSection: TypeAlias = Literal["loggers", "executors"]


@dataclass(frozen=True, slots=True)
class HookSymbol:
    """A hook: a function, and when it is called; `on` is None where the target is to say so itself."""

    name: str
    path: Path
    target: Target | None
    function: FunctionSymbol | None
    on: str | None
    resources: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class ExtraSymbol:
    """A logger or an executor: one that jobc brings (`builtin`), or a target.

    `config` of a built-in one is its own. `values` are the config values under `with`, by field; in their
    texts expressions of the run are left, and a literal `${` is escaped.
    """

    name: str
    path: Path
    target: Target | None
    function: FunctionSymbol | None
    builtin: str | None
    config: tuple[FieldSymbol, ...]
    values: Mapping[str, Data]
    description: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class ConfigMappingSymbol:
    """Run config made from parameters: by a template (`config`), or by a function.

    In the texts of `config` expressions of parameters and of the run are left, and a literal `${` is escaped.
    """

    name: str
    path: Path
    params: tuple[FieldSymbol, ...]
    config: Data
    target: Target | None
    function: FunctionSymbol | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What a job says of how it is run, with what it has from the one it is derived from.

    Names are those of the file; None or none stands for the default. `version_strategy` is `source` or a
    target.
    """

    executor: str | None = None
    loggers: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()
    retry: RetrySpec | None = None
    version_strategy: str | None = None
    config_mapping: str | None = None
    metadata: Mapping[str, Data] = field(default_factory=dict[str, "Data"])


@dataclass(frozen=True, slots=True)
class Extras:
    """The hooks, loggers, executors and config mappings of a spec, by name, in the order of the file."""

    hooks: Mapping[str, HookSymbol] = field(default_factory=dict[str, "HookSymbol"])
    loggers: Mapping[str, ExtraSymbol] = field(default_factory=dict[str, "ExtraSymbol"])
    executors: Mapping[str, ExtraSymbol] = field(default_factory=dict[str, "ExtraSymbol"])
    config_mappings: Mapping[str, ConfigMappingSymbol] = field(
        default_factory=dict[str, "ConfigMappingSymbol"]
    )


NO_OPTIONS = JobOptions()
NO_EXTRAS = Extras()
