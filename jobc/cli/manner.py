"""How a job is run, besides what is run: where, with which executor, and how it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jobc.runtime.executors.reexecution import ReexecutionOptions


class RunManner(NamedTuple):
    """The options of a run: tags as pairs of key and value, `instance` the folder that was named, if any.

    `executor` is the name of one that takes the place of the job's. `config` is the whole run config of a run
    that goes on with an earlier one, which `reexecution` names.
    """

    tags: tuple[tuple[str, str], ...] = ()
    workdir: Path | None = None
    form: str = "human"
    raise_on_error: bool = False
    traceback: bool = False
    partition: str | None = None
    instance: Path | None = None
    executor: str | None = None
    reexecution: ReexecutionOptions | None = None
    config: Mapping[str, object] | None = None
