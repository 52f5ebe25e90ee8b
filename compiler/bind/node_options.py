"""Bind the options of nodes: tags, config, hooks and a retry policy, in both forms of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.extras import unknown_hooks
from jobc.compiler.bind.late import late_mapping
from jobc.compiler.bind.ops import tag_texts
from jobc.compiler.bind.program import NodeOptions

if TYPE_CHECKING:
    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.diagnostics import Diagnostic
    from jobc.schemas.spec import NodeSpec


def bind_options(
    document: Document, variables: Variables, path: Path, spec: NodeSpec, found: list[Diagnostic]
) -> NodeOptions:
    """Return the options that stand in the mapping at `path`; mistakes are added to `found`."""
    found.extend(unknown_hooks(document, (*path, "hooks"), spec.hooks))
    return NodeOptions(
        path,
        tag_texts(variables.fold_mapping((*path, "tags"), spec.tags)),
        late_mapping(variables, (*path, "config"), spec.config),
        tuple(dict.fromkeys(spec.hooks)),
        spec.retry,
    )
