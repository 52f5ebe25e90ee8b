from __future__ import annotations

import importlib
import inspect
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jobc.compiler.bind.definitions import ClassSymbol, FunctionSymbol, Parameter, ValueSymbol
from jobc.compiler.bind.module_finder import Broken, ModuleMissing, Unknown
from jobc.compiler.bind.modules import Found, ModuleIndex, NameMissing
from jobc.compiler.bind.symbols import ModuleSymbols, read_module

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobc.compiler.bind.modules import Resolution

KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "var_positional",
    inspect.Parameter.VAR_KEYWORD: "var_keyword",
}


def write(root: Path, files: Mapping[str, str]) -> ModuleIndex:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return ModuleIndex([root])


def resolve(root: Path, text: str, name: str = "f") -> Resolution:
    return write(root, {"ops.py": text}).resolve("ops", name)


def function(resolution: Resolution) -> FunctionSymbol:
    assert isinstance(resolution, Found), resolution
    assert isinstance(resolution.symbol, FunctionSymbol)
    return resolution.symbol


def class_of(resolution: Resolution) -> ClassSymbol:
    assert isinstance(resolution, Found), resolution
    assert isinstance(resolution.symbol, ClassSymbol)
    return resolution.symbol


def signature(symbol: FunctionSymbol | None) -> str:
    """Write a signature down the way `def` does, `=` for a default."""
    assert symbol is not None
    marks = {"var_positional": "*", "var_keyword": "**", "keyword": "!", "positional": ""}
    return ", ".join(
        f"{marks[item.kind]}{item.name}{'=' if item.has_default else ''}" for item in symbol.parameters
    )


# What a definition says


def test_a_function_is_described_as_written(tmp_path: Path) -> None:
    text = (
        "import typing\n\n"
        "def read(path: str, /, limit: typing.Optional[int] = 3, *rest: 'Row', day, **more) -> list[int]:\n"
        "    '''Read rows.\n\n    Twice.'''\n"
    )
    assert resolve(tmp_path, text, "read") == Found(
        FunctionSymbol(
            name="read",
            parameters=(
                Parameter("path", "positional", False, "str"),
                Parameter("limit", "positional", True, "typing.Optional[int]"),
                Parameter("rest", "var_positional", False, "'Row'"),
                Parameter("day", "keyword", False, None),
                Parameter("more", "var_keyword", False, None),
            ),
            returns="list[int]",
            decorators=(),
            is_async=False,
            is_generator=False,
            trusted=True,
            line=3,
            column=5,
            doc="Read rows.",
        ),
        str(tmp_path / "ops.py"),
        "ops",
        3,
    )


@pytest.mark.parametrize(
    ("text", "is_async", "is_generator"),
    [
        ("def f(): return 1", False, False),
        ("async def f(): pass", True, False),
        ("def f():\n  for x in []:\n    yield x", False, True),
        ("async def f():\n  yield 1", True, True),
        ("def f():\n  def inner():\n    yield 1\n  return inner", False, False),
        ("def f():\n  x = [(yield)]", False, True),
        ("def f():\n  return 'yield'", False, False),
        ("def f():\n  yield from g()", False, True),
    ],
)
def test_async_functions_and_generators_are_told_apart(
    tmp_path: Path, text: str, is_async: bool, is_generator: bool
) -> None:
    symbol = function(resolve(tmp_path, text))
    assert (symbol.is_async, symbol.is_generator) == (is_async, is_generator)


def test_columns_and_texts_count_characters_not_bytes(tmp_path: Path) -> None:
    text = (
        "größe = 'ä'; breite = 1\nif größe:\n"
        "    async  def f(ä: 'Ä€', b: dict[\n        str, 'ö'  # ü\n    ] = {}) -> '😀': 'ß'\n"
    )
    index = write(tmp_path, {"ops.py": text})
    symbol = function(index.resolve("ops", "f"))
    assert [item.annotation for item in symbol.parameters] == ["'Ä€'", "dict[\n        str, 'ö'  # ü\n    ]"]
    assert (symbol.returns, symbol.line, symbol.column, symbol.doc) == ("'😀'", 3, 16, "ß")
    assert index.resolve("ops", "breite") == Found(
        ValueSymbol("breite", "1", 1, 14, "literal"), str(tmp_path / "ops.py"), "ops", 1
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, newline: str) -> None:
    (tmp_path / "ops.py").write_bytes(
        "'''a\n'''\nx = 1\ndef f(a: int): pass\n".replace("\n", newline).encode()
    )
    symbol = function(ModuleIndex([tmp_path]).resolve("ops", "f"))
    assert (symbol.line, symbol.parameters[0].annotation) == (4, "int")


def test_form_feeds_and_odd_separators_do_not_shift_lines(tmp_path: Path) -> None:
    symbol = function(resolve(tmp_path, "x = '\u2028\x0b\x85'\n\f\ndef f(a: 'é\u2029'): pass\n"))
    assert (symbol.line, symbol.parameters[0].annotation) == (3, "'é\u2029'")


