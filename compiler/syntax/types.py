"""Types: the small grammar of `list[dict[str, int]] | None` (DESIGN 3, "Types").

A type is a value without positions: two texts that mean the same type give equal nodes, and `str` of a node
is the canonical text, which parses back to the node. Positions stand in the problems only.

A plain word is looked up, a common form is matched by one regular expression, and only the rest is read by
the grammar `types.lark`; all three give the same nodes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from jobc.compiler.syntax.problems import RefusalError, SyntaxProblem
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.compiler.syntax.grammar import Leaf, Node


@dataclass(frozen=True, slots=True)
class Named:
    """A type of one word, such as `int`; `none` is the absent value and stands in unions only."""

    name: str

    def __str__(self) -> str:
        return "None" if self.name == "none" else self.name


@dataclass(frozen=True, slots=True)
class Generic:
    """`list`, `set`, `tuple` or `dict` with the types of what it holds."""

    name: str
    arguments: tuple[TypeExpr, ...]

    def __str__(self) -> str:
        return f"{self.name}[{', '.join(map(str, self.arguments))}]"


@dataclass(frozen=True, slots=True)
class Union:
    """Two or more different types, none of them a union; `none` stands last."""

    members: tuple[TypeExpr, ...]

    def __str__(self) -> str:
        return " | ".join(map(str, self.members))


@dataclass(frozen=True, slots=True)
class LiteralType:
    """One of the given texts or whole numbers, in the order of the text, each once."""

    values: tuple[str | int, ...]

    def __str__(self) -> str:
        import json

        return f"literal[{', '.join(json.dumps(value, ensure_ascii=False) for value in self.values)}]"


@dataclass(frozen=True, slots=True)
class PythonType:
    """A class of the author's own, `module:Name`; both may be dotted."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


TypeExpr: TypeAlias = Named | Generic | Union | LiteralType | PythonType

NONE = Named("none")
ANY = Named("any")

PYTHON_WORDS = ("int", "float", "bool", "str", "bytes", "date", "datetime", "timedelta")
"""Types that have the same name in Python."""

_WORDS = (*PYTHON_WORDS, "path", "any", "nothing", "secret")
_PLAIN: dict[str, TypeExpr] = {
    **{word: Named(word) for word in _WORDS},
    "list": Generic("list", (ANY,)),
    "dict": Generic("dict", (Named("str"), ANY)),
}
COUNTS = {"list": 1, "set": 1, "dict": 2}
"""How many types each type of collections takes; `tuple` takes any number but none."""

_FORMS = {
    "list": "list[T]",
    "set": "set[T]",
    "dict": "dict[K, V]",
    "tuple": "tuple[A, B]",
    "literal": 'literal["a", "b"]',
}

DEEPEST = 32
"""How many types may stand inside each other, so that no walk over the nodes overflows the stack."""

LONGEST = 10_000
"""How many characters a type may have."""


@lru_cache(maxsize=4096)
def parse_type(text: str) -> tuple[TypeExpr | None, tuple[SyntaxProblem, ...]]:
    """Return the type that `text` means, or None and what is wrong with it, in the order of the text."""
    plain = _PLAIN.get(text) or _common_form(text)
    found, problems = _parse_by_grammar(text) if plain is None else (plain, ())
    if found is None or "nothing" not in text or not _holds_nothing(found):
        return found, problems
    return None, (_nothing_inside(text),)


def _holds_nothing(expression: TypeExpr) -> bool:
    """Tell whether `nothing` stands inside another type."""
    inner: tuple[TypeExpr, ...] = ()
    if isinstance(expression, Generic):
        inner = expression.arguments
    elif isinstance(expression, Union):
        inner = expression.members
    return Named("nothing") in inner or any(map(_holds_nothing, inner))


def _nothing_inside(text: str) -> SyntaxProblem:
    found = re.search(r"\bnothing\b", text)
    start, end = found.span() if found else (0, len(text))
    return SyntaxProblem(
        start, end, "`nothing` stands inside another type", "no data", "write `nothing` alone, or `| None`"
    )


_WORD = re.compile(r"([^\W\d]\w*)(?:((?:\.[^\W\d]\w*)*):([^\W\d]\w*(?:\.[^\W\d]\w*)*))?")
_COMMA = re.compile(r", ?")
_OPTIONAL = re.compile(r" ?\| ?None|\?")
_PLAIN_DEPTH = 4


