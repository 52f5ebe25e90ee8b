"""A job as a pointer: what executors hand to other processes, which build the job from it (SEMANTICS 21)."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.reconstruct.pointers import Pointer, SpecPointer, pointer_as_dict, pointer_of_dict
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobc.runtime.definitions.job import JobDefinition


@dataclass(frozen=True, slots=True)
class ReconstructableJob:
    """A job that other processes can build: a pointer to it, and the job itself once it was asked for.

    Two are equal if they point to the same. Pickling keeps the pointer alone.
    """

    pointer: Pointer
    job_name: str
    _definition: JobDefinition | None = field(default=None, compare=False, repr=False)

    def get_definition(self) -> JobDefinition:
        """Return the job, built the first time.

        Errors: `ImportError` for a module that cannot be imported; `InvariantViolationError` for a target
        that is gone, gives no job or another one, and for a spec that has changed; what a spec's mistakes
        or the target itself raise.
        """
        if self._definition is None:
            object.__setattr__(self, "_definition", self._built())
        assert self._definition is not None
        return self._definition

    def to_dict(self) -> dict[str, object]:
        """Return the pointer as a dictionary of nothing but what JSON holds, with a version."""
        return {**pointer_as_dict(self.pointer), "job_name": self.job_name}

    @classmethod
    def from_dict(cls, form: Mapping[str, object]) -> ReconstructableJob:
        """Return what a dictionary of `to_dict` stands for; nothing is built yet.

        Errors: `InvariantViolationError` for a dictionary of another version, or of no such form.
        """
        pointer = pointer_of_dict(form)
        name = form.get("job_name")
        if not isinstance(name, str):
            raise InvariantViolationError("the job pointer has no `job_name`")
        return cls(pointer, name)

    def __reduce__(self) -> tuple[Callable[..., ReconstructableJob], tuple[dict[str, object]]]:
        return ReconstructableJob.from_dict, (self.to_dict(),)

    def _built(self) -> JobDefinition:
        if isinstance(self.pointer, SpecPointer):
            from jobc.runtime.reconstruct.specs import job_of_spec

            return job_of_spec(self.pointer)
        from jobc.runtime.reconstruct.python_targets import job_of_python

        job = job_of_python(self.pointer)
        if job.name != self.job_name:
            raise InvariantViolationError(
                f"{self.pointer.described} gives the job `{job.name}` now, and gave `{self.job_name}` when "
                "the pointer was made: it has to give the same job whenever it is called"
            )
        return job
