"""Steps of a run that is run again are selected by their keys and by what became of them (SEMANTICS 20)."""

from __future__ import annotations

import pytest

from jobc.runtime.errors import ExecutionStepNotFoundError, InvalidSubsetError
from jobc.runtime.selection.catalogue import job_query_graph
from jobc.runtime.selection.steps import selected_steps, step_query_graph
from tests.conformance.selection_jobs import dynamic

KEYS = ("emit", "body[one]", "body[two]", "g.check", "all_of", "body[?]")
UP = ((), (0,), (0,), (0,), (1, 2), (0,))
STATES = {
    "emit": "succeeded",
    "body[one]": "failed",
    "body[two]": "succeeded",
    "g.check": "skipped",
    "all_of": "not_started",
}
GRAPH = step_query_graph("the parent run", KEYS, UP, states=STATES, ops=job_query_graph(dynamic))


@pytest.mark.parametrize(
    ("query", "steps"),
    [
        (["emit"], "emit"),
        (["body[one]*"], "body[one] all_of"),
        (["*all_of"], "emit body[one] body[two] all_of"),
        (["+g.check"], "emit g.check"),
        (["emit", "body[?]"], "emit body[?]"),
        (["state:failed"], "body[one]"),
        (["state:failed", "state:not_started"], "body[one] all_of"),
        (["state:failed*"], "body[one]"),
        ("state:failed+*", "body[one] all_of"),
        ("state:s*", "emit body[two] g.check"),
        ("op:step and state:succeeded", "body[two]"),
        ([], " ".join(KEYS)),
    ],
)
def test_sem_20_steps_are_selected(query: str | list[str], steps: str) -> None:
    assert selected_steps(query, GRAPH) == tuple(steps.split())


def test_sem_20_unknown_steps_are_listed() -> None:
    with pytest.raises(
        ExecutionStepNotFoundError, match=r"no steps `body`, `body\[three\]` and `check`; did you mean"
    ):
        selected_steps(["body", "*body[three]+", "not check"], GRAPH)


def test_sem_20_a_graph_is_no_step() -> None:
    with pytest.raises(ExecutionStepNotFoundError, match=r"the parent run has no step `g`; it has `emit`"):
        selected_steps(["roots(g except emit) or g"], GRAPH)


@pytest.mark.parametrize("query", ["**emit", "emit,all_of", ["emit", "+*all_of"]])
def test_sem_20_a_malformed_clause_is_no_unknown_step(query: str | list[str]) -> None:
    with pytest.raises(InvalidSubsetError, match="step_selection="):
        selected_steps(query, GRAPH)


def test_states_mean_nothing_without_a_parent_run() -> None:
    graph = step_query_graph("the run", KEYS, UP)
    with pytest.raises(InvalidSubsetError, match="`state:` means nothing in the run"):
        selected_steps(["state:failed"], graph)
    with pytest.raises(InvalidSubsetError, match="`tag:` means nothing in the run"):
        selected_steps(["tag:x"], graph)
