"""From the run config that a caller writes to what each part of a run sees (SEMANTICS 3, 5, 8).

First the config mapping or default config of the job is applied, which gives a config of the standard layout.
That is processed as a whole, so that all its problems are reported together. Then the nodes are walked: what
is baked into a definition, and what a graph's own config mapping returns, is made and processed in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from jobc.runtime.config import (
    Field,
    InvalidConfigError,
    RunConfig,
    Shape,
    process_or_raise,
    validate,
    validate_or_raise,
)
from jobc.runtime.config.late import is_late, resolved
from jobc.runtime.config.places import ROOT
from jobc.runtime.config.reading import Resolving
from jobc.runtime.definitions.checks import describe
from jobc.runtime.definitions.config_mapping import ConfigMapping
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.run_config_schema import ANYTHING, mapping_field, nodes_shape, run_config_shape
from jobc.runtime.definitions.unresolved import checked_input_values
from jobc.runtime.errors import CheckError, ConfigMappingFunctionError, ParameterCheckError
from jobc.schemas.paths import value_at
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.definitions.configured import Baked
    from jobc.runtime.definitions.executor import ExecutorDefinition
    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.job import JobDefinition

Environment = Mapping[str, str] | None
Written = Mapping[str, Any]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpConfig:
    """What config says of one node: its processed config (None if none) and values of inputs, by name."""

    config: object
    inputs: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ResolvedConfig:
    """The processed run config of one run.

    `ops`: by the path of a node, of those nodes only that config says something of. `resources` and
    `loggers`: the config of each by its key; loggers only those named. `execution`: the config of the
    executor. `inputs`: the values of top-level inputs; one that is absent has none.
    """

    ops: Mapping[Path, OpConfig]
    resources: Mapping[str, object]
    loggers: Mapping[str, object]
    execution: object
    inputs: Mapping[str, object]


def resolve_run_config(
    job: JobDefinition,
    run_config: Mapping[str, object] | RunConfig | None = None,
    *,
    input_values: Mapping[str, object] | None = None,
    environ: Environment = None,
    execution: Field = ANYTHING,
) -> ResolvedConfig:
    """Return what a run of the job sees of a run config; `input_values` come before those of the job.

    `environ` is read instead of the process's environment. `execution` is the field of `execution.config`;
    anything goes by default, for a run in this process has an executor of its own.
    Errors: `InvalidConfigError` with all problems of a config, `ConfigMappingFunctionError` for a config
    function that raised, `InvalidDefinitionError` for an input value of an unknown name.
    """
    owner = f"job `{job.name}`"
    values = {**job.input_values, **checked_input_values(input_values, job.graph, owner)}
    shape = run_config_shape(job, frozenset(values), execution)
    written = standard_config(job, written_config(run_config, owner), environ)
    root = _processed(shape, written, f"Error in config for {owner}", environ)
    walk = _Walk(owner, environ, {})
    walk.graph(job.graph, (), root["ops"], written.get("ops") or {})
    return ResolvedConfig(
        walk.ops,
        {key: walk.unbaked(job.resource_defs[key].baked, entry) for key, entry in root["resources"].items()},
        {key: walk.unbaked(_baked_of_logger(job, key), entry) for key, entry in root["loggers"].items()},
        root["execution"].get("config"),
        {**_known_inputs(job.graph, root.get("inputs", {})), **values},
    )


def op_config(op: OpDefinition, written: object, environ: Environment = None) -> object:
    """Return what an op sees of config that is written for it alone; None if there is none.

    Errors: `InvalidConfigError`, `ConfigMappingFunctionError`.
    """
    config = written
    if op.config_field is not None:
        given = {} if written is None else {"config": written}
        header = f"Error in config for {op.described}"
        config = _processed(Shape({"config": op.config_field}), given, header, environ).get("config")
    return _unbaked(op.baked, {} if config is None else config, environ) if op.baked else config


def executor_config(executor: ExecutorDefinition, config: object, environ: Environment = None) -> object:
    """Return what an executor sees of the processed config of `execution.config`.

    Errors: `InvalidConfigError`, `ConfigMappingFunctionError`.
    """
    return _unbaked(executor.baked, {} if config is None else config, environ) if executor.baked else config


def written_config(run_config: object, owner: str) -> Written:
    """Return a run config as a mapping; None is the empty one.

    Errors: `ParameterCheckError` for what is neither a mapping nor a `RunConfig`.
    """
    if run_config is None:
        return {}
    if isinstance(run_config, RunConfig):
        return run_config.to_dict()
    if isinstance(run_config, Mapping):
        return run_config
    raise ParameterCheckError(
        f"the run config of {owner} must be a dict or a RunConfig, not {describe(run_config)}"
    )


def standard_config(job: JobDefinition, written: Written, environ: Environment) -> Written:
    """Return the config of the standard layout that a run config amounts to.

    A config mapping of the job makes it; a default config is laid under it; else it is the written one.
    """
    if isinstance(job.config, ConfigMapping):
        return _with_loggers(job, _mapped(job.config, written, f"job `{job.name}`", environ))
    if isinstance(job.config, Mapping):
        written = known_now(with_default_config(job.config, written), f"job `{job.name}`", environ)
    return _with_loggers(job, written)


def _with_loggers(job: JobDefinition, config: Written) -> Written:
    """Name the loggers that are on where a run config names none."""
    on = [name for name, logger in (job.logger_defs or {}).items() if logger.is_on]
    if not on or "loggers" in config:
        return config
    return {**config, "loggers": {name: {} for name in on}}


def known_now(config: Written, owner: str, environ: Environment) -> Written:
    """Return a config with the values that are known at the run only.

    Errors: `InvalidConfigError` with all expressions that have no value.
    """
    if not is_late(config):
        return config
    reading = Resolving(environ)
    found = resolved(config, ROOT, reading)
    if reading.problems:
        raise InvalidConfigError(f"Error in config for {owner}", tuple(reading.problems), config)
    return cast("Written", found)


def with_default_config(default: Written, written: Written) -> Written:
    """Lay a run config over a default one: by section, in `ops` and `resources` by entry, no deeper."""
    merged = {**default, **written}
    for section in ("ops", "resources"):
        below, above = default.get(section), written.get(section)
        if isinstance(below, Mapping) and isinstance(above, Mapping):
            merged[section] = {**below, **above}
    return merged


def check_default_config(job: JobDefinition) -> None:
    """Check a job's default config without reading the environment; a run may give what is missing.

    Errors: `InvalidConfigError` with all problems but missing entries.
    """
    if not isinstance(job.config, Mapping):
        return
    found = validate(run_config_shape(job, frozenset(job.input_values)), job.config)
    errors = tuple(
        problem
        for problem in found.errors
        if problem.kind != "missing" and not is_late(value_at(job.config, problem.path))
    )
    if errors:
        raise InvalidConfigError(f"Error in config when building job `{job.name}`", errors, job.config)


def _mapped(mapping: ConfigMapping, written: Written, owner: str, environ: Environment) -> Written:
    """Return the run config that the mapping of a job makes of its own config."""
    field = mapping_field(mapping)
    shape = Shape({}) if field is None else field.config_type
    header = f"Error in config mapping of {owner}"
    if mapping.sees_processed_values:
        config = process_or_raise(shape, written, header, environ=environ)
    else:
        config = validate_or_raise(shape, written, header)
    returned = _called(
        mapping.config_fn, _unbaked(mapping.baked, config, environ), f"the config mapping of {owner}"
    )
    if returned is None:
        raise CheckError(f"the config mapping of {owner} must return a run config, not None")
    return returned.to_dict() if isinstance(returned, RunConfig) else cast("Written", returned)


def _known_inputs(
    definition: OpDefinition | GraphDefinition, inputs: Mapping[str, object]
) -> Mapping[str, object]:
    """Return the values for inputs that are there; those a selection left without a reader are dropped."""
    return {name: value for name, value in inputs.items() if name in definition.ins}


def _called(function: Callable[[Any], object], config: object, what: str) -> object:
    try:
        return function(config)
    except Exception as error:
        raise ConfigMappingFunctionError(f"{what} raised {type(error).__name__}: {error}") from error


def _processed(shape: Any, written: object, header: str, environ: Environment) -> dict[str, Any]:
    """Return what a shape makes of a value: a dict from field to value, or it raises."""
    return cast("dict[str, Any]", process_or_raise(shape, written, header, environ=environ))


def _unbaked(baked: tuple[Baked, ...], config: object, environ: Environment) -> object:
    """Return the config that the innermost definition sees, made by each layer's function in turn."""
    for layer in baked:
        config = _called(layer.config_fn, config, f"the config function of {layer.owner}")
        if layer.field is not None:
            header = f"Error in config of {layer.owner}"
            config = process_or_raise(layer.field.config_type, config, header, environ=environ)
    return config


