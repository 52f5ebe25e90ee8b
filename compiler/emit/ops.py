"""Lower ops and resources to IR: what goes in and comes out, config fields, retry policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.secrets import holds_secret
from jobc.compiler.emit.ports import emit_outputs
from jobc.schemas.ir import (
    CompiledField,
    CompiledInput,
    CompiledOp,
    CompiledResource,
    CompiledRetry,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.compiler.bind.program import FieldSymbol, InputSymbol, OpSymbol, Program, ResourceSymbol
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.schemas.spec import RetrySpec


def emit_op(program: Program, op: OpSymbol) -> CompiledOp:
    """Return the IR of an op."""
    assert op.kind is not None
    return CompiledOp(
        op.name,
        "" if op.target is None else str(op.target),
        None if op.inputs is None else emit_inputs(op.inputs),
        emit_outputs(op.outputs),
        emit_fields(op.config),
        tuple(sorted(op.resources)),
        None if op.retry is None else emit_retry(op.retry),
        op.timeout_s,
        op.tags,
        op.description,
        origin=program.document_of(op.name).locate_key(op.path),
        kind=op.kind,
        work=op.work,
        code_version=op.code_version,
    )


def emit_resource(program: Program, resource: ResourceSymbol) -> CompiledResource:
    """Return the IR of a resource."""
    return CompiledResource(
        resource.name,
        "" if resource.target is None else str(resource.target),
        emit_fields(resource.config),
        resource.values,
        tuple(sorted(resource.resources)),
        resource.description,
        origin=program.document_of(resource.name).locate_key(resource.path),
        builtin=resource.builtin,
    )


def emit_inputs(symbols: Iterable[InputSymbol]) -> dict[str, CompiledInput]:
    """Return the IR of inputs, by name."""
    return {
        symbol.name: CompiledInput(
            _text(symbol.type),
            symbol.required,
            symbol.has_default,
            symbol.default,
            symbol.description,
            holds_secret(symbol.type),
        )
        for symbol in symbols
    }


def emit_fields(symbols: Iterable[FieldSymbol]) -> dict[str, CompiledField]:
    """Return the IR of config fields, by name."""
    return {symbol.name: _field(symbol) for symbol in symbols}


def _field(symbol: FieldSymbol) -> CompiledField:
    return CompiledField(
        _text(symbol.type),
        symbol.required,
        symbol.has_default,
        symbol.default,
        symbol.description,
        symbol.constraints,
        holds_secret(symbol.type),
        None if symbol.fields is None else emit_fields(symbol.fields),
        None if symbol.one_of is None else emit_fields(symbol.one_of),
        symbol.enum,
        symbol.permissive,
        symbol.env,
    )


def emit_retry(retry: RetrySpec) -> CompiledRetry:
    """Return the IR of a retry policy."""
    return CompiledRetry(retry.max_retries, retry.delay_s, retry.backoff, retry.jitter)


def _text(kind: TypeExpr | None) -> str | None:
    return None if kind is None else str(kind)
