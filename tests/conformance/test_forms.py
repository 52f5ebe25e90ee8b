"""A job does the same whether it is written as a spec or with decorators."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jobc
from jobc.runtime.config import Shape
from jobc.runtime.config import describe as described
from jobc.runtime.plan.plan import build_plan
from tests.conformance.forms import around_decorated, flow_decorated, items_decorated, settings_decorated
from tests.conformance.forms.journal import LINES
from tests.conformance.forms.table import CASES, Case, Given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc import ExecuteInProcessResult, JobDefinition
    from jobc.runtime.storage.errors import ErrorInfo

FORMS = Path(__file__).parent / "forms"
DECORATED = {
    "around": around_decorated.JOBS,
    "flow": flow_decorated.JOBS,
    "items": items_decorated.JOBS,
    "settings": settings_decorated.JOBS,
}
PLACE = re.compile(r", declared at [^,;:\n]*\.yaml:\d+")
TIME = re.compile(r"in \d+\.\d ms")

RUNS = [(case, given) for case in CASES for given in case.runs]
IDS = [f"{case.job}-{number}" for case in CASES for number, _ in enumerate(case.runs)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a user can see of a run.

    `events` are kind and step of each, `told` their messages, `failures` the chain of errors of each failed
    step, `left` what the functions wrote down.
    """

    raised: tuple[str, str] | None
    success: bool | None
    outputs: dict[str, object]
    tags: dict[str, str]
    events: list[tuple[str, str | None]]
    told: list[str]
    failures: dict[str, list[tuple[str, str]]]
    left: list[str]


def written(case: Case) -> JobDefinition:
    return jobc.load(f"{FORMS}/{case.spec}.yaml#{case.job}")


def decorated(case: Case) -> JobDefinition:
    return DECORATED[case.spec][case.job]


def run(job: JobDefinition, given: Given, *, raise_on_error: bool) -> Outcome:
    LINES.clear()
    instance = jobc.Instance.ephemeral()
    raised: tuple[str, str] | None = None
    result: ExecuteInProcessResult | None = None
    try:
        result = job.execute_in_process(
            given.run_config,
            instance=instance,
            raise_on_error=raise_on_error,
            run_id="one",
            input_values=given.input_values,
            tags=given.tags,
        )
    except Exception as error:  # noqa: BLE001 - it is compared
        raised = (type(error).__name__, without_places(str(error)))
    record = instance.get_run_by_id("one")
    events = instance.all_events("one")
    return Outcome(
        raised,
        None if result is None else result.success,
        {} if result is None else outputs_of(job, result),
        {} if record is None else dict(record.tags),
        [(event.kind.value, event.step_key) for event in events],
        [without_places(event.message) for event in events],
        {} if result is None else failures_of(result),
        list(LINES),
    )


def outputs_of(job: JobDefinition, result: ExecuteInProcessResult) -> dict[str, object]:
    """Return every output that was produced, those of graphs too; of the job's own graph under `.NAME`."""
    found: dict[str, object] = {}
    for path, name in [*places_of_outputs(job.graph, ""), *(("", name) for name in job.graph.outputs)]:
        try:
            value = result.output_for_node(path, name) if path else result.output_value(name)
        except jobc.InvariantViolationError:
            continue
        found[f"{path}.{name}"] = value
    return found


def places_of_outputs(graph: jobc.GraphDefinition, prefix: str) -> Iterator[tuple[str, str]]:
    for node in graph.nodes.values():
        path = f"{prefix}{node.name}"
        yield from ((path, name) for name in node.definition.outs)
        if isinstance(node.definition, jobc.GraphDefinition):
            yield from places_of_outputs(node.definition, f"{path}.")


def failures_of(result: ExecuteInProcessResult) -> dict[str, list[tuple[str, str]]]:
    failures = {}
    for key in result.get_failed_step_keys():
        data = result.failure_data_for_node(key.partition("[")[0])
        assert data is not None
        failures[key] = [*chain(data.error), (repr(data.description), repr(data.metadata))]
    return failures


def chain(error: ErrorInfo | None) -> Iterator[tuple[str, str]]:
    while error is not None:
        yield error.class_name, without_places(error.message)
        error = error.cause


def without_places(text: str) -> str:
    """Leave out where an op is declared, which only specs know, how long it took, and undeclared config."""
    return TIME.sub("in … ms", PLACE.sub("", text)).replace("config?: {}", "config?: any")


def schema_of(shape: Shape) -> dict[tuple[str, bool], Any]:
    """Return a schema as nested dicts.

    Config of a definition that declares none is left out: `@op` lets anything stand there, for the context
    may be asked for it; a plain function without a context takes nothing.
    """
    fields: dict[tuple[str, bool], Any] = {}
    for name, field in shape.fields.items():
        inner = field.config_type
        is_undeclared = name == "config" and (described(inner) == "any" or inner == Shape({}))
        if not is_undeclared:
            fields[name, field.is_required] = schema_of(inner) if type(inner) is Shape else described(inner)
    return fields


@pytest.mark.parametrize(("case", "given"), RUNS, ids=IDS)
def test_the_outcome_is_the_expected_one(case: Case, given: Given) -> None:
    outcome = run(decorated(case), given, raise_on_error=True)
    assert (outcome.raised or (None, ""))[0] == given.error
    assert given.words in (outcome.raised or (None, ""))[1]
    assert {name: outcome.outputs.get(name) for name in given.outputs} == given.outputs


@pytest.mark.parametrize("raise_on_error", [True, False], ids=["raises", "records"])
@pytest.mark.parametrize(("case", "given"), RUNS, ids=IDS)
def test_both_forms_do_the_same(case: Case, given: Given, raise_on_error: bool) -> None:
    of_spec = run(written(case), given, raise_on_error=raise_on_error)
    assert of_spec == run(decorated(case), given, raise_on_error=raise_on_error)


@pytest.mark.parametrize("case", CASES, ids=[case.job for case in CASES])
def test_both_forms_have_the_same_steps(case: Case) -> None:
    for job in (written(case), decorated(case)):
        assert tuple(step.key for step in build_plan(job).steps) == case.steps
    assert [step.tags for step in build_plan(written(case)).steps] == [
        step.tags for step in build_plan(decorated(case)).steps
    ]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.same_schema], ids=[case.job for case in CASES if case.same_schema]
)
def test_both_forms_take_the_same_run_config(case: Case) -> None:
    assert schema_of(written(case).run_config_schema) == schema_of(decorated(case).run_config_schema)


@pytest.mark.parametrize(("case", "given"), RUNS, ids=IDS)
def test_two_runs_of_a_job_tell_the_same(case: Case, given: Given) -> None:
    first = run(decorated(case), given, raise_on_error=False)
    assert first == run(decorated(case), given, raise_on_error=False)
