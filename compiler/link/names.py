"""Names that Python code declares, as a job that takes them from imports knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

JOB_KEY = "io_manager"


def keys_in_file(owner: str, keys: Iterable[str], known: Iterable[str]) -> frozenset[str]:
    """Return resource keys that Python code declares, as keys of the job: those of the file of `owner`.

    `known` are the keys that the spec lists for it, which may be of other imports.
    """
    prefix = owner[: owner.rfind(".") + 1]
    listed = {key.rpartition(".")[2]: key for key in known}
    return frozenset(key if key == JOB_KEY else listed.get(key, f"{prefix}{key}") for key in keys)
