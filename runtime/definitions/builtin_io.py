"""The IO managers that come with jobc: in files and in memory (SEMANTICS 14)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobc.runtime.config import Field, StringSource
from jobc.runtime.definitions.io_manager import IOManager, IOManagerDefinition, MemoizableIOManager
from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.storage.unfinished import remove_abandoned, write_whole

if TYPE_CHECKING:
    from jobc.runtime.definitions.resource import ResourceDefinition

_WORKSHOP = ".unfinished"


class MemoryIOManager(IOManager):
    """Keeps references to outputs for a run: what changes a value downstream changes it everywhere."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, ...], object] = {}

    def handle_output(self, context: Any, obj: Any) -> None:
        """Keep the value."""
        self._values[tuple(context.get_identifier())] = obj

    def load_input(self, context: Any) -> object:
        """Return the value kept for the upstream output."""
        return self._values[tuple(context.upstream_output.get_identifier())]


class FilesystemIOManager(MemoizableIOManager):
    """Pickles outputs into files, ``<base>/<run id>/<step key>/<output>[/<mapping key>]``.

    In a memoised run ``versioned_outputs/<version>`` stands in the place of the run id.
    A file is written in the folder ``<base>/.unfinished`` and renamed, so no reader sees half of it.
    """

    def __init__(self, base_dir: str) -> None:
        self.base_dir = Path(base_dir)

    def handle_output(self, context: Any, obj: Any) -> None:
        """Write the value; the path is attached to the event as metadata.

        Errors: `InvariantViolationError` for a value that cannot be pickled.
        """
        import pickle

        path = self._path(context)
        try:
            data = pickle.dumps(obj, protocol=pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, AttributeError, TypeError, RecursionError) as error:
            raise InvariantViolationError(
                f"output `{context.name}` of step `{context.step_key}`, {obj!r}, cannot be pickled "
                f"({error}), so `fs_io_manager` cannot store it; give the output another IO manager, or run "
                "in this process with the `in_process` executor and `mem_io_manager`"
            ) from error
        write_whole(path, data, self.base_dir / _WORKSHOP)
        context.add_output_metadata({"path": path})

    def load_input(self, context: Any) -> object:
        """Read the value of the upstream output."""
        import pickle

        path = self._path(context.upstream_output)
        context.add_input_metadata({"path": path})
        with path.open("rb") as stored:
            return pickle.load(stored)  # noqa: S301 - the run's own files

    def has_output(self, context: Any) -> bool:
        """Tell whether the file of the output at its version is there."""
        return self._path(context).is_file()

    def _path(self, context: Any) -> Path:
        return self.base_dir.joinpath(*context.get_identifier())


def _open_files(context: Any) -> FilesystemIOManager:
    given = (context.resource_config or {}).get("base_dir")
    base_dir = given or context.instance.storage_directory()
    remove_abandoned(Path(base_dir, _WORKSHOP))
    return FilesystemIOManager(base_dir)


def _open_default(context: Any) -> FilesystemIOManager:
    return _open_files(context)


def _open_memory() -> MemoryIOManager:
    return MemoryIOManager()


_FILES_CONFIG = {"base_dir": Field(StringSource, is_required=False)}

fs_io_manager = IOManagerDefinition(
    _open_files,
    config_schema=_FILES_CONFIG,
    description="Pickles outputs into files below `base_dir`, by default the storage of the instance.",
)
mem_io_manager = IOManagerDefinition(
    _open_memory, description="Keeps outputs in memory for the time of a run."
)
default_io_manager = IOManagerDefinition(
    _open_default,
    config_schema=_FILES_CONFIG,
    description="Stands for `io_manager` in jobs that name none: files, or memory when run in this process.",
)


def is_default_io_manager(resource: ResourceDefinition) -> bool:
    """Tell whether a resource is the default IO manager, or what pickling made of it."""
    return resource.function.function is _open_default


def is_memory_io_manager(resource: ResourceDefinition) -> bool:
    """Tell whether a resource is the IO manager that forgets with its process."""
    return resource.function.function is _open_memory
