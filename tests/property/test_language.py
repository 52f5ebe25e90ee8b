"""The whole language, as sentences: the digest says what a program means, not how it is written."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from jobc.compiler.format import format_text
from jobc.compiler.pipeline import compile_spec, load
from jobc.compiler.validation import validate
from tests.property.test_compiler import (
    ANYTHING,
    LITERALS,
    TAGS,
    expression,
    graphs,
    ops,
    shuffled,
    written_in_toml,
    written_in_yaml,
)

if TYPE_CHECKING:
    from pathlib import Path

Document: TypeAlias = dict[str, Any]
# Each example is a whole project that is compiled several times.
SHARE = settings.default.max_examples // 4 if settings.default else 15
FUNCTIONS = f"""{ANYTHING}
def files(rows=0): return {{"a": 1, "b": 2}}
def each(item, other=0): return item
def merge(items, rest=0): return items
def setup(**more): return more
def kept(store=None, **more): return store
def alert(context): return None
def store(path, size): return path
def by_day(day): return {{}}
"""
OPTIONS = ("tags", "config", "hooks", "retry")
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "nested": st.just({"fields": {"a": {"type": "int", "default": 1, "ge": 0}, "b": "str?"}}),
        "free": st.just({"fields": {"a": {"type": "bool", "default": True}}, "permissive": True}),
        "choice": st.sampled_from(
            [
                {
                    "one_of": {"file": "path", "table": {"type": "str", "min_length": 1}},
                    "default": {"table": "t"},
                },
                {"one_of": {"file": "path", "table": "str"}, "required": False},
            ]
        ),
        "mode": st.just({"enum": ["fast", "exact"], "default": "${'fast' if vars.limit > 3 else 'exact'}"}),
        "word": st.just({"type": "str", "env": "WORD", "default": "${upper(vars.root)}"}),
        "token": st.just({"type": "secret", "env": "TOKEN"}),
        "day": st.sampled_from([{"type": "date", "default": "2024-01-31"}, {"type": "list[date]?"}]),
        "share": st.just({"type": "float", "default": 0.5, "gt": 0, "lt": 1, "description": "of all"}),
    },
)
VARS = st.fixed_dictionaries(
    {"root": st.just("data"), "limit": st.integers(1, 9)},
    optional={
        "text": st.sampled_from(
            ["${vars.root}/x", "a ${vars.limit} b", "$${vars.root}", "${json([vars.limit])}"]
        ),
        "number": st.sampled_from(
            ["${vars.limit * 2 + 1}", "${len(vars.root)}", "${max(range(vars.limit + 1))}"]
        ),
        "day": st.sampled_from(["${add_days(date('2024-01-31'), vars.limit)}", "${date('2024-02-29')}"]),
        "typed": st.just({"type": "list[int]", "default": [1, 2], "description": "two"}),
        "parts": st.just({"a": {"b": "${vars.root}"}, "c": ["${vars.limit}"]}),
    },
)
RETRY = st.sampled_from([{}, {"max_retries": 2}, {"delay_s": 1, "backoff": "linear", "jitter": "full"}])
PARTITIONS: Document = {
    "days": {"daily": {"start": "2024-01-01", "timezone": "Europe/London"}},
    "regions": {"static": ["us", "eu"]},
    "grid": {"multi": {"day": "days", "region": "regions"}},
    "tenants": {"dynamic": "tenants"},
}


@st.composite
def more_ops(draw: st.DrawFn) -> Document:
    """Ops of all kinds, whose inputs and outputs are `any` or paths."""
    known = {f"op{number}": draw(ops()) for number in range(draw(st.integers(1, 2)))}
    known["rich"] = {"python": "language:setup", "inputs": {"rows": "any"}, "config": draw(FIELDS)}
    known["keeping"] = {"python": "language:kept", "inputs": {}, "resources": ["store"]}
    size = {"type": "int", "default": "${vars.limit}"}
    known["call"] = {
        "command": ["echo", "${vars.root}", "${inputs.rows}", "${config.size}", "${run.id}", "$${x}"],
        "inputs": {"rows": "any"},
        "config": {"size": size},
    }
    known["sort"] = {
        "shell": "sort ${inputs.rows} ${env.FLAGS} | head -n ${config.size + 1} > ${outputs.sorted}",
        "inputs": {"rows": "any"},
        "outputs": {"sorted": "path"},
        "config": {"size": size},
        "timeout_s": 5,
        "code_version": "1",
    }
    for op in known.values():
        op["tags"] = draw(TAGS)
    return known


@st.composite
def with_options(draw: st.DrawFn, graph: Document, known: Document, hooks: list[str]) -> Document:
    for node in graph["nodes"].values():
        if draw(st.booleans()):
            node["hooks"] = draw(st.lists(st.sampled_from(hooks), unique=True)) if hooks else []
        if draw(st.booleans()) and not node["op"].rpartition(".")[2].startswith("graph"):
            node["retry"] = draw(RETRY)
        if "size" in known[node["op"]].get("config", {}) and draw(st.booleans()):
            node["config"] = {"size": draw(st.sampled_from([4, "${vars.limit}", "${int(env.SIZE)}"]))}
    return graph


@st.composite
def libraries(draw: st.DrawFn) -> Document:
    """A file that is made to be imported, with something in every section that can be."""
    known = draw(more_ops())
    own = copy.deepcopy(known)
    graph = draw(graphs(own))
    return {
        "jobc": 1,
        "vars": {**draw(VARS), "region": {"type": "str"}},
        "ops": known,
        "graphs": {"graph0": draw(with_options(graph, known, ["alert"]))},
        "resources": {
            "store": {
                "python": "language:store",
                "config": {"path": "path", "size": "int"},
                "with": {"path": "${vars.root}/${vars.region}", "size": "${vars.limit}"},
            }
        },
        "hooks": {"alert": {"python": "language:alert", "on": "failure", "resources": ["store"]}},
        "executors": {"pool": {"builtin": "multiprocess", "with": {"max_concurrent": "${vars.limit}"}}},
        "loggers": {"lines": {"builtin": "json_console", "with": {"level": "INFO"}}},
        "partitions": dict(PARTITIONS),
        "selections": {"all": "*", "some": ["n0", "n0*"]},
        "jobs": {"base": {"graph": "graph0", "tags": draw(TAGS), "executor": "pool"}},
    }


@st.composite
def languages(draw: st.DrawFn) -> tuple[Document, Document]:
    """A file without mistakes that uses all of the language, and the one it imports."""
    library = draw(libraries())
    known = {f"op{number}": draw(ops()) for number in range(2)}
    dynamic = {
        "files": {"python": "language:files", "outputs": {"items": {"type": "any", "dynamic": True}}},
        "each": {"python": "language:each", "inputs": {"item": "any", "other": {"default": 1}}},
        "merge": {
            "python": "language:merge",
            "inputs": {"items": "any", "rest": {"type": "any", "default": 2}},
        },
    }
    own = {**known, **{f"lib.{name}": op for name, op in library["ops"].items()}}
    own["lib.graph0"] = library["graphs"]["graph0"]
    graph = draw(with_options(draw(graphs(own)), own, ["lib.alert"]))
    imports = {"lib": {"path": "LIB", "vars": {"region": "eu", "limit": "${vars.limit}"}}}
    if draw(st.booleans()):
        imports["again"] = {"path": "LIB", "vars": {"region": "us"}}
    document = {
        "jobc": 1,
        "imports": imports,
        "vars": draw(VARS),
        "ops": {**known, **dynamic},
        "graphs": {"graph1": graph, "items": draw(items())},
        "partitioned_configs": {
            "per_cell": {
                "partitions": "lib.grid",
                "config": {"inputs": {"day": "${partition.start}"}},
                "tags": {"of": "${partition.dims.region}", "until": "x ${partition.end}"},
            }
        },
        "config_mappings": {
            "mapped": {"params": {"n": {"type": "int", "default": 1}}, "config": {"loggers": {}}},
            "made": {"params": {"day": "date"}, "python": "language:by_day"},
        },
        "selections": {"few": "@lib.all and not tag:nothing"},
        "jobs": draw(jobs(graph)),
    }
    document["profiles"] = {
        "prod": {
            "vars": {"limit": draw(st.integers(1, 9))},
            "ops": {"op0": {"tags": draw(TAGS)}},
            "imports": {"lib": {"vars": {"region": "ap"}}},
            "jobs": {"whole": {"metadata": {"a": draw(LITERALS)}}},
        }
    }
    return document, library


@st.composite
def items(draw: st.DrawFn) -> Document:
    """A graph that maps and collects."""
    nodes: Document = {"n0": {"op": "files", "inputs": {}}}
    nodes["n1"] = {"op": "each", "inputs": {"item": {"map": draw(st.sampled_from(["n0", "n0.items"]))}}}
    if draw(st.booleans()):
        nodes["n1"]["inputs"]["other"] = {"value": draw(LITERALS)}
    nodes["n2"] = {"op": "merge", "inputs": {"items": {"collect": draw(st.sampled_from(["n0", "n1"]))}}}
    if draw(st.booleans()):
        nodes["n3"] = {"op": "each", "inputs": {"item": {"map": "n1"}, "other": "n2"}, "after": ["n0"]}
    return {
        "nodes": nodes,
        "outputs": draw(st.sampled_from([{}, {"x": "n2"}, {"x": "n1", "y": "n2.result"}])),
    }


@st.composite
def jobs(draw: st.DrawFn, graph: Document) -> Document:
    whole: Document = {"graph": "graph1", "tags": draw(TAGS), "metadata": {"x": draw(LITERALS), "y": [1]}}
    whole["executor"] = draw(st.sampled_from(["lib.pool", "in_process"]))
    whole["loggers"] = draw(st.lists(st.sampled_from(["lib.lines", "console"]), unique=True))
    whole["hooks"] = draw(st.lists(st.just("lib.alert"), max_size=1))
    whole["retry"] = draw(RETRY)
    whole["inputs"] = {name: draw(LITERALS) for name in graph["inputs"]}
    own: Document = {
        "inputs": {"rows": {"type": "any", "value": draw(LITERALS)}},
        "version_strategy": "source",
    }
    own["nodes"] = {"n0": {"op": "op0", "inputs": {}, "tags": draw(TAGS)}}
    own["nodes"]["n1"] = {"op": "merge", "inputs": {"items": "inputs.rows"}, "after": ["n0"]}
    return {
        "whole": whole,
        "derived": {
            "job": "whole",
            "tags": draw(TAGS),
            "select": draw(st.sampled_from(["n0", ["n0", "*n0"], "@few"])),
        },
        "of_library": {"job": "lib.base", "partitions": "lib.days"},
        "items": {"graph": "items", "config_mapping": draw(st.sampled_from(["mapped", "made"]))},
        "own": own,
    }


def with_wiring(document: Document) -> Document:
    """Write every graph as wiring text; options of nodes stay under `nodes:`."""
    document = copy.deepcopy(document)
    for section in ("graphs", "jobs"):
        for graph in document[section].values():
            if "nodes" in graph:
                nodes, outputs = graph["nodes"], graph.pop("outputs", {})
                lines = [statement(name, node) for name, node in nodes.items()]
                if outputs:
                    lines.append("return " + ", ".join(f"{name}=v_{each}" for name, each in outputs.items()))
                graph["wiring"] = "\n".join(lines)
                graph["nodes"] = {
                    name: {key: node[key] for key in OPTIONS if key in node} for name, node in nodes.items()
                }
    return document


def statement(name: str, node: Document) -> str:
    """Write a node as a line; what is mapped comes first."""
    inputs, callee = dict(node["inputs"]), node["op"]
    mapped = [key for key, source in inputs.items() if isinstance(source, dict) and "map" in source]
    head = f"{callee}("
    if mapped:
        head = f"v_{inputs.pop(mapped[0])['map']}.map({callee}{', ' if inputs else ''}"
    arguments = ", ".join(f"{key}={argument(source)}" for key, source in inputs.items())
    after = f" after {', '.join(node['after'])}" if node.get("after") else ""
    return f"v_{name} = {head}{arguments}) as {name}{after}"


def argument(source: Any) -> str:
    if isinstance(source, dict) and "collect" in source:
        return f"v_{source['collect']}.collect()"
    return expression(source)


class Bench:
    """Writes a program and the file it imports in some way, and compiles it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str, library: tuple[str, str]) -> Path:
        """Write both files; `LIB` in the text stands for the name of the library."""
        note(f"--- {name}\n{text}\n--- {library[0]}\n{library[1]}")
        (self.folder / library[0]).write_text(library[1], "utf-8")
        path = self.folder / name
        path.write_text(text.replace("LIB", library[0]), "utf-8")
        return path


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Return a folder with the functions that programs name."""
    folder = tmp_path_factory.mktemp("language")
    (folder / "language.py").write_text(FUNCTIONS)
    (folder / "anything.py").write_text(ANYTHING)
    return Bench(folder)


def digests(path: Path) -> tuple[str, str]:
    return compile_spec(path).digest, compile_spec(path, profile="prod").digest


@settings(max_examples=SHARE)
@given(languages(), st.data())
def test_the_digest_ignores_how_the_whole_language_is_written(
    bench: Bench, program: tuple[Document, Document], data: st.DataObject
) -> None:
    document, library = program
    plain = bench.write("plain.yaml", json.dumps(document), ("lib.yaml", json.dumps(library)))
    assert [str(each) for each in validate([plain]).diagnostics if each.severity == "error"] == []
    expected = digests(plain)
    for main, imported in ((document, library), (with_wiring(document), with_wiring(library))):
        inputs = main["ops"]["each"]["inputs"]
        main, imported = data.draw(shuffled(main)), data.draw(shuffled(imported))  # noqa: PLW2901
        main["ops"]["each"]["inputs"] = inputs  # `map` feeds the first
        inner = ("lib.toml", written_in_toml(imported))
        in_yaml = bench.write("main.yaml", data.draw(written_in_yaml(main)), inner)
        assert digests(in_yaml) == expected
        formatted = format_text(in_yaml.name, in_yaml.read_text("utf-8")).text
        assert formatted is not None
        in_yaml.write_text(formatted, "utf-8")
        assert digests(in_yaml) == expected
        inner = ("lib.yaml", data.draw(written_in_yaml(imported)))
        assert digests(bench.write("main.toml", written_in_toml(main), inner)) == expected


@settings(max_examples=SHARE)
@given(languages())
def test_what_is_clean_can_be_loaded(bench: Bench, program: tuple[Document, Document]) -> None:
    document, library = program
    path = bench.write("loaded.yaml", json.dumps(document), ("lib.yaml", json.dumps(library)))
    for name in document["jobs"]:
        assert load(f"{path}#{name}").name == name
        assert load(f"{path}#{name}", profile="prod").name == name
