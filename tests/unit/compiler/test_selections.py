"""Specs that select: derived jobs, named selections, and what is checked without the author's code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jobc.cli import MISTAKES, OK, main
from jobc.compiler.pipeline import CompileError, compile_spec, load
from jobc.compiler.validation import validate
from jobc.runtime.errors import InvalidSubsetError

if TYPE_CHECKING:
    from pathlib import Path

    from jobc.schemas.diagnostics import Diagnostic

FUNCTIONS = """\
import asyncio


def load() -> list[int]:
    return [3, 1, 2]


def tidy(rows: list[int] = [9]) -> list[int]:
    return sorted(rows)


def total(rows: list[int] = [7]) -> int:
    return sum(rows)


def report(sum: int = 0) -> str:
    return f"total {sum}"


async def wait() -> list[int]:
    await asyncio.Event().wait()
"""
OPS = """\
ops:
  load: {python: "MODULE:load"}
  tidy: {python: "MODULE:tidy", tags: {cost: high}}
  total: {python: "MODULE:total"}
  report: {python: "MODULE:report"}
graphs:
  main:
    wiring: |
      rows = load()
      good = tidy(rows)
      sum = total(good)
      report(sum)
"""
SPEC = f"""\
jobc: 1
{OPS}
selections:
  costly: tag:cost=high
  nightly: "@costly or total"
  unused: report
