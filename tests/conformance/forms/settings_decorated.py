"""The jobs of `settings.yaml`, written with decorators."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jobc import Field, JobDefinition, Noneable, Out, RetryPolicy, SecretText, graph, job, op, resource
from tests.conformance.forms import settings
from tests.conformance.forms.settings import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

one, double, length, fails = op(settings.one), op(settings.double), op(settings.length), op(settings.fails)
flaky = op(retry_policy=RetryPolicy(max_retries=2))(settings.flaky)
too_flaky = op(name="too_flaky", retry_policy=RetryPolicy(max_retries=1))(settings.flaky)
gives_up = op(retry_policy=RetryPolicy())(settings.gives_up)
asks_again, fails_later = op(settings.asks_again), op(settings.fails_later)
wrong_output = op(out=Out(int))(settings.wrong_output)
forgets = op(out={"first": Out(int), "second": Out(int)})(settings.forgets)
unknown_output = op(out={"first": Out(int)})(settings.unknown_output)


@op(
    config_schema={
        "text": str,
        "number": Field(int, default_value=4),
        "ratio": Field(float, default_value=0.5),
        "flag": Field(bool, default_value=True),
        "names": Field([str], default_value=["a"]),
        "sizes": Field({str: int}, default_value={}),
    }
)
def fields(context: Any) -> str:
    return settings.fields(**context.op_config)


@op(config_schema={"a": int, "b": Field(str, is_required=False)})
def whole(context: Any) -> dict[str, Any]:
    return dict(context.op_config)


@op(config_schema={"level": Noneable(int)})
def maybe(context: Any) -> str:
    return repr(context.op_config["level"])


@op(config_schema={"token": SecretText})
def hides(context: Any) -> str:
    return settings.hides(context.op_config["token"], context)


@resource
def text() -> str:
    return settings.plain_text()


@resource(config_schema={"prefix": Field(str, default_value="tidy")})
def cleaned(context: Any) -> Iterator[str]:
    yield from settings.with_cleanup(context.resource_config["prefix"])


@resource(config_schema={"prefix": str})
def other_text(context: Any) -> Iterator[str]:
    yield from settings.with_cleanup(context.resource_config["prefix"])


@resource(required_resource_keys={"cleaned"})
@contextmanager
def managed(context: Any) -> Iterator[str]:
    with settings.managed(context.resources.cleaned) as opened:
        yield opened


@resource(config_schema={"size": Field(int, default_value=3)}, required_resource_keys={"managed"})
def session(context: Any) -> Iterator[Session]:
    with Session(context.resources.managed, context.resource_config["size"]) as opened:
        yield opened


@resource
def broken() -> str:
    return settings.refuses()


@resource
def ending() -> Iterator[int]:
    yield from settings.bad_ending()


@op(required_resource_keys={"text"})
def uses_text(context: Any) -> str:
    return str(context.resources.text)


@op(required_resource_keys={"session"})
def uses_session(context: Any) -> str:
    return str(context.resources.session.text)


@op(required_resource_keys={"cleaned", "broken"})
def uses_broken(context: Any) -> str:
    return str(context.resources.cleaned + context.resources.broken)


@op(required_resource_keys={"ending"})
def uses_bad_ending(context: Any) -> int:
    return int(context.resources.ending)


@job(name="fields")
def fields_job() -> None:
    fields()


@job(name="whole")
def whole_job() -> None:
    whole()


@job(name="maybe")
def maybe_job() -> None:
    maybe()


@job(name="hides")
def hides_job() -> None:
    hides()


@graph
def inner() -> None:
    whole()
    fields.alias("f")()


@job(
    config={
        "ops": {
            "a": {"ops": {"whole": {"config": {"a": 1}}, "f": {"config": {"text": "x"}}}},
            "b": {
                "ops": {
                    "whole": {"config": {"a": 2, "b": "two"}},
                    "f": {"config": {"text": "y", "number": 9}},
                }
            },
        }
    }
)
def default_config() -> None:
    inner.alias("a")()
    inner.alias("b")()


@job(resource_defs={"session": session, "managed": managed, "cleaned": cleaned, "text": text})
def needed_resources() -> None:
    uses_text()
    uses_session()


@job(resource_defs={"text": other_text})
def bound_resource() -> None:
    uses_text()


@job(resource_defs={"cleaned": cleaned, "broken": broken})
def broken_resource() -> None:
    uses_broken()


@job(resource_defs={"ending": ending})
def bad_ending() -> None:
    uses_bad_ending()


@job(name="flaky")
def flaky_job() -> None:
    double(flaky())


@job(name="too_flaky")
def too_flaky_job() -> None:
    double(too_flaky())


@job(name="fails")
def fails_job() -> None:
    double(fails(one()))
    double.alias("other")(one())


@job(name="gives_up")
def gives_up_job() -> None:
    gives_up()


@job(name="asks_again")
def asks_again_job() -> None:
    asks_again()


@job(name="wrong_output")
def wrong_output_job() -> None:
    double(wrong_output())


@job
def wrong_input() -> None:
    length(one())


@job(name="forgets")
def forgets_job() -> None:
    first, second = forgets()
    double(first)
    double(second)


@job(name="unknown_output")
def unknown_output_job() -> None:
    unknown_output()


@job(name="fails_later")
def fails_later_job() -> None:
    fails_later()


JOBS: dict[str, JobDefinition] = {
    each.name: each for each in list(globals().values()) if isinstance(each, JobDefinition)
}
