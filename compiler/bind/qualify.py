"""Qualify the symbols of an imported file: the names by which the importing file knows them.

A definition `clean` of a file that is imported as `eu` is `eu.clean`, and whatever its symbols name is named
likewise, so that the tables of both files can stand side by side. Paths stay those of the imported file. The
resource key `io_manager` stays, too: it is the job's, whoever wrote the op.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

from jobc.compiler.bind.extra_symbols import Extras

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from jobc.compiler.bind.extra_symbols import ConfigMappingSymbol, ExtraSymbol, HookSymbol, JobOptions
    from jobc.compiler.bind.program import (
        GraphSymbol,
        JobSymbol,
        NodeSymbol,
        OpSymbol,
        OutputSymbol,
        PartitionedConfigSymbol,
        PartitionsSymbol,
        Program,
        ResourceSymbol,
        SelectSymbol,
    )
    from jobc.schemas.ir import Data

T = TypeVar("T")

JOB_KEY = "io_manager"
"""The resource key that belongs to the job alone."""

# Sections of run config whose keys are names of the file.
_NAMED_SECTIONS = ("resources", "loggers")
_SELECTION = re.compile(r"@(?=\w)")


@dataclass(frozen=True, slots=True)
class Tables:
    """Symbols by qualified name."""

    ops: Mapping[str, OpSymbol]
    graphs: Mapping[str, GraphSymbol]
    resources: Mapping[str, ResourceSymbol]
    jobs: Mapping[str, JobSymbol]
    partitions: Mapping[str, PartitionsSymbol]
    partitioned_configs: Mapping[str, PartitionedConfigSymbol]
    extras: Extras
    selections: Mapping[str, tuple[str, ...]]


def qualified(program: Program, name: str) -> Tables:
    """Return all symbols of a program, those of its own imports included, as an import of this name."""
    names = _Names(f"{name}.", program.extras)
    extras = program.extras
    return Tables(
        names.table(program.ops, names.op),
        names.table(program.graphs, names.graph),
        names.table(program.resources, names.resource),
        names.table(program.jobs, lambda job: names.job(job, program.resources)),
        names.table(program.partitions, names.partitions),
        names.table(program.partitioned_configs, names.partitioned_config),
        Extras(
            hooks=names.table(extras.hooks, names.hook),
            loggers=names.table(extras.loggers, names.extra),
            executors=names.table(extras.executors, names.extra),
            config_mappings=names.table(extras.config_mappings, names.config_mapping),
        ),
        {names.name(key): names.clauses(clauses) for key, clauses in program.selections.items()},
    )


class _Names:
    """Puts a prefix before names."""

    def __init__(self, prefix: str, extras: Extras) -> None:
        self._prefix = prefix
        self._extras = extras

    def table(self, symbols: Mapping[str, T], change: Callable[[T], T]) -> dict[str, T]:
        return {self.name(name): change(symbol) for name, symbol in symbols.items()}

    def name(self, name: str) -> str:
        return self._prefix + name

    def optional(self, name: str | None) -> str | None:
        return None if name is None else self.name(name)

    def key(self, key: str) -> str:
        return key if key == JOB_KEY else self.name(key)

    def keys(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.key(key) for key in keys)

    def op(self, op: OpSymbol) -> OpSymbol:
        outputs = tuple(map(self._output, op.outputs)) if op.io_managers else op.outputs
        return replace(op, name=self.name(op.name), resources=self.keys(op.resources), outputs=outputs)

    def _output(self, output: OutputSymbol) -> OutputSymbol:
        if output.io_manager is None:
            return output
        return replace(output, io_manager=self.key(output.io_manager))

    def graph(self, graph: GraphSymbol) -> GraphSymbol:
        return replace(graph, name=self.name(graph.name), nodes=tuple(map(self._node, graph.nodes)))

    def _node(self, node: NodeSymbol) -> NodeSymbol:
        options = node.options
        if options.hooks:
            options = replace(options, hooks=tuple(map(self.name, options.hooks)))
        return replace(node, definition=self.optional(node.definition), options=options)

    def resource(self, resource: ResourceSymbol) -> ResourceSymbol:
        return replace(resource, name=self.name(resource.name), resources=self.keys(resource.resources))

    def job(self, job: JobSymbol, known: Mapping[str, ResourceSymbol]) -> JobSymbol:
        """Qualify a job; the file's own `io_manager`, which it has by that name alone, is now said."""
        resources = {self.key(key): self.name(name) for key, name in job.resources.items()}
        if JOB_KEY in known:
            resources.setdefault(JOB_KEY, self.name(JOB_KEY))
        return replace(
            job,
            name=self.name(job.name),
            graph=self.optional(job.graph),
            config=self.config(job.config),
            resources=resources,
            selects=tuple(map(self._select, job.selects)),
            partitions=self.optional(job.partitions),
            partitioned_config=self.optional(job.partitioned_config),
            options=self._options(job.options),
        )

    def _select(self, select: SelectSymbol) -> SelectSymbol:
        return replace(select, clauses=self.clauses(select.clauses), job=self.name(select.job))

    def _options(self, options: JobOptions) -> JobOptions:
        return replace(
            options,
            executor=self._defined(options.executor, self._extras.executors),
            loggers=tuple(self._defined(name, self._extras.loggers) for name in options.loggers),
            hooks=tuple(map(self.name, options.hooks)),
            config_mapping=self.optional(options.config_mapping),
        )

    def _defined(self, name: T, known: Mapping[str, ExtraSymbol]) -> T:
        """Qualify the name of what the file defines; one that jobc brings stays as it is."""
        return self.name(name) if isinstance(name, str) and name in known else name  # type: ignore[return-value]

    def config(self, config: Mapping[str, Data]) -> dict[str, Data]:
        """Qualify the keys of run config that are names of the file."""
        changed = dict(config)
        for section in _NAMED_SECTIONS:
            entries = config.get(section)
            if isinstance(entries, dict):
                changed[section] = {self.key(key): value for key, value in entries.items()}
        return changed

    def clauses(self, clauses: Iterable[str]) -> tuple[str, ...]:
        return tuple(_SELECTION.sub(f"@{self._prefix}", clause) for clause in clauses)

    def partitions(self, partitions: PartitionsSymbol) -> PartitionsSymbol:
        options = partitions.options
        if partitions.kind == "multi" and isinstance(options, dict):
            options = {dimension: self.name(str(other)) for dimension, other in options.items()}
        return replace(partitions, name=self.name(partitions.name), options=options)

    def partitioned_config(self, config: PartitionedConfigSymbol) -> PartitionedConfigSymbol:
        return replace(
            config,
            name=self.name(config.name),
            partitions=self.name(config.partitions),
            config=self.config(config.config) if isinstance(config.config, dict) else config.config,
        )

    def hook(self, hook: HookSymbol) -> HookSymbol:
        return replace(hook, name=self.name(hook.name), resources=self.keys(hook.resources))

    def extra(self, extra: ExtraSymbol) -> ExtraSymbol:
        return replace(extra, name=self.name(extra.name))

    def config_mapping(self, mapping: ConfigMappingSymbol) -> ConfigMappingSymbol:
        template = mapping.config
        return replace(
            mapping,
            name=self.name(mapping.name),
            config=self.config(template) if isinstance(template, dict) else template,
        )


def joined_extras(extras: Sequence[Extras]) -> Extras:
    """Return the extras of several files in one."""
    return Extras(
        **{
            each.name: {name: symbol for part in extras for name, symbol in getattr(part, each.name).items()}
            for each in fields(Extras)
        }
    )
