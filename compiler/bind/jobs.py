"""Bind jobs: a graph of the file, or another job that this one is derived from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.job_graphs import bind_job_inputs, own_graph_name
from jobc.compiler.bind.job_options import bind_job_options
from jobc.compiler.bind.late import late_mapping
from jobc.compiler.bind.ops import tag_texts, unknown_resource
from jobc.compiler.bind.partitions import unknown_name
from jobc.compiler.bind.program import JobSymbol, SelectSymbol
from jobc.compiler.bind.rings import rings
from jobc.compiler.syntax.texts import has_own_graph
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.ir import Data
    from jobc.schemas.spec import JobSpec

# What a job's graph can come from.
_SOURCES = ("graph", "job", "wiring", "nodes")


class JobBinder:
    """Binds the jobs of one document; mistakes are collected in `diagnostics`."""

    def __init__(self, document: Document, variables: Variables, imported: Mapping[str, JobSymbol]) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._document = document
        self._variables = variables
        self._bound: dict[str, JobSymbol] = dict(imported)

    def bind_jobs(self) -> dict[str, JobSymbol]:
        """Bind every job, those that others are derived from first; the order is that of the file."""
        jobs = self._document.spec.jobs
        bases = {name: [spec.job] if spec.job in jobs else [] for name, spec in jobs.items()}
        circular = self._report_rings(bases)
        for name in jobs:
            chain = [name]
            while not circular and (base := jobs[chain[-1]].job) in jobs and base not in self._bound:
                chain.append(base)
            for each in reversed(chain):
                if each not in self._bound:
                    self._bound[each] = self._bind(each, jobs[each])
        return {name: self._bound[name] for name in jobs}

    def _report_rings(self, bases: Mapping[str, list[str]]) -> bool:
        found = list(rings(bases))
        for ring in found:
            first = ring[0]
            chain = " -> ".join(f"`{name}`" for name in (*ring, first))
            self.diagnostics.append(
                Diagnostic(
                    "JC0323",
                    f"jobs are derived from each other: {chain}"
                    if len(ring) > 1
                    else f"job `{first}` is derived from itself",
                    self._document.tree.locate(("jobs", first, "job")),
                    label="leads back to where it began",
                    help="give one of them a `graph` of its own" if len(ring) > 1 else "give it a `graph`",
                )
            )
        return bool(found)

    def _bind(self, name: str, spec: JobSpec) -> JobSymbol:
        path: Path = ("jobs", name)
        base = self._bound.get(spec.job or "")
        for key, resource in spec.resources.items():
            if not self._document.is_known("resources", resource):
                self.diagnostics.append(unknown_resource(self._document, (*path, "resources", key), resource))
        selects: tuple[SelectSymbol, ...] = ()
        if spec.select is not None:
            clauses = (spec.select,) if isinstance(spec.select, str) else tuple(spec.select)
            selects = (SelectSymbol(clauses, (*path, "select"), name),)
        config = late_mapping(self._variables, (*path, "config"), spec.config)
        options = bind_job_options(
            self._document, self._variables, path, spec, base.options if base else None, self.diagnostics
        )
        tags = tag_texts(self._variables.fold_mapping((*path, "tags"), spec.tags))
        inputs = bind_job_inputs(self._variables, path, spec)
        return JobSymbol(
            name,
            path,
            self._graph(path, spec, base),
            laid_over(base.config, config) if base else config,
            {**base.resources, **spec.resources} if base else spec.resources,
            {**base.tags, **tags} if base else tags,
            spec.description or (base.description if base else None),
            (*base.selects, *selects) if base else selects,
            *self._partitions(path, spec, base),
            inputs={**base.inputs, **inputs} if base else inputs,
            options=options,
        )

    def _partitions(self, path: Path, spec: JobSpec, base: JobSymbol | None) -> tuple[str | None, str | None]:
        """Return the partitions and the partitioned config of a job; they exclude each other and `config`."""
        document = self._document
        for key in ("partitions", "partitioned_config"):
            name = getattr(spec, key)
            section = "partitions" if key == "partitions" else "partitioned_configs"
            if name is not None and not document.is_known(section, name):
                known = document.names(section)
                self.diagnostics.append(unknown_name(document, (*path, key), name, section, known))
        given = [
            key
            for key in ("config", "config_mapping", "partitions", "partitioned_config")
            if key in spec.model_fields_set
        ]
        if len(given) > 1:
            self.diagnostics.append(_excluded(document, path, given))
        elif given and base is not None and _clashes(base, given[0]):
            self.diagnostics.append(_clash(document, path, given[0], base))
        if spec.partitions is None and spec.partitioned_config is None and base is not None:
            return base.partitions, base.partitioned_config
        return spec.partitions, spec.partitioned_config

    def _graph(self, path: Path, spec: JobSpec, base: JobSymbol | None) -> str | None:
        document = self._document
        sources = [key for key in _SOURCES if key in spec.model_fields_set]
        if "wiring" in sources and "nodes" in sources:
            sources.remove("nodes")  # these are options for the nodes that the wiring makes
        if len(sources) > 1:
            self.diagnostics.append(_several(document, path, sources))
        if spec.job is not None:
            known = base is not None or spec.job in document.spec.jobs
            if not known and not document.is_broken(("jobs", spec.job)):
                others = [name for name in document.names("jobs") if name != path[-1]]
                self.diagnostics.append(_unknown(document, (*path, "job"), spec.job, "job", others))
            return base.graph if base else None
        if has_own_graph(spec):
            return own_graph_name(document, str(path[1]))
        if spec.graph is None:
            if not document.is_broken(path):
                self.diagnostics.append(_neither(document, path))
            return None
        if document.defines("graphs", spec.graph):
            return spec.graph
        if not document.is_broken(("graphs", spec.graph)):
            self.diagnostics.append(
                _unknown(document, (*path, "graph"), spec.graph, "graph", document.names("graphs"))
            )
        return None


def laid_over(base: Mapping[str, Data], config: Mapping[str, Data]) -> dict[str, Data]:
    """Lay config over that of the job it is derived from: mappings key by key, at every depth."""
    merged = {**base, **config}
    for key in base.keys() & config.keys():
        below, above = base[key], config[key]
        if isinstance(below, dict) and isinstance(above, dict):
            merged[key] = laid_over(below, above)
    return merged


def _unknown(document: Document, path: Path, name: str, noun: str, known: Collection[str]) -> Diagnostic:
    near = near_names(name, known)
    if noun == "graph" and name in document.spec.ops:
        advice = f"`{name}` is an op; define a graph that invokes it"
    elif noun == "job" and name in document.spec.graphs:
        advice = f"`{name}` is a graph; name it under `graph`"
    elif near:
        advice = f"did you mean `{near[0]}`?"
    else:
        advice = f"known {noun}s: {listing(known)}" if known else f"define it under `{noun}s:`"
    return Diagnostic(
        "JC0312" if noun == "graph" else "JC0319",
        f"unknown {noun} `{name}`" if name else f"the name of the {noun} is empty",
        document.tree.locate(path),
        label=f"no {noun} of this name",
        help=advice,
        suggestions=near,
    )


def _excluded(document: Document, path: Path, given: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "JC0210",
        f"job `{path[-1]}` has {listing(given)}",
        document.locate_key((*path, given[-1])),
        label="these exclude each other",
        help="a `partitioned_config` gives the config for each partition and brings its partitions",
    )


def _clashes(base: JobSymbol, key: str) -> bool:
    if key in ("config", "config_mapping"):
        has_partitions = base.partitions is not None or base.partitioned_config is not None
        return has_partitions or (key == "config_mapping" and bool(base.config))
    return bool(base.config) or base.options.config_mapping is not None


def _clash(document: Document, path: Path, key: str, base: JobSymbol) -> Diagnostic:
    theirs = "partitions" if key == "config" else "`config`"
    if key == "config_mapping" and not base.config:
        theirs = "partitions"
    elif key != "config" and not base.config:
        theirs = "`config_mapping`"
    return Diagnostic(
        "JC0210",
        f"`{key}` of job `{path[-1]}` does not go with the {theirs} of job `{base.name}`",
        document.locate_key((*path, key)),
        label="cannot be laid over that",
        help="a `partitioned_config` gives the config for each partition and brings its partitions",
    )


def _several(document: Document, path: Path, sources: Sequence[str]) -> Diagnostic:
    if sources == ["graph", "job"]:
        message, key = f"job `{path[-1]}` has a `graph` and a `job`", "job"
    else:
        message, key = f"job `{path[-1]}` has {listing(sources)}", sources[-1]
    return Diagnostic(
        "JC0210",
        message,
        document.locate_key((*path, key)),
        label="a job is made from one of the two" if len(sources) == 2 else "a job is made from one of these",
        help="`job` derives it from another job, whose graph it runs"
        if "job" in sources
        else "name a graph, or write it right here",
    )


def _neither(document: Document, path: Path) -> Diagnostic:
    return Diagnostic(
        "JC0202",
        f"job `{path[-1]}` has no `graph`",
        document.locate_key(path),
        label="`graph` is missing",
        help="add `graph`, the graph to run, or `job`, the job it is derived from, or its own `wiring`",
    )
