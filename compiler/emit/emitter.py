"""Phase 5: lower a checked program to IR. A failure here is a mistake of ours, never of the author's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.input_types import InputTypes
from jobc.compiler.bind.program import own
from jobc.compiler.bind.reach import reach
from jobc.compiler.bind.secrets import secrets_in_config
from jobc.compiler.emit.extras import emit_executor, emit_hook, emit_loggers, emit_mapping
from jobc.compiler.emit.graphs import emit_graph, emit_job_inputs, secret_inputs
from jobc.compiler.emit.ops import emit_op, emit_resource, emit_retry
from jobc.compiler.emit.python_path import python_path
from jobc.schemas.ir import CompiledJob, CompiledPartitionedConfig, CompiledSpec

if TYPE_CHECKING:
    from jobc.compiler.bind.program import JobSymbol, Program
    from jobc.compiler.bind.reach import Reached
    from jobc.schemas.ir import Data


def emit(program: Program) -> CompiledSpec:
    """Return the IR of every job of a program that has no errors."""
    jobs = sorted(own(program.jobs), key=lambda job: job.name)
    return CompiledSpec({job.name: emit_job(program, job) for job in jobs})


def emit_job(program: Program, job: JobSymbol) -> CompiledJob:
    """Return the IR of one job: itself and what it reaches."""
    reached = reach(program, job)
    assert job.graph is not None
    types = InputTypes(program)
    served = {**reached.resources, **reached.spare}
    resources = {key: resource for key, resource in served.items() if resource is not None}
    return CompiledJob(
        name=job.name,
        description=job.description or reached.graphs[job.graph].description,
        python_path=python_path(program, _used(job, reached)),
        graph=job.graph,
        graphs={name: emit_graph(program, types, graph) for name, graph in reached.graphs.items()},
        ops={name: emit_op(program, op) for name, op in reached.ops.items()},
        resources={key: emit_resource(program, resource) for key, resource in resources.items()},
        config=job.config,
        tags=job.tags,
        selects=tuple(select.clauses for select in job.selects),
        selections=program.selections,
        partitions=job.partitions,
        partitioned_config=_partitioned_config(program, job),
        partition_kinds=_partition_kinds(program, job),
        secrets=frozenset(secrets_in_config(program, job, reached)),
        config_mapping=emit_mapping(program, job),
        hook_defs={name: emit_hook(program, hook) for name, hook in reached.hooks.items()},
        hooks=job.options.hooks,
        loggers=emit_loggers(program, job),
        executor=emit_executor(program, job),
        retry=None if job.options.retry is None else emit_retry(job.options.retry),
        version_strategy=job.options.version_strategy,
        metadata=job.options.metadata,
        inputs=emit_job_inputs(job),
        secret_inputs=secret_inputs(types, job),
        origin=program.document.locate_key(job.path),
    )


def _used(job: JobSymbol, reached: Reached) -> set[str]:
    """Return the names of everything of which a job may import code."""
    options = job.options
    named = (job.partitioned_config, options.config_mapping, options.executor, *options.loggers)
    resources = (*reached.resources.values(), *reached.spare.values())
    return {
        *filter(None, named),
        *reached.graphs,
        *reached.ops,
        *reached.hooks,
        *(each.name for each in resources if each is not None),
    }


def _partitioned_config(program: Program, job: JobSymbol) -> CompiledPartitionedConfig | None:
    if job.partitioned_config is None:
        return None
    config = program.partitioned_configs[job.partitioned_config]
    target = None if config.target is None else str(config.target)
    return CompiledPartitionedConfig(config.partitions, config.config, target, config.tags)


def _partition_kinds(program: Program, job: JobSymbol) -> dict[str, tuple[str, Data]]:
    """Return the partitions of a job, and those that they join."""
    waiting = [job.partitions] if job.partitions else []
    if job.partitioned_config is not None:
        waiting = [program.partitioned_configs[job.partitioned_config].partitions]
    found: dict[str, tuple[str, Data]] = {}
    while waiting:
        symbol = program.partitions[waiting.pop()]
        assert symbol.kind is not None
        found[symbol.name] = (symbol.kind, symbol.options)
        if symbol.kind == "multi" and isinstance(symbol.options, dict):
            waiting += [str(name) for name in symbol.options.values()]
    return found
