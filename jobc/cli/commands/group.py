"""The group of all commands; the module of a command is imported when the command is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from jobc import __version__
from jobc.cli import OK, USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOMES = {
    "new": "specs",
    "validate": "checking",
    "fmt": "checking",
    "explain": "checking",
    "list": "specs",
    "compile": "specs",
    "explain-value": "specs",
    "schema": "specs",
    "select": "shapes",
    "graph": "shapes",
    "partitions": "shapes",
    "plan": "running",
    "run": "running",
    "resume": "running",
    "backfill": "running",
    "runs": "records",
    "logs": "records",
}
"""The module of each command beside this one, in the order of the help: from a new file to its runs."""


class _Commands(click.Group):
    """Commands in the order of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands."""
        return list(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return the command of that name, None if there is none."""
        home = _HOMES.get(cmd_name)
        if home is None:
            return None
        module = import_module(f"jobc.cli.commands.{home}")
        command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)
        return command


@click.group("jobc", cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="jobc %(version)s")
def commands() -> None:
    """Check, compile and run jobs that are written in YAML or TOML."""


def run_commands(words: Sequence[str]) -> int:
    """Run a command line through click and return its exit code; usage mistakes are printed, code 2."""
    # Not `commands.main`: it answers interrupts and closed pipes in its own way, and `main` has one for both.
    try:
        with commands.make_context("jobc", list(words)) as context:
            return int(commands.invoke(context) or OK)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return USAGE
