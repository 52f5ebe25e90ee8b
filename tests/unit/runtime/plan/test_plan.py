"""The execution plan: flattened steps in the order they run, every value with a slot of its own."""

from __future__ import annotations

from typing import Any

import pytest

from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.hook import success_hook
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.policies import RetryPolicy
from jobc.runtime.definitions.ports import DynamicOut, In, Out
from jobc.runtime.definitions.values import DynamicOutput
from jobc.runtime.errors import InvalidDefinitionError
from jobc.runtime.plan.order import execution_order, priority_of
from jobc.runtime.plan.plan import build_plan
from jobc.runtime.plan.steps import MISSING, Collected, FromStep, FromSteps


@op
def one() -> int:
    return 1


@op(tags={"team": "a", "cost": "low"}, retry_policy=RetryPolicy(1))
def add(a: int, b: int) -> int:
    return a + b


@op
def talks(context: Any, a: int) -> int:
    return a + len(context.step_key)


@op
def gather(values: list[int]) -> list[int]:
    return values


@op(out=DynamicOut(int))
def parts() -> list[DynamicOutput[int]]:
    return [DynamicOutput(1, "x")]


@graph
def inner(x: Any) -> Any:
    return add.alias("sum")(x, one())


@job(op_retry_policy=RetryPolicy(9))
def nested() -> None:
    total = inner.alias("first")(one())
    inner.alias("second")(total)


def test_nested_graphs_are_flattened_and_references_cross_their_borders() -> None:
    plan = build_plan(nested)
    assert [step.key for step in plan.steps] == ["one", "first.one", "first.sum", "second.one", "second.sum"]
    assert plan.steps[4].inputs[0].source == FromStep(2, 0, plan.steps[2].outputs[0].slot)
    assert plan.steps[4].upstream == (2, 3)
    assert plan.find("second.sum") is plan.steps[4]
    assert plan.find("second") is None


def test_every_value_has_a_slot_of_its_own() -> None:
    plan = build_plan(nested)
    slots = [output.slot for step in plan.steps for output in step.outputs]
    assert len(set(slots)) == len(slots)
    assert all(plan.template[slot] is MISSING for slot in slots)


def test_a_plan_is_built_once_per_job() -> None:
    assert build_plan(nested) is build_plan(nested)

    @success_hook
    def hook(_context: object) -> None: ...

    hooked = build_plan(nested.with_hooks({hook}))
    assert hooked is not build_plan(nested)
    assert [step.hooks for step in hooked.steps] == [(hook,)] * 5


def test_retry_policies_and_tags_are_settled() -> None:
    @job(op_retry_policy=RetryPolicy(9))
    def settled() -> None:
        a = one()
        add.alias("own")(a, a)
        add.alias("given").with_retry_policy(RetryPolicy(3)).tag({"cost": "high"})(a, a)

    plan = build_plan(settled)
    policies = [step.retry_policy.max_retries for step in plan.steps if step.retry_policy is not None]
    assert policies == [9, 1, 3]
    assert plan.steps[2].tags == {"team": "a", "cost": "high"}


def test_the_axis_of_mapped_steps() -> None:
    @job
    def mapped() -> None:
        emitted = parts()
        base = one()
        sums = emitted.map(lambda part: add(part, base))
        gather(sums.collect())
        gather.alias("raw")(parts.alias("again")().collect())

    plan = build_plan(mapped)
    axis = plan.steps[plan.index["parts"]].outputs[0].slot
    sums = plan.steps[plan.index["add"]]
    assert sums.axis == axis
    assert sums.inputs[0].source == FromStep(plan.index["parts"], 0, axis, per_key=True)
    assert sums.inputs[1].source == FromStep(
        plan.index["one"], 0, plan.steps[plan.index["one"]].outputs[0].slot
    )
    gathered = plan.steps[plan.index["gather"]]
    assert gathered.axis is None
    assert gathered.inputs[0].source == Collected(plan.index["add"], 0, sums.outputs[0].slot, axis)
    assert sums.key_of("x") == "add[x]"


def test_a_fan_in_keeps_its_order() -> None:
    @job
    def fan() -> None:
        gather([one.alias("b")(), one.alias("a")()])

    plan = build_plan(fan)
    source = plan.steps[2].inputs[0].source
    assert isinstance(source, FromSteps)
    assert [plan.steps[member.step].key for member in source.members if isinstance(member, FromStep)] == [
        "b",
        "a",
    ]


@op(out={"a": Out(), "b": Out()})
def pair() -> tuple[int, int]:
    return 1, 2


@op(ins={"a": In(input_manager_key="loader")})
def loads(a: int) -> int:
    return a


@op(out=Out(io_manager_key="files"))
def stores() -> int:
    return 1


PLAIN = {
    "one": True,
    "add": True,
    "talks": True,
    "pair": False,
    "parts": False,
    "loads": False,
    "stores": False,
}


@pytest.mark.parametrize(("name", "is_plain"), PLAIN.items(), ids=list(PLAIN))
def test_what_takes_the_short_path(name: str, is_plain: bool) -> None:
    @job(resource_defs={"loader": 1, "files": 2})
    def various() -> None:
        number = one()
        add(number, number)
        talks(number)
        pair()
        parts()
        loads(number)
        stores()

    step = build_plan(various).find(name)
    assert step is not None
    assert (step.plain is not None) is is_plain


def test_resources_and_managers_that_a_run_needs() -> None:
    @success_hook(required_resource_keys={"pager"})
    def hook(_context: object) -> None: ...

    @op(required_resource_keys={"store"})
    def uses() -> int:
        return 1

    @job(resource_defs={"loader": 1, "files": 2, "store": 3, "pager": 4, "spare": 5}, hooks={hook})
    def various() -> None:
        uses()
        loads(stores())

    plan = build_plan(various)
    assert plan.resource_keys == {"store", "pager"}
    assert plan.manager_keys == {"io_manager", "loader", "files"}


ORDERS: dict[str, tuple[list[list[int]], dict[int, int], list[int]]] = {
    "as_written": ([[], [], [0, 1]], {}, [0, 1, 2]),
    "written_before_its_need": ([[2], [], []], {}, [1, 2, 0]),
    "priority_first": ([[], [], []], {2: 1}, [2, 0, 1]),
    "negative_last": ([[], [], []], {0: -1}, [1, 2, 0]),
    "priority_does_not_pull_needs": ([[], [], [1]], {2: 9}, [0, 1, 2]),
    "twice_the_same_need": ([[1, 1], []], {}, [1, 0]),
}


@pytest.mark.parametrize(
    ("needs", "priorities", "order"), ORDERS.values(), ids=[f"sem_19_{name}" for name in ORDERS]
)
def test_the_order_of_steps(needs: list[list[int]], priorities: dict[int, int], order: list[int]) -> None:
    assert execution_order(needs, priorities, [f"s{position}" for position in range(len(needs))]) == order


def test_steps_that_wait_for_one_another_are_named() -> None:
    with pytest.raises(InvalidDefinitionError, match="`b`, `c`"):
        execution_order([[], [2], [1]], {}, ["a", "b", "c"])


def test_sem_19_the_default_priority_is_zero() -> None:
    assert priority_of({}, "x") == 0
    assert priority_of({"jobc/priority": "-3"}, "x") == -3
