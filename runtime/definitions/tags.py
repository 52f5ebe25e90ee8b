"""Tags: text on both sides, with JSON for values that are not text (SEMANTICS 17)."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping

from jobc.runtime.errors import CheckError, InvalidDefinitionError, ParameterCheckError

_PART = "[A-Za-z0-9_.-]{1,63}"
_is_plain_key = re.compile(f"({_PART}/)?{_PART}").fullmatch


def normalise_tags(tags: Mapping[str, object] | None, owner: str) -> dict[str, str]:
    """Return the tags with every value as text: what is not text becomes JSON that reads back as equal.

    `owner` names what carries the tags (``op `clean` ``). None counts as empty.
    Errors: `CheckError` for a key that is not text, `InvalidDefinitionError` for a value JSON cannot hold.
    Warns about keys outside ``[namespace/]name``.
    """
    if tags is None:
        return {}
    if not isinstance(tags, Mapping):
        raise ParameterCheckError(f"the tags of {owner} must be a mapping, not {tags!r}")
    return {_checked_key(key, owner): _tag_text(key, value, owner) for key, value in tags.items()}


def _checked_key(key: object, owner: str) -> str:
    if not isinstance(key, str):
        raise CheckError(f"the tag keys of {owner} must be text, not {key!r}")
    if _is_plain_key(key) is None:
        warnings.warn(
            f"the tag key `{key}` of {owner} should be 1 to 63 letters, digits, `_`, `.` or `-`, optionally "
            "behind one namespace and a `/`",
            UserWarning,
            stacklevel=4,
        )
    return key


def _tag_text(key: str, value: object, owner: str) -> str:
    if isinstance(value, str):
        return value
    rule = "a tag value is text, or JSON that reads back as an equal value"
    try:
        text = json.dumps(value)
    except (TypeError, ValueError) as error:
        raise InvalidDefinitionError(
            f"the value of tag `{key}` of {owner} cannot be encoded as JSON ({error}); {rule}"
        ) from error
    if json.loads(text) != value:
        raise InvalidDefinitionError(
            f"the value of tag `{key}` of {owner} is not equivalent to its JSON {text}, which reads back as "
            f"{json.loads(text)!r}; {rule}"
        )
    return text
