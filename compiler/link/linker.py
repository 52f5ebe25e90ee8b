"""Phase 6: from IR to definitions. The author's code is imported and has to fit what was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from jobc.compiler.bind.partition_types import definitions_by_name
from jobc.compiler.link.functions import SignatureError
from jobc.compiler.link.graphs import link_graph
from jobc.compiler.link.imports import Importer, TargetError
from jobc.compiler.link.ops import link_op
from jobc.compiler.link.reports import cannot_import, does_not_fit, refused
from jobc.compiler.link.resources import link_resource
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.origin import JobOrigin
from jobc.runtime.errors import JobcError
from jobc.runtime.selection import selected_job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jobc.runtime.partitions import PartitionedConfig, PartitionsDefinition
    from jobc.schemas.diagnostics import Diagnostic
    from jobc.schemas.ir import CompiledJob, CompiledOp, CompiledResource, Data

Compiled = TypeVar("Compiled", "CompiledOp", "CompiledResource")
Definition = TypeVar("Definition")


class Linked(NamedTuple):
    """The outcome of phase 6; `job` is None when a target is missing or does not fit."""

    job: JobDefinition | None
    diagnostics: tuple[Diagnostic, ...]


def link_job(job: CompiledJob, path: Path) -> Linked:
    """Link one job of the spec file at `path`; every target that cannot be linked is reported."""
    importer = Importer([(path.parent / entry).resolve() for entry in job.python_path])
    found: list[Diagnostic] = []
    ops = _link_each(job.ops, lambda op: link_op(op, job, importer), found)
    resources = _link_each(job.resources, lambda each: link_resource(each, job, importer), found)
    if found:
        return Linked(None, tuple(found))
    origin = JobOrigin(str(path), job.name, digest=job.digest)
    try:
        definition = JobDefinition(
            graph_def=link_graph(job, ops),
            name=job.name,
            description=job.description,
            resource_defs=resources,
            config=_config(job, importer),
            partitions_def=_partitions(job),
            tags=job.tags,
            origin=origin,
        )
        definition = changed(definition, selections=job.selections)
        for clauses in job.selects:
            definition = selected_job(definition, list(clauses))
    except (SignatureError, TargetError, JobcError) as error:
        return Linked(None, (refused(job, path, error),))
    return Linked(definition, ())


def _partitions(job: CompiledJob) -> PartitionsDefinition | None:
    if job.partitions is None:
        return None
    return definitions_by_name(job.partition_kinds)[job.partitions]


def _config(job: CompiledJob, importer: Importer) -> PartitionedConfig | dict[str, Data] | None:
    """Return the default config of a job, or what makes config for each partition."""
    compiled = job.partitioned_config
    if compiled is None:
        return dict(job.config) or None
    from jobc.compiler.link.partition_config import partitioned_config

    partitions = definitions_by_name(job.partition_kinds)[compiled.partitions]
    return partitioned_config(compiled, partitions, importer)


def _link_each(
    compiled: Mapping[str, Compiled],
    link: Callable[[Compiled], Definition],
    found: list[Diagnostic],
) -> dict[str, Definition]:
    linked = {}
    for name, each in compiled.items():
        try:
            linked[name] = link(each)
        except TargetError as error:
            found.append(cannot_import(each, error))
        except (SignatureError, JobcError) as error:
            found.append(does_not_fit(each, error))
    return linked
