"""Symbols: what a module's text binds at its top level, read with `ast` and never run.

Statements are walked in order and every binding of a name is kept, so that a name bound in several ways is
known as such. What is left unclear is said in plain words; nothing here guesses.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections import defaultdict
from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from jobc.compiler.bind.class_fields import read_class
from jobc.compiler.bind.definitions import (
    ClassSymbol,
    FunctionSymbol,
    ImportedName,
    Symbol,
    ValueSymbol,
    doubted,
)
from jobc.compiler.bind.dynamic_signs import read_exports, read_signs
from jobc.compiler.bind.signatures import Scope, Source, dotted_name, read_function, read_parameters
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What `ModuleSymbols.dynamic` says of a module whose only such way is a `__getattr__` of its own.
LAZY = "defines `__getattr__`"

_SHORT = 60
# Attributes that change how a function is called or what `inspect.signature` says of it.
_ALTERING = frozenset(
    {
        "__signature__",
        "__wrapped__",
        "__code__",
        "__defaults__",
        "__kwdefaults__",
        "__init__",
        "__new__",
        "__call__",
    }
)
_OWN_SCOPES = (ast.stmt, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_ACCESSORS = frozenset({"property", "cached_property", "setter", "getter", "deleter"})
_IMPLICIT_CLASSMETHODS = frozenset({"__init_subclass__", "__class_getitem__"})


class StarImport(NamedTuple):
    """Say which module a `from … import *` names (a relative one keeps its dots), and where."""

    module: str
    line: int
    is_conditional: bool


class SyntaxProblem(NamedTuple):
    """Say where a text is no Python; line and column are 1-based, the column counts characters."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class ModuleSymbols:
    """Hold what a module binds; each name stands in one of `symbols`, `imports` and `unclear` only.

    `symbols` keeps the order of the text. `members` are those of classes, as `Class.name`. `unclear` says of
    a name, or of a class's `Class.name`, in plain words why it cannot be known. `type_only` are names bound
    for type checkers alone. `doubtful` are names that may be something else, `lines` tells where each name
    is bound last. `dunder_all` is None where there is none or where it is computed. `dynamic` says in plain
    words how the module may make names at run time, None where it does not.
    """

    name: str
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    imports: Mapping[str, ImportedName] = field(default_factory=dict)
    star_imports: tuple[StarImport, ...] = ()
    members: Mapping[str, Symbol] = field(default_factory=dict)
    unclear: Mapping[str, str] = field(default_factory=dict)
    type_only: Mapping[str, Symbol | ImportedName] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()
    lines: Mapping[str, int] = field(default_factory=dict)
    dunder_all: tuple[str, ...] | None = None
    has_computed_all: bool = False
    dynamic: str | None = None
    problem: SyntaxProblem | None = None

    @property
    def is_dynamic(self) -> bool:
        """Tell whether names may exist that are not written anywhere."""
        return self.dynamic is not None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the text binds, those of star imports excepted."""
        return (*self.symbols, *self.imports, *(name for name in self.unclear if "." not in name))


def read_module(text: str, name: str) -> ModuleSymbols:
    """Read the symbols of a module's text; never raises, a syntax error is returned as `problem`.

    `name` is the module's dotted name. Text too deeply nested for the parser counts as dynamic.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return _read_tree(_parsed(text), text, name)
    except SyntaxError as error:
        return ModuleSymbols(name, problem=_problem(error))
    except UnicodeEncodeError:
        return ModuleSymbols(name, problem=SyntaxProblem(1, 1, "half of a surrogate pair is no text"))
    except (MemoryError, RecursionError):
        return ModuleSymbols(name, dynamic="is nested too deeply to be read")


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (ValueError, OverflowError) as error:
            if isinstance(error, UnicodeEncodeError):
                raise
            raise SyntaxError(str(error)) from error


def _problem(error: SyntaxError) -> SyntaxProblem:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    message = re.sub(r"\binvalid\b", "unexpected", error.msg)
    line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
    return SyntaxProblem(line, column, f"{message} (read as Python {version})")


def _read_tree(tree: ast.Module, text: str, name: str) -> ModuleSymbols:
    source = Source(text)
    binder = _Binder(Scope(source), "")
    binder.bind_all(tree.body, False)
    signs = read_signs(tree, source)
    symbols: dict[str, Symbol] = {}
    imports: dict[str, ImportedName] = {}
    unclear = {**binder.unclear, **signs.rebound}
    suspect = signs.rebound.keys() | binder.altered | (binder.doubtful() if signs.dynamic else set())
    for bound, item in binder.settled().items():
        if isinstance(item, str):
            unclear[bound] = item
        elif isinstance(item, ImportedName):
            imports[bound] = item
        elif not isinstance(item, ValueSymbol) or bound not in signs.rebound:
            symbols[bound] = doubted(item) if bound in suspect else item
    dynamic = min(signs.dynamic)[1] if signs.dynamic else None
    if dynamic is None and "__getattr__" in binder.bindings:
        dynamic = LAZY
    exported = read_exports(tree, text.count("__all__"))
    return ModuleSymbols(
        name=name,
        symbols=symbols,
        imports=imports,
        star_imports=tuple(binder.stars),
        members=binder.members,
        unclear={key: reason for key, reason in unclear.items() if key not in symbols and key not in imports},
        type_only=binder.type_only,
        doubtful=frozenset(binder.doubtful() | suspect),
        lines={bound: bindings[-1].line for bound, bindings in binder.bindings.items()},
        dunder_all=exported.names,
        has_computed_all=exported.is_computed,
        dynamic=dynamic,
    )


