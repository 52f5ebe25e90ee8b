"""Kinds of ops: what a checker says of commands, and what plug-ins bring."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import jobc
from jobc.compiler.pipeline import CompileError, analyse, compile_spec

PLUG_IN = """\
import sys

MADE = []


def sql(name, settings):
    MADE.append((name, settings))
    if "query" not in settings:
        raise ValueError("`query` is missing")

    def run(settings, warehouse, limit):
        return f"{settings['query']} limit {limit} on {warehouse}"

    return run


def counted(name, settings):
    async def run(rows: list, settings=None):
        yield len(rows)

    return run


def nothing(name, settings):
    return None


def odd(name, settings):
    def run(other):
        return other

    return run


value = 3
"""
ENTRY_POINTS = """\
[jobc.op_kinds]
sql = demo_kinds:sql
counted = demo_kinds:counted
nothing = demo_kinds:nothing
odd = demo_kinds:odd
value = demo_kinds:value
gone = demo_kinds:gone
"""
SHOP = """\
def warehouse(context):
    return "wh"


def rows():
    return [1, 2, 3]
"""


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install a distribution that brings kinds of ops, in a folder of its own."""
    folder = tmp_path / "installed"
    information = folder / "demo_kinds-1.0.dist-info"
    information.mkdir(parents=True)
    (folder / "demo_kinds.py").write_text(PLUG_IN)
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: demo-kinds\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "demo_kinds", raising=False)
    return folder


def write(folder: Path, ops: str, wiring: str = "return out=it()") -> str:
    (folder / "shop.py").write_text(SHOP)
    path = folder / "spec.yaml"
    path.write_text(
        "jobc: 1\nvars: {table: orders}\n"
        "resources: {warehouse: {python: shop:warehouse}}\n"
        f"ops: {{rows: {{python: shop:rows}}, {ops}}}\n"
        f"graphs: {{daily: {{wiring: '{wiring}'}}}}\njobs: {{etl: {{graph: daily}}}}\n"
    )
    return str(path)


def found(path: str) -> list[tuple[str, str]]:
    return [(each.code, each.message) for each in analyse(path).diagnostics if each.severity == "error"]


SQL = 'it: {sql: {query: "select from ${vars.table} where day = ${inputs.day}"}, inputs: {day: str}, '
SQL += "config: {limit: {type: int, default: 3}}, resources: [warehouse]}"


def test_a_plug_in_makes_the_function_of_an_op(tmp_path: Path, plug_in: Path) -> None:
    path = write(tmp_path, SQL, 'return out=it("mon")')
    assert found(path) == []
    result = jobc.load(path).execute_in_process()
    assert result.output_value("out") == "select from orders where day = mon limit 3 on wh"


def test_the_example_of_the_manual_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[3] / "docs" / "plug-ins.md").read_text()
    for name, text in re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        (tmp_path / name).write_text(text)
    (entry,) = re.findall(r'^(sql) = "(\S+)"$', page, re.MULTILINE)
    information = tmp_path / "shop_kinds-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: shop-kinds\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(f"[jobc.op_kinds]\n{entry[0]} = {entry[1]}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    path = str(tmp_path / "spec.yaml")
    assert found(path) == []
    result = jobc.load(path).execute_in_process()
    assert result.output_for_node("orders_of", "rows") == [("2024-01-31", "apples")]


def test_a_plug_in_is_not_imported_by_a_check(tmp_path: Path, plug_in: Path) -> None:
    path = write(tmp_path, SQL, 'return out=it("mon")')
    assert found(path) == []
    assert compile_spec(path).jobs["etl"].ops["it"].kind == "sql"
    assert "demo_kinds" not in sys.modules


def test_a_plug_in_may_yield_and_need_no_settings(tmp_path: Path, plug_in: Path) -> None:
    path = write(tmp_path, "it: {counted: null, inputs: {rows: list}}", "return out=it(rows())")
    compiled = compile_spec(path).jobs["etl"].ops["it"]
    assert (compiled.kind, compiled.work) == ("counted", None)


