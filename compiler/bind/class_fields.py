"""Class fields: how a `class` of a module is called, read from its syntax tree.

Nothing is run. The arguments of a class are known where it writes `__init__`, where its fields spell them
out as those of a dataclass, named tuple or model do, or where a base that is known has them.
"""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from jobc.compiler.bind.definitions import ClassSymbol, FunctionSymbol, Parameter, Record
from jobc.compiler.bind.signatures import callee, doc_line, dotted_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.bind.definitions import Symbol
    from jobc.compiler.bind.signatures import Scope

_TRANSPARENT = frozenset(
    {
        "dataclasses.dataclass",
        "functools.total_ordering",
        "typing.final",
        "typing.runtime_checkable",
        "typing_extensions.final",
    }
)
_FIELD_MAKERS = frozenset({"dataclasses.field", "pydantic.Field"})
_PLAIN_BASES = frozenset({"object", "abc.ABC", "typing.Generic"})
_MODEL_BASES = frozenset({"pydantic.BaseModel", "jobc.Config"})
# Left as text: few runs meet a class with fields, and `re` keeps what it has compiled.
_CLASS_VARIABLE = r"[\"']?(?:\w+\.)*(?:ClassVar|Final)\b"
_BUILTIN_EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)


def read_class(
    node: ast.ClassDef, scope: Scope, members: Mapping[str, Symbol], is_plain: bool
) -> tuple[ClassSymbol, Record | None]:
    """Describe a class from its own members, and its fields if it spells out its arguments by such.

    `is_plain` tells that its body binds nothing but those members.
    """
    record = _record(node, scope)
    symbol = ClassSymbol(
        name=node.name,
        bases=tuple(scope.source.text(base) for base in node.bases),
        init=_init(node, scope, members, record),
        methods=tuple(name for name, member in members.items() if isinstance(member, FunctionSymbol)),
        line=node.lineno,
        column=scope.source.name_column(node),
        doc=doc_line(node),
        is_closed=is_plain
        and not (node.bases or node.keywords or node.decorator_list)
        and members.keys().isdisjoint({"__slots__", "__init_subclass__"}),
    )
    return symbol, record


def _init(
    node: ast.ClassDef, scope: Scope, members: Mapping[str, Symbol], record: Record | None
) -> FunctionSymbol | None:
    is_usual = _is_usual(node, scope) and members.keys().isdisjoint({"__new__", "__signature__"})
    own = members.get("__init__")
    if isinstance(own, FunctionSymbol):
        trusted = own.trusted and is_usual and all(_is_known_base(base, scope) for base in node.bases)
        return replace(own, parameters=own.parameters[1:], trusted=trusted)
    if record and own is None and is_usual:
        return _made_init(node, scope, record)
    if own is not None or not is_usual or _dataclass_options(node, scope) is not None:
        return None
    if all(_base_name(base, scope) in _PLAIN_BASES for base in node.bases):
        return _made_init(node, scope, Record("tuple", {}, True))
    return _inherited_init(node, scope)


def _is_usual(node: ast.ClassDef, scope: Scope) -> bool:
    metaclasses = [scope.qualified(item.value) for item in node.keywords]
    decorators = (scope.is_transparent(item, _TRANSPARENT) for item in node.decorator_list)
    return all(name == "abc.ABCMeta" for name in metaclasses) and all(decorators)


def _base_name(base: ast.expr, scope: Scope) -> str | None:
    return scope.qualified(base.value if isinstance(base, ast.Subscript) else base)


def _is_known_base(base: ast.expr, scope: Scope) -> bool:
    """Tell whether a class of this base is surely called as its own `__init__` says."""
    name = _base_name(base, scope)
    if name is None:
        known = scope.classes.get(dotted_name(base) or "")
        return known is not None and known.init is not None and known.init.trusted
    return name in _PLAIN_BASES or (name in _BUILTIN_EXCEPTIONS and not scope.stars)


def _inherited_init(node: ast.ClassDef, scope: Scope) -> FunctionSymbol | None:
    if len(node.bases) != 1 or not isinstance(node.bases[0], ast.Name):
        return None
    known = scope.classes.get(node.bases[0].id)
    return known.init if known else None


def _made_init(node: ast.ClassDef, scope: Scope, record: Record) -> FunctionSymbol:
    by_position = [item for item in record.fields.values() if item.kind == "positional"]
    by_name = [item for item in record.fields.values() if item.kind == "keyword"]
    return FunctionSymbol(
        name="__init__",
        parameters=(*by_position, *by_name),
        returns=None,
        decorators=(),
        is_async=False,
        is_generator=False,
        trusted=record.trusted,
        line=node.lineno,
        column=scope.source.name_column(node),
        doc=None,
    )


