"""The command line.

This file and what `validate` needs are all that is loaded for `jobc --version` and `jobc validate`: those two
read their arguments themselves. Everything else, and every command line they do not understand, is click's.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Sequence

OK = 0
MISTAKES = 1
USAGE = 2
RUN_FAILED = 3
CRASHED = 4
INTERRUPTED = 130
PIPE_CLOSED = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (by default this process's own) and return its exit code (DESIGN 5).

    0 clean, 1 mistakes found, 2 a command line that cannot be understood, 3 the run failed, 4 a crash of
    jobc, 130 interrupted, 143 terminated, 141 nobody reads the output any more.
    """
    if arguments is None:
        _spell_out_what_the_terminal_lacks()
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = _dispatch(words)
        sys.stdout.flush()
    except KeyboardInterrupt as interruption:
        print("interrupted", file=sys.stderr)
        return getattr(interruption, "exit_code", INTERRUPTED)
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - the last line of defence: a crash becomes a report
        from jobc.cli.crash import crash_report

        print(crash_report(error, words), file=sys.stderr)
        return CRASHED
    return code


def _dispatch(words: list[str]) -> int:
    if words == ["--version"]:
        from jobc import __version__

        print(f"jobc {__version__}")
        return OK
    if words[:1] == ["validate"]:
        from jobc.cli.unchanged import answer_from_cache

        code = answer_from_cache(words[1:])
        if code is not None:
            return code
        from jobc.cli.validate import parse_request, run_validate

        request = parse_request(words[1:])
        if request is not None:
            return run_validate(request)
    from jobc.cli.commands import run_commands

    return run_commands(words)


def _spell_out_what_the_terminal_lacks() -> None:
    """Let stdout write characters that its encoding lacks as escapes, as stderr does, instead of failing."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter's own flush at exit stays quiet."""
    import os

    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