# Trust


@pytest.mark.parametrize(
    ("decorated", "trusted", "decorators"),
    [
        ("import functools\n@functools.lru_cache(maxsize=3)", True, ("functools.lru_cache",)),
        ("from functools import cache as memo\n@memo", True, ("memo",)),
        ("import functools as ft\n@ft.cache", True, ("ft.cache",)),
        ("import contextlib\n@contextlib.contextmanager", True, ("contextlib.contextmanager",)),
        ("@staticmethod", True, ("staticmethod",)),
        ("from jobc import op\n@op", True, ("op",)),
        ("from jobc import op as step\n@step(out={})", True, ("step",)),
        ("import jobc\n@jobc.op(retry_policy=None)", True, ("jobc.op",)),
        ("import jobc as j\n@j.resource", True, ("j.resource",)),
        ("from jobc import *\n@op", True, ("op",)),
        ("@op", True, ("op",)),
        ("from other import *\n@op", False, ("op",)),
        ("def op(f): return f\n@op", False, ("op",)),
        ("from dagster import op\n@op", False, ("op",)),
        ("import functools\ndef g(a): pass\n@functools.wraps(g)", False, ("functools.wraps",)),
        ("import functools\n@functools.singledispatch", False, ("functools.singledispatch",)),
        ("@app.task(bind=True)", False, ("app.task",)),
        ("@registry['x']", False, ("registry['x']",)),
        ("def cache(f): return f\n@cache", False, ("cache",)),
        ("from functools import cache\n@unknown\n@cache", False, ("unknown", "cache")),
        ("from functools import cache\ncache = str\n@cache", False, ("cache",)),
    ],
)
def test_a_signature_is_trusted_under_known_decorators_only(
    tmp_path: Path, decorated: str, trusted: bool, decorators: tuple[str, ...]
) -> None:
    symbol = function(resolve(tmp_path, f"{decorated}\ndef f(a, b=1): pass\n"))
    assert (symbol.trusted, symbol.decorators) == (trusted, decorators)
    assert signature(symbol) == "a, b="


@pytest.mark.parametrize(
    ("text", "trusted", "expected"),
    [
        ("if x:\n  def f(a): pass", False, "a"),
        ("try:\n  def f(a): pass\nexcept E:\n  def f(a): pass", True, "a"),
        ("try:\n  def f(a): pass\nexcept E:\n  def f(b): pass", False, "b"),
        ("def f(a): pass\nif x:\n  def f(a, b): pass", False, "a, b"),
        ("def f(a): pass\ndef f(b): pass", False, "b"),
        ("def f(a): pass\ndef f(a): pass", True, "a"),
        ("f = None\ndef f(a): pass", True, "a"),
        ("for f in []: pass\ndef f(a): pass", True, "a"),
        ("while x:\n  with y:\n    def f(a): pass", False, "a"),
        ("def f(a): pass\nf.__signature__ = s", False, "a"),
        ("def f(a): pass\nf.__doc__ = s", True, "a"),
        ("def f(a): pass\ndef g():\n  global f\n  f = 1", False, "a"),
        ("f = lambda a, *, b=1: a", True, "a, !b="),
        ("def g(a): pass\nf = g", True, "a"),
        ("def g(a): pass\nif x:\n  f = g", False, "a"),
        (
            "from typing import overload\n@overload\ndef f(a): ...\ndef f(*c): pass",
            True,
            "*c",
        ),
        ("if TYPE_CHECKING:\n  def f(a): pass\nelse:\n  def f(b): pass", True, "b"),
        ("if not typing.TYPE_CHECKING:\n  def f(b): pass\nelse:\n  def f(a): pass", True, "b"),
        ("def f(a): pass\nfrom missing import *", False, "a"),
        ("from missing import *\ndef f(a): pass", True, "a"),
    ],
)
def test_a_conditional_or_changed_definition_is_not_trusted(
    tmp_path: Path, text: str, trusted: bool, expected: str
) -> None:
    symbol = function(resolve(tmp_path, text))
    assert (symbol.trusted, signature(symbol)) == (trusted, expected)


@pytest.mark.parametrize(
    ("returns", "expected"),
    [
        ("Iterator[Connection]", "Connection"),
        ("typing.Generator[list[int], None, None]", "list[int]"),
        ("Connection", "Connection"),
    ],
)
def test_a_context_manager_returns_what_it_yields(tmp_path: Path, returns: str, expected: str) -> None:
    text = f"from contextlib import contextmanager\n@contextmanager\ndef f() -> {returns}:\n  yield 1\n"
    symbol = function(resolve(tmp_path, text))
    assert (symbol.is_generator, symbol.returns) == (True, expected)


# Classes

