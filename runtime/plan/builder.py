"""Building a plan: steps from flattened nodes, slots for all their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jobc.runtime.definitions.ports import NO_VALUE
from jobc.runtime.definitions.sources import Constant
from jobc.runtime.plan.graph_walk import (
    CollectedOutput,
    FlatNode,
    FlatSource,
    Many,
    MappedOutput,
    OpOutput,
    Path,
    RunInput,
    Scope,
    Unconnected,
    flat_nodes,
)
from jobc.runtime.plan.order import PRIORITY_TAG, execution_order, priority_of
from jobc.runtime.plan.plain import plain_call
from jobc.runtime.plan.steps import (
    MISSING,
    Argument,
    Collected,
    ConfigSlot,
    ExecutionPlan,
    FromConfig,
    FromConstant,
    FromManager,
    FromRunInput,
    FromStep,
    FromSteps,
    InputSlot,
    InputSource,
    Ordering,
    ResourceSlot,
    Step,
    StepInput,
    StepOutput,
    step_sources,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.runtime.definitions.hook import HookDefinition
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.op import OpDefinition


class PlanBuilder:
    """Builds the plan of one job; used once."""

    def __init__(self, job: JobDefinition) -> None:
        self._job = job
        root = Scope(job.graph, (), None, frozenset(job.hook_defs))
        self._flat = list(flat_nodes(root))
        self._written = {node.path: position for position, node in enumerate(self._flat)}
        self._steps: list[Step] = []
        self._references: dict[Path, dict[str, FromStep]] = {}
        self._index: dict[Path, int] = {}
        self._inside: dict[Path, list[int]] = {}
        self._template: list[object] = []
        self._input_slots: list[InputSlot] = []
        self._config_slots: list[ConfigSlot] = []
        self._resource_slots: dict[str, ResourceSlot] = {}
        self._hook_sets: dict[frozenset[HookDefinition], tuple[HookDefinition, ...]] = {}

    def build(self) -> ExecutionPlan:
        """Return the plan."""
        sources = [_sources(node) for node in self._flat]
        needs = [self._needs(node, found) for node, found in zip(self._flat, sources, strict=True)]
        tags = [_tags(node) for node in self._flat]
        keys = [".".join(node.path) for node in self._flat]
        priorities = {
            position: priority_of(own, keys[position])
            for position, own in enumerate(tags)
            if PRIORITY_TAG in own
        }
        order = execution_order(needs, priorities, keys)
        for position in order:
            self._add_step(self._flat[position], keys[position], sources[position], tags[position])
        return ExecutionPlan(
            job_name=self._job.name,
            steps=tuple(self._steps),
            index={step.key: step.index for step in self._steps},
            template=tuple(self._template),
            input_slots=tuple(self._input_slots),
            config_slots=tuple(self._config_slots),
            resource_slots=tuple(self._resource_slots.values()),
            resource_keys=frozenset(self._resource_slots).union(*map(_resource_keys, self._steps)),
            manager_keys=frozenset(key for step in self._steps for key in _manager_keys(step)),
            unstoppable=tuple(step.index for step in self._steps if _is_unstoppable(step.op)),
        )

    def _needs(self, node: FlatNode, sources: Mapping[str, FlatSource]) -> list[int]:
        found = [self._written[path] for source in sources.values() for path in _producers(source)]
        for path in node.after:
            found.extend(self._below(path))
        return found

    def _below(self, path: Path) -> list[int]:
        """Return the positions of a node's ops: itself, or all ops in a graph."""
        if path in self._written:
            return [self._written[path]]
        if path not in self._inside:
            self._inside[path] = [
                position for other, position in self._written.items() if other[: len(path)] == path
            ]
        return self._inside[path]

    def _add_step(
        self, node: FlatNode, key: str, sources: Mapping[str, FlatSource], tags: Mapping[str, str]
    ) -> None:
        op, index = node.op, len(self._steps)
        inputs = tuple(
            self._input(node, position, name, sources[name]) for position, name in enumerate(op.ins)
        )
        after = tuple(
            tuple(sorted(self._index[self._flat[other].path] for other in self._below(path)))
            for path in node.after
        )
        upstream = {source.step for port in inputs for source in step_sources(port.source)}
        outputs = self._outputs(op)
        arguments = self._arguments(op, index)
        axis = self._axis(inputs)
        hooks = self._hooks(node)
        step = Step(
            index=index,
            key=key,
            path=node.path,
            op=op,
            inputs=inputs,
            outputs=outputs,
            arguments=arguments,
            after=after,
            upstream=tuple(sorted(upstream.union(*after))),
            axis=axis,
            retry_policy=node.node.retry_policy or op.retry_policy or self._job.op_retry_policy,
            tags=tags,
            hooks=hooks,
            required_resources=op.required_resource_keys,
            plain=None
            if hooks or axis is not None
            else plain_call(op, inputs, outputs, arguments, self._steps),
        )
        self._steps.append(step)
        self._index[node.path] = index
        self._references[node.path] = {
            output.name: FromStep(index, position, output.slot, per_key=axis is not None)
            for position, output in enumerate(outputs)
        }

    def _input(self, node: FlatNode, position: int, name: str, source: FlatSource) -> StepInput:
        port = node.op.ins[name]
        found = self._source(node, position, name, source)
        return StepInput(name, port.type, found, port.input_manager_key, port.metadata)

    def _source(self, node: FlatNode, position: int, name: str, source: FlatSource) -> InputSource:
        if isinstance(source, OpOutput):
            return self._from_step(source)
        if isinstance(source, MappedOutput):
            found = self._from_step(source.source)
            return FromStep(found.step, found.output, found.slot, per_key=True)
        if isinstance(source, CollectedOutput):
            found = self._from_step(source.source)
            axis = self._steps[found.step].axis
            return Collected(found.step, found.output, found.slot, found.slot if axis is None else axis)
        if isinstance(source, Many):
            return FromSteps(tuple(self._source(node, position, name, member) for member in source.members))
        if isinstance(source, Constant):
            return FromConstant(self._new_slot(source.value))
        return self._from_outside(node, position, name, source)

    def _from_step(self, source: OpOutput) -> FromStep:
        return self._references[source.path][source.output]

    def _from_outside(
        self, node: FlatNode, position: int, name: str, source: RunInput | Unconnected
    ) -> InputSource:
        port = node.op.ins[name]
        if port.type.is_nothing:
            return Ordering()
        if port.input_manager_key is not None and isinstance(source, Unconnected):
            return FromManager()
        default = port.default_value if source.default is NO_VALUE else source.default
        slot = self._new_slot(MISSING if default is NO_VALUE else default)
        path = () if isinstance(source, RunInput) else source.path
        self._input_slots.append(InputSlot(slot, path, source.name, len(self._steps), position))
        if isinstance(source, RunInput):
            return FromRunInput(source.name, slot)
        return FromConfig(source.path, source.name, slot)

    def _outputs(self, op: OpDefinition) -> tuple[StepOutput, ...]:
        return tuple(
            StepOutput(
                name,
                out.type,
                self._new_slot(MISSING),
                out.is_required,
                out.is_dynamic,
                out.io_manager_key,
                out.metadata,
                out.asset_key,
            )
            for name, out in op.outs.items()
        )

    def _arguments(self, op: OpDefinition, index: int) -> tuple[Argument, ...]:
        positions = {name: position for position, name in enumerate(op.ins)}
        found = []
        for slot in op.function.slots:
            if slot.kind == "input":
                place = positions[slot.name]
            elif slot.kind == "resource":
                place = self._resource_slot(slot.name)
            elif slot.kind == "context":
                place = 0
            else:
                place = self._config_slot(index, slot.kind, slot.name)
            found.append(Argument(slot.kind, place, slot.parameter_name if slot.keyword else None))
        return tuple(found)

    def _resource_slot(self, key: str) -> int:
        if key not in self._resource_slots:
            self._resource_slots[key] = ResourceSlot(self._new_slot(MISSING), key)
        return self._resource_slots[key].slot

    def _config_slot(self, step: int, kind: Literal["config", "config_key"], name: str) -> int:
        slot = self._new_slot(MISSING)
        self._config_slots.append(ConfigSlot(slot, step, name if kind == "config_key" else None))
        return slot

    def _new_slot(self, value: object) -> int:
        self._template.append(value)
        return len(self._template) - 1

    def _axis(self, inputs: Sequence[StepInput]) -> int | None:
        """Return the slot of the dynamic output that a step is mapped over, by what it reads."""
        for port in inputs:
            for source in step_sources(port.source):
                if isinstance(source, FromStep) and source.per_key:
                    axis = self._steps[source.step].axis
                    return source.slot if axis is None else axis
        return None

    def _hooks(self, node: FlatNode) -> tuple[HookDefinition, ...]:
        """Return the hooks of a step, by name, so that runs are alike; a set of hooks is sorted once."""
        hooks = node.scope.hooks | node.node.hooks if node.node.hooks else node.scope.hooks
        if hooks not in self._hook_sets:
            self._hook_sets[hooks] = tuple(sorted(hooks, key=lambda hook: hook.name))
        return self._hook_sets[hooks]


def _sources(node: FlatNode) -> dict[str, FlatSource]:
    return {name: node.scope.source_of(node.path[-1], name) for name in node.op.ins}


def _tags(node: FlatNode) -> Mapping[str, str]:
    if not node.node.tags:
        return node.op.tags
    return {**node.op.tags, **node.node.tags}


def _producers(source: FlatSource) -> list[Path]:
    if isinstance(source, OpOutput):
        return [source.path]
    if isinstance(source, MappedOutput | CollectedOutput):
        return [source.source.path]
    if isinstance(source, Many):
        return [path for member in source.members for path in _producers(member)]
    return []


def _resource_keys(step: Step) -> frozenset[str]:
    return step.required_resources.union(*(hook.required_resource_keys for hook in step.hooks))


def _is_unstoppable(op: OpDefinition) -> bool:
    return op.timeout_s is not None and not op.function.style.startswith("async")


def _manager_keys(step: Step) -> list[str]:
    stored = [output.manager_key for output in step.outputs if not output.type.is_nothing]
    return stored + [port.manager_key for port in step.inputs if port.manager_key is not None]
