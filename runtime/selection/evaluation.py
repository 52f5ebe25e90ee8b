"""From trees to sets of ops (SEMANTICS 6, 7).

Two graphs are walked. Around a path of one name it is the graph of the nodes beside it, where a graph is one
node: what every clause of SEMANTICS 6 means. Around all other sets it is the graph of the ops. The two are
one where no graph is inside another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.selection.clauses import parsed_clause
from jobc.runtime.selection.expressions import (
    And,
    Attribute,
    Call,
    Everything,
    Except,
    Hop,
    Named,
    Not,
    Or,
    Path,
)
from jobc.runtime.selection.matching import fits
from jobc.runtime.selection.printing import printed
from jobc.runtime.selection.problems import (
    QueryProblem,
    RefusedClauseError,
    RefusedQueryError,
    did_you_mean,
    refuse,
)
from jobc.runtime.selection.type_texts import comparable_type
from jobc.runtime.selection.unknown_paths import refuse_unknown_path
from jobc.runtime.selection.walks import beyond, reached, shortest_path
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.runtime.selection.expressions import Expression, Value
    from jobc.runtime.selection.query_graph import AttributeIndex, Edges, QueryGraph

    Selections = Mapping[str, str | Sequence[str]]

STATES = ("failed", "skipped", "not_started", "succeeded")
"""What a step of a parent run ended as."""

_DEEPEST = 80
_LONGEST_SHOWN = 60
_STATE_ADVICE = "it asks for the steps of a run that is run again"


class Evaluation:
    """Evaluates the clauses of one selection; `found` holds every sub-expression and its ops, in order."""

    def __init__(self, graph: QueryGraph, selections: Selections) -> None:
        self._graph = graph
        self._selections = selections
        self._named: dict[str, set[int]] = {}
        self._open: list[str] = []
        self._depth = 0
        self.found: list[tuple[Expression | Except, set[int]]] = []

    def ops_of(self, expression: Expression) -> set[int]:
        """Return the ops of an expression; the set is not to be changed.

        Errors: `RefusedQueryError` for unknown names, and for attributes that have no meaning here.
        """
        if self._depth == _DEEPEST:
            message = f"more than {_DEEPEST} sets stand inside each other, named selections counted in"
            refuse(expression.start, expression.end, message)
        self._depth += 1
        ops = self._ops_of(expression)
        self._depth -= 1
        self.found.append((expression, ops))
        return ops

    def _ops_of(self, expression: Expression) -> set[int]:
        match expression:
            case Hop():
                return self._around(expression)
            case Path():
                return self._node(expression)
            case Attribute():
                return self._with_attribute(expression)
            case And():
                return self._shared(expression)
            case Or(operands):
                return set().union(*[self.ops_of(each) for each in operands])
            case Not(operand):
                return self._everything() - self.ops_of(operand)
            case Named():
                return self._selection(expression)
            case Call():
                return self._call(expression)
            case Everything():
                return self._everything()

    def _everything(self) -> set[int]:
        return set(range(len(self._graph.paths)))

    def _around(self, hop: Hop) -> set[int]:
        """Return a set with its hops; around a path of one name, those of the nodes beside it."""
        ops = self.ops_of(hop.operand)
        level = self._graph.top
        number = level.index.get(hop.operand.text) if isinstance(hop.operand, Path) else None
        if number is None or level.spans is None:
            return _with_hops(ops, self._graph.up, self._graph.down, hop)
        nodes = _with_hops({number}, level.up, level.down, hop)
        return {op for node in nodes for op in level.spans[node]}

    def _node(self, path: Path) -> set[int]:
        number = self._graph.top.index.get(path.text)
        if number is not None:
            spans = self._graph.top.spans
            return {number} if spans is None else set(spans[number])
        ops = self._graph.inner.get(path.text)
        if ops is None:
            refuse_unknown_path(path, self._graph)
        return set(ops)

    def _shared(self, conjunction: And) -> set[int]:
        ops = self.ops_of(conjunction.first)
        for each in conjunction.others:
            if isinstance(each, Except):
                excluded = self.ops_of(each.operand)
                self.found.append((each, excluded))
                ops = ops - excluded
            else:
                ops = ops & self.ops_of(each)
        return ops

    def _call(self, call: Call) -> set[int]:
        sets = [self.ops_of(each) for each in call.arguments]
        up, down = self._graph.up, self._graph.down
        match call.function:
            case "roots":
                return sets[0] - beyond(sets[0], down)
            case "sinks":
                return sets[0] - beyond(sets[0], up)
            case "between":
                return reached(sets[0], down, None) & reached(sets[1], up, None)
            case _:
                return shortest_path(sets[0], sets[1], down)

    def _with_attribute(self, attribute: Attribute) -> set[int]:
        if attribute.key == "state":
            _check_state(attribute)
        index = self._graph.attribute(attribute.key)
        if index is None:
            message = f"`{attribute.key}:` means nothing in {self._graph.owner}"
            is_state = attribute.key == "state"
            refuse(attribute.start, attribute.end, message, _STATE_ADVICE if is_state else None)
        value, of_tag = attribute.value, attribute.of_tag
        if attribute.key == "type":
            return _of_type(value, index)
        if not value.has_wildcards and (
            attribute.key != "tag" or (of_tag is not None and not of_tag.has_wildcards)
        ):
            return set(index.get((value.text, "" if of_tag is None else of_tag.text), ()))
        return {
            op
            for (text, tag_text), ops in index.items()
            if fits(value, text) and (of_tag is None or fits(of_tag, tag_text))
            for op in ops
        }

    def _selection(self, named: Named) -> set[int]:
        """Return the ops of a named selection, evaluated once."""
        name = named.name
        if name not in self._named:
            self._named[name] = self._evaluated_selection(named)
        return self._named[name]

    def _evaluated_selection(self, named: Named) -> set[int]:
        name = named.name
        if name not in self._selections:
            known = self._selections
            hint = did_you_mean(name, known) or (f"there are {listing(known)}" if known else "there are none")
            refuse(named.start, named.end, f"there is no selection `@{name}`", hint)
        if name in self._open:
            chain = [*self._open[self._open.index(name) :], name]
            message = f"the selection `@{name}` selects itself: {' -> '.join(f'`@{each}`' for each in chain)}"
            refuse(named.start, named.end, message)
        self._open.append(name)
        try:
            return self.union(clauses_of(self._selections[name]))
        except RefusedClauseError as refused:
            problem, text = refused.problem, refused.text
            shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
            message = f"in the selection `@{name}` (`{shown}`): {problem.message}"
            raise RefusedQueryError(
                QueryProblem(named.start, named.end, message, problem.advice)
            ) from refused
        finally:
            self._open.pop()

    def union(self, clauses: Sequence[str]) -> set[int]:
        """Return the ops of any of the clauses; where they are several, each must select something.

        Errors: `RefusedClauseError`.
        """
        united: set[int] = set()
        for number, text in enumerate(clauses):
            try:
                expression = parsed_clause(text)
                ops = self.ops_of(expression) if len(clauses) == 1 else self._one_of_many(expression)
            except RefusedQueryError as refused:
                raise RefusedClauseError(number, text, refused.problem) from refused
            united |= ops
        return united

    def _one_of_many(self, expression: Expression) -> set[int]:
        if isinstance(expression, Everything):
            advice = "leave the other clauses out, or leave out this one"
            refuse(expression.start, expression.end, "`*` stands alone: it is everything already", advice)
        ops = self.ops_of(expression)
        if not ops:
            refuse(expression.start, expression.end, "this clause selects nothing", self.why_empty())
        return ops

    def why_empty(self) -> str | None:
        """Return what may have been meant where nothing was selected, or None."""
        for part, ops in self.found:
            if isinstance(part, Attribute) and not ops:
                hint = self._near_values(part)
                if hint is not None:
                    return f"`{printed(part)}` fits nothing; {hint}"
        return None

    def _near_values(self, attribute: Attribute) -> str | None:
        index = self._graph.attribute(attribute.key) or {}
        tag = attribute.value.text
        if attribute.of_tag is not None and any(text == tag for text, _ in index):
            return did_you_mean(attribute.of_tag.text, {value for text, value in index if text == tag})
        if attribute.key == "type":
            return did_you_mean(comparable_type(tag), {comparable_type(text) for text, _ in index})
        return did_you_mean(tag, {text for text, _ in index})


def clauses_of(selection: str | Sequence[str]) -> Sequence[str]:
    """Return the clauses of a selection that is one text or several."""
    return (selection,) if isinstance(selection, str) else selection


def _with_hops(start: set[int], up: Edges, down: Edges, hop: Hop) -> set[int]:
    above = start if hop.up == 0 else reached(start, up, hop.up)
    return above if hop.down == 0 else above | reached(start, down, hop.down)


def _of_type(value: Value, index: AttributeIndex) -> set[int]:
    """Return the ops of a type, in any of its forms; a wildcard may fit each text that stands for a type."""
    meant = comparable_type(value.text)
    return {
        op
        for (text, _), ops in index.items()
        if comparable_type(text) == meant or fits(value, text) or fits(value, comparable_type(text))
        for op in ops
    }


def _check_state(attribute: Attribute) -> None:
    value = attribute.value
    if not any(fits(value, state) for state in STATES):
        hint = did_you_mean(value.text, STATES) or f"the states are {listing(STATES)}"
        refuse(attribute.start, attribute.end, f"there is no state `{value.text}`", hint)
