"""Rule: arguments of a node fit the inputs of what it invokes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.program import own
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import ArgumentSymbol, NodeSymbol, Program
    from jobc.schemas.diagnostics import Location


def check_arguments(program: Program) -> Iterator[Diagnostic]:
    """Report arguments that are too many, unknown, or given twice (JC0403, JC0404, JC0405)."""
    for graph in own(program.graphs):
        for node in graph.nodes:
            names = input_names(program, node)
            if names is None:
                continue
            matched = match(node, names)
            if matched.surplus:
                yield _surplus(program, node, matched.surplus[0], names)
            for argument in matched.unknown:
                yield _unknown(program, node, argument, names)
            for argument in matched.repeated:
                yield _repeated(program, node, argument)


def _surplus(
    program: Program, node: NodeSymbol, argument: ArgumentSymbol, names: tuple[str, ...]
) -> Diagnostic:
    positions = sum(1 for each in node.arguments if each.input is None)
    takes = f"takes {len(names)} input{'' if len(names) == 1 else 's'}" if names else "takes no inputs"
    verb = "is" if positions == 1 else "are"
    return Diagnostic(
        "JC0404",
        f"`{node.definition}` {takes}, here {verb} {positions}",
        program.document.locate(argument.place),
        label="one too many",
        help=f"its {plural('input', names)} {listing(names)}" if names else "call it without arguments",
    )


def _unknown(
    program: Program, node: NodeSymbol, argument: ArgumentSymbol, names: tuple[str, ...]
) -> Diagnostic:
    near = near_names(argument.input or "", names)
    known = f"its {plural('input', names)} {listing(names)}" if names else "it takes no inputs"
    op = program.ops.get(node.definition or "")
    if op is not None and any(field.name == argument.input for field in op.config):
        known = (
            f"`{argument.input}` is a config field; give its value in the `config` of the node, or of a job"
        )
    return Diagnostic(
        "JC0403",
        f"`{node.definition}` has no input `{argument.input}`",
        _key_location(program, argument),
        label="no input of this name",
        help=f"did you mean `{near[0]}`?" if near else known,
        suggestions=near,
    )


def _repeated(program: Program, node: NodeSymbol, argument: ArgumentSymbol) -> Diagnostic:
    return Diagnostic(
        "JC0405",
        f"the input `{argument.input}` of `{node.name}` is given twice",
        _key_location(program, argument),
        label="given already",
        help="remove one of the two",
    )


def _key_location(program: Program, argument: ArgumentSymbol) -> Location:
    if argument.place.part is None:
        return program.document.locate_key(argument.place.path)
    return program.document.locate(argument.place)
