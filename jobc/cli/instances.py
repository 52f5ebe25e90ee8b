"""Which instance a command works with: the folder that is named, else `$JOBC_HOME`, else `.jobc` here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jobc.runtime.errors import InstanceError
from jobc.runtime.storage.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Sequence

HOME_VARIABLE = "JOBC_HOME"
DEFAULT_FOLDER = ".jobc"


def instance_folder(named: Path | None) -> Path:
    """Return the folder of the instance, absolute; an empty variable counts as none."""
    return (named or Path(os.environ.get(HOME_VARIABLE) or DEFAULT_FOLDER)).absolute()


def opened_or_reported(named: Path | None) -> Instance | None:
    """Open the instance, made if it is not there yet; where that fails, print why and return None."""
    try:
        return Instance.open(instance_folder(named))
    except InstanceError as error:
        _print_refusal(error)
        return None


def existing_or_reported(named: Path | None) -> Instance | None:
    """Open the instance to read from; one that was named must be there, any other may be missing."""
    try:
        return existing_instance(named)
    except InstanceError as error:
        _print_refusal(error)
        return None


def existing_instance(named: Path | None) -> Instance:
    """Open the instance to read from, or return an empty one in memory where none was made yet.

    Errors: `InstanceError`, also for a folder that was named and holds none.
    """
    folder = instance_folder(named)
    if Instance.exists(folder):
        return Instance.open(folder)
    if named is not None:
        raise InstanceError(f"there is no instance in `{folder}`: nothing was ever run with it", str(folder))
    return Instance.ephemeral()


def _print_refusal(error: InstanceError) -> None:
    print(f"error: {error}", file=sys.stderr)
    hint = f"name another folder with `--instance`, or in the variable {HOME_VARIABLE}"
    print(f"   = help: {hint}", file=sys.stderr)


class LazyStore:
    """The keys of dynamic partitions; the instance is opened when the first key is asked for.

    Errors: `InstanceError` from both methods.
    """

    def __init__(self, named: Path | None) -> None:
        self._named = named
        self._instance: Instance | None = None

    def get_dynamic_partitions(self, partitions_def_name: str) -> Sequence[str]:
        """Return the keys of a name, in the order they were added; empty for an unknown name."""
        return self._opened().get_dynamic_partitions(partitions_def_name)

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        """Tell whether a key was added to a name."""
        return self._opened().has_dynamic_partition(partitions_def_name, partition_key)

    def _opened(self) -> Instance:
        if self._instance is None:
            self._instance = existing_instance(self._named)
        return self._instance
