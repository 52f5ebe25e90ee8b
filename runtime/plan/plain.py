"""Which steps take the engine's short path: those that are a call and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.plan.steps import (
    Argument,
    FromConfig,
    FromConstant,
    FromRunInput,
    FromStep,
    Ordering,
    PlainCall,
    Step,
    StepInput,
    StepOutput,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.types import JobcType

_DEFAULT_MANAGER = "io_manager"


def plain_call(
    op: OpDefinition,
    inputs: Sequence[StepInput],
    outputs: Sequence[StepOutput],
    arguments: Sequence[Argument],
    steps: Sequence[Step],
) -> PlainCall | None:
    """Return what the short path needs of an op outside any axis and without hooks; None if it may not.

    `steps` are the steps before it.
    """
    function = op.function
    if function.style != "function" or function.extra_keywords or function.config_model is not None:
        return None
    if len(outputs) != 1 or not _is_plain_output(outputs[0]):
        return None
    if not all(_is_plain_input(port, steps) for port in inputs):
        return None
    reads: list[int] = []
    checks: list[tuple[int, Callable[[object], bool]]] = []
    takes_context = bool(arguments) and arguments[0].kind == "context"
    for argument in arguments[1:] if takes_context else arguments:
        if argument.keyword is not None or argument.kind == "context":
            return None
        if argument.kind == "input":
            accepts = inputs[argument.place].type.accepts
            if accepts is not None:
                checks.append((len(reads), accepts))
            reads.append(_slot_of(inputs[argument.place]))
        else:
            reads.append(argument.place)
    return PlainCall(
        function.function,
        takes_context,
        tuple(reads),
        tuple(checks),
        outputs[0].slot,
        outputs[0].type.accepts,
    )


def _is_plain_output(output: StepOutput) -> bool:
    has_more = output.dynamic or output.asset_key is not None  # it has more events than one can stand for
    return not has_more and output.manager_key == _DEFAULT_MANAGER and _is_fast(output.type)


def _is_plain_input(port: StepInput, steps: Sequence[Step]) -> bool:
    if port.manager_key is not None or not _is_fast(port.type):
        return False
    source = port.source
    if isinstance(source, FromStep):
        return (
            not source.per_key and steps[source.step].outputs[source.output].manager_key == _DEFAULT_MANAGER
        )
    return isinstance(source, FromRunInput | FromConfig | FromConstant | Ordering)


def _is_fast(type_: JobcType) -> bool:
    return type_.accepts is not None or not type_.is_checked


def _slot_of(port: StepInput) -> int:
    source = port.source
    assert isinstance(source, FromStep | FromRunInput | FromConfig | FromConstant)
    return source.slot
