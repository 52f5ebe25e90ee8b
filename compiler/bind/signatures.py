"""Signatures: what a `def` of a module says about itself, read from its syntax tree.

Nothing is run. A signature is trusted only where every decorator is known to leave it as written; what a
decorator is, the names that the module has bound so far tell.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from typing import TYPE_CHECKING, TypeAlias

from jobc.compiler.bind.declared_outs import read_outs
from jobc.compiler.bind.definitions import FunctionSymbol, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jobc.compiler.bind.definitions import ClassSymbol, ImportedName, ParameterKind, Record

# Decorators that leave what `inspect.signature` says as it is written.
_TRANSPARENT = frozenset(
    {
        "abc.abstractmethod",
        "atexit.register",
        "classmethod",
        "contextlib.asynccontextmanager",
        "contextlib.contextmanager",
        "functools.cache",
        "functools.lru_cache",
        "staticmethod",
        "typing.final",
        "typing.no_type_check",
        "typing.override",
        "typing_extensions.final",
        "typing_extensions.override",
    }
)
# Decorators of jobc that turn a function into a definition, which declares itself.
OWN_DECORATORS = re.compile(
    r"op|graph|job|resource|io_manager|logger|executor|(?:success|failure|event_list)_hook|config_mapping"
    r"|(?:static|dynamic|hourly|daily|weekly|monthly)_partitioned_config"
)
_CONTEXT_MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
_ITERATORS = frozenset(
    {"Iterator", "Generator", "Iterable", "AsyncIterator", "AsyncGenerator", "AsyncIterable"}
)

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class Source:
    """Cut out of a module's text what a node of its tree spans; columns of `ast` count UTF-8 bytes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._yields = self.lines_of(["yield"])

    def _cut(self, line: int, start: int, end: int | None) -> str:
        text = self._lines[line - 1]
        if text.isascii():
            return text[start:end]
        return text.encode()[start:end].decode()

    def lines_of(self, words: Iterable[str]) -> list[int]:
        """Return the numbers, in order, of the lines where one of the words stands, be it in a string."""
        starts: list[int] = []
        for word in words:
            start = self._text.find(word)
            while start >= 0:
                starts.append(start)
                start = self._text.find(word, start + len(word))
        lines, line, position = [], 1, 0
        for start in sorted(starts):
            line += self._text.count("\n", position, start)
            position = start
            lines.append(line)
        return lines

    def may_yield(self, node: Function) -> bool:
        """Tell whether the word stands in a function's lines at all, which is cheap to know."""
        return spans(node, self._yields)

    def text(self, node: ast.expr) -> str:
        """Return the text of an expression as written, line breaks included."""
        first, last = node.lineno, node.end_lineno or node.lineno
        if first == last:
            return self._cut(first, node.col_offset, node.end_col_offset)
        middle = self._lines[first : last - 1]
        ends = self._cut(first, node.col_offset, None), self._cut(last, 0, node.end_col_offset)
        return "\n".join((ends[0], *middle, ends[1]))

    def column(self, node: ast.expr | ast.stmt | ast.pattern) -> int:
        """Return the 1-based column, in characters, where a node begins."""
        return len(self._cut(node.lineno, 0, node.col_offset)) + 1

    def name_column(self, node: Function | ast.ClassDef) -> int:
        """Return the column of a definition's name; where the name stands on a later line, of its keyword."""
        begin = self.column(node)
        keyword = re.compile(r"(?:async[ \t\f]+)?(?:def|class)[ \t\f]+")
        match = keyword.match(self._lines[node.lineno - 1], begin - 1)
        return match.end() + 1 if match else begin


