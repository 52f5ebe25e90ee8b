from __future__ import annotations

from jobc.cli.run_failures import NOTHING, failure_texts
from jobc.runtime.definitions.origin import SourceOrigin
from jobc.runtime.storage.errors import ErrorInfo
from jobc.runtime.storage.events import Event, EventKind, FailureData, ResourceData

CAUSE = ErrorInfo("KeyError", "'id'", ('  File "ops.py", line 3, in look_up\n    return row["id"]\n',))
RAISED = ErrorInfo("ValueError", "bad row", ("  File ...\n",), CAUSE)
RECORDED = ErrorInfo("ExecutionStepExecutionError", "op `clean` raised", (), RAISED)


def event(kind: EventKind, step: str | None, data: FailureData | ResourceData | None) -> Event:
    return Event(kind, "", 0.0, "run", "etl", step, step and step.partition("[")[0], data)


ORIGINS = {"sub.clean": SourceOrigin("shop.yaml", 9)}
STEP = event(EventKind.STEP_FAILURE, "sub.clean[a]", FailureData(RECORDED))
RUN = event(EventKind.RUN_FAILURE, None, FailureData(RECORDED))


def test_a_failed_step_is_told_with_the_first_cause_first() -> None:
    other = event(EventKind.STEP_SUCCESS, "read", None)
    assert list(failure_texts([other, STEP, RUN], ORIGINS)) == [
        (
            "step `sub.clean[a]` failed; its op is declared at shop.yaml:9\n"
            "Traceback (most recent call last):\n"
            '  File "ops.py", line 3, in look_up\n'
            '    return row["id"]\n'
            "KeyError: 'id'\n"
            "\n"
            "which led to\n"
            "Traceback (most recent call last):\n"
            "  File ...\n"
            "ValueError: bad row\n"
        )
    ]


def test_errors_that_only_wrap_are_told_on_demand() -> None:
    (text,) = failure_texts([STEP], {}, NOTHING)
    assert text.endswith("\nwhich led to\nExecutionStepExecutionError: op `clean` raised\n")


def test_a_resource_that_does_not_open_is_told() -> None:
    failed = event(EventKind.RESOURCE_INIT_FAILURE, None, ResourceData(("warehouse",), CAUSE))
    (text,) = failure_texts([failed, RUN], ORIGINS)
    assert text.startswith("resource `warehouse` failed to open\n")


def test_a_run_that_failed_without_a_step_is_told() -> None:
    (text,) = failure_texts([RUN], ORIGINS)
    assert text.startswith("the run failed\n")
    assert list(failure_texts([event(EventKind.RUN_FAILURE, None, None)], {})) == []
