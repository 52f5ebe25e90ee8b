"""Jobs of the tests of the `dask` executor; workers import this module, too."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobc import In, Nothing, Out, RetryPolicy, dask_executor, failure_hook, job, op, resource, success_hook
from tests.conformance.executor_jobs import increased, one

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = {"folder": str}
"""Where ops leave notes: a running cluster keeps its own environment, so config says it."""


def note(context: Any, text: object) -> None:
    """Add a line to the file that is named after the step."""
    with Path(context.op_config["folder"], context.step_key).open("a") as notes:
        notes.write(f"{text}\n")


def stay(context: Any) -> None:
    """Note the process id, and its parent's, and stay until there is a file `NAME.go`."""
    note(context, f"{os.getpid()} {dask_worker_of(os.getpid())}")
    while not Path(context.op_config["folder"], f"{context.step_key}.go").exists():
        time.sleep(0.005)


def dask_worker_of(pid: int) -> int:
    """Return the dask worker above a step's process: its parent's parent."""
    for _ in range(2):
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return pid


@op(config_schema=FOLDER)
def noted(context: Any) -> int:
    note(context, dask_worker_of(os.getpid()))
    return 1


@op(config_schema=FOLDER)
def held(context: Any, value: int) -> int:
    stay(context)
    return value + 1


@op(config_schema=FOLDER, out={"left": Out(int), "right": Out(int)})
def split(context: Any, value: int) -> tuple[int, int]:
    note(context, dask_worker_of(os.getpid()))
    return value, value


@job
def held_chain() -> None:
    """A noted step, a held one, and one after both."""
    left, _ = split(held(noted()))
    increased(left)


@op(timeout_s=0.3, config_schema=FOLDER)
def endless(context: Any) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    note(context, f"{os.getpid()} {child.pid}")
    time.sleep(600)


@job
def over_time() -> None:
    endless()
    one()


@op(timeout_s=0.3, retry_policy=RetryPolicy(max_retries=1))
def slow_once(context: Any) -> int:
    if context.retry_number == 0:
        time.sleep(600)
    return int(context.retry_number)


@job
def slow_then_quick() -> None:
    increased(slow_once())


@op
def dying() -> int:
    print("these are my last words", file=sys.stderr)
    os._exit(7)


@job
def deadly() -> None:
    increased.alias("after")(dying())
    increased.alias("beside")(one())


@success_hook
def deadly_hook(context: Any) -> None:
    context.log.info("before the end")
    os._exit(8)


@job
def dies_in_hook() -> None:
    increased(one.with_hooks({deadly_hook})())


@failure_hook
def tell_failure(context: Any) -> None:
    context.log.error(f"told of {context.step_key}: {type(context.op_exception).__name__}")


@job(hooks={tell_failure})
def deadly_with_hook() -> None:
    dying()


@op
def killing_workers() -> None:
    os.kill(dask_worker_of(os.getpid()), 9)
    time.sleep(600)


@job
def poisonous() -> None:
    killing_workers()


@resource(config_schema=FOLDER)
def opened(context: Any) -> Iterator[str]:
    folder = context.resource_config["folder"]
    notes = Path(folder, "opened")
    with notes.open("a") as file:
        file.write("open ")
    yield folder
    with notes.open("a") as file:
        file.write("close ")


@op(required_resource_keys={"opened"}, config_schema=FOLDER)
def holding(context: Any) -> None:
    stay(context)


@op(ins={"before": In(Nothing)}, config_schema=FOLDER)
def never_reached(context: Any) -> None:
    note(context, "reached")


@job(resource_defs={"opened": opened})
def interruptible() -> None:
    never_reached(holding())


@success_hook(required_resource_keys={"opened"})
def endless_hook(context: Any) -> None:
    Path(context.resources.opened, "hook").write_text("began\n")
    time.sleep(600)


@job(resource_defs={"opened": opened})
def held_in_hook() -> None:
    increased(noted.with_hooks({endless_hook})())


@op
def who() -> tuple[int, str, str | None]:
    return os.getpid(), str(Path.cwd()), os.environ.get("MARK")


@op
def who_next(before: tuple[int, str, str | None]) -> tuple[int, str, str | None]:
    return os.getpid(), str(Path.cwd()), os.environ.get("MARK")


@job
def whereabouts() -> None:
    who_next(who())


@job(executor_def=dask_executor)
def with_own_executor() -> None:
    who_next(who())


@op
def talkative(context: Any) -> None:
    context.log.info("first")
    context.log.warning("second")


@job
def talking() -> None:
    talkative()


@op(tags={"pool": "db"})
def limited() -> tuple[float, float]:
    began = time.time()
    time.sleep(0.02)
    return began, time.time()


@job
def limited_by_tag() -> None:
    for number in range(4):
        limited.alias(f"limited_{number}")()
