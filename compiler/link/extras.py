"""Link hooks, loggers and executors: import what makes one and fit it to what the spec says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobc.compiler.bind.builtins import builtin_executor, builtin_logger
from jobc.compiler.bind.parameters import Known
from jobc.compiler.link.fields import config_field
from jobc.compiler.link.functions import SignatureError, bind_function
from jobc.compiler.link.imports import TargetError, called_target
from jobc.compiler.link.names import keys_in_file
from jobc.runtime.config.late import late_value
from jobc.runtime.config.overlay import entry_of, with_values
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.executor import ExecutorDefinition
from jobc.runtime.definitions.hook import HookDefinition
from jobc.runtime.definitions.logger import LoggerDefinition
from jobc.runtime.definitions.signature import CONTEXT_NAMES, read_signature
from jobc.schemas.names import listing
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.compiler.link.imports import Importer
    from jobc.runtime.config import Field
    from jobc.runtime.definitions.hook import HookKind
    from jobc.runtime.definitions.op_function import Slot
    from jobc.schemas.ir import CompiledExtra, CompiledHook

_KINDS: dict[str, HookKind] = {"success": "success", "failure": "failure", "events": "event_list"}


@dataclass(frozen=True, slots=True)
class ByName:
    """Call a function with what its parameters name: the context, config keys, or the whole config.

    `attribute` is what the config is called in the context.
    """

    function: Callable[..., object]
    slots: tuple[Slot, ...]
    attribute: str

    def __call__(self, context: Any) -> object:  # noqa: ANN401 - of loggers or of executors
        """Pass on what the function asks for."""
        config = getattr(context, self.attribute) or {}
        whole = {"context": context, "config": config}
        named = {
            slot.parameter_name: config.get(slot.name) if slot.kind == "config_key" else whole[slot.kind]
            for slot in self.slots
        }
        return self.function(**named)


def link_hook(hook: CompiledHook, importer: Importer) -> HookDefinition:
    """Return the definition of a hook.

    Raises `TargetError` for a target that cannot be imported, `SignatureError` for one that does not fit.
    """
    target = importer.target(hook.target)
    if isinstance(target, HookDefinition):
        if hook.on is not None and _KINDS[hook.on] != target.kind:
            said = next(on for on, kind in _KINDS.items() if kind == target.kind)
            raise SignatureError(
                f"hook `{hook.name}` is called on {hook.on}; `{hook.target}` itself says on {said}",
                "remove `on`; what is declared in Python holds",
            )
        keys = keys_in_file(hook.name, target.required_resource_keys, hook.resources)
        keys |= frozenset(hook.resources)
        return changed(target, name=hook.name, required_resource_keys=keys)
    function = called_target(hook.target, target)
    if hook.on is None:
        raise SignatureError(
            f"nothing says when hook `{hook.name}` is called",
            "add `on: success`, `on: failure` or `on: events`",
        )
    names = [parameter.name for parameter in read_signature(function).parameters]
    if len(names) != (2 if hook.on == "events" else 1) or names[0] not in CONTEXT_NAMES:
        wanted = "`context` and a list of events" if hook.on == "events" else "`context` alone"
        raise SignatureError(
            f"`{hook.target}` takes {listing(names) or 'nothing'}; a hook is given {wanted}",
            "write it as `def hook(context)`, or with a second parameter for the events",
        )
    made = HookDefinition(
        name=hook.name.rpartition(".")[2],
        function=function,
        kind=_KINDS[hook.on],
        required_resource_keys=hook.resources,
    )
    return changed(made, name=hook.name)


def link_logger(logger: CompiledExtra, importer: Importer) -> LoggerDefinition:
    """Return the definition of a logger, which is on unless a run config names others.

    Raises `TargetError` for a target that cannot be imported, `SignatureError` or another `JobcError` for one
    that does not fit.
    """
    if logger.builtin is not None:
        made = builtin_logger(logger.builtin)
    else:
        target = importer.target(logger.target)
        if isinstance(target, LoggerDefinition):
            made = target
        else:
            function = called_target(logger.target, target)
            call = _by_name(logger, function, "logger_config")
            made = changed(LoggerDefinition(call), config_field=config_field(logger.config, logger.values))
            return changed(made, description=logger.description, is_on=True)
    field = _with_values(logger, "logger", made.config_field)
    description = logger.description or made.description
    return changed(made, config_field=field, description=description, is_on=True)


def link_executor(executor: CompiledExtra, importer: Importer) -> ExecutorDefinition:
    """Return the definition of an executor.

    Raises as `link_logger` does.
    """
    if executor.builtin is not None:
        made = _installed(executor.builtin)
    else:
        target = importer.target(executor.target)
        if isinstance(target, ExecutorDefinition):
            made = target
        else:
            function = called_target(executor.target, target)
            call = _by_name(executor, function, "executor_config")
            own = executor.name.rpartition(".")[2]
            made = ExecutorDefinition(own, None, call, executor.description)
            field = config_field(executor.config, executor.values)
            return changed(made, name=executor.name, config_field=field)
    field = _with_values(executor, "executor", made.config_field)
    return changed(made, config_field=field, description=executor.description or made.description)


def _installed(name: str) -> ExecutorDefinition:
    found = builtin_executor(name)
    if found is None:
        raise TargetError(f"the executor `{name}` is not installed", f"install `jobc[{name}]`")
    return found


def _by_name(extra: CompiledExtra, function: Callable[..., object], attribute: str) -> ByName:
    known = Known((), tuple(extra.config), (), ())
    binding = bind_function(extra.name, read_signature(function), known)
    return ByName(function, binding.slots, attribute)


def _with_values(extra: CompiledExtra, noun: str, field: Field | None) -> Field | None:
    """Return the config of what declares its own, with the values of the spec as defaults."""
    if extra.config:
        raise SignatureError(
            f"`config` of {noun} `{extra.name}` stands beside that of `{extra.target}` itself",
            "remove `config`; what is declared in Python holds",
        )
    values = entry_of(late_value(dict(extra.values)))
    return with_values(f"{noun} `{extra.name}`", field, values)