jobs:
  etl: {{graph: main, tags: {{team: orders, cost: low}}, description: All}}
  light: {{job: etl, select: "*tidy", tags: {{team: light}}}}
  last: {{job: light, select: [tidy], description: Only the last}}
  night: {{job: etl, select: "@nightly"}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{module(tmp_path)}.py").write_text(FUNCTIONS)
    return tmp_path


def module(folder: Path) -> str:
    """Return the name of the module of a test, which no other test has imported."""
    return f"{folder.name}_{folder.parent.name.replace('-', '_')}"


def write(folder: Path, text: str, name: str = "spec.yaml") -> str:
    (folder / name).write_text(text.replace("MODULE", module(folder)))
    return name


def found(folder: Path, text: str) -> list[Diagnostic]:
    return list(validate([write(folder, text)]).diagnostics)


def jobs(*lines: str, selections: str = "") -> str:
    head = f"jobc: 1\n{OPS}"
    named = f"selections:\n  {selections}\n" if selections else ""
    return "\n".join([head + named + "jobs:", *(f"  {line}" for line in lines), ""])


def outputs(folder: Path, name: str) -> dict[str, object]:
    """Return what the nodes of a job of SPEC give when it runs."""
    job = load(f"{write(folder, SPEC)}#{name}")
    result = job.execute_in_process()
    return {node: result.output_for_node(node) for node in job.graph.nodes}


# --- derived jobs -----------------------------------------------------------------------------------------


def test_a_derived_job_runs_what_is_selected_of_its_base(folder: Path) -> None:
    assert outputs(folder, "etl") == {
        "load": [3, 1, 2],
        "tidy": [1, 2, 3],
        "total": 6,
        "report": "total 6",
    }
    assert outputs(folder, "light") == {"load": [3, 1, 2], "tidy": [1, 2, 3]}


def test_selections_are_applied_in_turn(folder: Path) -> None:
    assert outputs(folder, "last") == {"tidy": [9]}


def test_a_named_selection_may_name_others(folder: Path) -> None:
    assert outputs(folder, "night") == {"tidy": [9], "total": 9}


def test_a_derived_job_lays_its_keys_over_those_of_its_base(folder: Path) -> None:
    spec = compile_spec(write(folder, SPEC))
    last = spec.jobs["last"]
    assert dict(last.tags) == {"team": "light", "cost": "low"}
    assert last.description == "Only the last"
    assert spec.jobs["light"].description == "All"
    assert last.selects == (("*tidy",), ("tidy",))


def test_config_is_laid_over_entry_by_entry(folder: Path) -> None:
    text = (
        jobs(
            "etl: {graph: main, config: {ops: {total: {inputs: {rows: [1]}}, report: {inputs: {sum: 2}}}}}",
            "light: {job: etl, config: {ops: {total: {inputs: {rows: [5]}}}}}",
        )
        .replace("total(good)", "total()")
        .replace("report(sum)", "report()")
    )
    result = load(f"{write(folder, text)}#light").execute_in_process()
    assert result.output_for_node("total") == 5
    assert result.output_for_node("report") == "total 2"


def test_the_order_of_jobs_in_the_file_is_free(folder: Path) -> None:
    path = write(
        folder, jobs("c: {job: b, select: tidy}", "b: {job: a, select: '*tidy'}", "a: {graph: main}")
    )
    spec = compile_spec(path)
    assert spec.jobs["c"].selects == (("*tidy",), ("tidy",))
    assert list(load(f"{path}#c").graph.nodes) == ["tidy"]


def test_a_long_chain_of_jobs_is_bound(folder: Path) -> None:
    chain = [f"j{number}: {{job: j{number + 1}}}" for number in range(1500)]
    text = jobs(*chain, "j1500: {graph: main, select: load}")
    assert found(folder, text) == []


def test_each_ring_of_jobs_is_told_once(folder: Path) -> None:
    diagnostics = found(folder, jobs("a: {job: b}", "b: {job: a}", "c: {job: c}", "d: {job: a}"))
    assert [(each.code, each.message) for each in diagnostics] == [
        ("JC0323", "jobs are derived from each other: `a` -> `b` -> `a`"),
        ("JC0323", "job `c` is derived from itself"),
    ]


def test_a_graph_is_not_what_a_job_is_derived_from(folder: Path) -> None:
    (diagnostic,) = found(folder, jobs("a: {job: main}"))
    assert (diagnostic.code, diagnostic.help) == ("JC0319", "`main` is a graph; name it under `graph`")


def test_a_job_is_not_offered_itself_as_its_base(folder: Path) -> None:
    (diagnostic,) = found(folder, jobs("night: {job: nihgt}"))
    assert (diagnostic.code, diagnostic.suggestions) == ("JC0319", ())


# --- the digest -------------------------------------------------------------------------------------------


def digest(folder: Path, text: str, job: str) -> str:
    return compile_spec(write(folder, text)).jobs[job].digest


def test_the_digest_changes_with_the_selection(folder: Path) -> None:
    before = digest(folder, SPEC, "light")
    assert digest(folder, SPEC.replace('"*tidy"', '"+tidy"'), "light") != before
    assert digest(folder, SPEC.replace(', select: "*tidy"', ""), "light") != before


def test_the_digest_changes_with_the_selections_of_the_base(folder: Path) -> None:
    assert digest(folder, SPEC.replace('"*tidy"', '"+tidy"'), "last") != digest(folder, SPEC, "last")


def test_one_query_and_a_list_of_it_are_the_same(folder: Path) -> None:
    assert digest(folder, SPEC.replace('"*tidy"', '["*tidy"]'), "light") == digest(folder, SPEC, "light")


@pytest.mark.parametrize("old", ["tag:cost=high", '"@costly or total"'])
def test_the_digest_changes_with_named_selections_that_are_used(folder: Path, old: str) -> None:
    changed = SPEC.replace(old, "tidy")
    assert digest(folder, changed, "night") != digest(folder, SPEC, "night")
    assert digest(folder, changed, "light") == digest(folder, SPEC, "light")


def test_the_digest_ignores_named_selections_that_are_not_used(folder: Path) -> None:
    before = {name: job.digest for name, job in compile_spec(write(folder, SPEC)).jobs.items()}
    changed = SPEC.replace("unused: report", "unused: load\n  more: [tidy, load]")
    assert {name: job.digest for name, job in compile_spec(write(folder, changed)).jobs.items()} == before


# --- without the author's code ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("job", "message"),
    [
        ("{graph: main, select: tdiy}", "job `a` has no node `tdiy`"),
        ("{graph: main, select: '@weekly'}", "there is no selection `@weekly`"),
        ("{graph: main, select: load and total}", "the query selects nothing"),
        ("{graph: main, select: name:x*}", "the query selects nothing"),
        ("{graph: main, select: kind:shell}", "the query selects nothing"),
    ],
)
def test_selections_are_checked_where_the_module_is_absent(folder: Path, job: str, message: str) -> None:
    (diagnostic,) = found(folder, jobs(f"a: {job}").replace("MODULE", "absent"))
    assert (diagnostic.code, diagnostic.message) == ("JC0902", message)


def test_nothing_is_imported_to_check_a_selection(folder: Path) -> None:
    (folder / f"{module(folder)}.py").write_text("raise SystemExit('imported')\n" + FUNCTIONS)
    assert found(folder, SPEC) == []
    assert [each.code for each in found(folder, jobs("a: {graph: main, select: tdiy}"))] == ["JC0902"]


