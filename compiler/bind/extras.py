"""Names of hooks, loggers, executors and config mappings, checked in one way wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document

Section: TypeAlias = Literal["hooks", "loggers", "executors", "config_mappings"]

# Names that can be used without an entry of the file.
BUILTIN_LOGGERS = ("console", "json_console")
BUILTIN_EXECUTORS = ("in_process", "multiprocess", "dask")
_BUILTINS: dict[str, tuple[str, ...]] = {"loggers": BUILTIN_LOGGERS, "executors": BUILTIN_EXECUTORS}


def unknown_hooks(document: Document, path: Path, names: Sequence[str]) -> Iterator[Diagnostic]:
    """Report the names of a list, which stands at `path`, that are no hooks of the file (JC0350)."""
    for index, name in enumerate(names):
        yield from unknown_extra(document, (*path, index), "hooks", name)


def unknown_extra(document: Document, path: Path, section: Section, name: str) -> Iterator[Diagnostic]:
    """Report a name at `path` that is in a section neither of the file nor of what jobc brings (JC0350)."""
    known = list(dict.fromkeys([*document.names(section), *_BUILTINS.get(section, ())]))
    if name in known or document.is_known(section, name):
        return
    near = near_names(name, known)
    noun = section.removesuffix("s").replace("_", " ")
    advice = f"known: {listing(known)}" if known else f"define it under `{section}:`"
    yield Diagnostic(
        "JC0350",
        f"unknown {noun} `{name}`",
        document.tree.locate(path),
        label=f"no {noun} of this name",
        help=f"did you mean `{near[0]}`?" if near else advice,
        suggestions=near,
    )
