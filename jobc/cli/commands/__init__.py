"""Every command as click sees it: names, options, help texts. What a command does stands in its own file."""

from jobc.cli.commands.group import run_commands

__all__ = ["run_commands"]
