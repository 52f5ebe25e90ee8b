"""Config values that hold expressions of the run, such as `${env.TOKEN}`: checked now, filled in then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.expressions.scopes import ENV

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path, Value
    from jobc.schemas.ir import Data


def late_mapping(variables: Variables, path: Path, value: Mapping[str, Value]) -> dict[str, Data]:
    """Return the values of a mapping, vars folded and expressions of the run left.

    All texts are templates then: a literal `${` is written `$${`.
    """
    return {key: variables.fold_partly((*path, key), item, {"env": ENV}) for key, item in value.items()}
