"""Ops that run a program: `command`, a list of arguments that no shell reads, and `shell`, a text for one."""

from __future__ import annotations

import shlex
import signal
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, Literal

from jobc.runtime.definitions.policies import Failure
from jobc.runtime.definitions.values import SKIP
from jobc.runtime.expressions.filling import fill, fill_text
from jobc.runtime.expressions.texts import as_text
from jobc.runtime.op_kinds.names import (
    Hider,
    quoted,
    quoted_masked,
    revealed,
    revealed_items,
    shown_items,
    step_names,
)
from jobc.runtime.op_kinds.process import run_process
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.op_kinds.process import Finished

SHELL = "/bin/sh"
_FILES = "files"


@dataclass(frozen=True, slots=True)
class Command:
    """The function of an op that runs a program (DESIGN 3, "Commands").

    `work` holds the arguments of a command, or the text of a shell; its texts are templates. `fields` are the
    op's config fields. `files` are the outputs that the program writes to a fresh path, which it may leave
    out if they are `optional`; `gives_text` tells whether what it prints is the output `result`.
    """

    kind: Literal["command", "shell"]
    work: tuple[str, ...]
    fields: tuple[str, ...]
    files: tuple[str, ...]
    optional: frozenset[str]
    gives_text: bool

    async def __call__(self, context: Any, /, **inputs: object) -> object:  # noqa: ANN401 - an op's context
        """Run the program for one step and return its output, or its outputs by name.

        Errors: `Failure` when it cannot be started, ends with another exit code than 0, or leaves a file out;
        `EvaluationError` for an expression that has no value.
        """
        paths = self._fresh_paths(context)
        names = step_names(context, inputs, self.fields, {name: str(path) for name, path in paths.items()})
        arguments, shown = self._rendered(names)
        hide = Hider((names["inputs"], names["config"]))
        context.log.info(f"running {shown}")
        try:
            ended = await run_process(
                arguments,
                lambda line: context.log.info(hide(line)),
                lambda line: context.log.warning(hide(line)),
            )
        except (OSError, ValueError) as error:
            raise _not_started(arguments, shown, error) from error
        if ended.code != 0:
            raise _ended_badly(shown, ended, hide)
        for name, path in paths.items():
            if not path.exists() and name not in self.optional:
                raise _left_out(shown, name, path)
        return self._outputs(paths, ended.output)

    def _fresh_paths(self, context: Any) -> dict[str, Path]:  # noqa: ANN401 - an op's context
        """Return a path for each output that is a file, with nothing there but the folder around it."""
        if not self.files:
            return {}
        folder = Path(context.instance.storage_directory()).resolve()
        folder = folder.joinpath(_FILES, context.run_id, context.step_key)
        folder.mkdir(parents=True, exist_ok=True)
        paths = {name: folder / name for name in self.files}
        for path in paths.values():
            if path.is_dir():
                rmtree(path)
            else:
                path.unlink(missing_ok=True)
        return paths

    def _rendered(self, names: Mapping[str, object]) -> tuple[list[str], str]:
        """Return what is run, and how it is shown: with asterisks for secrets."""
        if self.kind == "shell":
            (text,) = self.work
            shown = fill_text(text, names, quoted_masked).strip()
            return [SHELL, "-c", fill_text(text, names, quoted)], f"`{shown}`"
        arguments = [item for text in self.work for item in revealed_items(fill(text, names, revealed))]
        shown = shlex.join(item for text in self.work for item in shown_items(fill(text, names, as_text)))
        return arguments, f"`{shown}`"

    def _outputs(self, paths: Mapping[str, Path], printed: str) -> object:
        text = printed.removesuffix("\n")
        values: dict[str, object] = {name: path if path.exists() else SKIP for name, path in paths.items()}
        values |= {"result": text} if self.gives_text else {}
        return values if len(values) > 1 else next(iter(values.values()), None)


def _not_started(arguments: list[str], shown: str, error: OSError | ValueError) -> Failure:
    program = arguments[0] if arguments else ""
    if isinstance(error, FileNotFoundError):
        message = f"there is no program `{program}` on the search path; {shown} was not run"
    else:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"{shown} cannot be started: {reason}"
    return Failure(message, metadata={"command": shown.strip("`")}, allow_retries=False)


def _ended_badly(shown: str, ended: Finished, hide: Hider) -> Failure:
    how = f"ended with exit code {ended.code}" if ended.code > 0 else f"was ended by {_signal(-ended.code)}"
    tail = hide("\n".join(ended.last_errors))
    metadata = {"command": shown.strip("`"), "exit_code": ended.code, "stderr": tail}
    return Failure(f"{shown} {how}" + (f"; its last lines:\n{tail}" if tail else ""), metadata=metadata)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _left_out(shown: str, name: str, path: Path) -> Failure:
    return Failure(
        f"{shown} did not write its output `{name}`: there is nothing at `{path}`",
        metadata={"command": shown.strip("`")},
    )
