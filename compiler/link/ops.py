"""Link ops: import the function of one and fit it to what the spec says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.parameters import Known
from jobc.compiler.link.agreement import check_agreement
from jobc.compiler.link.fields import config_field
from jobc.compiler.link.functions import bind_function, check_inputs_taken
from jobc.compiler.link.imports import called_target
from jobc.compiler.link.literals import literal_value
from jobc.compiler.link.names import keys_in_file
from jobc.compiler.link.reports import source_origin
from jobc.compiler.link.retries import retry_policy
from jobc.compiler.link.types import runtime_type
from jobc.runtime.config import Field, Shape
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.loading import spec_type
from jobc.runtime.definitions.names import valid_qualified_name
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction
from jobc.runtime.definitions.ports import NO_VALUE, DynamicOut, In, Out
from jobc.runtime.definitions.signature import UNRESOLVED, read_signature
from jobc.runtime.definitions.types import AnyType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.link.functions import Binding
    from jobc.compiler.link.imports import Importer
    from jobc.runtime.definitions.signature import Parameter, Signature
    from jobc.runtime.definitions.types import JobcType
    from jobc.schemas.ir import CompiledInput, CompiledJob, CompiledOp, CompiledOutput


def link_op(op: CompiledOp, job: CompiledJob, importer: Importer) -> OpDefinition:
    """Return the definition of an op.

    Raises `TargetError` for a target that cannot be imported, `SignatureError` or another `JobcError` for one
    that does not fit.
    """
    if op.kind != "python":
        from jobc.compiler.link.op_kinds import link_work

        return link_work(op, job, importer)
    target = importer.target(op.target)
    if isinstance(target, OpDefinition):
        return _adopt(op, target, importer)
    function = called_target(op.target, target)
    signature = read_signature(function)
    taken = None if op.inputs is None else _passed_on(op.inputs, signature)
    known = Known(
        taken,
        tuple(op.config),
        op.resources,
        job.resources,
        op.name,
    )
    binding = bind_function(op.name, signature, known)
    inputs = op.inputs or {}
    check_inputs_taken(op.name, signature, binding, taken or ())
    slots = binding.slots
    return OpDefinition.of(
        op.name,
        OpFunction(function, slots, signature.style, "plain", signature.has_var_keyword),
        linked_ins(inputs, binding, importer),
        linked_outs(op, signature, importer),
        config_field=_op_config(op, binding),
        required_resource_keys=frozenset((*op.resources, *binding.resources)),
        description=op.description,
        tags=op.tags,
        retry_policy=retry_policy(op.retry),
        code_version=op.code_version,
        timeout_s=op.timeout_s,
        origin=source_origin(op.origin),
    )


def _passed_on(inputs: Mapping[str, CompiledInput], signature: Signature) -> tuple[str, ...]:
    """Return the inputs that the function is given: one of type `nothing` only where a parameter asks."""
    parameters = {parameter.name for parameter in signature.parameters}
    return tuple(name for name, each in inputs.items() if each.type != "nothing" or name in parameters)


def _adopt(op: CompiledOp, target: OpDefinition, importer: Importer) -> OpDefinition:
    """Take over an `@op` function: it declares its own ports and config; the spec adds to it."""
    check_agreement(op, target, importer)
    return changed(
        target,
        name=valid_qualified_name("op", op.name),
        required_resource_keys=keys_in_file(op.name, target.required_resource_keys, op.resources)
        | frozenset(op.resources),
        description=op.description or target.description,
        tags={**target.tags, **op.tags},
        retry_policy=retry_policy(op.retry) or target.retry_policy,
        code_version=op.code_version or target.code_version,
        timeout_s=target.timeout_s if op.timeout_s is None else op.timeout_s,
        origin=source_origin(op.origin),
    )


def linked_ins(inputs: Mapping[str, CompiledInput], binding: Binding, importer: Importer) -> dict[str, In]:
    """Return the inputs that were declared or read from the text, and those only the import has shown."""
    names = dict.fromkeys((*inputs, *binding.inputs))
    return {name: _in(name, inputs.get(name), binding.inputs.get(name), importer) for name in names}


def _in(name: str, compiled: CompiledInput | None, parameter: Parameter | None, importer: Importer) -> In:
    annotation = NO_VALUE if parameter is None else parameter.annotation
    default = NO_VALUE if parameter is None else parameter.default
    text = None if compiled is None else compiled.type
    kind = _annotated(annotation) if text is None else runtime_type(text, importer)
    if compiled is not None and compiled.has_default:
        default = literal_value(kind or AnyType, compiled.default, f"default of input `{name}`")
    description = None if compiled is None else compiled.description
    return In(NO_VALUE if kind is None else kind, description, default)


def linked_outs(op: CompiledOp, signature: Signature, importer: Importer) -> dict[str, Out]:
    """Return the outputs; the type of one that is not declared is the function's own annotation."""
    return {output.name: _out(output, signature, importer) for output in op.outputs}


def _out(output: CompiledOutput, signature: Signature, importer: Importer) -> Out:
    if output.type is not None:
        kind: JobcType | None = runtime_type(output.type, importer)
    else:
        kind = _annotated(signature.result) if signature.style == "function" else None
    declare = DynamicOut if output.dynamic else Out
    return declare(
        NO_VALUE if kind is None else kind,
        output.description,
        output.required,
        output.io_manager,
        output.metadata,
        asset_key=output.asset or None,
    )


def _annotated(annotation: object) -> JobcType | None:
    if annotation is NO_VALUE or annotation is UNRESOLVED:
        return None
    return spec_type(annotation)


def _op_config(op: CompiledOp, binding: Binding) -> Field | None:
    """Return the config of an op; one that declares none and has no context takes none."""
    if op.config or any(slot.kind == "context" for slot in binding.slots):
        return config_field(op.config, {})
    return Field(Shape({}))
