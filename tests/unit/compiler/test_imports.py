"""Imports: what a file sees of the files it imports, and what is wrong with imports."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from jobc.compiler.analysis import analyse
from jobc.compiler.bind import following
from jobc.compiler.pipeline import CompileError, compile_spec, compile_with_files, load
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

REGION = """
jobc: 1
vars: {region: {type: str}, most: 3}
ops:
  mark: {python: region_ops:mark, config: {tag: {type: str, default: "${vars.region}"}}}
  keep: {python: region_ops:keep, resources: [store]}
graphs:
  ingest:
    inputs: {rows: any}
    wiring: |
      keep(mark(rows))
resources:
  store: {python: region_ops:store}
partitions:
  days: {daily: {start: 2024-01-01, end: 2024-01-04}}
"""
REGION_OPS = """
def mark(rows, tag: str):
    return [*rows, tag]


def keep(context, rows):
    context.resources.store.extend(rows)
    return list(context.resources.store)


def store():
    return ["theirs"]
"""
SHOP = """
jobc: 1
imports:
  eu: {path: parts/region.yaml, vars: {region: eu}}
  us: {path: parts/region.yaml, vars: {region: us}}
resources:
  local: {python: shop_ops:local}
ops:
  read: {python: shop_ops:read}
graphs:
  all:
    wiring: |
      rows = read()
      eu.mark(rows)
      us.mark(rows) as second
      eu.ingest(rows)
jobs:
  etl: {graph: all}
  own_store: {graph: all, resources: {eu.store: local}}
  daily: {graph: all, partitions: us.days}
"""
SHOP_OPS = """
def read():
    return ["row"]


def local():
    return ["ours"]
"""


def write(folder: Path, **texts: str) -> Path:
    """Write files, `__` in a name for a folder and `_` before the suffix for its dot; return the folder."""
    for name, text in texts.items():
        stem, _, suffix = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"))
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


@pytest.fixture
def shop(folder: Path) -> Path:
    write(folder, shop_yaml=SHOP, shop_ops_py=SHOP_OPS)
    return write(folder, parts__region_yaml=REGION, parts__region_ops_py=REGION_OPS)


def codes(path: str = "root.yaml", **options: bool) -> list[str]:
    return [each.code for each in analyse(path, **options).diagnostics]  # type: ignore[arg-type]


def test_a_file_imported_twice_makes_two_sets(shop: Path) -> None:
    result = load("shop.yaml#etl").execute_in_process()
    assert result.output_for_node("mark") == ["row", "eu"]
    assert result.output_for_node("second") == ["row", "us"]


def test_an_imported_op_finds_the_resource_of_its_own_file(shop: Path) -> None:
    result = load("shop.yaml#etl").execute_in_process()
    assert result.output_for_node("ingest.keep") == ["theirs", "row", "eu"]


def test_a_job_overrides_the_resource_of_an_import(shop: Path) -> None:
    result = load("shop.yaml#own_store").execute_in_process()
    assert result.output_for_node("ingest.keep") == ["ours", "row", "eu"]


def test_partitions_of_an_import_have_its_keys(shop: Path) -> None:
    partitions = load("shop.yaml#daily").partitions_def
    assert partitions is not None
    assert list(partitions.get_partition_keys()) == ["2024-01-01", "2024-01-02", "2024-01-03"]


def test_names_are_qualified_in_the_ir_and_at_run_time(shop: Path) -> None:
    job = compile_spec("shop.yaml").jobs["etl"]
    assert {"eu.mark", "us.mark", "eu.keep", "read"} == set(job.ops)
    assert set(job.resources) == {"eu.store"}
    assert job.python_path == (".", "parts")
    names = {node.definition.name for node in load("shop.yaml#etl").graph.nodes.values()}
    assert names == {"read", "eu.mark", "us.mark", "eu.ingest"}


def test_a_name_that_looks_like_a_qualified_one_is_another(shop: Path) -> None:
    text = SHOP.replace("eu.mark(rows)\n", "eu.mark(rows)\n      eu__mark()\n")
    write(shop, shop_yaml=text.replace("  read:", "  eu__mark: {python: shop_ops:read}\n  read:"))
    graph = load("shop.yaml#etl").graph
    assert graph.nodes["eu__mark"].definition.name == "eu__mark"
    assert graph.nodes["mark"].definition.name == "eu.mark"


def test_an_imported_file_does_not_see_what_is_not_passed(folder: Path) -> None:
    write(folder, root_yaml="jobc: 1\nvars: {mine: 1}\nimports: {inner: inner.yaml}\n")
    write(folder, inner_yaml='jobc: 1\nvars: {theirs: "${vars.mine}"}\n')
    (found,) = analyse("root.yaml").diagnostics
    assert (found.code, found.location.file) == ("JC0314", "inner.yaml")


def test_an_import_of_an_import_works_and_is_not_visible(folder: Path) -> None:
    write(folder, ops_py="def f():\n    return 1\n", low_yaml="jobc: 1\nops: {f: {python: ops:f}}\n")
    write(folder, middle_yaml="jobc: 1\nimports: {low: low.yaml}\ngraphs: {g: {wiring: low.f()}}\n")
    root = "jobc: 1\nimports: {middle: middle.yaml}\njobs: {j: {graph: middle.g}}\n"
    write(folder, root_yaml=root)
    assert load("root.yaml#j").execute_in_process().output_for_node("f") == 1
    write(folder, root_yaml=root + "graphs: {g: {nodes: {f: {op: middle.low.f}}}}\n")
    (found,) = analyse("root.yaml").diagnostics
    assert found.code == "JC0333"
    assert found.label == "imports of imports are not visible"


def test_yaml_imports_toml_and_the_reverse(folder: Path) -> None:
    write(folder, ops_py="def f():\n    return 1\n", low_yaml="jobc: 1\nops: {f: {python: ops:f}}\n")
    write(folder, middle_toml='jobc = 1\nimports.low = "low.yaml"\ngraphs.g.wiring = "low.f()"\n')
    write(folder, root_yaml="jobc: 1\nimports: {middle: middle.toml}\njobs: {j: {graph: middle.g}}\n")
    assert load("root.yaml").execute_in_process().output_for_node("f") == 1


def test_config_of_a_job_names_resources_of_an_import(folder: Path) -> None:
    write(folder, ops_py="def f(db):\n    return db\n\n\ndef db(size):\n    return size\n")
    write(
        folder,
        inner_yaml="""
