"""Which names an expression can use, by place (DESIGN 3, "Expressions")."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.runtime.expressions.types import STR, MappingType, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.expressions.types import Type

ROOTS = {
    "vars": "everywhere",
    "env": "where values are filled in when a job runs",
    "params": "in the templates of config mappings",
    "partition": "in partitioned configs",
    "inputs": "in `command` and `shell` ops",
    "config": "in `command` and `shell` ops",
    "outputs": "in `command` and `shell` ops",
    "run": "in `command` and `shell` ops",
}
"""Every root there is, and where it can be used."""

ENV: Type = MappingType(STR)
"""`env.NAME`: the environment of the process that runs the job, all text."""

RUN: Type = Record({"id": STR, "job": STR, "tags": MappingType(STR)})
"""`run.id`, `run.job`, `run.tags.NAME`."""

WHOLE = frozenset({"params", "inputs", "config", "run"})
"""Roots that may stand without a part, as mappings."""


class Scope(NamedTuple):
    """The roots that exist at a place, with what is known of the type of each.

    `values` are the roots that are known now, so that they can be folded; the others are known at run time.
    """

    roots: Mapping[str, Type]
    values: Mapping[str, object] = {}
