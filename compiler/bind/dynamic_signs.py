"""Dynamic signs: what may bind names of a module out of sight, and which names its `__all__` lists.

Both are found by searching the tree at any depth, which is dear: the text tells first where to look.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.bind.signatures import dotted_name, spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.compiler.bind.signatures import Source

# Statements without any of these on their lines make no names at run time and are not searched.
_SIGNS = (
    *("globals", "exec", "vars", "locals", "setattr", "modules", "meta_path", "path_hooks", "_getframe"),
    *("currentframe", "f_globals", "global_enum", "__path__", "__name__", "global", ":="),
)
_DYNAMIC_WORDS = frozenset({"globals", "exec", "__path__", "_getframe", "currentframe", "f_globals"}) | {
    "global_enum",
    "meta_path",
    "path_hooks",
}
# What may be told the module's name without being able to add names to the module.
_NAME_TAKERS = frozenset(
    {"getLogger", "get_logger", "getChild", "Logger", "print", "str", "repr", "format", "isinstance"}
)


class Signs(NamedTuple):
    """Hold names rebound out of sight, each with where; (line, words) of what may make names at run time."""

    rebound: dict[str, str]
    dynamic: list[tuple[int, str]]


def read_signs(tree: ast.Module, source: Source) -> Signs:
    """Search the statements on whose lines a sign stands; `source` is the text of the tree."""
    return _signs_on(tree, source.lines_of(_SIGNS))


def _signs_on(tree: ast.Module, lines: Sequence[int]) -> Signs:
    signs = Signs({}, [])
    stack: list[tuple[ast.AST, bool]] = [(tree, False)]
    while stack:
        node, in_function = stack.pop()
        if isinstance(node, ast.stmt) and not spans(node, lines):
            continue
        if isinstance(node, ast.Global):
            signs.rebound.update((name, f"set by a function at line {node.lineno}") for name in node.names)
        elif isinstance(node, ast.NamedExpr) and not in_function:
            signs.rebound[node.target.id] = f"assigned at line {node.lineno} inside an expression"
        else:
            word = _dynamic_word(node, in_function)
            if word:
                line = getattr(node, "lineno", 1)
                signs.dynamic.append((line, f"makes names at run time (`{word}` at line {line})"))
        inner = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        stack.extend((child, inner) for child in ast.iter_child_nodes(node))
    return signs


def _dynamic_word(node: ast.AST, in_function: bool) -> str | None:
    match node:
        case ast.Name(id=name) if name in _DYNAMIC_WORDS or (name in {"vars", "locals"} and not in_function):
            return name
        case ast.Attribute(attr=name) if name in _DYNAMIC_WORDS - {"exec"}:
            return name
        case ast.Attribute(attr="modules", value=ast.Name(id=name)) if name.endswith("sys"):
            return "sys.modules"
        case ast.alias(name="modules" | "_getframe" | "global_enum" as name):
            return name
        case ast.Call(func=ast.Name(id="setattr"), args=[target, *_]):
            return None if in_function and isinstance(target, ast.Name) else "setattr"
        case ast.Call():
            name = (dotted_name(node.func) or "a call").split(".")[-1]
            return name if name not in _NAME_TAKERS and _is_given_own_name(node) else None
    return None


def _is_given_own_name(call: ast.Call) -> bool:
    values = (*call.args, *(keyword.value for keyword in call.keywords))
    return any(isinstance(value, ast.Name) and value.id == "__name__" for value in values)


class Exported(NamedTuple):
    """Hold the names that `__all__` lists; None where there is none or it is computed."""

    names: tuple[str, ...] | None
    is_computed: bool


def read_exports(tree: ast.Module, mentions: int) -> Exported:
    """Read `__all__` from plain lists assigned and added at the top level; other uses make it computed.

    `mentions` counts the word in the text: where all of them are such lists, the tree need not be searched.
    """
    if not mentions:
        return Exported(None, False)
    names: list[str] | None = None
    plain_uses = 0
    for node in tree.body:
        found = _listed(node)
        if found is not None:
            names = found if isinstance(node, ast.Assign | ast.AnnAssign) else [*(names or []), *found]
            plain_uses += 1
    is_computed = mentions > plain_uses and plain_uses < sum(
        isinstance(node, ast.Name) and node.id == "__all__" for node in ast.walk(tree)
    )
    return Exported(None if is_computed or names is None else tuple(names), is_computed)


def _listed(node: ast.stmt) -> list[str] | None:
    """Return the names that a statement puts into `__all__`, None if it does no such thing plainly."""
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
            return _texts(value)
        case ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value):
            return _texts(value)
        case ast.AugAssign(target=ast.Name(id="__all__"), op=ast.Add(), value=value):
            return _texts(value)
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__"), attr=method), args=[value])
        ):
            items = ast.List([value]) if method == "append" else value
            return _texts(items) if method in {"append", "extend"} else None
    return None


def _texts(node: ast.expr) -> list[str] | None:
    if not isinstance(node, ast.List | ast.Tuple):
        return None
    texts = [
        item.value for item in node.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)
    ]
    return texts if len(texts) == len(node.elts) else None
