"""The compiler, as sentences: no text crashes it, places are in the file, digests tell meanings apart."""

from __future__ import annotations

import copy
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import yaml
from hypothesis import given, note
from hypothesis import strategies as st

from jobc.compiler.pipeline import analyse, compile_spec, load
from jobc.compiler.report.columns import lines_of
from jobc.compiler.report.human import render
from jobc.schemas.codes import CODES

if TYPE_CHECKING:
    from jobc.schemas.diagnostics import Diagnostic, Location

CORPUS = Path(__file__).parents[1] / "corpus"
SPECS = sorted(
    path for part in ("ok", "err") for path in (CORPUS / part).iterdir() if path.suffix in (".yaml", ".toml")
)
Document: TypeAlias = dict[str, Any]
ANYTHING = "\n".join(
    f"def f{number}(rows=0, day=0, limit=0, size=1, name=''): return {result}"
    for number, result in enumerate(["None", "rows", "(rows, day)", "(rows, day, limit)"])
)
"""Functions that take all inputs and config fields of `ops`, and give as many outputs as their names say."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the Python modules of the corpus."""
    folder = tmp_path_factory.mktemp("specs")
    for part in ("ok", "err"):
        shutil.copytree(CORPUS / part, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.yaml*"))
    (folder / "broken.py").write_text("def f(:\n")
    (folder / "anything.py").write_text(ANYTHING)
    return folder


# --- programs ---------------------------------------------------------------------------------------------

LITERALS = st.recursive(
    st.booleans()
    | st.integers(-99, 99)
    | st.sampled_from([0.5, -1.25, 1e-7])
    | st.text("ab \"'\\é#,[]{}:$", max_size=6).filter(lambda text: "${" not in text)
    | st.sampled_from(["${vars.root}", "${vars.limit}", "in ${vars.root}/x", "$${vars.root}", "true", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
    max_leaves=4,
)
TAGS = st.dictionaries(st.sampled_from(["team", "cost", "x-y", "a.b"]), LITERALS, max_size=2)


@st.composite
def ops(draw: st.DrawFn) -> Document:
    """An op of a function that takes all inputs there are."""
    op: Document = {"python": "anything:f1"}
    inputs = draw(st.lists(st.sampled_from(["rows", "day", "limit"]), unique=True))
    forms = st.sampled_from(["any", {"type": "any"}, {"type": "any", "default": 3}, {"description": "d"}])
    op["inputs"] = {name: draw(forms) for name in inputs}
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(["good", "bad", "ugly"]), unique=True, max_size=3))
        op["python"] = f"anything:f{len(names)}"
        op["outputs"] = {name: draw(st.sampled_from(["any", {"type": "any"}, {}])) for name in names}
    op["config"] = draw(
        st.sampled_from(
            [
                {},
                {"size": {"type": "int", "default": 1, "ge": 0}, "name": {"type": "str?", "required": False}},
            ]
        )
    )
    if draw(st.booleans()):
        op["retry"] = draw(st.sampled_from([{}, {"max_retries": 2, "delay_s": 0.5, "backoff": "linear"}]))
    op["tags"] = draw(TAGS)
    return op


def outputs_of(definition: Document) -> list[str]:
    return list(definition.get("outputs", {"result": "any"} if "python" in definition else {}))


@st.composite
def graphs(draw: st.DrawFn, known: dict[str, Document]) -> Document:
    """A graph as `nodes:`: a random DAG over ops and graphs. Names sort as the nodes are made."""
    sources: list[str] = []
    nodes: dict[str, Document] = {}
    for number in range(draw(st.integers(1, 5))):
        callee = draw(st.sampled_from(sorted(known)))
        feeds = st.sampled_from([*sources, "inputs.a", "inputs.b"])
        source: st.SearchStrategy[Any] = (
            feeds | st.lists(feeds, min_size=1, max_size=3) | LITERALS.map(lambda value: {"value": value})
        )
        taken = [name for name in known[callee]["inputs"] if draw(st.booleans())]
        node: Document = {"op": callee, "inputs": {name: draw(source) for name in taken}}
        if draw(st.booleans()) and nodes:
            node["after"] = draw(st.lists(st.sampled_from(sorted(nodes)), unique=True))
        if draw(st.booleans()):
            node["tags"] = draw(TAGS)
        name, given = f"n{number}", outputs_of(known[callee])
        nodes[name] = node
        sources += [f"{name}.{output}" for output in given] + [name] * (len(given) == 1)
    used = set(re.findall(r"inputs\.([ab])", json.dumps([node["inputs"] for node in nodes.values()])))
    outputs: dict[str, str] = {}
    if sources:
        outputs = draw(st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(sources)))
    return {"inputs": {name: "any" for name in "ba" if name in used}, "nodes": nodes, "outputs": outputs}