FIELDS = """
from dataclasses import dataclass, field, KW_ONLY
from typing import ClassVar
@dataclass
class C:
    a: int = field(default=1)
    b: int = field(init=False)
    c: ClassVar[int] = 2
    _: KW_ONLY
    d: list = field(default_factory=list)
    e: int
    def m(self): pass
"""
DATACLASSES = """
from dataclasses import dataclass
@dataclass
class B:
    a: int
    b: int = 1
@dataclass
class C(B):
    c: int = 2
    a: str = ''
"""
MODELS = """
import pydantic
class B(pydantic.BaseModel):
    a: int
class C(B):
    b: str = 'x'
    c: int = pydantic.Field(ge=1)
    d: int = pydantic.Field(3)
    e: int = pydantic.Field(...)
    _f: int = 1
"""


@pytest.mark.parametrize(
    ("text", "expected", "trusted"),
    [
        ("class C:\n  def __init__(self, path, timeout_s=5): pass", "path, timeout_s=", True),
        ("class C: pass", "", True),
        ("class C:\n  @wrapped\n  def __init__(self, path): pass", "path", False),
        ("@register\nclass C:\n  def __init__(self, path): pass", "path", False),
        ("class C(Unknown):\n  def __init__(self, path): pass", "path", False),
        ("class C(metaclass=Meta):\n  def __init__(self, path): pass", "path", False),
        ("import abc\nclass C(abc.ABC):\n  def __init__(self, path): pass", "path", True),
        ("class C(ValueError):\n  def __init__(self, path): pass", "path", True),
        ("class B:\n  def __init__(self, a): pass\nclass C(B): pass", "a", True),
        ("from dataclasses import dataclass\n@dataclass\nclass C:\n  a: int\n  b: str = ''", "a, b=", True),
        ("import dataclasses as d\n@d.dataclass(frozen=True, kw_only=True)\nclass C:\n  a: int", "!a", True),
        ("from dataclasses import *\n@dataclass\nclass C:\n  a: int", "", False),
        (
            FIELDS,
            "a=, !d=, !e",
            True,
        ),
        (
            DATACLASSES,
            "a=, b=, c=",
            True,
        ),
        ("from dataclasses import dataclass\n@dataclass(**X)\nclass C:\n  a: int", "a", False),
        ("from dataclasses import dataclass\n@dataclass(init=False)\nclass C:\n  a: int", "a", False),
        ("from typing import NamedTuple\nclass C(NamedTuple):\n  a: int\n  b: int = 1", "a, b=", True),
        (
            MODELS,
            "!a, !b=, !c, !d=, !e",
            True,
        ),
        ("from pydantic import *\nclass C(BaseModel):\n  a: int", None, False),
        (
            "from pydantic import BaseModel, Field\nclass C(BaseModel):\n  a: int = Field(alias='b')",
            "!a",
            False,
        ),
        ("from pydantic import BaseModel\nclass C(BaseModel):\n  model_config = {}\n  a: int", "!a", False),
        ("if x:\n  class C:\n    def __init__(self, a): pass", "a", False),
        ("class C:\n  def __new__(cls, a): pass", None, False),
        ("class C(Base): pass", None, False),
        ("import enum\nclass C(enum.Enum):\n  A = 1", None, False),
    ],
)
def test_the_arguments_of_a_class_are_known_where_they_are_visible(
    tmp_path: Path, text: str, expected: str | None, trusted: bool
) -> None:
    init = class_of(resolve(tmp_path, text, "C")).init
    if expected is None or not (init or trusted):
        assert init is None
    else:
        assert (signature(init), init and init.trusted) == (expected, trusted)


@pytest.mark.parametrize("text", [FIELDS, DATACLASSES, MODELS])
def test_arguments_from_fields_are_those_of_the_running_class(tmp_path: Path, text: str) -> None:
    namespace: dict[str, type] = {}
    exec(compile(text, "ops.py", "exec", dont_inherit=True), namespace)
    init = class_of(resolve(tmp_path, text, "C")).init
    assert init is not None
    read = [(item.name, item.kind, item.has_default) for item in init.parameters]
    assert read == shape(namespace["C"])


def test_a_class_lists_its_bases_and_methods(tmp_path: Path) -> None:
    text = (
        "class C(Base[int], abc.ABC):\n  '''A thing.'''\n  x = 1\n  def b(self): pass\n  def a(self): pass\n"
    )
    symbol = class_of(resolve(tmp_path, text, "C"))
    assert (symbol.bases, symbol.methods, symbol.doc) == (("Base[int]", "abc.ABC"), ("b", "a"), "A thing.")
    assert (symbol.line, symbol.column) == (1, 7)


CLASS = """
class C:
    x = 1
    y = make()
    class Inner:
        def deep(self, a): pass
    def plain(self, a): pass
    @classmethod
    def load(cls, a): pass
    @staticmethod
    def pure(a): pass
    @property
    def size(self): pass
    @other
    def odd(self, a): pass
    def private(self, __a): pass
    def patched(self): pass
C.patched = None
class D(Unknown):
    def plain(self, a): pass
"""


