"""Uses: which definitions of a file something in it names.

A file that has profiles is looked at without them; each word in the text of a profile counts as a name used
there, whatever it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from jobc.compiler.bind.program import own
from jobc.compiler.bind.reach import DEFAULT_IO_MANAGER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobc.compiler.bind.program import JobSymbol, Program
    from jobc.compiler.read import Value

Use: TypeAlias = tuple[str, str | None]
"""A section of the file, and a name in it."""

SECTIONS = (
    "ops",
    "graphs",
    "resources",
    "hooks",
    "loggers",
    "executors",
    "config_mappings",
    "partitions",
    "partitioned_configs",
)
"""Whose names are used by other parts of the file; selections are there for the command line, too."""

_WORD = re.compile(r"\w+(?:\.\w+)*")


def used_names(program: Program) -> dict[str, set[str]]:
    """Return by section the names of ops, graphs, hooks and so on that the file uses, vars left out."""
    words = set(_profile_words(program))
    uses = {section: set(words) for section in SECTIONS}
    for section, name in _uses(program):
        if name is not None:
            uses[section].add(name)
    return uses


def _uses(program: Program) -> Iterator[Use]:
    for graph in own(program.graphs):
        for node in graph.nodes:
            yield "ops", node.definition
            yield "graphs", node.definition
            yield from _named("hooks", node.options.hooks)
    for job in own(program.jobs):
        yield from _of_job(job)
    for op in own(program.ops):
        yield from _named("resources", (*op.resources, *op.io_managers))
    for resource in own(program.resources):
        yield from _named("resources", resource.resources)
    for hook in own(program.extras.hooks):
        yield from _named("resources", hook.resources)
    yield "resources", DEFAULT_IO_MANAGER
    for config in own(program.partitioned_configs):
        yield "partitions", config.partitions
    for partitions in own(program.partitions):
        if partitions.kind == "multi" and isinstance(partitions.options, dict):
            yield from _named("partitions", map(str, partitions.options.values()))


def _of_job(job: JobSymbol) -> Iterator[Use]:
    options = job.options
    yield "graphs", job.graph
    yield "partitions", job.partitions
    yield "partitioned_configs", job.partitioned_config
    yield "config_mappings", options.config_mapping
    yield "executors", options.executor
    yield from _named("loggers", options.loggers)
    yield from _named("hooks", options.hooks)
    yield from _named("resources", job.resources.values())


def _named(section: str, names: Iterable[str]) -> Iterator[Use]:
    return ((section, name) for name in names)


def _profile_words(program: Program) -> Iterator[str]:
    for text in texts_in(profiles_of(program)):
        yield from _WORD.findall(text)


def profiles_of(program: Program) -> Value:
    """Return the profiles of a file as they are written."""
    value = program.document.tree.value
    return value.get("profiles") if isinstance(value, dict) else None


def texts_in(value: Value) -> Iterator[str]:
    """Yield the texts in a value, at any depth, keys left out."""
    return (item for item in _inside(value) if isinstance(item, str))


def keys_in(value: Value) -> Iterator[str]:
    """Yield the keys of the mappings in a value, at any depth."""
    return (key for item in _inside(value) if isinstance(item, dict) for key in item)


def _inside(value: Value) -> Iterator[Value]:
    """Yield a value and all that is in it."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        yield item
        if isinstance(item, dict | list):
            waiting += item.values() if isinstance(item, dict) else item
