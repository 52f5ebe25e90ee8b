"""The table of jobs that are written twice, as a spec and with decorators, and the runs of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Given:
    """One run of a job: what it is given, and what must come of it in either form.

    `outputs` are some of its outputs, by `node.output`. `error` is the class of the exception that it raises,
    `words` a part of its text.
    """

    run_config: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    words: str = ""
    input_values: Mapping[str, Any] | None = None
    tags: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A job: the name it has in `SPEC.yaml` and in `JOBS` of `SPEC_decorated`, and the runs of it.

    `steps` are its step keys in order. `same_schema` is false where only one form can say something, so that
    the other has to offer it as run config.
    """

    spec: str
    job: str
    steps: tuple[str, ...]
    runs: tuple[Given, ...] = (Given(),)
    same_schema: bool = True


def op(name: str, **config: object) -> dict[str, Any]:
    return {"ops": {name: {"config": config}}}


def flow(job: str, steps: str, *runs: Given, same_schema: bool = True) -> Case:
    return Case("flow", job, tuple(steps.split()), runs or (Given(),), same_schema)


def settings(job: str, steps: str, *runs: Given) -> Case:
    return Case("settings", job, tuple(steps.split()), runs or (Given(),))


def around(job: str, steps: str, *runs: Given) -> Case:
    return Case("around", job, tuple(steps.split()), runs or (Given(),))


def items(job: str, steps: str, *runs: Given) -> Case:
    return Case("items", job, tuple(steps.split()), runs or (Given(),))


REFUSED = "InvalidConfigError"