@st.composite
def programs(draw: st.DrawFn) -> Document:
    """A spec without mistakes: ops, graphs that call them and each other, a job for each graph."""
    known = {f"op{number}": draw(ops()) for number in range(draw(st.integers(1, 3)))}
    document: Document = {"jobc": 1, "vars": {"root": "data", "limit": 7}, "ops": dict(known)}
    document["graphs"], document["jobs"] = {}, {}
    for number in range(draw(st.integers(1, 2))):
        graph = draw(graphs(known))
        document["graphs"][f"graph{number}"] = known[f"graph{number}"] = graph
        job: Document = {"graph": f"graph{number}", "tags": draw(TAGS)}
        with_config = [name for name, node in graph["nodes"].items() if known[node["op"]].get("config")]
        job["config"] = {"ops": {name: {"config": {"size": 3, "name": "n"}} for name in with_config}}
        document["jobs"][f"job{number}"] = job
    return document


# --- ways to write them -----------------------------------------------------------------------------------


def with_wiring(document: Document) -> Document:
    """Write every graph as wiring text; what the text cannot say stays under `nodes:`."""
    document = copy.deepcopy(document)
    for graph in document["graphs"].values():
        lines = [statement(name, node) for name, node in graph["nodes"].items()]
        returned = ", ".join(f"{name}={expression(source)}" for name, source in graph.pop("outputs").items())
        graph["wiring"] = "\n".join([*lines, f"return {returned}"] if returned else lines)
        graph["nodes"] = {name: {"tags": node.get("tags", {})} for name, node in graph["nodes"].items()}
    return document


def statement(name: str, node: Document) -> str:
    arguments = ", ".join(f"{name}={expression(source)}" for name, source in node["inputs"].items())
    after = f" after {', '.join(node['after'])}" if node.get("after") else ""
    return f"v_{name} = {node['op']}({arguments}) as {name}{after}"


def expression(source: Any) -> str:
    if isinstance(source, dict):
        return json.dumps(source["value"], ensure_ascii=False)
    if isinstance(source, list):
        return f"[{', '.join(map(expression, source))}]"
    text: str = source
    return text.removeprefix("inputs.") if text.startswith("inputs.") else f"v_{text}"


@st.composite
def shuffled(draw: st.DrawFn, value: Any, path: tuple[str, ...] = ()) -> Any:
    """Change the order of all keys but those of the outputs of ops, which have one."""
    if not isinstance(value, dict):
        return value
    keys = list(value)
    if not (path[:1] == ("ops",) and path[2:] == ("outputs",)):
        keys = draw(st.permutations(keys))
    return {key: draw(shuffled(value[key], (*path, key))) for key in keys}


class Blocks(yaml.SafeDumper):
    """A writer that puts text of several lines into literal blocks, and knows no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the base class names it
        return True


def _represent_text(dumper: Blocks, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Blocks.add_representer(str, _represent_text)


@st.composite
def written_in_yaml(draw: st.DrawFn, document: Document) -> str:
    """Write in one of many layouts, with comments wherever the layout lets them stand."""
    style = draw(st.sampled_from(["json", "flow", "mixed", "block"]))
    if style == "json":
        return json.dumps(document, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 2])))
    flow = {"flow": True, "mixed": None, "block": False}[style]
    text = yaml.dump(
        document,
        Dumper=Blocks,
        sort_keys=False,
        allow_unicode=draw(st.booleans()),
        default_flow_style=flow,
        indent=draw(st.integers(2, 5)),
        width=10**6,
    )
    if style != "block":
        return f"# before\n{text}# behind\n"
    return "".join(draw(commented(line)) for line in text.splitlines(keepends=True))


@st.composite
def commented(draw: st.DrawFn, line: str) -> str:
    """Put a comment on a line of its own, as deep as the line, or behind the line."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    above = f"{indent}# {draw(st.sampled_from(['a: b', '- [', 'x = y(']))}\n" if draw(st.booleans()) else ""
    return above + (line[:-1] + "  # é\n" if draw(st.booleans()) else line)


