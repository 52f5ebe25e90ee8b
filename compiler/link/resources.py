"""Link resources: import what makes one and fit it to what the spec says of it."""

from __future__ import annotations

from inspect import unwrap
from typing import TYPE_CHECKING

from jobc.compiler.bind.builtins import builtin_resource
from jobc.compiler.bind.parameters import Known
from jobc.compiler.link.fields import config_field
from jobc.compiler.link.functions import SignatureError, bind_function
from jobc.compiler.link.imports import called_target
from jobc.compiler.link.names import keys_in_file
from jobc.compiler.link.reports import source_origin
from jobc.runtime.config import Field, Shape, validate
from jobc.runtime.config.late import is_late, late_value
from jobc.runtime.config.overlay import entry_of, with_values
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.resource import ResourceDefinition, ResourceFunction, resource_style
from jobc.runtime.definitions.signature import read_signature, style_of
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.link.imports import Importer
    from jobc.schemas.ir import CompiledJob, CompiledResource


def link_resource(resource: CompiledResource, job: CompiledJob, importer: Importer) -> ResourceDefinition:
    """Return the definition of a resource.

    Raises `TargetError` for a target that cannot be imported, `SignatureError` or another `JobcError` for one
    that does not fit.
    """
    if resource.builtin is not None:
        return _adopt(resource, builtin_resource(resource.builtin))
    target = importer.target(resource.target)
    if isinstance(target, ResourceDefinition):
        return _adopt(resource, target)
    _check_values(resource, resource.config)
    function = called_target(resource.target, target)
    others = {key for key, each in job.resources.items() if each is not resource}
    known = Known((), tuple(resource.config), resource.resources, others, resource.name)
    if style_of(unwrap(function)).startswith("async"):
        message = f"`{resource.target}` is `async`; a resource is opened without waiting"
        raise SignatureError(message, "name a function that returns or yields the resource")
    binding = bind_function(resource.name, read_signature(function), known)
    opens_itself = isinstance(target, type) and hasattr(target, "__enter__") and hasattr(target, "__exit__")
    style = "context_manager" if opens_itself else resource_style(function)
    return ResourceDefinition.of(
        ResourceFunction(function, binding.slots, style),
        config_field=config_field(resource.config, resource.values),
        required_resource_keys=frozenset((*resource.resources, *binding.resources)),
        description=resource.description,
        origin=source_origin(resource.origin),
    )


def _adopt(resource: CompiledResource, target: ResourceDefinition) -> ResourceDefinition:
    """Take over a `@resource` function, which declares its own config; the spec adds to it."""
    if resource.config:
        raise SignatureError(
            f"`config` of resource `{resource.name}` stands beside that of `{resource.target}` itself",
            "remove `config`; what is declared in Python holds",
        )
    return changed(
        target,
        config_field=_with_values(resource, target.config_field),
        required_resource_keys=keys_in_file(resource.name, target.required_resource_keys, resource.resources)
        | frozenset(resource.resources),
        description=resource.description or target.description,
        origin=source_origin(resource.origin),
    )


def _with_values(resource: CompiledResource, declared: Field | None) -> Field | None:
    """Return the config of a resource with the values of the spec as the defaults of its fields."""
    if not resource.values:
        return declared
    shape = None if declared is None else declared.config_type
    if not isinstance(shape, Shape):
        raise SignatureError(
            f"`with` of resource `{resource.name}` has no fields to give values to: `{resource.target}` "
            "declares none",
            "remove `with`, or declare the fields in Python",
        )
    _check_values(resource, shape.fields)
    values = entry_of(late_value(dict(resource.values)))
    for name, value in values.items():
        _check_value(resource, name, shape.fields[name], value)
    return with_values(f"resource `{resource.name}`", declared, values)


def _check_value(resource: CompiledResource, name: str, field: Field, value: object) -> None:
    if is_late(value):
        return
    for problem in validate(field.config_type, value).errors:
        message = f"`with` of resource `{resource.name}`: value of `{name}`: {problem.message}"
        raise SignatureError(message, "change the value")


def _check_values(resource: CompiledResource, fields: Mapping[str, object]) -> None:
    """Refuse values for fields that are not declared."""
    unknown = [name for name in resource.values if name not in fields]
    if unknown:
        raise SignatureError(
            f"`with` of resource `{resource.name}` gives {listing(unknown)}, which its config does not have",
            f"its fields are {listing(fields)}" if fields else "it declares no config",
        )
