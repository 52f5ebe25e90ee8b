"""Errors as data: what an exception said and where, in a shape that can be stored and sent."""

from __future__ import annotations

from jobc.schemas.records import dataclass

# The classes of errors that, where they have a cause, only add to it where it happened or how it goes on.
_WRAPPERS = frozenset(
    {
        "ExecutionHandleOutputError",
        "ExecutionLoadInputError",
        "ExecutionStepExecutionError",
        "MaxRetriesExceededError",
        "ResourceFunctionError",
        "RetryRequested",
        "TypeCheckError",
    }
)


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """One exception of a chain.

    `class_name` is the exception's class, `message` its text (secrets masked, notes included), `frames` the
    user's own frames, outermost first, one text each; `cause` is the exception it came from, if any.
    `all_frames` are the frames of the user and of jobc.
    """

    class_name: str
    message: str
    frames: tuple[str, ...] = ()
    cause: ErrorInfo | None = None
    all_frames: tuple[str, ...] = ()

    def to_string(self) -> str:
        """Render the whole chain as text, the outermost error first."""
        text = "".join(self.frames) + f"{self.class_name}: {self.message}".removesuffix(": ")
        if self.cause is None:
            return text
        return f"{text}\n\ncaused by\n{self.cause.to_string()}"

    @property
    def root(self) -> ErrorInfo:
        """Return the last error of the chain: the one that everything came from."""
        return self if self.cause is None else self.cause.root

    @property
    def raised(self) -> ErrorInfo:
        """Return what the user's code raised: the first error of the chain that does not only say where."""
        return self if self.cause is None or self.class_name not in _WRAPPERS else self.cause.raised
