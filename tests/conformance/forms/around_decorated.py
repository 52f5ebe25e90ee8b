"""The jobs of `around.yaml`, written with decorators."""

from __future__ import annotations

from typing import Any

from jobc import (
    ConfigMapping,
    Field,
    HookDefinition,
    JobDefinition,
    Permissive,
    RetryPolicy,
    Selector,
    event_list_hook,
    failure_hook,
    graph,
    op,
    resource,
    success_hook,
)
from jobc.runtime.config import Literal
from tests.conformance.forms import around

flaky, fails = op(around.flaky), op(around.fails)


@op(
    config_schema={
        "database": {"host": str, "port": Field(int, default_value=5432)},
        "source": Selector({"file": str, "table": {"name": str, "limit": Field(int, default_value=3)}}),
        "mode": Field(Literal(["fast", "exact"]), default_value="exact"),
        "more": Permissive({"known": Field(int, default_value=1)}),
    }
)
def settle(context: Any) -> str:
    return around.settle(context.op_config)


@op(config_schema={"path": str, "limit": Field(int, default_value=2)})
def page(context: Any) -> list[str]:
    return around.page(**context.op_config)


@resource(config_schema={"name": Field(str, default_value="orders")})
def room(context: Any) -> str:
    return around.room(context.resource_config["name"])


won = success_hook(required_resource_keys={"room"})(around.won)
lost, seen = failure_hook(around.lost), event_list_hook(around.seen)
breaks = success_hook(around.breaks)


@graph
def g_settle() -> None:
    settle()


@graph
def g_page() -> None:
    page()


@graph
def g_flaky() -> None:
    flaky()


@graph
def g_fails() -> None:
    page()
    fails()


@graph
def watched_in_part() -> None:
    page.alias("a").with_hooks({won})()
    page.alias("b")()


def by_day(params: dict[str, Any]) -> dict[str, Any]:
    return around.by_hand(params["day"], params["limit"])


PARAMS = {"day": str, "limit": Field(int, default_value=1)}
MAPPING = ConfigMapping(by_day, config_schema=PARAMS)
HOOKS: frozenset[HookDefinition] = frozenset({won, lost, seen})
JOBS: dict[str, JobDefinition] = {
    "settled": g_settle.to_job("settled"),
    "mapped": g_page.to_job("mapped", config=MAPPING),
    "mapped_by_hand": g_page.to_job("mapped_by_hand", config=MAPPING),
    "tried_again": g_flaky.to_job("tried_again", op_retry_policy=RetryPolicy(max_retries=1)),
    "watched": g_fails.to_job(
        "watched",
        resource_defs={"room": room},
        hooks=HOOKS,
        config={"ops": {"page": {"config": {"path": "a"}}}},
    ),
    "watched_in_part": watched_in_part.to_job("watched_in_part", resource_defs={"room": room}),
    "breaking": g_flaky.to_job(
        "breaking", hooks=frozenset({breaks, lost}), op_retry_policy=RetryPolicy(max_retries=1)
    ),
    "described": g_page.to_job("described", metadata={"owner": "ada"}, tags={"team": "orders"}),
}
