"""Runs as they are named on a command line: by their id, or by how it begins."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run


def named_run(instance: Instance, run_id: str) -> Run | None:
    """Return the run of that id, or the only one whose id begins so; else print which there are."""
    run = instance.get_run_by_id(run_id)
    if run is not None:
        return run
    runs = instance.get_runs()
    meant = [each for each in runs if each.run_id.startswith(run_id)] if run_id else []
    if len(meant) == 1:
        return meant[0]
    ids = [each.run_id for each in meant or runs]
    print(f"error: {_unknown_run(run_id, ids, is_ambiguous=bool(meant))}", file=sys.stderr)
    return None


def _unknown_run(run_id: str, ids: Sequence[str], *, is_ambiguous: bool) -> str:
    if is_ambiguous:
        return f"several runs have an id that begins with `{run_id}`: {listing(ids)}"
    near = near_names(run_id, ids)
    if near:
        return f"there is no run `{run_id}`; did you mean {listing(near)}?"
    return f"there is no run `{run_id}`; " + (f"the newest is `{ids[0]}`" if ids else "nothing was ever run")
