"""The `.lark` grammars beside this file: trees of texts, and the values of quoted texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from jobc.compiler.syntax.problems import RefusalError, SyntaxProblem
from jobc.runtime import grammars
from jobc.runtime.grammars import QuotedTextError, UnexpectedTextError

if TYPE_CHECKING:
    from lark import Lark

    Node: TypeAlias = grammars.Node
    Leaf: TypeAlias = grammars.Leaf

__all__ = ["UnexpectedTextError", "load_grammar", "parse", "unquote"]


def parse(grammar: str, text: str) -> Node:
    """Return the tree of `text` by `grammar`, the stem of a `.lark` file in this folder.

    Raises UnexpectedTextError at the first character that fits no rule.
    """
    return grammars.parse(_rules(grammar), text)


def load_grammar(grammar: str) -> Lark:
    """Return the LALR parser of a `.lark` file in this folder, from stored tables where there are any."""
    return grammars.load_grammar(_rules(grammar))


def unquote(quoted: str, start: int) -> str:
    """Return the value of a quoted text that stands at `start`.

    Raises RefusalError at an escape that has no meaning.
    """
    try:
        return grammars.unquote(quoted)
    except QuotedTextError as error:
        problem = SyntaxProblem(start + error.start, start + error.end, error.message, help=error.advice)
        raise RefusalError(problem) from None


def _rules(grammar: str) -> Path:
    return Path(__file__).with_name(f"{grammar}.lark")