jobc: 1
ops: {f: {python: ops:f}}
resources: {db: {python: ops:db, config: {size: int}}}
graphs: {g: {wiring: f()}}
jobs: {base: {graph: g, config: {resources: {db: {config: {size: 1}}}}}}
""",
        root_yaml="""
jobc: 1
imports: {in: inner.yaml}
jobs: {}
""".replace("in:", "inner:"),
    )
    text = (folder / "root.yaml").read_text().replace("jobs: {}\n", "")
    jobs = "jobs: {derived: {job: inner.base}, own: {job: inner.base, config: {resources: "
    write(folder, root_yaml=text + jobs + "{inner.db: {config: {size: 2}}}}}}\n")
    assert load("root.yaml#derived").execute_in_process().output_for_node("f") == 1
    assert load("root.yaml#own").execute_in_process().output_for_node("f") == 2


def test_what_is_wrong_in_an_imported_file_is_said_there_once(shop: Path) -> None:
    write(shop, parts__region_yaml=REGION.replace("keep(mark(rows))", "keep(marc(rows))"))
    (found,) = analyse("shop.yaml").diagnostics
    assert (found.code, found.location.file) == ("JC0311", "parts/region.yaml")
    with pytest.raises(CompileError) as raised:
        load("shop.yaml#etl")
    assert set(raised.value.texts) == {"shop.yaml", "parts/region.yaml"}


def test_a_resource_that_an_imported_op_lacks_is_said_once_in_its_own_file(shop: Path) -> None:
    write(shop, parts__region_yaml=REGION.replace("  store: {python", "  stores: {python"))
    found = [each for each in analyse("shop.yaml").diagnostics if each.severity == "error"]
    assert [(each.code, each.location.file) for each in found] == [("JC0313", "parts/region.yaml")]
    assert found[0].suggestions == ("stores",)


def test_a_folder_of_files_is_clean_though_one_is_made_to_be_imported(shop: Path) -> None:
    outcome = validate(["."])
    assert (outcome.files, outcome.jobs, outcome.diagnostics) == (2, 3, ())
    assert [each.code for each in validate(["parts/region.yaml"]).diagnostics] == ["JC0506"]


def test_the_files_that_took_part_are_told_with_their_hashes(shop: Path) -> None:
    from hashlib import sha256

    marked = b"\xef\xbb\xbf" + REGION.lstrip("\n").encode()
    (shop / "parts" / "region.yaml").write_bytes(marked)
    files = compile_with_files("shop.yaml").files
    root, region = os.path.realpath("shop.yaml"), os.path.realpath("parts/region.yaml")
    assert list(files) == [root, region]
    assert files[region] == sha256(marked).hexdigest()


def test_links_are_followed_before_it_is_asked_where_a_file_stands(folder: Path) -> None:
    project = folder / "project"
    write(project, root_yaml="jobc: 1\nimports: {inner: link.yaml}\n")
    write(folder, inner_yaml="jobc: 1\n")
    (project / "pyproject.toml").touch()
    (project / "link.yaml").symlink_to(folder / "inner.yaml")
    assert codes("project/root.yaml") == ["JC0332"]
    assert codes("project/root.yaml", allow_outside=True) == []


def test_without_a_project_the_folder_of_the_spec_is_the_border(tmp_path: Path) -> None:
    write(tmp_path / "a", root_yaml="jobc: 1\nimports: {inner: ../inner.yaml, below: b/c.yaml}\n")
    write(tmp_path, a__b__c_yaml="jobc: 1\n", inner_yaml="jobc: 1\n")
    assert codes(str(tmp_path / "a" / "root.yaml")) == ["JC0332"]


def test_what_is_no_file_is_refused_where_it_is_named(folder: Path) -> None:
    (folder / "folder.yaml").mkdir()
    (folder / "loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(folder / "pipe.yaml")
    write(folder, root_yaml="jobc: 1\nimports: {a: folder.yaml, b: loop.yaml, c: pipe.yaml, d: none.yaml}\n")
    assert codes() == ["JC0330"] * 4


def test_a_file_that_is_no_yaml_is_reported_there_alone(folder: Path) -> None:
    write(
        folder,
        broken_yaml="a: [1\n",
        root_yaml="jobc: 1\nimports: {b: broken.yaml}\njobs: {j: {graph: b.g}}\n",
    )
    (found,) = analyse("root.yaml").diagnostics
    assert (found.code, found.location.file) == ("JC0103", "broken.yaml")


@pytest.mark.parametrize("start", ["a", "b", "c"])
def test_a_ring_is_reported_at_one_place_wherever_one_begins(folder: Path, start: str) -> None:
    for name, following_one in zip("abc", "bca", strict=True):
        write(folder, **{f"{name}_yaml": f"jobc: 1\nimports: {{next: {following_one}.yaml}}\n"})
    (found,) = analyse(f"{start}.yaml").diagnostics
    assert found.message == "files import each other: `a.yaml` -> `b.yaml` -> `c.yaml` -> `a.yaml`"
    assert found.location.file == "a.yaml"
    assert [related.location.file for related in found.related] == ["b.yaml", "c.yaml"]


def test_too_deep_and_too_many_imports_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        write(
            folder,
            **{f"f{number}_yaml": f"jobc: 1\nimports: {{a: f{number + 1}.yaml, b: f{number + 1}.yaml}}\n"},
        )
    write(folder, f6_yaml="jobc: 1\n")
    assert codes("f0.yaml") == []
    monkeypatch.setattr(following, "MAX_DEPTH", 5)
    assert set(codes("f0.yaml")) == {"JC0111"}
    monkeypatch.setattr(following, "MAX_DEPTH", 50)
    monkeypatch.setattr(following, "MAX_FILES", 100)
    assert codes("f0.yaml") == ["JC0111"]


def test_modules_of_two_files_that_would_be_taken_for_each_other(shop: Path) -> None:
    write(shop, region_ops_py="def mark(rows, tag: str):\n    return []\n")
    found = [each for each in analyse("shop.yaml").diagnostics if each.code == "JC0337"]
    assert [each.location.start.line for each in found] == [3, 4]
    assert "`parts/region_ops.py` and `region_ops.py`" in found[0].message


def test_the_digest_does_not_depend_on_the_folder(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = compile_spec("shop.yaml").digest
    monkeypatch.chdir(shop.parent)
    assert compile_spec(f"{shop.name}/shop.yaml").digest == here
    assert compile_spec(shop / "shop.yaml").digest == here


def test_selections_hooks_loggers_executors_and_mappings_of_an_import(folder: Path) -> None:
    write(
        folder,
        ops_py="def f(n):\n    return n\n\n\ndef note(context):\n    print('noted', context.op_name)\n",
    )
    write(
        folder,
        inner_yaml="""
