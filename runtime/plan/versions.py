"""Versions of outputs: a hash of all that an output depends on, known before anything runs (SEMANTICS 18).

The version of a step joins those of its inputs, of what it waits for, of its op, the op's config and the
resources the op reads; the version of an output adds its name. A part without a version leaves the whole
without one, and with it everything downstream.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, time, timedelta
from enum import Enum
from hashlib import sha1
from pathlib import PurePath
from typing import TYPE_CHECKING

from jobc.runtime.config import Secret
from jobc.runtime.definitions.checks import describe
from jobc.runtime.definitions.versioning import OpVersionContext, ResourceVersionContext
from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.plan.steps import MISSING, Collected, FromManager, FromStep, FromSteps, Ordering
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.run_config import ResolvedConfig
    from jobc.runtime.plan.steps import ExecutionPlan, InputSource, Step, StepInput

_WELL_FORMED = re.compile(r"[A-Za-z0-9_]+")
_PLAIN = (str, bool, int, float, complex, date, time, timedelta, PurePath, Secret)


@dataclass(frozen=True, slots=True)
class OutputVersions:
    """The versions of a plan's steps and of their outputs; what is not in them has none.

    `steps` is by the index of the step, `outputs` by that and the position of the output.
    """

    steps: Mapping[int, str]
    outputs: Mapping[tuple[int, int], str]


def output_versions(
    plan: ExecutionPlan, job: JobDefinition, config: ResolvedConfig, values: Sequence[object]
) -> OutputVersions:
    """Return the versions of all outputs of a plan; `values` are the slots, filled as before the first step.

    Errors: `InvariantViolationError` for an op without a version, a version of another form than
    `[A-Za-z0-9_]+`, and for dynamic outputs.
    """
    found = _Versions(job, config, values)
    for step in plan.steps:
        found.add(step, plan)
    return OutputVersions(found.steps, found.outputs)


class _Versions:
    """Works out the versions of one plan, step by step in its order."""

    def __init__(self, job: JobDefinition, config: ResolvedConfig, values: Sequence[object]) -> None:
        self._job = job
        self._config = config
        self._values = values
        self._resources: dict[str, str | None] = {}
        self.steps: dict[int, str] = {}
        self.outputs: dict[tuple[int, int], str] = {}

    def add(self, step: Step, plan: ExecutionPlan) -> None:
        if step.axis is not None or any(output.dynamic for output in step.outputs):
            raise InvariantViolationError(
                f"job `{self._job.name}` is memoised, and `{step.key}` belongs to a dynamic part of its "
                "graph; memoisation needs to know all steps before the first one runs"
            )
        entry = self._config.ops.get(step.path)
        config = None if entry is None else entry.config
        parts = {
            f"op {step.op.name}": self._op(step, config),
            "config": value_version(config),
            **{f"input {port.name}": self._input(port) for port in step.inputs},
            **{
                f"after {plan.steps[other].key}": self.steps.get(other)
                for node in step.after
                for other in node
            },
            **self._read(step),
        }
        version = _joined(parts)
        if version is None:
            return
        self.steps[step.index] = version
        for position, output in enumerate(step.outputs):
            own = step.op.outs[output.name].code_version
            named = {f"output {output.name}": version, **({} if own is None else {"code": own})}
            self.outputs[step.index, position] = _hash(
                "".join(sorted(f"{k}:{v}\n" for k, v in named.items()))
            )

    def _op(self, step: Step, config: object) -> str:
        op, strategy = step.op, self._job.version_strategy
        context = OpVersionContext(op, config)
        version = op.code_version
        if version is None and op.version_fn is not None:
            version = op.version_fn(context)
        if version is None and strategy is not None:
            version = strategy.get_op_version(context)
        if version is None:
            raise InvariantViolationError(
                f"job `{self._job.name}` is memoised, and the version of op `{op.name}` was None: give the "
                "op a `code_version`, or the job a `version_strategy` that knows the op"
            )
        return _checked(version, f"op `{op.name}`")

    def _read(self, step: Step) -> dict[str, str]:
        versions = {key: self._resource(key) for key in step.required_resources}
        return {f"resource {key}": version for key, version in versions.items() if version is not None}

    def _resource(self, key: str) -> str | None:
        """Return the version of a resource, its config and those it needs; None if it has none itself."""
        if key not in self._resources:
            self._resources[key] = None
            definition, config = self._job.resource_defs[key], self._config.resources.get(key)
            version, strategy = definition.version, self._job.version_strategy
            if version is None and strategy is not None:
                version = strategy.get_resource_version(ResourceVersionContext(definition, config))
            if version is not None:
                needed = {other: self._resource(other) for other in definition.required_resource_keys}
                known = {f"resource {other}": own for other, own in needed.items() if own is not None}
                own = _checked(version, f"the resource `{key}`")
                self._resources[key] = _joined({"own": own, "config": value_version(config), **known})
        return self._resources[key]

    def _input(self, port: StepInput) -> str | None:
        return self._source(port.source, port)

    def _source(self, source: InputSource, port: StepInput) -> str | None:
        match source:
            case FromStep():
                return self.outputs.get((source.step, source.output))
            case FromSteps(members):
                return _joined(
                    {f"{place:06}": self._source(each, port) for place, each in enumerate(members)}
                )
            case Ordering():
                return "nothing"
            case FromManager() | Collected():
                return None if port.manager_key is None else self._resource(port.manager_key)
        value = self._values[source.slot]
        if value is MISSING:
            return None if port.manager_key is None else self._resource(port.manager_key)
        return value_version(value)


def value_version(value: object) -> str | None:
    """Return the version of a plain value; None for one that holds anything else.

    Mappings and sets have the same version in any order; a secret counts as what is shown of it.
    """
    if value is None or isinstance(value, Enum | bytes):
        return _hash(f"{type(value).__name__} {value!r}")
    if isinstance(value, _PLAIN):
        return _hash(f"{type(value).__name__} {value}")
    if isinstance(value, Mapping):
        return _joined(
            {"kind": "mapping", **{f"{key!r}": value_version(each) for key, each in value.items()}}
        )
    if isinstance(value, list | tuple):
        members = {f"{place:09}": value_version(member) for place, member in enumerate(value)}
        return _joined({"kind": "sequence", **members})
    if isinstance(value, AbstractSet):
        versions = [value_version(member) for member in value]
        return _joined({"kind": "set", **{f"{version}": version for version in versions}})
    return None


def _joined(parts: Mapping[str, str | None]) -> str | None:
    """Return the SHA-1 of the sorted parts, each with what it is; None if one has no version."""
    if None in parts.values():
        return None
    return _hash("".join(sorted(f"{name}:{version}\n" for name, version in parts.items())))


def _hash(text: str) -> str:
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def _checked(version: object, owner: str) -> str:
    if isinstance(version, str) and _WELL_FORMED.fullmatch(version):
        return version
    raise InvariantViolationError(
        f"the version of {owner} must consist of letters, digits and `_` ([A-Za-z0-9_]+), not be "
        f"{describe(version)}"
    )
