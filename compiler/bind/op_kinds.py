"""What kind of work an op is, and the texts of commands, shells and plug-ins that the run fills in."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from jobc.compiler.bind.expression_types import fields_type, inputs_type
from jobc.compiler.bind.program import OutputSymbol
from jobc.compiler.syntax.types import Named
from jobc.runtime.expressions.scopes import ENV, RUN
from jobc.runtime.expressions.types import ANY, STR, Record
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.compiler.bind.program import FieldSymbol, InputSymbol
    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.runtime.expressions.types import Type
    from jobc.schemas.ir import Data
    from jobc.schemas.spec import OpSpec

OP_KINDS = ("python", "command", "shell")
PATH = Named("path")
_NAME = re.compile(r"unknown variable `(\w+)`")


def kinds_of(spec: OpSpec) -> tuple[str, ...]:
    """Return the keys that say what kind of work an op is; when all is well there is one."""
    return (*(kind for kind in OP_KINDS if getattr(spec, kind) is not None), *(spec.plug_in or ()))


def check_kinds(document: Document, path: Path, spec: OpSpec) -> Diagnostic | None:
    """Report an op of no kind, or of several; a kind without a value was reported."""
    kinds = kinds_of(spec)
    if len(kinds) == 1 or document.is_broken(path) or (not kinds and {*OP_KINDS} & spec.model_fields_set):
        return None
    if kinds:
        return Diagnostic(
            "JC0210",
            f"op `{path[-1]}` has {listing(kinds)}",
            document.locate_key((*path, kinds[1])),
            label="an op does one kind of work",
            help="keep one of them",
        )
    return Diagnostic(
        "JC0202",
        f"op `{path[-1]}` has no `python`",
        document.locate_key(path),
        label="`python` is missing",
        help="add `python`, for example `python: shop.ops:read_orders` (a function, as `module:name`), or "
        "`command` or `shell`",
    )


def work_outputs(path: Path, kind: str) -> tuple[OutputSymbol, ...]:
    """Return the one output of an op that declares none: what a command prints, or what a plug-in gives."""
    known = Named("str") if kind in OP_KINDS else Named("any")
    return (OutputSymbol("result", known, True, None, (*path, kind)),)


# The roots whose names an op declares itself.
_DECLARED = frozenset({"inputs", "config", "outputs"})


def bind_work(
    document: Document,
    variables: Variables,
    path: Path,
    spec: OpSpec,
    inputs: Iterable[InputSymbol],
    config: Iterable[FieldSymbol],
    outputs: Iterable[OutputSymbol],
) -> Data:
    """Return what an op does, vars folded and expressions of the run left; `path` is that of the kind."""
    kind = str(path[-1])
    written = (spec.plug_in or {})[kind] if kind not in OP_KINDS else getattr(spec, kind)
    files: dict[str, Type] = {output.name: STR for output in outputs if output.type in (PATH, None)}
    roots: dict[str, Type] = {
        "inputs": inputs_type(inputs),
        "config": fields_type(config),
        "run": RUN,
        "env": ENV,
    }
    if kind in OP_KINDS:
        roots["outputs"] = Record(files)
    for key in roots.keys() & _DECLARED:
        if document.is_broken((*path[:-1], key)):
            roots[key] = ANY
    before = len(variables.diagnostics)
    if kind != "shell":
        return variables.fold_partly(path, written, roots)
    from jobc.runtime.op_kinds.names import quoted

    work = variables.fold_partly(path, written, roots, quoted)
    variables.diagnostics[before:] = map(_with_shell_names, variables.diagnostics[before:])
    return work


def _with_shell_names(diagnostic: Diagnostic) -> Diagnostic:
    """Advise what to do where the author means a variable of the shell, not one of the spec."""
    name = _NAME.fullmatch(diagnostic.message)
    if name is None or diagnostic.suggestions:
        return diagnostic
    return replace(diagnostic, help=f"{diagnostic.help}; a variable of the shell is written `${name[1]}`")