@pytest.mark.parametrize(
    "query", ["type:str", "resource:db", "tag:team", "asset:rows", "load and type:str", "'@named'"]
)
def test_what_only_an_import_can_tell_is_not_held_against_a_query(folder: Path, query: str) -> None:
    text = jobs(f"a: {{graph: main, select: {query}}}", selections="named: type:str")
    assert found(folder, text.replace("MODULE", "absent")) == []


@pytest.mark.parametrize("query", ["type:bytes", "resource:db", "tag:team", "asset:rows", "'@named'"])
def test_what_the_source_tells_is_held_against_a_query(folder: Path, query: str) -> None:
    text = jobs(f"a: {{graph: main, select: {query}}}", selections="named: type:bytes")
    assert [each.code for each in found(folder, text)] == ["JC0902"]


def test_op_functions_bring_tags_and_assets_of_their_own(folder: Path) -> None:
    (folder / f"{module(folder)}.py").write_text(
        "from jobc import AssetKey, Out, op\n\n\n"
        "@op(tags={'cost': 'high'}, out=Out(int, asset_key=AssetKey('rows')))\n"
        "def load():\n    return 1\n\n\n"
        "@op\ndef tidy(rows: int) -> int:\n    return rows\n"
    )
    text = (
        "jobc: 1\nops: {load: {python: 'MODULE:load'}, tidy: {python: 'MODULE:tidy'}}\n"
        "graphs: {main: {wiring: tidy(load())}}\nselections: {costly: tag:cost=high}\n"
        "jobs:\n  a: {graph: main, select: asset:rows}\n  b: {graph: main, select: '@costly'}\n"
    )
    assert found(folder, text) == []
    assert list(load("spec.yaml#a").graph.nodes) == ["load"]
    assert list(load("spec.yaml#b").graph.nodes) == ["load"]


def test_what_only_the_import_tells_is_told_by_load(folder: Path) -> None:
    (folder / f"{module(folder)}.py").write_text(FUNCTIONS + "\n\nopaque = [total][0]\n")
    text = jobs("a: {graph: main, select: tag:team}").replace("MODULE:total", "MODULE:opaque")
    assert found(folder, text) == []
    with pytest.raises(CompileError, match="selects nothing"):
        load("spec.yaml#a")


def test_inputs_of_every_type_can_be_selected_around(folder: Path) -> None:
    text = (
        "jobc: 1\n"
        "ops:\n"
        "  a: {python: 'absent:a', outputs: {x: nothing, y: secret, z: 'literal[\"a\"]?'}}\n"
        "  b: {python: 'absent:b'}\n"
        "  c: {python: 'absent:c', inputs: {n: nothing, m: {type: int, default: 3}, s: secret, t: any}}\n"
        "graphs:\n"
        "  main:\n"
        "    wiring: |\n"
        "      r = a(1, k=[2])\n"
        "      c(n=r.x, s=r.y, t=b([r.z, r.y], 'x', other={'a': 1}))\n"
        "jobs: {one: {graph: main, select: '+c'}, other: {graph: main, select: [a, c, d]}}\n"
    )
    (diagnostic,) = found(folder, text)
    assert diagnostic.message == "job `other` has no node `d`"


def test_arguments_of_unknown_functions_are_told_by_their_place(folder: Path) -> None:
    text = (
        "jobc: 1\nops: {load: {python: 'absent:load'}, tidy: {python: 'absent:tidy'}}\n"
        "graphs:\n  inner: {wiring: return tidy(load())}\n  main: {wiring: tidy(inner())}\n"
        "jobs: {a: {graph: main, select: [inner.load, tidy]}}\n"
    )
    (diagnostic,) = found(folder, text)
    assert diagnostic.code == "JC0902"
    assert "input `argument_1` of `tidy` needs the output `result` of graph `inner`" in diagnostic.message


def test_mistakes_behind_one_of_another_shape_keep_their_place(folder: Path) -> None:
    text = jobs("a: {graph: main, select: [3, load, load orr tidy]}")
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "orr" in line)
    column = text.splitlines()[line - 1].index("orr") + 1
    (_, diagnostic) = found(folder, text)
    assert (diagnostic.code, diagnostic.location.start) == ("JC0901", (line, column))


# --- selections of a loaded job ---------------------------------------------------------------------------


def test_a_loaded_job_knows_the_named_selections(folder: Path) -> None:
    job = load(f"{write(folder, SPEC)}#etl")
    result = job.execute_in_process(op_selection=["@nightly"])
    assert {event.step_key for event in result.all_events if event.step_key} == {"tidy", "total"}
    assert job.execute_in_process(op_selection=["@unused", "load"]).output_for_node("report") == "total 0"