jobc: 1
ops: {f: {python: ops:f, config: {n: {type: int, default: 1}}}}
graphs:
  g:
    wiring: |
      f()
      f()
hooks: {note: {python: ops:note, on: success}}
executors: {here: {builtin: in_process}}
loggers: {out: {builtin: json_console}}
selections: {second: f_2}
config_mappings: {times: {params: {n: int}, config: {ops: {f: {config: {n: "${params.n}"}}}}}}
""",
        root_yaml="""
jobc: 1
imports: {inner: inner.yaml}
jobs:
  j:
    graph: inner.g
    hooks: [inner.note]
    executor: inner.here
    loggers: [inner.out]
    config_mapping: inner.times
  k: {graph: inner.g, select: "@inner.second"}
""",
    )
    result = load("root.yaml#j").execute_in_process(run_config={"n": 7})
    assert result.output_for_node("f") == 7
    assert set(load("root.yaml#k").graph.nodes) == {"f_2"}


def test_what_python_declares_itself_is_found_in_the_file_that_names_it(folder: Path) -> None:
    write(
        folder,
        ops_py="""
from jobc import op, resource, success_hook


@op(required_resource_keys={"store"})
def keep(context):
    context.resources.store.append("kept")
    return list(context.resources.store)


@resource(required_resource_keys={"base"})
def store(context):
    return [context.resources.base]


