"""Values for the inputs of a job from `--input name=value`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.cli.run_config import WRONG_TYPE, placed
from jobc.runtime.config import Processed, process
from jobc.runtime.definitions.loading import load_config_type
from jobc.runtime.definitions.types import AnyType
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.cli.run_config import Layer
    from jobc.compiler.read import Value
    from jobc.runtime.config import ConfigType
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.types import JobcType

UNKNOWN_INPUT = "JC0403"


class Inputs(NamedTuple):
    """The values of inputs by name, and what is wrong with those that have none here."""

    values: dict[str, object]
    diagnostics: list[Diagnostic]


def read_inputs(job: JobDefinition, layers: Iterable[Layer]) -> Inputs:
    """Turn written inputs into values of the types that the job's inputs have; a layer holds one input."""
    inputs = Inputs({}, [])
    for layer in layers:
        name = ".".join(layer.keys)
        kind = job.graph.input_types.get(name)
        if kind is None:
            inputs.diagnostics.append(_unknown(name, job, layer))
        else:
            _read(name, kind, layer, inputs)
    return inputs


def _read(name: str, kind: JobcType, layer: Layer, inputs: Inputs) -> None:
    config_type = load_config_type(kind)
    if kind is AnyType:
        inputs.values[name] = layer.tree.value
    elif config_type is None:
        inputs.diagnostics.append(_unwritable(name, kind, layer))
    else:
        processed = _processed(config_type, layer)
        inputs.diagnostics.extend(placed(problem, layer) for problem in processed.errors)
        if not processed.errors:
            inputs.values[name] = processed.value


def _processed(config_type: ConfigType, layer: Layer) -> Processed:
    """Read a value as YAML does and, where that does not fit, as plain text: `5` may be meant as text."""
    as_written = process(config_type, layer.tree.value)
    if not as_written.errors:
        return as_written
    as_text = process(config_type, _plain_text(layer))
    return as_written if as_text.errors else as_text


def _plain_text(layer: Layer) -> Value:
    return layer.text.partition("=")[2]


def _unknown(name: str, job: JobDefinition, layer: Layer) -> Diagnostic:
    known = job.graph.input_types
    return Diagnostic(
        UNKNOWN_INPUT,
        f"job `{job.name}` has no input `{name}`",
        layer.locate_key(layer.keys),
        label="no input of this name",
        notes=(f"its inputs are {listing(known)}" if known else "it has no inputs",),
        suggestions=near_names(name, known),
    )


def _unwritable(name: str, kind: JobcType, layer: Layer) -> Diagnostic:
    return Diagnostic(
        WRONG_TYPE,
        f"a value of type `{kind.name}` cannot be written on the command line",
        layer.locate_key(layer.keys),
        label=f"the type of input `{name}`",
        help="give the input a value in the job, or a default",
    )
