"""An exception at every place where a run calls somebody else's code, one run per place.

The run: five resources, one of them the IO manager, and three steps, `c` reading from `a` while `b` stands
alone. A model of a dozen lines says in which order the places are reached and which events there are; the
run must agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.graph_decorator import job
from jobc.runtime.definitions.hook import event_list_hook
from jobc.runtime.definitions.io_manager import IOManager
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.resource import ResourceDefinition, resource
from jobc.runtime.errors import ResourceFunctionError
from jobc.runtime.storage.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.op import OpDefinition

NEEDS = {"base": (), "io_manager": ("base",), "left": (), "right": ("left",), "top": ("io_manager", "right")}
OPENED = ("base", "io_manager", "left", "right", "top")
STEPS: dict[str, tuple[str, ...]] = {
    "a": ("body a", "handle a", "hook a"),
    "b": ("body b", "handle b", "hook b"),
    "c": ("load c", "body c", "handle c", "hook c"),
}
AFTER = {"load": ("LOADED_INPUT", "STEP_INPUT"), "handle": ("HANDLED_OUTPUT", "STEP_SUCCESS")}
PLACES = (
    *(f"open {key}" for key in OPENED),
    *(place for places in STEPS.values() for place in places),
    *(f"close {key}" for key in OPENED),
)


class InjectedError(Exception):
    """What is raised at the chosen place."""


@dataclass
class Places:
    """Notes the places that are reached and raises at the one that is to fail."""

    failing: str
    reached: list[str] = field(default_factory=list)

    def reach(self, place: str) -> None:
        self.reached.append(place)
        if place == self.failing:
            raise InjectedError(place)


def noted_resource(places: Places, key: str) -> ResourceDefinition:
    @resource(required_resource_keys=set(NEEDS[key]))
    def opened(_context: Any) -> Iterator[object]:
        places.reach(f"open {key}")
        yield Manager(places) if key == "io_manager" else key
        places.reach(f"close {key}")

    return opened


class Manager(IOManager):
    """Keeps values and notes each use."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.values: dict[str, object] = {}

    def handle_output(self, context: Any, obj: object) -> None:
        self.places.reach(f"handle {context.step_key}")
        self.values[context.step_key] = obj

    def load_input(self, context: Any) -> object:
        self.places.reach(f"load {context.step_key}")
        return self.values[context.upstream_output.step_key]


def noted_op(places: Places, name: str, reads: bool) -> OpDefinition:
    if reads:

        @op(name=name, required_resource_keys={"top"})
        def reader(context: Any, value: int) -> int:
            places.reach(f"body {context.step_key}")
            return value

        return reader

    @op(name=name, required_resource_keys={"top"})
    def source(context: Any) -> int:
        places.reach(f"body {context.step_key}")
        return 1

    return source


def job_with(places: Places) -> JobDefinition:
    @event_list_hook
    def notes(context: Any, _events: object) -> None:
        places.reach(f"hook {context.step_key}")

    a, b, c = noted_op(places, "a", False), noted_op(places, "b", False), noted_op(places, "c", True)

    @job(resource_defs={key: noted_resource(places, key) for key in OPENED}, hooks={notes})
    def injected() -> None:
        read = a()
        b()
        c(read)

    return injected


@dataclass
class Model:
    """What must happen when `failing` fails: the places reached and the events, as kinds with their step."""

    failing: str
    raising: bool
    reached: list[str] = field(default_factory=list)
    events: list[tuple[str, str | None]] = field(default_factory=list)
    failed: bool = False

    def run(self) -> Model:
        self.events += [("RUN_START", None), ("RESOURCE_INIT_STARTED", None)]
        opened = self._open()
        if len(opened) == len(OPENED):
            self.events.append(("RESOURCE_INIT_SUCCESS", None))
            self._run_steps()
        else:
            self.events.append(("RESOURCE_INIT_FAILURE", None))
            self.failed = True
        for key in reversed(opened):
            if not self._passes(f"close {key}"):
                self.events.append(("ENGINE_EVENT", None))
        self.events.append(("RUN_FAILURE" if self.failed else "RUN_SUCCESS", None))
        return self

    def _open(self) -> list[str]:
        opened = []
        for key in OPENED:
            if not self._passes(f"open {key}"):
                break
            opened.append(key)
        return opened

    def _run_steps(self) -> None:
        broken: set[str] = set()
        for step, places in STEPS.items():
            if step == "c" and "a" in broken:
                continue
            self.events.append(("STEP_START", step))
            if not self._run_step(step, places[:-1]):
                broken.add(step)
                self.failed = True
                if self.raising:
                    return
            completed = self._passes(places[-1])
            self.events.append(("HOOK_COMPLETED" if completed else "HOOK_ERRORED", step))

    def _run_step(self, step: str, places: tuple[str, ...]) -> bool:
        for place in places:
            kind = place.split()[0]
            if kind == "handle":
                self.events.append(("STEP_OUTPUT", step))
            if not self._passes(place):
                self.events.append(("STEP_FAILURE", step))
                return False
            self.events += [(event, step) for event in AFTER.get(kind, ())]
        return True

    def _passes(self, place: str) -> bool:
        self.reached.append(place)
        return place != self.failing


@pytest.mark.parametrize("raising", [True, False], ids=["raising", "recording"])
@pytest.mark.parametrize("place", PLACES, ids=[place.replace(" ", "_") for place in PLACES])
def test_a_fault_at_every_place(place: str, raising: bool) -> None:
    model = Model(place, raising).run()
    places = Places(place)
    instance = Instance.ephemeral()
    made = job_with(places)
    if raising and model.failed:
        with pytest.raises((InjectedError, ResourceFunctionError)) as caught:
            made.execute_in_process(instance=instance, run_id="r")
        origin = caught.value.__cause__ if place.startswith("open") else caught.value
        assert str(origin) == place
    else:
        result = made.execute_in_process(instance=instance, run_id="r", raise_on_error=raising)
        assert result.success is not model.failed
    assert places.reached == model.reached
    assert [(event.event_type_value, event.step_key) for event in instance.all_events("r")] == model.events


def test_without_a_fault_every_place_is_reached() -> None:
    model = Model("nowhere", raising=True).run()
    places = Places("nowhere")
    assert job_with(places).execute_in_process().success
    assert places.reached == model.reached
    assert sorted(places.reached) == sorted(PLACES)