def _common_form(text: str) -> TypeExpr | None:
    """Return the type of the everyday forms: words, classes, and generics of such, optional or not."""
    found = _common_at(text, 0, _PLAIN_DEPTH)
    if found is None:
        return None
    expression, end = found
    if end == len(text):
        return expression
    return union_of((expression, NONE)) if _OPTIONAL.fullmatch(text, end) else None


def _common_at(text: str, start: int, depth: int) -> tuple[TypeExpr, int] | None:
    """Return the everyday form that begins at `start`, and where it ends; None is left to the grammar."""
    match = _WORD.match(text, start)
    if match is None or depth == 0:
        return None
    word, dotted, name = match.groups()
    end = match.end()
    if name is not None:
        return PythonType(word + dotted, name), end
    if not text.startswith("[", end):
        plain = _PLAIN.get(word)
        return None if plain is None else (plain, end)
    arguments: list[TypeExpr] = []
    separator = end + 1
    while (found := _common_at(text, separator, depth - 1)) is not None:
        arguments.append(found[0])
        comma = _COMMA.match(text, found[1])
        if comma is None:
            is_whole = text.startswith("]", found[1]) and COUNTS.get(word) == len(arguments)
            return (Generic(word, tuple(arguments)), found[1] + 1) if is_whole else None
        separator = comma.end()
    return None


def union_of(members: Iterable[TypeExpr]) -> TypeExpr:
    """Return the union of the members: flat, each once, `none` last; or the one type they all are."""
    flat: dict[TypeExpr, None] = {}
    for member in members:
        flat.update(dict.fromkeys(member.members if isinstance(member, Union) else (member,)))
    ordered = [member for member in flat if member != NONE] + [NONE] * (NONE in flat)
    return ordered[0] if len(ordered) == 1 else Union(tuple(ordered))


def _parse_by_grammar(text: str) -> tuple[TypeExpr | None, tuple[SyntaxProblem, ...]]:
    from jobc.compiler.syntax.grammar import UnexpectedTextError, parse
    from jobc.compiler.syntax.type_problems import excess, explain

    if (problem := excess(text, LONGEST, DEEPEST)) is not None:
        return None, (problem,)
    try:
        tree = parse("types", text)
    except UnexpectedTextError as error:
        return None, (explain(text, error.position),)
    reader = _Reader(text)
    found = reader.whole(tree)
    problems = tuple(sorted(reader.problems, key=lambda problem: problem.start))
    return (None if problems else found), problems


