"""Specs and jobs of a given size, to measure on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SHAPES = ("chain", "fan", "layers")
WIDTH = 10


def write_spec(folder: Path, ops: int) -> Path:
    """Write a spec of `ops` ops with config, tags and wiring text, and the module it names."""
    functions, entries, wiring = [], [], ["value_0 = op_0()"]
    for number in range(ops):
        inputs = "value: int, " if number else ""
        functions.append(f"def op_{number}({inputs}limit: int) -> int:\n    return limit\n")
        entries.append(
            f"  op_{number}:\n"
            f"    python: work:op_{number}\n"
            f"    description: Step {number} of the work\n"
            f"    config: {{limit: {{type: int, default: {number}, ge: 0}}}}\n"
            f"    outputs: {{result: int}}\n"
            f"    tags: {{team: orders, cost: low}}\n"
        )
        if number:
            wiring.append(f"value_{number} = op_{number}(value_{number - 1})")
    lines = "".join(f"      {line}\n" for line in wiring)
    path = folder / "work.yaml"
    path.write_text(
        "jobc: 1\ndescription: A chain of small ops\nops:\n"
        + "".join(entries)
        + f"graphs:\n  work:\n    wiring: |\n{lines}"
        + "jobs:\n  work: {graph: work, tags: {team: orders}}\n"
    )
    (folder / "work.py").write_text("\n\n".join(functions))
    return path


def edges(shape: str, size: int) -> list[tuple[int, ...]]:
    """Return for each op the ops it reads from: a chain, a fan into one, or layers with three inputs each."""
    if shape == "chain":
        return [(number - 1,) if number else () for number in range(size)]
    if shape == "fan":
        return [(0,) if 0 < number < size else () for number in range(size)]
    layered: list[tuple[int, ...]] = []
    for number in range(size):
        layer, place = divmod(number, WIDTH)
        below = (layer - 1) * WIDTH
        layered.append(tuple(below + (place + step) % WIDTH for step in range(3)) if layer else ())
    return layered
