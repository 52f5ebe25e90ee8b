"""Bind jobs: a graph of the file, or another job that this one is derived from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.ops import tag_texts, unknown_resource
from jobc.compiler.bind.partitions import unknown_name
from jobc.compiler.bind.program import JobSymbol, SelectSymbol
from jobc.compiler.bind.rings import rings
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.ir import Data
    from jobc.schemas.spec import JobSpec

# Sections of run config that are laid over each other entry by entry (SEMANTICS 5).
_SECTIONS_BY_ENTRY = ("ops", "resources")


class JobBinder:
    """Binds the jobs of one document; mistakes are collected in `diagnostics`."""

    def __init__(self, document: Document, variables: Variables) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._document = document
        self._variables = variables
        self._bound: dict[str, JobSymbol] = {}

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
            known = resource in self._document.spec.resources
            if not known and not self._document.is_broken(("resources", resource)):
                self.diagnostics.append(unknown_resource(self._document, (*path, "resources", key), resource))
        selects: tuple[SelectSymbol, ...] = ()
        if spec.select is not None:
            clauses = (spec.select,) if isinstance(spec.select, str) else tuple(spec.select)
            selects = (SelectSymbol(clauses, (*path, "select")),)
        config = self._variables.fold_mapping((*path, "config"), spec.config)
        tags = tag_texts(self._variables.fold_mapping((*path, "tags"), spec.tags))
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
        )

    def _partitions(self, path: Path, spec: JobSpec, base: JobSymbol | None) -> tuple[str | None, str | None]:
        """Return the partitions and the partitioned config of a job; they exclude each other and `config`."""
        document = self._document
        for key in ("partitions", "partitioned_config"):
            name = getattr(spec, key)
            section = "partitions" if key == "partitions" else "partitioned_configs"
            known = getattr(document.spec, section)
            if name is not None and name not in known and not document.is_broken((section, name)):
                self.diagnostics.append(unknown_name(document, (*path, key), name, section, known))
        given = [
            key for key in ("config", "partitions", "partitioned_config") if key in spec.model_fields_set
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
        if spec.job is not None:
            if spec.graph is not None:
                self.diagnostics.append(_both(document, path))
            known = base is not None or spec.job in document.spec.jobs
            if not known and not document.is_broken(("jobs", spec.job)):
                others = [name for name in document.spec.jobs if name != path[-1]]
                self.diagnostics.append(_unknown(document, (*path, "job"), spec.job, "job", others))
            return base.graph if base else None
        if spec.graph is None:
            if not document.is_broken(path):
                self.diagnostics.append(_neither(document, path))
            return None
        if spec.graph in document.spec.graphs:
            return spec.graph
        if not document.is_broken(("graphs", spec.graph)):
            self.diagnostics.append(
                _unknown(document, (*path, "graph"), spec.graph, "graph", document.spec.graphs)
            )
        return None


def laid_over(base: Mapping[str, Data], config: Mapping[str, Data]) -> dict[str, Data]:
    """Lay config over that of the job it is derived from: by section, in ops and resources by entry."""
    merged = {**base, **config}
    for section in _SECTIONS_BY_ENTRY:
        below, above = base.get(section), config.get(section)
        if isinstance(below, dict) and isinstance(above, dict):
            merged[section] = {**below, **above}
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
    if key == "config":
        return base.partitions is not None or base.partitioned_config is not None
    return bool(base.config)


def _clash(document: Document, path: Path, key: str, base: JobSymbol) -> Diagnostic:
    theirs = "partitions" if key == "config" else "`config`"
    return Diagnostic(
        "JC0210",
        f"`{key}` of job `{path[-1]}` does not go with the {theirs} of job `{base.name}`",
        document.locate_key((*path, key)),
        label="cannot be laid over that",
        help="a `partitioned_config` gives the config for each partition and brings its partitions",
    )


def _both(document: Document, path: Path) -> Diagnostic:
    return Diagnostic(
        "JC0210",
        f"job `{path[-1]}` has a `graph` and a `job`",
        document.locate_key((*path, "job")),
        label="a job is made from one of the two",
        help="`job` derives it from another job, whose graph it runs",
    )


def _neither(document: Document, path: Path) -> Diagnostic:
    return Diagnostic(
        "JC0202",
        f"job `{path[-1]}` has no `graph`",
        document.locate_key(path),
        label="`graph` is missing",
        help="add `graph`, the graph to run, or `job`, the job it is derived from",
    )