def written_in_toml(document: Document) -> str:
    """Write a table for each definition and inline tables below it."""
    rows = [f"{key} = {inline(value)}" for key, value in document.items() if not isinstance(value, dict)]
    for section, entries in document.items():
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict):
                rows.append(f"[{section}.{name}]  # {name}")
                rows += [f"{json.dumps(key)} = {inline(value)}" for key, value in entry.items()]
            else:
                rows.insert(0, f"{section}.{name} = {inline(entry)}")
    return "\n".join(rows)


def inline(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {inline(inner)}" for key, inner in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    return json.dumps(value, ensure_ascii=False)


def digest(folder: Path, name: str, text: str) -> str:
    note(f"--- {name}\n{text}")
    path = folder / name
    path.write_text(text, "utf-8")
    return compile_spec(path).digest


@given(programs(), st.data())
def test_the_digest_ignores_how_a_program_is_written(
    folder: Path, program: Document, data: st.DataObject
) -> None:
    expected = digest(folder, "nodes.json.yaml", json.dumps(program))
    wired = with_wiring(program)
    for number, document in enumerate((program, wired)):
        other = data.draw(shuffled(document))
        assert digest(folder, f"{number}.yaml", data.draw(written_in_yaml(other))) == expected
        assert digest(folder, f"{number}.toml", written_in_toml(other)) == expected


@given(programs())
def test_what_is_clean_can_be_loaded_and_run(folder: Path, program: Document) -> None:
    path = folder / "program.json.yaml"
    path.write_text(json.dumps(program))
    for name, job in program["jobs"].items():
        graph = program["graphs"][job["graph"]]
        result = load(f"{path}#{name}").execute_in_process(input_values=dict.fromkeys(graph["inputs"], 1))
        assert result.success
        for output in graph["outputs"]:
            result.output_value(output)


@given(programs(), st.data())
def test_the_digest_tells_programs_apart(folder: Path, program: Document, data: st.DataObject) -> None:
    before = digest(folder, "before.yaml", json.dumps(program))
    graph = program["graphs"][program["jobs"]["job0"]["graph"]]
    node = graph["nodes"][data.draw(st.sampled_from(sorted(graph["nodes"])))]
    op = program["ops"][node["op"]]
    outputs = outputs_of(op)
    if len(outputs) > 1 and data.draw(st.booleans()):
        op["outputs"] = {name: op["outputs"][name] for name in reversed(outputs)}
    else:
        op.setdefault("tags", {})["new"] = "tag"
    assert digest(folder, "after.yaml", json.dumps(program)) != before


# --- texts with mistakes ----------------------------------------------------------------------------------

WORDS = (
    "null|true|-1|[]|{}|''|${vars.x}|${|x-a|<<|*a|&a |inputs|a.b|after|1e999|!x |: |- |\t|\n|\u2028|\x00|\""
)
ODD = st.sampled_from(WORDS.split("|")) | st.sampled_from("|#'}](=é")


@st.composite
def mutated_texts(draw: st.DrawFn) -> tuple[str, str]:
    """A spec of the corpus in which a few words or lines were lost, doubled, swapped or replaced."""
    path = draw(st.sampled_from(SPECS))
    text = path.read_text("utf-8")
    for _ in range(draw(st.integers(1, 4))):
        pattern = draw(st.sampled_from([r"(\w+)", r"(\n)", r"([\w.:/-]+|\s+)"]))
        parts = re.split(pattern, text)
        at = draw(st.integers(0, len(parts) - 1))
        change = draw(st.sampled_from(["lose", "double", "swap", "replace", "insert"]))
        if change == "lose":
            del parts[at : at + draw(st.integers(1, 4))]
        elif change == "double":
            parts[at:at] = parts[at : at + 2]
        elif change == "swap":
            other = draw(st.integers(0, len(parts) - 1))
            parts[at], parts[other] = parts[other], parts[at]
        else:
            parts[at : at + (change == "replace")] = [draw(ODD)]
        text = "".join(parts)
    return path.suffix, text


VALUES = (
    LITERALS
    | st.none()
    | st.sampled_from(["op0", "graph0", "inputs.a", "n0.good", "list[", "op0(", "shop:load"])
)


@st.composite
def mutated_programs(draw: st.DrawFn) -> tuple[str, str]:
    """A program in which a few keys or values, at any depth, were renamed, lost or replaced."""
    document = draw(programs())
    if draw(st.booleans()):
        document = with_wiring(document)
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 4))):
        holder: Any = document
        while True:
            key = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
            inner = holder[key]
            if not (isinstance(inner, dict | list) and inner and draw(st.integers(0, 4))):
                break
            holder = inner
        change = draw(st.sampled_from(["rename", "lose", "replace"]))
        if change == "replace" or isinstance(holder, list) or len(holder) == 1:
            holder[key] = draw(VALUES)
        else:
            inner = holder.pop(key)
            if change == "rename":
                holder[
                    draw(st.sampled_from(["op0", "n0", "graph0", "good", "a", "python", "nodes", "if"]))
                ] = inner
    return ".yaml", yaml.dump(document, Dumper=Blocks, sort_keys=False, default_flow_style=None)


