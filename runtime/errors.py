"""The errors a user of the Jobs API may catch (SEMANTICS 22).

All but `CheckError`, `Failure` and `RetryRequested` are `JobcError`s. Every message names the thing at fault
and says what was expected.
"""

from __future__ import annotations

import builtins


class JobcError(Exception):
    """The base of what jobc raises for a user's mistake."""


class InvalidDefinitionError(JobcError):
    """A definition that cannot be: a name, wiring, a missing resource, a tag, an input nothing can feed."""


class InvalidConfigDefinitionError(JobcError):
    """A config schema that cannot be understood."""


class InvalidSubsetError(JobcError):
    """An op, asset or step selection that selects nothing or is not well formed.

    `clause` is the index of the clause at fault in the list that was given, `position` the 0-based offset in
    it; both are None where the whole is at fault.
    """

    def __init__(self, message: str, *, clause: int | None = None, position: int | None = None) -> None:
        super().__init__(message)
        self.clause = clause
        self.position = position


class ExecutionStepNotFoundError(JobcError):
    """A step selection that names steps the plan does not hold."""


class InvalidInvocationError(JobcError):
    """A call with wrong arguments: a missing input value, a bad range, one input given twice."""


class InvariantViolationError(JobcError):
    """Misuse at run time: an output that was not produced, a value of the wrong kind from an op."""


class ConfigMappingFunctionError(JobcError):
    """A user's config function raised; the cause is the user's exception."""


class StepOutputNotFoundError(JobcError):
    """An op ended without emitting a required output."""


class TypeCheckDidNotPass(JobcError):  # noqa: N818 - the field's own name
    """A value at an input or output is not of its declared type."""


class TypeCheckError(JobcError):
    """A user's type check function raised; the cause is the user's exception."""


class MaxRetriesExceededError(JobcError):
    """A step used up its retries; the cause chain ends in the user's exception."""


class ResourceFunctionError(JobcError):
    """A resource's function raised while opening; the cause is the user's exception."""


class UnknownResourceError(JobcError, AttributeError):
    """A resource was read that the reader did not declare."""


class UnknownPartitionError(JobcError):
    """A partition key that the definition does not have."""


class InvalidMetadata(JobcError):  # noqa: N818 - the field's own name
    """A metadata value of a type that cannot be stored."""


class ExecutionStepExecutionError(JobcError):
    """Where an op's body raised; the cause is the user's exception."""


class ExecutionHandleOutputError(JobcError):
    """Where an IO manager raised while it stored an output; the cause is its exception."""


class ExecutionLoadInputError(JobcError):
    """Where an IO manager raised while it loaded an input; the cause is its exception."""


class UnmetExecutorRequirementsError(JobcError):
    """A run asks of its executor what it cannot do: values or records that do not outlive a process."""


class SubprocessError(JobcError):
    """The process that carried out a step ended before the step did, or could not carry it out at all."""


class StepTimeoutError(SubprocessError, TimeoutError):
    """A step took longer than its `timeout_s` and its process was ended."""


class RunAlreadyExists(JobcError):  # noqa: N818 - the field's own name
    """A run id that the instance already knows."""


class ImportError(JobcError, builtins.ImportError):  # noqa: A001 - the field's own name
    """A module that a job is to be built from cannot be imported; the cause is what importing it raised."""


class InstanceError(JobcError):
    """The files of an instance cannot be used; `path` is the file or folder at fault."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message, path)
        self.path = path

    def __str__(self) -> str:
        return str(self.args[0])


class InstanceCorruptError(InstanceError):
    """The database of an instance is damaged, or is something else."""


class InstanceNewerError(InstanceError):
    """The database of an instance was written by a newer jobc."""


class InstanceReadOnlyError(InstanceError):
    """The folder or the database of an instance cannot be written."""


class InstanceBusyError(InstanceError):
    """Other processes kept the database of an instance locked for too long."""


class CheckError(Exception):
    """An argument of the library's own API broke its contract."""


class ParameterCheckError(CheckError):
    """An argument of the library's own API has the wrong type."""
