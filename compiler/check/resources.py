"""Rule: every resource that something needs is there, and no two of them need each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.ops import unknown_resource
from jobc.compiler.bind.program import OpSymbol, own
from jobc.compiler.bind.reach import reach
from jobc.compiler.bind.rings import rings
from jobc.schemas.diagnostics import Diagnostic, Related
from jobc.schemas.names import is_spec_name, listing, near_names
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.extra_symbols import HookSymbol
    from jobc.compiler.bind.program import JobSymbol, Program, ResourceSymbol
    from jobc.compiler.bind.reach import Reached
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document

# Longer than anyone builds; what opens them stays far from Python's own limit.
MAX_CHAIN = 100
BUILT_IN_KEYS = frozenset({"io_manager"})


def check_resources(program: Program) -> Iterator[Diagnostic]:
    """Report missing resources, rings of resources, and keys nobody needs (JC0601 to JC0604)."""
    said: set[tuple[str, str]] = set()
    for job in own(program.jobs):
        reached = reach(program, job)
        for user in reached.users:
            for key in (*user.resources, *(user.io_managers if isinstance(user, OpSymbol) else ())):
                is_imported = "." in user.name and key in user.resources
                if key in BUILT_IN_KEYS or is_imported:
                    continue  # what is imported finds its resources in its own file, and is checked there
                if reached.resources[key] is None and not _is_reported(program, job, key):
                    if (user.name, key) not in said:
                        yield _missing(program, job, user, key)
                    said.add((user.name, key))
        if reached.is_whole:
            yield from _unneeded(program, job, reached)
    yield from _unknown(program)
    found = tuple(_rings(program))
    yield from found or _long_chains(program)


def _unknown(program: Program) -> Iterator[Diagnostic]:
    """Report needs of what no job of the file reaches (JC0313): what is imported finds its resources here."""
    users: set[str] = set()
    served: set[str] = set()
    for job in own(program.jobs):
        users |= {user.name for user in reach(program, job).users}
        served |= job.resources.keys()
    all_users: list[OpSymbol | ResourceSymbol | HookSymbol] = [*own(program.ops), *own(program.resources)]
    for user in (*all_users, *own(program.extras.hooks)):
        for index, key in enumerate(() if user.name in users else user.resources):
            path = (*user.path, "resources", index)
            is_listed = program.document.tree.entry(path) is not None
            is_served = key in served or key in BUILT_IN_KEYS
            is_whole = not program.document.is_broken((*user.path, "resources"))
            if is_whole and is_listed and not is_served and not program.document.is_known("resources", key):
                yield unknown_resource(program.document, path, key)


def _is_reported(program: Program, job: JobSymbol, key: str) -> bool:
    if key in job.resources or not all(map(is_spec_name, key.split("."))):
        return True
    first, dot, _ = key.partition(".")
    if dot and first not in program.imports:
        return True
    name = key.rpartition(".")[2]
    return program.document_of(key).is_broken(("resources", name)) or program.document.is_broken(
        ("resources", key)
    )


def _missing(
    program: Program, job: JobSymbol, user: OpSymbol | ResourceSymbol | HookSymbol, key: str
) -> Diagnostic:
    near = near_names(key, program.resources)
    known = f"known resources: {listing(program.resources)}" if program.resources else "the file has none"
    document = program.document_of(user.name)
    return Diagnostic(
        "JC0601",
        f"`{user.name}` needs the resource `{key}`, which job `{job.name}` does not have",
        document.tree.locate(_place(document, user, _key_there(user.name, key))),
        label="no resource serves this key",
        related=(Related("the job is defined here", program.document.locate_key(job.path)),),
        help=f"did you mean `{near[0]}`?" if near else f"{known}; define `{key}` or map it in the job",
        suggestions=near,
    )


def _key_there(user: str, key: str) -> str:
    """Return what a key is called in the file of its user."""
    prefix = user[: user.rfind(".") + 1]
    return key.removeprefix(prefix)


def _place(document: Document, user: OpSymbol | ResourceSymbol | HookSymbol, key: str) -> Path:
    """Return where a need stands: in the list of resources, at an output, or in the function's signature."""
    listed = value_at(document.tree.value, (*user.path, "resources"))
    if isinstance(listed, list) and key in listed:
        return (*user.path, "resources", listed.index(key))
    for output in user.outputs if isinstance(user, OpSymbol) else ():
        if output.io_manager == key:
            return (*output.path, "io_manager")
    return (*user.path, "python")


def _unneeded(program: Program, job: JobSymbol, reached: Reached) -> Iterator[Diagnostic]:
    """Report keys that the job itself names; of those it has from another, that one is asked."""
    needed = {key for user in reached.users for key in user.resources} | BUILT_IN_KEYS
    needed |= {key for op in reached.ops.values() for key in op.io_managers}
    spec = program.document.spec.jobs[job.name]
    for key in spec.resources:
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
    for ring in rings({each.name: list(each.resources) for each in own(program.resources)}):
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
        if length == MAX_CHAIN + 1 and "." not in name:
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
