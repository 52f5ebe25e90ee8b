"""The error that holds everything that is wrong with one config document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.errors import JobcError

if TYPE_CHECKING:
    from jobc.runtime.config.problems import ConfigProblem


class InvalidConfigError(JobcError):
    """A config value that does not fit its schema (SEMANTICS 3, 4 and 22).

    `errors`: every problem of the document, in the order found, never empty. `config_value`: the value as the
    caller wrote it. The message is the header and the numbered problems; it never shows the value as a whole.
    """

    def __init__(self, header: str, errors: tuple[ConfigProblem, ...], config_value: object) -> None:
        lines = [f"    Error {number}: {problem}" for number, problem in enumerate(errors, 1)]
        JobcError.__init__(self, "\n".join([header, *lines]))
        self.header = header
        self.errors = errors
        self.config_value = config_value

    def __reduce__(self) -> tuple[object, ...]:
        return InvalidConfigError, (self.header, self.errors, self.config_value)
