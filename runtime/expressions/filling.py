"""Fill templates in plain data when their names are known (DESIGN 3, "Expressions")."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jobc.runtime.expressions.errors import EvaluationError, RefusedOperationError
from jobc.runtime.expressions.evaluating import evaluate
from jobc.runtime.expressions.problems import Problem
from jobc.runtime.expressions.templates import is_plain, parse_template
from jobc.runtime.expressions.texts import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobc.runtime.expressions.nodes import Expression
    from jobc.runtime.expressions.templates import Template


def fill(data: object, names: Mapping[str, object], text_of: Callable[[object], str] = as_text) -> object:
    """Return data in which every template is replaced by what it stands for.

    A text that is one expression becomes its value; in a longer text `text_of` writes each value, which may
    quote it for a shell. Keys are no templates. Raises `EvaluationError`, its `text` the whole template.
    """
    if isinstance(data, str):
        return data if is_plain(data) else _filled(data, names, text_of)
    if isinstance(data, dict):
        return {key: fill(item, names, text_of) for key, item in data.items()}
    return [fill(item, names, text_of) for item in data] if isinstance(data, list) else data


def fill_text(text: str, names: Mapping[str, object], text_of: Callable[[object], str] = as_text) -> str:
    """Return a text with every expression replaced by what `text_of` makes of its value.

    Unlike `fill`, one expression alone becomes text, too. Raises `EvaluationError`.
    """
    return text if is_plain(text) else _interpolated(_read(text), text, names, text_of)


def _filled(text: str, names: Mapping[str, object], text_of: Callable[[object], str]) -> object:
    template = _read(text)
    single = template.single
    return _interpolated(template, text, names, text_of) if single is None else _value(single, text, names)


def _interpolated(
    template: Template, text: str, names: Mapping[str, object], text_of: Callable[[object], str]
) -> str:
    parts: list[str] = []
    for part in template.parts:
        if isinstance(part, str):
            parts.append(part)
            continue
        value = _value(part, text, names)
        try:
            parts.append(text_of(value))
        except RefusedOperationError as error:
            problem = Problem(error.kind, part.start, part.end, error.message, help=error.advice)
            raise EvaluationError(problem, text) from None
    return "".join(parts)


def _value(expression: Expression, text: str, names: Mapping[str, object]) -> object:
    try:
        return evaluate(expression, names)
    except EvaluationError as error:
        raise EvaluationError(error.problem, text) from None


@lru_cache(maxsize=1024)
def _read(text: str) -> Template:
    template, problems = parse_template(text)
    if template is None:
        raise EvaluationError(problems[0], text)
    return template
