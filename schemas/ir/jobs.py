"""The IR of a job and of a file: everything a job needs, and nothing it does not."""

from __future__ import annotations

import re
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from jobc.schemas.ir.data import canonical_text, digest_of, each_to_data, masked
from jobc.schemas.ir.graphs import secret_data, without_secrets
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.schemas.diagnostics import Location
    from jobc.schemas.ir.data import Data
    from jobc.schemas.ir.graphs import CompiledGraph
    from jobc.schemas.ir.ops import CompiledExtra, CompiledHook, CompiledOp, CompiledResource, CompiledRetry
    from jobc.schemas.ir.ports import CompiledField

FORMAT = 1


@dataclass(frozen=True, slots=True)
class CompiledPartitionedConfig:
    """Run config that depends on the partition: a template, or the target of a function.

    Texts of `config` and `tags` may hold `${partition.…}`; a literal `${` in them is written `$${`.
    """

    partitions: str
    config: Data
    target: str | None
    tags: Mapping[str, Data]

    def to_data(self) -> Data:
        """Return the config as plain data."""
        return {
            "partitions": self.partitions,
            "config": self.config,
            "target": self.target,
            "tags": dict(self.tags),
        }


@dataclass(frozen=True, slots=True)
class CompiledConfigMapping:
    """Run config made from a few parameters: by a template, or by the target of a function.

    Texts of `config` may hold `${params.…}` and `${env.…}`; a literal `${` in them is written `$${`.
    """

    params: Mapping[str, CompiledField]
    config: Data
    target: str | None

    def to_data(self) -> Data:
        """Return the mapping as plain data."""
        return {"params": each_to_data(self.params), "config": self.config, "target": self.target}


class _Digested:
    """A part of the IR that is known by its digest; it has no slots, so that it can remember that."""

    def to_data(self) -> Data:
        raise NotImplementedError

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the canonical text."""
        return digest_of(self.to_data())


@dataclass(frozen=True, slots=True)
class CompiledJob(_Digested):
    """A job with all it needs: the graphs and ops it reaches, and its resources by key.

    `selects` are queries that cut the job down, applied in turn, each a list of clauses; `selections` are
    those that `@name` may name. `partition_kinds` holds the partitions the job needs, by name: their kind and
    its options. `secrets` are the paths of secrets in `config`. `hook_defs` are the hooks of the job and its
    nodes, by name; `hooks` are the names of those for every node. `inputs` are values of the graph's inputs,
    of which those named in `secret_inputs` are secret. `executor` is None for the default. `loggers` are
    those switched on; none stands for the default. `version_strategy` is `source` or a target.
    """

    name: str
    description: str | None
    python_path: tuple[str, ...]
    graph: str
    graphs: Mapping[str, CompiledGraph]
    ops: Mapping[str, CompiledOp]
    resources: Mapping[str, CompiledResource]
    config: Mapping[str, Data]
    tags: Mapping[str, str]
    selects: tuple[tuple[str, ...], ...] = ()
    selections: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    partitions: str | None = None
    partitioned_config: CompiledPartitionedConfig | None = None
    partition_kinds: Mapping[str, tuple[str, Data]] = field(default_factory=dict[str, tuple[str, "Data"]])
    secrets: frozenset[tuple[str, ...]] = frozenset()
    origin: Location | None = field(default=None, compare=False)
    config_mapping: CompiledConfigMapping | None = None
    inputs: Mapping[str, Data] = field(default_factory=dict[str, "Data"])
    secret_inputs: frozenset[str] = frozenset()
    hook_defs: Mapping[str, CompiledHook] = field(default_factory=dict[str, "CompiledHook"])
    hooks: tuple[str, ...] = ()
    loggers: Mapping[str, CompiledExtra] = field(default_factory=dict[str, "CompiledExtra"])
    executor: CompiledExtra | None = None
    retry: CompiledRetry | None = None
    version_strategy: str | None = None
    metadata: Mapping[str, Data] = field(default_factory=dict[str, "Data"])

    def to_data(self) -> Data:
        """Return the job as plain data: what the digest is taken of."""
        return {
            "format": FORMAT,
            "name": self.name,
            "description": self.description,
            "python_path": list(self.python_path),
            "graph": self.graph,
            "graphs": each_to_data(self.graphs),
            "ops": each_to_data(self.ops),
            "resources": each_to_data(self.resources),
            "tags": dict(self.tags),
            "metadata": dict(self.metadata),
            "selects": [list(clauses) for clauses in self.selects],
            "selections": {name: list(self.selections[name]) for name in self._named_selections()},
            "partitions": self.partitions,
            "partition_kinds": {name: {kind: data} for name, (kind, data) in self.partition_kinds.items()},
            **self._config_data(),
            **self._run_data(),
        }

    def _config_data(self) -> dict[str, Data]:
        """Return what gives the run its config and inputs."""
        return {
            "config": without_secrets(dict(self.config), self.secrets),
            "secrets": secret_data(self.secrets),
            "config_mapping": self.config_mapping.to_data() if self.config_mapping else None,
            "partitioned_config": self.partitioned_config.to_data() if self.partitioned_config else None,
            "inputs": {
                name: masked(value) if name in self.secret_inputs else value
                for name, value in self.inputs.items()
            },
            "secret_inputs": [*sorted(self.secret_inputs)],
        }

    def _run_data(self) -> dict[str, Data]:
        """Return what says how the job is run."""
        return {
            "hook_defs": each_to_data(self.hook_defs),
            "hooks": list(self.hooks),
            "loggers": each_to_data(self.loggers),
            "executor": self.executor.to_data() if self.executor else None,
            "retry": self.retry.to_data() if self.retry else None,
            "version_strategy": self.version_strategy,
        }

    def _named_selections(self) -> list[str]:
        """Return the selections that the job's own queries name, directly or through others."""
        found: dict[str, None] = {}
        waiting = [clause for clauses in self.selects for clause in clauses]
        while waiting:
            for name in re.findall(r"@(\w+(?:\.\w+)*)", waiting.pop()):
                if name in self.selections and name not in found:
                    found[name] = None
                    waiting += self.selections[name]
        return list(found)


@dataclass(frozen=True, slots=True)
class CompiledSpec(_Digested):
    """A compiled spec file: its jobs by name."""

    jobs: Mapping[str, CompiledJob]

    def to_data(self) -> Data:
        """Return the spec as plain data."""
        return {"format": FORMAT, "jobs": each_to_data(self.jobs)}

    def to_json(self) -> str:
        """Return the canonical text, with a line's end."""
        return canonical_text(self.to_data()) + "\n"
