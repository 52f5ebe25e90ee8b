"""Diagnostics as the XML of JUnit, which nearly every build server shows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from jobc.compiler.report.advice import advice
from jobc.compiler.report.columns import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jobc.schemas.diagnostics import Diagnostic


def render(diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], *, files: int, jobs: int) -> str:
    """Write a test suite for each file, sorted by name.

    Each diagnostic is a test case that failed, whatever its severity, which is the type of the failure; a
    file without any is one test case that passed. `texts` tells the names of all files that could be read.
    """
    del files, jobs
    by_file: dict[str, list[Diagnostic]] = {name: [] for name in texts}
    for diagnostic in diagnostics:
        by_file.setdefault(diagnostic.location.file, []).append(diagnostic)
    root = ET.Element("testsuites", name="jobc")
    root.extend(_suite(name, by_file[name]) for name in sorted(by_file))
    _count(root, root.iter("testcase"))
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=True)
    return data.decode("ascii") + "\n"


def _suite(name: str, diagnostics: Sequence[Diagnostic]) -> ET.Element:
    suite = ET.Element("testsuite", name=visible(name))
    if not diagnostics:
        ET.SubElement(suite, "testcase", name="no mistakes", classname=visible(name))
    for diagnostic in diagnostics:
        suite.append(_failed(diagnostic))
    _count(suite, suite.iter("testcase"))
    return suite


def _failed(diagnostic: Diagnostic) -> ET.Element:
    file, start, _ = diagnostic.location
    place = f"{visible(file)}:{start.line}:{start.column}"
    name = f"{diagnostic.code} at {start.line}:{start.column}"
    case = ET.Element(
        "testcase", name=name, classname=visible(file), file=visible(file), line=str(start.line)
    )
    message = visible(diagnostic.message)
    failure = ET.SubElement(case, "failure", message=message, type=diagnostic.severity)
    remarks = [f"{place}: {diagnostic.code} {message}", *diagnostic.notes, *advice(diagnostic)]
    failure.text = visible("\n".join(remarks))
    return case


def _count(element: ET.Element, cases: Iterable[ET.Element]) -> None:
    failed = [case.find("failure") is not None for case in cases]
    element.set("tests", str(len(failed)))
    element.set("failures", str(sum(failed)))
    element.set("errors", "0")
