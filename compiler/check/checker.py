"""Phase 4: run the rules. Each reads the program, reports what it finds, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.check.arguments import check_arguments
from jobc.compiler.check.config import check_config
from jobc.compiler.check.constraints import check_constraints
from jobc.compiler.check.cycles import check_cycles
from jobc.compiler.check.graph_ports import check_graph_ports
from jobc.compiler.check.literals import check_literals
from jobc.compiler.check.node_names import check_node_names
from jobc.compiler.check.partitions import check_partitions
from jobc.compiler.check.providers import check_providers
from jobc.compiler.check.resources import check_resources
from jobc.compiler.check.retries import check_retries
from jobc.compiler.check.secrets import check_secrets
from jobc.compiler.check.selections import check_selections
from jobc.compiler.check.timeouts import check_timeouts
from jobc.compiler.check.variables import check_variables

if TYPE_CHECKING:
    from jobc.compiler.bind.program import Program
    from jobc.schemas.diagnostics import Diagnostic

RULES = (
    check_variables,
    check_node_names,
    check_arguments,
    check_providers,
    check_literals,
    check_cycles,
    check_graph_ports,
    check_retries,
    check_timeouts,
    check_selections,
    check_partitions,
    check_resources,
    check_constraints,
    check_config,
    check_secrets,
)


def check(program: Program) -> tuple[Diagnostic, ...]:
    """Return what all rules report, rule by rule."""
    return tuple(diagnostic for rule in RULES for diagnostic in rule(program))
