"""Evaluate what can be evaluated before all names are known.

What is left means the same as the whole did: it is evaluated in the same order, and only what surely would
have been evaluated can fail early. A mistake in a branch that may never be taken waits for the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.expressions.errors import EvaluationError
from jobc.runtime.expressions.evaluating import evaluate
from jobc.runtime.expressions.names import Path
from jobc.runtime.expressions.nodes import (
    Binary,
    Call,
    Conditional,
    Index,
    ListOf,
    Literal,
    MappingOf,
    Part,
    Unary,
)
from jobc.runtime.expressions.operators import LOGIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.expressions.nodes import Expression


def fold(expression: Expression, names: Mapping[str, object]) -> Expression:
    """Return the expression with the roots in `names` put in: a `Literal`, or what depends on other names.

    Raises `EvaluationError` for a part that has no value whatever the other names are.
    """
    folder = _Folder(names)
    folded = folder.fold(expression)
    if folder.errors:
        raise folder.errors[0]
    return folded


class _Folder:
    """Folds from the inside out; `errors` are those of parts that are evaluated in any case."""

    def __init__(self, names: Mapping[str, object]) -> None:
        self.errors: list[EvaluationError] = []
        self._names = names

    def fold(self, node: Expression) -> Expression:
        match node:
            case Literal():
                return node
            case Path(names):
                return self._value(node) if names[0].text in self._names else node
            case Conditional():
                return self._conditional(node)
            case Binary(operator, left) if operator in LOGIC:
                first = self.fold(left)
                return self._logic(node._replace(left=first), first)
            case Call(function) if function.text == "default" and len(node.arguments) == 2:
                return self._default(node)
            case _:
                return self._operation(node)

    def _operation(self, node: Expression) -> Expression:
        """Fold the parts of a node, and the node if all of them are known."""
        match node:
            case ListOf(items):
                parts = tuple(map(self.fold, items))
                return self._known(node._replace(items=parts), parts)
            case MappingOf(entries):
                folded = tuple(entry._replace(value=self.fold(entry.value)) for entry in entries)
                return self._known(node._replace(entries=folded), tuple(entry.value for entry in folded))
            case Part(value):
                owner = self.fold(value)
                return self._known(node._replace(value=owner), (owner,))
            case Index(value, index):
                owner, key = self.fold(value), self.fold(index)
                return self._known(node._replace(value=owner, key=key), (owner, key))
            case Call(_, arguments):
                parts = tuple(map(self.fold, arguments))
                return self._known(node._replace(arguments=parts), parts)
            case Unary(_, operand):
                inner = self.fold(operand)
                return self._known(node._replace(operand=inner), (inner,))
            case _:
                assert isinstance(node, Binary)
                left, right = self.fold(node.left), self.fold(node.right)
                return self._known(node._replace(left=left, right=right), (left, right))

    def _known(self, node: Expression, parts: tuple[Expression, ...]) -> Expression:
        return self._value(node) if all(isinstance(part, Literal) for part in parts) else node

    def _value(self, node: Expression) -> Expression:
        """Return the value of a node, all of whose names are known; where it has none, the node."""
        try:
            return Literal(evaluate(node, self._names), node.start, node.end)
        except EvaluationError as error:
            self.errors.append(error)
            return node

    def _perhaps(self, node: Expression) -> Expression:
        """Fold what may never be evaluated: its mistakes are left where they are."""
        count = len(self.errors)
        folded = self.fold(node)
        del self.errors[count:]
        return folded

    def _conditional(self, node: Conditional) -> Expression:
        condition = self.fold(node.condition)
        if isinstance(condition, Literal) and isinstance(condition.value, bool):
            return self.fold(node.then if condition.value else node.otherwise)
        then, otherwise = self._perhaps(node.then), self._perhaps(node.otherwise)
        folded = node._replace(condition=condition, then=then, otherwise=otherwise)
        return self._value(folded) if isinstance(condition, Literal) else folded

    def _logic(self, node: Binary, left: Expression) -> Expression:
        if not isinstance(left, Literal):
            return node._replace(right=self._perhaps(node.right))
        if not isinstance(left.value, bool):
            return self._value(node)
        if left.value is (node.operator == "or"):
            return left
        right = self.fold(node.right)
        return self._known(node._replace(right=right), (right,))

    def _default(self, node: Call) -> Expression:
        value, otherwise = node.arguments
        count = len(self.errors)
        first = self.fold(value)
        failures = self.errors[count:]
        if failures and all(failure.problem.kind == "missing" for failure in failures):
            del self.errors[count:]
            return self.fold(otherwise)
        if isinstance(first, Literal):
            return self.fold(otherwise) if first.value is None else first
        return node._replace(arguments=(first, self._perhaps(otherwise)))
