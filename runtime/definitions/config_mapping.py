"""Config mappings: functions from config of their own to the config of a job or graph (SEMANTICS 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, overload

from jobc.runtime.definitions.checks import check_function, check_optional, describe
from jobc.runtime.definitions.config_schema import config_field_of
from jobc.runtime.errors import ParameterCheckError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config import Field
    from jobc.runtime.definitions.configured import Baked


@dataclass(frozen=True, slots=True, init=False, eq=False)
class ConfigMapping:
    """A function from config of its own schema to run config (of a job) or to config of nodes (of a graph).

    The function must be pure: how often it is called is not promised. `sees_processed_values` tells whether
    it gets processed values (enum members, environment read) or the raw ones; defaults are filled in either
    way.
    """

    config_fn: Callable[..., object]
    config_field: Field | None
    baked: tuple[Baked, ...]
    sees_processed_values: bool

    def __init__(
        self,
        config_fn: Callable[..., object],
        config_schema: object = None,
        receive_processed_config_values: bool | None = None,
    ) -> None:
        set_field = object.__setattr__
        processed = check_optional(
            receive_processed_config_values, bool, "`receive_processed_config_values`", "True or False"
        )
        set_field(self, "config_fn", check_function(config_fn, "`config_fn`"))
        set_field(self, "config_field", config_field_of(config_schema))
        set_field(self, "baked", ())
        set_field(self, "sees_processed_values", processed is not False)

    def __call__(self, config: object) -> object:
        """Call the function, for tests of it."""
        return self.config_fn(config)


@dataclass(frozen=True, slots=True)
class ConstantConfig:
    """Give back the config of a graph's nodes that the graph itself fixes."""

    config: Mapping[str, object]

    def __call__(self, _: object) -> Mapping[str, object]:
        """Return the config, whatever is asked for."""
        return self.config


def graph_config_mapping(config: object, owner: str) -> ConfigMapping | None:
    """Return the mapping that a graph's `config` stands for; a dict is constant and takes no config itself.

    Errors: `ParameterCheckError` for what is neither a mapping function, a dict nor None.
    """
    if config is None or isinstance(config, ConfigMapping):
        return config
    if isinstance(config, Mapping):
        return ConfigMapping(ConstantConfig(dict(config)), config_schema={})
    raise ParameterCheckError(
        f"`config` of {owner} must be a ConfigMapping or a dict, not {describe(config)}"
    )


MappingFn = Callable[..., object]


@overload
def config_mapping(config_fn: MappingFn) -> ConfigMapping: ...
@overload
def config_mapping(
    config_fn: None = None,
    *,
    config_schema: object = None,
    receive_processed_config_values: bool | None = None,
) -> Callable[[MappingFn], ConfigMapping]: ...
def config_mapping(
    config_fn: MappingFn | None = None,
    *,
    config_schema: object = None,
    receive_processed_config_values: bool | None = None,
) -> ConfigMapping | Callable[[MappingFn], ConfigMapping]:
    """Make a config mapping of a function from config of the schema to run config."""

    def decorate(function: MappingFn) -> ConfigMapping:
        return ConfigMapping(function, config_schema, receive_processed_config_values)

    return decorate if config_fn is None else decorate(config_fn)
