"""Definitions with their config baked in (SEMANTICS 1, "Modifiers")."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar, cast

from jobc.runtime.definitions.checks import check_text, describe
from jobc.runtime.definitions.config_schema import config_field_of
from jobc.runtime.definitions.names import valid_node_name
from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.runtime.config import Field
    from jobc.runtime.definitions.executor import ExecutorDefinition
    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.logger import LoggerDefinition
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.resource import ResourceDefinition

    D = TypeVar(
        "D", bound=OpDefinition | GraphDefinition | ResourceDefinition | LoggerDefinition | ExecutorDefinition
    )

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Baked:
    """One layer of baked config: `config_fn` turns the layer's own config into config of `field` below it.

    `owner` is what messages call the configured definition.
    """

    owner: str
    config_fn: Callable[[Any], object]
    field: Field | None


@dataclass(frozen=True, slots=True)
class BakedValue:
    """Give back config that is fixed."""

    value: object

    def __call__(self, _: object) -> object:
        """Return the config."""
        return self.value


def configured(
    definition: D, config_schema: object = None, *, name: str | None = None, description: str | None = None
) -> Callable[[object], D]:
    """Return what bakes config into a definition: a value, or a function from config of `config_schema`.

    The schema of the definition disappears; what remains configurable is `config_schema`, if given. Ops and
    graphs need a name of their own, by default that of the function; executors may have one, the others have
    none.
    Errors: `InvalidDefinitionError` for a missing name or a graph without a config mapping.
    """

    def bake(config: object) -> D:
        return with_baked_config(definition, config, config_schema, name, description)

    return bake


def with_baked_config(
    definition: D, config: object, config_schema: object, name: str | None, description: str | None
) -> D:
    """Return the definition with config baked in; the parameters are those of `configured`."""
    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.op import OpDefinition

    check_text(description, "`description`")
    said = {} if description is None else {"description": description}
    if isinstance(definition, OpDefinition | GraphDefinition):
        given = check_text(name, "`name`") or getattr(config, "__name__", None)
        if given is None:
            raise InvalidDefinitionError(f"a configured {definition.described} needs a `name` of its own")
        owner = f"configured {type(definition).kind_word} `{valid_node_name(definition.kind_word, given)}`"
        said["name"] = given
    else:
        owner = f"configured {definition.kind_word}" + (f" `{name}`" if name else "")
        if name and hasattr(definition, "name"):
            said["name"] = name
    target: Any = definition
    if isinstance(definition, GraphDefinition):
        if definition.config_mapping is None:
            raise InvalidDefinitionError(
                f"{definition.described} has no config of its own to bake; give it a ConfigMapping"
            )
        mapping = _baked(definition.config_mapping, owner, config, config_schema)
        return cast("D", changed(target, **said, config_mapping=mapping))
    return cast("D", changed(_baked(target, owner, config, config_schema), **said))


def _baked(target: Any, owner: str, config: object, config_schema: object) -> Any:
    config_fn = config if callable(config) else BakedValue(config)
    layer = Baked(owner, config_fn, target.config_field)
    if config_schema is not None and not callable(config):
        raise ParameterCheckError(
            f"the `config_schema` of a {owner} needs a function that turns config of it into "
            f"{describe(config)}"
        )
    return changed(target, config_field=config_field_of(config_schema), baked=(layer, *target.baked))


def changed(definition: T, **changes: object) -> T:
    """Return a copy of a definition with other values in some of its fields; nothing is checked again."""
    made = object.__new__(type(definition))
    for each in fields(definition):  # type: ignore[arg-type]  # definitions are dataclasses
        object.__setattr__(made, each.name, changes.get(each.name, getattr(definition, each.name)))
    return made
