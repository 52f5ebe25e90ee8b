"""Say in plain English why a parser refused a YAML text.

The two parsers word the same verdict differently; each rule below is known by fragments of both wordings.
What is said is ours: what was found, and what was expected there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.compiler.read.source import end_name, shortened
from jobc.compiler.read.yaml_tabs import describe_tab
from jobc.schemas.diagnostics import Diagnostic, Related

if TYPE_CHECKING:
    from jobc.compiler.read.source import Source
    from jobc.compiler.read.yaml_events import Rejection

_QUOTE_IN_FLOW: Final = (
    "text that contains `?`, `[`, `{`, `,` or `: ` inside a YAML flow mapping or list must be quoted"
)
_QUOTED_IN_PART: Final = "a value that begins with a quote ends at the closing one: quote all of it"
_TOKEN: Final = re.compile(r"\w+|\S")


class _Rule(NamedTuple):
    """Words for one kind of verdict.

    `context` and `problem` are patterns for the parser's words. {found} in the message is what stands at the
    place; `begin` says what stands at the context's place, which is then shown too; `at_begin` has the
    diagnostic stand there.
    """

    context: str
    problem: str
    message: str
    label: str
    help: str | None = None
    begin: str = ""
    at_begin: bool = False


_RULES: Final = (
    _Rule(
        "quoted scalar",
        "unexpected end of stream",
        "the quoted text is never closed",
        "expected a closing quote for this one",
        at_begin=True,
    ),
    _Rule(
        "quoted scalar",
        "document (?:separator|indicator)",
        "the quoted text is not closed before {found}",
        "expected a closing quote",
        begin="the text begins here",
    ),
    _Rule(
        "quoted scalar",
        "unknown escape",
        "{found} is no escape",
        r"expected `\n`, `\t`, `\"`, `\\`, `\uXXXX` or another escape of YAML",
        r"write `\\` for a backslash, or use single quotes, where it is a character like any other",
    ),
    _Rule(
        "quoted scalar",
        "surrogate|Unicode character",
        "an escape stands for half a character",
        r"expected a whole one, such as `\U0001F600`",
    ),
    _Rule("quoted scalar", "hexdecimal", "the escape is too short", "expected a hexadecimal digit"),
    _Rule(
        "block scalar",
        "range 1-9|equal to 0",
        "`0` cannot be an indentation",
        "expected a digit from 1 to 9",
    ),
    _Rule(
        "block scalar",
        "chomping|line break",
        "text stands behind `|` or `>`",
        "expected the end of the line: the text begins on the next one",
        "text that begins with `|` or `>` must be quoted",
    ),
    _Rule(
        "block scalar",
        "indented|indentation",
        "an empty line at the beginning of the text is indented more than the text",
        "expected at most the indentation of the first line of text",
    ),
    _Rule(
        "anchor|alias",
        "",
        "a name is missing behind `&` or `*`",
        "expected letters or digits",
        "text that begins with `&` or `*` must be quoted",
        at_begin=True,
    ),
    _Rule(
        "tag|parsing a node",
        "",
        "the tag cannot be read",
        "expected a plain value",
        "text that begins with `!` must be quoted",
        at_begin=True,
    ),
    _Rule(
        "flow mapping",
        "",
        "{found} stands where the mapping goes on or ends",
        "expected `,` or `}`",
        _QUOTE_IN_FLOW,
        begin="the mapping begins here",
    ),
    _Rule(
        "flow sequence",
        "",
        "{found} stands where the list goes on or ends",
        "expected `,` or `]`",
        _QUOTE_IN_FLOW,
        begin="the list begins here",
    ),
    _Rule("flow node", "", "{found} stands where a value is expected", "expected a value", _QUOTE_IN_FLOW),
    _Rule(
        "block node",
        "",
        "{found} stands where a value is expected",
        "expected a value",
        "text that begins with a special character must be quoted",
    ),
    _Rule(
        "simple key",
        "",
        "a line of the mapping has no `:`",
        "expected `key: value`",
        "text of several lines is indented more than its key",
        at_begin=True,
    ),
    _Rule(
        "block mapping",
        "",
        "{found} does not continue the mapping",
        "expected a key, indented like the keys above",
        _QUOTED_IN_PART,
        begin="the mapping begins here",
    ),
    _Rule(
        "block collection",
        "",
        "{found} does not continue the list",
        "expected `- `, indented like the items above",
        begin="the list begins here",
    ),
    _Rule(
        "directive",
        "",
        "the line is no directive",
        "expected `%YAML 1.2`",
        "text that begins with `%` must be quoted",
        at_begin=True,
    ),
    _Rule("", "YAML directive", "a second `%YAML` directive", "expected one"),
    _Rule("", "incompatible", "the file asks for a YAML that does not exist", "expected `%YAML 1.2`"),
    _Rule("", "tag handle", "a `%TAG` directive is given twice", "expected each once"),
    _Rule(
        "",
        "document start|document end",
        "{found} stands behind the end of the document",
        "expected the end of the file",
        "a file whose first line is not a key or a list item ends with that line's value",
    ),
    _Rule(
        "",
        "mapping values are not allowed",
        "`:` stands where no key can end",
        "expected the end of the value",
        "text that contains `: ` must be quoted; a key must be indented like the keys beside it",
    ),
    _Rule(
        "",
        "mapping keys are not allowed",
        "`?` stands where no key can begin",
        "expected a value",
        "text that begins with `? ` must be quoted",
    ),
    _Rule(
        "",
        "sequence entries",
        "`-` stands where no list can begin",
        "expected a value",
        "begin the list on a line of its own; text that begins with `- ` must be quoted",
    ),
    _Rule(
        "",
        "cannot start any token",
        "{found} cannot begin a value",
        "expected a value",
        "text that begins with `@`, `` ` `` or `%` must be quoted",
    ),
    _Rule("", "", "the text is no YAML from here on", "expected a key, a value or a list item"),
)


def explain(source: Source, rejection: Rejection) -> Diagnostic:
    """Return a parser's verdict as a diagnostic: JC0103, or JC0108 where a tab is to blame."""
    text = source.text
    offset = rejection.offset or 0
    if text[offset : offset + 1] == "\t" or "tab character" in rejection.problem:
        return describe_tab(source, offset)
    rule = next(
        rule
        for rule in _RULES
        if re.search(rule.context, rejection.context) and re.search(rule.problem, rejection.problem)
    )
    begin = rejection.context_offset
    if rule.at_begin and begin is not None:
        offset = begin
    if "escape" in rejection.problem and text[offset - 1 : offset] == "\\":
        offset -= 1
    end = _token_end(text, offset)
    related: tuple[Related, ...] = ()
    if rule.begin and begin is not None:
        related = (Related(rule.begin, source.location(begin, _token_end(text, begin))),)
    return Diagnostic(
        "JC0103",
        rule.message.replace(
            "{found}", f"`{shortened(text[offset:end])}`" if end > offset else end_name(text, offset)
        ),
        source.location(offset, end),
        label=rule.label,
        related=related,
        help=_advice(rule, text, offset),
    )


def _advice(rule: _Rule, text: str, offset: int) -> str | None:
    """Return the help of a rule, or what helps more with the text at hand."""
    if rule.problem == "cannot start any token" and text[offset : offset + 1] in ("|", ">"):
        return (
            "text over several lines, by `|` or `>`, cannot stand inside `{…}` or `[…]`: give each key a line"
        )
    if rule.help is not _QUOTED_IN_PART:
        return rule.help
    before = text[:offset].rstrip()
    if "\n" in text[len(before) : offset] or "\r" in text[len(before) : offset]:
        return (
            "the value above is complete: indent the key like those above, or move that value below its key"
        )
    closing = before[-1:]
    if closing in ("}", "]"):
        opening = "{" if closing == "}" else "["
        return f"a value that begins with `{opening}` ends at the `{closing}`; quote text that begins so"
    return rule.help


def _token_end(text: str, offset: int) -> int:
    if text.startswith("\\", offset):
        return min(offset + 2, len(text))
    token = _TOKEN.match(text, offset)
    return token.end() if token else offset