def test_names_in_the_settings_of_a_plug_in_are_checked(tmp_path: Path, plug_in: Path) -> None:
    path = write(tmp_path, SQL.replace("inputs.day", "inputs.dya"), 'return out=it("mon")')
    assert found(path) == [("JC0314", "`inputs` has no `dya`")]


@pytest.mark.parametrize(
    ("op", "message"),
    [
        ("{sql: {}}", "`sql` of op `it`: `query` is missing"),
        ("{nothing: {}}", "`demo_kinds:nothing` made no function for op `it`"),
        ("{odd: {}}", "nothing gives `it` its parameter `other`"),
        ("{value: {}}", "the target of `it` cannot be imported: `demo_kinds:value` is of type `int`"),
        (
            "{gone: {}}",
            "the target of `it` cannot be imported: importing `demo_kinds:gone` raised AttributeError",
        ),
    ],
)
def test_a_plug_in_that_does_not_do_is_told_when_the_job_is_loaded(
    tmp_path: Path, plug_in: Path, op: str, message: str
) -> None:
    path = write(tmp_path, f"it: {op}")
    assert found(path) == []
    with pytest.raises(CompileError) as caught:
        jobc.load(path)
    (told,) = caught.value.diagnostics
    assert told.message.startswith(message)
    assert told.location.start.line == 4


