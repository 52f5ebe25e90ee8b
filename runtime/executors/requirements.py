"""What a run needs so that its steps can be carried out in other processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.definitions.builtin_io import is_memory_io_manager
from jobc.runtime.errors import UnmetExecutorRequirementsError
from jobc.runtime.plan.plan import build_plan

if TYPE_CHECKING:
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.storage.instance import Instance


def check_durable(job: JobDefinition, instance: Instance, executor: str) -> None:
    """Refuse an instance or outputs that other processes cannot see.

    Errors: `UnmetExecutorRequirementsError`.
    """
    if instance.folder is None:
        raise UnmetExecutorRequirementsError(
            f"the `{executor}` executor cannot run job `{job.name}` with an ephemeral instance, which other "
            "processes cannot see: give one that was opened in a folder, with `Instance.open(...)`"
        )
    for step in build_plan(job).steps:
        for output in step.outputs:
            manager = job.resource_defs.get(output.manager_key)
            if manager is not None and is_memory_io_manager(manager) and not output.type.is_nothing:
                raise UnmetExecutorRequirementsError(
                    f"the `{executor}` executor cannot run job `{job.name}`: the output `{output.name}` of "
                    f"`{step.key}` is kept in memory by its IO manager `{output.manager_key}`, where other "
                    "processes cannot read it; use one that stores values, such as `fs_io_manager`"
                )
