"""The expressions between `${` and `}`: read, checked, folded and filled (DESIGN 3, "Expressions").

Every name is loaded when it is first used, so that a dotted name costs no more than a regular expression.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobc.runtime.expressions.errors import EvaluationError
    from jobc.runtime.expressions.evaluating import evaluate
    from jobc.runtime.expressions.filling import fill, fill_text
    from jobc.runtime.expressions.folding import fold
    from jobc.runtime.expressions.functions import FUNCTIONS
    from jobc.runtime.expressions.inference import Inferred, infer
    from jobc.runtime.expressions.printing import expression_text
    from jobc.runtime.expressions.problems import Problem
    from jobc.runtime.expressions.scopes import Scope
    from jobc.runtime.expressions.templates import (
        Template,
        escaped,
        is_plain,
        parse_template,
        template_text,
    )
    from jobc.runtime.expressions.texts import as_text

__all__ = [
    "FUNCTIONS",
    "EvaluationError",
    "Inferred",
    "Problem",
    "Scope",
    "Template",
    "as_text",
    "escaped",
    "evaluate",
    "expression_text",
    "fill",
    "fill_text",
    "fold",
    "infer",
    "is_plain",
    "parse_template",
    "template_text",
]

_MODULES = {
    "FUNCTIONS": "functions",
    "EvaluationError": "errors",
    "Inferred": "inference",
    "Problem": "problems",
    "Scope": "scopes",
    "Template": "templates",
    "as_text": "texts",
    "escaped": "templates",
    "evaluate": "evaluating",
    "expression_text": "printing",
    "fill": "filling",
    "fill_text": "filling",
    "fold": "folding",
    "infer": "inference",
    "is_plain": "templates",
    "parse_template": "templates",
    "template_text": "templates",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
