"""Phase 6: from IR to definitions. The author's code is imported and has to fit what was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from jobc.compiler.link.extras import link_executor, link_hook, link_logger
from jobc.compiler.link.functions import SignatureError
from jobc.compiler.link.graphs import link_graph, link_inputs
from jobc.compiler.link.imports import Importer, TargetError
from jobc.compiler.link.ops import link_op
from jobc.compiler.link.reports import (
    broken_job,
    cannot_import,
    does_not_fit,
    lost_secrets,
    placed,
    refused,
)
from jobc.compiler.link.resources import link_resource
from jobc.compiler.link.retries import retry_policy
from jobc.runtime.config.late import late_value
from jobc.runtime.config.overlay import entry_of
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.origin import JobOrigin
from jobc.runtime.definitions.versioning import version_strategy_of
from jobc.runtime.errors import JobcError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from jobc.runtime.definitions.config_mapping import ConfigMapping
    from jobc.runtime.definitions.versioning import VersionStrategy
    from jobc.runtime.partitions import PartitionedConfig, PartitionsDefinition
    from jobc.schemas.diagnostics import Diagnostic
    from jobc.schemas.ir import CompiledExtra, CompiledHook, CompiledJob, CompiledOp, CompiledResource

Compiled = TypeVar("Compiled", "CompiledOp", "CompiledResource", "CompiledHook", "CompiledExtra")
Definition = TypeVar("Definition")


class Linked(NamedTuple):
    """The outcome of phase 6; `job` is None when a target is missing or does not fit."""

    job: JobDefinition | None
    diagnostics: tuple[Diagnostic, ...]


def link_job(job: CompiledJob, path: Path, folder: Path | None = None) -> Linked:
    """Link one job of the file at `path`; every target that cannot be linked is reported.

    `folder` is where the job's paths start from, by default the file's. A job that was read back from a file
    may have been changed there: that it does not hold together is a mistake of the file.
    """
    try:
        return _linked(job, path, folder)
    except (AssertionError, LookupError, RecursionError, TypeError, ValueError):
        if job.origin is not None:
            raise
        return Linked(None, (broken_job(job, path),))


def _linked(job: CompiledJob, path: Path, folder: Path | None) -> Linked:
    importer = Importer([((folder or path.parent) / entry).resolve() for entry in job.python_path])
    found: list[Diagnostic] = list(lost_secrets(job, path))
    ops = _link_each(job.ops, lambda op: link_op(op, job, importer), found)
    resources = _link_each(job.resources, lambda each: link_resource(each, job, importer), found)
    hooks = _link_each(job.hook_defs, lambda each: link_hook(each, importer), found)
    loggers = _link_each(job.loggers, lambda each: link_logger(each, importer), found)
    executors = {} if job.executor is None else {job.executor.name: job.executor}
    executor = _link_each(executors, lambda each: link_executor(each, importer), found)
    if found:
        return Linked(None, tuple(placed(each, path) for each in found))
    elsewhere = None if folder is None or folder == path.parent else str(folder)
    origin = JobOrigin(str(path), job.name, digest=job.digest, folder=elsewhere)
    try:
        graph = link_graph(job, ops, hooks)
        definition = JobDefinition(
            graph_def=graph,
            input_values=link_inputs(job, graph),
            name=job.name,
            description=job.description,
            resource_defs=resources,
            config=_config(job, importer),
            partitions_def=_partitions(job),
            tags=job.tags,
            metadata=job.metadata,
            hook_defs={hooks[name] for name in job.hooks},
            logger_defs=loggers or None,
            executor_def=next(iter(executor.values()), None),
            op_retry_policy=retry_policy(job.retry),
            version_strategy=_version_strategy(job, path, importer),
            origin=origin,
        )
        definition = changed(definition, selections=job.selections)
        for clauses in job.selects:
            definition = _cut_down(definition, clauses)
    except (SignatureError, TargetError, JobcError) as error:
        return Linked(None, (refused(job, path, error),))
    return Linked(definition, ())


def _cut_down(definition: JobDefinition, clauses: Sequence[str]) -> JobDefinition:
    from jobc.runtime.selection import selected_job

    return selected_job(definition, list(clauses))


def _partitions(job: CompiledJob) -> PartitionsDefinition | None:
    if job.partitions is None:
        return None
    from jobc.compiler.bind.partition_types import definitions_by_name

    return definitions_by_name(job.partition_kinds)[job.partitions]


def _version_strategy(job: CompiledJob, path: Path, importer: Importer) -> VersionStrategy | None:
    """Return the version strategy of a job; a target is a strategy, or a class of them."""
    named = job.version_strategy
    if named is None:
        return None
    value = named if named == "source" else importer.target(named)
    return version_strategy_of(value, f"job `{job.name}` of `{path}`")


def _config(
    job: CompiledJob, importer: Importer
) -> PartitionedConfig | ConfigMapping | Mapping[str, object] | None:
    """Return the default config of a job, or what makes config from parameters or for each partition."""
    compiled = job.partitioned_config
    if job.config_mapping is not None:
        from jobc.compiler.link.config_mappings import config_mapping

        return config_mapping(job.config_mapping, importer)
    if compiled is None:
        return entry_of(late_value(dict(job.config))) or None
    from jobc.compiler.bind.partition_types import definitions_by_name
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