@pytest.mark.parametrize(
    ("name", "expected", "trusted"),
    [
        ("C.plain", "self, a", True),
        ("C.load", "a", True),
        ("C.pure", "a", True),
        ("C.Inner.deep", "self, a", True),
        ("C.odd", "self, a", False),
        ("C.private", "self, __a", False),
        ("D.plain", "self, a", False),
    ],
)
def test_methods_read_as_they_are_called_through_their_class(
    tmp_path: Path, name: str, expected: str, trusted: bool
) -> None:
    symbol = function(resolve(tmp_path, CLASS, name))
    assert (signature(symbol), symbol.trusted) == (expected, trusted)


@pytest.mark.parametrize(
    "name", ["C.size", "C.y", "C.patched", "C.__name__", "C.mro", "D.other", "C.plain.x"]
)
def test_members_that_are_made_at_run_time_are_unknown(tmp_path: Path, name: str) -> None:
    assert isinstance(resolve(tmp_path, CLASS, name), Unknown)


def test_a_mistyped_member_of_a_plain_class_is_missing(tmp_path: Path) -> None:
    assert resolve(tmp_path, CLASS, "C.laod") == NameMissing(
        "ops", "C.laod", ("C.load",), str(tmp_path / "ops.py")
    )


# Names


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("f = make(1)", "assigned at line 1 from make(1)"),
        ("import functools\nf = functools.partial(g, 1)", "assigned at line 2 from functools.partial(g, 1)"),
        ("f = thing.method", "assigned at line 1 from thing.method"),
        ("f = registry['f']", "assigned at line 1 from registry['f']"),
        ("f, g = 1, 2", "assigned at line 1 from 1, 2"),
        (
            "f = " + "very_long_name + " * 9 + "1",
            "assigned at line 1 from very_long_name + very_long_name + very_long_name + very_lon…",
        ),
        ("def f(): pass\nf = wrap(f)", "assigned at line 2 from wrap(f)"),
        ("f: int", "`f` is declared at line 1 without a value"),
        ("def f(): pass\ndel f", "`f` is deleted at line 2"),
        ("try: pass\nexcept E as f: pass", "`f` is deleted at line 2"),
        ("def g():\n  global f\n  f = 1", "`f` is set by a function at line 2"),
        ("f = None\ndef g():\n  global f\n  f = 1", "`f` is set by a function at line 3"),
        ("print(f := 1)", "`f` is assigned at line 1 inside an expression"),
        ("match x:\n  case [f, *_]: pass", "assigned at line 2 from a `match` statement"),
        ("match x:\n  case {1: (2 | 3), **f}: pass", "assigned at line 2 from a `match` statement"),
        ("for _, (f, g) in x: pass", "assigned at line 1 from a `for` statement"),
        ("with open('x') as f: pass", "assigned at line 1 from a `with` statement"),
        (
            "try:\n  from fast import f\nexcept ImportError:\n  def f(): pass",
            "`f` is bound in several ways, at lines 2, 4",
        ),
        (
            "from typing import overload\n@overload\ndef f(a): ...",
            "`f` is written as overloads only, at line 3",
        ),
        ("def g(): pass\nf = g\ndef g(a): pass", "assigned at line 2 from g"),
        ("f = f", "assigned at line 1 from f"),
        ("from pandas import f", "imported at line 1 from `pandas`, which could not be followed"),
        ("import pandas as f", "`pandas` is a module, imported at line 1"),
        ("from pandas import *", "it may come from `from pandas import *` at line 1"),
        ("from ...pandas import f", "imported at line 1 from `...pandas`, which is outside the package"),
        ("from ops import f", "imported at line 1 from `ops`, which could not be followed"),
    ],
)
def test_what_is_made_at_run_time_is_unknown_for_a_reason(tmp_path: Path, text: str, reason: str) -> None:
    assert resolve(tmp_path, text) == Unknown(reason)


@pytest.mark.parametrize(
    "text",
    [
        "def __getattr__(name): ...",
        "from lazy import attach\n__getattr__, __dir__, __all__ = attach(__name__, [])",
        "globals()['f'] = 1",
        "globals().update(a)",
        "def g():\n  globals()['f'] = 1",
        "vars()['f'] = 1",
        "locals().update(x)",
        "exec('f = 1')",
        "import sys\nsetattr(sys.modules[__name__], 'f', 1)",
        "import sys as _sys\n_sys.modules[__name__] = make()",
        "from sys import modules\nmodules[__name__].f = 1",
        "import lazy\nlazy.install(__name__)",
        "enum.IntEnum._convert_('F', __name__, str)",
        "import enum\n@enum.global_enum\nclass F(enum.Flag):\n  X = 1",
        "import inspect\ninspect.currentframe().f_globals['f'] = 1",
        "def g():\n  setattr(here(), 'f', 1)",
        "if x:\n  from missing import *",
    ],
)
def test_a_module_that_may_make_names_has_no_missing_names(tmp_path: Path, text: str) -> None:
    assert isinstance(resolve(tmp_path, text), Unknown)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "def F(): pass",
        "if __name__ == '__main__':\n  main()",
        "import logging\nlog = logging.getLogger(__name__)",
        "def g(o):\n  setattr(o, 'f', 1)\n  f = 1\n  return vars(o), locals()",
        "x = [f for f in y]\ng = lambda f: (f := 1)",
        "class C:\n  f = 1\n  def f(self): pass",
        "'globals() exec(x) sys.modules'",
        "from empty import *",
        "import ops_more\nx = 1\nx.f = 2",
    ],
)
def test_a_name_is_missing_where_the_module_was_read_whole(tmp_path: Path, text: str) -> None:
    index = write(tmp_path, {"ops.py": text, "empty.py": "_f = 1\n"})
    resolution = index.resolve("ops", "f")
    assert isinstance(resolution, NameMissing)
    assert (resolution.module, resolution.name, resolution.file) == ("ops", "f", str(tmp_path / "ops.py"))


