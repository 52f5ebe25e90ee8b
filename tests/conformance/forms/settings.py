"""Plain functions of `settings.yaml`: config, resources, retries, failures."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

import jobc
from tests.conformance.forms.journal import note

if TYPE_CHECKING:
    from collections.abc import Iterator


def fields(text: str, number: int, ratio: float, flag: bool, names: list[str], sizes: dict[str, int]) -> str:
    return f"{text} {number!r} {ratio!r} {flag!r} {names!r} {sizes!r}"


def whole(config: dict[str, Any]) -> dict[str, Any]:
    return dict(config)


def maybe(level: int | None) -> str:
    return repr(level)


def hides(token: Any, context: Any) -> str:
    context.log.error(f"token {token.get_secret_value()}")
    return str(token)


def plain_text() -> str:
    note("open text")
    return "text"


def with_cleanup(prefix: str) -> Iterator[str]:
    note(f"open {prefix}")
    yield prefix
    note(f"close {prefix}")


@contextmanager
def managed(cleaned: str) -> Iterator[str]:
    note(f"enter {cleaned}")
    try:
        yield f"managed {cleaned}"
    finally:
        note("leave managed")


class Session:
    """A resource that is a class and opens itself."""

    def __init__(self, managed: str, size: int) -> None:
        self.text = f"session of {managed}, {size}"

    def __enter__(self) -> Self:
        note("enter session")
        return self

    def __exit__(self, *_: object) -> None:
        note("leave session")


def uses_text(text: str) -> str:
    return text


def uses_session(session: Session) -> str:
    return session.text


def refuses() -> str:
    raise ConnectionError("nobody answers")


def bad_ending() -> Iterator[int]:
    yield 1
    raise OSError("still in use")


def uses_broken(cleaned: str, broken: str) -> str:
    return cleaned + broken


def uses_bad_ending(ending: int) -> int:
    return ending


def one() -> int:
    return 1


def flaky(context: Any) -> int:
    if context.retry_number < 2:
        raise ConnectionError(f"try {context.retry_number}")
    return int(context.retry_number)


def double(value: int) -> int:
    return value * 2


def length(text: str) -> int:
    return len(text)


def fails(value: int) -> int:
    try:
        return {"other": value}["key"]
    except KeyError as error:
        raise ValueError(f"cannot use {value}") from error


def gives_up() -> int:
    raise jobc.Failure("given up", metadata={"rows": 3})


def asks_again(context: Any) -> int:
    if context.retry_number == 0:
        raise jobc.RetryRequested(max_retries=1)
    return 7


def wrong_output() -> Any:
    return "text"


def forgets() -> Iterator[jobc.Output[int]]:
    yield jobc.Output(1, "first")


def unknown_output() -> Iterator[jobc.Output[int]]:
    yield jobc.Output(1, "frist")


async def fails_later() -> int:
    raise TimeoutError("too late")