def base():
    return "base"


@success_hook(required_resource_keys={"store"})
def note(context):
    context.resources.store.append("noted")
    print(context.resources.store)
""",
        inner_yaml="""
jobc: 1
ops: {keep: {python: ops:keep}}
hooks: {note: {python: ops:note}}
resources: {store: {python: ops:store}, base: {python: ops:base}}
graphs: {g: {nodes: {keep: {op: keep, hooks: [note]}}}}
""",
        root_yaml="""
jobc: 1
imports: {inner: inner.yaml}
resources: {store: {python: ops:base}}
jobs: {j: {graph: inner.g}}
""",
    )
    assert load("root.yaml").execute_in_process().output_for_node("keep") == ["base", "kept"]


def test_an_op_has_a_listed_resource_of_an_import_by_its_last_name(folder: Path) -> None:
    write(
        folder,
        ops_py="def f(store):\n    return store\n\n\ndef g(context):\n    return context.resources.store\n",
        stores_py="def theirs():\n    return 'theirs'\n\n\ndef ours():\n    return 'ours'\n",
        inner_yaml="jobc: 1\nresources: {store: {python: stores:theirs}}\n",
        root_yaml="""
jobc: 1
imports: {inner: inner.yaml}
resources: {store: {python: stores:ours}}
ops:
  f: {python: ops:f, resources: [inner.store]}
  g: {python: ops:g, resources: [inner.store, store]}
graphs:
  all:
    wiring: |
      f()
      g()
jobs: {j: {graph: all}}
""",
    )
    result = load("root.yaml").execute_in_process()
    assert (result.output_for_node("f"), result.output_for_node("g")) == ("theirs", "ours")


def test_a_name_that_an_import_has_is_offered_with_the_import(shop: Path) -> None:
    write(shop, shop_yaml=SHOP.replace("eu.mark(rows)", "mark(rows)"))
    (found,) = analyse("shop.yaml").diagnostics
    assert (found.code, found.suggestions) == ("JC0311", ("eu.mark", "us.mark"))
    assert found.help == "did you mean `eu.mark`?"


@pytest.mark.parametrize(
    "text", [r'"a\0.yaml"', r'"a\u200b.yaml"', r'"a\nb.yaml"', "''", "x" * 5000 + ".yaml"]
)
def test_texts_that_are_no_paths_are_refused(folder: Path, text: str) -> None:
    write(folder, root_yaml=f"jobc: 1\nimports: {{a: {text}}}\n")
    assert codes() == ["JC0330"]
