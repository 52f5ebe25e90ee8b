"""What all models of the spec language share."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from jobc.schemas.forms import text_or_list

Tags: TypeAlias = dict[str, Any]


class Spec(BaseModel):
    """The base of all models: closed, frozen, no conversion of values."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


QueryForm: TypeAlias = Annotated[
    Annotated[str, Tag("~text")] | Annotated[list[str], Tag("~list")], Discriminator(text_or_list)
]


class RetrySpec(Spec):
    """When and how often an op is tried again."""

    max_retries: int = Field(default=1, ge=0, description="Tries after the first one.", examples=[3])
    delay_s: float | None = Field(default=None, ge=0, description="Seconds before a retry.", examples=[0.5])
    backoff: Literal["linear", "exponential"] | None = Field(
        default=None, description="How the delay grows with the attempt.", examples=["exponential"]
    )
    jitter: Literal["full", "plus_minus"] | None = Field(
        default=None, description="How the delay is made random.", examples=["full"]
    )
