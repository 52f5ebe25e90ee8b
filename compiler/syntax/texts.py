"""Where in a spec the small languages and the author's names stand.

Each function yields what is found of one kind, with its path: texts of types, wiring, Python targets, free
values (which may hold expressions) and the mappings and lists whose entries are names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jobc.compiler.read import Path, Value
    from jobc.schemas.spec import ConfigFieldSpec, InputSpec, JobSpec, NodeSpec, OutputSpec, SpecDocument

    Fields: TypeAlias = Mapping[str, str | ConfigFieldSpec]
    Ports: TypeAlias = Mapping[str, str | InputSpec] | Mapping[str, str | OutputSpec]

DECLARATION_KEYS = frozenset({"type", "default", "description"})
_INPUT_KEYS = frozenset({"type", "value"})
# The sections whose entries may have a target, and the key of it.
_WITH_TARGETS = (
    "ops",
    "resources",
    "config_mappings",
    "partitioned_configs",
    "hooks",
    "loggers",
    "executors",
)
SECTIONS = (
    "ops",
    "graphs",
    "resources",
    "partitions",
    "config_mappings",
    "partitioned_configs",
    "hooks",
    "loggers",
    "executors",
    "selections",
    "jobs",
)
"""The sections that define something by name, which another file may import."""


def is_declaration(value: object) -> TypeGuard[dict[str, Value]]:
    """Tell whether a var is written in its long form, `{type: str, default: …}`."""
    return isinstance(value, dict) and "type" in value and value.keys() <= DECLARATION_KEYS


def has_own_graph(job: JobSpec) -> bool:
    """Tell whether a job's graph stands right in it, as wiring or nodes."""
    return job.wiring is not None or bool(job.nodes)


def type_texts(spec: SpecDocument) -> Iterator[tuple[Path, str]]:
    """Yield every text that is a type; the path is that of the text itself."""
    for name, value in spec.vars.items():
        if is_declaration(value) and isinstance(value["type"], str):
            yield ("vars", name, "type"), value["type"]
    for path, fields in field_mappings(spec):
        yield from _field_types(path, fields)
    for path, ports in _port_mappings(spec):
        yield from _port_types(path, ports)
    for name, job in spec.jobs.items():
        if has_own_graph(job):
            yield from _job_input_types(("jobs", name, "inputs"), job.inputs)


def _field_types(path: Path, fields: Fields) -> Iterator[tuple[Path, str]]:
    for name, form in fields.items():
        if isinstance(form, str):
            yield (*path, name), form
            continue
        if form.type is not None:
            yield (*path, name, "type"), form.type
        yield from _field_types((*path, name, "fields"), form.fields or {})
        yield from _field_types((*path, name, "one_of"), form.one_of or {})


def _port_types(path: Path, ports: Ports) -> Iterator[tuple[Path, str]]:
    for name, form in ports.items():
        if isinstance(form, str):
            yield (*path, name), form
        elif "type" in form.model_fields_set:
            yield (*path, name, "type"), form.type


def _job_input_types(path: Path, inputs: Mapping[str, Value]) -> Iterator[tuple[Path, str]]:
    for name, form in inputs.items():
        if isinstance(form, str):
            yield (*path, name), form
        elif isinstance(form, dict) and form.keys() <= _INPUT_KEYS and isinstance(form.get("type"), str):
            yield (*path, name, "type"), str(form["type"])


def field_mappings(spec: SpecDocument) -> Iterator[tuple[Path, Fields]]:
    """Yield the mappings that declare config fields."""
    for name, op in spec.ops.items():
        yield ("ops", name, "config"), op.config
    for name, resource in spec.resources.items():
        yield ("resources", name, "config"), resource.config
    for name, mapping in spec.config_mappings.items():
        yield ("config_mappings", name, "params"), mapping.params
    for name, logger in spec.loggers.items():
        yield ("loggers", name, "config"), logger.config
    for name, executor in spec.executors.items():
        yield ("executors", name, "config"), executor.config


def _port_mappings(spec: SpecDocument) -> Iterator[tuple[Path, Ports]]:
    for name, op in spec.ops.items():
        yield ("ops", name, "inputs"), op.inputs or {}
        yield ("ops", name, "outputs"), op.outputs or {}
    for name, graph in spec.graphs.items():
        yield ("graphs", name, "inputs"), graph.inputs


def wiring_texts(spec: SpecDocument) -> Iterator[tuple[Path, str]]:
    """Yield every wiring text, of graphs and of jobs."""
    for name, graph in spec.graphs.items():
        if graph.wiring is not None:
            yield ("graphs", name, "wiring"), graph.wiring
    for name, job in spec.jobs.items():
        if job.wiring is not None:
            yield ("jobs", name, "wiring"), job.wiring


