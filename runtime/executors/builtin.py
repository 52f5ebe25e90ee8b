"""The executors that come with jobc, and their config (SEMANTICS 20)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from jobc.runtime.config import Array, Field, ScalarUnion, Selector, Shape, StringSource
from jobc.runtime.definitions.executor import ExecutorDefinition
from jobc.runtime.errors import CheckError
from jobc.runtime.executors.limits import PER_UNIQUE_VALUE, read_limits

if TYPE_CHECKING:
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.execute.state import RunState
    from jobc.runtime.executors.conductor import ConductorOptions
    from jobc.runtime.executors.protocol import Executor, InitExecutorContext
    from jobc.runtime.executors.tasks import JobAddress
    from jobc.runtime.storage.instance import Instance

RETRIES = Field(
    Selector({"enabled": {}, "disabled": {}}),
    default_value={"enabled": {}},
    description="Whether steps that fail are tried again, as their retry policies say.",
)
TAG_LIMITS = Field(
    Array(
        Shape(
            {
                "key": str,
                "value": Field(
                    ScalarUnion(str, Shape({PER_UNIQUE_VALUE: bool})),
                    is_required=False,
                    description="Count only steps with this value of the tag, or each value apart.",
                ),
                "limit": int,
            }
        )
    ),
    default_value=[],
    description="How many steps with a tag may run at once.",
)
_METHODS = ("forkserver", "spawn")
IN_PROCESS_CONFIG = {"retries": RETRIES}
MULTIPROCESS_CONFIG = {
    "max_concurrent": Field(
        int, default_value=0, description="How many steps run at once; 0 for as many as there are processors."
    ),
    "retries": RETRIES,
    "start_method": Field(
        ScalarUnion(str, Selector({method: {} for method in _METHODS})),
        is_required=False,
        description="How worker processes are started: `forkserver` (the default) or `spawn`.",
    ),
    "tag_concurrency_limits": TAG_LIMITS,
}
DASK_CONFIG = {
    "address": Field(
        StringSource,
        is_required=False,
        description="Where the scheduler of a running cluster is, as in `tcp://host:8786`; without it the "
        "run has a cluster of its own on this machine.",
    ),
    "connect_timeout_s": Field(
        float, default_value=10.0, description="How many seconds the scheduler may take to answer."
    ),
    "max_concurrent": Field(
        int,
        default_value=0,
        description="How many steps are submitted at once, and how many workers an own cluster has; 0 for "
        "all that are ready, and for as many workers as there are processors.",
    ),
    "retries": RETRIES,
    "tag_concurrency_limits": TAG_LIMITS,
}


class InProcess:
    """Carries out one step after another, in this process, with resources that are opened once."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self._retries = with_retries(config)

    def check(self, job: JobDefinition, instance: Instance) -> None:
        """Refuse nothing."""

    def carry_out(self, state: RunState, address: JobAddress) -> None:  # noqa: ARG002 - the job is here
        """Carry out the steps of a run."""
        from jobc.runtime.execute.run import run_steps_here

        state.retries = self._retries
        run_steps_here(state)


class Multiprocess:
    """Carries out steps in worker processes of this machine."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self._config = config

    def check(self, job: JobDefinition, instance: Instance) -> None:
        """Refuse what other processes cannot see."""
        from jobc.runtime.executors.requirements import check_durable

        check_durable(job, instance, "multiprocess")

    def carry_out(self, state: RunState, address: JobAddress) -> None:
        """Carry out the steps of a run.

        Errors: `CheckError` for numbers that make no sense.
        """
        from jobc.runtime.executors.conductor import Conductor
        from jobc.runtime.executors.multiprocess import Workers

        workers = Workers(_count(self._config) or _processors(), _method(self._config))
        Conductor(state, workers, conductor_options(self._config)).run_steps(address)


class Dask:
    """Carries out steps on a dask cluster: a running one, or one of its own on this machine."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self._config = config

    def check(self, job: JobDefinition, instance: Instance) -> None:
        """Refuse what other processes cannot see, and to begin without dask."""
        from jobc.runtime.executors.dask_cluster import check_installed
        from jobc.runtime.executors.requirements import check_durable

        check_installed()
        check_durable(job, instance, "dask")

    def carry_out(self, state: RunState, address: JobAddress) -> None:
        """Carry out the steps of a run.

        Errors: `CheckError` for numbers that make no sense; `UnmetExecutorRequirementsError` if no scheduler
        answers; `SubprocessError` if it is lost.
        """
        from jobc.runtime.executors.conductor import Conductor
        from jobc.runtime.executors.dask_carrier import DaskCarrier
        from jobc.runtime.executors.dask_cluster import OwnCluster, RunningCluster

        count, running = _count(self._config), cast("str | None", self._config.get("address"))
        cluster = OwnCluster(count or _processors()) if running is None else RunningCluster(running)
        patience_s = cast("float", self._config["connect_timeout_s"])
        carrier = DaskCarrier(state.plan, cluster, count or sys.maxsize, patience_s)
        Conductor(state, carrier, conductor_options(self._config)).run_steps(address)


