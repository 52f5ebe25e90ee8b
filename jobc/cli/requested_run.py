"""What `jobc run` and `jobc plan` are asked for: a job, or a part of it, with config and input values."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jobc.cli import MISTAKES, USAGE
from jobc.cli.loading import loaded_or_reported
from jobc.cli.run_config import RunConfig, read_files, read_settings
from jobc.cli.run_inputs import read_inputs
from jobc.cli.selecting import selected_or_reported
from jobc.cli.terminal import print_diagnostics
from jobc.compiler.pipeline import split_pointer
from jobc.runtime.config import InvalidConfigError
from jobc.runtime.definitions.config_mapping import ConfigMapping
from jobc.runtime.execute.failures import user_traceback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.cli.run_config import Layers
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.errors import JobcError


class WrittenRun(NamedTuple):
    """A run as the command line puts it: texts as written, none of them read."""

    pointer: str
    files: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    selection: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder of the spec."""
        return Path(split_pointer(self.pointer)[0]).parent


class _Given(NamedTuple):
    """The layers of config and input values, read."""

    files: Layers
    settings: Layers
    inputs: Layers


@dataclass(frozen=True, slots=True)
class RequestedRun:
    """A run that was understood: `job` is what is selected of `whole`, the very same if nothing was said.

    `inputs` holds values of top-level inputs of the whole; those that the selected job lacks are ignored.
    """

    whole: JobDefinition
    job: JobDefinition
    config: RunConfig
    inputs: Mapping[str, object]

    def print_refusal(self, error: JobcError) -> None:
        """Print why the run cannot begin: run config where it was written, if the caller wrote some."""
        is_written = self.config.layers and not isinstance(self.job.config, ConfigMapping)
        if isinstance(error, InvalidConfigError) and is_written:
            diagnostics = list(self.config.diagnostics(error.errors))
            print_diagnostics(diagnostics, self.config.texts(), files=len(self.config.layers), jobs=0)
        elif error.__cause__ and not isinstance(error, InvalidConfigError):
            print(f"error: {user_traceback(error)}", file=sys.stderr)
        else:
            print(f"error: {error}", file=sys.stderr)


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
    job = loaded_or_reported(written.pointer)
    return MISTAKES if job is None else _read_for_job(job, written, given)


def _read_for_job(whole: JobDefinition, written: WrittenRun, given: _Given) -> RequestedRun | int:
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
    return RequestedRun(whole, job, config, read.values)
