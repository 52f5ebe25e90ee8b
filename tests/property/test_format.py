"""Formatting, as sentences: it settles at once, keeps values and comments, and never breaks a file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from jobc.compiler.format import format_text
from jobc.compiler.pipeline import analyse, compile_spec
from jobc.compiler.read import read_text
from tests.property.test_compiler import SPECS, programs, with_wiring, written_in_toml, written_in_yaml
from tests.property.test_read import toml_documents, yaml_documents

if TYPE_CHECKING:
    from tests.property.test_compiler import Document

ROOT = Path(__file__).parents[2]
GALLERY = sorted(path for path in (ROOT / "specs").rglob("*") if path.suffix in (".yaml", ".toml"))


def formatted(name: str, text: str) -> str:
    """Format a text that is read without errors."""
    note(text)
    result = format_text(name, text)
    assert result.diagnostics == ()
    assert result.text is not None
    note(result.text)
    return result.text


def assert_kept(name: str, text: str) -> None:
    """The result has the values of the text, is its own result, and differs from it in white space alone."""
    result = formatted(name, text)
    assert repr(value(name, result)) == repr(value(name, text))
    assert format_text(name, result).text == result
    assert "".join(result.split()) == "".join(text.split())


def value(name: str, text: str) -> object:
    tree, _ = read_text(name, text)
    assert tree is not None
    return tree.value


@given(yaml_documents())
def test_any_yaml_keeps_its_values(text: str) -> None:
    assert_kept("x.yaml", text)


@given(toml_documents())
def test_any_toml_keeps_its_values(text: str) -> None:
    assert_kept("x.toml", text)


LINES = st.sampled_from(
    [
        "a:",
        "  b: 1",
        "    - c",
        "    -   d:   e   # f",
        "    - - g",
        "- h",
        "  # i",
        "        # j",
        "",
        "   ",
        "  k: |",
        "  l: >2",
        "  m: |+",
        "      n  ",
        "       o",
        '  p: "q \\',
        '    r"',
        "  s: 't",
        "",
        "     u'",
        "  v: {w : 1 ,x: [ y,z ] }",
        "  aa: [ # bb",
        "       cc , {dd: ee",
        "      }]",
        "  ff: &gg hh",
        "  ii: *gg",
        "  ? jj",
        "  : kk",
        "  <<: {ll: 1}",
        "  mm: plain",
        "     text",
        "---",
        "...",
        "  nn:",
        "  - !!str oo",
    ]
)


@given(st.lists(LINES, max_size=10), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_lines_in_any_order_are_refused_or_kept(lines: list[str], line_end: str, is_ended: bool) -> None:
    text = line_end.join(lines) + (line_end if is_ended else "")
    tree, diagnostics = read_text("x.yaml", text)
    if tree is None or any(diagnostic.severity == "error" for diagnostic in diagnostics):
        result = format_text("x.yaml", text)
        assert result.text is None
        assert result.diagnostics
    else:
        assert_kept("x.yaml", text)


@given(programs(), st.data())
def test_a_program_keeps_its_digest_and_its_comments(
    tmp_path_factory: pytest.TempPathFactory, program: Document, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("program")
    (folder / "anything.py").write_text(
        "\n".join(f"def f{number}(rows=0, day=0, limit=0, size=1, name=''): return 0" for number in range(4))
    )
    for document in (program, with_wiring(program)):
        for suffix, text in (
            (".yaml", data.draw(written_in_yaml(document))),
            (".toml", written_in_toml(document)),
        ):
            result = formatted(f"x{suffix}", text)
            assert re.findall(r"#.*", result) == re.findall(r"#.*", text)
            assert digest(folder / f"after{suffix}", result) == digest(folder / f"before{suffix}", text)


def digest(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    return compile_spec(path).digest


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """Copy the folders of all specs, so that formatted ones can stand beside their modules and data."""
    roots = {path.parent for path in [*SPECS, *GALLERY]}
    return {root: Path(shutil.copytree(root, tmp_path_factory.mktemp("specs") / root.name)) for root in roots}


@pytest.mark.parametrize("path", [*SPECS, *GALLERY], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_spec_keeps_its_digest_or_its_mistakes(path: Path, copies: dict[Path, Path]) -> None:
    result = format_text(path.name, path.read_text("utf-8"))
    if result.text is None:
        assert result.diagnostics
        return
    before = copies[path.parent] / path.name
    after = before.with_name(f"formatted_{path.name}")
    after.write_text(result.text, "utf-8")
    codes = [found.code for found in analyse(before).diagnostics]
    assert [found.code for found in analyse(after).diagnostics] == codes
    assert codes or compile_spec(after).digest == compile_spec(before).digest
