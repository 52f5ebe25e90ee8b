"""The IR as a document: models that say what an IR file holds, and how it is read back.

The models are the single definition of the file's shape; its JSON Schema is generated from them. Reading back
what was written gives equal objects, but for secrets, which were never written (see `masked_secrets` beside
the models of jobs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from jobc.schemas.ir.graphs import FromGraphInput, FromMany, FromNode, FromValue
from jobc.schemas.ir.ops import CompiledOp, CompiledRetry
from jobc.schemas.ir.ports import CompiledField, CompiledInput, CompiledOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

Texts: TypeAlias = dict[str, str]
Values: TypeAlias = dict[str, Any]


class IrPart(BaseModel):
    """The base of all models: closed, frozen, no conversion of values."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class IrField(IrPart):
    """A config field: exactly one of `type`, `fields`, `one_of` and `enum` says what its values are."""

    required: bool = Field(description="Whether a value must be given.", examples=[True])
    type: str | None = Field(default=None, description="The type's text.", examples=["int"])
    fields: dict[str, IrField] | None = Field(
        default=None, description="The fields of a mapping.", examples=[{}]
    )
    one_of: dict[str, IrField] | None = Field(
        default=None, description="Fields of which exactly one is given.", examples=[{}]
    )
    enum: list[str] | None = Field(default=None, description="The texts to choose from.", examples=[["a"]])
    default: Any = Field(default=None, description="The value when none is given.", examples=[1])
    description: str | None = Field(default=None, description="What it is for.", examples=["Rows."])
    constraints: dict[str, int | float | str] = Field(
        default={}, description="Limits, by pydantic's names.", examples=[{"ge": 1}]
    )
    permissive: bool = Field(default=False, description="Whether other keys are kept.", examples=[True])
    env: str | None = Field(
        default=None, description="The environment variable it is read from.", examples=["A"]
    )
    secret: bool = Field(default=False, description="Whether values are secret.", examples=[True])

    def compiled(self) -> CompiledField:
        """Return the field as it stood in the IR."""
        return CompiledField(
            self.type,
            self.required,
            "default" in self.model_fields_set,
            self.default,
            self.description,
            self.constraints,
            self.secret,
            None if self.fields is None else compiled_fields(self.fields),
            None if self.one_of is None else compiled_fields(self.one_of),
            None if self.enum is None else tuple(self.enum),
            self.permissive,
            self.env,
        )


class IrInput(IrPart):
    """An input of an op or graph."""

    type: str | None = Field(
        description="The type's text; null: the function's annotation.", examples=["int"]
    )
    required: bool = Field(description="Whether something must feed it.", examples=[True])
    default: Any = Field(default=None, description="The value when nothing feeds it.", examples=[0])
    description: str | None = Field(default=None, description="What it is.", examples=["Rows."])
    secret: bool = Field(default=False, description="Whether values are secret.", examples=[True])

    def compiled(self) -> CompiledInput:
        """Return the input as it stood in the IR."""
        has_default = "default" in self.model_fields_set
        return CompiledInput(
            self.type, self.required, has_default, self.default, self.description, self.secret
        )


class IrOutput(IrPart):
    """An output of an op."""

    name: str = Field(description="Its name.", examples=["result"])
    type: str | None = Field(
        description="The type's text; null: the function's annotation.", examples=["int"]
    )
    required: bool = Field(description="Whether the op must give it.", examples=[True])
    description: str | None = Field(default=None, description="What it is.", examples=["Rows."])
    dynamic: bool = Field(default=False, description="Whether it comes in several items.", examples=[True])
    io_manager: str | None = Field(default=None, description="The resource that stores it.", examples=["io"])
    asset: list[str] = Field(default=[], description="The parts of an asset's key.", examples=[["daily"]])
    metadata: Values = Field(default={}, description="Facts about it.", examples=[{"owner": "me"}])

    def compiled(self) -> CompiledOutput:
        """Return the output as it stood in the IR."""
        return CompiledOutput(
            self.name,
            self.type,
            self.required,
            self.description,
            self.dynamic,
            self.io_manager,
            tuple(self.asset),
            self.metadata,
        )