_Item: TypeAlias = FunctionSymbol | ClassSymbol | ValueSymbol | ImportedName


class _Binding(NamedTuple):
    """One binding of a name; no item means that the name is deleted here."""

    item: _Item | None
    line: int
    is_conditional: bool


class _Binder:
    """Walk the statements of a module or class body and note what each binds."""

    def __init__(self, scope: Scope, prefix: str) -> None:
        self.bindings: defaultdict[str, list[_Binding]] = defaultdict(list)
        self.members: dict[str, Symbol] = {}
        self.unclear: dict[str, str] = {}
        self.type_only: dict[str, _Item] = {}
        self.altered: set[str] = set()
        self.stars: list[StarImport] = []
        self._scope = scope
        self._prefix = prefix

    def bind_all(self, body: Sequence[ast.stmt], conditional: bool) -> None:
        for node in body:
            self._bind(node, conditional)

    def settled(self) -> dict[str, _Item | str]:
        """Return for every name the one thing that it is, or in plain words why that is open."""
        return {name: _settled(bindings) for name, bindings in self.bindings.items()}

    def doubtful(self) -> set[str]:
        return {name for name, bindings in self.bindings.items() if bindings[-1].is_conditional}

    def _add(self, name: str, item: _Item | None, line: int, conditional: bool) -> None:
        self.bindings[name].append(_Binding(item, line, conditional))
        if not self._prefix:
            self._scope.bind(name, item if isinstance(item, ImportedName) else None)

    def _bind(self, node: ast.stmt, conditional: bool) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._bind_function(node, conditional)
            case ast.ClassDef():
                self._bind_class(node, conditional)
            case ast.Import() | ast.ImportFrom():
                self._bind_import(node, conditional)
            case ast.Assign():
                for target in node.targets:
                    self._assign(target, node.value, conditional)
            case ast.AnnAssign(value=None, target=ast.Name(id=name)):
                self.unclear[name] = f"declared at line {node.lineno} without a value"
            case ast.AnnAssign(value=ast.expr() as value) | ast.AugAssign(value=value):
                self._assign(node.target, value, conditional)
            case ast.If():
                self._bind_if(node, conditional)
            case _:
                keyword = type(node).__name__.removeprefix("Async").lower()
                is_certain = isinstance(node, ast.Delete) and not conditional
                self._bind_parts(node, f"a `{keyword}` statement", not is_certain)

    def _bind_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, conditional: bool) -> None:
        symbol = read_function(node, self._scope)
        kinds = {text.split(".")[-1] for text in symbol.decorators}
        if "overload" in kinds:
            self.unclear[node.name] = f"written as overloads only, at line {node.lineno}"
        elif kinds.isdisjoint(_ACCESSORS):
            is_mangled = self._prefix and any(_is_private(item.name) for item in symbol.parameters)
            self._add(node.name, doubted(symbol) if is_mangled else symbol, node.lineno, conditional)
        else:
            value = ValueSymbol(node.name, f"@{symbol.decorators[0]}", symbol.line, symbol.column)
            self._add(node.name, value, node.lineno, conditional)

    def _bind_class(self, node: ast.ClassDef, conditional: bool) -> None:
        inner = _Binder(self._scope, f"{self._prefix}{node.name}.")
        inner.bind_all(node.body, False)
        own = {
            name: item for name, item in inner.settled().items() if not isinstance(item, ImportedName | str)
        }
        is_plain = own.keys() == inner.bindings.keys() and not inner.unclear
        symbol, record = read_class(node, self._scope, own, is_plain)
        self._add(node.name, symbol, node.lineno, conditional)
        if not (self._prefix or conditional):
            self._scope.bind_class(symbol, record)
        self.members |= inner.members
        # A base or metaclass that is not known may put something else in a method's place.
        is_sure = not conditional and symbol.init is not None and symbol.init.trusted
        for name, item in own.items():
            self.members[f"{inner._prefix}{name}"] = _as_called(item if is_sure else doubted(item))

    def _bind_import(self, node: ast.Import | ast.ImportFrom, conditional: bool) -> None:
        module = "." * node.level + (node.module or "") if isinstance(node, ast.ImportFrom) else None
        for alias in node.names:
            if module is None:
                target = ImportedName(alias.name if alias.asname else alias.name.partition(".")[0], None)
                self._add(alias.asname or target.module, target, node.lineno, conditional)
            elif alias.name == "*":
                self.stars.append(StarImport(module, node.lineno, conditional))
                self._scope.stars.append(module)
            else:
                target = ImportedName(module, alias.name)
                self._add(alias.asname or alias.name, target, node.lineno, conditional)

    def _assign(self, target: ast.expr, value: ast.expr, conditional: bool) -> None:
        if isinstance(target, ast.Name):
            self._add(target.id, self._value(target, value), target.lineno, conditional)
        elif isinstance(target, ast.Attribute):
            path = dotted_name(target) or ""
            self.unclear[path] = f"assigned at line {target.lineno}"
            if target.attr in _ALTERING:
                self.altered.add(path.partition(".")[0])
        else:
            self._bind_parts(target, _shortened(self._scope.source.text(value)), conditional)

    def _value(self, target: ast.Name, value: ast.expr) -> Symbol:
        source = self._scope.source
        line, column = target.lineno, source.column(target)
        if isinstance(value, ast.Lambda):
            parameters = read_parameters(value.args, source)
            return FunctionSymbol(target.id, parameters, None, (), False, False, True, line, column, None)
        alias = dotted_name(value)
        if alias:
            return ValueSymbol(target.id, alias, line, column, "alias")
        form: Literal["literal", "computed"] = "literal" if _is_literal(value) else "computed"
        return ValueSymbol(target.id, _shortened(source.text(value)), line, column, form)

    def _bind_if(self, node: ast.If, conditional: bool) -> None:
        test, typing, running = node.test, node.body, node.orelse
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, typing, running = test.operand, running, typing
        if (dotted_name(test) or "").split(".")[-1] != "TYPE_CHECKING":
            self._bind_parts(node, "a condition", True)
            return
        aside = _Binder(Scope(self._scope.source), "")
        aside.bind_all(typing, False)
        self.type_only |= {name: item for name, item in aside.settled().items() if not isinstance(item, str)}
        self.bind_all(running, conditional)

    def _bind_parts(self, node: ast.AST, text: str, conditional: bool) -> None:
        """Bind what stands inside a compound statement or a target; comprehensions keep their names.

        `text` stands for the right side of the names that are found.
        """
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.stmt():
                    self._bind(child, conditional)
                case ast.Name(id=name, ctx=ast.Store()) | ast.MatchAs(name=str() as name):
                    self._bind_part(name, child, text, conditional)
                case ast.MatchStar(name=str() as name) | ast.MatchMapping(rest=str() as name):
                    self._bind_part(name, child, text, conditional)
                case ast.Name(id=name, ctx=ast.Del()) | ast.ExceptHandler(name=str() as name):
                    self._add(name, None, child.lineno, conditional)
            if not isinstance(child, _OWN_SCOPES):
                self._bind_parts(child, text, conditional)

    def _bind_part(self, name: str, node: ast.expr | ast.pattern, text: str, conditional: bool) -> None:
        symbol = ValueSymbol(name, text, node.lineno, self._scope.source.column(node))
        self._add(name, symbol, node.lineno, conditional)


