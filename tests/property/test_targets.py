"""Any text is read; what a random module binds is never said to be missing from it."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from types import ModuleType

from hypothesis import given
from hypothesis import strategies as st

from jobc.compiler.bind.module_finder import Broken, Unknown
from jobc.compiler.bind.modules import Found, ModuleIndex, NameMissing
from jobc.compiler.bind.symbols import ModuleSymbols, read_module

NAMES = ("alpha", "beta", "gamma", "_delta")
NAME = st.sampled_from(NAMES)
FRAGMENTS = st.sampled_from(
    [
        *(
            "def ",
            "class ",
            "async ",
            "if ",
            "else",
            "try",
            "for ",
            "import ",
            "from . import ",
            "lambda ",
            "yield ",
        ),
        *(
            "@",
            ":",
            "(",
            ")",
            "[",
            "]",
            "*",
            "=",
            ":=",
            ",",
            ".",
            "->",
            "\n",
            "\n    ",
            "'",
            '"""',
            "#",
            "\\",
            "\f",
        ),
        *(
            "alpha",
            "__all__",
            "globals()",
            "ä",
            "😀",
            "\r",
            "\0",
            "\ufeff",
            "0x",
            "global ",
            "del ",
            "match ",
            "case ",
        ),
    ]
)


def simple_statements() -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("def {}({}, *, {}=1): return 0".format, NAME, st.just("a"), st.just("b")),
        st.builds("{} = 1".format, NAME),
        st.builds("{}, {} = 1, 2".format, NAME, NAME),
        st.builds("{} = {} = lambda a: a".format, NAME, NAME),
        st.builds("class {}: alpha = 1".format, NAME),
        st.builds("from json import dumps as {}".format, NAME),
        st.builds("import json as {}".format, NAME),
        st.builds("[{0} := n for n in (1, 2)]".format, NAME),
        st.builds("globals().setdefault('{}', 1)".format, NAME),
        st.builds("def hidden():\n    global {0}\n    {0} = 1\nhidden()".format, NAME),
        st.builds("{}: int = 0".format, NAME),
    )


def indented(text: str) -> str:
    return text.replace("\n", "\n    ")


def blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inside = inner.map(indented)
    return st.one_of(
        st.builds("if 1:\n    {}\nelse:\n    {}".format, inside, inside),
        st.builds("try:\n    {}\nexcept ValueError as gone:\n    {}".format, inside, inside),
        st.builds("for {} in (1, 2):\n    {}".format, NAME, inside),
        st.builds("match (1, 2):\n    case ({}, *_):\n        pass".format, NAME),
        st.builds("{}\n{}".format, inner, inner),
    )


PROGRAMS = st.lists(st.recursive(simple_statements(), blocks, max_leaves=6), max_size=6).map("\n".join)


@given(st.one_of(st.text(), st.lists(FRAGMENTS).map("".join)))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    symbols = read_module(text, "any")
    assert isinstance(symbols, ModuleSymbols)
    if symbols.problem:
        assert symbols.problem.line >= 1
        assert symbols.problem.column >= 1
    for symbol in symbols.symbols.values():
        assert symbol.line >= 1
        assert symbol.column >= 1


@given(st.binary(), st.text(max_size=8), st.text(max_size=8))
def test_any_file_and_any_target_get_an_answer(data: bytes, module: str, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "ops.py").write_bytes(data)
        index = ModuleIndex([folder])
        assert isinstance(index.resolve("ops", "run"), Found | NameMissing | Broken | Unknown)
        assert not isinstance(index.resolve(module, name), Found)


@given(PROGRAMS, st.booleans())
def test_what_a_module_binds_is_never_missing_and_what_it_trusts_is_so(program: str, by_star: bool) -> None:
    running = ModuleType("ops")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(program, running.__dict__)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "ops.py").write_text(program, encoding="utf-8")
        (Path(folder) / "star.py").write_text("from ops import *\n", encoding="utf-8")
        index = ModuleIndex([folder])
        for name in NAMES:
            answer = index.resolve("star" if by_star and not name.startswith("_") else "ops", name)
            assert isinstance(answer, Found | Unknown | NameMissing)
            assert not (isinstance(answer, NameMissing) and name in vars(running))
            is_trusted = isinstance(answer, Found) and getattr(answer.symbol, "trusted", False)
            if isinstance(answer, Found) and is_trusted and name in vars(running):
                assert callable(vars(running)[name])
                assert vars(running)[name].__code__.co_varnames == tuple(
                    item.name for item in getattr(answer.symbol, "parameters", ())
                )