def test_a_missing_name_comes_with_near_ones(tmp_path: Path) -> None:
    text = "from x import read_order\ndef read_orders(): pass\ndef write(): pass\n"
    resolution = resolve(tmp_path, text, "raed_orders")
    assert isinstance(resolution, NameMissing)
    assert resolution.near == ("read_orders", "read_order")


@pytest.mark.parametrize("name", ["__doc__", "__file__", "__spec__", "__dict__"])
def test_names_that_python_gives_to_modules_are_not_missing(tmp_path: Path, name: str) -> None:
    assert isinstance(resolve(tmp_path, "", name), Unknown)


@pytest.mark.parametrize("text", ["[1, {'a': -2}]", "'x'", "None", "(1, 2)"])
def test_a_literal_is_found_as_a_value(tmp_path: Path, text: str) -> None:
    resolution = resolve(tmp_path, f"f = {text}\n")
    assert isinstance(resolution, Found)
    assert resolution.symbol == ValueSymbol("f", text, 1, 1, "literal")


# Re-exports


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("from shop.ops import read", "read"),
        ("from shop.ops import read as load", "load"),
        ("from .ops import read", "read"),
        ("from . import ops", "ops.read"),
        ("from . import ops as o\nload = o.read", "load"),
        ("import shop.ops", "shop.ops.read"),
        ("import shop.ops as o", "o.read"),
        ("from .ops import *", "read"),
        ("from .deep import *", "read"),
        ("from .deep.er import read", "read"),
        ("from .deep import er", "er.read"),
        ("", "ops.read"),
    ],
)
def test_reexports_are_followed_to_the_definition(tmp_path: Path, package: str, name: str) -> None:
    index = write(
        tmp_path,
        {
            "shop/__init__.py": package,
            "shop/ops.py": "\ndef read(a): pass\n",
            "shop/deep/__init__.py": "from ..ops import *\n",
            "shop/deep/er.py": "from ...shop.ops import read\nfrom ..ops import read\n",
        },
    )
    resolution = index.resolve("shop", name)
    assert function(resolution).trusted
    assert isinstance(resolution, Found)
    assert (resolution.module, resolution.file, resolution.line) == (
        "shop.ops",
        str(tmp_path / "shop/ops.py"),
        2,
    )


def test_only_modules_on_the_way_are_read_each_once(tmp_path: Path) -> None:
    index = write(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/a.py": "from .b import f",
            "shop/b.py": "def f(): ...",
            "shop/c.py": "",
        },
    )
    assert index.files() == ()
    for _ in range(2):
        index.resolve("shop.a", "f")
    assert index.files() == (str(tmp_path / "shop/a.py"), str(tmp_path / "shop/b.py"))


@pytest.mark.parametrize(
    ("exports", "name", "expected"),
    [
        ("", "f", Found),
        ("", "_g", NameMissing),
        ("__all__ = ['_g']", "f", NameMissing),
        ("__all__ = ('_g',)", "_g", Found),
        ("__all__ = []\n__all__ += ['_g']\n__all__.append('f')", "f", Found),
        ("__all__ = []\n__all__.extend(['_g'])", "f", NameMissing),
        ("__all__ = other.__all__ + ['f']", "f", Unknown),
        ("__all__ = other.__all__ + ['f']", "h", NameMissing),
        ("__all__ = ['f']\nfor n in names: __all__.append(n)", "_g", Unknown),
        ("__all__: list[str] = ['f']  # see `__all__`", "f", Found),
        ("def __getattr__(name): ...", "h", Unknown),
    ],
)
def test_star_imports_honour_dunder_all_and_underscores(
    tmp_path: Path, exports: str, name: str, expected: type[Resolution]
) -> None:
    module = f"def f(): pass\ndef _g(): pass\n{exports}\n"
    index = write(tmp_path, {"ops.py": "from more import *\n", "more.py": module})
    assert isinstance(index.resolve("ops", name), expected)


def test_the_last_binding_wins_between_stars_and_definitions(tmp_path: Path) -> None:
    index = write(
        tmp_path,
        {
            "one.py": "def f(one): pass\ndef g(one): pass\n",
            "two.py": "def f(two): pass\ndef h(two): pass\n",
            "ops.py": "from one import *\ndef g(own): pass\ndef h(own): pass\nfrom two import *\n",
        },
    )
    assert [signature(function(index.resolve("ops", name))) for name in "fgh"] == ["two", "own", "two"]


