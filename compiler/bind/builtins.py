"""The resources, loggers and executors that jobc brings: definitions that are imported when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.config import ConfigType
    from jobc.runtime.definitions.executor import ExecutorDefinition
    from jobc.runtime.definitions.logger import LoggerDefinition
    from jobc.runtime.definitions.resource import ResourceDefinition


def builtin_resource(name: str) -> ResourceDefinition:
    """Return the resource of that name."""
    from jobc.runtime.definitions.builtin_io import fs_io_manager, mem_io_manager

    known: Mapping[str, ResourceDefinition] = {
        "fs_io_manager": fs_io_manager,
        "mem_io_manager": mem_io_manager,
    }
    return known[name]


def builtin_logger(name: str) -> LoggerDefinition:
    """Return the logger of that name."""
    from jobc.runtime.execute.builtin_loggers import LOGGERS

    return LOGGERS[name]


def builtin_executor(name: str) -> ExecutorDefinition | None:
    """Return the executor of that name; None where it is not installed."""
    from jobc.runtime.executors.builtin import EXECUTORS

    return EXECUTORS.get(name)


def builtin_config(section: str, name: str) -> ConfigType:
    """Return the type of the config of what is built in; `section` is the one of the spec it belongs to."""
    from jobc.runtime.config import Permissive, Shape

    if section == "resources":
        field = builtin_resource(name).config_field
    elif section == "loggers":
        field = builtin_logger(name).config_field
    else:
        executor = builtin_executor(name)
        if executor is None:
            return Permissive()
        field = executor.config_field
    return Shape({}) if field is None else field.config_type
