"""An `@op` function declares its own inputs, outputs and config; what the spec says of them has to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.link.functions import SignatureError
from jobc.compiler.link.types import runtime_type
from jobc.runtime.definitions.metadata import normalise_metadata
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from jobc.compiler.link.imports import Importer
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.ports import Out
    from jobc.runtime.definitions.types import JobcType
    from jobc.schemas.ir import CompiledOp, CompiledOutput


def check_agreement(op: CompiledOp, target: OpDefinition, importer: Importer) -> None:
    """Refuse what the spec says of the ports and config of an `@op` function and the function does not.

    Raises `SignatureError` that names the key.
    """
    if op.config:
        message = f"`config` of op `{op.name}` stands beside that of `{op.target}` itself"
        raise SignatureError(message, "remove `config`; what is declared in Python holds")
    if op.inputs is not None:
        _check_inputs(op, target, importer)
    if any(output.type is not None for output in op.outputs) or len(op.outputs) != 1:
        _check_outputs(op, target, importer)


def _check_inputs(op: CompiledOp, target: OpDefinition, importer: Importer) -> None:
    assert op.inputs is not None
    if set(op.inputs) != set(target.ins):
        raise _other_names(op, "inputs", op.inputs, target.ins)
    for name, declared in op.inputs.items():
        _check_type(op, f"inputs.{name}", declared.type, target.ins[name].type, importer)
        if declared.has_default:
            message = f"`inputs.{name}` of op `{op.name}` has a `default`, which `{op.target}` has to declare"
            raise SignatureError(message, "give the default in Python")


def _check_outputs(op: CompiledOp, target: OpDefinition, importer: Importer) -> None:
    names = [output.name for output in op.outputs]
    if names != list(target.outs):
        raise _other_names(op, "outputs", names, target.outs)
    for output in op.outputs:
        declared = target.outs[output.name]
        _check_type(op, f"outputs.{output.name}", output.type, declared.type, importer)
        for key in _contradicted(output, declared):
            message = f"`outputs.{output.name}.{key}` of op `{op.name}` is not what `{op.target}` declares"
            raise SignatureError(message, "remove it; what is declared in Python holds")


def _contradicted(output: CompiledOutput, declared: Out) -> Iterator[str]:
    """Yield the keys of an output that say something else than the function; those not given say nothing."""
    if output.required != declared.is_required:
        yield "required"
    if output.dynamic != declared.is_dynamic:
        yield "dynamic"
    if output.io_manager not in (None, declared.io_manager_key):
        yield "io_manager"
    asset = () if declared.asset_key is None else declared.asset_key.path
    if output.asset not in ((), asset):
        yield "asset"
    if output.metadata and normalise_metadata(output.metadata) != declared.metadata:
        yield "metadata"


def _check_type(op: CompiledOp, key: str, text: str | None, declared: JobcType, importer: Importer) -> None:
    if text is None or text == "any":
        return
    stated = runtime_type(text, importer)
    if stated is not declared and stated.python_type != declared.python_type:
        raise SignatureError(
            f"`{key}` of op `{op.name}` is of type `{text}`; `{op.target}` declares `{declared.name}`",
            "remove the type; what is declared in Python holds",
        )


def _other_names(
    op: CompiledOp, key: str, stated: Collection[str], declared: Collection[str]
) -> SignatureError:
    there = f"`{op.target}` declares {listing(declared)}" if declared else f"`{op.target}` declares none"
    return SignatureError(
        f"`{key}` of op `{op.name}` are {listing(stated) if stated else 'none'}; {there}",
        f"remove `{key}`; what is declared in Python holds",
    )