class _Reader:
    """Build the type of one tree; what is wrong is kept in `problems`, and its place stays empty (None)."""

    def __init__(self, text: str) -> None:
        self.problems: list[SyntaxProblem] = []
        self._text = text

    def whole(self, tree: Node) -> TypeExpr | None:
        """Return the type of a union that stands where a type is needed."""
        found = self._any_union(tree)
        if found != NONE:
            return found
        start, end = _span(tree)
        message = "`None` stands beside other types only, as in `int | None`"
        self._report(
            start, end, message, help_text="`nothing` is the type of no data", suggestions=("nothing",)
        )
        return None

    def _report(
        self,
        start: int,
        end: int,
        message: str,
        help_text: str | None = None,
        suggestions: tuple[str, ...] = (),
    ) -> None:
        self.problems.append(SyntaxProblem(start, end, message, help=help_text, suggestions=suggestions))

    def _any_union(self, tree: Node) -> TypeExpr | None:
        members: list[TypeExpr | None] = []
        for optional in _trees(tree):
            atom, *questions = optional.children
            members.append(self._atom(atom))
            members += [NONE] * bool(questions)
        known = [member for member in members if member is not None]
        return union_of(known) if len(known) == len(members) else None

    def _atom(self, atom: Node | Leaf) -> TypeExpr | None:
        if not isinstance(atom, str):
            return self._any_union(atom) if atom.data == "union" else self._named(atom)
        if atom.type == "PYTHON":
            module, _, name = atom.partition(":")
            return PythonType(module, name)
        start, end = _span(atom)
        bare = atom.strip("\"'")
        if atom.type == "STRING" and (bare in _PLAIN or bare in _FORMS):
            self._report(start, end, "a type is written without quotes", suggestions=(bare,))
        else:
            kind = "a text" if atom.type == "STRING" else "a number"
            self._report(start, end, f"{kind} is no type", f"write `literal[{atom}]` for this one value")
        return None

    def _named(self, tree: Node) -> TypeExpr | None:
        word = str(tree.children[0])
        arguments = list(_trees(tree))
        start, end = _span(tree)
        bracket = start + len(word)
        if word == "literal" and arguments:
            return self._literal(arguments)
        if word in _FORMS and (arguments or word not in _PLAIN):
            return self._generic(word, arguments, start, end)
        if word in _PLAIN or word == "None":
            if arguments:
                self._report(bracket, end, f"`{word}` takes no types in brackets")
                return None
            return NONE if word == "None" else _PLAIN[word]
        return self._unknown(word, arguments, start, end)

    def _generic(self, word: str, arguments: list[Node], start: int, end: int) -> TypeExpr | None:
        count = COUNTS.get(word, len(arguments))
        if not arguments:
            what = "values" if word == "literal" else "types of its items"
            suggestions = ("set[any]",) if word == "set" else ()
            self._report(start, end, f"`{word}` needs the {what}", f"write `{_FORMS[word]}`", suggestions)
            return None
        held = [self.whole(argument) for argument in arguments]
        if len(held) != count:
            types = "1 type" if count == 1 else f"{count} types"
            message = f"`{word}` takes {types}, not {len(held)}"
            self._report(start + len(word), end, message, f"write `{_FORMS[word]}`")
            return None
        known = tuple(argument for argument in held if argument is not None)
        return Generic(word, known) if len(known) == len(held) else None

    def _literal(self, arguments: list[Node]) -> LiteralType | None:
        values: list[str | int] = []
        for argument in arguments:
            try:
                value = _literal_value(argument)
            except RefusalError as refusal:
                self.problems.append(refusal.problem)
                continue
            if value in values:
                self._report(*_span(argument), f"`{value}` is listed twice")
            values.append(value)
        return LiteralType(tuple(values)) if values else None

    def _unknown(self, word: str, arguments: list[Node], start: int, end: int) -> TypeExpr | None:
        """Report a word that is no type; return the type that was meant, for the suggestion around it."""
        from jobc.compiler.syntax.type_problems import advice, near_types, without_prefix

        bare = without_prefix(word)
        message = f"unknown type `{word}`"
        if bare in {"Optional", "Union"} and arguments:
            before = len(self.problems)
            members = [self._any_union(argument) for argument in arguments]
            known = [member for member in members if member is not None] + [NONE] * (bare == "Optional")
            if len(known) == len(members) + (bare == "Optional"):
                del self.problems[before:]
                meant = union_of(known)
                self._report(start, end, message, suggestions=(str(meant),))
                return meant
        suggestions = near_types(bare, (*_WORDS, *_FORMS))
        self._report(start, start + len(word), message, advice(word, bare, suggestions), suggestions)
        if not suggestions:
            return None
        if suggestions[0] in COUNTS and arguments:
            return self._generic(suggestions[0], arguments, start, end)
        return _PLAIN.get(suggestions[0])


def _trees(tree: Node) -> Iterable[Node]:
    return (child for child in tree.children if not isinstance(child, str))


def _span(part: Node | Leaf) -> tuple[int, int]:
    """Return the place of a token, or of a tree from its first token to its last."""
    tokens = [part] if isinstance(part, str) else list(part.scan_values(lambda _: True))
    return tokens[0].start_pos or 0, (tokens[-1].start_pos or 0) + len(tokens[-1])


def _literal_value(tree: Node) -> str | int:
    """Return the text or number of one value of a literal. Raises RefusalError where it is anything else."""
    from jobc.compiler.syntax.grammar import unquote

    tokens = list(tree.scan_values(lambda _: True))
    start, end = _span(tree)
    if len(tokens) == 1 and tokens[0].type == "STRING":
        return unquote(tokens[0], start)
    if len(tokens) == 1 and re.fullmatch(r"-?(?:0|[1-9][0-9]{0,99})", tokens[0]):
        return int(tokens[0])
    shown = f'write `"{tokens[0]}"`' if len(tokens) == 1 and tokens[0].type == "NAME" else None
    raise RefusalError(
        SyntaxProblem(start, end, "a literal lists texts in quotes or whole numbers", help=shown)
    )
