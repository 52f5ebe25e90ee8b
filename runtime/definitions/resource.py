"""Resources: what ops share, opened once per run (SEMANTICS 13)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, Literal, Self, overload

from jobc.runtime.definitions.checks import check_function, check_names, check_text
from jobc.runtime.definitions.config_schema import config_field_of
from jobc.runtime.definitions.configured import Baked, with_baked_config
from jobc.runtime.definitions.op_function import Slot
from jobc.runtime.definitions.ports import NO_VALUE
from jobc.runtime.definitions.signature import description_of, read_signature, style_of
from jobc.runtime.errors import InvalidDefinitionError
from jobc.schemas.names import listing
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config import Field
    from jobc.runtime.definitions.origin import SourceOrigin

ResourceStyle = Literal["function", "generator", "context_manager", "value", "late_bound"]


@dataclass(frozen=True, slots=True)
class ResourceFunction:
    """How a resource is opened.

    "function": the call gives the resource. "generator": the call gives an iterator that yields it once and
    tears it down when closed. "context_manager": the call gives a context manager that yields it. "value":
    `function` gives an object that exists already. "late_bound": the resource is to be given at execution.
    Slots are those of ops: the init context, config keys, the whole config, other resources.
    """

    function: Callable[..., object]
    slots: tuple[Slot, ...] = ()
    style: ResourceStyle = "function"


@dataclass(frozen=True, slots=True)
class Held:
    """Give back an object that exists already."""

    value: object

    def __call__(self) -> object:
        """Return the object."""
        return self.value


@dataclass(frozen=True, slots=True, init=False, eq=False)
class ResourceDefinition:
    """A resource: a function that opens it, its config and the resources it needs itself.

    `resource_fn` takes the init context, or nothing; it returns the resource, yields it once, or is a context
    manager.
    """

    kind_word: ClassVar[str] = "resource"
    function: ResourceFunction
    config_field: Field | None
    baked: tuple[Baked, ...]
    required_resource_keys: frozenset[str]
    description: str | None
    version: str | None
    origin: SourceOrigin | None

    def __init__(
        self,
        resource_fn: Callable[..., object],
        config_schema: object = None,
        description: str | None = None,
        required_resource_keys: Iterable[str] | None = None,
        version: str | None = None,
    ) -> None:
        self._fill(
            function_of_resource(check_function(resource_fn, "`resource_fn`")),
            config_field_of(config_schema),
            check_names(required_resource_keys, "`required_resource_keys` of a resource"),
            check_text(description, "`description` of a resource"),
            check_text(version, "`version` of a resource"),
            None,
        )

    @classmethod
    def of(
        cls,
        function: ResourceFunction,
        *,
        config_field: Field | None = None,
        required_resource_keys: frozenset[str] = frozenset(),
        description: str | None = None,
        version: str | None = None,
        origin: SourceOrigin | None = None,
    ) -> ResourceDefinition:
        """Return a resource whose function is already taken apart."""
        made = object.__new__(cls)
        made._fill(function, config_field, required_resource_keys, description, version, origin)
        return made

    @classmethod
    def hardcoded_resource(cls, value: object, description: str | None = None) -> ResourceDefinition:
        """Return a resource that is an object which exists already; it is neither opened nor closed."""
        return cls.of(ResourceFunction(Held(value), (), "value"), description=description)

    @classmethod
    def none_resource(cls, description: str | None = None) -> ResourceDefinition:
        """Return a resource that is None."""
        return cls.hardcoded_resource(None, description)

    @classmethod
    def late_bound(cls, description: str | None = None) -> ResourceDefinition:
        """Return a resource that is to be given at execution (`execute_in_process(resources=…)`)."""
        return cls.of(ResourceFunction(Held(None), (), "late_bound"), description=description)

    def _fill(
        self,
        function: ResourceFunction,
        config_field: Field | None,
        required_resource_keys: frozenset[str],
        description: str | None,
        version: str | None,
        origin: SourceOrigin | None,
    ) -> None:
        set_field = object.__setattr__
        set_field(self, "function", function)
        set_field(self, "config_field", config_field)
        set_field(self, "baked", ())
        set_field(self, "required_resource_keys", required_resource_keys)
        set_field(self, "description", description)
        set_field(self, "version", version)
        set_field(self, "origin", origin)

    def configured(
        self,
        config_or_config_fn: object,
        name: str | None = None,
        config_schema: object = None,
        description: str | None = None,
    ) -> Self:
        """Return the resource with config baked in: a value, or a function from config of `config_schema`."""
        return with_baked_config(self, config_or_config_fn, config_schema, name, description)

    @property
    def is_late_bound(self) -> bool:
        """Tell whether the resource is to be given at execution."""
        return self.function.style == "late_bound"


def function_of_resource(function: Callable[..., object]) -> ResourceFunction:
    """Return how a resource function of the Jobs API is called: with the init context, or with nothing.

    Errors: `InvalidDefinitionError` for a function that requires more.
    """
    signature = read_signature(function)
    positional = [parameter for parameter in signature.parameters if not parameter.by_keyword_only]
    extra = [
        parameter.name
        for parameter in signature.parameters
        if parameter.default is NO_VALUE and parameter not in positional[:1]
    ]
    if extra:
        name = getattr(function, "__name__", repr(function))
        raise InvalidDefinitionError(
            f"the function of resource `{name}` must take the init context alone, or nothing; it also "
            f"requires {listing(extra)}"
        )
    slots = (Slot("context", ""),) if positional or signature.has_var_positional else ()
    return ResourceFunction(function, slots, resource_style(function))


def resource_style(function: Callable[..., object]) -> ResourceStyle:
    """Tell how a function gives a resource: a generator function decorated as a context manager is one.

    Errors: `InvalidDefinitionError` for an async function, which nothing would wait for.
    """
    if style_of(function) in ("async", "async_generator"):
        name = getattr(function, "__name__", repr(function))
        raise InvalidDefinitionError(
            f"the function of resource `{name}` is async; resources are opened by plain functions, and ops "
            "may be async"
        )
    if inspect.isgeneratorfunction(function):
        return "generator"
    inner = getattr(function, "__wrapped__", None)
    return "context_manager" if inner is not None and inspect.isgeneratorfunction(inner) else "function"


def as_resource(value: object) -> ResourceDefinition:
    """Return `value` if it is a resource definition, else a definition that holds it."""
    return value if isinstance(value, ResourceDefinition) else ResourceDefinition.hardcoded_resource(value)


ResourceFn = Callable[..., object]


@overload
def resource(resource_fn: ResourceFn) -> ResourceDefinition: ...
@overload
def resource(
    resource_fn: None = None,
    *,
    config_schema: object = None,
    description: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
    version: str | None = None,
) -> Callable[[ResourceFn], ResourceDefinition]: ...
def resource(
    resource_fn: ResourceFn | None = None,
    *,
    config_schema: object = None,
    description: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
    version: str | None = None,
) -> ResourceDefinition | Callable[[ResourceFn], ResourceDefinition]:
    """Make a resource of a function that takes the init context, or nothing.

    It returns the resource, yields it once and tears it down after, or is a context manager.
    """

    def decorate(function: ResourceFn) -> ResourceDefinition:
        described = description_of(function, description)
        return ResourceDefinition(function, config_schema, described, required_resource_keys, version)

    return (
        decorate
        if resource_fn is None
        else decorate(check_function(resource_fn, "what `@resource` decorates"))
    )