@pytest.mark.parametrize(
    ("name", "expected"), [("f", Found), ("g", Found), ("h", NameMissing), ("loop", Unknown)]
)
def test_circles_of_imports_end(tmp_path: Path, name: str, expected: type[Resolution]) -> None:
    index = write(
        tmp_path,
        {
            "a.py": "from b import *\nfrom b import loop\ndef f(): pass\n",
            "b.py": "from a import *\nfrom a import loop\ndef g(): pass\n",
        },
    )
    assert isinstance(index.resolve("a", name), expected)


def test_imports_for_type_checkers_are_followed_and_trusted_in_lazy_packages_only(tmp_path: Path) -> None:
    body = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  from more import f, C\n"
    index = write(
        tmp_path,
        {
            "more.py": "class C: pass\ndef f(a): pass\n",
            "ops.py": body,
            "lazy.py": body + "def __getattr__(name): ...\n",
        },
    )
    assert class_of(index.resolve("ops", "C")).name == "C"
    assert not function(index.resolve("ops", "f")).trusted
    assert function(index.resolve("lazy", "f")).trusted


def test_a_conditional_import_is_followed_without_trust(tmp_path: Path) -> None:
    index = write(
        tmp_path,
        {"ops.py": "try:\n  from more import f\nexcept ImportError: pass\n", "more.py": "def f(): ..."},
    )
    assert not function(index.resolve("ops", "f")).trusted


def test_a_name_that_its_package_sets_is_not_missing(tmp_path: Path) -> None:
    index = write(tmp_path, {"shop/__init__.py": "from . import ops\nops.f = 1\n", "shop/ops.py": ""})
    assert index.resolve("shop.ops", "f") == Unknown("`f` is set in `shop.ops` by its package")


# Modules


def test_an_unknown_package_is_not_local(tmp_path: Path) -> None:
    missing = write(tmp_path, {"shop/__init__.py": ""}).resolve("shpo.ops", "f")
    assert isinstance(missing, ModuleMissing)
    assert (missing.module, missing.missing, missing.near) == ("shpo.ops", "shpo", ("shop",))
    assert not missing.is_local


@pytest.mark.parametrize(
    ("module", "missing", "near"),
    [
        ("shop.opz", "shop.opz", ("shop.ops",)),
        ("shop.sub.inn", "shop.sub.inn", ("shop.sub.inner",)),
        ("shop.sbu.inner", "shop.sbu", ("shop.sub",)),
        ("shop.ops.read", "shop.ops.read", ()),
        ("lazy.opz", "lazy.opz", ("lazy.ops",)),
    ],
)
def test_a_missing_module_of_a_package_that_is_there_is_local(
    tmp_path: Path, module: str, missing: str, near: tuple[str, ...]
) -> None:
    files = ["shop/__init__.py", "shop/ops.py", "shop/sub/__init__.py", "shop/sub/inner.py", "lazy/ops.py"]
    index = write(tmp_path, {**dict.fromkeys(files, ""), "lazy/__init__.py": "def __getattr__(n): ..."})
    resolution = index.resolve(module, "f")
    assert isinstance(resolution, ModuleMissing)
    assert (resolution.module, resolution.missing, resolution.near) == (module, missing, near)
    assert resolution.is_local


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("__path__ = extend(__path__, __name__)", "shop.opz"),
        ("import sys\nsys.modules['shop.opz'] = x", "shop.opz"),
    ],
)
def test_a_package_that_makes_modules_has_no_missing_ones(tmp_path: Path, text: str, module: str) -> None:
    assert isinstance(write(tmp_path, {"shop/__init__.py": text}).resolve(module, "f"), Unknown)


