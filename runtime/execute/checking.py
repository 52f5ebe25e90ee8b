"""Type checks at the doors of a step (SEMANTICS 9)."""

from __future__ import annotations

from jobc.runtime.definitions.types import JobcType, TypeCheck
from jobc.runtime.execute.contexts import op_context
from jobc.runtime.execute.state import Attempt, Phase


def check_value(attempt: Attempt, type_: JobcType, value: object) -> TypeCheck | None:
    """Return what there is to say about a value and its type; None when it simply fits.

    Errors: what the type's own check raises; `InvariantViolationError` if it answers neither bool nor
    TypeCheck.
    """
    accepts = type_.accepts
    if accepts is None and type_.type_check_fn is None:
        return None
    attempt.phase = Phase.CHECKING
    verdict = accepts(value) if accepts is not None else type_.check(value, op_context(attempt))
    attempt.phase = Phase.ENGINE
    if isinstance(verdict, TypeCheck):
        return verdict
    return None if verdict else TypeCheck(False)


def refusal(type_: JobcType, value: object, check: TypeCheck) -> str:
    """Say what was expected and what came, without showing the value, which may be secret or large."""
    said = f": {check.description}" if check.description else ""
    return f"`{type_.name}`, but it is of type `{_class_name(value)}`{said}"


def _class_name(value: object) -> str:
    return "None" if value is None else type(value).__name__
