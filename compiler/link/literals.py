"""Link literals: from what a spec can write down to a value of the type that an input has.

A value that is of the type as it stands is left alone. Any other is read as run config would read it, so that
`2024-01-01` is a date where a date is wanted and `a/b` a path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.link.functions import SignatureError
from jobc.runtime.config import Secret, SecretText, process
from jobc.runtime.definitions.loading import load_config_type, spec_type

if TYPE_CHECKING:
    from jobc.runtime.config import ConfigType
    from jobc.runtime.definitions.types import JobcType
    from jobc.schemas.ir import Data


def literal_value(kind: JobcType, value: Data, owner: str) -> object:
    """Return a literal as a value of a type; `owner` names the input in a message.

    Raises `SignatureError` for a literal that cannot be of the type.
    """
    if kind.is_nothing or kind.accepts is None or kind.accepts(value):
        return value
    loader = _loader(kind)
    if loader is None:
        raise _misfit(owner, f"a literal cannot be of type `{kind.name}`")
    processed = process(loader, value)
    for problem in processed.errors:
        raise _misfit(owner, problem.message)
    return processed.value


def _loader(kind: JobcType) -> ConfigType | None:
    return SecretText if kind.python_type is Secret else load_config_type(spec_type(kind.python_type))


def _misfit(owner: str, message: str) -> SignatureError:
    return SignatureError(f"{owner}: {message}", "change the value, or the type of the input")
