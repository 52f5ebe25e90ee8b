"""JUnit's XML: a suite for each file, also for those without mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from jobc.compiler.report.junit import render
from jobc.schemas.diagnostics import Diagnostic, Location, Position

if TYPE_CHECKING:
    from collections.abc import Mapping


def at(line: int, code: str = "JC0311", message: str = "m", file: str = "a.yaml") -> Diagnostic:
    return Diagnostic(code, message, Location(file, Position(line, 3), Position(line, 4)), help="h")


def parsed(*diagnostics: Diagnostic, texts: Mapping[str, str] | None = None) -> ET.Element:
    text = render(diagnostics, texts or {}, files=1, jobs=1)
    assert text.isascii()
    return ET.fromstring(text)


def test_a_suite_for_each_file_sorted_by_name() -> None:
    texts = {"b.yaml": "", "a.yaml": ""}
    root = parsed(at(2), at(1, "JC0706"), at(1, "JC0101", file="c.yaml"), texts=texts)
    assert root.attrib == {"name": "jobc", "tests": "4", "failures": "3", "errors": "0"}
    suites = [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root]
    assert suites == [("a.yaml", "2", "2"), ("b.yaml", "1", "0"), ("c.yaml", "1", "1")]


def test_a_clean_file_is_a_case_that_passed() -> None:
    (case,) = parsed(texts={"a.yaml": ""}).iter("testcase")
    assert list(case) == []
    assert case.get("classname") == "a.yaml"


def test_a_mistake_is_a_case_that_failed() -> None:
    (case,) = parsed(at(2)).iter("testcase")
    assert (case.get("name"), case.get("file"), case.get("line")) == ("JC0311 at 2:3", "a.yaml", "2")
    (failure,) = case
    assert (failure.tag, failure.get("type"), failure.get("message")) == ("failure", "error", "m")
    assert failure.text == "a.yaml:2:3: JC0311 m\nh"


def test_the_type_of_a_failure_is_its_severity() -> None:
    failures = parsed(at(1), at(2, "JC0706"), at(3, "JC0304")).iter("failure")
    assert [each.get("type") for each in failures] == ["error", "warning", "note"]


def test_what_xml_cannot_hold_is_made_visible() -> None:
    message = 'a < b & c > "d" \x00\x1b\ufffe\udc80 ü \U0001f600 ]]>'
    (failure,) = parsed(at(1, message=message, file="<&\x01>.yaml")).iter("failure")
    assert failure.get("message") == 'a < b & c > "d" \u2400\u241b\ufffd\ufffd ü \U0001f600 ]]>'


def test_nothing_checked() -> None:
    assert parsed().attrib["tests"] == "0"
