"""Problems of expressions, as the compiler reports them."""

from __future__ import annotations

from typing import get_args

from jobc.compiler.syntax.problems import SyntaxProblem
from jobc.compiler.syntax.templates import CODES_OF_PROBLEMS, parse_template
from jobc.runtime.expressions.problems import ProblemKind
from jobc.schemas.codes import CODES


def test_every_kind_of_problem_has_a_code() -> None:
    assert CODES_OF_PROBLEMS.keys() == set(get_args(ProblemKind))
    assert CODES.keys() >= set(CODES_OF_PROBLEMS.values())


def test_problems_have_the_shape_of_all_small_languages() -> None:
    assert parse_template("a ${vars.root") == (
        None,
        (
            SyntaxProblem(
                2, 4, "`${` is never closed", "expected `}` further on", "write `$${` for a literal `${`"
            ),
        ),
    )
    assert parse_template("a ${vars.root}")[1] == ()
