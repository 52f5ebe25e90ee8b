"""What something is made by: a Python target, or one that jobc brings; never both, never neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.spec import ExecutorSpec, LoggerSpec, ResourceSpec


def check_origin(
    document: Document, path: Path, noun: str, spec: ResourceSpec | LoggerSpec | ExecutorSpec
) -> list[Diagnostic]:
    """Report what has neither `python` nor `builtin`, or both, or declares what a built-in one declares."""
    if document.is_broken(path):
        return []
    if spec.builtin is None:
        has_key = bool({"python", "builtin"} & spec.model_fields_set)
        return [] if has_key else [_neither(document, path, noun)]
    beside = "python" if spec.python is not None else "config" if spec.config else None
    return [] if beside is None else [_beside(document, path, noun, beside)]


def _neither(document: Document, path: Path, noun: str) -> Diagnostic:
    return Diagnostic(
        "JC0202",
        f"{noun} `{path[-1]}` has no `python`",
        document.locate_key(path),
        label="`python` is missing",
        help=f"add `python`, what makes the {noun}, as `module:name`, or `builtin`, one that jobc brings",
    )


def _beside(document: Document, path: Path, noun: str, key: str) -> Diagnostic:
    advice = "keep one of the two"
    if key == "config":
        advice = "remove `config`; `with` gives the built-in fields their values"
    return Diagnostic(
        "JC0210",
        f"{noun} `{path[-1]}` has a `builtin` and a `{key}`",
        document.locate_key((*path, key)),
        label="these exclude each other",
        help=advice,
    )
