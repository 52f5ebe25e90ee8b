"""Bind graphs that are written node by node, under `nodes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jobc.compiler.bind.node_options import bind_options
from jobc.compiler.bind.program import (
    AfterSymbol,
    ArgumentSymbol,
    BrokenSource,
    GraphOutputSymbol,
    InputSource,
    ManySource,
    NodeSource,
    NodeSymbol,
    SourceSymbol,
    ValueSource,
)
from jobc.compiler.bind.wiring_reports import not_dynamic
from jobc.compiler.syntax.document import Place
from jobc.compiler.syntax.names import name_problem
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import is_spec_name, listing, near_names, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.bind.scope import Scope
    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path, Value
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.spec import GraphSpec, JobSpec, NodeSpec


class NodesBinder:
    """Binds the nodes of one graph; mistakes are collected in `diagnostics`."""

    def __init__(
        self, document: Document, variables: Variables, scope: Scope, path: Path, spec: GraphSpec | JobSpec
    ) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._document = document
        self._variables = variables
        self._scope = scope
        self._path = path
        self._spec = spec

    def bind_nodes(self) -> tuple[NodeSymbol, ...]:
        """Bind every node; they come sorted by name, since the order of keys has no meaning."""
        return tuple(self._node(name, node) for name, node in sorted(self._spec.nodes.items()))

    def bind_outputs(self, outputs: Mapping[str, str]) -> tuple[GraphOutputSymbol, ...]:
        """Bind what stands under `outputs`."""
        path = (*self._path, "outputs")
        return tuple(
            GraphOutputSymbol(name, self._output_source(text, Place((*path, name))), Place((*path, name)))
            for name, text in outputs.items()
        )

    def _output_source(self, text: str, place: Place) -> SourceSymbol:
        if _is_source(text):
            return self._text_source(text, place)
        self.diagnostics.append(
            Diagnostic(
                "JC0212",
                "this is not a source of an output",
                self._document.locate(place),
                label="expected `node` or `node.output`",
                help="name the node that gives the output",
            )
        )
        return BrokenSource(place)

    def _node(self, name: str, spec: NodeSpec) -> NodeSymbol:
        path: Path = (*self._path, "nodes", name)
        definition = spec.op
        if definition is None:
            is_lost = self._document.is_broken((*self._path, "wiring"))
            if not is_lost and not self._document.is_broken(path):
                self.diagnostics.append(self._without_op(path))
        elif not self._scope.is_known(definition):
            place = Place((*path, "op"))
            self.diagnostics.append(self._scope.unknown_definition(definition, place))
            definition = None
        arguments = tuple(
            ArgumentSymbol(key, self._source((*path, "inputs", key), value), Place((*path, "inputs", key)))
            for key, value in spec.inputs.items()
        )
        after = tuple(
            AfterSymbol(text, Place((*path, "after", index)))
            for index, text in enumerate(spec.after)
            if self._is_awaitable(text, Place((*path, "after", index)))
        )
        options = bind_options(self._document, self._variables, path, spec, self.diagnostics)
        return NodeSymbol(name, definition, arguments, after, options, Place(path))

    def _source(self, path: Path, value: Value) -> SourceSymbol:
        place = Place(path)
        if isinstance(value, str):
            return self._text_source(value, place)
        if isinstance(value, list):
            return self._many(path, value)
        if isinstance(value, dict) and value.keys() == {"value"}:
            failures = self._variables.failures
            folded = self._variables.fold((*path, "value"), value["value"])
            place = Place((*path, "value"))
            return ValueSource(folded, place) if self._variables.failures == failures else BrokenSource(place)
        if isinstance(value, dict) and value.keys() in ({"map"}, {"collect"}):
            verb: Literal["map", "collect"] = "map" if "map" in value else "collect"
            return self._each((*path, verb), value[verb], verb)
        self.diagnostics.append(self._not_a_source(place))
        return BrokenSource(place)

    def _many(self, path: Path, values: list[Value]) -> ManySource:
        items = [self._source((*path, index), item) for index, item in enumerate(values)]
        kept = tuple(item for item in items if isinstance(item, NodeSource | InputSource))
        self.diagnostics.extend(
            self._not_in_list(Place((*path, index)))
            for index, item in enumerate(items)
            if not isinstance(item, NodeSource | InputSource | BrokenSource)
        )
        return ManySource(kept, Place(path))

    def _each(self, path: Path, value: Value, verb: Literal["map", "collect"]) -> SourceSymbol:
        """Bind what `map` or `collect` names; whether it is dynamic is for a rule to say."""
        place = Place(path)
        if not isinstance(value, str):
            self.diagnostics.append(self._not_an_output(place, verb))
            return BrokenSource(place)
        source = self._text_source(value, place)
        if isinstance(source, NodeSource):
            return NodeSource(source.node, source.output, place, verb)
        if not isinstance(source, BrokenSource):
            self.diagnostics.append(not_dynamic(self._document, place, verb))
        return BrokenSource(place)

    def _text_source(self, text: str, place: Place) -> SourceSymbol:
        head, dot, tail = text.partition(".")
        if not _is_source(text):
            self.diagnostics.append(self._not_a_source(place))
            return BrokenSource(place)
        if head == "inputs":
            return self._graph_input(tail, place)
        if not self._is_node(head, place):
            return BrokenSource(place)
        definition = self._spec.nodes[head].op if head in self._spec.nodes else None
        outputs = self._scope.signature(definition).outputs
        if not dot:
            if outputs is not None and len(outputs) != 1:
                self.diagnostics.append(self._scope.unnamed_output(head, outputs, place, is_variable=True))
                return BrokenSource(place)
            return NodeSource(head, outputs[0] if outputs else None, place)
        if outputs is not None and tail not in outputs:
            inner = Place(place.path, (len(head) + 1, len(text)))
            self.diagnostics.append(self._scope.unknown_output(tail, head, outputs, inner))
            return BrokenSource(place)
        return NodeSource(head, tail, place)

    def _graph_input(self, name: str, place: Place) -> SourceSymbol:
        known = self._spec.inputs
        if name in known:
            return InputSource(name, place)
        if not self._document.is_broken((*self._path, "inputs")):
            near = near_names(name, known)
            advice = (
                f"its {plural('input', known)} {listing(known)}" if known else "declare it under `inputs:`"
            )
            inner = Place(place.path, (len("inputs."), len("inputs.") + len(name)))
            self.diagnostics.append(
                Diagnostic(
                    "JC0315",
                    f"the graph has no input `{name}`",
                    self._document.locate(inner),
                    label="no input of this name",
                    help=f"did you mean `{near[0]}`?" if near else advice,
                    suggestions=near,
                )
            )
        return BrokenSource(place)

    def _is_node(self, name: str, place: Place) -> bool:
        if name in self._spec.nodes:
            return True
        if not self._document.is_broken((*self._path, "nodes", name)):
            near = near_names(name, filter(is_spec_name, self._spec.nodes))
            self.diagnostics.append(
                Diagnostic(
                    "JC0315",
                    f"unknown node `{name}`",
                    self._document.locate(Place(place.path, (0, len(name)))),
                    label="no node of this name",
                    help=f"did you mean `{near[0]}`?" if near else self._known_nodes(),
                    suggestions=near,
                )
            )
        return False

    def _known_nodes(self) -> str:
        names = [name for name in self._spec.nodes if name_problem(name, "nodes") is None]
        return f"its {plural('node', names)} {listing(names)}" if names else "it has no nodes"

    def _is_awaitable(self, text: str, place: Place) -> bool:
        """Tell whether `after` may name this; report what is no node's name."""
        head, dot, _ = text.partition(".")
        if dot and head in self._spec.nodes:
            self.diagnostics.append(self._output_in_after(head, text, place))
            return False
        problem = None if text in self._spec.nodes else name_problem(text, "nodes")
        if problem is not None:
            self.diagnostics.append(problem.at(self._document.locate(place)))
        return problem is None and self._is_node(text, place)

    def _output_in_after(self, node: str, text: str, place: Place) -> Diagnostic:
        return Diagnostic(
            "JC0315",
            f"`{text}` is an output; `after` waits for nodes",
            self._document.locate(place),
            label="not a node",
            help=f"did you mean `{node}`?",
            suggestions=(node,),
        )

    def _without_op(self, path: Path) -> Diagnostic:
        return Diagnostic(
            "JC0202",
            f"node `{path[-1]}` has no `op`",
            self._document.locate_key(path),
            label="`op` is missing",
            help="add `op`, the name of the op or graph to invoke",
        )

    def _not_in_list(self, place: Place) -> Diagnostic:
        return Diagnostic(
            "JC0411",
            "a list of sources holds outputs and graph inputs only",
            self._document.locate(place),
            label="expected `node`, `node.output` or `inputs.NAME`",
            help="let an op make the value, or write `{value: […]}` for the whole list",
        )

    def _not_an_output(self, place: Place, verb: str) -> Diagnostic:
        return Diagnostic(
            "JC0426",
            f"`{verb}` takes one output of a node",
            self._document.locate(place),
            label="expected `node` or `node.output`",
            help="a list as it is, is written without `map`; an op can make items of it",
        )

    def _not_a_source(self, place: Place) -> Diagnostic:
        return Diagnostic(
            "JC0212",
            "this is not a source of an input",
            self._document.locate(place),
            label="expected `node`, `node.output`, `inputs.NAME`, a list of them, or `{value: …}`",
            help="a literal is written `{value: …}`; `{map: …}` and `{collect: …}` take a dynamic output",
        )


def _is_source(text: str) -> bool:
    """Tell whether a text has the form `node`, `node.output` or `inputs.NAME`."""
    head, dot, tail = text.partition(".")
    return bool(head) and bool(tail or not dot) and text != "inputs"
