"""The compiler's door: files and folders in; diagnostics, IR or a job out."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from jobc.compiler.pipeline import CompileError, analyse, compile_spec, load, split_pointer
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = """\
def read(day: str) -> list[str]:
    return [day]


def count(rows: list[str]) -> int:
    return len(rows)
"""
SPEC = """\
jobc: 1
ops:
  read: {python: "shop:read"}
  count: {python: "shop:count"}
graphs:
  daily:
    wiring: |
      rows = read("monday")
      total = count(rows)
      return total
jobs:
  etl: {graph: daily}
"""
TWO_JOBS = SPEC + "  nightly: {graph: daily}\n"
NO_JOBS = SPEC.partition("jobs:")[0]
TWO_MISTAKES = SPEC.replace("count(rows)", "cuont(rows)").replace("shop:read", "shop:raed")
UNKNOWN_PACKAGE = SPEC.replace('"shop:read"', '"elsewhere:read"')


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.py").write_text(FUNCTIONS)
    return tmp_path


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return name


# --- validate ---------------------------------------------------------------------------------------------


def test_folders_are_searched_and_files_are_taken(folder: Path) -> None:
    (folder / "specs" / "deep").mkdir(parents=True)
    (folder / "specs" / "deep" / "shop.py").write_text(FUNCTIONS)
    write(folder, "specs/deep/a.yaml", TWO_JOBS)
    write(folder, "specs/other.yaml", "unrelated: true\n")
    write(folder, "specs/.hidden/c.yaml", TWO_MISTAKES)
    write(folder, "b.yaml", SPEC)
    found = validate(["specs", "b.yaml"])
    assert (found.files, found.jobs, found.diagnostics) == (2, 3, ())
    assert set(found.texts) == {"specs/deep/a.yaml", "b.yaml"}


def test_a_file_that_is_named_twice_is_checked_once(folder: Path) -> None:
    write(folder, "a.yaml", TWO_MISTAKES)
    assert len(validate(["a.yaml", ".", "./a.yaml"]).diagnostics) == 2


def test_a_file_by_name_is_a_spec_whatever_it_holds(folder: Path) -> None:
    write(folder, "other.yaml", "unrelated: true\n")
    assert validate(["."]).files == 0
    assert {each.code for each in validate(["other.yaml"]).diagnostics} == {"JC0201", "JC0202"}


@pytest.mark.parametrize("name", ["missing", "missing.yaml", "deep/missing.toml"])
def test_a_path_that_is_not_there_is_a_mistake_and_hides_no_other(folder: Path, name: str) -> None:
    write(folder, "a.yaml", TWO_MISTAKES)
    found = validate([name, "a.yaml"]).diagnostics
    assert [(each.code, each.location.file) for each in found] == [
        ("JC0302", "a.yaml"),
        ("JC0311", "a.yaml"),
        ("JC0101", name),
    ]


def test_a_broken_file_hides_no_other(folder: Path) -> None:
    write(folder, "a.yaml", "jobc: [1\n")
    write(folder, "b.toml", "jobc = \n")
    write(folder, "c.yaml", TWO_MISTAKES)
    (folder / "d.yaml").write_bytes(b"jobc: 1 # \xff\n")
    found = validate(["."])
    assert [each.code for each in found.diagnostics] == ["JC0103", "JC0104", "JC0302", "JC0311", "JC0102"]
    assert (found.files, found.jobs) == (4, 1)
    assert {"a.yaml", "b.toml", "c.yaml"} <= set(found.texts), "the lines with the mistakes can be quoted"


def test_notes_are_for_the_strict(folder: Path) -> None:
    write(folder, "a.yaml", UNKNOWN_PACKAGE)
    assert validate(["a.yaml"]).diagnostics == ()
    (note,) = validate(["a.yaml"], is_strict=True).diagnostics
    assert (note.code, note.severity, note.location.start.line) == ("JC0304", "note", 3)


def test_warnings_are_for_all_and_stop_nothing(folder: Path) -> None:
    path = write(folder, "a.yaml", SPEC + "vars: {zip: 01067}\n")
    found = [(each.code, each.severity) for each in validate([path]).diagnostics]
    assert found == [("JC0432", "warning"), ("JC0115", "warning")]
    assert not analyse(path).has_errors
    assert list(compile_spec(path).jobs) == ["etl"]


# --- compile_spec -----------------------------------------------------------------------------------------


def test_a_spec_becomes_ir(folder: Path) -> None:
    spec = compile_spec(write(folder, "a.yaml", TWO_JOBS))
    assert {name: (job.name, job.graph) for name, job in spec.jobs.items()} == {
        "etl": ("etl", "daily"),
        "nightly": ("nightly", "daily"),
    }
    assert len({spec.digest, *(job.digest for job in spec.jobs.values())}) == 3


def test_the_digest_is_not_that_of_the_place(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "shop.py").write_text(FUNCTIONS)
    here, there = write(folder, "a.yaml", SPEC), write(folder, "deep/b.yaml", f"# moved\n{SPEC}")
    assert compile_spec(here).digest == compile_spec(there).digest


def test_a_spec_with_mistakes_raises_all_of_them(folder: Path) -> None:
    path = write(folder, "a.yaml", TWO_MISTAKES)
    with pytest.raises(CompileError) as raised:
        compile_spec(path)
    assert raised.value.diagnostics == validate([path]).diagnostics
    assert raised.value.texts == {path: TWO_MISTAKES}
    assert str(raised.value) == (
        "a.yaml:3:24: JC0302 the Python module `shop` has no `raed`\na.yaml:9:15: JC0311 unknown op `cuont`"
    )


def test_the_error_survives_a_border_between_processes(folder: Path) -> None:
    with pytest.raises(CompileError) as raised:
        compile_spec(write(folder, "a.yaml", TWO_MISTAKES))
    copy = pickle.loads(pickle.dumps(raised.value))
    assert str(copy) == str(raised.value)
    assert copy.diagnostics == raised.value.diagnostics
    assert copy.texts == raised.value.texts


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("a.yaml", "jobc: [1]]\n", "JC0103"), ("a.yaml", "", "JC0203"), ("a.txt", SPEC, "JC0112")],
    ids=["no YAML", "empty", "no spec"],
)
def test_what_cannot_be_read_raises_too(folder: Path, name: str, text: str, code: str) -> None:
    with pytest.raises(CompileError, match=f"^{name}:1:.* {code} ") as raised:
        compile_spec(write(folder, name, text))
    assert [each.code for each in raised.value.diagnostics] == [code]


def test_a_file_that_is_not_there_raises(folder: Path) -> None:
    with pytest.raises(CompileError, match=r"^missing\.yaml:1:1: JC0101 "):
        compile_spec("missing.yaml")


# --- load -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a.yaml#etl", ("a.yaml", "etl")), ("a.yaml", ("a.yaml", None)), ("a.yaml#", ("a.yaml", None))],
)
def test_pointers(text: str, parts: tuple[str, str | None]) -> None:
    assert split_pointer(text) == parts


@pytest.mark.parametrize("pointer", ["a.yaml", "a.yaml#etl"])
def test_a_job_is_loaded_and_runs(folder: Path, pointer: str) -> None:
    write(folder, "a.yaml", SPEC)
    job = load(pointer)
    assert job.name == "etl"
    assert job.execute_in_process().output_value("result") == 1


@pytest.mark.parametrize(
    ("spec", "pointer", "message", "help_text"),
    [
        (TWO_JOBS, "a.yaml#ntly", "there is no job `ntly`", "did you mean `nightly`?"),
        (TWO_JOBS, "a.yaml#xyzzy", "there is no job `xyzzy`", "its jobs are `etl` and `nightly`"),
        (SPEC, "a.yaml#xyzzy", "there is no job `xyzzy`", "its job is `etl`"),
        (TWO_JOBS, "a.yaml", "the file has several jobs", "name one: `a.yaml#etl` and `a.yaml#nightly`"),
        (NO_JOBS, "a.yaml", "the file has no jobs", "it has no jobs"),
        (NO_JOBS, "a.yaml#etl", "there is no job `etl`", "it has no jobs"),
    ],
    ids=["near", "far", "far from one", "which", "none", "none of the name"],
)
def test_a_job_that_is_not_there(folder: Path, spec: str, pointer: str, message: str, help_text: str) -> None:
    write(folder, "a.yaml", spec)
    with pytest.raises(CompileError) as raised:
        load(pointer)
    (diagnostic,) = raised.value.diagnostics
    assert (diagnostic.code, diagnostic.location.file) == ("JC0319", "a.yaml")
    assert (diagnostic.message, diagnostic.help) == (message, help_text)


def test_mistakes_in_the_spec_come_before_the_question_which_job(folder: Path) -> None:
    write(folder, "a.yaml", TWO_MISTAKES)
    with pytest.raises(CompileError) as raised:
        load("a.yaml#xyzzy")
    assert [each.code for each in raised.value.diagnostics] == ["JC0302", "JC0311"]


def test_a_package_that_is_nowhere_is_a_mistake_when_the_job_is_loaded(folder: Path) -> None:
    path = write(folder, "a.yaml", UNKNOWN_PACKAGE)
    with pytest.raises(CompileError, match=r"^a\.yaml:3:\d+: JC1001 ") as raised:
        load(path)
    assert raised.value.texts == {path: UNKNOWN_PACKAGE}


# --- places ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pointer", "line", "label"),
    [("two.yaml", 12, "one of its jobs"), ("two.yaml#nightli", 13, "the nearest name")],
)
def test_a_job_that_is_not_told_is_asked_for_where_jobs_stand(
    folder: Path, pointer: str, line: int, label: str
) -> None:
    write(folder, "two.yaml", TWO_JOBS)
    with pytest.raises(CompileError) as caught:
        load(pointer)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.location.start.line, diagnostic.label) == ("JC0319", line, label)
    assert caught.value.texts == {"two.yaml": TWO_JOBS}


def test_an_empty_text_is_no_path(folder: Path) -> None:
    write(folder, "spec.yaml", SPEC)
    outcome = validate([""])
    assert [(each.code, each.message) for each in outcome.diagnostics] == [
        ("JC0101", "an empty text names no file or folder")
    ]
    assert outcome.files == 0


@pytest.mark.parametrize("decorator", ["jobc.graph", "jobc.io_manager", "jobc.op"])
def test_functions_that_declare_themselves_are_left_to_the_import(folder: Path, decorator: str) -> None:
    (folder / "own.py").write_text(f"import jobc\n\n\n@{decorator}\ndef read(a, b):\n    return 1\n")
    path = write(folder, "own.yaml", 'jobc: 1\nops:\n  read: {python: "own:read", inputs: {c: int}}\n')
    assert validate([path]).diagnostics == ()


def test_every_mistake_in_a_list_is_found_at_its_item(folder: Path) -> None:
    path = write(folder, "spec.yaml", 'jobc: 1\npython_path: [1, ".", 2]\n')
    found = validate([path]).diagnostics
    assert [(each.code, each.location.start.column) for each in found] == [("JC0203", 15), ("JC0203", 23)]


def test_a_number_that_is_too_large_is_one_mistake(folder: Path) -> None:
    path = write(folder, "spec.yaml", "jobc: 1\nvars: {most: 1e999}\n")
    assert [each.code for each in validate([path]).diagnostics] == ["JC0213"]
