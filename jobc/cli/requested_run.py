"""What `jobc run` and `jobc plan` are asked for: a job, or a part of it, with config and input values."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from jobc.cli import MISTAKES, USAGE
from jobc.cli.loading import folder_of, loaded_with_ir_or_reported
from jobc.cli.run_config import RunConfig, read_files, read_settings
from jobc.cli.run_inputs import read_inputs
from jobc.cli.selecting import selected_or_reported
from jobc.cli.spec_options import AS_WRITTEN, SpecOptions
from jobc.cli.terminal import print_diagnostics
from jobc.runtime.config import InvalidConfigError
from jobc.runtime.definitions.config_mapping import ConfigMapping
from jobc.runtime.definitions.partitioning import PartitionedConfig
from jobc.runtime.execute.failures import user_traceback

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jobc.cli.run_config import Layers
    from jobc.compiler.pipeline import Loaded
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.errors import JobcError


class WrittenRun(NamedTuple):
    """A run as the command line puts it: texts as written, none of them read."""

    pointer: str
    files: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    selection: tuple[str, ...] = ()
    options: SpecOptions = AS_WRITTEN


class _Given(NamedTuple):
    """The layers of config and input values, read."""

    files: Layers
    settings: Layers
    inputs: Layers


@dataclass(frozen=True, slots=True)
class RequestedRun:
    """A run that was understood: `job` is what is selected of `whole`, the very same if nothing was said.

    `inputs` holds values of top-level inputs of the whole; those that the selected job lacks are ignored.
    `selects` are the queries that made the job what it is, in turn: those of the spec, then the caller's.
    """

    whole: JobDefinition
    job: JobDefinition
    config: RunConfig
    inputs: Mapping[str, object]
    selects: tuple[tuple[str, ...], ...] = ()

    def print_refusal(self, error: JobcError, partition: str | None = None) -> None:
        """Print why the run cannot begin: run config where it was written, if the caller wrote some.

        `partition` is the one that the run is for, if any.
        """
        is_written = self.config.layers and not isinstance(self.job.config, ConfigMapping)
        if isinstance(error, InvalidConfigError) and is_written:
            diagnostics = list(self.config.diagnostics(error.errors))
            print_diagnostics(diagnostics, self.config.texts(), files=len(self.config.layers), jobs=0)
        elif error.__cause__ and not isinstance(error, InvalidConfigError):
            print(f"error: {user_traceback(error)}", file=sys.stderr)
        else:
            print(f"error: {error}", file=sys.stderr)
        if isinstance(error, InvalidConfigError) and partition is None:
            self._print_that_partitions_bring_config()

    @property
    def folder(self) -> Path:
        """The folder to run in, unless another is named."""
        return folder_of(self.whole)

    def has_partition(self, partition: str | None) -> bool:
        """Tell whether the job can be run for a partition; where it has none at all, print that."""
        if partition is None or self.job.partitions_def is not None:
            return True
        print(
            f"error: job `{self.job.name}` has no partitions: leave out `--partition`",
            file=sys.stderr,
        )
        return False

    def _print_that_partitions_bring_config(self) -> None:
        if isinstance(self.job.config, PartitionedConfig):
            print(
                f"note: job `{self.job.name}` takes its config from a partition: name one with "
                "`--partition KEY`; `jobc partitions` lists them",
                file=sys.stderr,
            )


def read_run(written: WrittenRun) -> RequestedRun | int:
    """Read what a run is asked to be; where there are mistakes, print them and return the exit code."""
    try:
        given = _Given(
            read_files(written.files),
            read_settings("--set", written.settings),
            read_settings("--input", written.inputs),
        )
    except ValueError as error:
        print(f"Error: {error}", file=sys.stderr)
        return USAGE
    loaded = loaded_with_ir_or_reported(written.pointer, written.options)
    return MISTAKES if loaded is None else _read_for_job(loaded, written, given)


def _read_for_job(loaded: Loaded, written: WrittenRun, given: _Given) -> RequestedRun | int:
    whole = loaded.definition
    read = read_inputs(whole, given.inputs.layers)
    mistakes = [diagnostic for layers in given for diagnostic in layers.diagnostics] + read.diagnostics
    if mistakes:
        texts = {name: text for layers in given for name, text in layers.texts.items()}
        print_diagnostics(mistakes, texts, files=len(written.files) or 1, jobs=0)
    job = selected_or_reported(whole, written.selection)
    if job is None or mistakes:
        return MISTAKES
    layers = (*given.files.layers, *given.settings.layers)
    config = RunConfig(layers, job.config if isinstance(job.config, dict) else {})
    own = (written.selection,) if written.selection else ()
    return RequestedRun(whole, job, config, read.values, (*loaded.compiled.selects, *own))
