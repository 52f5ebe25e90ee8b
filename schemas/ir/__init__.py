"""The IR: what a spec means, as canonical, versioned, hashed data.

One `CompiledJob` holds everything a job needs and nothing it does not. Its canonical text is JSON with
sorted keys, no white space and ASCII only; the SHA-256 of that text is the job's digest. Order is kept where
it has a meaning (outputs of an op, nodes of wiring text, fan-in) and is sorted away everywhere else, so that
the digest ignores key order, comments, quoting, and whether the spec was YAML or TOML. Origins (where a
definition was written) are carried along for error messages; they are no part of the text.

A secret written into a spec (a value for a field or input of type `secret`) stands in the objects, so that a
job can be run, and is `**********` in their data, text and digest: changing a secret changes none of them.
A lone `${env.NAME}` in config is no secret, only where one comes from: it is shown, and counts.
"""

from jobc.schemas.ir.data import MASK, Data, canonical_text, digest_of, masked
from jobc.schemas.ir.graphs import (
    CompiledGraph,
    CompiledNode,
    CompiledSource,
    FromGraphInput,
    FromMany,
    FromNode,
    FromValue,
)
from jobc.schemas.ir.jobs import (
    FORMAT,
    CompiledConfigMapping,
    CompiledJob,
    CompiledPartitionedConfig,
    CompiledSpec,
)
from jobc.schemas.ir.ops import CompiledExtra, CompiledHook, CompiledOp, CompiledResource, CompiledRetry
from jobc.schemas.ir.ports import CompiledField, CompiledInput, CompiledOutput

__all__ = [
    "FORMAT",
    "MASK",
    "CompiledConfigMapping",
    "CompiledExtra",
    "CompiledField",
    "CompiledGraph",
    "CompiledHook",
    "CompiledInput",
    "CompiledJob",
    "CompiledNode",
    "CompiledOp",
    "CompiledOutput",
    "CompiledPartitionedConfig",
    "CompiledResource",
    "CompiledRetry",
    "CompiledSource",
    "CompiledSpec",
    "Data",
    "FromGraphInput",
    "FromMany",
    "FromNode",
    "FromValue",
    "canonical_text",
    "digest_of",
    "masked",
]
