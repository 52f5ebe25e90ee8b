"""Bind ops and resources: tie each to its function; the signature tells what the spec leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.assignability import NOTHING, assignable
from jobc.compiler.bind.fields import ANY, field_symbols, input_symbols
from jobc.compiler.bind.late import late_mapping
from jobc.compiler.bind.op_kinds import bind_work, check_kinds, kinds_of, work_outputs
from jobc.compiler.bind.origins import check_origin
from jobc.compiler.bind.outputs import output_symbols
from jobc.compiler.bind.parameters import Known, assign
from jobc.compiler.bind.program import InputSymbol, OpSymbol, OutputSymbol, ResourceSymbol
from jobc.compiler.syntax.annotations import annotation_type, annotation_with_classes
from jobc.compiler.syntax.types import Generic, Named, PythonType
from jobc.schemas.diagnostics import Diagnostic, Related
from jobc.schemas.names import is_spec_name, listing, near_names, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobc.compiler.bind.definitions import FunctionSymbol, Parameter
    from jobc.compiler.bind.functions import Functions
    from jobc.compiler.bind.program import FieldSymbol
    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document, Target
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.schemas.ir import Data
    from jobc.schemas.spec import OpSpec, ResourceSpec


class OpBinder:
    """Binds the ops and resources of one document; mistakes are collected in `diagnostics`."""

    def __init__(self, document: Document, variables: Variables, functions: Functions) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._document = document
        self._variables = variables
        self._functions = functions

    def bind_op(self, name: str, spec: OpSpec) -> OpSymbol:
        """Tie one op to its function, or to what else it does."""
        path: Path = ("ops", name)
        kinds = kinds_of(spec)
        misfit = check_kinds(self._document, path, spec)
        self.diagnostics += [] if misfit is None else [misfit]
        if len(kinds) == 1 and kinds != ("python",):
            return self._bind_work(path, spec, kinds[0])
        function = self._functions.find((*path, "python"))
        config = field_symbols(self._document, self._variables, (*path, "config"), spec.config)
        declared = None
        if spec.inputs is not None:
            declared = input_symbols(self._document, self._variables, (*path, "inputs"), spec.inputs)
        inputs = declared
        implied: tuple[str, ...] = ()
        if function is not None:
            known = self._known(None if declared is None else [i.name for i in declared], config, spec)
            inputs, implied = self._from_signature(path, function, known, declared)
            if declared is None and ("resources",) in self._document.holes:
                inputs = None  # which parameters take resources cannot be told
        target = self._document.targets.get((*path, "python"))
        return OpSymbol(
            name,
            path,
            target,
            function,
            inputs,
            self._outputs(path, spec, function),
            config,
            tuple(dict.fromkeys((*spec.resources, *implied))),
            spec.retry,
            spec.timeout_s,
            tag_texts(self._variables.fold_mapping((*path, "tags"), spec.tags)),
            spec.description or (function.doc if function else None),
            is_open=self._document.is_broken(path) or len(kinds) != 1,
            kind="python" if kinds else None,
            code_version=spec.code_version,
        )

    def _bind_work(self, path: Path, spec: OpSpec, kind: str) -> OpSymbol:
        """Bind a command, a shell or a plug-in's op: it has the inputs that it declares, and no others."""
        config = field_symbols(self._document, self._variables, (*path, "config"), spec.config)
        inputs = input_symbols(self._document, self._variables, (*path, "inputs"), spec.inputs or {})
        outputs = work_outputs(path, kind)
        if spec.outputs is not None:
            outputs = output_symbols(self._document, self._variables, (*path, "outputs"), spec.outputs)
        return OpSymbol(
            str(path[-1]),
            path,
            None,
            None,
            inputs,
            outputs,
            config,
            tuple(dict.fromkeys(spec.resources)),
            spec.retry,
            spec.timeout_s,
            tag_texts(self._variables.fold_mapping((*path, "tags"), spec.tags)),
            spec.description,
            is_open=self._document.is_broken(path),
            kind=kind,
            work=bind_work(self._document, self._variables, (*path, kind), spec, inputs, config, outputs),
            code_version=spec.code_version,
        )

    def bind_resource(self, name: str, spec: ResourceSpec) -> ResourceSymbol:
        """Tie one resource to its function, or to one that jobc brings."""
        path: Path = ("resources", name)
        self.diagnostics += check_origin(self._document, path, "resource", spec)
        function = self._functions.find((*path, "python"))
        config = field_symbols(self._document, self._variables, (*path, "config"), spec.config)
        implied: tuple[str, ...] = ()
        if function is not None:
            _, implied = self._from_signature(path, function, self._known((), config, spec), ())
        return ResourceSymbol(
            name,
            path,
            self._document.targets.get((*path, "python")),
            function,
            config,
            late_mapping(self._variables, (*path, "with"), spec.with_),
            tuple(dict.fromkeys((*spec.resources, *(key for key in implied if key != name)))),
            spec.description or (function.doc if function else None),
            is_open=self._document.is_broken(path) or (spec.python is None) == (spec.builtin is None),
            builtin=spec.builtin if spec.python is None else None,
        )

    def _known(
        self, inputs: Iterable[str] | None, config: Iterable[FieldSymbol], spec: OpSpec | ResourceSpec
    ) -> Known:
        return Known(
            None if inputs is None else tuple(inputs),
            tuple(field.name for field in config),
            spec.resources,
            self._document.names("resources"),
        )

    def _from_signature(
        self,
        path: Path,
        function: FunctionSymbol,
        known: Known,
        declared: tuple[InputSymbol, ...] | None,
    ) -> tuple[tuple[InputSymbol, ...], tuple[str, ...]]:
        """Return the inputs, completed from the signature, and the resources that parameters add."""
        parameters = {p.name: p for p in function.parameters if p.kind in ("positional", "keyword")}
        is_whole = not self._document.is_broken(path)
        inputs = {symbol.name: symbol for symbol in declared or ()}
        implied = []
        for name, providers in assign(parameters, known):
            if len(providers) > 1:
                self.diagnostics.append(self._ambiguous(path, name, providers))
            elif not providers and not parameters[name].has_default:
                if is_whole:
                    self.diagnostics.append(self._unfed(path, function, name, known))
            elif providers == ("resource",):
                implied.append(known.key_of(name) or name)
            elif providers == ("input",):
                inputs[name] = self._input(path, parameters[name], inputs.get(name))
            elif providers == ("config",):
                self._check_takes_mapping(path, function, parameters[name])
        if is_whole:
            self._check_taken(function, inputs.values())
            self._check_config_taken(path, function, known.config)
        return tuple(inputs.values()), tuple(implied)

    def _input(self, path: Path, parameter: Parameter, declared: InputSymbol | None) -> InputSymbol:
        if declared is not None:
            required = declared.required and not parameter.has_default
            return InputSymbol(
                declared.name,
                declared.type,
                required,
                declared.has_default,
                declared.default,
                declared.description,
                declared.path,
            )
        kind = ANY if parameter.annotation is None else self._type_of(path, parameter.annotation)
        target = (*path, "python")
        return InputSymbol(parameter.name, kind, not parameter.has_default, False, None, None, target)

    def _type_of(self, path: Path, annotation: str) -> TypeExpr | None:
        expression = annotation_type(annotation)
        if expression is not None:
            return expression
        module = self._document.targets[(*path, "python")].module
        return annotation_with_classes(annotation, lambda name: self._class_of(module, name))

    def _class_of(self, module: str, name: str) -> PythonType | None:
        found = self._functions.class_of(module, name)
        return PythonType(*found) if found else None

    def _outputs(self, path: Path, spec: OpSpec, function: FunctionSymbol | None) -> tuple[OutputSymbol, ...]:
        if spec.outputs is not None:
            return output_symbols(self._document, self._variables, (*path, "outputs"), spec.outputs)
        target: Path = (*path, "python")
        declared = self._functions.declared_outs(target) if function is None else None
        if declared is not None:
            return tuple(
                OutputSymbol(each.name, None, each.required, None, target, each.dynamic) for each in declared
            )
        kind: TypeExpr | None = None
        if function is not None and function.returns is None:
            kind = ANY
        elif function is not None and function.returns and not function.is_generator:
            kind = self._type_of(path, function.returns)
        dynamic = None if function is None and spec.python is not None else False
        return (OutputSymbol("result", kind, True, None, target, dynamic),)

    def _check_taken(self, function: FunctionSymbol, inputs: Iterable[InputSymbol]) -> None:
        """Report declared inputs that no parameter takes; one of type `nothing` has no value to take."""
        names = {parameter.name for parameter in function.parameters}
        if _takes_any_keyword(function):
            return
        for symbol in inputs:
            if symbol.name not in names and symbol.type != NOTHING:
                near = near_names(symbol.name, names)
                self.diagnostics.append(
                    Diagnostic(
                        "JC0414",
                        f"`{function.name}` has no parameter for the input `{symbol.name}`",
                        self._document.locate_key(symbol.path),
                        label="no parameter takes this",
                        help=f"did you mean `{near[0]}`?" if near else _parameters_help(function),
                        suggestions=near,
                    )
                )

    def _check_config_taken(self, path: Path, function: FunctionSymbol, config: Iterable[str]) -> None:
        """Report config fields that can never reach the function (JC0417)."""
        names = [parameter.name for parameter in function.parameters]
        if "context" in names or "config" in names or _takes_any_keyword(function):
            return
        for field in config:
            if field not in names and is_spec_name(field):
                near = near_names(field, names)
                self.diagnostics.append(
                    Diagnostic(
                        "JC0417",
                        f"`{function.name}` has no parameter for the config field `{field}`",
                        self._document.locate_key((*path, "config", field)),
                        label="no parameter takes this",
                        help=f"did you mean `{near[0]}`?" if near else _parameters_help(function),
                        suggestions=near,
                    )
                )

    def _check_takes_mapping(self, path: Path, function: FunctionSymbol, parameter: Parameter) -> None:
        """Report a parameter for the whole config of which the annotation is surely no mapping (JC0513)."""
        kind = None if parameter.annotation is None else self._type_of(path, parameter.annotation)
        if isinstance(kind, PythonType):
            is_misfit = self._functions.is_class_alone(kind.module, kind.name)
        else:
            is_misfit = assignable(_WHOLE_CONFIG, kind) == "no"
        if not is_misfit:
            return
        called = _called(function, self._document.targets[(*path, "python")])
        self.diagnostics.append(
            Diagnostic(
                "JC0513",
                f"the whole config is a `dict`, `{called}` takes `config` as `{parameter.annotation}`",
                self._document.tree.locate((*path, "python")),
                label=f"the function says `{parameter.annotation}`",
                help="annotate `config` as `dict`, or take the fields one by one, as parameters",
            )
        )

    def _ambiguous(self, path: Path, name: str, providers: tuple[str, ...]) -> Diagnostic:
        words = " and ".join(_PROVIDER_WORDS[provider] for provider in providers)
        return Diagnostic(
            "JC0412",
            f"the parameter `{name}` could take {words} of the same name",
            self._document.tree.locate((*path, "python")),
            label="fits more than one",
            related=tuple(
                Related(f"{_PROVIDER_WORDS[provider]} `{name}`", self._document.locate_key(place))
                for provider in providers
                if (place := self._declaration(path, provider, name)) is not None
            ),
            help="rename one of them",
        )

    def _declaration(self, path: Path, provider: str, name: str) -> Path | None:
        """Return where the spec declares what a parameter could take; None where it does not."""
        place: Path | None = {
            "input": (*path, "inputs", name),
            "config_key": (*path, "config", name),
            "resource": ("resources", name),
        }.get(provider)
        return None if place is None or self._document.tree.entry(place) is None else place

    def _unfed(self, path: Path, function: FunctionSymbol, name: str, known: Known) -> Diagnostic:
        offered = [*(known.inputs or ()), *known.config, *known.resources, *known.file_resources]
        near = near_names(name, offered)
        what = "input, " if path[0] == "ops" else ""
        target = self._document.targets[(*path, "python")]
        return Diagnostic(
            "JC0413",
            f"nothing gives `{_called(function, target)}` its parameter `{name}`",
            self._document.tree.locate((*path, "python")),
            label=f"no {what}config field or resource is named `{name}`",
            help=f"did you mean `{near[0]}`?"
            if near
            else f"declare `{name}`, or give the parameter a default",
            suggestions=near,
        )