def test_a_kind_that_was_installed_and_is_no_more_is_named(
    tmp_path: Path, plug_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jobc.compiler.link.linker import link_job

    path = write(tmp_path, SQL, 'return out=it("mon")')
    job = compile_spec(path).jobs["etl"]
    (plug_in / "demo_kinds-1.0.dist-info" / "entry_points.txt").write_text("")
    (told,) = link_job(job, tmp_path / "spec.yaml").diagnostics
    assert "nothing that is installed brings ops of the kind `sql`" in told.message
    assert told.help is not None
    assert "jobc.op_kinds" in told.help


def test_two_kinds_are_one_too_many_whoever_brings_them(tmp_path: Path, plug_in: Path) -> None:
    assert found(write(tmp_path, "it: {sql: {}, counted: {}}")) == [
        ("JC0210", "op `it` has `sql` and `counted`")
    ]
    path = write(tmp_path, "it: {sql: {}, command: [ls]}")
    assert found(path) == [("JC0201", "unknown key `sql` in op `it`")]


def test_what_no_plug_in_brings_is_an_unknown_key(tmp_path: Path, plug_in: Path) -> None:
    assert found(write(tmp_path, "it: {sqll: {}}")) == [("JC0201", "unknown key `sqll` in op `it`")]


def test_the_place_of_plug_ins_is_no_key_and_is_never_told(tmp_path: Path) -> None:
    path = write(tmp_path, 'it: {"~plug-in": {sql: {}}}')
    told = analyse(path).diagnostics
    assert [(each.code, each.message) for each in told] == [("JC0201", "unknown key `~plug-in` in op `it`")]
    other = write(tmp_path, "it: {plug_in: {}}")
    texts = [str(each) for each in (*told, *analyse(other).diagnostics)]
    assert not any("~plug-in`" in text.replace("unknown key `~plug-in`", "") for text in texts)


def test_nothing_installed_is_asked_for_ops_of_the_language(tmp_path: Path) -> None:
    path = write(tmp_path, "it: {command: [ls], inputs: {}}")
    code = (
        f"import sys; from jobc.compiler.pipeline import analyse; assert not analyse({path!r}).has_errors; "
    )
    code += (
        "print('importlib.metadata' in sys.modules, 'subprocess' in sys.modules, 'asyncio' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert told.stdout.split() == ["False", "False", "False"]


def ops(path: str) -> Any:
    return compile_spec(path).jobs["etl"].ops["it"]


def test_a_command_has_the_inputs_it_declares_and_one_output(tmp_path: Path) -> None:
    op = ops(write(tmp_path, 'it: {command: [ls, "${vars.table}", "$${x}"]}'))
    assert (op.inputs, [(each.name, each.type) for each in op.outputs]) == ({}, [("result", "str")])
    assert op.work == ["ls", "orders", "$${x}"]


def test_the_types_of_commands_are_those_of_other_ops(tmp_path: Path) -> None:
    path = write(tmp_path, "it: {command: [ls], inputs: {number: int}}", 'return out=it("a")')
    assert [code for code, _ in found(path)] == ["JC0501"]
    path = write(tmp_path, "it: {command: [ls], inputs: {number: int}}", "return out=it(nubmer=1)")
    assert [code for code, _ in found(path)] == ["JC0403"]


def test_a_command_needs_no_resource_of_the_file(tmp_path: Path) -> None:
    compiled = compile_spec(write(tmp_path, "it: {command: [ls]}")).jobs["etl"]
    assert compiled.resources == {}


def test_a_command_takes_the_config_it_declares_and_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path, "it: {command: [ls], config: {deep: bool}}")
    text = (tmp_path / "spec.yaml").read_text()
    (tmp_path / "spec.yaml").write_text(
        text.replace(
            "{graph: daily}", "{graph: daily, config: {ops: {it: {config: {deep: true, deeep: 1}}}}}"
        )
    )
    assert found(path) == [("JC0701", "unknown config key `deeep`")]


def test_ops_can_be_selected_by_kind(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(
        "jobc: 1\nops: {it: {command: [echo, a]}, other: {shell: echo b}}\n"
        'jobs: {etl: {wiring: "it()\\nother()"}, part: {job: etl, select: "kind:shell"}}\n'
    )
    assert found(str(path)) == []
    result = jobc.load(f"{path}#etl").execute_in_process(op_selection=["kind:shell"])
    assert [event.step_key for event in result.get_step_success_events()] == ["other"]
    assert list(jobc.load(f"{path}#part").graph.nodes) == ["other"]


OTHER = """\
jobc: 1
resources: {room: {python: shop:warehouse}}
ops:
  told:
    shell: "printf '%s' ${inputs.text} > ${outputs.file}"
    inputs: {text: str}
    outputs: {file: path}
hooks: {note: {python: shop:note, on: success, resources: [room]}}
loggers: {json: {builtin: json_console}}
config_mappings: {one: {params: {word: str}, config: {inputs: {text: {value: "${params.word}"}}}}}
"""


def test_what_is_imported_is_linked_under_its_own_name(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shop.py").write_text(f"{SHOP}\n\ndef note(context):\n    print('noted', context.step_key)\n")
    (tmp_path / "other.yaml").write_text(OTHER)
    (tmp_path / "spec.yaml").write_text(
        "jobc: 1\nimports: {eu: ./other.yaml}\n"
        'jobs: {etl: {inputs: {text: str}, wiring: "eu.told(text)", hooks: [eu.note], loggers: [eu.json],'
        " config_mapping: eu.one}}\n"
    )
    path = str(tmp_path / "spec.yaml")
    assert found(path) == []
    result = jobc.load(path).execute_in_process({"word": "hallo"})
    (step,) = [str(event.step_key) for event in result.get_step_success_events()]
    assert result.output_for_node(step, "file").read_text() == "hallo"
    told = capfd.readouterr()
    assert f"noted {step}" in told.out
    assert '"level": "INFO"' in told.err


def test_vars_are_one_word_in_a_shell_as_all_values_are(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(
        "jobc: 1\n"
        "vars: {one: \"a; echo no $${b} it's\", more: [x, 'y z']}\n"
        "ops:\n"
        "  among: {shell: \"printf '<%s>' ${vars.one} ${vars.more}\"}\n"
        "  alone: {shell: '${vars.more}'}\n"
        "jobs: {j: {wiring: among()}, k: {wiring: alone()}}\n"
    )
    outcome = jobc.load(f"{spec}#j").execute_in_process()
    assert outcome.output_for_node("among") == "<a; echo no ${b} it's><x><y z>"
    assert compile_spec(spec).jobs["k"].ops["alone"].work == "x 'y z'"
