"""Pointers to jobs: plain data, absolute paths, so that they mean the same in any process and folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.reconstruct.plain_values import json_text, plain_list, plain_mapping
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
"""The version of the dictionary form; one of a later version is refused."""


@dataclass(frozen=True, slots=True)
class PythonPointer:
    """A job, or a function that returns one, in a Python module.

    `file` is where the module was found, None for one that is in no file of its own (an archive). `folders`
    are where imports are looked for besides the usual places. Where `folders` cannot lead to the module
    (a script, a module that was loaded from a file by hand) it `is_loaded_from_file`. `arguments` and
    `keywords` are what the function is called with, as JSON texts.
    """

    module: str
    name: str
    file: str | None
    folders: tuple[str, ...]
    is_loaded_from_file: bool = False
    arguments: str = "[]"
    keywords: str = "{}"

    @property
    def described(self) -> str:
        """Return what messages call the target."""
        return f"`{self.name}` of the {self.described_module}"

    @property
    def described_module(self) -> str:
        """Return what messages call the module: its file where that is how it is found."""
        if self.is_loaded_from_file and self.file is not None:
            return f"file `{self.file}`"
        return f"module `{self.module}`"


@dataclass(frozen=True, slots=True)
class SpecPointer:
    """A job of a spec, with what tells whether the spec is still the same.

    `variables` is the JSON text of the vars given at compile time. `digest` is that of the job, `files` are
    the files that took part in compiling it, each with its SHA-256.
    """

    file: str
    job: str
    profile: str | None
    variables: str
    digest: str
    files: tuple[tuple[str, str], ...]

    @property
    def described(self) -> str:
        """Return what messages call the target."""
        return f"`{self.file}#{self.job}`"


Pointer = PythonPointer | SpecPointer


def pointer_as_dict(pointer: Pointer) -> dict[str, object]:
    """Return the dictionary form of a pointer: nothing but what JSON holds."""
    if isinstance(pointer, SpecPointer):
        return {
            "version": VERSION,
            "kind": "spec",
            "file": pointer.file,
            "job": pointer.job,
            "profile": pointer.profile,
            "vars": plain_mapping(pointer.variables),
            "digest": pointer.digest,
            "files": [{"path": path, "sha256": sha256} for path, sha256 in pointer.files],
        }
    return {
        "version": VERSION,
        "kind": "python",
        "module": pointer.module,
        "name": pointer.name,
        "file": pointer.file,
        "folders": list(pointer.folders),
        "from_file": pointer.is_loaded_from_file,
        "args": plain_list(pointer.arguments),
        "kwargs": plain_mapping(pointer.keywords),
    }


def pointer_of_dict(form: Mapping[str, object]) -> Pointer:
    """Return the pointer that a dictionary form stands for.

    Errors: `InvariantViolationError` for a form of another version, or of no kind there is.
    """
    if form.get("version") != VERSION:
        raise InvariantViolationError(
            f"this jobc reads job pointers of version {VERSION}, and was given one of version "
            f"{form.get('version')!r}: use the same jobc in all processes of a run"
        )
    kind = form.get("kind")
    try:
        if kind == "spec":
            return _spec_of(form)
        if kind == "python":
            return _python_of(form)
    except KeyError as error:
        raise InvariantViolationError(f"the job pointer has no `{error.args[0]}`") from None
    raise InvariantViolationError(f"a job pointer is of the kind `python` or `spec`, not {kind!r}")


def _spec_of(form: Mapping[str, object]) -> SpecPointer:
    files = cast("list[dict[str, str]]", form["files"])
    return SpecPointer(
        file=cast("str", form["file"]),
        job=cast("str", form["job"]),
        profile=cast("str | None", form["profile"]),
        variables=json_text(form["vars"], "vars"),
        digest=cast("str", form["digest"]),
        files=tuple((each["path"], each["sha256"]) for each in files),
    )


def _python_of(form: Mapping[str, object]) -> PythonPointer:
    return PythonPointer(
        module=cast("str", form["module"]),
        name=cast("str", form["name"]),
        file=cast("str | None", form["file"]),
        folders=tuple(cast("list[str]", form["folders"])),
        is_loaded_from_file=cast("bool", form["from_file"]),
        arguments=json_text(form["args"], "args"),
        keywords=json_text(form["kwargs"], "kwargs"),
    )
