"""Link config mappings: templates filled with parameters, and functions called with them by name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from jobc.compiler.link.fields import config_field
from jobc.compiler.link.functions import SignatureError
from jobc.compiler.link.imports import called_target
from jobc.runtime.config import Field, Secret, Shape
from jobc.runtime.definitions.config_mapping import ConfigMapping
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.ports import NO_VALUE
from jobc.runtime.definitions.signature import read_signature
from jobc.runtime.expressions.filling import fill
from jobc.runtime.expressions.texts import as_text
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobc.compiler.link.imports import Importer
    from jobc.schemas.ir import CompiledConfigMapping, Data


@dataclass(frozen=True, slots=True)
class MappingTemplate:
    """Run config whose texts are templates over `params` and `env`; called with parameters, it fills them in.

    `names` are all parameters: one without a value is null. A text into which a secret is put is secret.
    """

    value: Data
    names: tuple[str, ...]

    def __call__(self, params: Mapping[str, object]) -> object:
        """Return the run config for these parameters."""
        given = {name: params.get(name) for name in self.names}
        return _filled(self.value, {"params": given, "env": os.environ})


@dataclass(frozen=True, slots=True)
class MappingFunction:
    """A function of the author's that gives run config, called with the parameters that it names."""

    function: Callable[..., object]
    names: tuple[str, ...]

    def __call__(self, params: Mapping[str, object]) -> object:
        """Call the function with parameters by name; those without a value are left out."""
        return self.function(**{name: params[name] for name in self.names if name in params})


def config_mapping(compiled: CompiledConfigMapping, importer: Importer) -> ConfigMapping:
    """Return the config mapping of a job.

    Raises `TargetError` for a function that cannot be imported, `SignatureError` for one that wants what is
    no parameter.
    """
    make: MappingTemplate | MappingFunction = MappingTemplate(compiled.config, tuple(compiled.params))
    if compiled.target is not None:
        make = _function(compiled, compiled.target, importer)
    params = config_field(compiled.params, {}) or Field(Shape({}))
    return changed(ConfigMapping(make), config_field=params)


def _function(compiled: CompiledConfigMapping, target: str, importer: Importer) -> MappingFunction:
    function = called_target(target, importer.target(target))
    signature = read_signature(function)
    for parameter in signature.parameters:
        if parameter.name not in compiled.params and parameter.default is NO_VALUE:
            raise SignatureError(
                f"nothing gives `{target}` its parameter `{parameter.name}`",
                f"declare `{parameter.name}` under `params`, or give the parameter a default",
            )
    taken = {parameter.name for parameter in signature.parameters}
    names = tuple(name for name in compiled.params if name in taken or signature.has_var_keyword)
    return MappingFunction(function, names)


def _filled(value: Data, names: Mapping[str, object]) -> object:
    if isinstance(value, dict):
        return {key: _filled(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, names) for item in value]
    return _filled_text(value, names) if isinstance(value, str) else value


def _filled_text(text: str, names: Mapping[str, object]) -> object:
    has_secret = False

    def reveal(value: object) -> str:
        nonlocal has_secret
        if isinstance(value, Secret):
            has_secret = True
            return value.get_secret_value()
        return as_text(value)

    filled = fill(text, names, reveal)
    return Secret(cast("str", filled)) if has_secret else filled
