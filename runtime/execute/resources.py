"""Resources of a run: opened in dependency order, closed once, in reverse (SEMANTICS 13)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

from jobc.runtime.errors import InvalidDefinitionError, InvariantViolationError, ResourceFunctionError
from jobc.runtime.execute.scoped import ScopedResources
from jobc.schemas.names import listing
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from jobc.runtime.definitions.resource import ResourceDefinition
    from jobc.runtime.execute.logs import RunLogger
    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run

Close = Callable[[], None]


@dataclass(frozen=True, slots=True)
class InitResourceContext:
    """What a resource's function is told: its config, the resources it declared, the run."""

    resource_config: object
    resources: ScopedResources
    resource_def: ResourceDefinition | None
    run: Run | None
    instance: Instance | None
    log: RunLogger

    @property
    def run_id(self) -> str | None:
        """Return the id of the run; None outside a run."""
        return None if self.run is None else self.run.run_id


@dataclass(frozen=True, slots=True)
class ResourceSurroundings:
    """What all resources of one run are opened with: definitions and configs by key, and the run."""

    definitions: Mapping[str, ResourceDefinition]
    configs: Mapping[str, object]
    run: Run | None
    instance: Instance | None
    log: RunLogger


class OpenResources:
    """The resources that are open, by key, and how to close them."""

    def __init__(self, surroundings: ResourceSurroundings) -> None:
        self._surroundings = surroundings
        self._closers: list[tuple[str, Close]] = []
        self.values: dict[str, object] = {}

    def open(self, key: str) -> None:
        """Open one resource; those it depends on are open already.

        Errors: `ResourceFunctionError` caused by what its function raised.
        """
        definition = self._surroundings.definitions[key]
        try:
            self._open(key, definition)
        except Exception as error:
            where = (
                ""
                if definition.origin is None
                else f", declared at {definition.origin.file}:{definition.origin.line}"
            )
            raise ResourceFunctionError(f"opening the resource `{key}` raised an exception{where}") from error

    def close(self) -> Iterator[tuple[str, BaseException]]:
        """Close all that is open, the last opened first; yield each key whose closing raised, and what."""
        while self._closers:
            key, close = self._closers.pop()
            self.values.pop(key, None)
            try:
                close()
            except BaseException as error:  # noqa: BLE001 - yielded; the others must be closed all the same
                yield key, error

    def _open(self, key: str, definition: ResourceDefinition) -> None:
        style = definition.function.style
        made = self._call(key, definition)
        if style == "generator":
            self._enter_generator(key, cast("Generator[object, None, None]", made))
        elif style == "context_manager":
            manager = cast("AbstractContextManager[object]", made)
            value = manager.__enter__()
            self._closers.append((key, lambda: _leave(manager)))
            self.values[key] = value
        else:
            self.values[key] = made

    def _enter_generator(self, key: str, generator: Generator[object, None, None]) -> None:
        try:
            value = next(generator)
        except StopIteration:
            raise InvariantViolationError(
                f"the resource `{key}` is a generator and must yield once"
            ) from None
        self._closers.append((key, lambda: _finish(generator)))
        self.values[key] = value

    def _call(self, key: str, definition: ResourceDefinition) -> object:
        positional: list[object] = []
        named: dict[str, object] = {}
        for slot in definition.function.slots:
            if slot.kind == "context":
                value: object = self._context(key, definition)
            elif slot.kind == "resource":
                value = self.values[slot.name]
            else:
                config = self._surroundings.configs.get(key)
                value = (
                    config
                    if slot.kind == "config"
                    else cast("Mapping[str, object]", config or {}).get(slot.name)
                )
            if slot.keyword:
                named[slot.parameter_name] = value
            else:
                positional.append(value)
        return definition.function.function(*positional, **named)

    def _context(self, key: str, definition: ResourceDefinition) -> InitResourceContext:
        around = self._surroundings
        return InitResourceContext(
            around.configs.get(key),
            ScopedResources(self.values, definition.required_resource_keys, f"the resource `{key}`"),
            definition,
            around.run,
            around.instance,
            around.log,
        )


def opening_order(needed: Iterable[str], definitions: Mapping[str, ResourceDefinition]) -> tuple[str, ...]:
    """Return the keys to open, those they depend on included: dependencies first, ties alphabetical.

    Errors: `InvalidDefinitionError` for a key nobody defines or nobody gave a resource for;
    `InvariantViolationError` for a cycle.
    """
    order: list[str] = []
    for key in sorted(set(needed)):
        _visit(key, definitions, order, ())
    return tuple(order)


def _visit(
    key: str, definitions: Mapping[str, ResourceDefinition], order: list[str], below: tuple[str, ...]
) -> None:
    if key in order:
        return
    if key in below:
        raise InvariantViolationError(f"resources need one another in a circle: {listing([*below, key])}")
    if key not in definitions:
        raise InvalidDefinitionError(
            f"the resource `{key}` is needed but not defined; there are {listing(sorted(definitions))}"
        )
    if definitions[key].is_late_bound:
        raise InvalidDefinitionError(
            f"the resource `{key}` is late-bound: it must be given when the job is run, with `resources=`"
        )
    for other in sorted(definitions[key].required_resource_keys):
        _visit(other, definitions, order, (*below, key))
    order.append(key)


def _leave(manager: AbstractContextManager[object]) -> None:
    manager.__exit__(None, None, None)


def _finish(generator: Generator[object, None, None]) -> None:
    """Run a generator past its yield, which is its teardown; another yield is passed over."""
    next(generator, None)
    generator.close()
