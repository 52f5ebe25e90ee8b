"""Lower the outputs of ops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.schemas.ir import CompiledOutput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.compiler.bind.program import OutputSymbol


def emit_outputs(symbols: Iterable[OutputSymbol]) -> tuple[CompiledOutput, ...]:
    """Return the IR of outputs, in the order in which a function gives them."""
    return tuple(
        CompiledOutput(
            symbol.name,
            None if symbol.type is None else str(symbol.type),
            symbol.required,
            symbol.description,
            bool(symbol.dynamic),
            symbol.io_manager,
            symbol.asset,
            symbol.metadata,
        )
        for symbol in symbols
    )
