"""Kept jobs: the IR of jobs that pointers were made to, in the user's cache, for those who follow them.

Compiling a spec takes longer than linking its IR, and every process of a run does it. What a pointer was made
to is kept, by what the pointer knows: the spec, the digest of the job and those of all its files. An entry is
JSON behind a checksum, in which a record of the IR is a list: the name of its class, then its values in
order. The job that is read is the one that was meant if its digest is. A job with secrets is never kept.
"""

from __future__ import annotations

import json
import os
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

from jobc import __version__
from jobc.compiler.cache.memory import OFF
from jobc.compiler.cache.store import Store, cache_folder
from jobc.schemas import ir
from jobc.schemas.diagnostics import Location, Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jobc.schemas.ir import CompiledJob

_LIST, _TUPLE, _SET = "list", "tuple", "set"
RECORDS = (
    ir.CompiledConfigMapping,
    ir.CompiledExtra,
    ir.CompiledField,
    ir.CompiledGraph,
    ir.CompiledHook,
    ir.CompiledInput,
    ir.CompiledJob,
    ir.CompiledNode,
    ir.CompiledOp,
    ir.CompiledOutput,
    ir.CompiledPartitionedConfig,
    ir.CompiledResource,
    ir.CompiledRetry,
    ir.FromGraphInput,
    ir.FromMany,
    ir.FromNode,
    ir.FromValue,
    Location,
    Position,
)
"""The classes that IR is made of; all can be made of their values in order."""


def _made(record: Callable[..., object], values: list[object]) -> object:
    return record(*values)


_MAKERS: dict[str, Callable[[list[object]], object]] = {
    _LIST: list,
    _TUPLE: tuple,
    _SET: frozenset,
    **{each.__name__: partial(_made, each) for each in RECORDS},
}

_NESTED = frozenset((dict, list))


def keep_job(job: CompiledJob, file: str, files: Iterable[tuple[str, str]]) -> None:
    """Keep the IR of a job of a spec that was compiled from these files, unless it holds secrets."""
    store = _store()
    if store is None or ir.MASK in ir.canonical_text(job.to_data()):
        return
    body = json.dumps(_encoded(job)).encode()
    store.write(_name(file, job.digest, files), sha256(body).hexdigest().encode() + b"\n" + body)


def kept_job(file: str, digest: str, files: Iterable[tuple[str, str]]) -> CompiledJob | None:
    """Return the IR of a job by what its pointer knows; None if there is none, or not just that."""
    store = _store()
    checksum, _, body = ((store and store.read(_name(file, digest, files))) or b"").partition(b"\n")
    if sha256(body).hexdigest().encode() != checksum:
        return None
    job = cast("CompiledJob", _decoded(json.loads(body)))
    return job if job.digest == digest else None


def _store() -> Store | None:
    folder = None if os.environ.get(OFF) else cache_folder()
    return None if folder is None else Store(str(Path(folder).with_name("jobs")))


def _name(file: str, digest: str, files: Iterable[tuple[str, str]]) -> str:
    known = [__version__, _shapes(), file, digest, sorted(files)]
    return sha256(json.dumps(known).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _shapes() -> str:
    """Return what changes with the records of the IR: entries of other ones are not looked for."""
    return repr([(each.__name__, each.__match_args__) for each in RECORDS])


def _encoded(value: object) -> object:
    """Return a part of the IR as JSON holds it; each list begins with what it was."""
    if isinstance(value, RECORDS):
        return [
            type(value).__name__,
            *(_encoded(getattr(value, name)) for name in type(value).__match_args__),
        ]
    if isinstance(value, dict):
        return {key: _encoded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_LIST, *map(_encoded, value)]
    if isinstance(value, tuple):
        return [_TUPLE, *map(_encoded, value)]
    if isinstance(value, frozenset):
        return [_SET, *map(_encoded, value)]
    assert value is None or isinstance(value, str | int | float)
    return value


def _decoded(value: object) -> object:
    """Return the part of the IR that `_encoded` was given."""
    if isinstance(value, dict):
        return {key: _decoded(item) if type(item) in _NESTED else item for key, item in value.items()}
    if isinstance(value, list):
        kind, *items = value
        return _MAKERS[kind]([_decoded(item) if type(item) in _NESTED else item for item in items])
    return value
