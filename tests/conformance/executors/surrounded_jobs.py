"""Jobs of the table whose point is what is around steps: resources, IO managers, hooks, config, records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobc import (
    AssetMaterialization,
    Config,
    ConfigMapping,
    Field,
    In,
    InputManager,
    IOManager,
    MemoizableIOManager,
    Out,
    ResourceDefinition,
    RetryPolicy,
    SecretText,
    StaticPartitionsDefinition,
    VersionStrategy,
    event_list_hook,
    failure_hook,
    graph,
    io_manager,
    job,
    logger,
    op,
    resource,
    static_partitioned_config,
    success_hook,
)
from jobc.runtime.definitions.io_manager import IOManagerDefinition
from tests.conformance.executors.failing_jobs import succeeds_at
from tests.conformance.executors.flow_jobs import double, letters, one, text_of, total, two

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator

# --- resources ---


@resource(config_schema={"name": Field(str, default_value="base")})
def base(context: Any) -> Iterator[str]:
    yield context.resource_config["name"]
    raise RuntimeError("base does not close")


@resource(required_resource_keys={"base"})
def above(context: Any) -> Iterator[str]:
    yield f"above {context.resources.base}"
    context.log.info("above is closed")


@resource
def unused() -> str:
    raise AssertionError("nothing needs this one")


@resource
def closed() -> str:
    raise ConnectionError("the door is closed")


@op(required_resource_keys={"above"})
def uses_above(context: Any) -> str:
    return str(context.resources.above)


@op(required_resource_keys={"base"})
def uses_base(context: Any, value: int) -> str:
    return f"{context.resources.base} {value}"


@op
def undeclared(context: Any) -> str:
    return str(context.resources.base)


RESOURCES = {"base": base, "above": above, "unused": unused}


@job(resource_defs=RESOURCES)
def resources() -> None:
    text_of(uses_above())
    uses_base(one())


@job(resource_defs={**RESOURCES, "base": base.configured({"name": "set before"})})
def undeclared_resource() -> None:
    undeclared()
    uses_base(one())


@job(resource_defs=RESOURCES)
def resources_of_instances() -> None:
    text_of(letters(two()).map(uses_base).collect())


@op(required_resource_keys={"closed"}, retry_policy=RetryPolicy(max_retries=1))
def uses_closed(context: Any) -> str:
    return str(context.resources.closed)


@job(resource_defs={"closed": closed})
def closed_resource() -> None:
    double(uses_closed())


# --- hooks ---


@success_hook(required_resource_keys={"base"})
def told(context: Any) -> None:
    context.log.info(f"{context.step_key} {context.op_output_values} {context.resources.base}")


@success_hook
def breaks(_context: Any) -> None:
    raise LookupError("a hook that breaks")


@failure_hook
def mourns(context: Any) -> None:
    context.log.info(f"{context.step_key} {context.op_exception!r} {context.op_output_values}")


@event_list_hook
def counts(context: Any, events: Any) -> None:
    context.log.info(f"{context.step_key} {[event.kind.value for event in events]}")


@graph
def watched_graph(value: int) -> Any:
    return double(succeeds_at(value))


@job(hooks={mourns, counts}, resource_defs={"base": ResourceDefinition.hardcoded_resource(10)})
def hooks_everywhere() -> None:
    inner = watched_graph.with_hooks({told})(one())
    text_of.with_hooks({breaks, told})(inner)
    tried = succeeds_at.alias("tried").with_retry_policy(RetryPolicy(max_retries=1))(one.alias("first")())
    letters(tried).map(double)


# --- IO managers ---


class JsonFiles(IOManager):
    """Keeps values as JSON; tells of what it wrote."""

    def __init__(self, folder: str, opens: int) -> None:
        self.folder = Path(folder)
        self.opens = opens

    def _path(self, context: Any) -> Path:
        return self.folder / "-".join(context.get_identifier())

    def handle_output(self, context: Any, obj: Any) -> Iterator[Any]:
        if obj == self.opens:
            raise OSError(f"{obj} is not stored")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._path(context).write_text(json.dumps(obj))
        yield AssetMaterialization("written", metadata={"step": context.step_key})
        context.add_output_metadata({"size": len(json.dumps(obj))})

    def load_input(self, context: Any) -> object:
        value = json.loads(self._path(context.upstream_output).read_text())
        if value == self.opens + 1:
            raise OSError(f"{value} is not loaded")
        context.add_input_metadata({"seen": value})
        return value


@io_manager(config_schema={"refused": Field(int, default_value=-10)})
def json_files(context: Any) -> JsonFiles:
    return JsonFiles(f"{context.instance.storage_directory()}/json", context.resource_config["refused"])


class FromNowhere(InputManager):
    def load_input(self, context: Any) -> object:
        return f"{context.name} of {context.step_key}"


@op(out=Out(int, io_manager_key="json_files", metadata={"kind": "json"}))
def kept_as_json() -> int:
    return 4


@op(ins={"value": In(str, input_manager_key="nowhere")})
def from_nowhere(value: str) -> str:
    return value


@op(out=Out(int, io_manager_key="json_files"), retry_policy=RetryPolicy(max_retries=1))
def kept_at_last(context: Any) -> int:
    return -10 if context.retry_number == 0 else 10


MANAGERS = {"json_files": json_files, "nowhere": IOManagerDefinition(lambda _context: FromNowhere())}


@job(resource_defs=MANAGERS)
def io_managers() -> None:
    double(kept_as_json())
    text_of.alias("of_nowhere")(from_nowhere(one()))
    from_nowhere.alias("unconnected")()
    total([kept_at_last(), two()])


@job(resource_defs={"io_manager": json_files, "nowhere": MANAGERS["nowhere"]})
def another_default_manager() -> None:
    text_of(letters(two()).map(double).collect())


@op(out=Out(int, io_manager_key="json_files"))
def unloadable() -> int:
    return -9


@job(resource_defs=MANAGERS)
def managers_that_fail() -> None:
    double(unloadable())
    two.alias("beside")()
    kept_at_last.alias("not_stored").with_retry_policy(RetryPolicy(max_retries=0))()


# --- config ---


@op(config_schema={"add": Field(int, default_value=1), "names": Field([str], default_value=[])})
def configured(context: Any, value: int) -> list[Any]:
    return [value + context.op_config["add"], *context.op_config["names"]]


class Reading(Config):
    path: str
    limit: int = 10


@op
def reads(config: Reading) -> str:
    return f"{config.path}:{config.limit}"


@job(config={"ops": {"reads": {"config": {"path": "a.csv", "limit": 2}}}})
def with_config() -> None:
    configured(one())
    reads()


def _of_day(params: dict[str, Any]) -> dict[str, Any]:
    return {"ops": {"reads": {"config": {"path": f"{params['day']}.csv"}}}}


@job(config=ConfigMapping(_of_day, config_schema={"day": str}))
def with_mapping() -> None:
    reads()


@static_partitioned_config(["eu", "us"])
def by_region(key: str) -> dict[str, Any]:
    return {"ops": {"reads": {"config": {"path": f"{key}.csv"}}}}


@op
def partition(context: Any) -> list[str | None]:
    return [context.partition_key, context.get_tag("jobc/partition")]


@job(config=by_region)
def with_partitions() -> None:
    reads()
    partition()


@job(partitions_def=StaticPartitionsDefinition(["a", "b"]))
def partitions_alone() -> None:
    partition()


@op(config_schema={"token": SecretText, "place": str})
def logs_in(context: Any) -> str:
    token = context.op_config["token"].get_secret_value()
    context.log.warning(f"the token is {token}")
    if context.op_config["place"] == "nowhere":
        raise ConnectionError(f"{token} is refused")
    return f"{context.op_config['place']} {len(token)}"


@job
def with_secrets() -> None:
    logs_in()
    logs_in.alias("refused")()


LOGIN = {"token": "c4n4ry", "place": "here"}
SECRETS = {
    "ops": {"logs_in": {"config": LOGIN}, "refused": {"config": {"token": "h1dden", "place": "nowhere"}}}
}
FROM_ENVIRONMENT = {"ops": {"reads": {"config": {"path": {"env": "CONFORMANCE_PATH"}}}}}


@logger(config_schema={"mark": str})
def marked(context: Any) -> logging.Logger:
    from logging import Formatter, StreamHandler, getLogger

    found = getLogger(f"conformance.{context.logger_config['mark']}")
    found.handlers = [StreamHandler()]
    found.handlers[0].setFormatter(Formatter(f"{context.logger_config['mark']} %(levelname)s %(message)s"))
    found.propagate = False
    return found


@op
def speaks(context: Any) -> None:
    context.log.warning("spoken")


@job(logger_defs={"marked": marked})
def own_logger() -> None:
    speaks()


# --- memoised, and run again ---


class ByName(VersionStrategy):
    def get_op_version(self, context: Any) -> str:
        return str(context.op_def.name)

    def get_resource_version(self, context: Any) -> str:  # noqa: ARG002 - all are alike
        return "1"


@job(version_strategy=ByName(), resource_defs={"base": ResourceDefinition.hardcoded_resource("base")})
def memoised() -> None:
    text_of(configured(one()))
    uses_base(two())


class Shelf(MemoizableIOManager):
    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def _path(self, context: Any) -> Path:
        return self.folder / "-".join([context.step_key, context.name, context.version])

    def handle_output(self, context: Any, obj: Any) -> None:
        self.folder.mkdir(exist_ok=True, parents=True)
        self._path(context).write_text(json.dumps(obj))

    def load_input(self, context: Any) -> object:
        return json.loads(self._path(context.upstream_output).read_text())

    def has_output(self, context: Any) -> bool:
        return self._path(context).exists()


@io_manager
def shelf(context: Any) -> Shelf:
    return Shelf(f"{context.instance.storage_directory()}/shelf")


@job(version_strategy=ByName(), resource_defs={"io_manager": shelf})
def memoised_elsewhere() -> None:
    text_of(configured(one()))


@op(config_schema={"fails": bool})
def may_fail(context: Any, value: int) -> int:
    if context.op_config["fails"] and value != 0:
        raise ValueError(f"refuses {value}")
    return value + 1


def may_fail_config(*, fails: bool) -> dict[str, Any]:
    return {"ops": {name: {"config": {"fails": fails}} for name in ("may_fail", "beside")}}


@job
def mended() -> None:
    double(may_fail(one()))
    text_of(may_fail.alias("beside")(double.alias("two")(one.alias("first")())))


@job
def mended_instances() -> None:
    total(letters(two()).map(may_fail).collect())
