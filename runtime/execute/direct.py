"""Contexts and resources outside a run, for calling ops and resource functions directly in tests."""

from __future__ import annotations

from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, NoReturn, Self

from jobc.runtime.definitions.direct import ContextForCalls
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.metadata import normalise_metadata
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction
from jobc.runtime.definitions.run_config import op_config, resolve_run_config
from jobc.runtime.definitions.tags import normalise_tags
from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.execute.logs import RunLogger, console_logger
from jobc.runtime.execute.resources import (
    InitResourceContext,
    OpenResources,
    ResourceSurroundings,
    opening_order,
)
from jobc.runtime.execute.scoped import ScopedResources
from jobc.runtime.execute.secrets import Mask
from jobc.runtime.storage.instance import Instance
from jobc.runtime.storage.runs import PARTITION_TAG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from jobc.runtime.definitions.values import AssetMaterialization, AssetObservation, ExpectationResult

OUTSIDE = "a context made by hand"
RUN_ID = "EPHEMERAL"
_RUN_ONLY = frozenset({"run", "run_config", "job_def", "job_name", "op_def", "op_name", "step_key"})


class DirectOpContext(ContextForCalls):
    """The context of an op that is called directly; made by `build_op_context`.

    Resources that must be closed are open only inside a `with` block.
    """

    def __init__(
        self,
        resources: _DirectResources,
        op_config: object,
        instance: Instance,
        mapping_key: str | None,
        run_tags: Mapping[str, str],
    ) -> None:
        self.op_config: Any = op_config
        self.instance = instance
        self.run_id = RUN_ID
        self.retry_number = 0
        self.run_tags = run_tags
        self.log = resources.log
        self._resources = resources
        self._mapping_key = mapping_key
        self._events: list[AssetMaterialization | AssetObservation | ExpectationResult] = []
        self._metadata: dict[tuple[str, str | None], dict[str, object]] = {}

    def __enter__(self) -> Self:
        """Open the resources."""
        self._resources.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the resources, the last opened first."""
        self._resources.close()

    def __getattr__(self, name: str) -> NoReturn:
        if name in _RUN_ONLY:
            raise InvariantViolationError(f"`{name}` belongs to a run, and {OUTSIDE} has none")
        raise AttributeError(f"{OUTSIDE} has no attribute `{name}`")

    def for_op(self, op: OpDefinition) -> DirectOpContext:
        """Return the same context with the config as this op sees it: checked, defaults filled in.

        Errors: `InvalidConfigError`.
        """
        context = copy(self)
        context.op_config = op_config(op, self.op_config)
        return context

    @property
    def resources(self) -> ScopedResources:
        """Return the resources.

        Errors: `InvariantViolationError` outside a `with` block if one of them must be closed.
        """
        return self._resources.opened()

    @property
    def has_partition_key(self) -> bool:
        """Tell whether a partition key was given."""
        return PARTITION_TAG in self.run_tags

    @property
    def partition_key(self) -> str:
        """Return the partition key.

        Errors: `InvariantViolationError` if none was given.
        """
        if PARTITION_TAG not in self.run_tags:
            raise InvariantViolationError(f"no partition key was given to {OUTSIDE}")
        return self.run_tags[PARTITION_TAG]

    def get_mapping_key(self) -> str | None:
        """Return the mapping key that was given, None if there was none."""
        return self._mapping_key

    def has_tag(self, key: str) -> bool:
        """Tell whether a tag was given."""
        return key in self.run_tags

    def get_tag(self, key: str) -> str | None:
        """Return a tag, None if there is none of that key."""
        return self.run_tags.get(key)

    def log_event(self, event: AssetMaterialization | AssetObservation | ExpectationResult) -> None:
        """Keep an event for `get_events`."""
        self._events.append(event)

    def get_events(self) -> list[AssetMaterialization | AssetObservation | ExpectationResult]:
        """Return the events that were logged, in order."""
        return list(self._events)

    def add_output_metadata(
        self,
        metadata: Mapping[str, object],
        output_name: str | None = None,
        mapping_key: str | None = None,
    ) -> None:
        """Keep metadata for `get_output_metadata`; the name of an output is `result` by default."""
        known = self._metadata.setdefault((output_name or "result", mapping_key), {})
        known.update(normalise_metadata(metadata))

    def get_output_metadata(
        self, output_name: str = "result", mapping_key: str | None = None
    ) -> Mapping[str, object]:
        """Return the metadata that was added to an output; may be empty."""
        return self._metadata.get((output_name, mapping_key), {})


def build_op_context(
    resources: Mapping[str, object] | None = None,
    op_config: object = None,
    resources_config: Mapping[str, object] | None = None,
    instance: Instance | None = None,
    partition_key: str | None = None,
    mapping_key: str | None = None,
    run_tags: Mapping[str, object] | None = None,
) -> DirectOpContext:
    """Return a context for calling an op directly.

    `resources` may be plain objects; `resources_config` is laid out as the `resources` of run config. Use
    it as a context manager if a resource must be closed.
    Errors: `InvalidConfigError` for the config of a resource; `InvalidDefinitionError` for a missing one.
    """
    instance = instance or Instance.ephemeral()
    tags = normalise_tags(run_tags, OUTSIDE)
    if partition_key is not None:
        tags = {**tags, PARTITION_TAG: partition_key}
    held = _DirectResources(resources or {}, resources_config or {}, instance)
    return DirectOpContext(held, op_config, instance, mapping_key, tags)


@contextmanager
def build_resources(
    resources: Mapping[str, object],
    instance: Instance | None = None,
    resource_config: Mapping[str, object] | None = None,
) -> Iterator[ScopedResources]:
    """Open resources for a `with` block, in dependency order; they are closed in reverse when it ends.

    Errors: `InvalidConfigError`, `InvalidDefinitionError`, `ResourceFunctionError`.
    """
    held = _DirectResources(resources, resource_config or {}, instance or Instance.ephemeral())
    held.open()
    try:
        yield held.opened()
    finally:
        held.close()


def build_init_resource_context(
    config: object = None,
    resources: Mapping[str, object] | None = None,
    instance: Instance | None = None,
) -> InitResourceContext:
    """Return a context for calling a resource's function; `resources` are values, not definitions."""
    held = resources or {}
    return InitResourceContext(
        config,
        ScopedResources(held, held.keys(), OUTSIDE),
        None,
        None,
        instance or Instance.ephemeral(),
        RunLogger(lambda: [console_logger()], Mask()),
    )


