"""The table of jobs that take the same course on every executor, with what has to come of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobc import JobDefinition, ReconstructableJob, reconstructable
from tests.conformance import executor_jobs as plain
from tests.conformance.executors import failing_jobs as failing
from tests.conformance.executors import flow_jobs as flow
from tests.conformance.executors import surrounded_jobs as around

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

UNFINISHED = ("state:failed", "state:not_started")
SPEC = Path(__file__).parent / "work.yaml"


@dataclass(frozen=True, slots=True)
class Case:
    """A job, how it is run, and what comes of it.

    `job` is one of Python, or the name of one in `work.yaml`. `outputs` are some of its outputs, by
    `step.output`, where `.result` may be left out. `failures` are all steps that fail, each with a part of
    its error. `earlier` is the run config of a run before this one; with `again` this one goes on with it,
    `again` being what is selected of it. `execution` goes into the config of the executor. `alone` says why
    a single process takes another course, where it does.
    """

    job: JobDefinition | Callable[[], JobDefinition] | str
    outputs: Mapping[str, object] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    run_config: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, Any] | None = None
    partition_key: str | None = None
    input_values: Mapping[str, object] = field(default_factory=dict)
    op_selection: Sequence[str] | None = None
    execution: Mapping[str, Any] = field(default_factory=dict)
    earlier: Mapping[str, Any] | None = None
    again: tuple[str, ...] | None = None
    alone: str = ""

    def pointer(self) -> ReconstructableJob:
        """Return the job in a form that other processes can build."""
        return reconstructable(f"{SPEC}#{self.job}" if isinstance(self.job, str) else self.job)

    @property
    def name(self) -> str:
        """Return a name for people."""
        if isinstance(self.job, str):
            return f"spec {self.job}"
        return self.job.name if isinstance(self.job, JobDefinition) else self.job.__name__


def titles() -> list[str]:
    """Return a title for each case: its name, with a number where others have the same."""
    names = [case.name for case in CASES]
    return [
        f"{name} {names[: place + 1].count(name)}" if names.count(name) > 1 else name
        for place, name in enumerate(names)
    ]


def op(name: str, **config: object) -> dict[str, Any]:
    return {"ops": {name: {"config": config}}}


FLOW = (
    Case(plain.chain, {"third": 3}),
    Case(plain.fan_in, {"added": 3}),
    Case(plain.nested, {"outer.second": 5}),
    Case(plain.mapped, {"listed": [10, 4, 7]}),
    Case(plain.nothing_to_map),
    Case(plain.skips, {"listed": [2]}),
    Case(plain.ordered, {"afterwards": "done"}),
    Case(plain.asynchronous, {"increased": 8}),
    Case(plain.with_config, {"configured": 42}),
    Case(flow.several_outputs, {"divide.quotient": 2, "divide.rest": 0, "both": 2, "numbers.second": "two"}),
    Case(flow.no_fan_in, {"total": 0}),
    Case(flow.wide, {"total": 24}),
    Case(flow.graphs_in_graphs, {"outer.total": 26, "double": 52}),
    Case(
        flow.inputs_from_outside,
        {"from_outside.scaled": 12, "from_outside.text_of": "'ab'"},
        run_config={"inputs": {"value": 4}},
        input_values={"name": "ab"},
    ),
    Case(flow.inputs_of_the_job, {"scaled": 15, "text_of": "'own'"}),
    Case(
        flow.inputs_from_config,
        {"three_times": 3, "configured": 10},
        run_config={"ops": {"configured": {"inputs": {"value": 5, "factor": 2}}}},
    ),
    Case(flow.order_alone, {"afterwards": "done"}),
    Case(flow.skips_by_order, {"reached": "done", "then": "done", "some": 3}),
    Case(flow.emits_none, {"of_optional": "None", "nothing_to_say": None}),
    Case(flow.two_dynamic_outputs, {"lows": 12, "highs": "[30, 10, 20]"}),
    Case(flow.mapped_in_parts, {"lefts": 6, "rights": "[-2, -6]", "halves.right": {"b": -1, "d": -3}}),
    Case(flow.mapped_graphs, {"total": 6, "fourfold.second": {"a": 0, "b": 4}}),
    Case(flow.mapped_emitter, {"spread": {"a": {}, "b": {"k0": 1}}}),
    Case(flow.no_keys, {"total": 0}),
    Case(
        flow.tags_and_priorities,
        {"first": ["orders", "monday", "tags_and_priorities", "first"]},
        tags={"day": "monday", "limits": {"rows": 10}},
    ),
    Case(flow.asynchronous, {"add": 4}),
    Case(flow.large_values, {"length": 5_120_000}),
    Case(flow.reported, {"double": 14}),
    Case(flow.talking, {"again": 1}),
    Case(flow.changed_in_place, {"ends": "[0, 1]", "starts": "[]"}),
)

FAILING = (
    Case(plain.one_of_many_fails, failures={"all_but_one[n1]": "Failure: one is refused"}),
    Case(plain.fails, {"unharmed": 2}, {"broken": "ValueError: cannot take 1"}),
    Case(plain.retries, {"increased": 3}, {"never": "Exceeded max_retries of 1"}),
    Case(plain.mistyped, failures={"wrong_type": "TypeCheckDidNotPass"}),
    Case(
        failing.odd_errors,
        {"unharmed": 4},
        {
            "odd": "<- OddError: 1 is odd: always <- KeyError: 'inner'",
            "silent": "cannot be shown",
            "noted": "with notes\nlook here",
        },
    ),
    Case(
        failing.fails_after_an_output,
        {"fails_between.first": 1},
        {"fails_between": "ValueError: between"},
    ),
    Case(
        failing.failures,
        failures={"gives_up": "Failure: no more", "gives_up_later": "max_retries of 1"},
    ),
    Case(failing.backs_off, {"linear": 2, "exponential": 2}, {"of_job": "try 1 is none of 2"}),
    Case(failing.requested, {"double": 2}, {"twice": "max_retries of 1"}),
    Case(
        failing.retries_of_instances,
        {"double": {"early": 2}},
        {"picky[late]": "refuses late"},
    ),
    Case(
        plain.retries,
        {},
        {"third_time": "not yet", "never": "never"},
        execution={"retries": {"disabled": {}}},
    ),
    Case(failing.one_instance_fails, {"refuses_zero": {"b": 1}}, {"refuses_zero[a]": "Failure: zero"}),
    Case(
        failing.wrong_types,
        {"even": 2},
        {
            "takes_text": "TypeCheckDidNotPass",
            "gives_text": "TypeCheckDidNotPass",
            "takes_even": "it is odd",
            "gives_unknown": "RuntimeError: cannot tell",
        },
    ),
    Case(
        failing.broken_rules,
        {"forgets.first": 1},
        {
            "forgets": "StepOutputNotFoundError",
            "strange_name": "`strange`",
            "raw": "InvariantViolationError",
            "too_many": "InvariantViolationError",
            "same_key": "`key`",
            "no_outputs": "InvariantViolationError",
        },
    ),
    Case(failing.cannot_be_stored, {"one": 1}, {"unpicklable": "cannot be pickled"}),
    Case(
        failing.over_time,
        {"in_time": 2, "second_time": 2},
        {"slow": "TimeoutError: it took longer than 0.1 s"},
    ),
    Case(
        failing.several_fail,
        {"total": 3},
        {f"fails_{place}": "ZeroDivisionError: division by zero" for place in range(4)},
    ),
    Case(failing.exits, {}, {"leaves": "SystemExit"}),
)

AROUND = (
    Case(
        plain.with_hooks_and_resources,
        {"based": 11},
        {"broken": "cannot take 11"},
    ),
    Case(
        around.resources,
        {"text_of": "'above named'", "uses_base": "named 1"},
        run_config={"resources": {"base": {"config": {"name": "named"}}}},
    ),
    Case(
        around.undeclared_resource,
        {"uses_base": "set before 1"},
        {"undeclared": "UnknownResourceError"},
    ),
    Case(around.resources_of_instances, {"text_of": "['base 0', 'base 1']"}),
    Case(
        around.closed_resource,
        failures={"uses_closed": "ConnectionError: the door is closed"},
        alone="there the resource is opened before any step",
    ),
    Case(
        around.hooks_everywhere,
        failures={"watched_graph.succeeds_at": "try 0 is none of 1"},
    ),
    Case(
        around.io_managers,
        {"double": 8, "of_nowhere": "'value of from_nowhere'", "total": 12},
    ),
    Case(around.another_default_manager, {"text_of": "[0, 2]"}),
    Case(
        around.managers_that_fail,
        {"beside": 2},
        {"double": "-9 is not loaded", "not_stored": "-10 is not stored"},
    ),
    Case(
        around.with_config,
        {"configured": [5, "a"], "reads": "a.csv:2"},
        run_config=op("configured", add=4, names=["a"]),
    ),
    Case(around.with_mapping, {"reads": "monday.csv:10"}, run_config={"day": "monday"}),
    Case(around.with_partitions, {"reads": "us.csv:10", "partition": ["us", "us"]}, partition_key="us"),
    Case(around.partitions_alone, {"partition": ["b", "b"]}, partition_key="b"),
    Case(
        around.with_secrets,
        {"logs_in": "here 6"},
        {"refused": "ConnectionError: ********** is refused"},
        run_config=around.SECRETS,
    ),
    Case(
        around.with_config,
        {"reads": "from outside:10"},
        run_config=around.FROM_ENVIRONMENT,
    ),
    Case(
        around.own_logger,
        run_config={"loggers": {"marked": {"config": {"mark": "own"}}}},
    ),
    Case(
        around.memoised,
        run_config=op("configured", add=2),
        earlier=op("configured", add=1),
    ),
    Case(around.memoised_elsewhere, earlier={}),
    Case(
        around.mended,
        {"double": 4, "text_of": "3"},
        run_config=around.may_fail_config(fails=False),
        earlier=around.may_fail_config(fails=True),
        again=UNFINISHED,
    ),
    Case(
        around.mended,
        {"double": 4, "text_of": "3"},
        run_config=around.may_fail_config(fails=False),
        earlier=around.may_fail_config(fails=False),
        again=("may_fail*",),
    ),
    Case(
        around.mended_instances,
        {"total": 3, "may_fail": {"a": 1, "b": 2}},
        run_config=op("may_fail", fails=False),
        earlier=op("may_fail", fails=True),
        again=UNFINISHED,
    ),
)

SELECTED = (
    Case(flow.wide, {"double_3": 2}, op_selection=["*double_3", "one_4"]),
    Case(
        flow.graphs_in_graphs,
        {"deeper.both_ways.add": 5},
        op_selection=["*deeper.both_ways.add"],
    ),
    Case(
        flow.several_outputs,
        {"divide.rest": 1, "both": 4},
        op_selection=["divide+"],
        run_config={"ops": {"divide": {"inputs": {"value": 10}}}},
    ),
    Case(flow.two_dynamic_outputs, {"lows": 12}, op_selection=["*lows"]),
    Case("chained", {"inner.add": 6}, op_selection=["*inner"]),
)

SPEC_JOBS = (
    Case("chained", {"add": 10}),
    Case("chained", {"add": 18}, input_values={"start": 7}),
    Case("mapped", {"doubled.add": {"k0": 0, "k1": 2, "k2": 4}}),
    Case("programs", {"counted": "5", "read": "hello-x-"}),
    Case(
        "broken_programs",
        {"said": "hello"},
        {"halfway": "ended with exit code 3", "absent": "there is no program `no-such-program-here`"},
    ),
    Case("endless_program", failures={"endless": "TimeoutError: it took longer than 0.1 s"}),
    Case("with_session", {"visit": "session of orders"}),
    Case("retried", {"flaky": 1}, {"fails": "ValueError: cannot use 1"}),
    Case("secret", {"login": "s3cret\nsecret"}, run_config=op("login", token="s3cret")),
    Case("by_day", {"page": ["monday.csv"] * 2}, run_config={"day": "monday"}),
    Case("by_region", {"page": ["eu.csv"] * 2}, partition_key="eu"),
)

CASES = (*FLOW, *FAILING, *AROUND, *SELECTED, *SPEC_JOBS)
