"""Phase 4: run the rules. Each reads the program, reports what it finds, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.check.arguments import check_arguments
from jobc.compiler.check.axes import check_axes
from jobc.compiler.check.commands import check_commands
from jobc.compiler.check.config import check_config
from jobc.compiler.check.constraints import check_constraints
from jobc.compiler.check.cycles import check_cycles
from jobc.compiler.check.edges import check_edges
from jobc.compiler.check.fields import check_fields
from jobc.compiler.check.graph_ports import check_graph_ports
from jobc.compiler.check.job_inputs import check_job_inputs
from jobc.compiler.check.literals import check_literals
from jobc.compiler.check.node_names import check_node_names
from jobc.compiler.check.outputs import check_outputs
from jobc.compiler.check.parameter_types import check_parameter_types
from jobc.compiler.check.partition_keys import check_partition_keys
from jobc.compiler.check.partitions import check_partitions
from jobc.compiler.check.providers import check_providers
from jobc.compiler.check.reserved_tags import check_reserved_tags
from jobc.compiler.check.resources import check_resources
from jobc.compiler.check.retries import check_retries
from jobc.compiler.check.returns import check_returns
from jobc.compiler.check.secrets import check_secrets
from jobc.compiler.check.selections import check_selections
from jobc.compiler.check.timeouts import check_timeouts
from jobc.compiler.check.unused_definitions import check_unused_definitions
from jobc.compiler.check.unused_imports import check_unused_imports
from jobc.compiler.check.unused_resources import check_unused_resources
from jobc.compiler.check.unused_vars import check_unused_vars

if TYPE_CHECKING:
    from jobc.compiler.bind.program import Program
    from jobc.schemas.diagnostics import Diagnostic

RULES = (
    check_node_names,
    check_arguments,
    check_providers,
    check_literals,
    check_edges,
    check_returns,
    check_parameter_types,
    check_job_inputs,
    check_cycles,
    check_axes,
    check_graph_ports,
    check_outputs,
    check_retries,
    check_timeouts,
    check_selections,
    check_partitions,
    check_partition_keys,
    check_resources,
    check_commands,
    check_fields,
    check_constraints,
    check_config,
    check_secrets,
    check_reserved_tags,
)

UNUSED_RULES = (
    check_unused_definitions,
    check_unused_resources,
    check_unused_vars,
    check_unused_imports,
)


def check(program: Program) -> tuple[Diagnostic, ...]:
    """Return what all rules report, rule by rule."""
    return tuple(diagnostic for rule in RULES for diagnostic in rule(program))


def check_uses(program: Program) -> tuple[Diagnostic, ...]:
    """Return what the rules about unused things report of a file without errors, by itself.

    It has no profile laid over it. What a mistake hides may use anything; what is imported is there for
    others, and so is all of a file that has no jobs.
    """
    if not program.document.spec.jobs:
        return ()
    return tuple(diagnostic for rule in UNUSED_RULES for diagnostic in rule(program))