def _settled(bindings: Sequence[_Binding]) -> _Item | str:
    certain = [index for index, binding in enumerate(bindings) if not binding.is_conditional]
    live = bindings[certain[-1] if certain else 0 :]
    last = live[-1]
    if last.item is None:
        return f"deleted at line {last.line}"
    if len({type(binding.item) for binding in live}) > 1 or (
        isinstance(last.item, ImportedName) and len({binding.item for binding in live}) > 1
    ):
        return f"bound in several ways, at lines {', '.join(str(binding.line) for binding in live)}"
    if isinstance(last.item, ImportedName):
        return last.item
    if isinstance(last.item, ValueSymbol) and len(live) > 1:
        return f"assigned at line {last.line} from {last.item.text}, and in other ways before"
    if isinstance(last.item, FunctionSymbol):
        shapes = {_shape(binding.item) for binding in bindings if isinstance(binding.item, FunctionSymbol)}
        is_sure = len(shapes) == 1 and not (last.is_conditional and len(live) == 1)
    else:
        is_sure = len(live) == 1 and not last.is_conditional
    return last.item if is_sure else doubted(last.item)


def _shape(symbol: FunctionSymbol) -> tuple[object, ...]:
    return symbol.parameters, symbol.returns, symbol.is_async, symbol.is_generator, symbol.trusted


def _is_private(name: str) -> bool:
    """Tell whether a class changes the name of a parameter of its methods to one of its own."""
    return name.startswith("__") and not name.endswith("__")


def _as_called(member: Symbol) -> Symbol:
    """Drop the `cls` of a method that is bound to its class when it is looked up there."""
    if isinstance(member, FunctionSymbol):
        is_bound = member.name in _IMPLICIT_CLASSMETHODS or "classmethod" in member.decorators
        return replace(member, parameters=member.parameters[1:]) if is_bound else member
    return member


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"


def _is_literal(node: ast.expr) -> bool:
    """Tell whether an expression is made of constants and displays alone."""
    allowed = (
        ast.Constant,
        ast.List,
        ast.Tuple,
        ast.Set,
        ast.Dict,
        ast.UnaryOp,
        ast.unaryop,
        ast.expr_context,
    )
    return all(isinstance(part, allowed) for part in ast.walk(node))
