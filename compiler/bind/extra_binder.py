"""Bind hooks, loggers, executors and config mappings: tie each to a function, or to one that jobc brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.expression_types import fields_type
from jobc.compiler.bind.extra_symbols import ConfigMappingSymbol, Extras, ExtraSymbol, HookSymbol
from jobc.compiler.bind.fields import field_symbols
from jobc.compiler.bind.late import late_mapping
from jobc.compiler.bind.origins import check_origin
from jobc.compiler.bind.parameters import Known, assign
from jobc.compiler.syntax.document import Place
from jobc.runtime.expressions.scopes import ENV
from jobc.runtime.expressions.types import ANY
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from jobc.compiler.bind.definitions import FunctionSymbol
    from jobc.compiler.bind.extra_symbols import ExtraSection
    from jobc.compiler.bind.functions import Functions
    from jobc.compiler.bind.program import FieldSymbol
    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.spec import ConfigMappingSpec, ExecutorSpec, HookSpec, LoggerSpec

_CONTEXTS = frozenset({"context", "_", "_context", "context_"})


class ExtraBinder:
    """Binds the hooks, loggers, executors and config mappings of one document."""

    def __init__(self, document: Document, variables: Variables, functions: Functions) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._document = document
        self._variables = variables
        self._functions = functions

    def bind_extras(self) -> Extras:
        """Bind them all; mistakes are collected in `diagnostics`."""
        spec = self._document.spec
        for name in spec.jobs:
            place = Place(("jobs", name, "version_strategy", "python"))
            if (target := self._document.targets.get(place.path)) is not None:
                self._functions.check(place, target)
        return Extras(
            {name: self._hook(name, each) for name, each in spec.hooks.items()},
            {name: self._extra("loggers", name, each) for name, each in spec.loggers.items()},
            {name: self._extra("executors", name, each) for name, each in spec.executors.items()},
            {name: self._mapping(name, each) for name, each in spec.config_mappings.items()},
        )

    def _hook(self, name: str, spec: HookSpec) -> HookSymbol:
        path: Path = ("hooks", name)
        document = self._document
        function = self._functions.find((*path, "python"))
        is_open = document.is_broken(path)
        if function is not None and not is_open:
            self._check_hook(path, function, spec.on)
        target = document.targets.get((*path, "python"))
        resources = tuple(dict.fromkeys(spec.resources))
        return HookSymbol(name, path, target, function, spec.on, resources, is_open)

    def _check_hook(self, path: Path, function: FunctionSymbol, on: str | None) -> None:
        """Report a plain function of which nothing says when it is called, or that takes something else."""
        document = self._document
        if on is None:
            self.diagnostics.append(
                Diagnostic(
                    "JC0202",
                    f"hook `{path[-1]}` has no `on`",
                    document.locate_key(path),
                    label="`on` is missing",
                    help="add `on: success`, `on: failure` or `on: events`: when the function is called",
                )
            )
            return
        names = [parameter.name for parameter in function.parameters]
        wanted = "`context` and a list of events" if on == "events" else "`context` alone"
        if len(names) != (2 if on == "events" else 1) or names[0] not in _CONTEXTS:
            self.diagnostics.append(
                Diagnostic(
                    "JC0605",
                    f"`{function.name}` takes {listing(names) or 'nothing'}; a hook is given {wanted}",
                    document.tree.locate((*path, "python")),
                    label="does not take what a hook is given",
                    help=f"write it as `def {function.name}(context, events)`"
                    if on == "events"
                    else f"write it as `def {function.name}(context)`; it knows the step and the resources",
                )
            )

    def _extra(self, section: ExtraSection, name: str, spec: LoggerSpec | ExecutorSpec) -> ExtraSymbol:
        path: Path = (section, name)
        document = self._document
        found = check_origin(document, path, section.removesuffix("s"), spec)
        self.diagnostics += found
        config = field_symbols(document, self._variables, (*path, "config"), spec.config)
        function = self._functions.find((*path, "python"))
        is_open = (spec.python is None) == (spec.builtin is None) or document.is_broken(path)
        if function is not None and not is_open:
            known = Known((), tuple(field.name for field in config), (), ())
            self._check_fed(path, function, known)
        return ExtraSymbol(
            name,
            path,
            document.targets.get((*path, "python")),
            function,
            spec.builtin if spec.python is None else None,
            config,
            late_mapping(self._variables, (*path, "with"), spec.with_),
            spec.description or (function.doc if function else None),
            is_open,
        )

    def _check_fed(self, path: Path, function: FunctionSymbol, known: Known) -> None:
        """Report parameters that take neither the context nor config."""
        parameters = {p.name: p for p in function.parameters if p.kind in ("positional", "keyword")}
        for name, providers in assign(parameters, known):
            if not providers and not parameters[name].has_default:
                self._unfed(path, name, ("context", *known.config), "no config field is named so")

    def _mapping(self, name: str, spec: ConfigMappingSpec) -> ConfigMappingSymbol:
        path: Path = ("config_mappings", name)
        document = self._document
        params = field_symbols(document, self._variables, (*path, "params"), spec.params)
        is_open = document.is_broken(path)
        is_empty = (
            spec.python is None and spec.config is None and {"python", "config"} & spec.model_fields_set
        )
        if (spec.python is None) == (spec.config is None) and not is_open and not is_empty:
            self.diagnostics.append(_not_one_source(document, path, spec))
        function = self._functions.find((*path, "python"))
        if function is not None and not is_open:
            self._check_parameters(path, function, params)
        config = None
        if spec.config is not None:
            is_lost = document.is_broken((*path, "params"))
            roots = {"params": ANY if is_lost else fields_type(params), "env": ENV}
            config = self._variables.fold_partly((*path, "config"), spec.config, roots)
        target = document.targets.get((*path, "python"))
        return ConfigMappingSymbol(name, path, params, config, target, function, is_open)

    def _check_parameters(self, path: Path, function: FunctionSymbol, params: Iterable[FieldSymbol]) -> None:
        """Report parameters of a function that the mapping has no param for."""
        known = [field.name for field in params]
        for each in function.parameters:
            is_needed = each.kind in ("positional", "keyword") and not each.has_default
            if is_needed and each.name not in known:
                self._unfed(path, each.name, known, "no param of this name")

    def _unfed(self, path: Path, name: str, offered: Collection[str], label: str) -> None:
        near = near_names(name, offered)
        target = self._document.targets[(*path, "python")]
        advice = f"it is given {listing(offered)}" if offered else "it is given nothing"
        self.diagnostics.append(
            Diagnostic(
                "JC0413",
                f"nothing gives `{target.name}` its parameter `{name}`",
                self._document.tree.locate((*path, "python")),
                label=label,
                help=f"did you mean `{near[0]}`?" if near else advice,
                suggestions=near,
            )
        )


def _not_one_source(document: Document, path: Path, spec: ConfigMappingSpec) -> Diagnostic:
    if spec.config is None:
        return Diagnostic(
            "JC0202",
            f"config mapping `{path[-1]}` has no `config`",
            document.locate_key(path),
            label="`config` is missing",
            help="add `config`, a template, or `python`, a function that returns the run config",
        )
    return Diagnostic(
        "JC0210",
        f"config mapping `{path[-1]}` has a `config` and a `python`",
        document.locate_key((*path, "python")),
        label="the run config comes from one of the two",
        help="keep the template or the function",
    )