def _record(node: ast.ClassDef, scope: Scope) -> Record | None:
    """Return the fields of a dataclass, named tuple or model whose bases are all known; None for others."""
    options = _dataclass_options(node, scope)
    kind = _record_kind(node, scope) if options is None else "dataclass"
    if kind is None:
        return None
    fields: dict[str, Parameter] = {}
    trusted = not (kind == "model" and any(_is_configuration(item) for item in node.body))
    for base in reversed(node.bases):
        inherited = scope.records.get(dotted_name(base) or "")
        if inherited and inherited.kind == kind:
            fields |= inherited.fields
            trusted = trusted and inherited.trusted
        elif _base_name(base, scope) not in _PLAIN_BASES | _MODEL_BASES | {"typing.NamedTuple"}:
            return None
    reader = _FieldReader(scope, kind, options or {})
    fields |= {item.name: item for item in reader.read(node)}
    fields = {name: item for name, item in fields.items() if name not in reader.left_out}
    return Record(kind, fields, trusted and reader.trusted)


def _record_kind(node: ast.ClassDef, scope: Scope) -> Literal["model", "tuple"] | None:
    names = {_base_name(base, scope) for base in node.bases}
    if "typing.NamedTuple" in names:
        return "tuple"
    own = (scope.records.get(dotted_name(base) or "") for base in node.bases)
    is_model = not _MODEL_BASES.isdisjoint(names) or any(record and record.kind == "model" for record in own)
    return "model" if is_model else None


def _dataclass_options(node: ast.ClassDef, scope: Scope) -> dict[str, object] | None:
    """Return the constant arguments of the `dataclass` decorator, None where there is no such decorator."""
    for decorator in node.decorator_list:
        if scope.qualified(callee(decorator)) == "dataclasses.dataclass":
            return _constants(decorator)
    return None


def _constants(call: ast.expr) -> dict[str, object]:
    keywords = call.keywords if isinstance(call, ast.Call) else []
    return {str(item.arg): getattr(item.value, "value", ast.unparse(item.value)) for item in keywords}


def _is_configuration(item: ast.stmt) -> bool:
    """Tell whether a statement of a model's body may change how its arguments are called."""
    if isinstance(item, ast.ClassDef):
        return item.name == "Config"
    targets = item.targets if isinstance(item, ast.Assign) else [getattr(item, "target", None)]
    return any(isinstance(target, ast.Name) and target.id == "model_config" for target in targets)


class _FieldReader:
    """Read the annotated names of a class body as the parameters that they become."""

    def __init__(self, scope: Scope, kind: str, options: Mapping[str, object]) -> None:
        self._scope = scope
        self._kind = kind
        self._by_name = kind == "model" or options.get("kw_only", False) is True
        given = (options.get("init", True), not options.get("kw_only", False), "None" not in options)
        self.trusted = all(item is True for item in given[::2]) and isinstance(given[1], bool)
        self.left_out: set[str] = set()

    def read(self, node: ast.ClassDef) -> Iterator[Parameter]:
        for item in node.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                annotation = self._scope.source.text(item.annotation)
                if self._scope.qualified(item.annotation) == "dataclasses.KW_ONLY":
                    self._by_name = True
                elif not re.match(_CLASS_VARIABLE, annotation) and not self._is_private(item.target.id):
                    yield self._parameter(item.target.id, annotation, item.value)
            elif not isinstance(
                item, ast.Expr | ast.Pass | ast.Assign | ast.FunctionDef | ast.AsyncFunctionDef
            ):
                self.trusted = self.trusted and isinstance(item, ast.ClassDef)

    def _is_private(self, name: str) -> bool:
        return self._kind == "model" and name.startswith("_")

    def _parameter(self, name: str, annotation: str, value: ast.expr | None) -> Parameter:
        has_default, by_name = value is not None, self._by_name
        if isinstance(value, ast.Call) and self._scope.qualified(value.func) in _FIELD_MAKERS:
            options = _constants(value)
            has_default = not options.keys().isdisjoint({"default", "default_factory"}) or _is_given(
                value.args[:1]
            )
            by_name = options.get("kw_only", by_name) is True
            self._weigh(name, options)
        elif isinstance(value, ast.Call) or "Annotated[" in annotation:
            self.trusted = self.trusted and self._kind != "model"
        elif self._kind == "model":
            has_default = _is_given([value] if value else [])
        return Parameter(name, "keyword" if by_name else "positional", has_default, annotation)

    def _weigh(self, name: str, options: Mapping[str, object]) -> None:
        if options.get("init", True) is False:
            self.left_out.add(name)
        elif (
            not options.keys().isdisjoint({"alias", "validation_alias", "None"})
            or options.get("init", True) is not True
        ):
            self.trusted = False


def _is_given(values: list[ast.expr]) -> bool:
    return any(not (isinstance(value, ast.Constant) and value.value is ...) for value in values)