class IrRetry(IrPart):
    """A retry policy."""

    max_retries: int = Field(description="Tries after the first one.", examples=[3])
    delay_s: float | None = Field(description="Seconds before a retry.", examples=[0.5])
    backoff: Literal["linear", "exponential"] | None = Field(
        description="How the delay grows.", examples=["linear"]
    )
    jitter: Literal["full", "plus_minus"] | None = Field(
        description="How the delay is made random.", examples=["full"]
    )

    def compiled(self) -> CompiledRetry:
        """Return the policy as it stood in the IR."""
        return CompiledRetry(self.max_retries, self.delay_s, self.backoff, self.jitter)


class IrOp(IrPart):
    """An op."""

    name: str = Field(description="Its name.", examples=["read"])
    kind: str = Field(description="`python`, `command`, `shell`, or that of a plug-in.", examples=["python"])
    target: str = Field(description="The function of kind `python`.", examples=["shop.ops:read"])
    work: Any = Field(description="What the other kinds do.", examples=[["ls", "-l"]])
    inputs: dict[str, IrInput] | None = Field(
        description="Inputs by name; null: those of the signature.", examples=[{}]
    )
    outputs: list[IrOutput] = Field(
        description="Outputs, in the order a function returns them.", examples=[[]]
    )
    config: dict[str, IrField] = Field(description="Config fields by name.", examples=[{}])
    resources: list[str] = Field(description="The keys of resources it needs.", examples=[["warehouse"]])
    retry: IrRetry | None = Field(description="When it is tried again.", examples=[None])
    timeout_s: float | None = Field(description="Seconds after which it is stopped.", examples=[30.0])
    code_version: str | None = Field(description="The version of its code.", examples=["2"])
    tags: Texts = Field(description="Labels.", examples=[{"team": "orders"}])
    description: str | None = Field(description="What it does.", examples=["Reads."])

    def compiled(self) -> CompiledOp:
        """Return the op as it stood in the IR."""
        return CompiledOp(
            self.name,
            self.target,
            None if self.inputs is None else {name: each.compiled() for name, each in self.inputs.items()},
            tuple(output.compiled() for output in self.outputs),
            compiled_fields(self.config),
            tuple(self.resources),
            self.retry.compiled() if self.retry else None,
            self.timeout_s,
            self.tags,
            self.description,
            None,
            self.kind,
            self.work,
            self.code_version,
        )


class IrFromNode(IrPart):
    """A source: an output of a node."""

    node: str = Field(description="The node.", examples=["read"])
    output: str | None = Field(description="The output; null: the only one.", examples=["result"])
    each: Literal["map", "collect"] | None = Field(
        default=None, description="One by one, or all in a list.", examples=["map"]
    )

    def compiled(self) -> FromNode:
        """Return the source as it stood in the IR."""
        return FromNode(self.node, self.output, self.each)


class IrFromInput(IrPart):
    """A source: an input of the graph."""

    input: str = Field(description="The input.", examples=["day"])

    def compiled(self) -> FromGraphInput:
        """Return the source as it stood in the IR."""
        return FromGraphInput(self.input)


class IrFromValue(IrPart):
    """A source: a value."""

    value: Any = Field(description="The value.", examples=[1])
    secret: bool = Field(default=False, description="Whether it is secret.", examples=[True])

    def compiled(self) -> FromValue:
        """Return the source as it stood in the IR."""
        return FromValue(self.value, self.secret)


class IrFromMany(IrPart):
    """A source: several, delivered as a list."""

    many: list[IrFromNode | IrFromInput] = Field(description="The sources, in order.", examples=[[]])

    def compiled(self) -> FromMany:
        """Return the source as it stood in the IR."""
        return FromMany(tuple(each.compiled() for each in self.many))


IrSource: TypeAlias = IrFromNode | IrFromInput | IrFromValue | IrFromMany


def compiled_fields(fields: Mapping[str, IrField]) -> dict[str, CompiledField]:
    """Return config fields as they stood in the IR, by name."""
    return {name: each.compiled() for name, each in fields.items()}
