"""Say what is wrong in wiring text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.program import InputSource
from jobc.compiler.syntax.document import Place
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names, plural

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jobc.compiler.bind.program import SourceSymbol
    from jobc.compiler.bind.scope import Scope
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.compiler.syntax.wiring_nodes import Expression, Name, Reference, Return, Statement


def not_dynamic(document: Document, place: Place, verb: str) -> Diagnostic:
    """Report `map` or `collect` of what is no dynamic output (JC0410)."""
    return Diagnostic(
        "JC0410",
        f"`{verb}` needs a dynamic output",
        document.locate(place),
        label="one value, not many",
        help="pass the value to an op that takes all of it",
    )


class WiringReports:
    """Makes the diagnostics of one wiring text, which stands at `path`."""

    def __init__(self, document: Document, scope: Scope, path: Path) -> None:
        self._document = document
        self._scope = scope
        self._path = path

    def place(self, node: Name | Expression | Statement | Return) -> Place:
        """Return where a part of the text stands."""
        return Place(self._path, (node.start, node.end))

    def after_the_end(self, statement: Statement | Return) -> Diagnostic:
        """Report a line that stands after the `return`."""
        return Diagnostic(
            "JC0207",
            "`return` ends the wiring; this line comes after it",
            self._document.locate(self.place(statement)),
            label="after the end",
            help="return all outputs in one last line: `return a=x, b=y`",
        )

    def return_of_job(self, statement: Return) -> Diagnostic:
        """Report a `return` in the wiring of a job."""
        return Diagnostic(
            "JC0428",
            f"the wiring of job `{self._path[1]}` ends with `return`, but a job has no outputs",
            self._document.locate(self.place(statement)),
            label="nothing takes this",
            help="remove the line; the output of a node can be read from the result of a run",
        )

    def not_dynamic(self, verb: str, source: Expression) -> Diagnostic:
        """Report `map` or `collect` on a graph input."""
        return not_dynamic(self._document, self.place(source), verb)

    def collected_already(self, verb: str, source: Expression) -> Diagnostic:
        """Report `map` or `collect` on what is a list already."""
        return Diagnostic(
            "JC0423",
            f"`{verb}` is called on a list that `collect()` gave",
            self._document.locate(self.place(source)),
            label="collected already",
            help="an op can take the list and give a dynamic output again"
            if verb == "map"
            else "pass the list as it is",
        )

    def unknown_verb(self, callee: Name, variable: str, verb: str) -> Diagnostic:
        """Report the call of something else than `map` and `collect` on a variable."""
        near = tuple(f"{variable}.{each}" for each in near_names(verb, ("map", "collect")))
        known = f"it has `map` and `collect`, for items; an op takes it as an argument: `op({variable})`"
        return Diagnostic(
            "JC0311",
            f"unknown op `{callee.text}`",
            self._document.locate(self.place(callee)),
            label=f"`{variable}` is a variable",
            help=f"did you mean `{near[0]}`?" if near else known,
            suggestions=near,
        )

    def one_list(self, targets: tuple[Name, ...]) -> Diagnostic:
        """Report several names for the one list that `collect` gives."""
        place = Place(self._path, (targets[0].start, targets[-1].end))
        return Diagnostic(
            "JC0407",
            f"`collect()` gives one list, here are {len(targets)} names",
            self._document.locate(place),
            label="expected 1 name",
            help="collect each output on its own: `x.out.collect()`",
        )

    def no_such_node(self, name: str, path: Path, names: Collection[str]) -> Diagnostic:
        """Report options for a node that the wiring does not make."""
        near = near_names(name, names)
        known = f"its {plural('node', sorted(names))} {listing(sorted(names))}"
        return Diagnostic(
            "JC0315",
            f"the wiring has no node `{name}`",
            self._document.locate_key(path),
            label="no node of this name",
            help=f"did you mean `{near[0]}`?" if near else known,
            suggestions=near,
        )

    def unknown_name(
        self, name: Name, variables: Mapping[str, SourceSymbol], nodes: Collection[str]
    ) -> Diagnostic:
        """Report a name that is no variable and no input; `nodes` are those that stand above."""
        near = near_names(name.text, variables)
        if near:
            advice = f"did you mean `{near[0]}`?"
        elif name.text in nodes:
            advice = f"`{name.text}` is a node; name what it gives: `x = {name.text}(...)`"
        elif self._scope.is_known(name.text):
            near, advice = (f"{name.text}()",), f"did you mean the call `{name.text}()`?"
        else:
            known = f"known here: {listing(variables)}"
            advice = known if variables else "nothing has been named before this line"
        return self._unknown(name, "not a variable or input", advice, near)

    def not_awaited(
        self, name: Name, variables: Mapping[str, SourceSymbol], nodes: Collection[str]
    ) -> Diagnostic:
        """Report a name behind `after` that is no node and no variable that a node gave."""
        known = [each for each, source in variables.items() if not isinstance(source, InputSource)]
        known += [each for each in nodes if each not in known]
        near = near_names(name.text, known)
        if isinstance(variables.get(name.text), InputSource):
            near, advice = (), f"`{name.text}` is an input of the graph, which is there from the beginning"
        elif near:
            advice = f"did you mean `{near[0]}`?"
        else:
            advice = f"known here: {listing(known)}" if known else "there is no other node"
        return self._unknown(name, "not a node", advice, near)

    def _unknown(self, name: Name, label: str, advice: str, near: tuple[str, ...]) -> Diagnostic:
        return Diagnostic(
            "JC0315",
            f"unknown name `{name.text}`",
            self._document.locate(self.place(name)),
            label=label,
            help=advice,
            suggestions=near,
        )

    def empty(self) -> Diagnostic:
        """Report a text without any line."""
        return Diagnostic(
            "JC0207",
            "the wiring is empty",
            self._document.tree.locate(self._path),
            label="expected one line for each node",
            help="for example `rows = read(day)`",
        )

    def both_forms(self, path: Path, key: str) -> Diagnostic:
        """Report a key that only belongs to nodes which are written one by one."""
        return Diagnostic(
            "JC0210",
            f"`{key}` of node `{path[-1]}` stands beside `wiring`, which makes the nodes",
            self._document.locate_key((*path, key)),
            label="said by the wiring text already",
            help="remove this key, or write the whole graph under `nodes`",
        )

    def wrong_count(self, targets: tuple[Name, ...], node: str, outputs: tuple[str, ...]) -> Diagnostic:
        """Report more or fewer names than a call has outputs."""
        place = Place(self._path, (targets[0].start, targets[-1].end))
        count = f"{len(outputs) or 'no'} output{'' if len(outputs) == 1 else 's'}"
        return Diagnostic(
            "JC0407",
            f"`{node}` has {count}, here are {len(targets)} names",
            self._document.locate(place),
            label=f"expected {len(outputs) or 'no'} name{'' if len(outputs) == 1 else 's'}",
            help=f"its {plural('output', outputs)} {listing(outputs)}"
            if outputs
            else "call it without naming anything",
        )

    def no_outputs(self, reference: Reference) -> Diagnostic:
        """Report an output of what is an output itself."""
        assert reference.output is not None
        return Diagnostic(
            "JC0317",
            f"`{reference.name.text}` is one output and has no part `{reference.output.text}`",
            self._document.locate(self.place(reference.output)),
            label="an output has no outputs",
            help=f"write `{reference.name.text}` alone",
        )

    def not_in_list(self, item: Expression) -> Diagnostic:
        """Report a value in a list of outputs."""
        return Diagnostic(
            "JC0411",
            "a list of outputs holds outputs and graph inputs only",
            self._document.locate(self.place(item)),
            label="expected a variable or a call",
            help="let an op make the value, or write a list of values alone",
        )