class Scope:
    """Keep what a module has bound so far, by which decorators and base classes are recognised."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.imports: dict[str, ImportedName] = {}
        self.bound: set[str] = set()
        self.stars: list[str] = []
        self.classes: dict[str, ClassSymbol] = {}
        self.records: dict[str, Record] = {}

    def bind(self, name: str, imported: ImportedName | None) -> None:
        """Note that a name is bound, to what is imported or to something of the module's own."""
        self.bound.add(name)
        for known in (self.imports, self.classes, self.records):
            known.pop(name, None)
        if imported:
            self.imports[name] = imported

    def bind_class(self, symbol: ClassSymbol, record: Record | None) -> None:
        """Note a class on which later classes of the module may build."""
        self.classes[symbol.name] = symbol
        if record:
            self.records[symbol.name] = record

    def qualified(self, node: ast.expr) -> str | None:
        """Return the full dotted name of what a node names; None for the module's own and for no name."""
        dotted = dotted_name(node)
        if dotted is None:
            return None
        head, _, rest = dotted.partition(".")
        if head in self.imports:
            return ".".join(part for part in (*self.imports[head], rest) if part)
        return None if head in self.bound else dotted

    def is_transparent(self, decorator: ast.expr, known: frozenset[str]) -> bool:
        """Tell whether a decorator is known to leave the signature alone."""
        name = self.qualified(callee(decorator))
        if name is None:
            return False
        if OWN_DECORATORS.fullmatch(name):
            return not self.stars or "jobc" in self.stars
        return name in known or name.startswith("jobc.")


def dotted_name(node: ast.expr) -> str | None:
    """Return `a.b.c` for a chain of names, None for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join((node.id, *reversed(parts)))


def spans(node: ast.stmt, lines: Sequence[int]) -> bool:
    """Tell whether a statement, its decorators included, reaches over one of the sorted lines."""
    first = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))])
    index = bisect_left(lines, first)
    return index < len(lines) and lines[index] <= (node.end_lineno or first)


def callee(node: ast.expr) -> ast.expr:
    """Return what an expression calls, be it called once or over and over; itself where it is no call."""
    while isinstance(node, ast.Call):
        node = node.func
    return node


def read_parameters(arguments: ast.arguments, source: Source) -> tuple[Parameter, ...]:
    """Return the parameters of a `def` or a `lambda` in the order they are written."""

    def parameter(arg: ast.arg, kind: ParameterKind, has_default: bool) -> Parameter:
        annotation = source.text(arg.annotation) if arg.annotation else None
        return Parameter(arg.arg, kind, has_default, annotation)

    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    found = [parameter(arg, "positional", index >= required) for index, arg in enumerate(positional)]
    if arguments.vararg:
        found.append(parameter(arguments.vararg, "var_positional", False))
    for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(parameter(arg, "keyword", default is not None))
    if arguments.kwarg:
        found.append(parameter(arguments.kwarg, "var_keyword", False))
    return tuple(found)


def read_function(node: Function, scope: Scope) -> FunctionSymbol:
    """Describe a function; whether it is conditional or one of several is for the caller to say."""
    source = scope.source
    decorators = [scope.qualified(callee(item)) for item in node.decorator_list]
    yields = source.may_yield(node) and _yields(node)
    returns = node.returns
    if yields and not _CONTEXT_MANAGERS.isdisjoint(decorators):
        returns = _yielded(returns)
    return FunctionSymbol(
        name=node.name,
        parameters=read_parameters(node.args, source),
        returns=source.text(returns) if returns else None,
        decorators=tuple(source.text(callee(item)) for item in node.decorator_list),
        is_async=isinstance(node, ast.AsyncFunctionDef),
        is_generator=yields,
        trusted=all(scope.is_transparent(item, _TRANSPARENT) for item in node.decorator_list),
        line=node.lineno,
        column=source.name_column(node),
        doc=doc_line(node),
        outs=read_outs(node.decorator_list[0], scope.qualified) if len(decorators) == 1 else None,
    )


def _yields(node: Function) -> bool:
    stack: list[ast.AST] = list(node.body)
    while stack:
        item = stack.pop()
        if isinstance(item, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            stack.extend(ast.iter_child_nodes(item))
    return False


def _yielded(returns: ast.expr | None) -> ast.expr | None:
    if isinstance(returns, ast.Subscript) and (dotted_name(returns.value) or "").split(".")[-1] in _ITERATORS:
        inner = returns.slice
        return inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
    return returns


def doc_line(node: Function | ast.ClassDef) -> str | None:
    """Return the first line of a definition's docstring, None where there is none."""
    first = node.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        return first.value.value.strip().partition("\n")[0].strip() or None
    return None
