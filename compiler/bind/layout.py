"""The shape of a job's run config, as far as a spec tells it (SEMANTICS 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.builtins import builtin_config
from jobc.compiler.bind.config_types import constrained_type
from jobc.compiler.bind.extras import BUILTIN_LOGGERS
from jobc.compiler.bind.input_types import InputTypes
from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.program import OpSymbol
from jobc.compiler.bind.python_types import annotation_of, names_class
from jobc.compiler.syntax.types import Named
from jobc.runtime.config import Any, Field, Literal, Permissive, Selector, Shape
from jobc.runtime.config.overlay import NOTHING, entry_of, laid_over
from jobc.runtime.errors import InvalidConfigDefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.compiler.bind.extra_symbols import ExtraSymbol
    from jobc.compiler.bind.program import (
        FieldSymbol,
        GraphSymbol,
        JobSymbol,
        NodeSymbol,
        Program,
        ResourceSymbol,
    )
    from jobc.compiler.bind.reach import Reached
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.runtime.config import ConfigType
    from jobc.runtime.config.overlay import Entry


def field_type(symbol: FieldSymbol) -> ConfigType:
    """Return the config type of a field; one that is reported elsewhere takes any value."""
    if len(symbol.kinds) != 1:
        return Any
    if symbol.fields is not None:
        return fields_shape(symbol.fields, Permissive if symbol.permissive else Shape)
    if symbol.one_of is not None:
        return Selector(_fields(symbol.one_of)) if symbol.one_of else Any
    if symbol.enum is not None:
        return Literal(symbol.enum) if symbol.enum else Any
    if symbol.type is None:
        return Any
    try:
        return constrained_type(symbol.type, symbol.constraints) or Any
    except InvalidConfigDefinitionError:
        return Any


def fields_shape(symbols: Iterable[FieldSymbol], shape: type[Shape] = Shape) -> Shape:
    """Return the shape of config with these fields."""
    return shape(_fields(symbols))


def _fields(symbols: Iterable[FieldSymbol]) -> dict[str, Field]:
    """Return fields by name; what has fields inside is required where something in it is."""
    fields = {}
    for symbol in symbols:
        is_required: bool | None = symbol.required and not symbol.has_default and symbol.env is None
        if is_required and (symbol.fields is not None or symbol.one_of is not None):
            is_required = None
        fields[symbol.name] = Field(field_type(symbol), is_required=is_required)
    return fields


def run_config_shape(program: Program, job: JobSymbol, reached: Reached) -> Shape:
    """Return the shape of a job's run config.

    Where a part of the job is broken or unknown, anything goes.
    """
    layout = _Layout(program)
    graph = program.graphs.get(job.graph or "")
    known = {**reached.resources, **reached.spare}
    resources = {key: _optional(_resource(each)) for key, each in known.items()}
    sections: dict[str, object] = {
        "ops": _optional(layout.nodes(graph)),
        "resources": _optional(Shape({"io_manager": _optional(Permissive()), **resources})),
        "loggers": _optional(_loggers(program, job)),
        "execution": _optional(Permissive()),
    }
    if graph is None or graph.is_open:
        sections["inputs"] = _optional(Permissive())
    elif free := [symbol.name for symbol in graph.inputs if symbol.name not in job.inputs]:
        sections["inputs"] = _optional(layout.inputs(graph.name, free))
    return Shape(sections)


class _Layout:
    """The shapes of graphs; one that is invoked many times has one shape, which all its nodes share."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._types = InputTypes(program)
        self._shapes: dict[str, ConfigType] = {}

    def nodes(self, graph: GraphSymbol | None, given: Entry = NOTHING) -> ConfigType:
        """Return the shape of a graph's nodes, of which config is `given` where the graph is invoked."""
        if graph is None or graph.is_open or not graph.is_whole:
            return Permissive()
        if any(node.definition is None for node in graph.nodes):
            return Permissive()
        if graph.name in self._shapes and not given:
            return self._shapes[graph.name]
        entries = {
            node.name: _optional(self._node(node, entry_of(given.get(node.name)))) for node in graph.nodes
        }
        shape = Shape(entries)
        if not given:
            self._shapes[graph.name] = shape
        return shape

    def inputs(self, definition: str, names: Iterable[str]) -> Shape:
        loaders = {name: input_loader(self._types.of(definition, name)) for name in names}
        return Shape({name: _optional(kind) for name, kind in loaders.items() if kind is not None})

    def _node(self, node: NodeSymbol, given: Entry) -> ConfigType:
        definition = self._program.definition(node.definition)
        if definition is None or definition.is_open:
            return Permissive()
        sections: dict[str, object] = {}
        names = input_names(self._program, node)
        free = () if names is None else [name for name in names if name not in match(node, names).given]
        if names is None:
            sections["inputs"] = _optional(Permissive())
        elif free:
            sections["inputs"] = _optional(self.inputs(definition.name, free))
        if isinstance(definition, OpSymbol):
            values = laid_over(node.options.config, entry_of(given.get("config")))
            sections["config"] = _optional(_without(config_of(definition), values))
        else:
            own = entry_of(node.options.config.get("ops"))
            sections["ops"] = _optional(self.nodes(definition, laid_over(own, entry_of(given.get("ops")))))
        return Shape(sections)