def test_folders_without_init_are_namespaces_that_may_go_on_elsewhere(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write(first, {"shop/a.py": "def f(): ..."})
    write(second, {"shop/b.py": "def f(): ..."})
    index = ModuleIndex([first, second])
    assert function(index.resolve("shop.a", "f")).trusted
    assert function(index.resolve("shop.b", "f")).trusted
    assert isinstance(index.resolve("shop.c", "f"), Unknown)
    assert isinstance(index.resolve("shop", "f"), Unknown)


def test_modules_are_found_in_the_order_of_python(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write(
        first, {"shop/x.txt": "", "both.py": "def f(module): ...", "both/__init__.py": "def f(package): ..."}
    )
    write(second, {"shop.py": "def f(second): ...", "both.py": "def f(second): ..."})
    index = ModuleIndex([first, second, tmp_path / "nowhere"])
    assert signature(function(index.resolve("shop", "f"))) == "second"
    assert signature(function(index.resolve("both", "f"))) == "package"


def test_compiled_modules_are_unknown_but_for_their_stub(tmp_path: Path) -> None:
    index = write(
        tmp_path,
        {
            "fast.cpython-311-x86_64-linux-gnu.so": "",
            "fast.py": "def f(a): ...",
            "typed.pyd": "",
            "typed.pyi": "def f(a: int = ...) -> str: ...\nx: int\n",
            "old.pyc": "",
        },
    )
    assert index.resolve("fast", "f") == Unknown("`fast` is a compiled extension")
    assert index.resolve("old", "f") == Unknown("`old` is a compiled extension")
    assert signature(function(index.resolve("typed", "f"))) == "a="
    assert isinstance(index.resolve("typed", "x"), Unknown)
    assert isinstance(index.resolve("typed", "other"), Unknown)
    assert isinstance(index.resolve("typed.sub", "f"), Unknown)


def test_a_module_by_the_name_of_one_of_pythons_own_hides_nothing(tmp_path: Path) -> None:
    index = write(tmp_path, {"calendar.py": "def own(): ...", "queue/__init__.py": ""})
    assert function(index.resolve("calendar", "own")).trusted
    assert isinstance(index.resolve("calendar", "monthrange"), Unknown)
    assert isinstance(index.resolve("queue.inner", "f"), Unknown)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("", "f"),
        ("ops", ""),
        ("..ops", "f"),
        ("ops.", "f"),
        ("../ops", "f"),
        ("ops", "f()"),
        ("o\0ps", "f"),
        ("ops", "f."),
    ],
)
def test_what_is_no_module_and_name_is_unknown(tmp_path: Path, module: str, name: str) -> None:
    assert isinstance(write(tmp_path, {"ops.py": ""}).resolve(module, name), Unknown)


def test_the_folders_may_be_relative_or_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"ops.py": "def f(): ...", "src/more.py": "def f(): ..."})
    monkeypatch.chdir(tmp_path)
    index = ModuleIndex(["", "src"])
    assert isinstance(index.resolve("ops", "f"), Found)
    assert isinstance(index.resolve("more", "f"), Found)


# Texts that cannot be read


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("x = 1\ndef f(:\n", 2, 7, "unexpected syntax"),
        ("ä = (1,\n", 1, 5, "'(' was never closed"),
        ("def f():\npass\n", 2, 1, "expected an indented block after function definition on line 1"),
        ("x = 0777\n", 1, 5, "leading zeros in decimal integer literals are not permitted"),
        ("a\0b", 1, 1, "source code string cannot contain null bytes"),
    ],
)
def test_a_syntax_error_is_located_and_worded(
    tmp_path: Path, text: str, line: int, column: int, message: str
) -> None:
    broken = resolve(tmp_path, text)
    assert isinstance(broken, Broken)
    assert (broken.file, broken.line, broken.column) == (str(tmp_path / "ops.py"), line, column)
    assert broken.message.startswith(message)
    assert "invalid" not in broken.message
    assert broken.message.endswith(f"(read as Python {sys.version_info.major}.{sys.version_info.minor})")


def test_a_broken_module_is_reported_through_its_reexports_and_from_inside(tmp_path: Path) -> None:
    index = write(
        tmp_path,
        {"shop/__init__.py": "from .ops import f", "shop/ops.py": "def", "bad/__init__.py": "def"},
    )
    expected = index.resolve("shop.ops", "f")
    assert isinstance(expected, Broken)
    assert index.resolve("shop", "f") == expected
    assert isinstance(index.resolve("bad.inner", "f"), Broken)


def test_encodings_are_those_that_the_file_declares(tmp_path: Path) -> None:
    (tmp_path / "latin.py").write_bytes("# -*- coding: latin-1 -*-\ndef f(a: 'é'): pass\n".encode("latin-1"))
    (tmp_path / "marked.py").write_bytes(b"\xef\xbb\xbfdef f(a: int): pass\n")
    (tmp_path / "wrong.py").write_bytes(b"x = 1\ny = '\xe9'\n")
    (tmp_path / "odd.py").write_bytes(b"# coding: klingon\n")
    index = ModuleIndex([tmp_path])
    assert function(index.resolve("latin", "f")).parameters[0].annotation == "'é'"
    assert function(index.resolve("marked", "f")).parameters[0].annotation == "int"
    assert index.resolve("wrong", "f") == Broken(
        str(tmp_path / "wrong.py"), 2, 1, "this line is no utf-8 text"
    )
    assert isinstance(index.resolve("odd", "f"), Unknown)


@pytest.mark.parametrize(
    "text", ["x = " + "-" * 100_000 + "1", "x = " + "a." * 50_000 + "b", "f(" * 199 + ")" * 199]
)
def test_deep_nesting_is_survived(text: str) -> None:
    symbols = read_module(text, "deep")
    assert isinstance(symbols, ModuleSymbols)
    assert symbols.is_dynamic or symbols.problem or "f" not in symbols.symbols


def test_half_of_a_surrogate_pair_is_a_problem_not_an_exception() -> None:
    assert read_module("x = '\ud800'", "odd").problem is not None


