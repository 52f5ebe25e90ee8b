"""Pictures of a job, in the languages there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from jobc.runtime.definitions.job import JobDefinition

FORMATS = ("mermaid", "dot")


def picture(job: JobDefinition, marked: Collection[str], form: str) -> str:
    """Return the picture of a job in one of FORMATS, with the ops at the paths `marked` set apart."""
    from jobc.cli.dot import dot
    from jobc.cli.drawing import draw
    from jobc.cli.mermaid import mermaid

    drawing = draw(job, marked)
    return dot(drawing) if form == "dot" else mermaid(drawing)
