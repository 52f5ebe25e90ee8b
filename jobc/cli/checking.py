"""What `jobc validate` does for one request: settings, the check, the choice of codes, the baseline."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jobc.cli.spec_options import SpecOptions
from jobc.compiler.code_filter import CodeFilter
from jobc.compiler.settings import find_settings
from jobc.compiler.validation import validate
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from jobc.cli.validate import ValidateRequest
    from jobc.compiler.baseline import Baseline, Checked
    from jobc.compiler.settings import Settings
    from jobc.compiler.validation import Validation


class Check(NamedTuple):
    """A request that was carried out: what is to be reported, and the settings that held.

    `gone` counts the mistakes of the baseline that are there no more.
    """

    found: Validation
    settings: Settings
    gone: int = 0

    @property
    def fails(self) -> bool:
        """Whether the exit code tells of mistakes: of errors, and under `strict` of anything."""
        severities = {diagnostic.severity for diagnostic in self.found.diagnostics}
        return "error" in severities or (self.settings.strict and bool(severities))


class Adopted(NamedTuple):
    """The baseline that knows what a check found, and the check with what no baseline may know."""

    baseline: Baseline
    check: Check


def check(request: ValidateRequest) -> Check:
    """Check what a request names; a baseline, where there is one, leaves out what it knows."""
    done = check_all(request)
    if done.settings.baseline is None:
        return done
    from jobc.compiler.baseline import read_baseline

    baseline = read_baseline(Path(done.settings.baseline))
    if isinstance(baseline, Diagnostic):
        return done._replace(found=done.found.add([baseline]))
    outcome = baseline.compare(done.found.diagnostics, done.found.texts, _checked(done))
    found = done.found._replace(diagnostics=outcome.diagnostics, known=outcome.known)
    return done._replace(found=found, gone=outcome.gone)


def adopt(request: ValidateRequest, path: Path) -> Adopted:
    """Check what a request names, and let the baseline at `path` know all of it; nothing is written yet.

    A file that holds something else than a baseline is taken for an empty one.
    """
    from jobc.compiler.baseline import Baseline, read_baseline

    done = check_all(request)
    old = read_baseline(path)
    if isinstance(old, Diagnostic):
        old = Baseline(path, {})
    new = old.updated(done.found.diagnostics, done.found.texts, _checked(done))
    outcome = new.compare(done.found.diagnostics, done.found.texts, _checked(done))
    found = done.found._replace(diagnostics=outcome.diagnostics, known=outcome.known)
    return Adopted(new, done._replace(found=found))


def check_all(request: ValidateRequest) -> Check:
    """Check what a request names, with the settings of the project where it names nothing; no baseline."""
    settled, problems = find_settings()
    settings = settled._replace(
        paths=request.paths or settled.paths or (".",),
        select=request.select or settled.select,
        ignore=request.ignore or settled.ignore,
        profile=request.profile or settled.profile,
        baseline=request.baseline or settled.baseline,
        strict=settled.strict if request.strict is None else request.strict,
    )
    given = SpecOptions(settings.profile, request.variables, request.allow_outside)
    found = validate(
        settings.paths,
        profile=given.profile,
        vars=given.vars,
        allow_outside=given.allow_outside,
        is_strict=settings.strict,
        python_path=settings.python_path,
        is_cached=request.is_cached,
        is_linked=request.is_linked,
        processes=_processes(),
    )
    if request.locked:
        from jobc.compiler.files import find_specs
        from jobc.compiler.locks import NAME, check_lock

        files = find_specs(settings.paths)[0]
        locked = check_lock(Path(NAME), files, allow_outside=given.allow_outside)
        found = found.add(locked.diagnostics)
    return Check(found.keep(CodeFilter(settings.select, settings.ignore)).add(problems), settings)


def _processes() -> int:
    """Return how many processes can work at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _checked(done: Check) -> Checked:
    from jobc.compiler.baseline import Checked

    codes = CodeFilter(done.settings.select, done.settings.ignore)
    return Checked(done.found.names, codes, done.settings.strict)