def conductor_options(config: Mapping[str, object]) -> ConductorOptions:
    """Return what the config of an executor says of retries and of limits by tag.

    Errors: `CheckError` for a limit that admits nothing.
    """
    from jobc.runtime.executors.conductor import ConductorOptions

    limits = read_limits(config.get("tag_concurrency_limits"))
    for limit in limits:
        if limit.limit < 1:
            raise CheckError(f"the limit for the tag `{limit.key}` must be at least 1, not {limit.limit}")
    return ConductorOptions(with_retries(config), limits)


def with_retries(config: Mapping[str, object]) -> bool:
    """Tell whether the config of an executor leaves retries enabled."""
    return "disabled" not in cast("Mapping[str, object]", config.get("retries") or {})


def _count(config: Mapping[str, object]) -> int:
    count = cast("int", config.get("max_concurrent") or 0)
    if count < 0:
        raise CheckError(f"`max_concurrent` must not be negative: {count}")
    return count


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _method(config: Mapping[str, object]) -> str:
    given = config.get("start_method")
    method = next(iter(cast("Mapping[str, object]", given))) if isinstance(given, Mapping) else given
    if method is None:
        return _METHODS[0]
    if method not in _METHODS:
        raise CheckError(f"`start_method` must be `forkserver` or `spawn`, not {method!r}")
    return str(method)


def _config_of(context: InitExecutorContext) -> Mapping[str, object]:
    return cast("Mapping[str, object]", context.executor_config or {})


def _in_process(context: InitExecutorContext) -> Executor:
    return InProcess(_config_of(context))


def _multiprocess(context: InitExecutorContext) -> Executor:
    return Multiprocess(_config_of(context))


def _dask(context: InitExecutorContext) -> Executor:
    return Dask(_config_of(context))


def _either(context: InitExecutorContext) -> Executor:
    ((kind, config),) = _config_of(context).items() or (("multiprocess", {}),)
    made = InProcess if kind == "in_process" else Multiprocess
    return made(cast("Mapping[str, object]", config or {}))


in_process_executor = ExecutorDefinition(
    "in_process", IN_PROCESS_CONFIG, _in_process, "Runs one step after another, in one process."
)
multiprocess_executor = ExecutorDefinition(
    "multiprocess", MULTIPROCESS_CONFIG, _multiprocess, "Runs each step in a worker process of this machine."
)
dask_executor = ExecutorDefinition(
    "dask", DASK_CONFIG, _dask, "Runs each step on a worker of a dask cluster."
)
multi_or_in_process_executor = ExecutorDefinition(
    "multi_or_in_process",
    Field(
        Selector({"multiprocess": MULTIPROCESS_CONFIG, "in_process": IN_PROCESS_CONFIG}),
        default_value={"multiprocess": {}},
    ),
    _either,
    "Stands for the executor of jobs that name none: `multiprocess`, unless its config says `in_process`.",
)

EXECUTORS: Mapping[str, ExecutorDefinition] = {
    "in_process": in_process_executor,
    "multiprocess": multiprocess_executor,
    "dask": dask_executor,
}
"""The executors that specs and the command line know by name."""
