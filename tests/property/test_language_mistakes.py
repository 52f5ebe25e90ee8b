"""The language with mistakes in it, as sentences: no door of the compiler breaks, names are pointed at."""

from __future__ import annotations

import copy
import json
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import yaml
from hypothesis import given, note, settings
from hypothesis import strategies as st

from jobc.cli.explain_value import as_json, lines
from jobc.cli.fixing import choose
from jobc.compiler.analysis import analyse
from jobc.compiler.explain_value import UnknownPathError, explain_value
from jobc.compiler.fixes import apply_edits
from jobc.compiler.format import format_text
from jobc.compiler.ir_files import ir_text, read_ir
from jobc.compiler.locks import drifts, lock_text, read_lock
from jobc.compiler.pipeline import CompileError, compile_spec, load
from jobc.compiler.read import read_text
from jobc.compiler.report import github, gitlab, human, json_form, junit, sarif
from jobc.compiler.report.columns import lines_of
from jobc.compiler.validation import validate
from tests.property.test_compiler import CORPUS, Blocks, assert_sound, inline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.validation import Validation
    from jobc.schemas.diagnostics import Diagnostic, Location

Place: TypeAlias = tuple[dict[Any, Any] | list[Any], Any]
"""A mapping or list, and a key or index of it."""

ROOT = Path(__file__).parents[2]
SPECS = sorted(
    path
    for folder in (CORPUS / "ok", CORPUS / "err", ROOT / "specs")
    for path in folder.rglob("*")
    if path.suffix in (".yaml", ".toml")
)
TEXTS = {path: path.read_bytes().decode("utf-8", "replace") for path in SPECS}
WORDS = sorted({word for text in TEXTS.values() for word in re.findall(r"[\w.]+|[^\w\s]+", text)})
ODD: list[Any] = [
    None,
    "",
    " ",
    0,
    -1,
    1.5,
    10**30,
    True,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"a": {"a": {}}},
    {"x-a": 1},
    "a.b.c",
    ".",
    "..",
    "a:b",
    ":",
    "#",
    "@a",
    "*",
    "${",
    "${}",
    "$${a}",
    "${vars}",
    "${vars.a}",
    "${env.A}",
    "${params.day}",
    "${partition.key}",
    "${inputs.x}",
    "${run.id}",
    "${1/0}",
    "${[1, 'a', {'b': null}]}",
    "${date('2024-01-01')}",
    "x ${vars.a} ${",
    "é\u2028\U0001f600",
    "a\nb\n",
    "if",
    "inputs",
    "config",
    "io_manager",
    "\x07",
    "x" * 300,
]

# Each example is a whole project that is compiled several times.
SHARE = settings.default.max_examples // 4 if settings.default else 15


def places(value: Any) -> list[Place]:
    """Return every place of a document, from outside to inside."""
    found: list[Place] = []
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            found += [(value, key), *places(value[key])]
    return found


DOCUMENTS = {path: tree.value for path, text in TEXTS.items() if (tree := read_text(path.name, text)[0])}
PARTS = sorted(
    {json.dumps(holder[key]) for value in DOCUMENTS.values() for holder, key in places(value)}, key=len
)
PARTS = [part for part in PARTS if len(part) < 2000]
KEYS = sorted({key for value in DOCUMENTS.values() for _, key in places(value) if isinstance(key, str)})


@st.composite
def changed_values(draw: st.DrawFn) -> tuple[Path, str, str]:
    """A real spec in which a few values or keys were lost, renamed, moved or replaced."""
    path = draw(st.sampled_from(sorted(DOCUMENTS)))
    document = copy.deepcopy(DOCUMENTS[path])
    for _ in range(draw(st.integers(1, 4))):
        if not (there := places(document)):
            break
        holder, key = draw(st.sampled_from(there))
        change = draw(st.sampled_from(["odd", "graft", "graft", "move", "lose", "rename", "add"]))
        if change == "odd":
            holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
        elif change == "graft":
            holder[key] = json.loads(draw(st.sampled_from(PARTS)))
        elif change == "move":
            other, elsewhere = draw(st.sampled_from(there))
            holder[key] = copy.deepcopy(other[elsewhere])
        elif change == "lose":
            del holder[key]
        elif isinstance(holder, dict):
            inner = holder.pop(key) if change == "rename" else json.loads(draw(st.sampled_from(PARTS)))
            holder[draw(st.sampled_from(KEYS))] = inner
    suffix = draw(st.sampled_from([".yaml", ".toml"]))
    return path, suffix, draw(written(document, suffix))


@st.composite
def written(draw: st.DrawFn, document: Any, suffix: str) -> str:
    if suffix == ".toml" and isinstance(document, dict):
        return "\n".join(f"{json.dumps(key)} = {inline(value)}" for key, value in document.items())
    flow = draw(st.sampled_from([None, False, True]))
    return yaml.dump(document, Dumper=Blocks, sort_keys=False, default_flow_style=flow, allow_unicode=True)


