"""Link ops that are no Python functions: commands, shells, and what the kinds of plug-ins make."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from jobc.compiler.bind.parameters import Known
from jobc.compiler.link.fields import config_field
from jobc.compiler.link.functions import SignatureError, bind_function
from jobc.compiler.link.imports import TargetError, called_target
from jobc.compiler.link.literals import literal_value
from jobc.compiler.link.ops import linked_ins, linked_outs
from jobc.compiler.link.reports import source_origin
from jobc.compiler.link.retries import retry_policy
from jobc.compiler.link.types import runtime_type
from jobc.runtime.config import Field, Shape
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.ports import NO_VALUE, In, Out
from jobc.runtime.definitions.signature import read_signature
from jobc.runtime.op_kinds.versions import WorkVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobc.compiler.link.imports import Importer
    from jobc.schemas.ir import CompiledInput, CompiledJob, CompiledOp


def link_work(op: CompiledOp, job: CompiledJob, importer: Importer) -> OpDefinition:
    """Return the definition of an op of another kind than `python`.

    Raises `TargetError` for a plug-in that is not there or cannot be imported, `SignatureError` for one whose
    function does not fit.
    """
    if op.kind in ("command", "shell"):
        return _command(op, cast("Literal['command', 'shell']", op.kind), importer)
    return _plug_in(op, job, importer)


def _command(op: CompiledOp, kind: Literal["command", "shell"], importer: Importer) -> OpDefinition:
    from jobc.runtime.op_kinds.command import Command

    work = op.work if isinstance(op.work, list) else [op.work]
    files = tuple(output.name for output in op.outputs if output.type == "path")
    gives_text = any(output.name == "result" and output.type != "path" for output in op.outputs)
    optional = frozenset(output.name for output in op.outputs if not output.required)
    command = Command(kind, tuple(map(str, work)), tuple(op.config), files, optional, gives_text)
    outs = {
        each.name: Out(
            runtime_type(each.type or "any", importer),
            each.description,
            each.required,
            each.io_manager,
            each.metadata,
            asset_key=each.asset or None,
        )
        for each in op.outputs
    }
    function = OpFunction(command, (Slot("context", ""), *_input_slots(op)), "async", "plain")
    return _definition(op, function, _ins(op.inputs or {}, importer), outs, frozenset(op.resources))


def _input_slots(op: CompiledOp) -> tuple[Slot, ...]:
    return tuple(Slot("input", name, keyword=True) for name in op.inputs or {})


def _ins(inputs: Mapping[str, CompiledInput], importer: Importer) -> dict[str, In]:
    ins = {}
    for name, each in inputs.items():
        kind = runtime_type(each.type or "any", importer)
        default: object = NO_VALUE
        if each.has_default:
            default = literal_value(kind, each.default, f"default of input `{name}`")
        ins[name] = In(kind, each.description, default)
    return ins


def _plug_in(op: CompiledOp, job: CompiledJob, importer: Importer) -> OpDefinition:
    from jobc.runtime.op_kinds.plug_ins import SETTINGS, PlugInCall

    function = _made(op)
    signature = read_signature(function)
    takes_settings = any(parameter.name == SETTINGS for parameter in signature.parameters)
    others = tuple(each for each in signature.parameters if each.name != SETTINGS)
    inputs = op.inputs or {}
    known = Known(tuple(inputs), tuple(op.config), op.resources, job.resources, op.name)
    binding = bind_function(op.name, replace(signature, parameters=others), known)
    call = PlugInCall(function, binding.slots, op.work, tuple(op.config), takes_settings)
    return _definition(
        op,
        OpFunction(call, (Slot("context", ""), *_input_slots(op)), signature.style, "plain"),
        linked_ins(inputs, binding, importer),
        linked_outs(op, signature, importer),
        frozenset((*op.resources, *binding.resources)),
    )


def _made(op: CompiledOp) -> Callable[..., object]:
    """Import what brings the kind and let it make the function of the op."""
    from jobc.runtime.op_kinds.plug_ins import GROUP, plug_in

    point = plug_in(op.kind)
    if point is None:
        raise TargetError(
            f"nothing that is installed brings ops of the kind `{op.kind}`",
            f"install the distribution that declares it as an entry point of `{GROUP}`",
        )
    try:
        kind = point.load()
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        raise TargetError(f"importing `{point.value}` raised {text}", "correct the plug-in") from error
    try:
        made = called_target(point.value, kind)(op.name, op.work)
    except TargetError:
        raise
    except Exception as error:
        raise SignatureError(
            f"`{op.kind}` of op `{op.name}`: {str(error) or type(error).__name__}",
            "change what the plug-in is given",
        ) from error
    if not callable(made):
        raise SignatureError(
            f"`{point.value}` made no function for op `{op.name}`",
            "correct the plug-in: it returns a function",
        )
    return cast("Callable[..., object]", made)


def _definition(
    op: CompiledOp,
    function: OpFunction,
    ins: Mapping[str, In],
    outs: Mapping[str, Out],
    resources: frozenset[str],
) -> OpDefinition:
    return OpDefinition.of(
        op.name,
        function,
        ins,
        outs,
        config_field=config_field(op.config, {}) or Field(Shape({})),
        required_resource_keys=resources,
        description=op.description,
        tags=op.tags,
        retry_policy=retry_policy(op.retry),
        code_version=op.code_version,
        timeout_s=op.timeout_s,
        kind=op.kind,
        origin=source_origin(op.origin),
        version_fn=WorkVersion(op.kind, op.work),
    )
