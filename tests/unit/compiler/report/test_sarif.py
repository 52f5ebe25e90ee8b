"""SARIF: what the published schema and the text of the standard ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator

from jobc.compiler.report.sarif import render
from jobc.compiler.suppressions import Suppressed
from jobc.schemas.codes import CODES
from jobc.schemas.diagnostics import Diagnostic, Edit, Location, Position, Related

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.json").read_text())
PLACE = Location("specs/shop.yaml", Position(2, 3), Position(2, 6))
OTHER = Location("specs/common.yaml", Position(4, 1), Position(5, 1))
TEXTS = {"specs/shop.yaml": "jobc: 1\n  x \U0001f600 y\n", "specs/common.yaml": "a\nb\nc\nd\ne\n"}
PLAIN = Diagnostic("JC0311", "unknown op `x`", PLACE)
FULL = Diagnostic(
    "JC0501",
    "`3` is no text",
    PLACE,
    label="expected str",
    related=(Related("declared here", OTHER), Related("and here", PLACE)),
    notes=("a note",),
    help="quote it",
    suggestions=("x",),
    edits=(Edit(PLACE, '"3"'), Edit(OTHER, "")),
)


def run(diagnostics: Sequence[Diagnostic], suppressed: Sequence[Suppressed] = ()) -> dict[str, Any]:
    text = render(diagnostics, TEXTS, files=2, jobs=1, suppressed=suppressed)
    document: dict[str, Any] = json.loads(text)
    Draft7Validator.check_schema(SCHEMA)
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(document)] == []
    assert text.endswith("}\n")
    (only,) = document["runs"]
    found: dict[str, Any] = only
    return found


def test_the_schema_refuses_what_is_no_sarif() -> None:
    document = json.loads(render([PLAIN], TEXTS, files=1, jobs=1))
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert list(Draft7Validator(SCHEMA).iter_errors(document))


def test_nothing_found_is_a_run_without_results() -> None:
    found = run([])
    assert found["results"] == []
    assert found["tool"]["driver"]["rules"] == []


def test_where_and_how_grave() -> None:
    found = run([PLAIN])
    (result,) = found["results"]
    assert found["columnKind"] == "unicodeCodePoints"
    assert (result["ruleId"], result["level"]) == ("JC0311", "error")
    assert result["message"]["text"] == "unknown op `x`"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "specs/shop.yaml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 6},
            }
        }
    ]
    assert "relatedLocations" not in result
    assert "fixes" not in result
    assert "suppressions" not in result


def test_everything_a_diagnostic_says() -> None:
    (result,) = run([FULL])["results"]
    assert result["message"]["text"] == "`3` is no text\na note\nquote it\ndid you mean `x`?"
    related = result["relatedLocations"]
    assert [(each["id"], each["message"]["text"]) for each in related] == [
        (1, "declared here"),
        (2, "and here"),
    ]
    (fix,) = result["fixes"]
    assert fix["description"]["text"] == "quote it"
    assert [
        (
            change["artifactLocation"]["uri"],
            [each["insertedContent"]["text"] for each in change["replacements"]],
        )
        for change in fix["artifactChanges"]
    ] == [("specs/shop.yaml", ['"3"']), ("specs/common.yaml", [""])]
    assert fix["artifactChanges"][1]["replacements"][0]["deletedRegion"]["endLine"] == 5


def test_rules_are_those_of_the_results_and_indexed() -> None:
    found = run([FULL, PLAIN, PLAIN])
    rules = found["tool"]["driver"]["rules"]
    assert [each["id"] for each in rules] == ["JC0311", "JC0501"]
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert rules[0]["name"] == "UnknownOpOrGraph"
    assert rules[0]["shortDescription"]["text"] == CODES["JC0311"].title
    assert rules[0]["help"]["markdown"].startswith("# JC0311: Unknown op or graph\n")
    assert rules[0]["fullDescription"]["text"] in " ".join(rules[0]["help"]["markdown"].split())


@pytest.mark.parametrize("code", CODES)
def test_every_code_makes_a_rule(code: str) -> None:
    found = run([Diagnostic(code, "m", PLACE)])
    (rule,) = found["tool"]["driver"]["rules"]
    assert rule["defaultConfiguration"]["level"] == CODES[code].severity == found["results"][0]["level"]
    assert rule["name"].isalnum()
    assert len(rule["fullDescription"]["text"]) > len("JC0101")


def test_suppressed_ones_are_results_that_say_so() -> None:
    found = run([PLAIN], [Suppressed(FULL, "as agreed"), Suppressed(PLAIN, "")])
    assert [result.get("suppressions") for result in found["results"]] == [
        None,
        [{"kind": "inSource", "justification": "as agreed"}],
        [{"kind": "inSource"}],
    ]
    assert [each["id"] for each in found["tool"]["driver"]["rules"]] == ["JC0311", "JC0501"]


def test_fingerprints_differ_among_equal_ones_and_outlast_moves() -> None:
    moved = Diagnostic("JC0311", "unknown op `x`", Location(PLACE.file, Position(3, 3), Position(3, 6)))

    def prints(text: str, *diagnostics: Diagnostic) -> list[str]:
        document = json.loads(render(diagnostics, {PLACE.file: text}, files=1, jobs=1))
        return [each["partialFingerprints"]["jobc/v1"] for each in document["runs"][0]["results"]]

    before = prints(TEXTS[PLACE.file], PLAIN, PLAIN)
    assert len(set(before)) == 2
    assert prints("jobc: 1\n# new\n" + TEXTS[PLACE.file].partition("\n")[2], moved) == before[:1]


def test_names_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["a b#%.yaml", str(tmp_path / "sub" / "a.yaml"), "../a.yaml", "/elsewhere/ä.yaml"]
    found = run([Diagnostic("JC0101", "m", Location(name, Position(1, 1), Position(1, 1))) for name in names])
    artifacts = [
        result["locations"][0]["physicalLocation"]["artifactLocation"] for result in found["results"]
    ]
    assert [each["uri"] for each in artifacts] == [
        "a%20b%23%25.yaml",
        "sub/a.yaml",
        "../a.yaml",
        "file:///elsewhere/%C3%A4.yaml",
    ]
    assert ["uriBaseId" in each for each in artifacts] == [True, True, True, False]
