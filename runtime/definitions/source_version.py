"""Versions from source code: what a function says, however it is laid out (SEMANTICS 18).

A version is the SHA-1 of the function's syntax tree: decorators, signature and body. Comments, blank lines,
line breaks, quotes and docstrings are not in it, so changing them runs nothing again. What the function
calls, and the values it closes over, are not in it either: give such an op a `code_version`. Another Python
version may see another tree, and then everything runs once.
"""

from __future__ import annotations

import ast
from functools import partial
from hashlib import sha1
from types import CodeType
from typing import TYPE_CHECKING

from jobc.runtime.definitions.op import InputsDict
from jobc.runtime.definitions.resource import Held
from jobc.runtime.definitions.versioning import VersionStrategy

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.runtime.definitions.versioning import OpVersionContext, ResourceVersionContext


class SourceHashVersionStrategy(VersionStrategy):
    """Take the source code of functions for their versions; a resource that is a mere object has none."""

    def get_op_version(self, context: OpVersionContext) -> str | None:
        """Return the version of the op's function; None for one whose code cannot be had."""
        function = context.op_def.function.function
        return source_version(function.compute_fn if isinstance(function, InputsDict) else function)

    def get_resource_version(self, context: ResourceVersionContext) -> str | None:
        """Return the version of the resource's function; None for an object that exists already."""
        function = context.resource_def.function.function
        return None if isinstance(function, Held) else source_version(function)


def source_version(function: Callable[..., object]) -> str | None:
    """Return the version of what a function says, None for one that is not written in Python."""
    if isinstance(function, partial):
        inner = source_version(function.func)
        return None if inner is None else _hash(f"{inner} {function.args!r} {function.keywords!r}")
    tree = _tree(function)
    if tree is not None:
        return _hash(ast.dump(_without_docstrings(tree)))
    code = getattr(function, "__code__", None)
    return None if code is None else _hash(_dumped_code(code))


def _hash(text: str) -> str:
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def _tree(function: Callable[..., object]) -> ast.AST | None:
    """Return the syntax tree of a function; None where its source is not at hand, or no statement alone."""
    from inspect import getsource
    from textwrap import dedent

    try:
        tree = ast.parse(dedent(getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None
    if getattr(function, "__name__", None) != "<lambda>":
        return tree
    lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    return lambdas[0] if len(lambdas) == 1 else None


def _without_docstrings(tree: ast.AST) -> ast.AST:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _dumped_code(code: CodeType) -> str:
    """Return what a compiled function does: its instructions, names and constants, without line numbers."""
    constants = [_dumped_constant(each) for each in code.co_consts]
    return repr((code.co_code, code.co_names, code.co_varnames, code.co_freevars, constants))


def _dumped_constant(value: object) -> str:
    if isinstance(value, CodeType):
        return _dumped_code(value)
    return repr(sorted(map(repr, value))) if isinstance(value, frozenset) else repr(value)
