"""The grammar: no conflict in it, and no text that fits two rules or two tokens."""

from __future__ import annotations

import pytest
from lark import Lark

from jobc.runtime.expressions.reading import RULES
from jobc.runtime.grammars import load_grammar


def test_the_grammar_has_no_conflicts() -> None:
    from lark.parsers.lalr_analysis import LALR_Analyzer

    parser = load_grammar(RULES)
    LALR_Analyzer(parser.parser.parser_conf, debug=False, strict=True).compute_lalr()  # type: ignore[no-untyped-call]


def test_no_text_fits_two_rules_or_two_tokens() -> None:
    pytest.importorskip("interegular")
    Lark(RULES.read_text(encoding="utf-8"), parser="lalr", strict=True)
