"""The shape of a job's run config, as far as a spec tells it (SEMANTICS 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.config_types import constrained_type
from jobc.compiler.bind.input_types import InputTypes
from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.program import OpSymbol
from jobc.compiler.bind.python_types import annotation_of, names_class
from jobc.compiler.syntax.types import Named
from jobc.runtime.config import Any, Field, Permissive, Shape
from jobc.runtime.errors import InvalidConfigDefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def field_type(symbol: FieldSymbol) -> ConfigType:
    """Return the config type of a field; one that is reported elsewhere takes any value."""
    if symbol.type is None:
        return Any
    try:
        return constrained_type(symbol.type, symbol.constraints) or Any
    except InvalidConfigDefinitionError:
        return Any


def fields_shape(symbols: Iterable[FieldSymbol]) -> Shape:
    """Return the shape of config with these fields."""
    fields = {}
    for symbol in symbols:
        is_required = symbol.required and not symbol.has_default
        fields[symbol.name] = Field(field_type(symbol), is_required=is_required)
    return Shape(fields)


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
        "loggers": _optional(Permissive()),
        "execution": _optional(Permissive()),
    }
    if graph is None or graph.is_open:
        sections["inputs"] = _optional(Permissive())
    elif graph.inputs:
        sections["inputs"] = _optional(layout.inputs(graph.name, [symbol.name for symbol in graph.inputs]))
    return Shape(sections)


class _Layout:
    """The shapes of graphs; one that is invoked many times has one shape, which all its nodes share."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._types = InputTypes(program)
        self._shapes: dict[str, ConfigType] = {}

    def nodes(self, graph: GraphSymbol | None) -> ConfigType:
        if graph is None or graph.is_open or not graph.is_whole:
            return Permissive()
        if any(node.definition is None for node in graph.nodes):
            return Permissive()
        if graph.name not in self._shapes:
            nodes = {node.name: _optional(self._node(node)) for node in graph.nodes}
            self._shapes[graph.name] = Shape(nodes)
        return self._shapes[graph.name]

    def inputs(self, definition: str, names: Iterable[str]) -> Shape:
        loaders = {name: input_loader(self._types.of(definition, name)) for name in names}
        return Shape({name: _optional(kind) for name, kind in loaders.items() if kind is not None})

    def _node(self, node: NodeSymbol) -> ConfigType:
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
            sections["config"] = _optional(_config(definition))
        else:
            sections["ops"] = _optional(self.nodes(definition))
        return Shape(sections)


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


def _config(owner: OpSymbol | ResourceSymbol) -> ConfigType:
    if owner.config:
        return fields_shape(owner.config)
    return Any if takes_any_config(owner) else Shape({})


def takes_any_config(owner: OpSymbol | ResourceSymbol) -> bool:
    """Tell whether undeclared config may be taken: through a context, or in ways that are not known."""
    return owner.function is None or any(each.name == "context" for each in owner.function.parameters)


def _resource(resource: ResourceSymbol | None) -> ConfigType:
    if resource is None or resource.is_open:
        return Permissive()
    return Shape({"config": _optional(_config(resource))})


def _optional(kind: ConfigType) -> Field:
    return Field(kind, is_required=False)
