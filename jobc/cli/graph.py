"""`jobc graph`: the graph of a job as the source of a picture."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from jobc.cli import MISTAKES, OK
from jobc.cli.loading import loaded_or_reported
from jobc.cli.pictures import picture
from jobc.cli.spec_options import AS_WRITTEN

if TYPE_CHECKING:
    from jobc.cli.spec_options import SpecOptions


def graph(pointer: str, form: str, options: SpecOptions = AS_WRITTEN) -> int:
    """Print a job as a picture in one of the languages of `pictures.FORMATS`."""
    # What modules print when they are imported is no part of the picture.
    with redirect_stdout(sys.stderr):
        job = loaded_or_reported(pointer, options)
    if job is None:
        return MISTAKES
    sys.stdout.write(picture(job, (), form))
    return OK
