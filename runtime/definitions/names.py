"""Which texts may name a definition, a node, an output or a mapping key (SEMANTICS 1, "Names")."""

from __future__ import annotations

import re
from functools import lru_cache
from keyword import iskeyword

from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError
from jobc.schemas.names import RESERVED_NAMES

NAME_PATTERN = "[A-Za-z0-9_]+"
_matched = re.compile(NAME_PATTERN).fullmatch


@lru_cache(maxsize=1024)
def _is_name(text: str) -> bool:
    """Tell whether a text has the form of a name; most ports share a few names."""
    return _matched(text) is not None


def valid_name(kind: str, name: str) -> str:
    """Return `name` if it may name a `kind` (an output, a mapping key, …).

    Errors: `InvalidDefinitionError` that gives the pattern; `ParameterCheckError` for what is not text.
    """
    if not isinstance(name, str):
        raise ParameterCheckError(f"the name of the {kind} must be text, not {name!r}")
    if not _is_name(name):
        raise InvalidDefinitionError(
            f"`{name}` is not a valid name for the {kind}: a name matches the regular expression "
            f"{NAME_PATTERN}"
        )
    return name


def valid_qualified_name(kind: str, name: str) -> str:
    """Return `name` if it may name an op or graph of a spec; one of an import has dots, as in `eu.clean`.

    Errors: `InvalidDefinitionError` as for names without dots.
    """
    for part in name.split("."):
        valid_node_name(kind, part)
    return name


def valid_node_name(kind: str, name: str) -> str:
    """Return `name` if it may name an op, a graph, a job or an invocation of one.

    These share a namespace with the parameters of user functions, so Python keywords and a few words are
    reserved.
    Errors: `InvalidDefinitionError` for a name that is not valid or collides with a reserved word.
    """
    valid_name(kind, name)
    if name in RESERVED_NAMES or iskeyword(name):
        raise InvalidDefinitionError(
            f"the name `{name}` of the {kind} collides with a reserved word; choose another"
        )
    return name
