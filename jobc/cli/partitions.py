"""`jobc partitions`: the keys of a job's partitions, how many there are, the time a key stands for."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, NamedTuple

from jobc.cli import MISTAKES, OK
from jobc.cli.instances import LazyStore
from jobc.cli.loading import loaded_or_reported
from jobc.cli.partition_choice import keys_in_range, partitions_of, refusal
from jobc.cli.spec_options import AS_WRITTEN, SpecOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeAlias

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.partitions import DynamicPartitionsStore, PartitionsDefinition

    Question: TypeAlias = (
        "Callable[[PartitionsDefinition, PartitionsRequest, DynamicPartitionsStore], Answer]"
    )


class PartitionsRequest(NamedTuple):
    """The options of the command: `key_range` is `A...B`, `window` a key, `instance` a named folder."""

    key_range: str | None = None
    window: str | None = None
    instance: Path | None = None
    form: str = "human"
    options: SpecOptions = AS_WRITTEN


class Answer(NamedTuple):
    """What was asked, in both forms."""

    for_people: str
    for_programs: dict[str, object]


def list_partitions(pointer: str, request: PartitionsRequest) -> int:
    """Load the job at `SPEC#JOB` and print its keys, or the window of one."""
    job = _loaded(pointer, request.options)
    return MISTAKES if job is None else show_partitions(job, request)


def count_partitions(pointer: str, request: PartitionsRequest) -> int:
    """Load the job at `SPEC#JOB` and print how many keys it has."""
    job = _loaded(pointer, request.options)
    return MISTAKES if job is None else show_count(job, request)


def show_partitions(job: JobDefinition, request: PartitionsRequest) -> int:
    """Print the keys of a job, one per line, or the window of one key; nothing else is worked out."""
    ask = _listed if request.window is None else _window
    return _tell(job, request, ask)


def show_count(job: JobDefinition, request: PartitionsRequest) -> int:
    """Print how many keys a job, or a range of them, has; without a range none is made for it."""
    return _tell(job, request, _counted)


def _loaded(pointer: str, options: SpecOptions) -> JobDefinition | None:
    # What modules print when they are imported is not part of the answer.
    with redirect_stdout(sys.stderr):
        return loaded_or_reported(pointer, options)


def _tell(job: JobDefinition, request: PartitionsRequest, ask: Question) -> int:
    try:
        answer = ask(partitions_of(job), request, LazyStore(request.instance))
    except Exception as error:
        told = refusal(error)
        if told is None:
            raise
        print(f"error: {told.rstrip()}", file=sys.stderr)
        return MISTAKES
    if request.form == "json":
        print(json.dumps(answer.for_programs))
    elif answer.for_people:
        print(answer.for_people)
    return OK


def _listed(
    definition: PartitionsDefinition, request: PartitionsRequest, store: DynamicPartitionsStore
) -> Answer:
    if request.key_range is None:
        keys = definition.get_partition_keys(dynamic_partitions_store=store)
    else:
        keys = keys_in_range(definition, request.key_range, store)
    return Answer("\n".join(keys), {"partitions": list(keys)})


def _counted(
    definition: PartitionsDefinition, request: PartitionsRequest, store: DynamicPartitionsStore
) -> Answer:
    if request.key_range is None:
        count = definition.get_num_partitions(dynamic_partitions_store=store)
    else:
        count = len(keys_in_range(definition, request.key_range, store))
    return Answer(str(count), {"count": count})


def _window(
    definition: PartitionsDefinition, request: PartitionsRequest, store: DynamicPartitionsStore
) -> Answer:
    key = request.window
    assert key is not None
    definition.validate_partition_key(key, dynamic_partitions_store=store)
    start, end = (moment.isoformat() for moment in definition.time_window_for_partition_key(key))
    return Answer(f"{start}  {end}", {"partition": key, "start": start, "end": end})
