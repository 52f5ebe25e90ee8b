"""What stands around the ops: resources, a hook, run configs of partitions."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from storefront.report import signature

if TYPE_CHECKING:
    from collections.abc import Iterator


class Journal:
    """A file that lines are added to."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def add(self, line: str) -> None:
        """Add a line, and have it on disk."""
        self._file.write(line + "\n")
        self._file.flush()


@contextmanager
def journal(path: Path) -> Iterator[Journal]:
    """Open the journal; it is closed when the run ends, whatever became of it."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with Path(path).open("a", encoding="utf-8") as file:
        yield Journal(file)


class Signer:
    """Sign texts with a key, where there is one."""

    def __init__(self, key: Any = None) -> None:
        self._key = key

    def line(self, text: str) -> str:
        """Return the line that signs a text; without a key, none."""
        if self._key is None:
            return ""
        return f"Signed: {signature(self._key.get_secret_value(), text)}\n"


def alert(context: Any) -> None:
    """Note a step that failed."""
    context.resources.journal.add(f"failed {context.step_key}: {context.op_exception}")


def for_cell(partition_key: str) -> dict[str, Any]:
    """Return the run config of one region on one day."""
    day, region = partition_key.split("|")
    rate = {"eu": 1.0, "us": 0.9}[region]
    return {
        "inputs": {"day": day},
        "ops": {
            "read_orders": {"config": {"folder": f"data/{region}", "region": region}},
            "price": {"config": {"rate": rate}},
        },
    }
