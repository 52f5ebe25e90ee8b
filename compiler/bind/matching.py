"""Match the arguments of a node with the inputs of what it invokes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.compiler.bind.program import ArgumentSymbol, NodeSymbol, Program


class Matched(NamedTuple):
    """The arguments of a node, sorted by what became of them.

    `given` is by input name. `positional` are those whose input only the imported function can tell; then
    `given` holds the keyword arguments unchecked.
    """

    given: Mapping[str, ArgumentSymbol]
    positional: Sequence[ArgumentSymbol] = ()
    surplus: Sequence[ArgumentSymbol] = ()
    unknown: Sequence[ArgumentSymbol] = ()
    repeated: Sequence[ArgumentSymbol] = ()


def input_names(program: Program, node: NodeSymbol) -> tuple[str, ...] | None:
    """Return the inputs of what a node invokes, in order; None where they cannot be known."""
    definition = program.definition(node.definition)
    if definition is None or definition.is_open or definition.inputs is None:
        return None
    return tuple(symbol.name for symbol in definition.inputs)


def match(node: NodeSymbol, names: tuple[str, ...] | None) -> Matched:
    """Match arguments by position and keyword, as Python does."""
    positional = [argument for argument in node.arguments if argument.input is None]
    keywords = [argument for argument in node.arguments if argument.input is not None]
    given: dict[str, ArgumentSymbol] = {}
    if names is not None:
        given.update(zip(names, positional, strict=False))
    surplus = () if names is None else positional[len(names) :]
    unknown, repeated = [], []
    for argument in keywords:
        assert argument.input is not None
        if names is not None and argument.input not in names:
            unknown.append(argument)
        elif argument.input in given:
            repeated.append(argument)
        else:
            given[argument.input] = argument
    return Matched(given, positional if names is None else (), surplus, unknown, repeated)
