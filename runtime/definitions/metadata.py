"""Metadata: typed values that describe definitions, outputs and events (SEMANTICS 17)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from typing import TYPE_CHECKING, TypeVar

from jobc.runtime.definitions.assets import AssetKey
from jobc.runtime.errors import InvalidMetadata, ParameterCheckError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    import builtins

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MetadataValue:
    """Hold one metadata value and its kind; made by the class methods, one per kind.

    Kinds: text, url, path, notebook, json, md, float, int, bool, null, python_artifact, asset, timestamp.
    """

    kind: str
    value: object

    @classmethod
    def text(cls, text: str) -> MetadataValue:
        """Hold plain text."""
        return cls("text", _checked("text", text, str))

    @classmethod
    def url(cls, url: str) -> MetadataValue:
        """Hold the address of a page."""
        return cls("url", _checked("url", url, str))

    @classmethod
    def path(cls, path: str | PathLike[str]) -> MetadataValue:
        """Hold a path of the file system, as text."""
        return cls("path", fspath(_checked("path", path, (str, PathLike))))

    @classmethod
    def notebook(cls, path: str | PathLike[str]) -> MetadataValue:
        """Hold the path of a notebook, as text."""
        return cls("notebook", fspath(_checked("notebook", path, (str, PathLike))))

    @classmethod
    def json(cls, data: object) -> MetadataValue:
        """Hold data that JSON can hold.

        Errors: `InvalidMetadata` for data it cannot.
        """
        reason = _json_problem(data)
        if reason is not None:
            raise InvalidMetadata(f"the metadata value {data!r} cannot be stored as JSON: {reason}")
        return cls("json", data)

    @classmethod
    def md(cls, text: str) -> MetadataValue:
        """Hold Markdown."""
        return cls("md", _checked("md", text, str))

    @classmethod
    def float(cls, number: builtins.float) -> MetadataValue:
        """Hold a float, NaN and infinities included."""
        return cls("float", _checked("float", number, float))

    @classmethod
    def int(cls, number: builtins.int) -> MetadataValue:
        """Hold an int of any size."""
        return cls("int", _checked("int", number, int))

    @classmethod
    def bool(cls, truth: builtins.bool) -> MetadataValue:
        """Hold True or False."""
        return cls("bool", _checked("bool", truth, bool))

    @classmethod
    def null(cls) -> MetadataValue:
        """Hold None."""
        return cls("null", None)

    @classmethod
    def timestamp(cls, seconds: builtins.float) -> MetadataValue:
        """Hold a moment: seconds since 1970-01-01 UTC."""
        return cls("timestamp", _checked("timestamp", seconds, (float, int)))

    @classmethod
    def python_artifact(cls, artifact: object) -> MetadataValue:
        """Hold the import name of a class or function."""
        module, name = getattr(artifact, "__module__", None), getattr(artifact, "__qualname__", None)
        if module is None or name is None:
            raise ParameterCheckError(f"a python artifact is a class or a function, not {artifact!r}")
        return cls("python_artifact", f"{module}:{name}")

    @classmethod
    def asset(cls, key: AssetKey | str | Sequence[str]) -> MetadataValue:
        """Hold an asset key."""
        return cls("asset", AssetKey.of(key))


def normalise_metadata(metadata: Mapping[str, object] | None) -> dict[str, MetadataValue]:
    """Return the metadata with every value as a `MetadataValue`; None counts as empty.

    Errors: `InvalidMetadata` that names the label of a value of no kind; `ParameterCheckError` for a label
    that is no text.
    """
    if metadata is None:
        return {}
    if not isinstance(metadata, Mapping):
        raise ParameterCheckError(f"metadata must be a mapping, not {metadata!r}")
    return {_checked_label(label): _metadata_value(label, value) for label, value in metadata.items()}


def _checked_label(label: object) -> str:
    if not isinstance(label, str):
        raise ParameterCheckError(f"the labels of metadata must be text, not {label!r}")
    return label


def _metadata_value(label: str, value: object) -> MetadataValue:
    if isinstance(value, MetadataValue):
        return value
    if value is None:
        return MetadataValue("null", None)
    kind = next((kind for kind, classes in _KINDS if isinstance(value, classes)), None)
    if kind is None:
        raise InvalidMetadata(
            f"the metadata value of `{label}` is of type `{type(value).__name__}`, which cannot be stored; "
            "use text, a number, a bool, None, a JSON-like dict or list, a path, an asset key or a "
            "MetadataValue"
        )
    if kind == "json":
        reason = _json_problem(value)
        if reason is not None:
            raise InvalidMetadata(f"the metadata value of `{label}` cannot be stored as JSON: {reason}")
    return MetadataValue(kind, fspath(value) if isinstance(value, PathLike) else value)


_KINDS: tuple[tuple[str, type | tuple[type, ...]], ...] = (
    ("text", str),
    ("bool", bool),
    ("int", int),
    ("float", float),
    ("json", (dict, list)),
    ("asset", AssetKey),
    ("path", PathLike),
)


def _json_problem(data: object) -> str | None:
    try:
        json.dumps(data)
    except (TypeError, ValueError) as error:
        return str(error)
    return None


def _checked(kind: str, value: T, expected: type | tuple[type, ...]) -> T:
    if not isinstance(value, expected):
        raise ParameterCheckError(f"MetadataValue.{kind} does not take {value!r}")
    return value
