"""Versions from source code: which edits of a function make another one."""

from __future__ import annotations

import importlib.util
import sys
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from jobc import (
    InvalidDefinitionError,
    OpDefinition,
    ResourceDefinition,
    SourceHashVersionStrategy,
    VersionStrategy,
    op,
)
from jobc.runtime.definitions.source_version import source_version
from jobc.runtime.definitions.versioning import OpVersionContext, ResourceVersionContext, version_strategy_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Version = Callable[[str], str | None]

NUMBERS = count()
PLAIN = "def f(a, b=1):\n    return a + b\n"


@pytest.fixture
def version(tmp_path: Path) -> Iterator[Version]:
    """Return what gives the version of the `f` that a text defines."""
    names = []

    def version_of(text: str) -> str | None:
        name = f"source_of_versions_{next(NUMBERS)}"
        names.append(name)
        path = tmp_path / f"{name}.py"
        path.write_text(text)
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found: str | None = source_version(module.f)
        return found

    yield version_of
    for name in names:
        del sys.modules[name]


@pytest.mark.parametrize(
    "text",
    [
        "# before\ndef f(a, b=1):\n    # inside\n    return a + b  # beside\n",
        "def f(\n    a,\n    b = 1,\n):\n\n    return (a\n        + b)\n",
        'def f(a, b=1):\n    """Add."""\n    return a + b\n',
        "x = 1\n\n\ndef g(): ...\n\n\ndef f(a, b=1): return a + b\n",
        "if True:\n    def f(a, b=1):\n        return a + b\n",
    ],
    ids=["comments", "layout", "docstring", "neighbours", "indented"],
)
def test_sem_18_cosmetic_edits_make_no_new_version(version: Version, text: str) -> None:
    assert version(text) == version(PLAIN)


@pytest.mark.parametrize(
    "text",
    [
        "def f(a, b=1):\n    return b + a\n",
        "def f(a, b=2):\n    return a + b\n",
        "def f(a: int, b=1):\n    return a + b\n",
        "def f(a, b=1):\n    print(a)\n    return a + b\n",
        "from functools import cache\n\n\n@cache\ndef f(a, b=1):\n    return a + b\n",
        "async def f(a, b=1):\n    return a + b\n",
    ],
    ids=["body", "default", "annotation", "statement", "decorator", "async"],
)
def test_sem_18_other_edits_make_a_new_version(version: Version, text: str) -> None:
    assert version(text) != version(PLAIN)


def test_sem_18_quotes_do_not_matter_and_texts_do(version: Version) -> None:
    assert version("def f():\n    return 'a'\n") == version('def f():\n    return "a"\n')
    assert version("def f():\n    return 'a'\n") != version("def f():\n    return 'b'\n")


def test_sem_18_what_a_function_calls_is_not_in_its_version(version: Version) -> None:
    one = "def g():\n    return 1\n\n\ndef f():\n    return g()\n"
    assert version(one) == version(one.replace("return 1", "return 2"))


def test_sem_18_a_function_of_a_docstring_alone_has_a_version(version: Version) -> None:
    assert version('def f():\n    """Do nothing."""\n') == version("def f():\n    pass\n")


def test_sem_18_lambdas_and_partials_have_versions(version: Version) -> None:
    assert version("f = lambda a: a + 1\n") == version("f  =  lambda a:(a + 1)  # one\n")
    assert version("f = lambda a: a + 1\n") != version("f = lambda a: a + 2\n")
    bound = "from functools import partial\n\n\ndef g(a, b):\n    return a\n\n\nf = partial(g, 1)\n"
    assert version(bound) == version(bound.replace("return a", "return (a)"))
    assert version(bound) != version(bound.replace("partial(g, 1)", "partial(g, 2)"))


def test_sem_18_without_source_the_compiled_code_has_to_do() -> None:
    def made(text: str) -> Any:
        space: dict[str, Any] = {}
        exec(compile(text, "<no file>", "exec"), space)
        return space["f"]

    one, again, other = (
        source_version(made(text))
        for text in (
            "def f(a):\n    return a in {'x', 'y', 'z'}",
            "\n\ndef f(a):\n    return a in {'x', 'y', 'z'}",
            "def f(a):\n    return a in {'x', 'y'}",
        )
    )
    assert one is not None
    assert one == again != other


def test_sem_18_what_is_not_written_in_python_has_no_version() -> None:
    assert source_version(len) is None
    assert source_version(partial(len, "a")) is None


def test_sem_18_ops_and_resources_are_asked_for_their_functions() -> None:
    def add(a: int) -> int:
        return a + 1

    def compute(context: object, inputs: dict[str, int]) -> int:
        return 1

    strategy = SourceHashVersionStrategy()
    assert strategy.get_op_version(OpVersionContext(op(add), None)) == source_version(add)
    explicit = OpDefinition(compute, "explicit")
    assert strategy.get_op_version(OpVersionContext(explicit, None)) == source_version(compute)
    opened, held = ResourceDefinition(add), ResourceDefinition.hardcoded_resource(3)
    assert strategy.get_resource_version(ResourceVersionContext(opened, None)) == source_version(add)
    assert strategy.get_resource_version(ResourceVersionContext(held, None)) is None


class Ones(VersionStrategy):
    def get_op_version(self, context: OpVersionContext) -> str:
        return str(context.op_def.name)


def test_the_strategy_that_a_spec_names() -> None:
    given = Ones()
    assert version_strategy_of(given, "job `etl`") is given
    assert isinstance(version_strategy_of(Ones, "job `etl`"), Ones)
    assert isinstance(version_strategy_of("source", "job `etl`"), SourceHashVersionStrategy)
    for other in ("sources", 3, int, None):
        with pytest.raises(
            InvalidDefinitionError, match="the version strategy of job `etl` must be a VersionS"
        ):
            version_strategy_of(other, "job `etl`")
