"""SEMANTICS 14: the IO managers that come with jobc, by what they store and give back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.builtin_io import fs_io_manager, mem_io_manager
from jobc.runtime.errors import InvariantViolationError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Opening:
    resource_config: dict[str, Any] | None = None
    instance: Any = None


@dataclass
class Stored:
    """What a manager is told of an output."""

    identifier: list[str]
    name: str = "result"
    step_key: str = "g.op"
    added: dict[str, Any] = field(default_factory=dict)

    def get_identifier(self) -> list[str]:
        return self.identifier

    def add_output_metadata(self, metadata: dict[str, Any]) -> None:
        self.added.update(metadata)


@dataclass
class Loaded:
    upstream_output: Stored
    added: dict[str, Any] = field(default_factory=dict)

    def add_input_metadata(self, metadata: dict[str, Any]) -> None:
        self.added.update(metadata)


class InFolder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def storage_directory(self) -> str:
        return str(self.folder)


def files(folder: Path) -> Any:
    return fs_io_manager.function.function(Opening({"base_dir": str(folder)}))


@pytest.mark.parametrize(
    "identifier", [["run", "g.op", "result"], ["run", "m[0]", "result", "key"]], ids=["plain", "dynamic"]
)
def test_sem_14_files_lie_under_the_identifier(tmp_path: Path, identifier: list[str]) -> None:
    stored = Stored(identifier)
    manager = files(tmp_path)
    manager.handle_output(stored, {"a": [1]})
    path = tmp_path.joinpath(*identifier)
    assert path.is_file()
    assert [each.name for each in path.parent.iterdir()] == [identifier[-1]]
    assert stored.added == {"path": path}
    loaded = Loaded(stored)
    assert manager.load_input(loaded) == {"a": [1]}
    assert loaded.added == {"path": path}


def test_sem_14_files_are_in_the_instance_unless_told_otherwise(tmp_path: Path) -> None:
    manager: Any = fs_io_manager.function.function(Opening({}, InFolder(tmp_path)))
    manager.handle_output(Stored(["run", "op", "result"]), 1)
    assert (tmp_path / "run" / "op" / "result").is_file()


def test_sem_14_what_cannot_be_pickled(tmp_path: Path) -> None:
    with pytest.raises(InvariantViolationError) as caught:
        files(tmp_path).handle_output(Stored(["run", "op", "result"]), lambda: 1)
    for fragment in ("output `result` of step `g.op`", "<lambda>", "`fs_io_manager`", "executor"):
        assert fragment in str(caught.value)
    assert not list(tmp_path.rglob("*.tmp"))


def test_sem_14_memory_keeps_references() -> None:
    manager: Any = mem_io_manager.function.function()
    value: list[int] = []
    manager.handle_output(Stored(["run", "op", "result"]), value)
    assert manager.load_input(Loaded(Stored(["run", "op", "result"]))) is value
