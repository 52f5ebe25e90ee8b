"""Bind what a job says of how it is run: its executor, loggers, hooks, retry policy, versions, metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.extra_symbols import JobOptions
from jobc.compiler.bind.extras import unknown_extra, unknown_hooks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.diagnostics import Diagnostic
    from jobc.schemas.spec import JobSpec


def bind_job_options(
    document: Document,
    variables: Variables,
    path: Path,
    spec: JobSpec,
    base: JobOptions | None,
    found: list[Diagnostic],
) -> JobOptions:
    """Return the options of the job at `path`, over those of the job it is derived from.

    What a job gives itself takes the place of what the other has; metadata is laid over it key by key. Names
    that are not known are added to `found`.
    """
    found += _unknown_names(document, path, spec)
    base = base or JobOptions()
    given = spec.model_fields_set
    metadata = variables.fold_mapping((*path, "metadata"), spec.metadata)
    has_config = bool({"config", "config_mapping", "partitions", "partitioned_config"} & given)
    return JobOptions(
        spec.executor or base.executor,
        tuple(dict.fromkeys(spec.loggers)) if "loggers" in given else base.loggers,
        tuple(dict.fromkeys(spec.hooks)) if "hooks" in given else base.hooks,
        spec.retry or base.retry,
        _strategy(document, path, spec) or base.version_strategy,
        spec.config_mapping if has_config else base.config_mapping,
        {**base.metadata, **metadata},
    )


def _unknown_names(document: Document, path: Path, spec: JobSpec) -> Iterator[Diagnostic]:
    yield from unknown_hooks(document, (*path, "hooks"), spec.hooks)
    for index, name in enumerate(spec.loggers):
        yield from unknown_extra(document, (*path, "loggers", index), "loggers", name)
    if spec.executor is not None:
        yield from unknown_extra(document, (*path, "executor"), "executors", spec.executor)
    if spec.config_mapping is not None:
        yield from unknown_extra(document, (*path, "config_mapping"), "config_mappings", spec.config_mapping)


def _strategy(document: Document, path: Path, spec: JobSpec) -> str | None:
    """Return the version strategy of a job: `source`, or the text of a target."""
    if spec.version_strategy is None or isinstance(spec.version_strategy, str):
        return spec.version_strategy
    target = document.targets.get((*path, "version_strategy", "python"))
    return None if target is None else str(target)
