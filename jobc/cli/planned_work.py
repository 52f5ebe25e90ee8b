"""What an op does besides calling a function, as plans show it: what it runs, how it is tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.expressions.errors import EvaluationError, RefusedOperationError
from jobc.runtime.expressions.evaluating import evaluate
from jobc.runtime.expressions.templates import Template, parse_template, template_text
from jobc.runtime.expressions.texts import as_text
from jobc.runtime.op_kinds.command import Command
from jobc.runtime.op_kinds.names import quoted_masked, shown_items

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobc.cli.plain_values import Plain
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.policies import RetryPolicy
    from jobc.runtime.execute.secrets import Mask
    from jobc.runtime.expressions.nodes import Expression


def planned_program(op: OpDefinition, config: object, mask: Mask) -> dict[str, Plain]:
    """Return `command` or `shell` with what it runs, as far as config tells; nothing for other ops.

    Secrets are asterisks. Expressions whose values only a run knows are left as they are written.
    """
    function = op.function.function
    if not isinstance(function, Command):
        return {}
    values = config if isinstance(config, dict) else {}
    names = {"config": {name: _listed(value) for name, value in values.items()}}
    if function.kind == "shell":
        return {"shell": mask.apply(_known(function.work[0], names, quoted_masked).strip())}
    return {"command": [mask.apply(item) for text in function.work for item in _items(text, names)]}


def planned_retry(policy: RetryPolicy) -> dict[str, Plain]:
    """Return a retry policy as a spec states it."""
    stated: dict[str, Plain] = {
        "max_retries": policy.max_retries,
        "delay_s": policy.delay,
        "backoff": policy.backoff and policy.backoff.value.lower(),
        "jitter": policy.jitter and policy.jitter.value.lower(),
    }
    return {name: value for name, value in stated.items() if value is not None}


def _listed(value: object) -> object:
    return sorted(value, key=str) if isinstance(value, set | frozenset) else value


def _items(text: str, names: Mapping[str, object]) -> list[str]:
    """Return the arguments that a text of a command stands for: a list gives as many as it has items."""
    template, _ = parse_template(text)
    if template is None or template.single is None:
        return [_known(text, names, as_text)]
    try:
        return shown_items(evaluate(template.single, names))
    except (EvaluationError, RefusedOperationError):
        return [text]


def _known(text: str, names: Mapping[str, object], text_of: Callable[[object], str]) -> str:
    """Return a text with the expressions filled in whose values are known."""
    template, _ = parse_template(text)
    if template is None:
        return text
    return "".join(
        part if isinstance(part, str) else _value_or_text(part, names, text_of) for part in template.parts
    )


def _value_or_text(
    expression: Expression, names: Mapping[str, object], text_of: Callable[[object], str]
) -> str:
    try:
        return text_of(evaluate(expression, names))
    except (EvaluationError, RefusedOperationError):
        return template_text(Template((expression,)))
