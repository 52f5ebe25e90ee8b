"""The compiler's door for many files: paths in, everything that is wrong with the specs there out.

Suppressions in the files count here, and here only: they keep a mistake from being reported, and a spec that
has it from nothing else; it still cannot be compiled.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.compiler.cache.memory import Question, open_memory
from jobc.compiler.disk import Disk
from jobc.compiler.files import find_specs
from jobc.compiler.outcomes import recalled
from jobc.compiler.suppressions import suppress
from jobc.schemas.diagnostics import Diagnostic, arrange

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jobc.compiler.cache.memory import Memory
    from jobc.compiler.code_filter import CodeFilter
    from jobc.compiler.outcomes import Outcome
    from jobc.compiler.suppressions import Suppressed
    from jobc.schemas.ir import Data

UNUSED: Final = "JC0001"
UNUSED_DEFINITIONS: Final = ("JC0430", "JC0431", "JC0434", "JC0608")


class Validation(NamedTuple):
    """What was found in a set of files; `texts` is by file name, for quoting lines.

    `suppressed` is what comments in the files suppress, `known` counts what a baseline left out. `folders`
    are those in which Python targets are looked for.
    """

    files: int
    jobs: int
    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    suppressed: tuple[Suppressed, ...] = ()
    known: int = 0
    folders: frozenset[Path] = frozenset()

    def keep(self, codes: CodeFilter) -> Validation:
        """Return what is left when only some codes are reported."""
        kept = tuple(each for each in self.diagnostics if codes.keeps(each))
        suppressed = tuple(each for each in self.suppressed if codes.keeps(each.diagnostic))
        return self._replace(diagnostics=kept, suppressed=suppressed)

    def add(self, diagnostics: Iterable[Diagnostic]) -> Validation:
        """Return this with more diagnostics, in order with the others."""
        return self._replace(diagnostics=tuple(arrange([*self.diagnostics, *diagnostics])))

    @property
    def names(self) -> frozenset[str]:
        """The names of all files that were looked at."""
        return frozenset(self.texts) | {each.location.file for each in self.diagnostics}


def validate(
    paths: Iterable[str | os.PathLike[str]],
    *,
    is_strict: bool = False,
    python_path: Sequence[str] = (),
    profile: str | None = None,
    vars: Mapping[str, Data] | None = None,  # noqa: A002 - the name of the section
    allow_outside: bool = False,
    is_cached: bool = False,
    is_linked: bool = False,
    processes: int = 1,
) -> Validation:
    """Check spec files, and folders searched for them; notes are kept only when strict.

    A file is checked by itself and with each of its profiles, or with one profile alone where that is named:
    of several files those that have no profiles at all are then checked by themselves. `vars` are values for
    vars of the files. `python_path` names absolute folders in which Python targets are looked for, too.
    With `is_cached`, answers are remembered, and those that hold still are not looked for again; without it,
    nothing is written anywhere. With `is_linked`, jobs without mistakes are linked as well, for which the
    author's code is imported; answers are not remembered then. `processes` is how many may share the work.
    """
    given, disk = list(paths), Disk()
    files, missing = find_specs(given, disk)
    question = Question(
        vars,
        python_path,
        profile,
        allow_outside=allow_outside,
        is_strict=is_strict,
        is_alone=len(files) == 1,
    )
    memory = open_memory(question) if is_cached and not is_linked else None
    outcomes = _outcomes([str(file) for file in files], question, memory, disk, processes)
    linked: Sequence[Diagnostic] = ()
    if is_linked:
        from jobc.compiler.linking import link_files

        linked = link_files(files, profile, vars, allow_outside=allow_outside)
    found = arrange([*missing, *_without_needs_of_imported(outcomes, given), *linked])
    texts = {name: text for each in outcomes for name, text in each.texts.items()}
    outcome = suppress(_with_fixes(found, texts), texts, with_notes=is_strict)
    return Validation(
        files=len(outcomes),
        jobs=sum(each.jobs for each in outcomes),
        # What one profile has no use for, another one may need.
        diagnostics=tuple(each for each in outcome.diagnostics if profile is None or each.code != UNUSED),
        texts=texts,
        suppressed=outcome.suppressed,
        folders=frozenset(Path(folder) for each in outcomes for folder in each.places),
    )


def _outcomes(
    files: Sequence[str], question: Question, memory: Memory | None, disk: Disk, processes: int
) -> list[Outcome]:
    """Return what is found in each file, in their order."""
    known: dict[str, Outcome] = {}
    if memory is not None:
        recollections = ((name, recalled(memory, name, disk)) for name in files)
        known = {name: outcome for name, outcome in recollections if outcome is not None}
    unknown = [name for name in files if name not in known]
    if unknown:
        from jobc.compiler.crew import check_files

        known |= zip(unknown, check_files(unknown, question, memory, disk, processes), strict=True)
    return [known[name] for name in files]


def _with_fixes(found: list[Diagnostic], texts: Mapping[str, str]) -> Sequence[Diagnostic]:
    """Add the sure fixes; the rules for them are loaded when there is something to fix."""
    if not found:
        return found
    from jobc.compiler.fixes import with_edits

    return with_edits(found, texts)


def _without_needs_of_imported(
    outcomes: Sequence[Outcome], given: Sequence[str | os.PathLike[str]]
) -> Iterator[Diagnostic]:
    """Yield all diagnostics but those that files which others among them import are not to blame for.

    Such a file is made to be imported: its definitions are used elsewhere, and its vars get their values
    there. Named by its own path it is checked as what it would be by itself, and then it lacks those values.
    """
    named = {Path(path).as_posix() for path in given}
    imported = {name for each in outcomes for name in each.imported.values()}
    for each in outcomes:
        excused: set[str] = set(UNUSED_DEFINITIONS) if each.name in imported else set()
        if each.name in imported - named:
            excused.add("JC0506")
        for diagnostic in each.diagnostics:
            if diagnostic.code not in excused or diagnostic.location.file != each.name:
                yield diagnostic
