"""Lower hooks, loggers, executors and config mappings, as far as a job uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.extras import BUILTIN_LOGGERS
from jobc.compiler.emit.ops import emit_fields
from jobc.schemas.ir import CompiledConfigMapping, CompiledExtra, CompiledHook

if TYPE_CHECKING:
    from jobc.compiler.bind.extra_symbols import ExtraSymbol, HookSymbol
    from jobc.compiler.bind.program import JobSymbol, Program


def emit_hook(program: Program, hook: HookSymbol) -> CompiledHook:
    """Return the IR of a hook."""
    origin = program.document_of(hook.name).locate_key(hook.path)
    return CompiledHook(hook.name, str(hook.target), hook.on, tuple(sorted(hook.resources)), origin)


def emit_loggers(program: Program, job: JobSymbol) -> dict[str, CompiledExtra]:
    """Return the IR of a job's loggers, in the order in which it lists them."""
    known = program.extras.loggers
    return {
        name: _extra(program, known[name]) if name in known else _builtin(name)
        for name in job.options.loggers
        if name in known or name in BUILTIN_LOGGERS
    }


def emit_executor(program: Program, job: JobSymbol) -> CompiledExtra | None:
    """Return the IR of a job's executor; None for the default."""
    name = job.options.executor
    if name is None:
        return None
    symbol = program.extras.executors.get(name)
    return _builtin(name) if symbol is None else _extra(program, symbol)


def emit_mapping(program: Program, job: JobSymbol) -> CompiledConfigMapping | None:
    """Return the IR of a job's config mapping, if it has one."""
    if job.options.config_mapping is None:
        return None
    symbol = program.extras.config_mappings[job.options.config_mapping]
    target = None if symbol.target is None else str(symbol.target)
    return CompiledConfigMapping(emit_fields(symbol.params), symbol.config, target)


def _builtin(name: str) -> CompiledExtra:
    return CompiledExtra(name, "", name, {}, {})


def _extra(program: Program, symbol: ExtraSymbol) -> CompiledExtra:
    return CompiledExtra(
        symbol.name,
        "" if symbol.target is None else str(symbol.target),
        symbol.builtin,
        emit_fields(symbol.config),
        symbol.values,
        symbol.description,
        program.document_of(symbol.name).locate_key(symbol.path),
    )
