"""Where a value of a spec comes from: each place it has passed, from where it is asked for to where it began.

A value is named by its path in the file (`jobs.etl.config.ops.read.config.path`, `vars.root`); what an import
defines begins with the import's name (`eu.ops.clean.config.limit`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from jobc.compiler.bind.secrets import holds_secret, secrets_in_values
from jobc.compiler.bind.variables import Variables, written_value
from jobc.compiler.explained_defaults import default_place
from jobc.runtime.expressions.nodes import parts_of
from jobc.runtime.expressions.scopes import ROOTS
from jobc.runtime.expressions.types import ANY
from jobc.schemas.ir import masked
from jobc.schemas.names import listing, near_names
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jobc.compiler.bind.program import Program
    from jobc.compiler.read import Path, Value
    from jobc.compiler.syntax.document import Document
    from jobc.runtime.expressions.nodes import Expression
    from jobc.schemas.diagnostics import Location
    from jobc.schemas.ir import Data

_AT_RUN = {root: ANY for root in ROOTS if root != "vars"}


class Hop(NamedTuple):
    """One place that a value has passed; `location` is None for what was given from outside.

    `what` says in words what happens there, `value` is the value there, folded.
    """

    what: str
    location: Location | None
    value: Data


class Explained(NamedTuple):
    """A value, folded as far as a compiler can, and the places it has passed. Secrets are masked."""

    path: str
    value: Data
    hops: tuple[Hop, ...]


class UnknownPathError(Exception):
    """There is nothing at a path; `location` is where it would stand, `suggestions` are near paths."""

    def __init__(self, message: str, location: Location, suggestions: tuple[str, ...]) -> None:
        super().__init__(message, location, suggestions)
        self.message = message
        self.location = location
        self.suggestions = suggestions


class _Scope(NamedTuple):
    """A file, the file that imports it, and the name of that import; the root has none."""

    program: Program
    outer: _Scope | None = None
    name: str = ""


def explain_value(program: Program, text: str, given: Mapping[str, object]) -> Explained:
    """Explain the value at a path of a program; `given` are the vars that were given from outside.

    Raises `UnknownPathError`.
    """
    scope, parts = _Scope(program), text.split(".")
    while len(parts) > 1 and parts[0] in scope.program.imports and not _is_section(scope, parts[0]):
        scope = _Scope(scope.program.imports[parts[0]], scope, parts.pop(0))
    hops: list[Hop] = []
    scope, path = _resolved(scope, text, parts, hops)
    explainer = _Explainer(given, is_secret=_is_secret(scope.program, path))
    value = explainer.at(scope, path)
    return Explained(text, value, (*hops, *explainer.hops))


def _is_section(scope: _Scope, name: str) -> bool:
    value = scope.program.document.tree.value
    return isinstance(value, dict) and name in value


def _resolved(scope: _Scope, text: str, parts: list[str], hops: list[Hop]) -> tuple[_Scope, Path]:
    """Return the path that dotted parts stand for.

    A job has what the job has that it is derived from, and else the defaults of what it runs.
    """
    document = scope.program.document
    path, rest = _walked(document.tree.value, parts)
    if not rest:
        return scope, path
    job = scope.program.jobs.get(str(path[1])) if len(path) > 1 and path[0] == "jobs" else None
    if job is None:
        raise _unknown(document, text, path, rest)
    below = [*map(str, path[2:]), *rest]
    base = document.spec.jobs[job.name].job
    if base is not None and base in scope.program.jobs:
        place = document.tree.locate((*job.path, "job"))
        hops.append(Hop(f"job `{job.name}` has it from job `{base}`", place, None))
        inner, name = _inside(scope, base)
        return _resolved(inner, text, ["jobs", name, *below], hops)
    default = default_place(scope.program, job, below[1:]) if below[0] == "config" else None
    if default is None:
        raise _unknown(document, text, path, rest)
    hops.append(Hop(f"job `{job.name}` leaves it to {default.what}", document.locate_key(job.path), None))
    return _inside(scope, default.symbol)[0], default.path


def _inside(scope: _Scope, name: str) -> tuple[_Scope, str]:
    """Return the file in which the symbol of a qualified name is written, and its name there."""
    *imports, own = name.split(".")
    for each in imports:
        scope = _Scope(scope.program.imports[each], scope, each)
    return scope, own


def _walked(value: Value, parts: list[str]) -> tuple[Path, list[str]]:
    """Follow dotted parts into a value, and return how far they lead; a key may have dots itself."""
    path: Path = ()
    while parts:
        step, used = _step(value, parts)
        if step is None:
            break
        value = value[step]  # type: ignore[index]
        path, parts = (*path, step), parts[used:]
    return path, parts


def _step(value: Value, parts: list[str]) -> tuple[str | int | None, int]:
    if isinstance(value, dict):
        for used in range(1, len(parts) + 1):
            key = ".".join(parts[:used])
            if key in value:
                return key, used
    if isinstance(value, list) and parts[0].isdecimal() and int(parts[0]) < len(value):
        return int(parts[0]), 1
    return None, 0


def _unknown(document: Document, text: str, path: Path, rest: list[str]) -> UnknownPathError:
    owner = value_at(document.tree.value, path)
    known = [str(key) for key in owner] if isinstance(owner, dict) else []
    if isinstance(owner, list):
        known = [str(index) for index in range(len(owner))]
    begin = text.removesuffix(".".join(rest))
    near = tuple(f"{begin}{name}" for name in near_names(rest[0], known))
    where = f"`{begin.rstrip('.')}`" if begin else "the file"
    has = f"{where} has {listing(known)}" if known else f"{where} has no parts"
    return UnknownPathError(f"there is no `{begin}{rest[0]}`: {has}", document.tree.locate(path), near)


class _Explainer:
    """Collects the hops of one value."""

    def __init__(self, given: Mapping[str, object], *, is_secret: bool) -> None:
        self.hops: list[Hop] = []
        self._given = given
        self._is_secret = is_secret
        self._seen: set[tuple[str, str]] = set()

    def at(self, scope: _Scope, path: Path) -> Data:
        """Follow the value at a path, and return it."""
        if path[:1] == ("vars",) and len(path) > 1:
            return self._var(scope, str(path[1]), path)
        document = scope.program.document
        value = self._shown(_folded(scope.program, path))
        self._add(f"written here{self._text(document, path)}", document.tree.locate(path), value)
        self._through(document, path)
        self._inside(scope.program, path)
        self._vars_of(scope, path)
        return value

    def _inside(self, program: Program, path: Path) -> None:
        """Add the parts of a mapping that a profile brings; one that it brings whole is no mix."""
        from jobc.compiler.read.overlaid_tree import OverlaidTree

        tree = program.document.tree
        value = value_at(tree.value, path)
        if not isinstance(tree, OverlaidTree) or not isinstance(value, dict) or tree.written(path) != path:
            return
        for key in value:
            inner = (*path, key)
            if tree.written(inner) == inner:
                self._inside(program, inner)
                continue
            what = f"profile `{tree.written(inner)[1]}` gives `{'.'.join(map(str, inner))}`"
            self._add(what, tree.locate_key(inner), self._shown(_folded(program, inner)))

    def _add(self, what: str, location: Location | None, value: Data) -> None:
        self.hops.append(Hop(what, location, value))

    def _shown(self, value: Data) -> Data:
        return masked(value) if self._is_secret else value

    def _text(self, document: Document, path: Path) -> str:
        """Return how a value is written that is made of expressions."""
        written = value_at(document.tree.value, path)
        return f" as `{written}`" if path in document.templates and not self._is_secret else ""

    def _through(self, document: Document, path: Path) -> None:
        """Add the aliases and merge keys that a value comes through, and the text that a profile replaced."""
        from jobc.compiler.read.overlaid_tree import OverlaidTree

        tree = document.tree
        for place in _aliases(document, path):
            self._add("through an alias or merge key", tree.locate(place), None)
        if isinstance(tree, OverlaidTree) and tree.written(path) != path:
            profile = tree.written(path)[1]
            below = tree.replaced(path)
            what = f"profile `{profile}` " + ("adds it" if below is None else "puts it in the place of this")
            at = tree.locate_key(("profiles", profile)) if below is None else below
            self._add(what, at, None)

    def _vars_of(self, scope: _Scope, path: Path) -> None:
        for name in _vars_in(scope.program.document, path):
            if name in scope.program.document.spec.vars:
                self._var(scope, name, ("vars", name))

    def _var(self, scope: _Scope, name: str, path: Path) -> Data:
        """Follow a var: to what was given for it, or to its text and the vars in that."""
        document, known = scope.program.document, scope.program.variables
        value = self._shown(cast("Data", value_at({"vars": dict(known)}, path)))
        if (document.tree.source.name, name) in self._seen:
            return value
        self._seen.add((document.tree.source.name, name))
        place, _ = written_value(document.spec.vars, name)
        if scope.outer is None and name in self._given:
            what = f"var `{name}`, given from outside in the place of this"
            self._add(what, document.tree.locate(place), value)
        elif scope.outer is not None and name in _passed(scope):
            above = ("imports", scope.name, "vars", name)
            what = f"var `{name}`, which import `{scope.name}` passes"
            self._add(what, document.tree.locate(place), value)
            self.at(scope.outer, above)
        else:
            is_default = place != ("vars", name)
            what = f"var `{name}`{', by its default' if is_default else ''}{self._text(document, place)}"
            self._add(what, document.tree.locate(place), value)
            self._through(document, place)
            self._vars_of(scope, place)
        return value


def _passed(scope: _Scope) -> Iterable[str]:
    assert scope.outer is not None
    form = scope.outer.program.document.spec.imports[scope.name]
    return () if isinstance(form, str) else form.vars


def _aliases(document: Document, path: Path) -> Iterator[Path]:
    """Yield the paths, inner ones first, of values that are not written inside what holds them."""
    tree = document.tree
    for length in range(len(path), 0, -1):
        inner, outer = tree.locate_key(path[:length]), tree.locate(path[: length - 1])
        is_inside = outer.start <= inner.start <= outer.end
        is_moved = getattr(tree, "written", tuple)(path[:length]) != path[:length]
        if not is_inside and not is_moved:
            yield path[: length - 1]


def _vars_in(document: Document, path: Path) -> list[str]:
    """Return the vars that expressions at and below a path name, each once, in the order of the text."""
    names: dict[str, None] = {}
    for place, template in document.templates.items():
        if place[: len(path)] == path:
            for expression in template.expressions:
                names.update(dict.fromkeys(name for root, name in _dotted(expression) if root == "vars"))
    return list(names)


def _dotted(expression: Expression) -> Iterator[tuple[str, str]]:
    """Yield the root and the first part of every dotted name in an expression."""
    from jobc.runtime.expressions.names import Path as DottedName

    if isinstance(expression, DottedName):
        names = [name.text for name in expression.names]
        yield names[0], names[1] if len(names) > 1 else ""
    for part in parts_of(expression):
        yield from _dotted(part)


def _folded(program: Program, path: Path) -> Data:
    """Return the value at a path with its vars put in; what is known at the run alone is left as text."""
    document = program.document
    variables = Variables(document, program.variables)
    value = value_at(document.tree.value, path)
    below = [each for place, each in document.templates.items() if place[: len(path)] == path]
    roots = {root for each in below for expression in each.expressions for root, _ in _dotted(expression)}
    if roots <= {"vars"}:
        return variables.fold(path, value)  # type: ignore[arg-type]
    return variables.fold_partly(path, value, _AT_RUN)  # type: ignore[arg-type]


def _is_secret(program: Program, path: Path) -> bool:
    """Tell whether a value is a secret, is in one, or has one inside; a var is, if a secret is made of it."""
    secrets = set(_secret_paths(program))
    if path[:1] == ("vars",):
        document = program.document
        used = {name for secret in secrets for name in _vars_in(document, secret)}
        return bool(used & {*path[1:2]} if len(path) > 1 else used) or _is_below(path, secrets)
    return _is_below(path, secrets)


def _is_below(path: Path, secrets: Iterable[Path]) -> bool:
    return any(path[: len(each)] == each or each[: len(path)] == path for each in secrets)


def _secret_paths(program: Program) -> Iterator[Path]:
    """Yield the paths of the file's own values that are secret."""
    from jobc.compiler.bind.program import own
    from jobc.compiler.bind.reach import reach
    from jobc.compiler.bind.secrets import secrets_in_config

    for name in program.document.spec.vars:
        if holds_secret(program.document.types.get(("vars", name, "type"))):
            yield "vars", name
    fields = [field for op in own(program.ops) for field in op.config]
    fields += [field for resource in own(program.resources) for field in resource.config]
    for field in fields:
        if holds_secret(field.type):
            yield *field.path, "default"
    for resource in own(program.resources):
        for path in secrets_in_values(resource.config, resource.values):
            yield *resource.path, "with", *path
    for job in own(program.jobs):
        for path in secrets_in_config(program, job, reach(program, job)):
            yield *job.path, "config", *path
