"""Frozen dataclasses that take a fifth of the time to define.

`dataclasses` writes six methods for each class and compiles each of them; of a cold `jobc validate` that was
a third. Here only `__init__` is written; the others are shared and ask for all fields at once. What comes of
it is a dataclass in all other respects (`replace`, `fields`, `match`, pickles), with a faster `__init__`.

A class may be built on another one of these, and on no dataclass of `dataclasses`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - for type checkers, it is exported
else:
    from dataclasses import MISSING, FrozenInstanceError, fields
    from dataclasses import dataclass as plain_dataclass
    from operator import attrgetter
    from reprlib import recursive_repr

    def dataclass(*, frozen, slots, init=True, repr=True, eq=True):  # noqa: A002 - as there
        """Make a class a frozen dataclass with slots, the only kind there is here."""
        assert frozen, "a dataclass that can be changed is made by `dataclasses`"
        assert slots, "a dataclass without slots is made by `dataclasses`"

        def made(cls):
            written = vars(cls).keys()
            record = plain_dataclass(init=False, repr=False, eq=False, slots=True)(cls)
            known = fields(record)
            record.__setattr__, record.__delattr__ = _refuse_to_set, _refuse_to_delete
            record.__getstate__, record.__setstate__ = _values, _set_values
            if init:
                record.__init__ = _init(record, known)
            if repr and "__repr__" not in written:
                record.__repr__ = _repr
            if eq and "__eq__" not in written:
                compared = [each for each in known if each.compare]
                record.__eq__ = _equality([each.name for each in compared])
                if "__hash__" not in written:
                    record.__hash__ = _hash([each.name for each in compared if each.hash is not False])
            return record

        return made

    def _init(cls, known):
        """Write the method that sets all fields, straight into their slots."""
        names = {"absent": MISSING}
        parameters, lines = ["self"], []
        for each in known:
            names[f"set_{each.name}"] = getattr(cls, each.name).__set__
            value = each.name
            if each.default is not MISSING:
                names[f"default_{each.name}"] = each.default
                parameter, made = f"{value}=default_{value}", f"default_{value}"
            elif each.default_factory is not MISSING:
                names[f"make_{each.name}"] = each.default_factory
                parameter, made = f"{value}=absent", f"make_{value}()"
                value = f"{made} if {value} is absent else {value}"
            else:
                parameter, made = value, None
            if each.init:
                parameters.append(parameter)
                lines.append(f"set_{each.name}(self, {value})")
            elif made is not None:
                lines.append(f"set_{each.name}(self, {made})")
        if hasattr(cls, "__post_init__"):
            lines.append("self.__post_init__()")
        body = "\n    ".join(lines or ["pass"])
        exec(f"def __init__({', '.join(parameters)}):\n    {body}", names)  # noqa: S102 - as `dataclasses` do
        init = names["__init__"]
        init.__qualname__ = f"{cls.__qualname__}.__init__"
        return init

    def _equality(names):
        """Return the method that compares by the values of fields."""
        values = _getter(names)

        def is_equal(self, other):
            if self is other:
                return True
            return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

        return is_equal

    def _hash(names):
        """Return the method that hashes by the values of fields."""
        values = _getter(names)
        return lambda self: hash(values(self))

    def _getter(names):
        """Return what gives the values of fields as a tuple."""
        if len(names) > 1:
            return attrgetter(*names)
        if not names:
            return lambda _: ()
        value = attrgetter(*names)
        return lambda self: (value(self),)

    @recursive_repr()
    def _repr(self):
        shown = [f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr]
        return f"{self.__class__.__qualname__}({', '.join(shown)})"

    def _refuse_to_set(_self, name, _value):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_to_delete(_self, name):
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _values(self):
        return [getattr(self, each.name) for each in fields(self)]

    def _set_values(self, values):
        for each, value in zip(fields(self), values, strict=True):
            object.__setattr__(self, each.name, value)
