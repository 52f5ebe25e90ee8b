"""What runs when part of a job is selected, and what becomes of inputs whose source is not (SEMANTICS 6)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from jobc import (
    AssetKey,
    CheckError,
    DynamicOut,
    DynamicOutput,
    In,
    InputManager,
    InvalidConfigError,
    InvalidDefinitionError,
    InvalidSubsetError,
    Nothing,
    Out,
    RetryPolicy,
    graph,
    job,
    op,
    resource,
    success_hook,
)
from jobc.runtime.definitions.configured import changed
from jobc.runtime.errors import ParameterCheckError
from jobc.runtime.selection.subset import select_in_job, selected_job

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.execute.result import ExecuteInProcessResult


@op
def one() -> int:
    return 1


@op
def increased(value: int) -> int:
    return value + 1


@op
def summed(values: list[int]) -> int:
    return sum(values)


@op(out=DynamicOut(int))
def parts() -> Iterator[DynamicOutput[int]]:
    yield DynamicOutput(1, "one")
    yield DynamicOutput(2, "two")


@graph
def twice(value: int) -> int:
    made: int = increased.alias("second")(increased.alias("first")(value))
    return made


class Made:
    """A type whose values config cannot hold."""


def started(result: ExecuteInProcessResult) -> list[str | None]:
    return [event.step_key for event in result.all_events if event.event_type_value == "STEP_START"]


def with_inputs(**inputs: object) -> dict[str, object]:
    return {"ops": {node: {"inputs": {"value": value}} for node, value in inputs.items()}}


@job
def line() -> None:
    increased.alias("third")(increased.alias("second")(one.alias("first")()))


def test_sem_6_only_what_is_selected_runs() -> None:
    result = line.execute_in_process(op_selection=["*second"])
    assert started(result) == ["first", "second"]
    assert result.output_for_node("second") == 2


@pytest.mark.parametrize("selection", [None, [], ["*"], ["*third"], ["first", "second", "third"]])
def test_sem_6_no_selection_and_everything_are_the_whole_job(selection: list[str] | None) -> None:
    assert selected_job(line, selection) is line


def test_sem_6_the_same_selection_is_built_once() -> None:
    assert selected_job(line, ["first", "second"]) is selected_job(line, ["*second"])


def test_sem_6_a_loadable_input_takes_its_value_from_config() -> None:
    result = line.execute_in_process(op_selection=["second*"], run_config=with_inputs(second=10))
    assert result.output_for_node("third") == 12


def test_sem_6_a_loadable_input_without_a_value_is_missing() -> None:
    with pytest.raises(InvalidConfigError, match="second"):
        line.execute_in_process(op_selection=["second"])


def test_sem_6_a_default_takes_the_place_of_the_source() -> None:
    @op(ins={"value": In(int, default_value=41)})
    def lenient(value: int) -> int:
        return value + 1

    @job
    def defaulted() -> None:
        lenient(one())

    assert defaulted.execute_in_process().output_for_node("lenient") == 2
    assert defaulted.execute_in_process(op_selection=["lenient"]).output_for_node("lenient") == 42


def test_sem_6_an_input_manager_loads_in_place_of_the_source() -> None:
    class Loader(InputManager):
        def load_input(self, context: Any) -> object:
            return len(context.name)

    @op(ins={"value": In(int, input_manager_key="loader")})
    def loaded(value: int) -> int:
        return value

    @job(resource_defs={"loader": resource(lambda _: Loader())})
    def managed() -> None:
        loaded(one())

    assert managed.execute_in_process(op_selection=["loaded"]).output_for_node("loaded") == len("value")


def test_sem_6_an_order_needs_nothing_in_its_place() -> None:
    @op(ins={"before": In(Nothing)})
    def last() -> str:
        return "done"

    @job
    def ordered() -> None:
        last(before=one())

    assert ordered.execute_in_process(op_selection=["last"]).output_for_node("last") == "done"


def test_sem_6_a_fan_in_of_orders_without_any_source_needs_nothing() -> None:
    @op(ins={"before": In(Nothing)})
    def last() -> str:
        return "done"

    @job
    def ordered() -> None:
        last(before=[one(), one.alias("other")()])

    assert ordered.execute_in_process(op_selection=["last"]).output_for_node("last") == "done"


def test_sem_6_a_type_that_config_cannot_give_is_refused_before_anything_runs() -> None:
    @op
    def make() -> Made:
        raise AssertionError("nothing may run")

    @op
    def take(made: Made) -> None: ...

    @job
    def classes() -> None:
        take(make())

    with pytest.raises(InvalidSubsetError, match="no way of being resolved") as caught:
        classes.execute_in_process(op_selection=["take"])
    assert isinstance(caught.value.__cause__, InvalidDefinitionError)


@pytest.mark.parametrize(
    ("selection", "total"), [(["b", "c", "summed"], 2), (["c", "summed"], 1), (["summed"], 0), (["*"], 3)]
)
def test_sem_6_a_fan_in_keeps_the_sources_it_has_left(selection: list[str], total: int) -> None:
    @job
    def fan() -> None:
        summed([one.alias(name)() for name in "abc"])

    assert fan.execute_in_process(op_selection=selection).output_for_node("summed") == total


def test_sem_6_a_fan_in_keeps_its_order() -> None:
    @op
    def shown(values: list[str]) -> str:
        return "".join(values)

    def letter(name: str) -> Any:
        @op(name=name)
        def says() -> str:
            return name

        return says()

    @job
    def fan() -> None:
        shown([letter(name) for name in "zyxw"])

    assert fan.execute_in_process(op_selection=["w", "z", "x", "shown"]).output_for_node("shown") == "zxw"


@job
def mapped() -> None:
    summed(parts().map(increased).map(increased.alias("again")).collect())


def test_sem_6_the_body_of_a_map_without_its_emitter_is_a_plain_step() -> None:
    config = with_inputs(increased=5)
    result = mapped.execute_in_process(op_selection=["increased", "again"], run_config=config)
    assert started(result) == ["increased", "again"]
    assert result.output_for_node("again") == 7


def test_sem_6_the_emitter_and_the_body_stay_dynamic() -> None:
    result = mapped.execute_in_process(op_selection=["*again"])
    assert result.output_for_node("again") == {"one": 3, "two": 4}


def test_sem_6_a_collector_alone_has_an_ordinary_input() -> None:
    config = {"ops": {"summed": {"inputs": {"values": [1, 2, 3]}}}}
    result = mapped.execute_in_process(op_selection=["summed"], run_config=config)
    assert result.output_for_node("summed") == 6


@pytest.mark.parametrize("selection", [["again", "summed"], ["increased*"]])
def test_sem_6_a_collector_of_a_body_without_keys_is_refused(selection: list[str]) -> None:
    with pytest.raises(InvalidSubsetError, match=r"`summed` .*collects what `again` gives for each key"):
        mapped.execute_in_process(op_selection=selection)


def test_sem_6_a_fan_in_within_a_map_is_plain_without_the_emitter() -> None:
    @job
    def fanned() -> None:
        def body(value: Any) -> Any:
            return summed.alias("both")([increased(value), increased.alias("again")(value)])

        increased.alias("last")(summed(parts().map(body).collect()))

    assert fanned.execute_in_process().output_for_node("summed") == 10
    config = with_inputs(increased=1, again=2)
    kept = ["increased", "again", "both"]
    assert fanned.execute_in_process(op_selection=kept, run_config=config).output_for_node("both") == 5
    with pytest.raises(InvalidSubsetError, match="collects what `both` gives for each key"):
        selected_job(fanned, [*kept, "summed"])


def test_sem_6_a_graph_as_the_body_of_a_map_is_plain_without_the_emitter() -> None:
    @job
    def outer() -> None:
        summed(parts().map(twice).collect())

    result = outer.execute_in_process(op_selection=["twice"], run_config=with_inputs(twice=5))
    assert result.output_for_node("twice") == 7
    with pytest.raises(InvalidSubsetError, match="collects what `twice` gives"):
        selected_job(outer, ["twice", "summed"])


def test_sem_6_a_map_inside_a_graph_loses_its_keys_with_its_emitter() -> None:
    @graph
    def inside() -> Any:
        return parts().map(increased)

    @job
    def outer() -> None:
        inside().map(increased.alias("later"))

    config = {"ops": {"inside": {"ops": {"increased": {"inputs": {"value": 1}}}}}}
    result = outer.execute_in_process(op_selection=["inside.increased", "later"], run_config=config)
    assert started(result) == ["inside.increased", "later"]
    assert result.output_for_node("later") == 3


@job
def nested() -> None:
    rows = one()
    increased.alias("after")(twice(rows))
    twice.alias("other")(rows)


def test_sem_6_part_of_a_graph_runs_with_what_feeds_it() -> None:
    result = nested.execute_in_process(op_selection=["one", "twice.first"])
    assert started(result) == ["one", "twice.first"]
    assert result.output_for_node("twice.first") == 2


def test_sem_6_the_second_half_of_a_graph_is_configured_inside_it() -> None:
    config = {"ops": {"twice": {"ops": {"second": {"inputs": {"value": 20}}}}}}
    result = nested.execute_in_process(op_selection=["twice.second", "after"], run_config=config)
    assert result.output_for_node("after") == 22


def test_sem_6_a_graph_without_what_feeds_it_is_configured_at_its_border() -> None:
    result = nested.execute_in_process(op_selection=["twice"], run_config=with_inputs(twice=5))
    assert result.output_for_node("twice") == 7


def test_sem_6_a_graph_that_no_longer_makes_what_is_read_is_refused() -> None:
    with pytest.raises(
        InvalidSubsetError, match="results in an invalid graph: input `value` of `after` needs"
    ):
        selected_job(nested, ["twice.first", "after"])


def test_sem_6_one_graph_may_be_cut_in_two_ways() -> None:
    config = {"ops": {"other": {"ops": {"second": {"inputs": {"value": 1}}}}}}
    result = nested.execute_in_process(op_selection=["one", "twice.first", "other.second"], run_config=config)
    assert started(result) == ["one", "twice.first", "other.second"]
    kept = selected_job(nested, ["one", "twice.first", "other"]).graph
    assert kept.nodes["other"].definition is twice
    assert kept.nodes["twice"].definition is not twice


def test_sem_6_a_graph_cut_twice_in_the_same_way_is_one_definition() -> None:
    kept = selected_job(nested, ["one", "twice.first", "other.first"]).graph
    assert kept.nodes["other"].definition is kept.nodes["twice"].definition


def test_sem_6_both_a_graph_and_a_part_of_it_are_the_graph() -> None:
    assert selected_job(nested, ["twice", "twice.first"]) is selected_job(nested, ["twice"])


def test_sem_6_resources_of_unselected_ops_are_not_opened() -> None:
    opened = []

    @resource
    def heavy(_: object) -> int:
        opened.append("heavy")
        return 1

    @op(required_resource_keys={"heavy"})
    def needs_it() -> int:
        return 1

    @job(resource_defs={"heavy": heavy})
    def light() -> None:
        needs_it()
        one()

    light.execute_in_process(op_selection=["one"])
    assert opened == []
    light.execute_in_process(op_selection=["needs_it"])
    assert opened == ["heavy"]


def test_sem_6_hooks_tags_and_retries_stay() -> None:
    seen = []

    @success_hook
    def note(context: Any) -> None:
        seen.append(context.op.name)

    @job(hooks={note}, tags={"team": "orders"}, op_retry_policy=RetryPolicy(max_retries=2))
    def hooked() -> None:
        increased(one())

    kept = selected_job(hooked, ["one"])
    assert (kept.tags, kept.op_retry_policy) == (hooked.tags, hooked.op_retry_policy)
    kept.execute_in_process()
    assert seen == ["one"]


@graph
def fed(left: int, right: int) -> None:
    increased.alias("l")(left)
    increased.alias("r")(right)


def test_sem_6_input_values_stay_and_the_unused_are_ignored() -> None:
    both = fed.to_job(input_values={"left": 1, "right": 10})
    result = both.execute_in_process(op_selection=["r"])
    assert result.output_for_node("r") == 11
    assert dict(selected_job(both, ["r"]).input_values) == {"right": 10}


def test_sem_6_config_of_the_selected_stays() -> None:
    @op(config_schema={"by": int})
    def grown(context: Any, value: int) -> int:
        return value + int(context.op_config["by"])

    @job(config={"ops": {"grown": {"config": {"by": 5}}}})
    def configured() -> None:
        increased(grown(one()))

    assert configured.execute_in_process(op_selection=["*grown"]).output_for_node("grown") == 6


def test_sem_6_a_selection_of_a_selection_knows_what_both_left_out() -> None:
    smaller = selected_job(selected_job(line, ["*second"]), ["first"])
    assert list(smaller.graph.nodes) == ["first"]
    assert smaller.graph.unselected_nodes == {"second", "third"}
    assert selected_job(smaller, ["*"]) is smaller


def test_sem_6_what_a_graph_no_longer_reads_is_no_input_of_it() -> None:
    part = selected_job(fed.to_job(input_values={"left": 1, "right": 2}), ["l"]).graph
    assert list(part.ins) == ["left"]
    assert part.unselected_inputs == {"right"}


@op(out=Out(int, asset_key=AssetKey(["daily", "orders"])))
def orders() -> int:
    return 1


@op(out=Out(datetime, asset_key="stamp"))
def stamp() -> datetime:
    return datetime(2024, 1, 1)  # noqa: DTZ001 - any moment will do


@job
def assets() -> None:
    increased(orders())
    stamp()


def test_sem_6_assets_select_the_ops_that_make_them() -> None:
    result = assets.execute_in_process(asset_selection=[AssetKey(["daily", "orders"])])
    assert started(result) == ["orders"]
    both = [AssetKey("stamp"), AssetKey(["daily", "orders"])]
    assert list(selected_job(assets, None, both).graph.nodes) == ["orders", "stamp"]


def test_sem_6_an_unknown_asset_is_named() -> None:
    with pytest.raises(
        InvalidSubsetError, match="`daily/order` of `asset_selection`; did you mean `daily/orders`"
    ):
        selected_job(assets, None, [AssetKey("stamp"), AssetKey(["daily", "order"])])
    with pytest.raises(InvalidSubsetError, match="it makes none"):
        selected_job(line, None, [AssetKey("stamp")])


@pytest.mark.parametrize("selection", ["first", {"first"}, {"first": 1}, 3])
def test_sem_6_op_selection_is_a_list(selection: Any) -> None:
    with pytest.raises(ParameterCheckError, match="`op_selection` must be a list"):
        selected_job(line, selection)


def test_sem_6_clauses_are_text_and_assets_are_keys() -> None:
    wrong: Any = ["first", 3]
    with pytest.raises(CheckError, match="clause 2 of `op_selection` must be text, not 3"):
        selected_job(line, wrong)
    text: Any = ["stamp"]
    with pytest.raises(CheckError, match="must hold AssetKeys only, not 'stamp'"):
        selected_job(assets, None, text)


def test_sem_6_ops_and_assets_are_not_selected_together() -> None:
    with pytest.raises(CheckError, match="exclude each other"):
        selected_job(assets, ["orders"], [AssetKey("stamp")])


def test_sem_6_the_error_shows_the_whole_list() -> None:
    with pytest.raises(InvalidSubsetError) as caught:
        line.execute_in_process(op_selection=["first", "*secnd+"])
    assert str(caught.value) == (
        "No qualified ops to execute found for op_selection=['first', '*secnd+']: job `line` has no node "
        "`secnd`; did you mean `second`? (clause 2, position 1)\n"
        "    *secnd+\n"
        "     ^^^^^"
    )
    assert (caught.value.clause, caught.value.position) == (1, 1)


def with_selections(job: JobDefinition, selections: Mapping[str, str | list[str]]) -> JobDefinition:
    return changed(job, selections=selections)


def test_sem_7_named_selections_serve_jobs_too() -> None:
    kept = selected_job(with_selections(line, {"start": ["first", "second"]}), ["@start"])
    assert list(kept.graph.nodes) == ["first", "second"]


def test_sem_7_selections_may_not_nest_without_end() -> None:
    selections = {f"s{number}": f"not (not @s{number + 1})" for number in range(100)}
    selections["s100"] = "first"
    assert select_in_job(with_selections(line, selections), "@s90").paths == ("first",)
    with pytest.raises(InvalidSubsetError, match="more than 80 sets stand inside each other"):
        select_in_job(with_selections(line, selections), "@s0")


def test_sem_7_explain_shows_every_part() -> None:
    query = "*third except (second or name:x) or @start"
    found = select_in_job(with_selections(line, {"start": "roots(name:*)"}), query)
    assert [str(part) for part in found.explain()] == [
        "third  ->  third",
        "*third  ->  first, second, third",
        "second  ->  second",
        "name:x  ->  nothing",
        "second or name:x  ->  second",
        "except (second or name:x)  ->  second",
        "*third except (second or name:x)  ->  first, third",
        "name:*  ->  first, second, third",
        "roots(name:*)  ->  first",
        "@start  ->  first",
        "*third except (second or name:x) or @start  ->  first, third",
    ]
    assert str(select_in_job(line, ["first", "third"]).explain()[-1]) == "first, third  ->  first, third"