LINES = """\
jobc: 1
ops:
  a: {python: shop:load}
  b:
    python: shop:clean
graphs:
  g:
    wiring: |
      x = a()
      b(x)
      return x
    nodes:
      n: {op: a}
jobs:
  j: {graph: g}
vars: {v: '${vars.v}'}
jobc = 1
[ops.a]
python = "shop:load"
[graphs]
g.wiring = "a()"
""".splitlines()
ANY_TEXT = st.tuples(
    st.sampled_from([".yaml", ".toml"]),
    st.text(max_size=80)
    | st.lists(st.sampled_from(LINES), max_size=20).map("\n".join)
    | st.just("jobc: 1\n"),
)


@given(ANY_TEXT | mutated_texts() | mutated_programs())
def test_any_text_gives_diagnostics_in_their_places(folder: Path, written: tuple[str, str]) -> None:
    suffix, text = written
    note(text)
    path = folder / f"spec{suffix}"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    analysis = analyse(path, with_notes=True)
    for diagnostic in analysis.diagnostics:
        assert_sound(diagnostic, path, lines_of(text.removeprefix("\ufeff")))
    texts = {} if analysis.text is None else {analysis.name: analysis.text}
    assert bool(render(analysis.diagnostics, texts, files=1, jobs=0)) == bool(analysis.diagnostics)
    assert analysis.program is not None or analysis.has_errors
    if not analysis.has_errors:
        compile_spec(path)


def assert_sound(diagnostic: Diagnostic, path: Path, lines: list[str]) -> None:
    assert diagnostic.code in CODES
    assert diagnostic.severity in ("error", "warning", "note")
    assert diagnostic.message
    assert not diagnostic.message.endswith(".")
    assert "\n" not in diagnostic.message
    assert diagnostic.location.file == path.as_posix()
    assert_inside(diagnostic.location, lines)
    for related in diagnostic.related:
        assert related.message
        if related.location.file == path.as_posix():
            assert_inside(related.location, lines)


def assert_inside(location: Location, lines: list[str]) -> None:
    """The place is in the text, its end not before its start; it may lie behind the last character."""
    assert (1, 1) <= location.start <= location.end
    for position in (location.start, location.end):
        assert position.line <= max(len(lines), 1)
        assert position.column <= len(lines[position.line - 1] if lines else "") + 1
