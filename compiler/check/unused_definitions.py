"""Rule: what a file with jobs defines is used in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.uses import used_names
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import Program

# By section: the code, what one of its definitions is called, and who would use it.
_SECTIONS = {
    "ops": ("JC0430", "op", "no graph and no job invokes it"),
    "graphs": ("JC0431", "graph", "no graph and no job invokes it"),
    "hooks": ("JC0434", "hook", "no job and no node has it"),
    "loggers": ("JC0434", "logger", "no job has it"),
    "executors": ("JC0434", "executor", "no job has it"),
    "config_mappings": ("JC0434", "config mapping", "no job has it"),
    "partitions": ("JC0434", "partitions", "no job and no other definition has them"),
    "partitioned_configs": ("JC0434", "partitioned config", "no job has it"),
}


def check_unused_definitions(program: Program) -> Iterator[Diagnostic]:
    """Warn of ops, graphs, hooks and so on that nothing uses (JC0430, JC0431, JC0434)."""
    used = used_names(program)
    for section, (code, noun, label) in _SECTIONS.items():
        for name in getattr(program.document.spec, section):
            if name not in used[section]:
                yield Diagnostic(
                    code,
                    f"nothing uses the {noun} `{name}`",
                    program.document.locate_key((section, name)),
                    label=label,
                    help="use it, or remove it",
                )
