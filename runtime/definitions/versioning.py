"""What memoisation asks of its users: a version for each op and, maybe, each resource (SEMANTICS 18)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from jobc.runtime.definitions.checks import describe
from jobc.runtime.errors import InvalidDefinitionError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.resource import ResourceDefinition

MEMOIZED_TAG = "jobc/is_memoized_run"
"""The tag that turns memoisation on (`true`) for a job without a strategy, and off (`false`) for one with."""


@dataclass(frozen=True, slots=True)
class OpVersionContext:
    """What an op's version may depend on: its definition and its processed config."""

    op_def: OpDefinition
    op_config: object


@dataclass(frozen=True, slots=True)
class ResourceVersionContext:
    """What a resource's version may depend on: its definition and its processed config."""

    resource_def: ResourceDefinition
    resource_config: object


class VersionStrategy(ABC):
    """Give ops and resources versions; a job that has a strategy is memoised."""

    @abstractmethod
    def get_op_version(self, context: OpVersionContext) -> str | None:
        """Return the version of an op's code; an op's own `code_version` is used instead if it has one."""

    def get_resource_version(self, context: ResourceVersionContext) -> str | None:  # noqa: ARG002 - for overriding
        """Return the version of a resource, or None if the resource does not matter."""
        return None


def memoises(strategy: VersionStrategy | None, tags: Mapping[str, str]) -> bool:
    """Tell whether a job with this strategy and these tags is memoised."""
    said = tags.get(MEMOIZED_TAG)
    return said == "true" or (strategy is not None and said != "false")


def version_strategy_of(value: object, owner: str) -> VersionStrategy:
    """Return the strategy that a spec names: "source", a strategy, or a class of them, called with nothing.

    `owner` is what messages call the job, with its file.
    Errors: `InvalidDefinitionError` for anything else.
    """
    if value == "source":
        from jobc.runtime.definitions.source_version import SourceHashVersionStrategy

        return SourceHashVersionStrategy()
    made = value() if isinstance(value, type) and issubclass(value, VersionStrategy) else value
    if not isinstance(made, VersionStrategy):
        raise InvalidDefinitionError(
            f"the version strategy of {owner} must be a VersionStrategy or a class of them, not "
            f"{describe(value)}"
        )
    return made
