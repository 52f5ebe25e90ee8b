"""SEMANTICS 17: tags and metadata."""

# The bodies of ops and jobs here have the shapes that the rules speak of.
# ruff: noqa: ARG002, ARG005, PLW0108

from __future__ import annotations

import datetime as dt
import math
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.assets import AssetKey
from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.metadata import MetadataValue, normalise_metadata
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.tags import normalise_tags
from jobc.runtime.errors import CheckError, InvalidDefinitionError, InvalidMetadata, ParameterCheckError

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT = [
    ("text", "text"),
    ("", ""),
    ("1", "1"),
    (None, "null"),
    (True, "true"),
    (1.5, "1.5"),
    (7, "7"),
    ([1, "a"], '[1, "a"]'),
    ({"a": [None]}, '{"a": [null]}'),
]


@pytest.mark.parametrize(("value", "text"), KEPT, ids=[repr(case[0]) for case in KEPT])
def test_sem_17_tag_values(value: object, text: str) -> None:
    assert normalise_tags({"k": value}, "op `a`") == {"k": text}


REFUSED = [
    ((1, 2), "not equivalent"),
    ({1: 2}, "not equivalent"),
    ({1}, "cannot be encoded"),
    (math.nan, "not equivalent"),
    (object(), "cannot be encoded"),
]


@pytest.mark.parametrize(("value", "reason"), REFUSED, ids=["tuple", "int_keys", "set", "nan", "object"])
def test_sem_17_tag_values_refused(value: object, reason: str) -> None:
    with pytest.raises(
        InvalidDefinitionError, match=f"tag `k` of op `a` .*{reason}.*reads back as an equal value"
    ):
        normalise_tags({"k": value}, "op `a`")


def make_job(**tags: object) -> object:
    return job(name="j", tags=tags)(lambda: None)


PLACES: list[tuple[str, Callable[[], object], str]] = [
    ("job", lambda: make_job(k={1}), "job `j`"),
    ("op", lambda: op(name="o", tags={"k": {1}})(lambda: None), "op `o`"),
    ("graph", lambda: graph(name="g", tags={"k": {1}})(lambda: None), "graph `g`"),
    ("invocation", lambda: op(name="o")(lambda: None).tag({"k": {1}}), "invocation `o`"),
]


@pytest.mark.parametrize("case", PLACES, ids=[case[0] for case in PLACES])
def test_sem_17_tags_are_checked_everywhere(case: tuple[str, Callable[[], object], str]) -> None:
    with pytest.raises(InvalidDefinitionError, match=case[2]):
        case[1]()


@pytest.mark.parametrize("key", ["team", "jobc/partition", "a.b-c_D/e", "x" * 63])
def test_sem_17_plain_keys(key: str) -> None:
    assert normalise_tags({key: "v"}, "op `a`") == {key: "v"}


@pytest.mark.parametrize("key", ["with space", "a/b/c", "", "x" * 64, "é", "a\n"])
def test_sem_17_odd_keys_warn(key: str) -> None:
    with pytest.warns(UserWarning, match="tag key"):
        assert normalise_tags({key: "v"}, "op `a`") == {key: "v"}


def test_sem_17_keys_are_text() -> None:
    with pytest.raises(CheckError, match="must be text"):
        normalise_tags({1: "v"}, "op `a`")  # type: ignore[dict-item]
    with pytest.raises(ParameterCheckError, match="must be a mapping"):
        normalise_tags(["a"], "op `a`")  # type: ignore[arg-type]


def test_sem_17_job_tags_override_those_of_the_graph() -> None:
    @graph(tags={"a": "graph", "b": "graph"})
    def g() -> None:
        pass

    assert g.to_job(tags={"b": "job", "c": 1}).tags == {"a": "graph", "b": "job", "c": "1"}
    assert make_job(**{"jobc/priority": 3}).tags == {"jobc/priority": "3"}  # type: ignore[attr-defined]


METADATA: list[tuple[Any, str, Any]] = [
    ("text", "text", "text"),
    (10**40, "int", 10**40),
    (1.5, "float", 1.5),
    (True, "bool", True),
    (None, "null", None),
    ({"a": [1]}, "json", {"a": [1]}),
    ([1], "json", [1]),
    (AssetKey(["a", "b"]), "asset", AssetKey(["a", "b"])),
    (PurePosixPath("/a/b"), "path", "/a/b"),
    (MetadataValue.url("https://a"), "url", "https://a"),
    (MetadataValue.md("# a"), "md", "# a"),
    (MetadataValue.notebook("a.ipynb"), "notebook", "a.ipynb"),
    (MetadataValue.timestamp(3), "timestamp", 3),
    (MetadataValue.python_artifact(AssetKey), "python_artifact", "jobc.runtime.definitions.assets:AssetKey"),
    (MetadataValue.asset("a/b"), "asset", AssetKey(["a", "b"])),
]


@pytest.mark.parametrize("case", METADATA, ids=[f"{index}_{case[1]}" for index, case in enumerate(METADATA)])
def test_sem_17_metadata(case: tuple[Any, str, Any]) -> None:
    found = normalise_metadata({"label": case[0]})["label"]
    assert (found.kind, found.value) == (case[1], case[2])


def test_sem_17_nan_is_metadata() -> None:
    assert math.isnan(normalise_metadata({"x": math.nan})["x"].value)  # type: ignore[arg-type]


NO_METADATA = [
    dt.datetime(2024, 1, 1),  # noqa: DTZ001 - any datetime will do
    {1},
    (1,),
    int,
    object(),
    {"a": {1}},
    [dt.date(2024, 1, 1)],
]  # noqa: DTZ001


@pytest.mark.parametrize(
    "value", NO_METADATA, ids=["datetime", "set", "tuple", "class", "object", "dict", "list"]
)
def test_sem_17_metadata_refused(value: object) -> None:
    with pytest.raises(InvalidMetadata, match="`label`"):
        normalise_metadata({"label": value})


WRONG_KINDS: list[tuple[str, Callable[[], object]]] = [
    ("text", lambda: MetadataValue.text(3)),  # type: ignore[arg-type]
    ("url", lambda: MetadataValue.url(None)),  # type: ignore[arg-type]
    ("int", lambda: MetadataValue.int("3")),  # type: ignore[arg-type]
    ("python_artifact", lambda: MetadataValue.python_artifact(3)),
    ("label", lambda: normalise_metadata({3: "x"})),  # type: ignore[dict-item]
    ("mapping", lambda: normalise_metadata([3])),  # type: ignore[arg-type]
    ("asset_part", lambda: AssetKey(["a", 3])),  # type: ignore[list-item]
    ("empty_asset", lambda: AssetKey([])),
]


@pytest.mark.parametrize("case", WRONG_KINDS, ids=[case[0] for case in WRONG_KINDS])
def test_sem_17_wrong_kinds(case: tuple[str, Callable[[], object]]) -> None:
    with pytest.raises(ParameterCheckError):
        case[1]()


def test_sem_17_json_metadata_that_json_cannot_hold() -> None:
    with pytest.raises(InvalidMetadata, match="cannot be stored as JSON"):
        MetadataValue.json({1, 2})


def test_sem_17_asset_keys_as_text() -> None:
    assert AssetKey(["daily", "orders"]).to_user_string() == "daily/orders"
    assert AssetKey.of("daily/orders") == AssetKey(["daily", "orders"])
