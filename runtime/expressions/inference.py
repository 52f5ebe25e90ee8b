"""Static types of expressions: every mistake that shows without values (DESIGN 3, "Expressions")."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.runtime.expressions.calls import Misfit, call_type
from jobc.runtime.expressions.functions import FUNCTIONS
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
from jobc.runtime.expressions.operators import EQUALITY, TAKES, binary_type, may_equal
from jobc.runtime.expressions.problems import Problem
from jobc.runtime.expressions.scopes import ROOTS, WHOLE
from jobc.runtime.expressions.types import (
    ANY,
    BOOL,
    STR,
    ListType,
    MappingType,
    Record,
    head_of,
    joined,
    type_of,
    words_for,
)
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.runtime.expressions.names import Name
    from jobc.runtime.expressions.nodes import Expression
    from jobc.runtime.expressions.problems import ProblemKind
    from jobc.runtime.expressions.scopes import Scope
    from jobc.runtime.expressions.types import Type


class Inferred(NamedTuple):
    """The type of an expression, and what is wrong with it, in the order of the text.

    With problems the type is what could still be told.
    """

    type: Type
    problems: tuple[Problem, ...]


def infer(expression: Expression, scope: Scope) -> Inferred:
    """Return the type that an expression has where the names of `scope` exist."""
    checker = _Checker(scope)
    kind = checker.type_of(expression)
    return Inferred(kind, tuple(sorted(checker.problems, key=lambda problem: problem[1:3])))


class _Checker:
    """Walks an expression; what has a mistake is `any` to what stands around it."""

    def __init__(self, scope: Scope) -> None:
        self.problems: list[Problem] = []
        # Of `problems`, those of parts that a value turns out not to have; `default(…)` forgives them.
        self._missing: list[Problem] = []
        self._scope = scope

    def type_of(self, node: Expression) -> Type:
        match node:
            case Literal(value):
                return type_of(value)
            case Path(names):
                return self._path(names)
            case ListOf(items):
                return ListType(joined([self.type_of(item) for item in items]))
            case MappingOf(entries):
                return Record({entry.key: self.type_of(entry.value) for entry in entries})
            case Part(value, name):
                return self._part(self.type_of(value), name, None)
            case Index():
                return self._index(node)
            case Call():
                return self._call(node)
            case Unary():
                return self._unary(node)
            case Binary():
                return self._binary(node)
            case Conditional(condition, then, otherwise):
                self._require_truth(condition, "the condition of `if`")
                return joined([self.type_of(then), self.type_of(otherwise)])

    def _report(
        self,
        kind: ProblemKind,
        node: Expression | Name,
        message: str,
        advice: str | None = None,
        *,
        label: str = "",
        near: tuple[str, ...] = (),
    ) -> Type:
        help_text = f"did you mean `{near[0]}`?" if near else advice
        self.problems.append(Problem(kind, node.start, node.end, message, label, help_text, near))
        return ANY

    def _path(self, names: tuple[Name, ...]) -> Type:
        root, *inner = names
        if root.text not in self._scope.roots:
            return self._unknown_root(root, bool(inner))
        if not inner and root.text not in WHOLE:
            return self._report(
                "name",
                root,
                f"`{root.text}` stands alone",
                f"write `{root.text}.NAME`",
                label="a part of it is expected",
            )
        found, before = self._scope.roots[root.text], root.text
        for name in inner:
            found = self._part(found, name, before)
            before = f"{before}.{name.text}"
        return found

    def _unknown_root(self, root: Name, has_parts: bool) -> Type:
        known = self._scope.roots
        here = f"known here: {listing(known)}" if known else "no names are known here"
        if root.text in ROOTS and has_parts:
            message = f"`{root.text}` cannot be used here"
            where = f"`{root.text}` is known {ROOTS[root.text]}; {here}"
            return self._report("name", root, message, where, label="not known here")
        fields = known.get("vars")
        if isinstance(fields, Record) and root.text in fields.fields and not has_parts:
            advice = f"write `vars.{root.text}` for a var of the file"
        else:
            advice = here if known else "write a text in quotes"
        near = near_names(root.text, known)
        message = f"unknown variable `{root.text}`"
        return self._report("name", root, message, advice, label="nothing of this name", near=near)

    def _part(self, owner: Type, name: Name, owner_text: str | None) -> Type:
        if isinstance(owner, Record):
            if name.text in owner.fields:
                return owner.fields[name.text]
            return self._unknown_key(name.text, name, owner.fields, owner_text)
        if isinstance(owner, MappingType):
            return owner.value
        if owner == ANY:
            return ANY
        what = f"`{owner_text}`" if owner_text else "this"
        message = f"{what} is {words_for(owner)} and has no part `{name.text}`"
        advice = f"write `{owner_text}` alone" if owner_text else None
        return self._report("name", name, message, advice, label="only a mapping has parts")

    def _unknown_key(
        self, key: str, place: Expression | Name, known: Iterable[str], owner: str | None
    ) -> Type:
        names = list(known)
        near = near_names(key, names)
        advice = f"known here: {listing(names)}" if names else "nothing is defined here"
        if owner == "vars":
            message = f"unknown variable `{key}`"
        else:
            message = f"`{owner}` has no `{key}`" if owner else f"there is no `{key}` here"
        found = self._report("name", place, message, advice, label="nothing of this name", near=near)
        if owner is None or "." in owner:
            self._missing.append(self.problems[-1])
        return found

    def _index(self, node: Index) -> Type:
        owner, index = self.type_of(node.value), self.type_of(node.key)
        head = head_of(owner)
        if head not in ("list", "mapping", "str", "any"):
            return self._report(
                "type", node.value, f"{words_for(owner)} has no items", label="cannot be indexed"
            )
        wanted = "str" if head == "mapping" else "int"
        if head_of(index) not in ((wanted, "any") if head != "any" else ("str", "int", "any")):
            given = f"{words_for(owner)} is indexed with {words_for(wanted)}, not {words_for(index)}"
            return self._report(
                "type", node.key, given if head != "any" else "an index is a whole number or a text"
            )
        if isinstance(owner, Record) and isinstance(node.key, Literal):
            key = str(node.key.value)
            return (
                owner.fields[key]
                if key in owner.fields
                else self._unknown_key(key, node.key, owner.fields, None)
            )
        if isinstance(owner, Record):
            return joined(owner.fields.values())
        if isinstance(owner, ListType):
            return owner.item
        return STR if head == "str" else owner.value if isinstance(owner, MappingType) else ANY

    def _call(self, node: Call) -> Type:
        types = [self.type_of(argument) for argument in node.arguments[:1]]
        if node.function.text == "default":
            self.problems = [problem for problem in self.problems if problem not in self._missing]
        types += [self.type_of(argument) for argument in node.arguments[1:]]
        function = FUNCTIONS.get(node.function.text)
        if function is None:
            near = near_names(node.function.text, FUNCTIONS)
            message = f"unknown function `{node.function.text}`"
            advice = f"functions are {listing(FUNCTIONS)}"
            return self._report(
                "function", node.function, message, advice, label="no function of this name", near=near
            )
        found = call_type(function, types)
        if not isinstance(found, Misfit):
            return found
        place = node if found.argument is None else node.arguments[found.argument]
        return self._report("arguments", place, found.message, found.advice)

    def _unary(self, node: Unary) -> Type:
        if node.operator == "not":
            self._require_truth(node.operand, "`not`")
            return BOOL
        kind = self.type_of(node.operand)
        if head_of(kind) in ("int", "float", "any"):
            return kind
        return self._report("type", node, f"`-` takes a number, not {words_for(kind)}")

    def _binary(self, node: Binary) -> Type:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if node.operator in EQUALITY and not may_equal(left, right):
            message = f"{words_for(left)} and {words_for(right)} are never equal"
            return self._report("type", node, message, _operator_advice(node.operator, left, right))
        found = binary_type(node.operator, left, right)
        if found is not None:
            return found
        message = (
            f"`{node.operator}` takes {TAKES[node.operator]}, not {words_for(left)} and {words_for(right)}"
        )
        return self._report("type", node, message, _operator_advice(node.operator, left, right))

    def _require_truth(self, node: Expression, owner: str) -> None:
        kind = self.type_of(node)
        if kind not in (BOOL, ANY):
            message = f"{owner} takes a truth value, not {words_for(kind)}"
            self._report("type", node, message, "compare it with something, or write `bool(…)`")


def _operator_advice(operator: str, left: Type, right: Type) -> str | None:
    heads = {head_of(left), head_of(right)}
    if operator == "+" and "str" in heads:
        return "write `str(…)` around what is no text"
    if operator in ("and", "or"):
        return "compare with something, or write `bool(…)`"
    if heads & {"date", "datetime"} and "str" in heads:
        return "write `date(…)` around the text"
    if "str" in heads and heads & {"int", "float"}:
        return "write `int(…)` or `float(…)` around the text"
    return "`add_days` counts with dates" if heads & {"date", "datetime"} else None
