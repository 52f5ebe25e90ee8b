"""Bind partitions, and run configs that depend on a partition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.program import PartitionedConfigSymbol, PartitionsSymbol
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Collection

    from jobc.compiler.bind.definitions import FunctionSymbol, Parameter
    from jobc.compiler.bind.functions import Functions
    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.runtime.expressions.types import Type
    from jobc.schemas.ir import Data
    from jobc.schemas.spec import PartitionedConfigSpec, PartitionsSpec

KINDS = ("static", "hourly", "daily", "weekly", "monthly", "cron", "multi", "dynamic")
_TIMES = frozenset({"hourly", "daily", "weekly", "monthly", "cron"})
_KEY = frozenset({"key"})
_WINDOW = frozenset({"start", "end"})


class PartitionBinder:
    """Binds what a document says of partitions; mistakes are collected in `diagnostics`."""

    def __init__(self, document: Document, variables: Variables, functions: Functions) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._document = document
        self._variables = variables
        self._functions = functions

    def bind_partitions(self, name: str, spec: PartitionsSpec) -> PartitionsSymbol:
        """Find the kind of one set of partitions."""
        path: Path = ("partitions", name)
        kinds = [kind for kind in KINDS if getattr(spec, kind) is not None]
        if len(kinds) != 1 and not self._document.is_broken(path):
            self.diagnostics.append(self._not_one_kind(path, kinds))
        if len(kinds) != 1:
            return PartitionsSymbol(name, path, None, None)
        written = getattr(spec, kinds[0])
        if kinds[0] == "multi":
            for dimension, other in written.items():
                self.check_name((*path, "multi", dimension), other)
        options = _given(written) if kinds[0] in _TIMES else written
        return PartitionsSymbol(name, path, kinds[0], options)

    def bind_config(self, name: str, spec: PartitionedConfigSpec) -> PartitionedConfigSymbol:
        """Fold what can be folded of a config; expressions of the partition stay for the run."""
        path: Path = ("partitioned_configs", name)
        self.check_name((*path, "partitions"), spec.partitions)
        names = self._known_names(spec.partitions)
        function = None
        if spec.python is not None:
            function = self._functions.find((*path, "python"))
            self._check_parameters((*path, "python"), function, names)
        if (spec.python is None) == (spec.config is None) and not self._document.is_broken(path):
            self.diagnostics.append(self._not_one_source(path, spec))
        roots = _roots(names)
        config = None
        if spec.config is not None:
            config = self._variables.fold_partly((*path, "config"), spec.config, roots)
        return PartitionedConfigSymbol(
            name,
            path,
            spec.partitions,
            config,
            self._document.targets.get((*path, "python")),
            function,
            {
                key: self._variables.fold_partly((*path, "tags", key), value, roots)
                for key, value in spec.tags.items()
            },
        )

    def check_name(self, path: Path, name: str) -> None:
        """Report the name of partitions that the file does not define."""
        if not self._document.is_known("partitions", name):
            known = self._document.names("partitions")
            self.diagnostics.append(unknown_name(self._document, path, name, "partitions", known))

    def _known_names(self, partitions: str) -> frozenset[str] | None:
        """Return the names that expressions of the partition may have; None where that cannot be told."""
        spec = self._document.spec.partitions.get(partitions)
        if spec is None or self._document.is_broken(("partitions", partitions)):
            return None
        if spec.multi is None:
            return _KEY | _WINDOW if self._is_timed(partitions) else _KEY
        dimensions = frozenset(f"dims.{name}" for name in spec.multi)
        times = sum(map(self._is_timed, spec.multi.values()))
        return _KEY | dimensions | (_WINDOW if times == 1 else frozenset())

    def _is_timed(self, partitions: str) -> bool:
        spec = self._document.spec.partitions.get(partitions)
        return spec is not None and any(getattr(spec, kind) is not None for kind in _TIMES)

    def _check_parameters(
        self, path: Path, function: FunctionSymbol | None, names: frozenset[str] | None
    ) -> None:
        """Report parameters of a function that a partition does not give it."""
        if function is None or names is None:
            return
        offered = {"partition_key", *(names & _WINDOW)}
        for parameter in function.parameters:
            if parameter.name not in offered and (_is_needed(parameter) or parameter.name in _WINDOW):
                self.diagnostics.append(self._unfed(path, parameter.name, offered))

    def _unfed(self, path: Path, name: str, offered: Collection[str]) -> Diagnostic:
        near = near_names(name, offered)
        return Diagnostic(
            "JC0413",
            f"nothing gives `{self._document.targets[path].name}` its parameter `{name}`",
            self._document.tree.locate(path),
            label=f"these partitions have no `{name}`",
            help=f"did you mean `{near[0]}`?" if near else f"a partition gives {listing(sorted(offered))}",
            suggestions=near,
        )

    def _not_one_kind(self, path: Path, kinds: list[str]) -> Diagnostic:
        if kinds:
            return Diagnostic(
                "JC0210",
                f"partitions `{path[-1]}` are {listing(kinds)}",
                self._document.locate_key((*path, kinds[1])),
                label="partitions have one kind",
                help="keep one of them; `multi` joins two others",
            )
        return Diagnostic(
            "JC0202",
            f"partitions `{path[-1]}` have no kind",
            self._document.locate_key(path),
            label="a kind is missing",
            help=f"add one of {listing(KINDS)}",
        )

    def _not_one_source(self, path: Path, spec: PartitionedConfigSpec) -> Diagnostic:
        if spec.config is None:
            return Diagnostic(
                "JC0202",
                f"partitioned config `{path[-1]}` has no `config`",
                self._document.locate_key(path),
                label="`config` is missing",
                help="add `config`, a template, or `python`, a function that returns the run config",
            )
        return Diagnostic(
            "JC0210",
            f"partitioned config `{path[-1]}` has a `config` and a `python`",
            self._document.locate_key((*path, "python")),
            label="the run config comes from one of the two",
            help="keep the template or the function",
        )


def unknown_name(
    document: Document, path: Path, name: str, section: str, known: Collection[str]
) -> Diagnostic:
    """Report a name that a section of the file does not define."""
    near = near_names(name, known)
    noun = "partitioned config" if section == "partitioned_configs" else section
    advice = f"known: {listing(known)}" if known else f"define it under `{section}:`"
    return Diagnostic(
        "JC0324",
        f"unknown {noun} `{name}`",
        document.tree.locate(path),
        label=f"no {noun} of this name",
        help=f"did you mean `{near[0]}`?" if near else advice,
        suggestions=near,
    )


def _given(spec: object) -> dict[str, Data]:
    """Return the options that were written, by name."""
    given: Collection[str] = getattr(spec, "model_fields_set", ())
    return {name: getattr(spec, name) for name in sorted(given) if getattr(spec, name) is not None}


def _is_needed(parameter: Parameter) -> bool:
    return not parameter.has_default and parameter.kind in ("positional", "keyword")


def _roots(names: frozenset[str] | None) -> dict[str, Type]:
    """Return the names that templates of a partition can use; `names` are the parts of `partition`."""
    from jobc.runtime.expressions.scopes import ENV
    from jobc.runtime.expressions.types import ANY, DATETIME, STR, Record

    if names is None:
        return {"partition": ANY, "env": ENV}
    parts: dict[str, Type] = {name: DATETIME if name in _WINDOW else STR for name in names if "." not in name}
    dimensions = [name.partition(".")[2] for name in names if "." in name]
    if dimensions:
        parts["dims"] = Record(dict.fromkeys(sorted(dimensions), STR))
    return {"partition": Record(dict(sorted(parts.items()))), "env": ENV}