def _baked_of_logger(job: JobDefinition, key: str) -> tuple[Baked, ...]:
    return () if job.logger_defs is None else job.logger_defs[key].baked


@dataclass(frozen=True, slots=True)
class _Walk:
    """The walk over the nodes of a job; `ops` gathers what is found."""

    owner: str
    environ: Environment
    ops: dict[Path, OpConfig]

    def graph(self, graph: GraphDefinition, path: Path, entry: Mapping[str, Any], written: Written) -> None:
        """Take in what the `ops` of a graph hold, or its `config` if it has a mapping of its own."""
        if graph.config_mapping is None:
            self._nodes(graph, path, entry, written)
        else:
            content = self._content(graph.config_mapping, graph, path, entry, written)
            where = self._where(graph, path)
            header = f"Error in config that the config mapping of {where} returned"
            self._nodes(graph, path, _processed(nodes_shape(graph), content, header, self.environ), content)

    def unbaked(self, baked: tuple[Baked, ...], entry: Mapping[str, Any]) -> object:
        """Return the config in the entry of a definition, made by what is baked into it if anything is."""
        config = entry.get("config")
        return _unbaked(baked, {} if config is None else config, self.environ) if baked else config

    def _nodes(
        self, graph: GraphDefinition, path: Path, entries: Mapping[str, Any], written: Written
    ) -> None:
        for name, entry in entries.items():
            if name not in graph.nodes:
                continue
            definition, below = graph.nodes[name].definition, (*path, name)
            inputs = _known_inputs(definition, entry.get("inputs", {}))
            given = written.get(name) or {}
            if isinstance(definition, OpDefinition):
                if definition.baked or inputs or "config" in entry:
                    self.ops[below] = OpConfig(self.unbaked(definition.baked, entry), inputs)
                continue
            if inputs:
                self.ops[below] = OpConfig(None, inputs)
            if definition.config_mapping is None:
                self.graph(definition, below, entry["ops"], given.get("ops") or {})
            else:
                self.graph(definition, below, entry, given)

    def _content(
        self,
        mapping: ConfigMapping,
        graph: GraphDefinition,
        path: Path,
        entry: Mapping[str, Any],
        written: Written,
    ) -> Written:
        """Return what the mapping of a graph makes of the graph's config: config of its nodes."""
        config = entry.get("config", {})
        if not mapping.sees_processed_values and mapping.config_field is not None and not mapping.baked:
            raw = written.get("config", mapping.config_field.default_value)
            config = validate(mapping.config_field.config_type, raw if "config" in entry else {}).value
        where = f"the config mapping of {self._where(graph, path)}"
        return cast(
            "Written", _called(mapping.config_fn, _unbaked(mapping.baked, config, self.environ), where)
        )

    def _where(self, graph: GraphDefinition, path: Path) -> str:
        node = f"node `{'.'.join(path)}` of " if path else ""
        return f"graph `{graph.name}` ({node}{self.owner})"
