"""Selections: a small language that says which nodes of a job to run, and jobs made of what it selects.

Every name is loaded when it is first used, so that a plain clause costs no more than a regular expression.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobc.runtime.selection.catalogue import job_query_graph
    from jobc.runtime.selection.clauses import parse
    from jobc.runtime.selection.printing import printed
    from jobc.runtime.selection.query_graph import QueryGraph
    from jobc.runtime.selection.select import Selection, select
    from jobc.runtime.selection.steps import selected_steps, step_query_graph
    from jobc.runtime.selection.subset import select_in_job, selected_job

__all__ = [
    "QueryGraph",
    "Selection",
    "job_query_graph",
    "parse",
    "printed",
    "select",
    "select_in_job",
    "selected_job",
    "selected_steps",
    "step_query_graph",
]

_MODULES = {
    "QueryGraph": "query_graph",
    "Selection": "select",
    "job_query_graph": "catalogue",
    "parse": "clauses",
    "printed": "printing",
    "select": "select",
    "select_in_job": "subset",
    "selected_job": "subset",
    "selected_steps": "steps",
    "step_query_graph": "steps",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