class _DirectResources:
    """The resources of a context made by hand: opened when read, or in a block if one must be closed."""

    def __init__(
        self, resources: Mapping[str, object], written: Mapping[str, object], instance: Instance
    ) -> None:
        job = _holder(resources)
        config = resolve_run_config(job, {"resources": written} if written else {})
        self.log = RunLogger(lambda: [console_logger()], Mask([config.resources]))
        self._keys = opening_order(resources, job.resource_defs)
        self._must_close = [
            key
            for key in self._keys
            if job.resource_defs[key].function.style in ("generator", "context_manager")
        ]
        self._is_open = False
        self._open = OpenResources(
            ResourceSurroundings(job.resource_defs, config.resources, None, instance, self.log)
        )

    def open(self) -> None:
        for key in self._keys:
            try:
                self._open.open(key)
            except BaseException:
                self.close()
                raise
        self._is_open = True

    def close(self) -> None:
        errors = [error for _, error in self._open.close()]
        self._is_open = False
        if errors:
            raise errors[0]

    def opened(self) -> ScopedResources:
        if not self._is_open:
            if self._must_close:
                raise InvariantViolationError(
                    f"the resource `{self._must_close[0]}` must be closed after use: "
                    "open it in a block, `with build_op_context(…) as context:`"
                )
            self.open()
        return ScopedResources(self._open.values, frozenset(self._keys), OUTSIDE)


def _holder(resources: Mapping[str, object]) -> JobDefinition:
    """Return a job whose one op needs all the resources, so that their config is checked as a run's is."""
    op = OpDefinition.of("holder", OpFunction(dict), {}, {}, required_resource_keys=frozenset(resources))
    return JobDefinition(
        graph_def=GraphDefinition.of("holder", {"holder": Node("holder", op)}, {}), resource_defs=resources
    )
