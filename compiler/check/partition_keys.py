"""Rule: the keys of partitions tell their windows apart."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from jobc.compiler.bind.partition_types import partitions_definition
from jobc.compiler.bind.program import own
from jobc.runtime.errors import CheckError, JobcError
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobc.compiler.bind.program import PartitionsSymbol, Program
    from jobc.runtime.partitions import PartitionsDefinition

# Long enough for some windows of any schedule, and the shortest first: there may be many in a long stretch.
_STRETCHES = tuple(timedelta(days=days) for days in (1.1, 8, 62, 800))
_ENOUGH = 12


def check_partition_keys(program: Program) -> Iterator[Diagnostic]:
    """Warn of a `fmt` that gives two windows one key (JC0802); the formats used without it give none."""
    for symbol in own(program.partitions):
        if not isinstance(symbol.options, dict) or "fmt" not in symbol.options or symbol.kind is None:
            continue
        keys = () if program.document.is_broken(symbol.path) else _first_keys(symbol)
        twice = next((key for key, following in pairwise(keys) if key == following), None)
        if twice is not None:
            yield Diagnostic(
                "JC0802",
                f"partitions `{symbol.name}`: more than one window has the key `{twice}`",
                program.document.tree.locate((*symbol.path, symbol.kind, "fmt")),
                label="does not tell them apart",
                help="a run of that key takes one of them; add what differs, such as `-%H:%M`",
            )


def _first_keys(symbol: PartitionsSymbol) -> Sequence[str]:
    """Return some of the first keys; none of partitions that cannot be, which is reported."""
    from jobc.runtime.partitions import TimeWindowPartitionsDefinition

    keys: Sequence[str] = ()
    known: dict[str, PartitionsDefinition] = {}
    try:
        definition = partitions_definition(str(symbol.kind), symbol.options, known.__getitem__)
        if isinstance(definition, TimeWindowPartitionsDefinition):
            for stretch in _STRETCHES:
                keys = definition.get_partition_keys(current_time=definition.start + stretch)
                if len(keys) >= _ENOUGH:
                    break
    except (JobcError, CheckError, ValueError, KeyError, OverflowError):
        return ()
    return keys
