"""What goes in and what comes out: config fields, inputs, outputs."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Field, Tag

from jobc.schemas.forms import text_or_mapping
from jobc.schemas.spec.base import QueryForm, Spec


class ConfigFieldSpec(Spec):
    """The long form of a config field."""

    type: str | None = Field(
        default=None, description="The type's text.", examples=["int", "list[str]", "secret"]
    )
    fields: dict[str, ConfigFieldForm] | None = Field(
        default=None,
        description="Fields of a mapping, in place of a type.",
        examples=[{"host": "str", "port": "int"}],
    )
    one_of: dict[str, ConfigFieldForm] | None = Field(
        default=None,
        description="Fields of which exactly one is given, in place of a type.",
        examples=[{"file": "path", "table": "str"}],
    )
    enum: list[str] | None = Field(
        default=None,
        min_length=1,
        description="The texts to choose from, in place of a type.",
        examples=[["fast", "exact"]],
    )
    permissive: bool = Field(
        default=False, description="True: `fields` may hold other keys, too.", examples=[True]
    )
    env: str | None = Field(
        default=None,
        description="The environment variable that gives the value at the run, where config gives none.",
        examples=["SHOP_TOKEN"],
    )
    default: Any = Field(
        default=None, description="The value when none is given; makes the field optional.", examples=[1000]
    )
    required: bool = Field(default=True, description="False: the field may be left out.", examples=[False])
    description: str | None = Field(
        default=None, description="What the field is for.", examples=["Rows to read at most."]
    )
    ge: float | None = Field(default=None, description="Least value allowed.", examples=[1])
    gt: float | None = Field(default=None, description="Every value must be greater.", examples=[0])
    le: float | None = Field(default=None, description="Greatest value allowed.", examples=[100])
    lt: float | None = Field(default=None, description="Every value must be less.", examples=[1.0])
    multiple_of: float | None = Field(
        default=None, gt=0, description="Values must be a multiple of it.", examples=[5]
    )
    min_length: int | None = Field(default=None, ge=0, description="Least length.", examples=[1])
    max_length: int | None = Field(default=None, ge=0, description="Greatest length.", examples=[64])
    pattern: str | None = Field(default=None, description="A regular expression.", examples=["^[a-z]+$"])


class InputSpec(Spec):
    """The long form of an op's or graph's input."""

    type: str = Field(default="any", description="The type's text.", examples=["list[dict]"])
    default: Any = Field(
        default=None, description="The value when nothing else feeds the input.", examples=[0]
    )
    description: str | None = Field(
        default=None, description="What the input is.", examples=["The orders of one day."]
    )


class OutputSpec(Spec):
    """The long form of an op's output."""

    type: str = Field(default="any", description="The type's text.", examples=["list[dict]"])
    required: bool = Field(
        default=True, description="False: the op may leave the output out.", examples=[False]
    )
    dynamic: bool = Field(
        default=False,
        description="True: any number of items, each with a key of its own, to `map` over.",
        examples=[True],
    )
    io_manager: str | None = Field(
        default=None,
        description="The resource that stores and loads the value; default: `io_manager`.",
        examples=["warehouse_io"],
    )
    asset: QueryForm | None = Field(
        default=None,
        description="The key of the asset that the output is: its parts, or a text with `/` between them.",
        examples=[["daily", "orders"]],
    )
    metadata: dict[str, Any] = Field(
        default={}, description="Facts about the output.", examples=[{"owner": "orders@shop.example"}]
    )
    description: str | None = Field(
        default=None, description="What the output is.", examples=["Orders without a price."]
    )


ConfigFieldForm: TypeAlias = Annotated[
    Annotated[str, Tag("~text")] | Annotated[ConfigFieldSpec, Tag("~mapping")], Discriminator(text_or_mapping)
]


InputForm: TypeAlias = Annotated[
    Annotated[str, Tag("~text")] | Annotated[InputSpec, Tag("~mapping")], Discriminator(text_or_mapping)
]


OutputForm: TypeAlias = Annotated[
    Annotated[str, Tag("~text")] | Annotated[OutputSpec, Tag("~mapping")], Discriminator(text_or_mapping)
]
