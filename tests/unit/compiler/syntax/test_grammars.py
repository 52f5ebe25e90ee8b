"""The grammars: no conflict in them, tables stored safely, and the escapes of quoted texts."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from lark import Lark

from jobc.compiler.syntax import grammar
from jobc.compiler.syntax.problems import RefusalError


def run_python(code: str, cache: Path) -> str:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


PARSE = "from jobc.compiler.syntax.wiring import parse_wiring; print(parse_wiring('op(1)')[0].statements)"


def test_a_second_process_reads_the_stored_tables(tmp_path: Path) -> None:
    first = run_python(PARSE, tmp_path)
    (stored,) = (tmp_path / "jobc" / "grammars").iterdir()
    assert stored.parent.stat().st_mode & 0o777 == 0o700
    # Were the rules read again, the missing loader of grammars would end the process.
    spoil = (
        "import lark.load_grammar as m; m.load_grammar = None; import lark.lark as n; n.load_grammar = None; "
    )
    assert run_python(spoil + PARSE, tmp_path) == first


@pytest.mark.parametrize("damage", ["truncated", "open to others", "a link"])
def test_tables_that_are_not_safely_ours_are_not_read(tmp_path: Path, damage: str) -> None:
    first = run_python(PARSE, tmp_path)
    (stored,) = (tmp_path / "jobc" / "grammars").iterdir()
    if damage == "truncated":
        stored.write_bytes(stored.read_bytes()[:-10])
    elif damage == "open to others":
        stored.chmod(0o666)
    else:
        stored.rename(tmp_path / "elsewhere")
        stored.symlink_to(tmp_path / "elsewhere")
    assert run_python(PARSE, tmp_path) == first
    whole = stored.read_bytes()
    assert whole[:32] == sha256(whole[32:]).digest()
    assert not stored.is_symlink()
    assert stored.stat().st_mode & 0o777 == 0o600


def test_a_cache_folder_open_to_others_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "jobc" / "grammars"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert run_python(PARSE, tmp_path).startswith("(Statement(")
    assert list(folder.iterdir()) == []


def test_a_cache_that_cannot_be_a_folder_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "jobc").write_text("in the way", encoding="utf-8")
    assert run_python(PARSE, tmp_path).startswith("(Statement(")


@pytest.mark.parametrize("name", ["wiring", "types"])
def test_the_grammars_have_no_conflicts(name: str) -> None:
    from lark.parsers.lalr_analysis import LALR_Analyzer

    parser = grammar.load_grammar(name)
    LALR_Analyzer(parser.parser.parser_conf, debug=False, strict=True).compute_lalr()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("name", ["wiring", "types"])
def test_no_text_fits_two_rules_or_two_tokens(name: str) -> None:
    pytest.importorskip("interegular")
    rules = Path(grammar.__file__).with_name(f"{name}.lark").read_text(encoding="utf-8")
    Lark(rules, parser="lalr", strict=True)


def test_unquote_reads_every_escape() -> None:
    assert (
        grammar.unquote(r'"\"\\\/\b\f\n\r\t\x41\u00e9\U0001F600\'"', 0) == "\"\\/\b\f\n\r\tA\u00e9\U0001f600'"
    )


def test_unquote_names_the_place_of_a_wrong_escape() -> None:
    with pytest.raises(RefusalError) as caught:
        grammar.unquote(r'"ab\x4"', 10)
    assert (caught.value.problem.start, caught.value.problem.end) == (13, 15)
