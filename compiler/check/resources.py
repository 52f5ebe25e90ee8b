"""Rule: every resource that something needs is there, and no two of them need each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.reach import reach
from jobc.compiler.bind.rings import rings
from jobc.schemas.diagnostics import Diagnostic, Related
from jobc.schemas.names import is_spec_name, listing, near_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import JobSymbol, OpSymbol, Program, ResourceSymbol
    from jobc.compiler.bind.reach import Reached
    from jobc.compiler.read import Path

# Longer than anyone builds; what opens them stays far from Python's own limit.
MAX_CHAIN = 100
BUILT_IN_KEYS = frozenset({"io_manager"})


def check_resources(program: Program) -> Iterator[Diagnostic]:
    """Report missing resources, rings of resources, and keys nobody needs (JC0601 to JC0604)."""
    said: set[tuple[Path, str]] = set()
    for job in program.jobs.values():
        reached = reach(program, job)
        for user in reached.users:
            for key in user.resources:
                if reached.resources[key] is None and not _is_reported(program, job, key):
                    if (user.path, key) not in said:
                        yield _missing(program, job, user, key)
                    said.add((user.path, key))
        if reached.is_whole:
            yield from _unneeded(program, job, reached)
    found = tuple(_rings(program))
    yield from found or _long_chains(program)


def _is_reported(program: Program, job: JobSymbol, key: str) -> bool:
    return key in job.resources or not is_spec_name(key) or program.document.is_broken(("resources", key))


def _missing(program: Program, job: JobSymbol, user: OpSymbol | ResourceSymbol, key: str) -> Diagnostic:
    near = near_names(key, program.resources)
    known = f"known resources: {listing(program.resources)}" if program.resources else "the file has none"
    document = program.document
    listed = document.spec.ops if user.path[0] == "ops" else document.spec.resources
    names = listed[user.name].resources
    path = (*user.path, "resources", names.index(key)) if key in names else (*user.path, "python")
    return Diagnostic(
        "JC0601",
        f"`{user.name}` needs the resource `{key}`, which job `{job.name}` does not have",
        document.tree.locate(path),
        label="no resource serves this key",
        related=(Related("the job is defined here", document.locate_key(job.path)),),
        help=f"did you mean `{near[0]}`?" if near else f"{known}; define `{key}` or map it in the job",
        suggestions=near,
    )


def _unneeded(program: Program, job: JobSymbol, reached: Reached) -> Iterator[Diagnostic]:
    needed = {key for user in reached.users for key in user.resources} | BUILT_IN_KEYS
    for key in job.resources:
        if key not in needed:
            near = near_names(key, needed)
            yield Diagnostic(
                "JC0603",
                f"nothing in job `{job.name}` needs the resource key `{key}`",
                program.document.locate_key((*job.path, "resources", key)),
                label="no op or resource asks for this key",
                help=f"did you mean `{near[0]}`?" if near else "remove it",
                suggestions=near,
            )


def _rings(program: Program) -> Iterator[Diagnostic]:
    for ring in rings({name: list(each.resources) for name, each in program.resources.items()}):
        chain = " -> ".join(f"`{name}`" for name in (*ring, ring[0]))
        yield Diagnostic(
            "JC0602",
            f"resources need each other: {chain}",
            program.document.locate_key(program.resources[ring[0]].path),
            label="cannot be opened before itself",
            help="let one of them do without the other",
        )


def _long_chains(program: Program) -> Iterator[Diagnostic]:
    """Report resources at the head of a chain that is one too long; there are no rings."""
    for name, length in _chains(program).items():
        if length == MAX_CHAIN + 1:
            yield Diagnostic(
                "JC0604",
                f"the resource `{name}` begins a chain of more than {MAX_CHAIN}, each for the one before",
                program.document.locate_key(program.resources[name].path),
                label="too long a chain",
                help="let resources need fewer others",
            )


def _chains(program: Program) -> dict[str, int]:
    """Return for each resource the length of the longest chain that it begins, itself included."""
    lengths: dict[str, int] = {}
    waiting = list(program.resources)
    while waiting:
        below = [each for each in program.resources[waiting[-1]].resources if each in program.resources]
        missing = [each for each in below if each not in lengths]
        waiting += missing
        if not missing:
            lengths[waiting.pop()] = 1 + max((lengths[each] for each in below), default=0)
    return lengths
