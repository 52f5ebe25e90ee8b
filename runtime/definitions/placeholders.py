"""What invocations return inside a body: stand-ins for values of a later run (SEMANTICS 1, 10)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from jobc.runtime.definitions.sources import Collected, GraphInput, Mapped, NodeOutput, Source
from jobc.runtime.errors import CheckError, InvariantViolationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.runtime.definitions.composition import Frame


class Placeholder:
    """Stands for a value of a later run; belongs to the body (`frame`) in which it was made."""

    __slots__ = ("frame",)

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    @property
    def described(self) -> str:
        """Return what messages call it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{self.described}>"

    def __iter__(self) -> NoReturn:
        raise InvariantViolationError(
            f"{self.described} cannot be iterated: its value exists only at run time; use a dynamic output "
            "with `.map(…)` to run something for each item"
        )

    def __getitem__(self, _: object) -> NoReturn:
        raise InvariantViolationError(
            f"{self.described} cannot be indexed: its value exists only at run time; declare several outputs "
            "to read its parts"
        )

    def alias(self, _: object) -> NoReturn:
        """Refuse: only what is not invoked yet has an alias."""
        self._refuse_modifier("alias")

    def with_hooks(self, _: object) -> NoReturn:
        """Refuse: only what is not invoked yet can be given hooks."""
        self._refuse_modifier("with_hooks")

    def _refuse_modifier(self, name: str) -> NoReturn:
        raise InvariantViolationError(
            f"`.{name}(…)` was called on {self.described}, which is invoked already; check the parentheses: "
            f"`op.{name}(…)()` invokes after the change"
        )


class InputPlaceholder(Placeholder):
    """Stands for an input of the graph or job whose body runs."""

    __slots__ = ("source",)

    def __init__(self, frame: Frame, name: str) -> None:
        self.frame = frame
        self.source = GraphInput(name)

    @property
    def described(self) -> str:
        """Return what messages call it."""
        return f"the input `{self.source.name}` of {self.frame.owner}"


class OutputPlaceholder(Placeholder):
    """Stands for one value of an output of a node."""

    __slots__ = ("output", "source")

    def __init__(self, frame: Frame, output: NodeOutput, source: Source) -> None:
        self.frame = frame
        self.output = output
        self.source = source

    @property
    def described(self) -> str:
        """Return what messages call it."""
        return f"the output `{self.output.output}` of `{self.output.node}`"


class DynamicPlaceholder(Placeholder):
    """Stands for a number of values that is known only at run time: to be mapped or collected."""

    __slots__ = ("element", "output")

    def __init__(self, frame: Frame, output: NodeOutput, element: Source) -> None:
        self.frame = frame
        self.output = output
        self.element = element

    @property
    def described(self) -> str:
        """Return what messages call it."""
        return f"the dynamic output `{self.output.output}` of `{self.output.node}`"

    def map(self, function: Callable[[OutputPlaceholder], object]) -> Any:
        """Return what `function` gives for one value, each part dynamic again; the function is called once.

        Errors: `CheckError` if it gives anything but placeholders of outputs or None.
        """
        returned = function(OutputPlaceholder(self.frame, self.output, self.element))
        if returned is None:
            return None
        if isinstance(returned, tuple):
            parts = [_mapped(part) for part in returned]
            return type(returned)(*parts) if hasattr(returned, "_fields") else tuple(parts)
        return _mapped(returned)

    def collect(self) -> CollectedPlaceholder:
        """Return the list of all values."""
        return CollectedPlaceholder(self.frame, self.output)


class CollectedPlaceholder(Placeholder):
    """Stands for the list of all values under a dynamic output."""

    __slots__ = ("output", "source")

    def __init__(self, frame: Frame, output: NodeOutput) -> None:
        self.frame = frame
        self.output = output
        self.source = Collected(output)

    @property
    def described(self) -> str:
        """Return what messages call it."""
        return f"the collected output `{self.output.output}` of `{self.output.node}`"


def _mapped(returned: object) -> DynamicPlaceholder:
    if isinstance(returned, DynamicPlaceholder):
        return returned
    if isinstance(returned, OutputPlaceholder):
        return DynamicPlaceholder(returned.frame, returned.output, returned.source)
    raise CheckError(
        f"the function given to `.map(…)` must return an output, a tuple of outputs or None, not {returned!r}"
    )


@cache
def outputs_tuple(names: tuple[str, ...]) -> Callable[..., tuple[Placeholder, ...]]:
    """Return the named tuple that an invocation with several outputs gives; equal names share it."""
    from collections import namedtuple

    return namedtuple("Outputs", names, rename=True)  # noqa: PYI024 - the fields are known at run time only


def placeholder_of(frame: Frame, output: NodeOutput, is_dynamic: bool) -> Placeholder:
    """Return the stand-in for an output of a node that was just invoked."""
    if is_dynamic:
        return DynamicPlaceholder(frame, output, Mapped(output))
    return OutputPlaceholder(frame, output, output)
