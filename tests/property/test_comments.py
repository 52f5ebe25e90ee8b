"""A comment is what may be added without changing what a file says, and only that is found as one."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from jobc.compiler.read import Source, read_text
from jobc.compiler.read.comments import find_comments

ROOT = Path(__file__).parents[2]
SPECS = sorted(
    path
    for folder in ("specs", "tests/corpus/ok", "tests/corpus/err")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".yaml", ".toml"}
)
PROBE = "# probe"


@given(st.data())
def test_a_comment_is_found_where_it_changes_nothing(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(SPECS))
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    before = read_text(path.name, "\n".join(lines)).tree
    if before is None or not lines:
        return
    number = data.draw(st.integers(0, len(lines) - 1))
    probed = "\n".join([*lines[:number], f"{lines[number]} {PROBE}", *lines[number + 1 :]])
    after = read_text(path.name, probed).tree
    if after is None:
        return
    is_comment = repr(after.value) == repr(before.value)
    found = find_comments(Source(path.name, probed)).comments
    assert any(PROBE in probed[span.start : span.end] for span, _ in found) == is_comment