def target_texts(spec: SpecDocument) -> Iterator[tuple[Path, str]]:
    """Yield every text that names a Python object."""
    for section in _WITH_TARGETS:
        for name, entry in getattr(spec, section).items():
            if entry.python is not None:
                yield (section, name, "python"), entry.python
    for name, job in spec.jobs.items():
        if job.version_strategy is not None and not isinstance(job.version_strategy, str):
            yield ("jobs", name, "version_strategy", "python"), job.version_strategy.python


def free_values(spec: SpecDocument) -> Iterator[tuple[Path, Value]]:
    """Yield the values whose texts may hold expressions."""
    yield ("vars",), spec.vars
    for name, import_ in spec.imports.items():
        if not isinstance(import_, str):
            yield ("imports", name, "vars"), import_.vars
    for path, fields in field_mappings(spec):
        yield from _field_defaults(path, fields)
    for name, op in spec.ops.items():
        yield from _op_values(("ops", name), op)
    for name, graph in spec.graphs.items():
        yield from _input_defaults(("graphs", name, "inputs"), graph.inputs)
        yield from _node_values(("graphs", name, "nodes"), graph.nodes)
    for section in ("resources", "loggers", "executors"):
        for name, entry in getattr(spec, section).items():
            yield (section, name, "with"), entry.with_
    for name, mapping in spec.config_mappings.items():
        yield ("config_mappings", name, "config"), mapping.config
    for name, config in spec.partitioned_configs.items():
        yield ("partitioned_configs", name, "config"), config.config
        yield ("partitioned_configs", name, "tags"), config.tags
    for name, job in spec.jobs.items():
        for key in ("inputs", "config", "tags", "metadata"):
            yield ("jobs", name, key), getattr(job, key)
        yield from _node_values(("jobs", name, "nodes"), job.nodes)


def _op_values(path: Path, op: object) -> Iterator[tuple[Path, Value]]:
    yield from _input_defaults((*path, "inputs"), getattr(op, "inputs", None) or {})
    for name, output in (getattr(op, "outputs", None) or {}).items():
        if not isinstance(output, str):
            yield (*path, "outputs", name, "metadata"), output.metadata
    for key in ("command", "shell", "tags"):
        yield (*path, key), getattr(op, key)
    for key, value in (getattr(op, "plug_in", None) or {}).items():
        yield (*path, key), value


def _node_values(path: Path, nodes: Mapping[str, NodeSpec]) -> Iterator[tuple[Path, Value]]:
    for name, node in nodes.items():
        for key in ("inputs", "config", "tags"):
            yield (*path, name, key), getattr(node, key)


def _input_defaults(path: Path, forms: Mapping[str, str | InputSpec]) -> Iterator[tuple[Path, Value]]:
    for name, form in forms.items():
        if not isinstance(form, str):
            yield (*path, name, "default"), form.default


def _field_defaults(path: Path, fields: Fields) -> Iterator[tuple[Path, Value]]:
    for name, form in fields.items():
        if not isinstance(form, str):
            yield (*path, name, "default"), form.default
            yield from _field_defaults((*path, name, "fields"), form.fields or {})
            yield from _field_defaults((*path, name, "one_of"), form.one_of or {})


def named_mappings(spec: SpecDocument) -> Iterator[tuple[Path, Iterable[str]]]:
    """Yield the mappings whose keys are names the author chooses."""
    for section in ("imports", "vars", "profiles", *SECTIONS):
        yield (section,), getattr(spec, section)
    for name, partitions in spec.partitions.items():
        yield ("partitions", name, "multi"), partitions.multi or ()
    for path, fields in field_mappings(spec):
        yield from _nested_names(path, fields)
    for path, ports in _port_mappings(spec):
        yield path, ports
    for name, graph in spec.graphs.items():
        yield ("graphs", name, "nodes"), graph.nodes
        yield ("graphs", name, "outputs"), graph.outputs
    for name, job in spec.jobs.items():
        yield ("jobs", name, "nodes"), job.nodes
        if has_own_graph(job):
            yield ("jobs", name, "inputs"), job.inputs


def _nested_names(path: Path, fields: Fields) -> Iterator[tuple[Path, Iterable[str]]]:
    yield path, fields
    for name, form in fields.items():
        if not isinstance(form, str):
            yield from _nested_names((*path, name, "fields"), form.fields or {})
            yield from _nested_names((*path, name, "one_of"), form.one_of or {})


def named_lists(spec: SpecDocument) -> Iterator[tuple[Path, Iterable[str]]]:
    """Yield the lists of names that may stand for something that is defined elsewhere, or nowhere."""
    for section in ("ops", "resources", "hooks"):
        for name, entry in getattr(spec, section).items():
            yield (section, name, "resources"), entry.resources
