"""What a graph can name: ops and graphs of the file, with the inputs and outputs they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document, Place
    from jobc.schemas.spec import GraphSpec, JobSpec


def written_graph(document: Document, path: Path) -> GraphSpec | JobSpec:
    """Return what stands at the path of a graph: a graph, or a job with a graph of its own."""
    section, name = path
    written = document.spec.jobs if section == "jobs" else document.spec.graphs
    return written[str(name)]


class Signature(NamedTuple):
    """The inputs and outputs of an op or graph, by name and in order; None where they cannot be known."""

    inputs: tuple[str, ...] | None
    outputs: tuple[str, ...] | None


class Scope:
    """The definitions that nodes of a graph may invoke."""

    def __init__(self, document: Document, signatures: Mapping[str, Signature]) -> None:
        self._document = document
        self._signatures = signatures

    def signature(self, name: str | None) -> Signature:
        """Return the signature of a definition; an unknown one has nothing known about it."""
        return self._signatures.get(name or "", Signature(None, None))

    def is_known(self, name: str) -> bool:
        """Tell whether a definition exists, or was there but broken."""
        document = self._document
        return (
            name in self._signatures or document.is_broken(("ops", name)) or document.is_known("graphs", name)
        )

    def unknown_definition(self, name: str, place: Place) -> Diagnostic:
        """Report the name of an op or graph that does not exist."""
        imported = tuple(known for known in self._signatures if known.endswith(f".{name}"))
        near = imported or near_names(name, self._signatures)
        document = self._document
        if near and "." in near[0]:
            advice = f"did you mean `{near[0]}`?"
        elif near:
            section = "ops" if near[0] in document.spec.ops else "graphs"
            defined = document.locate_key((section, near[0]))
            where = f"{defined.file}:{defined.start.line}:{defined.start.column}"
            advice = f"did you mean `{near[0]}`? (defined at {where})"
        elif self._signatures:
            advice = f"known: {listing(self._signatures)}"
        else:
            advice = "define it under `ops:` or `graphs:`"
        return Diagnostic(
            "JC0311",
            f"unknown op `{name}`",
            document.locate(place),
            label="no op, graph or import of this name",
            help=advice,
            suggestions=near,
        )

    def unknown_output(self, name: str, node: str, outputs: tuple[str, ...], place: Place) -> Diagnostic:
        """Report an output that a node does not have."""
        near = near_names(name, outputs)
        return Diagnostic(
            "JC0317",
            f"`{node}` has no output `{name}`",
            self._document.locate(place),
            label="no output of this name",
            help=f"did you mean `{near[0]}`?"
            if near
            else f"its {plural('output', outputs)} {listing(outputs)}",
            suggestions=near,
        )

    def unnamed_output(
        self, node: str, outputs: tuple[str, ...], place: Place, *, is_variable: bool
    ) -> Diagnostic:
        """Report a node with several outputs, or none, that is used as if it had one."""
        if outputs and is_variable:
            advice = "write " + " or ".join(f"`{node}.{name}`" for name in outputs)
            label = "which of its outputs?"
        elif outputs:
            names = ", ".join(outputs)
            advice = f"give its outputs names on a line of their own: `{names} = {node}(…)`"
            label = "which of its outputs?"
        else:
            advice, label = "use `after` to run one node after another", "it has no outputs"
        return Diagnostic(
            "JC0409",
            f"`{node}` has {len(outputs) or 'no'} outputs; exactly one can be passed on",
            self._document.locate(place),
            label=label,
            help=advice,
        )
