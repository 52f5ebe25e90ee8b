"""What a function of the language looks like to those who check, call and describe it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.runtime.expressions.types import HEADS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jobc.runtime.expressions.types import Type


class Parameter(NamedTuple):
    """A parameter: the kinds of values it takes (`types.HEADS`), and of lists also what items may be.

    An empty `items` takes any.
    """

    name: str
    takes: frozenset[str]
    items: frozenset[str] = frozenset()


class Function(NamedTuple):
    """A function of the language.

    The first `required` parameters must be given; where `repeats`, the last may be given many times, each
    time with another value. `result` tells the type of the result from those of the arguments, and may refuse
    them; `apply` gets values of kinds the parameters take. `value` is what `example` gives.
    """

    name: str
    parameters: tuple[Parameter, ...]
    required: int
    repeats: bool
    result: Callable[[Sequence[Type]], Type]
    apply: Callable[..., object]
    doc: str
    example: str
    value: object

    @property
    def form(self) -> str:
        """How the function is written: `round(number, [digits])`."""
        names = [
            parameter.name if index < self.required else f"[{parameter.name}]"
            for index, parameter in enumerate(self.parameters)
        ]
        return f"{self.name}({', '.join(names)}{', …' if self.repeats else ''})"

    def parameter(self, index: int) -> Parameter:
        """Return the parameter that takes the argument at `index`."""
        return self.parameters[min(index, len(self.parameters) - 1)]

    def takes_count(self, count: int) -> bool:
        """Tell whether so many arguments can be given."""
        return self.required <= count and (self.repeats or count <= len(self.parameters))


ANY_KIND = frozenset(HEADS)
NUMBERS = frozenset({"int", "float"})
WHOLE = frozenset({"int"})
TEXTS = frozenset({"str"})
LISTS = frozenset({"list"})
MAPPINGS = frozenset({"mapping"})
DATES = frozenset({"date", "datetime"})
ORDERED = NUMBERS | TEXTS | DATES
HOLDERS = TEXTS | LISTS | MAPPINGS

TEXT = Parameter("text", TEXTS)
PATH = Parameter("path", TEXTS)
NUMBER = Parameter("number", NUMBERS)
DAY = Parameter("date", DATES)
VALUE = Parameter("value", ANY_KIND)


def always(kind: Type) -> Callable[[Sequence[Type]], Type]:
    """Return the rule of a function whose results are all of one type."""
    return lambda _types: kind


def same_as_first(types: Sequence[Type]) -> Type:
    """Return the type of a function that gives what its first argument is."""
    return types[0]
