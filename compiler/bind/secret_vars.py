"""Where vars of type `secret` are used, and the vars that are made of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.bind.program import ValueSource, own
from jobc.compiler.bind.secrets import holds_secret
from jobc.compiler.syntax.document import Place
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobc.compiler.bind.program import GraphSymbol, Program
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.compiler.syntax.templates import Template

_IN_TEXT = re.compile(r"\bvars\.(\w+)")
_TEMPLATES = ("config_mappings", "partitioned_configs")


class Use(NamedTuple):
    """A place that names a secret var; `path` is that of the whole value, or of the wiring text."""

    var: str
    path: Path
    place: Place


def secret_vars(document: Document) -> frozenset[str]:
    """Return the vars that are declared `secret`, and those whose values are made of one."""
    secret = {name for name in document.spec.vars if holds_secret(document.types.get(("vars", name, "type")))}
    if not secret:
        return frozenset()
    made = {
        (str(path[1]), name)
        for path, template in document.templates.items()
        if path[0] == "vars"
        for name, *_ in _named(template)
    }
    while more := {var for var, of in made if of in secret} - secret:
        secret |= more
    return frozenset(secret)


def uses_of_secret_vars(program: Program) -> Iterator[Use]:
    """Yield all uses of secret vars but those in other vars, in secret vars of imports, in run config.

    Which values of a template of run config are secret is only known where a job uses it.
    """
    document, secret = program.document, secret_vars(program.document)
    if not secret:
        return
    for path, template in document.templates.items():
        if path[0] in ("vars", *_TEMPLATES) or _is_secret_var_of_import(program, path):
            continue
        for name, start, end in _named(template):
            if name in secret:
                yield Use(name, path, Place(path, (start, end)))
    for graph in own(program.graphs):
        yield from _in_wiring(document, graph, secret)


def _named(template: Template) -> Iterator[tuple[str, int, int]]:
    """Yield the vars that a template names, with where they stand in its text."""
    from jobc.runtime.expressions.nodes import paths_in

    for expression in template.expressions:
        for found in paths_in(expression):
            if found.names[0].text == "vars" and len(found.names) > 1:
                yield found.names[1].text, found.start, found.end


def _is_secret_var_of_import(program: Program, path: Path) -> bool:
    section, *parts = path
    if section != "imports" or len(parts) < 3:
        return False
    imported = program.imports.get(str(parts[0]))
    return imported is not None and holds_secret(imported.document.types.get(("vars", parts[2], "type")))


def _in_wiring(document: Document, graph: GraphSymbol, secret: Iterable[str]) -> Iterator[Use]:
    for node in graph.nodes:
        for argument in node.arguments:
            source = argument.source
            if not isinstance(source, ValueSource) or source.place.part is None:
                continue
            path, (start, end) = source.place.path, source.place.part
            text = str(value_at(document.tree.value, path))[start:end]
            for match in _IN_TEXT.finditer(text) if "${" in text else ():
                if match[1] in secret:
                    place = Place(path, (start + match.start(), start + match.end()))
                    yield Use(match[1], path, place)