def test_warnings_of_the_parser_do_not_reach_the_user(tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert isinstance(resolve(tmp_path, "f = '\\d'\nx = 1 is 1\nassert (f, 'x')\n0x1for x in y\n"), Found)
    assert caught == []


# Nothing is run

HEAVY = {"asyncio", "difflib", "inspect", "lark", "pathlib", "pydantic", "tokenize"}
LOADED = f"import sys; print(*({HEAVY} & set(sys.modules)))"


def test_reading_runs_nothing_and_leaves_no_trace(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    body = f"open({str(marker)!r}, 'w').close()\ndef f(): pass\n"
    index = write(tmp_path, {"sideeffect/__init__.py": body, "sideeffect/ops.py": body})
    modules, path = set(sys.modules), list(sys.path)
    assert isinstance(index.resolve("sideeffect.ops", "f"), Found)
    assert not marker.exists()
    assert (set(sys.modules) - modules, sys.path) == (set(), path)
    assert sorted(path.name for path in (tmp_path / "sideeffect").iterdir()) == ["__init__.py", "ops.py"]


def test_resolving_loads_no_heavy_module(tmp_path: Path) -> None:
    write(tmp_path, {"ops.py": "def f(): pass\n"})
    use = (
        f"from jobc.compiler.bind.modules import ModuleIndex as M; M([{str(tmp_path)!r}]).resolve('ops', 'f')"
    )
    plain, ours = (
        subprocess.run(
            [sys.executable, "-c", f"{code}; {LOADED}"], capture_output=True, text=True, check=True
        )
        for code in ("import ast, dataclasses", use)
    )
    assert set(ours.stdout.split()) <= set(plain.stdout.split())


# Against the real thing

REAL_MODULES = [
    *("argparse", "ast", "bisect", "csv", "dataclasses", "decimal", "enum", "functools", "heapq", "json"),
    *(
        "json.decoder",
        "logging",
        "os",
        "pathlib",
        "re",
        "shutil",
        "signal",
        "socket",
        "sqlite3",
        "sqlite3.dbapi2",
    ),
    *("statistics", "string", "textwrap", "typing", "xml.etree.ElementTree", "zoneinfo"),
    *("click", "click.core", "click.decorators", "lark", "lark.lark", "packaging.version", "pydantic.fields"),
    *("rich.console", "rich.text", "ruamel.yaml", "ruamel.yaml.main", "ruamel.yaml.scalarfloat"),
]
FOLDERS: list[str | Path] = [
    Path(os.__file__).parent,
    *(path for path in sys.path if path.endswith("site-packages")),
]


@pytest.fixture(scope="module")
def real() -> ModuleIndex:
    return ModuleIndex(FOLDERS)


@pytest.mark.parametrize("module", REAL_MODULES)
def test_no_name_of_a_real_module_is_said_to_be_missing(real: ModuleIndex, module: str) -> None:
    names = dir(importlib.import_module(module))
    answers = {name: real.resolve(module, name) for name in names}
    wrong = {name: answer for name, answer in answers.items() if not isinstance(answer, Found | Unknown)}
    assert names
    assert wrong == {}


def shape(callable_: Callable[..., object]) -> list[tuple[str, str, bool]]:
    parameters = inspect.signature(callable_).parameters.values()
    return [(item.name, KINDS[item.kind], item.default is not inspect.Parameter.empty) for item in parameters]


@pytest.mark.parametrize("module", REAL_MODULES)
def test_trusted_signatures_are_those_of_inspect(real: ModuleIndex, module: str) -> None:
    for name, value in vars(importlib.import_module(module)).items():
        # A `__text_signature__` is what a function says of itself to people, not how it is called.
        if not callable(value) or (inspect.isfunction(value) and hasattr(value, "__text_signature__")):
            continue
        answer = real.resolve(module, name)
        if isinstance(answer, Found) and isinstance(answer.symbol, FunctionSymbol | ClassSymbol):
            symbol = answer.symbol
            called = symbol.init if isinstance(symbol, ClassSymbol) else symbol
            if called and called.trusted:
                read = [(item.name, item.kind, item.has_default) for item in called.parameters]
                assert (name, read) == (name, shape(value))


def test_most_real_functions_are_trusted(real: ModuleIndex) -> None:
    answers = [
        real.resolve(module, name)
        for module in REAL_MODULES
        for name, value in vars(importlib.import_module(module)).items()
        if inspect.isfunction(value) and value.__module__ == module
    ]
    trusted = [answer for answer in answers if isinstance(answer, Found) and function(answer).trusted]
    assert len(answers) > 300
    assert len(trusted) > 0.8 * len(answers)


@pytest.mark.parametrize(
    "module", ["json.decoder", "textwrap", "statistics", "click.types", "rich.text", "shutil"]
)
def test_a_misspelt_name_of_a_real_module_is_not_found(real: ModuleIndex, module: str) -> None:
    answer = real.resolve(module, "surely_not_there")
    assert isinstance(answer, NameMissing)
    assert answer.module == module
