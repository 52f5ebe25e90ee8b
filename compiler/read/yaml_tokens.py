"""The tokens of a YAML text, for those who change its layout and not its values."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jobc.compiler.read.yaml_events import has_libyaml, libyaml_events

if TYPE_CHECKING:
    from collections.abc import Iterator


class YamlToken(NamedTuple):
    """A token: its kind in the words of the parsers (`BlockEntry`, `Scalar`), and 0-based offsets.

    The start and end of a block collection, and the mark before a key that has no `?`, are empty stretches.
    """

    kind: str
    start: int
    end: int


def yaml_tokens(text: str) -> list[YamlToken]:
    """Return the tokens of a text that the reader accepts, in order; comments are no tokens.

    They are those of the parser whose verdict counted when reading: libyaml's unless it refuses the text.
    """
    return list(_libyaml_tokens(text) if _is_accepted_by_libyaml(text) else _referee_tokens(text))


def _is_accepted_by_libyaml(text: str) -> bool:
    """Tell whether libyaml's parser takes the whole text; its scanner alone takes more."""
    if not has_libyaml():
        return False
    stream = libyaml_events(text)
    try:
        while stream.next_event().__class__ is not stream.stream_end:
            pass
    except stream.failures:
        return False
    return True


def _libyaml_tokens(text: str) -> Iterator[YamlToken]:
    from yaml._yaml import CParser

    parser = CParser(text)
    while parser.check_token():
        yield _token(parser.get_token())


def _referee_tokens(text: str) -> Iterator[YamlToken]:
    from ruamel.yaml import YAML

    for token in YAML(typ="safe", pure=True).scan(text):
        yield _token(token)


def _token(token: Any) -> YamlToken:
    return YamlToken(_kind(token.__class__), token.start_mark.index, token.end_mark.index)


@cache
def _kind(token_class: type) -> str:
    return token_class.__name__.removesuffix("Token")
