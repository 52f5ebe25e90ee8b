"""Vars, and the folding of expressions over them into the values of a spec."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from jobc.compiler.bind.folded_values import CHARACTERS_PER_NODE, Known, as_data, escaped_data, size_of
from jobc.compiler.bind.given_vars import (
    GivenProblem,
    given_problems,
    misfit_diagnostics,
    without_value,
)
from jobc.compiler.bind.variable_reports import cyclic, too_large
from jobc.compiler.read.limits import DEPTH, EXPANDED_NODES
from jobc.compiler.syntax.document import Place, from_problem
from jobc.compiler.syntax.templates import CODES_OF_PROBLEMS, is_plain, parse_template, syntax_problem
from jobc.compiler.syntax.texts import is_declaration
from jobc.runtime.expressions.names import Path as DottedName
from jobc.runtime.expressions.problems import Problem
from jobc.runtime.expressions.templates import Template, template_text
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jobc.compiler.read import Path, Value
    from jobc.compiler.syntax.document import Document
    from jobc.runtime.expressions.nodes import Expression
    from jobc.runtime.expressions.types import Type
    from jobc.schemas.diagnostics import Diagnostic, Location
    from jobc.schemas.ir import Data

    Locate = Callable[[int, int], Location]
    _FoldedPart = str | Expression | Known
    _TextOf = Callable[[object], str]


__all__ = ["GivenProblem", "Variables", "given_problems", "is_reported", "written_value"]

# Vars can be built from vars; these bound what a few lines may grow into.
MAX_CHAIN = 50
MAX_DEPTH = DEPTH
MAX_WEIGHT = EXPANDED_NODES

_NO_VALUES: dict[str, Data] = {}
_NO_ROOTS: dict[str, Type] = {}


class Variables:
    """The vars of a document, folded when first asked for; mistakes are collected in `diagnostics`.

    `given` are values from outside, which stand for the defaults; they are taken as they are. Folding puts
    values into values: how deep and how heavy the result may get is limited (JC0111). The weight of a value
    is the number of scalars in it, long texts counting as many. `failures` counts the texts that could not be
    folded, those included whose mistake was reported elsewhere.
    """

    def __init__(self, document: Document, given: Mapping[str, Data] = _NO_VALUES) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.failures = 0
        self._document = document
        self._given = given
        self._folded: dict[str, Data] = {}
        self._in_progress: list[str] = []
        self._broken: set[str] = set()
        self._weights: dict[str, int] = {}
        self._depths: dict[str, int] = {}
        self._weight = 0
        self._depth = 0
        self._deepest = 0
        # Across the vars of a chain, whose folding is nested.
        self._levels = 0

    @property
    def required(self) -> tuple[str, ...]:
        """The vars that have neither a default nor a given value."""
        return tuple(name for name in self._document.spec.vars if self._is_required(name))

    def _is_required(self, name: str) -> bool:
        written = self._document.spec.vars[name]
        return is_declaration(written) and "default" not in written and name not in self._given

    def report_required(self) -> None:
        """Report the vars without a value where they are declared (JC0506)."""
        self.diagnostics += [without_value(self._document, name) for name in self.required]

    def fold(self, path: Path, value: Value) -> Data:
        """Return the value at `path` with its expressions replaced by what they stand for; only vars exist.

        A text that is one expression takes the type of its value, dates becoming ISO text; in a longer text
        the value becomes text. A text that cannot be folded is reported and becomes None.
        """
        return self._walk(path, value, self._final)

    def fold_partly(
        self, path: Path, value: Value, roots: Mapping[str, Type], text_of: _TextOf | None = None
    ) -> Data:
        """Return the value at `path` with its vars put in, and what depends on `roots` left for the run.

        The texts of the result are templates, all of them: a literal `${` is written `$${`. What is left is
        canonical text. `roots` are the names that exist beside `vars`, with what is known of their types. A
        text that has a mistake is reported and becomes None. With `text_of`, every value that is put in
        becomes text by it, even one that stands alone.
        """

        def fill(template: Template, locate: Locate) -> Data:
            return self._template(template, locate, roots, text_of)

        return self._walk(path, value, fill)

    def _walk(self, path: Path, value: Value, fill: Callable[[Template, Locate], Data]) -> Data:
        if isinstance(value, dict | list):
            return self._walk_inside(path, value, fill)
        self._weight += 1
        if not isinstance(value, str) or is_plain(value):
            return value
        template = self._document.templates.get(path)
        return self._fail() if template is None else fill(template, self._locator(path))

    def _walk_inside(
        self, path: Path, value: dict[str, Value] | list[Value], fill: Callable[[Template, Locate], Data]
    ) -> Data:
        if self._levels == MAX_DEPTH:
            self.diagnostics.append(too_large(self._document.tree.locate(path), f"{MAX_DEPTH} levels"))
            return self._fail()
        self._levels += 1
        self._depth += 1
        self._deepest = max(self._deepest, self._depth)
        # Loops, for a comprehension would double how deep the calls go.
        entries: dict[str, Data] = {}
        items: list[Data] = []
        if isinstance(value, dict):
            for key, item in value.items():
                entries[key] = self._walk((*path, key), item, fill)
        else:
            for index, item in enumerate(value):
                items.append(self._walk((*path, index), item, fill))  # noqa: PERF401
        self._depth -= 1
        self._levels -= 1
        return entries if isinstance(value, dict) else items

    def _fail(self) -> Data:
        """Count a text that cannot be folded; it becomes None."""
        self.failures += 1
        return None

    def fold_mapping(self, path: Path, value: Mapping[str, Value]) -> dict[str, Data]:
        """Fold every value of a mapping."""
        return {key: self.fold((*path, key), item) for key, item in value.items()}

    def fold_all(self) -> dict[str, Data]:
        """Fold every var, used or not; one that has no value, or a wrong one, is absent from the result."""
        for name in self._document.spec.vars:
            self._variable(name, self._document.locate_key(("vars", name)))
        return {name: value for name, value in self._folded.items() if name not in self._broken}

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
        is_found = isinstance(value, str) and value != "" and written.count(value) == 1
        begin = part[0] + written.index(str(value)) if is_found else None

        def locate(start: int, end: int) -> Location:
            inner = part if begin is None else (begin + start, begin + end)
            return self._document.locate(Place(path, inner))

        if isinstance(value, str) and not is_plain(value):
            template, problems = parse_template(value)
            self.diagnostics.extend(
                from_problem("JC0209", locate(problem.start, problem.end), problem) for problem in problems
            )
            return self._fail() if template is None else self._final(template, locate)
        if isinstance(value, dict):
            return {key: self.fold_literal(item, place, written) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fold_literal(item, place, written) for item in value]
        return value

    def _final(self, template: Template, locate: Locate) -> Data:
        """Return what a template stands for where only vars exist."""
        parts = self._parts(template, locate, _NO_ROOTS)
        if parts is None:
            return self._fail()
        if len(parts) == 1 and isinstance(parts[0], Known):
            return as_data(parts[0].value)
        assert all(isinstance(part, str) for part in parts), "where only vars exist, all is known"
        return self._counted("".join(map(str, parts)))

    def _template(
        self, template: Template, locate: Locate, roots: Mapping[str, Type], text_of: _TextOf | None
    ) -> Data:
        """Return the template that is left when vars are put in."""
        parts = self._parts(template, locate, roots, text_of)
        if parts is None:
            return self._fail()
        if len(parts) == 1 and isinstance(parts[0], Known):
            return escaped_data(as_data(parts[0].value))
        left = tuple(part for part in parts if not isinstance(part, Known))
        text = self._counted(template_text(Template(left)))
        if all(isinstance(part, str | DottedName) for part in left) or not parse_template(text)[1]:
            return text
        # Large vars can make it longer than an expression may be.
        first, last = template.expressions[0], template.expressions[-1]
        self.diagnostics.append(too_large(locate(first.start, last.end), "what one expression can hold"))
        return self._fail()

    def _counted(self, text: str) -> str:
        self._weight += len(text) // CHARACTERS_PER_NODE
        return text

    def _parts(
        self, template: Template, locate: Locate, roots: Mapping[str, Type], text_of: _TextOf | None = None
    ) -> list[_FoldedPart] | None:
        """Return the parts of a template, vars put in; None where a mistake was found.

        In a template of several parts, and with `text_of`, a part that is known is text.
        """
        parts: list[_FoldedPart] = []
        for part in template.parts:
            folded = part if isinstance(part, str) else self._folded_part(part, locate, roots)
            if isinstance(folded, Known) and (template.single is None or text_of is not None):
                assert not isinstance(part, str)
                folded = self._text_of(folded, part, locate, text_of)
            parts += [] if folded is None else [folded]
        return parts if len(parts) == len(template.parts) else None

    def _text_of(self, known: Known, part: Expression, locate: Locate, text_of: _TextOf | None) -> str | None:
        """Return a value as it stands in a longer text; None where it has no text, which is reported."""
        from jobc.runtime.expressions.errors import RefusedOperationError
        from jobc.runtime.expressions.texts import as_text

        try:
            return (text_of or as_text)(known.value)
        except RefusedOperationError as error:
            self._report(Problem(error.kind, part.start, part.end, error.message, help=error.advice), locate)
            return None

    def _folded_part(
        self, expression: Expression, locate: Locate, roots: Mapping[str, Type]
    ) -> Expression | Known | None:
        """Return an expression with its vars put in; None where a mistake was found."""
        values = self._values(expression, locate)
        if values is None:
            return None
        if isinstance(expression, DottedName) and len(expression.names) > 1:
            found = _plain_value(expression, values)
            if found is not None:
                return found
        return self._checked(expression, locate, roots, values)

    def _values(self, expression: Expression, locate: Locate) -> dict[str, Data] | None:
        """Return the values of the vars that an expression reads; None where one of them is broken."""
        values: dict[str, Data] = {}
        for path in _dotted_names(expression):
            root, *inner = path.names
            if root.text != "vars" or not inner:
                continue
            name, location = inner[0].text, locate(path.start, path.end)
            if self._document.is_broken(("vars", name)):
                return None
            if name in self._document.spec.vars:
                value = self._variable(name, location)
                if name in self._broken or name in self._in_progress or not self._fits(name, location):
                    return None
                values[name] = value
        return values

    def _checked(
        self, expression: Expression, locate: Locate, roots: Mapping[str, Type], values: dict[str, Data]
    ) -> Expression | Known | None:
        """Fold an expression whose vars are known, if its types are right."""
        from jobc.runtime.expressions.errors import EvaluationError
        from jobc.runtime.expressions.folding import fold
        from jobc.runtime.expressions.inference import infer
        from jobc.runtime.expressions.nodes import Literal
        from jobc.runtime.expressions.scopes import Scope
        from jobc.runtime.expressions.types import ANY, Record, type_of

        types = {name: type_of(values[name]) if name in values else ANY for name in self._document.spec.vars}
        problems = infer(expression, Scope({"vars": Record(types), **roots})).problems
        for problem in problems:
            self._report(problem, locate)
        if problems:
            return None
        try:
            folded = fold(expression, {"vars": values})
        except EvaluationError as error:
            self._report(error.problem, locate)
            return None
        if not isinstance(folded, Literal):
            return folded
        location = locate(expression.start, expression.end)
        return Known(folded.value) if self._fits_size(*size_of(folded.value), location) else None

    def _fits(self, name: str, location: Location) -> bool:
        """Tell whether the value of a var still fits into what is being folded; report it if not."""
        return self._fits_size(self._weights.get(name, 0), self._depths.get(name, 0), location)

    def _fits_size(self, weight: int, depth: int, location: Location) -> bool:
        self._weight += weight
        self._deepest = max(self._deepest, self._depth + depth)
        if self._weight > MAX_WEIGHT:
            self.diagnostics.append(too_large(location, f"{MAX_WEIGHT:,} values"))
        elif self._deepest > MAX_DEPTH:
            self.diagnostics.append(too_large(location, f"{MAX_DEPTH} levels"))
        else:
            return True
        return False

    def _variable(self, name: str, location: Location) -> Data:
        if name in self._folded:
            self._broken.update(self._in_progress if name in self._broken else ())
            return self._folded[name]
        if name in self._in_progress:
            chain = [*self._in_progress[self._in_progress.index(name) :], name]
            self.diagnostics.append(cyclic(location, chain))
            return None
        if len(self._in_progress) > MAX_CHAIN:
            self.diagnostics.append(too_large(location, f"{MAX_CHAIN} vars in a chain"))
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
        if name in self._given:
            self._folded[name] = self._given[name]
            self._weight, self._deepest = size_of(self._given[name])
            return
        path, written = written_value(self._document.spec.vars, name)
        before = len(self.diagnostics)
        failures = self.failures
        self._folded[name] = self.fold(path, written)
        if self.failures == failures and is_declaration(self._document.spec.vars[name]):
            self.diagnostics += self._misfits(name)
        if len(self.diagnostics) > before or self._is_required(name):
            self._broken.update(self._in_progress)

    def _misfits(self, name: str) -> Iterator[Diagnostic]:
        if not self._is_required(name):
            yield from misfit_diagnostics(self._document, name, self._folded[name])

    def _report(self, problem: Problem, locate: Locate) -> None:
        code = CODES_OF_PROBLEMS[problem.kind]
        location = locate(problem.start, problem.end)
        self.diagnostics.append(from_problem(code, location, syntax_problem(problem)))


def _dotted_names(expression: Expression) -> Iterable[DottedName]:
    if isinstance(expression, DottedName):
        return (expression,)
    from jobc.runtime.expressions.nodes import paths_in

    return paths_in(expression)


def _plain_value(path: DottedName, values: Mapping[str, Data]) -> Known | None:
    """Return the value of `vars.name.part`; None where there is none, and why is for others to say."""
    found: object = {"vars": values}
    for step in path.names:
        if not isinstance(found, dict) or step.text not in found:
            return None
        found = found[step.text]
    return Known(found)


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
