"""Jobs of the tests of workers; a worker imports this module, too."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobc import (
    AssetObservation,
    Out,
    Output,
    RetryPolicy,
    SecretText,
    failure_hook,
    fs_io_manager,
    in_process_executor,
    job,
    mem_io_manager,
    op,
    resource,
)
from tests.conformance.executor_jobs import held, increased, one, reached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc import JobDefinition


@op(config_schema={"how": str})
def dying(context: Any, value: int) -> int:
    print("these are my last words", file=sys.stderr)
    how = context.op_config["how"]
    if how == "exit":
        os._exit(7)
    elif how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == "segfault":
        ctypes.string_at(0)
    return value


@job
def deadly() -> None:
    increased.alias("after")(dying(one()))
    increased.alias("beside")(one.alias("other")())


@op(retry_policy=RetryPolicy(max_retries=1))
def dies_once(context: Any) -> int:
    if context.retry_number == 0:
        os._exit(9)
    return int(context.retry_number)


@failure_hook
def note_failure(context: Any) -> None:
    Path(os.environ["NOTES"]).write_text(f"{type(context.op_exception).__name__}: {context.op_exception}")


@op
def gone() -> None:
    os._exit(3)


@job(hooks={note_failure})
def deadly_with_hook() -> None:
    gone()


@job
def revived() -> None:
    increased(dies_once())


@op(timeout_s=0.2)
def endless() -> None:
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    children = [subprocess.Popen(command), subprocess.Popen(command, start_new_session=True)]
    Path(os.environ["NOTES"]).write_text(" ".join(map(str, [os.getpid(), *(each.pid for each in children)])))
    time.sleep(600)


@job
def over_time() -> None:
    endless()
    one()


@op(timeout_s=0.2, retry_policy=RetryPolicy(max_retries=1))
def slow_once(context: Any) -> int:
    if context.retry_number == 0:
        time.sleep(600)
    return int(context.retry_number)


@job
def slow_then_quick() -> None:
    slow_once()


@op
def talkative(context: Any) -> None:
    print("to stdout")
    print("to stderr", file=sys.stderr)
    context.log.info("to the log")
    subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)
    print("no newline at the end", end="")


@job
def talking() -> None:
    talkative()


@op
def who() -> tuple[int, str, str | None]:
    return os.getpid(), str(Path.cwd()), os.environ.get("MARK")


@job
def whereabouts() -> None:
    who()


@op(out=Out(object))
def unpicklable() -> object:
    return lambda: None


@job
def not_stored() -> None:
    unpicklable()


@resource
def opened(_context: Any) -> Iterator[list[int]]:
    with Path(os.environ["NOTES"]).open("a") as notes:
        notes.write("open ")
    yield [os.getpid()]
    with Path(os.environ["NOTES"]).open("a") as notes:
        notes.write("close ")


@op(required_resource_keys={"opened"})
def using(context: Any) -> int:
    return int(context.resources.opened[0])


@job(resource_defs={"opened": opened})
def with_resource() -> None:
    using.alias("first")()
    using.alias("second")()
    one()


@resource
def locked(_context: Any) -> None:
    raise RuntimeError("no key")


@op(required_resource_keys={"locked"})
def entering(context: Any) -> None:
    raise AssertionError(context.resources.locked)


@job(resource_defs={"locked": locked})
def locked_out() -> None:
    entering()
    one()


@op(required_resource_keys={"opened"})
def holding(context: Any) -> None:
    reached(context.step_key)


@job(resource_defs={"opened": opened})
def interruptible() -> None:
    holding()


@job(resource_defs={"io_manager": mem_io_manager})
def in_memory() -> None:
    increased(one())


@job(resource_defs={"io_manager": fs_io_manager}, executor_def=in_process_executor)
def here() -> None:
    who()


@op(tags={"pool": "db"})
def limited(context: Any) -> tuple[float, float]:
    began = time.time()
    time.sleep(0.02)
    return began, time.time()


@job
def limited_by_tag() -> None:
    for number in range(4):
        limited.alias(f"limited_{number}")()


@op
def moment() -> float:
    return time.time()


@job
def by_priority() -> None:
    for number in (1, 3, 2):
        moment.alias(f"p{number}").tag({"jobc/priority": str(number)})()


def drifting() -> JobDefinition:
    """Return a job with another number of steps in each process."""

    @job(name="drifting")
    def made() -> None:
        for number in range(1 + (os.getpid() != int(os.environ["FIRST"]))):
            one.alias(f"one_{number}")()

    return made


@job
def held_alone() -> None:
    held(one())


@op(timeout_s=0.5)
def endlessly_talking() -> None:
    while True:
        os.write(1, b"and another line\n" * 200)


@job
def never_silent() -> None:
    endlessly_talking()


@op(config_schema={"token": SecretText})
def leaking(context: Any) -> Iterator[Any]:
    token = context.op_config["token"].get_secret_value()
    context.log_event(AssetObservation("seen", description=token))
    yield Output(1, metadata={"token": token})


@job
def leaky() -> None:
    leaking()


@job
def undisturbed() -> None:
    increased.alias("last")(increased.alias("next")(increased.alias("first")(one())))


@op
def gives_up() -> None:
    raise KeyboardInterrupt


@job
def interrupted() -> None:
    gives_up()
    one()
