"""Vars, and the folding of `${vars.name}` into the values of a spec."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from jobc.compiler.read.limits import DEPTH, EXPANDED_NODES
from jobc.compiler.syntax.document import Place, from_problem, is_declaration
from jobc.compiler.syntax.mistakes import value_at, words_for
from jobc.compiler.syntax.templates import is_plain, parse_template
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jobc.compiler.read import Path, Value
    from jobc.compiler.syntax.document import Document
    from jobc.compiler.syntax.templates import Expression, Template
    from jobc.compiler.syntax.wiring_nodes import Name
    from jobc.schemas.diagnostics import Location
    from jobc.schemas.ir import Data

    Locate = Callable[[int, int], Location]


# Vars can be built from vars; these bound what a few lines may grow into.
MAX_CHAIN = 50
MAX_DEPTH = DEPTH
MAX_WEIGHT = EXPANDED_NODES
CHARACTERS_PER_NODE = 10


class Variables:
    """The vars of a document, folded when first asked for; mistakes are collected in `diagnostics`.

    Folding puts values into values: how deep and how heavy the result may get is limited (JC0111). The weight
    of a value is the number of scalars in it, long texts counting as many. `failures` counts the texts that
    could not be folded, those included whose mistake was reported elsewhere.
    """

    def __init__(self, document: Document) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.failures = 0
        self._document = document
        self._folded: dict[str, Data] = {}
        self._in_progress: list[str] = []
        self._broken: set[str] = set()
        self._weights: dict[str, int] = {}
        self._depths: dict[str, int] = {}
        self._weight = 0
        self._depth = 0
        self._deepest = 0

    def fold(self, path: Path, value: Value) -> Data:
        """Return the value at `path` with its expressions replaced by what they stand for.

        A text that is one expression takes the type of its value; in a longer text the value becomes text. A
        text that cannot be folded is reported and becomes None.
        """
        if isinstance(value, dict | list):
            self._depth += 1
            self._deepest = max(self._deepest, self._depth)
            folded = self._fold_inner(path, value)
            self._depth -= 1
            return folded
        self._weight += 1
        if not isinstance(value, str) or is_plain(value):
            return value
        template = self._document.templates.get(path)
        return self._fail() if template is None else self._fill(template, self._locator(path))

    def _fail(self) -> Data:
        """Count a text that cannot be folded; it becomes None."""
        self.failures += 1
        return None

    def _fold_inner(self, path: Path, value: dict[str, Value] | list[Value]) -> Data:
        if isinstance(value, dict):
            return {key: self.fold((*path, key), item) for key, item in value.items()}
        return [self.fold((*path, index), item) for index, item in enumerate(value)]

    def fold_mapping(self, path: Path, value: Mapping[str, Value]) -> dict[str, Data]:
        """Fold every value of a mapping."""
        return {key: self.fold((*path, key), item) for key, item in value.items()}

    def fold_all(self) -> dict[str, Data]:
        """Fold every var, used or not; one that cannot be folded is absent from the result."""
        for name in self._document.spec.vars:
            self._variable(name, self._document.locate_key(("vars", name)))
        return {name: value for name, value in self._folded.items() if name not in self._broken}

    def text_of(self, path: Path, expression: Expression) -> str:
        """Return what an expression in the text at `path` stands for, as text."""
        return _as_text(self._evaluate(expression, self._locator(path)))

    def _locator(self, path: Path) -> Locate:
        def locate(start: int, end: int) -> Location:
            return self._document.locate(Place(path, (start, end)))

        return locate

    def fold_literal(self, value: Data, place: Place, written: str) -> Data:
        """Fold a literal of wiring text, which stands at `place` and reads `written` there.

        A mistake is reported at its name where the literal is written without escapes, else at the whole.
        """
        path, part = place
        assert part is not None
        begin = part[0] + written.index(value) if isinstance(value, str) and value in written else None

        def locate(start: int, end: int) -> Location:
            inner = part if begin is None else (begin + start, begin + end)
            return self._document.locate(Place(path, inner))

        if isinstance(value, str) and not is_plain(value):
            template, problems = parse_template(value)
            self.diagnostics.extend(
                from_problem("JC0209", locate(problem.start, problem.end), problem) for problem in problems
            )
            return self._fail() if template is None else self._fill(template, locate)
        if isinstance(value, dict):
            return {key: self.fold_literal(item, place, "") for key, item in value.items()}
        if isinstance(value, list):
            return [self.fold_literal(item, place, "") for item in value]
        return value

    def _fill(self, template: Template, locate: Locate) -> Data:
        if template.is_single:
            (expression,) = template.parts
            assert not isinstance(expression, str)
            return self._evaluate(expression, locate)
        texts = [
            part if isinstance(part, str) else _as_text(self._evaluate(part, locate))
            for part in template.parts
        ]
        text = "".join(texts)
        self._weight += len(text) // CHARACTERS_PER_NODE
        return text

    def _evaluate(self, expression: Expression, locate: Locate) -> Data:
        root, name, *inner = expression.names
        known = self._document.spec.vars
        if root.text != "vars":
            self._report_unknown(root, ("vars",), locate)
            return self._fail()
        if name.text not in known:
            if not self._document.is_broken(("vars", name.text)):
                self._report_unknown(name, known, locate)
            return self._fail()
        location = locate(expression.start, expression.end)
        value = self._variable(name.text, location)
        if name.text in self._broken or not self._fits(name.text, location):
            return self._fail()
        before = name
        for step in inner:
            if not isinstance(value, dict):
                self.diagnostics.append(_no_parts(before, step, value, locate))
                return self._fail()
            if step.text not in value:
                self._report_unknown(step, value, locate)
                return self._fail()
            before, value = step, value[step.text]
        return value

    def _fits(self, name: str, location: Location) -> bool:
        """Tell whether the value of a var still fits into what is being folded; report it if not."""
        self._weight += self._weights.get(name, 0)
        self._deepest = max(self._deepest, self._depth + self._depths.get(name, 0))
        if self._weight > MAX_WEIGHT:
            self._report_limit(location, f"{MAX_WEIGHT:,} values")
        elif self._deepest > MAX_DEPTH:
            self._report_limit(location, f"{MAX_DEPTH} levels")
        else:
            return True
        return False

    def _variable(self, name: str, location: Location) -> Data:
        if name in self._folded:
            self._broken.update(self._in_progress if name in self._broken else ())
            return self._folded[name]
        if name in self._in_progress:
            self._report_cycle(name, location)
            return None
        if len(self._in_progress) > MAX_CHAIN:
            self._report_limit(location, f"{MAX_CHAIN} vars in a chain")
            return None
        outer = self._weight, self._depth, self._deepest
        self._weight = self._depth = self._deepest = 0
        self._in_progress.append(name)
        self._fold_variable(name)
        self._in_progress.pop()
        self._weights[name], self._depths[name] = self._weight, self._deepest
        self._weight, self._depth, self._deepest = outer
        return self._folded[name]

    def _fold_variable(self, name: str) -> None:
        path, written = written_value(self._document.spec.vars, name)
        before = len(self.diagnostics)
        self._folded[name] = self.fold(path, written)
        if len(self.diagnostics) > before:
            self._broken.update(self._in_progress)

    def _report_limit(self, location: Location, limit: str) -> None:
        self.diagnostics.append(
            Diagnostic(
                "JC0111",
                f"what the vars stand for grows beyond {limit}",
                location,
                label="too much",
                help="write less into one value; large data belongs into a file that an op reads",
            )
        )

    def _report_unknown(self, name: Name, known: Iterable[str], locate: Locate) -> None:
        names = list(known)
        near = near_names(name.text, names)
        here = f"known here: {listing(names)}" if names else "nothing is defined here"
        self.diagnostics.append(
            Diagnostic(
                "JC0314",
                f"unknown variable `{name.text}`",
                locate(name.start, name.end),
                label="nothing of this name",
                help=f"did you mean `{near[0]}`?" if near else here,
                suggestions=near,
            )
        )

    def _report_cycle(self, name: str, location: Location) -> None:
        chain = [*self._in_progress[self._in_progress.index(name) :], name]
        self.diagnostics.append(
            Diagnostic(
                "JC0318",
                f"the var `{name}` refers to itself: {' -> '.join(f'`{part}`' for part in chain)}",
                location,
                label="leads back to where it began",
                help="give one of them a value of its own",
            )
        )


def _no_parts(owner: Name, part: Name, value: Data, locate: Locate) -> Diagnostic:
    return Diagnostic(
        "JC0314",
        f"`{owner.text}` is {words_for(value)} and has no part `{part.text}`",
        locate(part.start, part.end),
        label="only a mapping has parts",
        help=f"write `{owner.text}` alone",
    )


def written_value(variables: Mapping[str, Value], name: str) -> tuple[Path, Value]:
    """Return the value of a var as written, and where it stands."""
    written = variables[name]
    if is_declaration(written):
        return ("vars", name, "default"), written.get("default")
    return ("vars", name), written


def is_reported(document: Document, path: Path, value: object) -> bool:
    """Tell whether a value is no value because of a mistake that was reported where it is written."""
    if isinstance(value, float):
        return not isfinite(value)
    written = value_at(document.tree.value, path)
    return value is None and isinstance(written, str) and not is_plain(written)


def _as_text(value: Data) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        from jobc.schemas.ir import canonical_text

        return canonical_text(value)
    return str(value)
