"""The config of an `@op`: a schema, or a parameter called `config` (SEMANTICS 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.definitions.config_schema import config_field_of
from jobc.runtime.definitions.op_function import Slot
from jobc.runtime.definitions.ports import NO_VALUE
from jobc.runtime.definitions.signature import UNRESOLVED, Parameter
from jobc.runtime.errors import InvalidDefinitionError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config import Field


@dataclass(frozen=True, slots=True)
class OpConfigSlot:
    """The config of an op: its field, the slot of the parameter that takes it, the class it becomes."""

    field: Field | None
    slot: Slot | None = None
    model: type | None = None


def config_of_op(owner: str, parameter: Parameter | None, config_schema: object) -> OpConfigSlot:
    """Return the config of an op from its `config` parameter, if it has one, else from its schema.

    Errors: `InvalidDefinitionError` for both together, and for a parameter without an annotation.
    """
    if parameter is None:
        return OpConfigSlot(config_field_of(config_schema))
    if config_schema is not None:
        raise InvalidDefinitionError(
            f"{owner} has both a `config_schema` and a `config` parameter; keep one of them: read the config "
            "of a schema from `context.op_config`"
        )
    if parameter.annotation is UNRESOLVED:
        raise InvalidDefinitionError(
            f"the annotation of the parameter `config` of {owner} names nothing that is known where the "
            "function was written; define the class at the top level of the module, not inside a function"
        )
    if parameter.annotation is NO_VALUE:
        raise InvalidDefinitionError(
            f"the parameter `config` of {owner} needs an annotation that says what config it takes, such as "
            "a Config class"
        )
    from jobc.runtime.config.schema import is_model_class

    annotation = parameter.annotation
    model = annotation if isinstance(annotation, type) and is_model_class(annotation) else None
    slot = Slot("config", "", parameter.by_keyword_only, "config")
    return OpConfigSlot(config_field_of(annotation), slot, model)