@st.composite
def changed_texts(draw: st.DrawFn) -> tuple[Path, str, str]:
    """A real spec in which a few words were lost, doubled, or replaced by words of any other."""
    path = draw(st.sampled_from(SPECS))
    pieces = re.findall(r"[\w.]+|[^\w\s]+|\s+", TEXTS[path]) or [""]
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(pieces) - 1)) if pieces else 0
        change = draw(st.sampled_from(["lose", "double", "replace", "insert", "indent"]))
        if change == "lose":
            del pieces[at : at + draw(st.integers(1, 3))]
        elif change == "double":
            pieces[at:at] = pieces[at : at + draw(st.integers(1, 9))]
        elif change == "indent":
            pieces[at:at] = [
                draw(st.sampled_from(["\n", " ", "  ", "\n  ", "\t", "\r", "# jobc: ignore[JC0501]\n"]))
            ]
        else:
            pieces[at : at + (change == "replace")] = [draw(st.sampled_from(WORDS))]
    return path, path.suffix, "".join(pieces)


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """Copy the folders of all specs, so that changed ones can stand beside their modules and data."""
    roots = {path.parent for path in SPECS}
    return {root: shutil.copytree(root, tmp_path_factory.mktemp("specs") / root.name) for root in roots}


@settings(max_examples=SHARE)
@given(changed_values() | changed_texts())
def test_no_door_breaks_on_any_document(copies: dict[Path, Path], change: tuple[Path, str, str]) -> None:
    origin, suffix, text = change
    note(f"{origin}\n{text}")
    path = copies[origin.parent] / f"changed{suffix}"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = validate([path], is_strict=True)
    assert_told(found)
    for diagnostic in found.diagnostics:
        if diagnostic.location.file == path.as_posix():
            assert_sound(diagnostic, path, lines_of(text.removeprefix("\ufeff")))
            assert_points_at_its_name(diagnostic, found.texts)
    for name, edits in choose(found.diagnostics).edits.items():
        assert apply_edits(found.texts[name], edits) != found.texts[name]
    formatted = format_text(path.name, text)
    assert (formatted.text is None) == bool(formatted.diagnostics)
    assert_compiles(path, found)


def assert_told(found: Validation) -> None:
    """Every form of the report can tell what was found."""
    for form in (human, json_form, github, gitlab, junit):
        told = form.render(found.diagnostics, found.texts, files=found.files, jobs=found.jobs)
        assert told or not found.diagnostics
    assert sarif.render(
        found.diagnostics, found.texts, files=found.files, jobs=found.jobs, suppressed=found.suppressed
    )


NAMED = re.compile(r"unknown [\w ]+ `([^`]+)`")


def assert_points_at_its_name(diagnostic: Diagnostic, texts: Mapping[str, str]) -> None:
    """The text at the place of an unknown name is that name."""
    named = NAMED.match(diagnostic.message)
    there = text_at(diagnostic.location, texts)
    if named and "\\" not in there and diagnostic.location.start != diagnostic.location.end:
        assert named[1] in (there, there[1:-1], there.replace("''", "'")), (diagnostic.code, there)


def text_at(location: Location, texts: Mapping[str, str]) -> str:
    rows = lines_of(texts[location.file])
    start, end = location.start, location.end
    if start.line != end.line:
        return "\\"
    return rows[start.line - 1][start.column - 1 : end.column - 1]


def assert_compiles(path: Path, found: Validation) -> None:
    """What has no error can be compiled, written, read back and asked about; what has one is refused."""
    analysis = analyse(path)
    if analysis.program is not None:
        value: Any = analysis.program.document.tree.value
        for section, inner in value.items():
            _explain(analysis.program, section)
            for name in list(inner)[:3] if isinstance(inner, dict) else ():
                _explain(analysis.program, f"{section}.{name}")
    if analysis.has_errors:
        with pytest.raises(CompileError) as caught:
            compile_spec(path)
        assert str(caught.value)
        return
    spec = compile_spec(path)
    with tempfile.TemporaryDirectory() as folder:
        ir = Path(folder) / "spec.json"
        ir.write_text(ir_text(spec, base=str(path.parent)), "utf-8")
        read = read_ir(ir)
        assert read.spec is not None, read
        assert read.spec.digest == spec.digest
    jobs = {f"{path.name}#{name}": job for name, job in spec.jobs.items()}
    assert not list(drifts(read_lock(lock_text(jobs)), jobs))
    for name in spec.jobs:
        with suppress(CompileError):
            load(f"{path}#{name}")


def _explain(program: Any, text: str) -> None:
    with suppress(UnknownPathError):
        explained = explain_value(program, text, {})
        assert lines(explained)
        assert json.dumps(as_json(explained))