_WHOLE_CONFIG = Generic("dict", (Named("str"), ANY))
_PROVIDER_WORDS = {
    "context": "the context of the run",
    "input": "the input",
    "config_key": "the config field",
    "config": "the whole config",
    "resource": "the resource",
}


def _called(function: FunctionSymbol, target: Target) -> str:
    """Return what the author calls a function: a class by its own name, not `__init__`."""
    return target.name if function.name.startswith("__") else function.name


def _takes_any_keyword(function: FunctionSymbol) -> bool:
    return any(parameter.kind == "var_keyword" for parameter in function.parameters)


def _parameters_help(function: FunctionSymbol) -> str:
    names = [parameter.name for parameter in function.parameters]
    return f"its {plural('parameter', names)} {listing(names)}" if names else "it takes no parameters"


def unknown_resource(document: Document, path: Path, name: str) -> Diagnostic:
    """Report a resource name that the file does not define."""
    known = document.names("resources")
    near = near_names(name, known)
    if near:
        advice = f"did you mean `{near[0]}`?"
    else:
        advice = f"known resources: {listing(known)}" if known else "define it under `resources:`"
    return Diagnostic(
        "JC0313",
        f"unknown resource `{name}`",
        document.tree.locate(path),
        label="no resource of this name",
        help=advice,
        suggestions=near,
    )


def tag_texts(tags: Mapping[str, Data]) -> dict[str, str]:
    """Return tags with every value as text: text as it is, anything else as JSON (SEMANTICS 17).

    Keys of mappings are sorted, since their order in the file has no meaning.
    """
    from json import dumps

    return {
        key: value if isinstance(value, str) else dumps(value, sort_keys=True) for key, value in tags.items()
    }