def _without(kind: ConfigType, values: Entry) -> ConfigType:
    """Return a config type in which nothing is required that has a value already."""
    if not values or type(kind) not in (Shape, Permissive):
        return kind
    assert isinstance(kind, Shape)
    fields: dict[str, object] = dict(kind.fields)
    for name in values.keys() & kind.fields.keys():
        fields[name] = _optional(_without(kind.fields[name].config_type, entry_of(values[name])))
    return type(kind)(fields)


def input_loader(kind: TypeExpr | None) -> ConfigType | None:
    """Return what run config may hold for an input of a type; None where it can hold none.

    A type that only the imported function can tell takes anything here.
    """
    from jobc.runtime.definitions.loading import load_config_type, spec_type

    if kind is None:
        return Any
    if kind == Named("nothing"):
        return None
    if names_class(kind):
        return Any
    return load_config_type(spec_type(annotation_of(kind)))


def config_of(owner: OpSymbol | ResourceSymbol | ExtraSymbol) -> ConfigType:
    """Return the type of the config of what declares it, or is built in."""
    if not isinstance(owner, OpSymbol) and owner.builtin is not None:
        return builtin_config(str(owner.path[0]), owner.builtin)
    if owner.config:
        return fields_shape(owner.config)
    return Any if takes_any_config(owner) else Shape({})


def takes_any_config(owner: OpSymbol | ResourceSymbol | ExtraSymbol) -> bool:
    """Tell whether undeclared config may be taken: through a context, or in ways that are not known."""
    if isinstance(owner, OpSymbol) and owner.kind not in ("python", None):
        return False
    return owner.function is None or any(each.name == "context" for each in owner.function.parameters)


def _loggers(program: Program, job: JobSymbol) -> ConfigType:
    """Return the shape of the config of a job's loggers; without any listed it is the console alone."""
    known = program.extras.loggers
    entries: dict[str, Field] = {}
    for name in job.options.loggers:
        if name in known:
            kind = _without(config_of(known[name]), known[name].values)
            entries[name] = _optional(Shape({"config": _optional(kind)}))
        elif name in BUILTIN_LOGGERS:
            entries[name] = _optional(Shape({"config": _optional(builtin_config("loggers", name))}))
        else:
            return Permissive()
    return Shape(entries) if entries else Permissive()


def _resource(resource: ResourceSymbol | None) -> ConfigType:
    if resource is None or resource.is_open:
        return Permissive()
    return Shape({"config": _optional(_without(config_of(resource), resource.values))})


def _optional(kind: ConfigType) -> Field:
    return Field(kind, is_required=False)