def test_an_unknown_name_is_refused_with_the_near_one(folder: Path) -> None:
    job = load(f"{write(folder, SPEC)}#etl")
    with pytest.raises(InvalidSubsetError, match="did you mean `nightly`"):
        job.execute_in_process(op_selection=["@nihgtly"])


def test_everything_of_a_derived_job_is_what_was_selected(folder: Path) -> None:
    job = load(f"{write(folder, SPEC)}#light")
    result = job.execute_in_process(op_selection=["*"])
    assert {event.step_key for event in result.all_events if event.step_key} == {"load", "tidy"}
    with pytest.raises(InvalidSubsetError, match="has no node `report`"):
        job.execute_in_process(op_selection=["report"])


def test_jobc_select_takes_named_selections(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(folder, SPEC)
    assert main(["select", f"{path}#etl", "@nightly", "--format", "json"]) == OK
    assert json.loads(capsys.readouterr().out) == {"selected": ["tidy", "total"]}
    assert main(["select", f"{path}#light", "@nightly"]) == MISTAKES
    assert "job `light` has no node `total`" in capsys.readouterr().err


# --- timeout_s --------------------------------------------------------------------------------------------


def test_an_async_op_is_stopped_when_its_time_is_up(folder: Path) -> None:
    path = write(
        folder,
        "jobc: 1\nops: {wait: {python: 'MODULE:wait', timeout_s: 0.01}}\n"
        "graphs: {main: {wiring: wait()}}\njobs: {a: {graph: main}}\n",
    )
    result = load(path).execute_in_process(raise_on_error=False)
    assert not result.success
    assert compile_spec(path).jobs["a"].ops["wait"].timeout_s == 0.01


def test_the_digest_changes_with_the_timeout(folder: Path) -> None:
    text = SPEC.replace('"MODULE:load"', '"MODULE:wait", timeout_s: 5')
    assert digest(folder, text, "etl") == digest(folder, text.replace(": 5}", ": 5.0}"), "etl")
    assert digest(folder, text, "etl") != digest(folder, text.replace(": 5}", ": 6}"), "etl")


TYPES = """\
jobc: 1
ops:
  a: {{python: "absent:a", inputs: {{}}, outputs: {{y: path, z: "list[dict]", n: "int?"}}}}
  list: {{command: [ls, "${{inputs.folder}}"], inputs: {{folder: path}}}}
graphs: {{main: {{wiring: "r = a()\\nlist(r.y)"}}}}
jobs: {{one: {{graph: main, select: '{query}'}}}}
"""


@pytest.mark.parametrize(
    "query",
    ["type:path", 'type:"list[dict]"', 'type:"list[dict[str, any]]"', 'type:"int?"', 'type:"int | None"'],
)
def test_types_are_asked_for_as_the_language_writes_them(folder: Path, query: str) -> None:
    assert found(folder, TYPES.format(query=query)) == []


def test_types_of_commands_are_known_without_linking(folder: Path) -> None:
    text = TYPES.format(query="type:pth")
    (diagnostic,) = found(folder, text)
    assert diagnostic.code == "JC0902"
    assert diagnostic.help is not None
    assert "`path`" in diagnostic.help


def test_what_selects_by_type_is_the_same_when_it_is_linked(folder: Path) -> None:
    text = "jobc: 1\nops: {list: {command: [ls, '${inputs.folder}'], inputs: {folder: path}}}\n"
    text += "jobs: {one: {wiring: list('.'), select: 'type:path'}}\n"
    assert found(folder, text) == []
    assert list(load("spec.yaml#one").graph.nodes) == ["list"]


def test_what_is_called_by_a_name_with_dots_is_offered_by_its_node(folder: Path) -> None:
    (folder / "region.yaml").write_text(
        "jobc: 1\nops: {mark: {command: [date]}}\ngraphs: {ingest: {wiring: mark()}}\n"
    )
    text = "jobc: 1\nimports: {us: region.yaml}\n"
    text += 'graphs: {main: {wiring: "us.ingest()\\nus.mark() as last"}}\n'
    text += "jobs: {one: {graph: main, select: us.ingest}, other: {graph: main, select: us.mark}}\n"
    helps = {each.help for each in found(folder, text)}
    assert helps == {"did you mean `ingest`?", "did you mean `ingest.mark` or `last`?"}
