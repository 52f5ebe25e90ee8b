"""Diagnostics as a document: what `jobc validate --format json` prints (DESIGN 5)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class DiagnosticsPart(BaseModel):
    """The base of all models: closed, frozen, no conversion of values."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PositionRecord(DiagnosticsPart):
    """A place in a text."""

    line: int = Field(ge=1, description="The line, from 1.", examples=[31])
    column: int = Field(ge=1, description="The column in characters, from 1.", examples=[14])


class LocationRecord(DiagnosticsPart):
    """A stretch of a file."""

    file: str = Field(description="The file, as it was named.", examples=["shop.yaml"])
    start: PositionRecord = Field(description="Where it begins.", examples=[{"line": 31, "column": 14}])
    end: PositionRecord = Field(
        description="Where it ends; the end is not part of it.", examples=[{"line": 31, "column": 25}]
    )


class RelatedRecord(DiagnosticsPart):
    """Another place that explains the mistake."""

    message: str = Field(description="What is to be seen there.", examples=["defined here"])
    location: LocationRecord = Field(description="The place.", examples=[{}])


class EditRecord(DiagnosticsPart):
    """A part of a fix."""

    location: LocationRecord = Field(description="What is replaced.", examples=[{}])
    text: str = Field(description="What replaces it.", examples=["read_orders"])


class DiagnosticRecord(DiagnosticsPart):
    """One mistake."""

    code: str = Field(pattern=r"^JC\d{4}$", description="What kind of mistake it is.", examples=["JC0311"])
    severity: Literal["error", "warning", "note"] = Field(description="How grave it is.", examples=["error"])
    message: str = Field(description="What is wrong, in one sentence.", examples=["unknown op `raed_orders`"])
    label: str = Field(
        description="What stands at the caret.", examples=["no op, graph or import of this name"]
    )
    location: LocationRecord = Field(description="Where it is.", examples=[{}])
    related: list[RelatedRecord] = Field(description="Other places that explain it.", examples=[[]])
    notes: list[str] = Field(description="What else there is to know.", examples=[[]])
    help: str | None = Field(description="What to do.", examples=["did you mean `read_orders`?"])
    suggestions: list[str] = Field(description="Near names, best first.", examples=[["read_orders"]])
    edits: list[EditRecord] = Field(
        description="Edits that together fix it; empty: no sure fix.", examples=[[]]
    )
    doc: str = Field(description="The page that explains the code.", examples=["docs/diagnostics/JC0311.md"])


class DiagnosticsDocument(DiagnosticsPart):
    """All that was found in some files."""

    version: Literal[1] = Field(description="Version of the form.", examples=[1])
    files: int = Field(ge=0, description="How many files were looked at.", examples=[3])
    jobs: int = Field(ge=0, description="How many jobs they hold.", examples=[4])
    diagnostics: list[DiagnosticRecord] = Field(description="What was found, by place.", examples=[[]])