CASES = (
    flow(
        "single",
        "one",
        Given(outputs={"one.result": 1}),
        Given({"ops": {"oen": {}}}, error=REFUSED, words="oen"),
        Given({"opps": {}}, error=REFUSED, words="opps"),
        Given({"ops": []}, error=REFUSED),
        Given({"execution": {"config": {"anything": 1}}}),
        Given({"loggers": {"console": {"config": {"log_level": "ERROR"}}}}),
    ),
    flow("chain", "one double double_2", Given(outputs={"double_2.result": 4, ".result": 4})),
    flow(
        "outputs_by_position",
        "two four divisor two_2 add divide double",
        Given(outputs={"divide.quotient": 3, "divide.rest": 0, ".high": 6, ".low": 0}),
    ),
    flow("outputs_by_name", "two by_name add", Given(outputs={"by_name.low": -2, "add.result": 18})),
    flow("fan_in", "two one one_2 double join", Given(outputs={"join.result": "2+1+2"})),
    flow("fan_in_of_nothing", "join", Given(outputs={"join.result": ""})),
    flow("aliases", "one one_2 add uno two two_2 add_2 total", Given(outputs={"total.result": 5})),
    flow("skipped", "one keeps_even double two kept", Given(outputs={"kept.result": 2})),
    flow(
        "branches",
        "one sorts of_odd of_even join",
        Given(outputs={"of_odd.result": 2, "join.result": "1"}),
    ),
    flow(
        "nested",
        "one two middle.left.first middle.left.double middle.right.first middle.right.double middle.add "
        "middle.raw sum",
        Given(outputs={"middle.left.double.result": 4, "middle.total": 12, ".sum": 15}),
    ),
    flow("ordered", "late second mark last", Given(outputs={"last.result": "done"}), same_schema=False),
    flow("ordered_after_graph", "one inner.first inner.double last", Given(outputs={"last.result": "done"})),
    flow("literals", "two scale", Given(outputs={"scale.result": 10}), same_schema=False),
    flow(
        "defaults",
        "two scale",
        Given(outputs={"scale.result": 6}),
        Given({"ops": {"scale": {"inputs": {"factor": 4}}}}, outputs={"scale.result": 8}),
        Given({"ops": {"scale": {"inputs": {"factor": {"value": 4}}}}}, outputs={"scale.result": 8}),
        Given({"ops": {"scale": {"inputs": {"factor": "4"}}}}, error=REFUSED),
        Given({"ops": {"scale": {"inputs": {"value": 4}}}}, error=REFUSED, words="value"),
    ),
    flow(
        "top_inputs",
        "greet",
        Given({"inputs": {"name": "ab", "times": 2}}, outputs={"greet.result": "abab"}),
        Given(input_values={"name": "ab", "times": 1}, outputs={"greet.result": "ab"}),
        Given({"inputs": {"times": 1}}, input_values={"name": "x"}, outputs={"greet.result": "x"}),
        Given({"inputs": {"name": "y", "times": 1}}, input_values={"name": "x"}, error=REFUSED),
        Given({"inputs": {"name": "ab"}}, error=REFUSED, words="times"),
        Given(error=REFUSED, words="inputs"),
        Given(input_values={"name": "ab", "times": "2"}, error="TypeCheckDidNotPass", words="times"),
        Given(input_values={"naem": "ab"}, error="InvalidDefinitionError", words="naem"),
    ),
    flow(
        "own_inputs",
        "two greet count",
        Given(
            {"ops": {"greet": {"inputs": {"name": "x"}}, "count": {"inputs": {"rows": [1, {"value": 2}]}}}},
            outputs={"greet.result": "xx", "count.result": 2},
        ),
        Given({"ops": {"greet": {"inputs": {"name": "x"}}}}, error=REFUSED, words="count"),
        Given(
            {"ops": {"greet": {"inputs": {"name": 1}}, "count": {"inputs": {"rows": ["a"]}}}}, error=REFUSED
        ),
    ),
    flow(
        "any_input",
        "anything",
        Given({"inputs": {"value": {"value": [1]}}}, outputs={"anything.result": "[1]"}),
        Given({"inputs": {"value": 1}}, error=REFUSED),
    ),
    flow(
        "shared_input",
        "inner.first inner.double double",
        Given({"inputs": {"x": 3}}, outputs={"inner.result": 12, "double.result": 6}),
        Given({"inputs": {"x": 1.5}}, error=REFUSED),
    ),
    flow(
        "labels",
        "urgent soon mark",
        Given(),
        Given(tags={"team": "run", "n": [1]}),
        Given(tags={"n": (1,)}, error="InvalidDefinitionError", words="`n`"),
    ),
    flow("generators", "numbers add", Given(outputs={"numbers.second": 2, "add.result": 3})),
    flow("awaited", "stream later later_2 add", Given(outputs={"add.result": 203})),
    flow("reported", "reports", Given(outputs={"reports.result": 7})),
    settings(
        "fields",
        "fields",
        Given(op("fields", text="a"), outputs={"fields.result": "a 4 0.5 True ['a'] {}"}),
        Given(
            op("fields", text="a", number=1, ratio=2, flag=False, names=[], sizes={"s": 1}),
            outputs={"fields.result": "a 1 2.0 False [] {'s': 1}"},
        ),
        Given(error=REFUSED, words="ops"),
        Given(op("fields"), error=REFUSED, words="text"),
        Given(op("fields", text="a", txet="b", number=True, sizes={"s": "1"}, names="a"), error=REFUSED),
        Given(op("fields", text=None), error=REFUSED),
        Given({"ops": {"fields": {"config": {"text": "a"}, "inputs": {}}}}, error=REFUSED),
    ),
    settings(
        "whole",
        "whole",
        Given(op("whole", a=1), outputs={"whole.result": {"a": 1}}),
        Given(op("whole", a=1, b="x"), outputs={"whole.result": {"a": 1, "b": "x"}}),
    ),
    settings(
        "maybe",
        "maybe",
        Given(outputs={"maybe.result": "None"}),
        Given(op("maybe", level=3), outputs={"maybe.result": "3"}),
        Given(op("maybe", level="3"), error=REFUSED),
    ),
    settings(
        "hides",
        "hides",
        Given(op("hides", token="s3cr3t"), outputs={"hides.result": "**********"}),
        Given(op("hides", token=5), error=REFUSED),
    ),
    settings(
        "default_config",
        "a.whole a.f b.whole b.f",
        Given(outputs={"a.whole.result": {"a": 1}, "b.f.result": "y 9 0.5 True ['a'] {}"}),
        Given(
            {"ops": {"a": {"ops": {"whole": {"config": {"a": 5}}, "f": {"config": {"text": "z"}}}}}},
            outputs={"a.whole.result": {"a": 5}, "b.whole.result": {"a": 2, "b": "two"}},
        ),
        Given({"ops": {"a": {"ops": {"whole": {"config": {"a": 5}}}}}}, error=REFUSED, words="f"),
    ),
    settings(
        "needed_resources",
        "uses_text uses_session",
        Given(outputs={"uses_session.result": "session of managed tidy, 3"}),
        Given(
            {"resources": {"cleaned": {"config": {"prefix": "p"}}, "session": {"config": {"size": 1}}}},
            outputs={"uses_session.result": "session of managed p, 1"},
        ),
        Given({"resources": {"session": {"config": {"size": "1"}}}}, error=REFUSED),
        Given({"resources": {"sesion": {}}}, error=REFUSED, words="sesion"),
    ),
    settings(
        "bound_resource",
        "uses_text",
        Given({"resources": {"text": {"config": {"prefix": "q"}}}}, outputs={"uses_text.result": "q"}),
        Given(error=REFUSED, words="resources"),
    ),
    settings("broken_resource", "uses_broken", Given(error="ResourceFunctionError", words="broken")),
    settings("bad_ending", "uses_bad_ending", Given(outputs={"uses_bad_ending.result": 1})),
    settings("flaky", "flaky double", Given(outputs={"double.result": 4})),
    settings("too_flaky", "too_flaky double", Given(error="MaxRetriesExceededError", words="of 1")),
    settings("fails", "one fails double one_2 other", Given(error="ValueError", words="cannot use 1")),
    settings("gives_up", "gives_up", Given(error="MaxRetriesExceededError")),
    settings("asks_again", "asks_again", Given(outputs={"asks_again.result": 7})),
    settings("wrong_output", "wrong_output double", Given(error="TypeCheckDidNotPass", words="result")),
    settings("wrong_input", "one length", Given(error="TypeCheckDidNotPass", words="text")),
    settings("forgets", "forgets double double_2", Given(error="StepOutputNotFoundError", words="second")),
    settings("unknown_output", "unknown_output", Given(error="InvariantViolationError", words="first")),
    settings("fails_later", "fails_later", Given(error="TimeoutError", words="too late")),
    items(
        "mapped",
        "letters doubled letters_2 double",
        Given(outputs={"doubled.result": {"a": 0, "b": 2, "c": 4}}),
        Given(input_values={"count": 1}, outputs={"double.result": {"a": 0}}),
    ),
    items(
        "collected",
        "letters all double total",
        Given({"inputs": {"count": 3}}, outputs={"all.result": 3, "total.result": 6}),
        Given(error=REFUSED, words="count"),
    ),
    items(
        "mapped_twice",
        "letters double double_2 sums total",
        Given(outputs={"sums.result": {"a": 0, "b": 5, "c": 10}, "total.result": 12}),
    ),
    items(
        "mapped_graph",
        "letters fourfold.double fourfold.double_2 add total",
        Given(outputs={"fourfold.result": {"a": 0, "b": 4}, "total.result": 14}),
        Given(input_values={"more": 0}, outputs={"total.result": 4}),
    ),
    items(
        "graph_of_items",
        "doubled.letters doubled.double double total",
        Given(outputs={"doubled.result": {"a": 0, "b": 2, "c": 4}, "total.result": 12}),
    ),
    items(
        "several",
        "letters halves lows double highs",
        Given(outputs={"halves.high": {"a": 0, "b": 1, "c": 1}, "lows.result": 1, "highs.result": 4}),
    ),
    items("left_out", "letters odd total", Given(outputs={"total.result": 1})),
    items("none", "letters double total some_letters double_2 skipped", Given(outputs={"total.result": 0})),
    items("one_fails", "letters fails_at_one double total", Given(error="ValueError", words="cannot use 1")),
    items(
        "options",
        "tried double fourfold.double fourfold.double_2",
        Given(outputs={"tried.result": 3, "fourfold.result": 12}),
    ),
    around(
        "settled",
        "settle",
        Given(
            op("settle", database={"host": "a"}, source={"table": {"name": "t"}}, more={"other": [1]}),
            outputs={
                "settle.result": "{'database': {'host': 'a', 'port': 5432}, "
                "'source': {'table': {'name': 't', 'limit': 3}}, 'mode': 'exact', "
                "'more': {'known': 1, 'other': [1]}}"
            },
        ),
        Given(
            op("settle", database={"host": "a", "prot": 1}, source={"file": "f"}),
            error=REFUSED,
            words="`port`",
        ),
        Given(
            op("settle", database={"host": "a"}, source={"file": "f", "table": {}}),
            error=REFUSED,
            words="one of",
        ),
        Given(
            op("settle", database={"host": "a"}, source={"file": "f"}, mode="fats"),
            error=REFUSED,
            words="`fast`",
        ),
        Given(error=REFUSED, words='{"database": {"host": "text"}'),
    ),
    around(
        "mapped",
        "page",
        Given({"day": "monday"}, outputs={"page.result": ["monday.csv"] * 2}),
        Given({"day": "monday", "limit": 0}, outputs={"page.result": ["monday.csv"]}),
        Given({"day": 3}, error=REFUSED, words="config mapping"),
        Given(op("page", path="a"), error=REFUSED, words="`ops`"),
    ),
    around("mapped_by_hand", "page", Given({"day": "monday"}, outputs={"page.result": ["monday.csv"] * 2})),
    around("tried_again", "flaky", Given(outputs={"flaky.result": 1})),
    around(
        "watched",
        "page fails",
        Given(error="ValueError", words="never"),
        Given({"resources": {"room": {"config": {"name": "other"}}}}, error="ValueError"),
    ),
    around(
        "watched_in_part",
        "a b",
        Given(
            {"ops": {"a": {"config": {"path": "a"}}, "b": {"config": {"path": "b"}}}},
            outputs={"b.result": ["b", "b"]},
        ),
    ),
    around("breaking", "flaky", Given(outputs={"flaky.result": 1})),
    around("described", "page", Given(op("page", path="a"), outputs={"page.result": ["a", "a"]})),
)
