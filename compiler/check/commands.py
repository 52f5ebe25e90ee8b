"""Rule: a command gives what a command can give, and its text quotes nothing that is quoted already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.op_kinds import PATH
from jobc.compiler.bind.program import own
from jobc.compiler.syntax.document import Place
from jobc.compiler.syntax.shell_text import enclosed
from jobc.compiler.syntax.types import Named
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import OpSymbol, OutputSymbol, Program
    from jobc.compiler.read import Path

_PRINTED = (Named("str"), Named("any"))


def check_commands(program: Program) -> Iterator[Diagnostic]:
    """Report outputs that a command cannot give (JC0606), and quotes around values (JC0607)."""
    for op in own(program.ops):
        if op.kind in ("command", "shell") and not op.is_open:
            yield from _check_outputs(program, op)
        if op.kind == "shell":
            yield from _check_quotes(program, (*op.path, "shell"))


def _check_outputs(program: Program, op: OpSymbol) -> Iterator[Diagnostic]:
    written = set(_written_outputs(program, op))
    known = {output.name for output in op.outputs}
    for output in op.outputs:
        if output.dynamic:
            yield _refused(program, op, output, "comes in several items", "leave `dynamic` out")
        elif output.type == PATH:
            if output.name not in written and op.work is not None and written <= known:
                yield _not_written(program, op, output)
        elif output.type is None:
            continue  # its type is reported where it is written
        elif output.name != "result":
            what = f"is of type `{output.type}`"
            yield _refused(program, op, output, what, "give it the type `path` and write it to a file")
        elif output.type not in _PRINTED:
            yield _refused(program, op, output, f"is of type `{output.type}`", "read the text in the next op")


def _written_outputs(program: Program, op: OpSymbol) -> Iterator[str]:
    """Yield the outputs that the texts of a command name."""
    from jobc.runtime.expressions.nodes import paths_in

    templates = program.document.templates
    for path, template in templates.items():
        if path[: len(op.path) + 1] != (*op.path, op.kind):
            continue
        for expression in template.expressions:
            for found in paths_in(expression):
                if found.names[0].text == "outputs" and len(found.names) > 1:
                    yield found.names[1].text


def _refused(program: Program, op: OpSymbol, output: OutputSymbol, what: str, advice: str) -> Diagnostic:
    return Diagnostic(
        "JC0606",
        f"the output `{output.name}` of the {op.kind} `{op.name}` {what}",
        program.document.locate_key(output.path),
        label="a command gives text as `result`, and files",
        help=advice,
    )


def _not_written(program: Program, op: OpSymbol, output: OutputSymbol) -> Diagnostic:
    return Diagnostic(
        "JC0606",
        f"nothing tells the {op.kind} `{op.name}` where to write its output `{output.name}`",
        program.document.locate_key(output.path),
        label="no file of this name will be there",
        help=f"write `${{outputs.{output.name}}}` where the path of the file belongs",
    )


def _check_quotes(program: Program, path: Path) -> Iterator[Diagnostic]:
    template = program.document.templates.get(path)
    for inside in () if template is None else enclosed(template):
        yield Diagnostic(
            "JC0607",
            f"a value is put {inside.where}",
            program.document.locate(Place(path, (inside.start, inside.end))),
            label="is quoted already",
            help=inside.advice,
        )
