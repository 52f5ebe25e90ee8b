"""Bind wiring text: from statements to nodes and what feeds them.

Statements are read in order, as a person reads them. A variable names what a call gave (one output, or a node
whose outputs are still to be chosen) and may be given anew. Nodes are named after what they invoke, the
second time with `_2`, unless `as` names them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from jobc.compiler.bind.node_options import bind_options
from jobc.compiler.bind.program import (
    AfterSymbol,
    ArgumentSymbol,
    BrokenSource,
    GraphOutputSymbol,
    InputSource,
    ManySource,
    NodeOptions,
    NodeSource,
    NodeSymbol,
    SourceSymbol,
    ValueSource,
)
from jobc.compiler.bind.scope import written_graph
from jobc.compiler.bind.wiring_reports import WiringReports
from jobc.compiler.syntax.document import Place
from jobc.compiler.syntax.names import name_problem
from jobc.compiler.syntax.wiring_nodes import Call, ListOf, MapCall, Reference, Return
from jobc.compiler.syntax.wiring_nodes import Literal as LiteralValue
from jobc.schemas.names import near_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from jobc.compiler.bind.scope import Scope
    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.compiler.syntax.wiring_nodes import Argument, Expression, Name, Statement, Wiring
    from jobc.schemas.diagnostics import Diagnostic


class BoundWiring(NamedTuple):
    """The nodes and outputs of a graph written as text, in the order of the text."""

    nodes: tuple[NodeSymbol, ...]
    outputs: tuple[GraphOutputSymbol, ...]


def bind_wiring(
    document: Document, variables: Variables, scope: Scope, path: Path, inputs: Iterable[str]
) -> tuple[BoundWiring, list[Diagnostic]]:
    """Bind the wiring text of the graph at `path`, whose inputs have the given names."""
    wiring = document.wirings[(*path, "wiring")]
    binder = _WiringBinder(document, variables, scope, path, inputs, wiring)
    for statement in wiring.statements:
        binder.check_position(statement)
        if isinstance(statement, Return):
            binder.bind_return(statement)
        else:
            binder.bind_statement(statement)
    return binder.finish()


class _WiringBinder:
    def __init__(
        self,
        document: Document,
        variables: Variables,
        scope: Scope,
        path: Path,
        inputs: Iterable[str],
        wiring: Wiring,
    ) -> None:
        self._document = document
        self._folding = variables
        self._scope = scope
        self._path: Path = (*path, "wiring")
        self._reports = WiringReports(document, scope, self._path)
        written = written_graph(document, path)
        self._text = written.wiring or ""
        self._options = written.nodes
        self._options_path: Path = (*path, "nodes")
        self._known: dict[str, SourceSymbol] = {
            name: InputSource(name, Place((*path, "inputs", name))) for name in inputs
        }
        self._lost = frozenset(name.text for name in wiring.lost)
        self._calls: Counter[str] = Counter()
        self._nodes: list[NodeSymbol] = []
        self._definitions: dict[str, str | None] = {}
        self._outputs: list[GraphOutputSymbol] = []
        self._after_names: list[tuple[int, Name]] = []
        self._found: list[Diagnostic] = []
        self._has_returned = False

    def finish(self) -> tuple[BoundWiring, list[Diagnostic]]:
        """Tie `after` to nodes that may stand further down, and check the options under `nodes`."""
        lines = [line.strip() for line in self._text.splitlines()]
        if not any(line and not line.startswith("#") for line in lines):
            self._found.append(self._reports.empty())
        names = self._definitions.keys()
        extra: dict[int, list[AfterSymbol]] = {}
        for index, name in self._after_names:
            if name.text in names:
                extra.setdefault(index, []).append(AfterSymbol(name.text, self._place(name)))
            elif name.text not in self._lost:
                self._found.append(self._reports.not_awaited(name, self._known, names))
        nodes = [
            _with_after(node, extra[index]) if index in extra else node
            for index, node in enumerate(self._nodes)
        ]
        self._check_options(names)
        return BoundWiring(tuple(nodes), tuple(self._outputs)), self._found

    def bind_statement(self, statement: Statement) -> None:
        """Bind `targets = call`."""
        source = self._source(statement.value)
        is_list = isinstance(source, NodeSource) and source.each == "collect"
        if is_list and len(statement.targets) > 1:
            self._found.append(self._reports.one_list(statement.targets))
        if not isinstance(source, NodeSource) or (is_list and len(statement.targets) > 1):
            self._known.update(
                {target.text: BrokenSource(self._place(target)) for target in statement.targets}
            )
        elif len(statement.targets) == 1:
            self._known[statement.targets[0].text] = source
        elif statement.targets:
            self._unpack(statement.targets, source)

    def check_position(self, statement: Statement | Return) -> None:
        """Report a line that stands after the `return`."""
        if self._has_returned:
            self._found.append(self._reports.after_the_end(statement))
        self._has_returned = self._has_returned or isinstance(statement, Return)

    def bind_return(self, statement: Return) -> None:
        """Bind `return a=x, b=y`; a job has no outputs."""
        if self._path[0] == "jobs":
            self._found.append(self._reports.return_of_job(statement))
        for item in statement.items:
            name = item.output.text if item.output else "result"
            place = self._place(item.output or item.value)
            self._outputs.append(GraphOutputSymbol(name, self._value(item.value), place))

    def _unpack(self, targets: tuple[Name, ...], source: NodeSource) -> None:
        outputs = self._outputs_of(source.node)
        if outputs is None:
            self._known.update({target.text: BrokenSource(self._place(target)) for target in targets})
            return
        if len(outputs) != len(targets):
            self._found.append(self._reports.wrong_count(targets, source.node, outputs))
        for index, target in enumerate(targets):
            if index < len(outputs):
                self._known[target.text] = NodeSource(source.node, outputs[index], self._place(target))
            else:
                self._known[target.text] = BrokenSource(self._place(target))

    def _source(self, expression: Expression) -> SourceSymbol:
        """Bind an expression to a source; a node with several outputs stays whole."""
        if isinstance(expression, Call):
            return self._call(expression)
        if isinstance(expression, Reference):
            return self._reference(expression)
        if isinstance(expression, LiteralValue):
            return self._literal(expression)
        if isinstance(expression, ListOf):
            return self._many(expression)
        if isinstance(expression, MapCall):
            return self._map(expression)
        return self._each(expression.source, "collect")

    def _value(self, expression: Expression) -> SourceSymbol:
        """Bind an expression that has to be one value: a whole node gives its only output."""
        source = self._source(expression)
        if not isinstance(source, NodeSource) or source.output is not None or source.each is not None:
            return source
        outputs = self._outputs_of(source.node)
        if outputs is not None and len(outputs) != 1:
            is_variable = isinstance(expression, Reference)
            shown = (
                expression.name.text if isinstance(expression, Reference) else self._definitions[source.node]
            )
            place = self._place(expression)
            self._found.append(
                self._scope.unnamed_output(shown or source.node, outputs, place, is_variable=is_variable)
            )
            return BrokenSource(self._place(expression))
        output = outputs[0] if outputs else None
        return NodeSource(source.node, output, self._place(expression))

    def _call(self, call: Call) -> SourceSymbol:
        variable, dot, verb = call.callee.text.partition(".")
        if dot and variable in self._known and not self._scope.is_known(call.callee.text):
            self._found.append(self._reports.unknown_verb(call.callee, variable, verb))
            for argument in call.arguments:
                if not self._is_definition(argument.value):
                    self._argument(argument)
            return BrokenSource(self._place(call))
        arguments = tuple(self._argument(argument) for argument in call.arguments)
        return self._invoke(call, arguments)

    def _is_definition(self, expression: Expression) -> bool:
        """Tell whether an argument is an op or graph, as `map` takes it, and no variable."""
        if not isinstance(expression, Reference) or expression.output is not None:
            return False
        return expression.name.text not in self._known and self._scope.is_known(expression.name.text)

    def _map(self, call: MapCall) -> SourceSymbol:
        """Bind `x.map(op, other=y)`: the items of `x` go to the first input of the op."""
        source = self._each(call.source, "map")
        item = ArgumentSymbol(None, source, self._place(call.source))
        return self._invoke(call, (item, *map(self._argument, call.arguments)))

    def _invoke(self, call: Call | MapCall, arguments: tuple[ArgumentSymbol, ...]) -> NodeSource:
        place = self._place(call.callee)
        definition: str | None = call.callee.text
        if not self._scope.is_known(call.callee.text):
            self._found.append(self._scope.unknown_definition(call.callee.text, place))
            definition = None
        name = self._node_name(call)
        name_place = self._place(call.alias or call.callee)
        after = self._after(call.after)
        self._definitions[name] = definition
        options = self._node_options(name)
        self._nodes.append(NodeSymbol(name, definition, arguments, after, options, name_place))
        return NodeSource(name, None, place)

    def _each(self, expression: Expression, verb: Literal["map", "collect"]) -> SourceSymbol:
        """Bind what `map` or `collect` is called on; whether it is dynamic is for a rule to say."""
        place, source = self._place(expression), self._value(expression)
        if isinstance(source, NodeSource) and source.each is None:
            return NodeSource(source.node, source.output, place, verb)
        if isinstance(source, NodeSource):
            self._found.append(self._reports.collected_already(verb, expression))
        elif not isinstance(source, BrokenSource):
            self._found.append(self._reports.not_dynamic(verb, expression))
        return BrokenSource(place)

    def _outputs_of(self, node: str) -> tuple[str, ...] | None:
        return self._scope.signature(self._definitions.get(node)).outputs

    def _node_name(self, call: Call | MapCall) -> str:
        if call.alias is not None:
            problem = name_problem(call.alias.text, "nodes")
            if problem is not None:
                self._found.append(problem.at(self._document.locate(self._place(call.alias))))
            return call.alias.text
        base = call.callee.text.rpartition(".")[2]
        self._calls[base] += 1
        return base if self._calls[base] == 1 else f"{base}_{self._calls[base]}"

    def _argument(self, argument: Argument) -> ArgumentSymbol:
        keyword = argument.keyword
        place = self._place(keyword or argument.value)
        return ArgumentSymbol(keyword.text if keyword else None, self._value(argument.value), place)

    def _after(self, names: tuple[Name, ...]) -> tuple[AfterSymbol, ...]:
        """Tie variables now; node names may stand further down and are tied in the end."""
        tied = []
        for name in names:
            source = self._known.get(name.text)
            if isinstance(source, NodeSource):
                tied.append(AfterSymbol(source.node, self._place(name)))
            elif not isinstance(source, BrokenSource):
                self._after_names.append((len(self._nodes), name))
        return tuple(tied)

    def _is_lost(self, name: Name) -> bool:
        """Tell whether a name may be one that a mistake elsewhere has taken away."""
        return name.text in self._lost or self._document.is_broken((*self._path[:-1], "inputs", name.text))

    def _reference(self, reference: Reference) -> SourceSymbol:
        place = self._place(reference)
        source = self._known.get(reference.name.text)
        if source is None:
            if not self._is_lost(reference.name):
                self._found.append(self._reports.unknown_name(reference.name, self._known, self._definitions))
            return BrokenSource(place)
        if isinstance(source, InputSource):
            return InputSource(source.name, place)
        if not isinstance(source, NodeSource) or (source.each is not None and reference.output is None):
            return source
        if reference.output is None:
            return NodeSource(source.node, source.output, place)
        return self._named_output(reference, source, place)

    def _named_output(self, reference: Reference, source: NodeSource, place: Place) -> SourceSymbol:
        output = reference.output
        assert output is not None
        outputs = self._outputs_of(source.node)
        if source.output is not None or source.each is not None:
            outputs = ()
        if outputs is not None and output.text not in outputs:
            shown = reference.name.text
            self._found.append(
                self._scope.unknown_output(output.text, shown, outputs, self._place(output))
                if outputs
                else self._reports.no_outputs(reference)
            )
            return BrokenSource(place)
        return NodeSource(source.node, output.text, place)

    def _literal(self, literal: LiteralValue) -> SourceSymbol:
        place, failures = self._place(literal), self._folding.failures
        written = self._text[literal.start : literal.end]
        value = self._folding.fold_literal(literal.value, place, written)
        return ValueSource(value, place) if self._folding.failures == failures else BrokenSource(place)

    def _many(self, expression: ListOf) -> SourceSymbol:
        items = []
        for item in expression.items:
            source = self._value(item)
            if isinstance(source, NodeSource | InputSource):
                items.append(source)
            elif not isinstance(source, BrokenSource):
                self._found.append(self._reports.not_in_list(item))
        return ManySource(tuple(items), self._place(expression))

    def _node_options(self, node: str) -> NodeOptions:
        path = (*self._options_path, node)
        spec = self._options.get(node)
        if spec is None:
            return NodeOptions(path)
        return bind_options(self._document, self._folding, path, spec, self._found)

    def _meant(self) -> set[str]:
        """Return the options that may be those of nodes whose op is mistyped, and their name with it."""
        unknown = [name for name, definition in self._definitions.items() if definition is None]
        return {near for name in unknown for near in near_names(name, self._options)[:1]}

    def _check_options(self, names: Collection[str]) -> None:
        for name, options in self._options.items():
            path = (*self._options_path, name)
            if name not in names and name not in self._lost and name not in self._meant():
                self._found.append(self._reports.no_such_node(name, path, names))
            for key in ("op", "inputs", "after"):
                if key in options.model_fields_set:
                    self._found.append(self._reports.both_forms(path, key))

    def _place(self, node: Name | Expression) -> Place:
        return Place(self._path, (node.start, node.end))


def _with_after(node: NodeSymbol, extra: list[AfterSymbol]) -> NodeSymbol:
    return replace(node, after=(*node.after, *extra))
