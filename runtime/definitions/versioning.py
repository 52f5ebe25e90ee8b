"""What memoization asks of its users: a version for each op and, maybe, each resource (SEMANTICS 18)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.resource import ResourceDefinition


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
