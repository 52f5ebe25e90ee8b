"""Ops: the units of work."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jobc.runtime.definitions.checks import (
    check_function,
    check_mapping,
    check_names,
    check_optional,
    check_text,
)
from jobc.runtime.definitions.config_schema import config_field_of
from jobc.runtime.definitions.configured import Baked, with_baked_config
from jobc.runtime.definitions.invocable import Invocable
from jobc.runtime.definitions.names import valid_name, valid_node_name, valid_qualified_name
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.policies import RetryPolicy
from jobc.runtime.definitions.ports import In, Out
from jobc.runtime.definitions.signature import style_of
from jobc.runtime.definitions.tags import normalise_tags
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jobc.runtime.config import Field
    from jobc.runtime.definitions.origin import SourceOrigin
    from jobc.runtime.definitions.types import JobcType
    from jobc.runtime.definitions.versioning import OpVersionContext

    OpVersionFn = Callable[[OpVersionContext], str | None]


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class OpDefinition(Invocable):
    """A unit of work: a function with inputs, outputs, config and needs.

    `ins` and `outs` are in the order of declaration. `has_dynamic` tells whether an output is
    dynamic. `config_field` is None if no config was declared (then anything
    is accepted, unless config is `baked` in). `required_resource_keys` are those the function reads; the keys
    of IO managers are in the ports. `kind` is "python" for functions; specs have others ("command", "shell",
    …). `version_fn` gives the version of a memoised op that has no `code_version`, before the strategy of the
    job is asked: for kinds whose function says nothing of what they do. `compute_fn(context, inputs)` takes
    all inputs as a dict and returns or yields as an `@op` function does.
    """

    kind_word: ClassVar[str] = "op"
    name: str
    function: OpFunction
    ins: Mapping[str, In]
    outs: Mapping[str, Out]
    has_dynamic: bool
    config_field: Field | None
    baked: tuple[Baked, ...]
    required_resource_keys: frozenset[str]
    description: str | None
    tags: Mapping[str, str]
    retry_policy: RetryPolicy | None
    code_version: str | None
    version_fn: OpVersionFn | None
    timeout_s: float | None
    kind: str
    origin: SourceOrigin | None

    def __init__(
        self,
        compute_fn: Callable[..., object],
        name: str,
        ins: Mapping[str, In] | None = None,
        outs: Mapping[str, Out] | None = None,
        description: str | None = None,
        config_schema: object = None,
        required_resource_keys: Iterable[str] | None = None,
        tags: Mapping[str, object] | None = None,
        retry_policy: RetryPolicy | None = None,
        code_version: str | None = None,
    ) -> None:
        valid_node_name("op", name)
        owner = f"op `{name}`"
        inputs = check_mapping(ins, f"`ins` of {owner}", In, "an In")
        check_optional(retry_policy, RetryPolicy, f"`retry_policy` of {owner}", "a RetryPolicy")
        self._fill(
            name,
            _by_inputs_dict(check_function(compute_fn, f"`compute_fn` of {owner}"), inputs),
            inputs,
            {"result": Out()} if outs is None else check_mapping(outs, f"`outs` of {owner}", Out, "an Out"),
            config_field_of(config_schema),
            check_names(required_resource_keys, f"the resource keys of {owner}"),
            check_text(description, f"`description` of {owner}"),
            normalise_tags(tags, owner),
            retry_policy,
            check_text(code_version, f"`code_version` of {owner}"),
        )

    @classmethod
    def of(
        cls,
        name: str,
        function: OpFunction,
        ins: Mapping[str, In],
        outs: Mapping[str, Out],
        *,
        config_field: Field | None = None,
        required_resource_keys: frozenset[str] = frozenset(),
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        retry_policy: RetryPolicy | None = None,
        code_version: str | None = None,
        version_fn: OpVersionFn | None = None,
        timeout_s: float | None = None,
        kind: str = "python",
        origin: SourceOrigin | None = None,
    ) -> OpDefinition:
        """Return an op whose function is already taken apart; tags are normalised already.

        Errors: `InvalidDefinitionError` for names that are not valid.
        """
        made = object.__new__(cls)
        made._fill(
            valid_qualified_name("op", name),
            function,
            ins,
            outs,
            config_field,
            required_resource_keys,
            description,
            {} if tags is None else tags,
            retry_policy,
            code_version,
            version_fn,
            timeout_s,
            kind,
            origin,
        )
        return made

    def _fill(
        self,
        name: str,
        function: OpFunction,
        ins: Mapping[str, In],
        outs: Mapping[str, Out],
        config_field: Field | None,
        required_resource_keys: frozenset[str],
        description: str | None,
        tags: Mapping[str, str],
        retry_policy: RetryPolicy | None,
        code_version: str | None,
        version_fn: OpVersionFn | None = None,
        timeout_s: float | None = None,
        kind: str = "python",
        origin: SourceOrigin | None = None,
    ) -> None:
        for port in ins:
            valid_name(f"input of op `{name}`", port)
        has_dynamic = False
        for port, out in outs.items():
            valid_name(f"output of op `{name}`", port)
            has_dynamic = has_dynamic or out.is_dynamic
        set_field = object.__setattr__
        set_field(self, "name", name)
        set_field(self, "function", function)
        set_field(self, "ins", ins)
        set_field(self, "outs", outs)
        set_field(self, "has_dynamic", has_dynamic)
        set_field(self, "config_field", config_field)
        set_field(self, "baked", ())
        set_field(self, "required_resource_keys", required_resource_keys)
        set_field(self, "description", description)
        set_field(self, "tags", tags)
        set_field(self, "retry_policy", retry_policy)
        set_field(self, "code_version", code_version)
        set_field(self, "version_fn", version_fn)
        set_field(self, "timeout_s", timeout_s)
        set_field(self, "kind", kind)
        set_field(self, "origin", origin)

    def __repr__(self) -> str:
        return f"OpDefinition({self.name})"

    def configured(
        self,
        config_or_config_fn: object,
        name: str | None = None,
        config_schema: object = None,
        description: str | None = None,
    ) -> OpDefinition:
        """Return the op, renamed, with config baked in: a value, or a function from `config_schema`."""
        return with_baked_config(self, config_or_config_fn, config_schema, name, description)

    @property
    def described(self) -> str:
        """Return what messages call the op."""
        return f"op `{self.name}`"

    @property
    def inner_definitions(self) -> Mapping[str, OpDefinition]:
        """Return the definitions below: an op has none."""
        return {}

    def input_type(self, name: str) -> JobcType:
        """Return the type of an input."""
        return self.ins[name].type

    def output_type(self, name: str) -> JobcType:
        """Return the type of an output."""
        return self.outs[name].type

    def is_dynamic_out(self, name: str) -> bool:
        """Tell whether an output is emitted under mapping keys."""
        return self.outs[name].is_dynamic

    def inner_flow(self) -> None:
        """Return None: every input of an op reaches every output."""


@dataclass(frozen=True, slots=True)
class InputsDict:
    """Call a function that takes the context and all inputs as one dict."""

    compute_fn: Callable[..., object]

    def __call__(self, context: object, **inputs: object) -> object:
        """Pass the inputs on as a dict."""
        return self.compute_fn(context, inputs)


def _by_inputs_dict(compute_fn: Callable[..., object], ins: Mapping[str, In]) -> OpFunction:
    slots = [Slot("input", name, keyword=True) for name, port in ins.items() if not port.type.is_nothing]
    return OpFunction(
        InputsDict(compute_fn), (Slot("context", ""), *slots), style_of(compute_fn), extra_keywords=True
    )
