"""What `jobc validate` found, as it was asked for: for people on stderr, for programs on stdout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobc.compiler.validation import Validation

FORMS = ("human", "json", "sarif", "github", "gitlab", "junit")


def write_report(found: Validation, form: str) -> None:
    """Write what was found in one of FORMS."""
    if form == "human":
        _say(found)
    else:
        sys.stdout.write(_rendered(found, form))


def _rendered(found: Validation, form: str) -> str:
    if form == "sarif":
        from jobc.compiler.report.sarif import render as render_sarif

        return render_sarif(
            found.diagnostics, found.texts, files=found.files, jobs=found.jobs, suppressed=found.suppressed
        )
    if form == "json":
        from jobc.compiler.report.json_form import render
    elif form == "github":
        from jobc.compiler.report.github import render
    elif form == "gitlab":
        from jobc.compiler.report.gitlab import render
    else:
        from jobc.compiler.report.junit import render
    return render(found.diagnostics, found.texts, files=found.files, jobs=found.jobs)


def _say(found: Validation) -> None:
    if found.diagnostics:
        from jobc.cli.terminal import print_diagnostics

        print_diagnostics(
            found.diagnostics, found.texts, files=found.files, jobs=found.jobs, known=found.known
        )
    elif found.files:
        from jobc.cli.unchanged import nothing_wrong

        print(nothing_wrong(found.files, found.jobs, found.known))
    else:
        print("no spec found: a spec is a YAML or TOML file with the key `jobc` at its top", file=sys.stderr)
