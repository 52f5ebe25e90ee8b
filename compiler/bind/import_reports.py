"""What is said of imports that cannot be followed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jobc.schemas.diagnostics import Diagnostic, Related
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from jobc.compiler.bind.given_vars import GivenProblem
    from jobc.compiler.bind.imports import ParsedFile, Step
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.diagnostics import Location


def written_at(document: Document, name: str) -> Path:
    """Return the path of the text that names the file of an import."""
    is_text = isinstance(document.spec.imports[name], str)
    return ("imports", name) if is_text else ("imports", name, "path")


def _location(document: Document, name: str) -> Location:
    return document.tree.locate(written_at(document, name))


def unread(document: Document, name: str, text: str, found: Diagnostic) -> Diagnostic:
    """Report a file that is not there or cannot be read; `found` is what reading it gave (JC0330)."""
    folder, slash, _ = text.rpartition("/")
    suggestions = tuple(f"{folder}{slash}{near}" for near in found.suggestions)
    return Diagnostic(
        "JC0330",
        f"import `{name}`: {found.message}",
        _location(document, name),
        label=found.label,
        help=f"did you mean `{suggestions[0]}`?" if suggestions else found.help or _PATH_ADVICE,
        suggestions=suggestions,
    )


_PATH_ADVICE = "paths are relative to this file: `./common.yaml`"


def no_spec(document: Document, name: str, file: str) -> Diagnostic:
    """Report a file that is YAML or TOML and no spec (JC0330)."""
    return Diagnostic(
        "JC0330",
        f"import `{name}`: `{file}` is no spec",
        _location(document, name),
        label="the file has no key `jobc`",
        help="begin the file with `jobc: 1`, or name another one",
    )


def outside(document: Document, name: str, file: str, root: str) -> Diagnostic:
    """Report a file outside the project (JC0332)."""
    folder = root.replace(os.sep, "/").rpartition("/")[2] or root
    return Diagnostic(
        "JC0332",
        f"import `{name}`: `{file}` is outside the project",
        _location(document, name),
        label=f"leads out of the folder `{folder}`",
        help="move the file into the project, or allow it with `--allow-outside`",
    )


def cyclic(ring: Sequence[Step]) -> Diagnostic:
    """Report files that import each other, always at the same one of them (JC0331)."""
    first = min(range(len(ring)), key=lambda index: ring[index].file.name)
    turned = (*ring[first:], *ring[:first])
    chain = " -> ".join(f"`{step.file.name}`" for step in (*turned, turned[0]))
    start = turned[0]
    return Diagnostic(
        "JC0331",
        f"files import each other: {chain}" if len(ring) > 1 else f"`{start.file.name}` imports itself",
        _location(start.document, start.name),
        label="leads back to where it began",
        related=tuple(
            Related(f"`{step.file.name}` imports the next one here", _location(step.document, step.name))
            for step in turned[1:]
        ),
        help="move what several files need into one that imports none of them",
    )


def beyond_limit(document: Document, name: str, limit: str) -> Diagnostic:
    """Report an import that is one too many (JC0111)."""
    return Diagnostic(
        "JC0111",
        f"imports go beyond {limit}",
        _location(document, name),
        label="one too many",
        help="import fewer files, or put together what is always imported together",
    )


def unknown_var(document: Document, name: str, var: str, known: Collection[str], file: str) -> Diagnostic:
    """Report a var that the imported file does not have (JC0334)."""
    near = near_names(var, known)
    advice = f"its vars: {listing(known)}" if known else "it has no vars"
    return Diagnostic(
        "JC0334",
        f"`{file}` has no var `{var}`",
        document.locate_key(("imports", name, "vars", var)),
        label="no var of this name",
        help=f"did you mean `{near[0]}`?" if near else advice,
        suggestions=near,
    )


def misfitting_var(document: Document, name: str, problem: GivenProblem) -> Diagnostic:
    """Report a value that does not fit the var it is passed to."""
    return Diagnostic(
        problem.code,
        problem.message,
        document.tree.locate(("imports", name, "vars", problem.name)),
        label="does not fit the var",
        help=problem.help,
        suggestions=problem.suggestions,
    )


def lacking_vars(document: Document, name: str, lacking: Sequence[str], file: str) -> Diagnostic:
    """Report vars that have no default and are not passed (JC0506)."""
    return Diagnostic(
        "JC0506",
        f"import `{name}` passes no value for {listing(lacking)}",
        document.locate_key(("imports", name)),
        label=f"`{file}` gives {'it' if len(lacking) == 1 else 'them'} no default",
        help=f"pass it: `{{path: …, vars: {{{lacking[0]}: …}}}}`",
    )


def same_name(document: Document, name: str, section: str) -> Diagnostic:
    """Report an import that is named like an op or graph of the file (JC0306)."""
    noun = section.removesuffix("s")
    return Diagnostic(
        "JC0306",
        f"`{name}` is the name of an import and of {'an op' if noun == 'op' else f'a {noun}'}",
        document.locate_key(("imports", name)),
        label="two things of one name",
        related=(Related(f"the {noun} `{name}` is defined here", document.locate_key((section, name))),),
        help="give the import another name",
    )


def is_unread(file: ParsedFile) -> bool:
    """Tell whether nothing at all could be read of a file, so that it can hold no diagnostic of its own."""
    return file.tree is None and all(each.code in ("JC0101", "JC0112") for each in file.diagnostics)


def shadowed(
    document: Document, name: str, module: str, files: tuple[str | None, str | None], location: Location
) -> Diagnostic:
    """Report a module that would be found elsewhere once the files are put together (JC0337)."""
    own, other = (os.path.normpath(file or "") for file in files)
    return Diagnostic(
        "JC0337",
        f"two Python modules are named `{module}`: `{own}` and `{other}`",
        _location(document, name),
        label="this import means the first, a run would find the second",
        related=(Related(f"`{module}` is named here", location),),
        help="rename one of them: in one process there is one module of a name",
    )
