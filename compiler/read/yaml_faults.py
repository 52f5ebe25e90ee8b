"""The words for what is YAML but not a tree of plain values: keys, tags, aliases, numbers, documents."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from jobc.compiler.read.limits import (
    DEPTH,
    EXPANDED_NODES,
    INTEGER_DIGITS,
    SUGGESTION_NAMES,
    SUGGESTIONS,
)
from jobc.compiler.read.source import shortened
from jobc.schemas.diagnostics import Diagnostic, Edit, Location, Related
from jobc.schemas.names import near_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.compiler.read.source import Source

_TAG: Final = re.compile(r"!(?:<[^>\s]*>|[^\s,\[\]{}]*)")
_VERSION: Final = re.compile(r"^%YAML[ \t]+[0-9.]+", re.MULTILINE)
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9]+")
_CORE_KINDS: Final = {
    "int": "a whole number",
    "float": "a number",
    "bool": "`true` or `false`",
    "null": "empty",
}


class Faults:
    """Collect the mistakes of one text, in the order in which they are found."""

    __slots__ = ("diagnostics", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def duplicate_key(self, key: str, start: int, end: int, first_start: int, first_end: int) -> None:
        """Report a key that its mapping already has."""
        first = self.source.location(first_start, first_end)
        self._report(
            "JC0105",
            f"duplicate key `{shortened(key)}`",
            self.source.location(start, end),
            label=f"already given in line {first.start.line}; expected each key once",
            related=(Related("first given here; this value is used", first),),
        )

    def second_merge(self, first: int, start: int, end: int) -> None:
        """Report a second merge key in one mapping."""
        self._report(
            "JC0105",
            "duplicate key `<<`",
            self.source.location(start, end),
            label="expected one merge key",
            related=(Related("the first one's value", self.source.location(first, first)),),
            help="merge several mappings by a list: `<<: [*a, *b]`",
        )

    def key_of_other_type(self, key: Any, start: int, end: int) -> None:
        """Report a key that is a number, a truth value, empty, a list or a mapping."""
        if isinstance(key, dict | list):
            kind = "a mapping" if isinstance(key, dict) else "a list"
            self._report(
                "JC0106",
                f"{kind} stands where a key is expected",
                self.source.location(start, end),
                label="expected text as the key",
                help="text that begins with `{` or `[` must be quoted",
            )
            return
        text = self.source.text[start:end]
        location = self.source.location(start, end)
        is_sure = key is not None and not text.startswith(("&", "!", "*"))
        self._report(
            "JC0106",
            f"the key `{shortened(text)}` is not text" if text else "a key is missing before `:`",
            location,
            label=f"YAML reads this as {_kind_of(key)}; expected text",
            help=f'quote it: "{shortened(text)}"' if text else "write a name before the colon",
            edits=(Edit(location, f'"{text}"'),) if is_sure else (),
        )

    def unknown_tag(self, tag: str, start: int, end: int) -> None:
        """Report a tag that is none of YAML's own plain ones."""
        span = self._tag_span(start, end)
        self._report(
            "JC0109",
            f"the tag `{shortened(self.source.text[slice(*span)] or tag)}` cannot be used in a spec",
            self.source.location(*span),
            label="expected a plain value",
            help="delete the tag; text that begins with `!` must be quoted",
        )

    def unfit_tag(self, kind: str, text: str, start: int, end: int) -> None:
        """Report a scalar that is not of the kind its tag says."""
        self._report(
            "JC0109",
            f"the tag `!!{kind}` does not fit the text `{shortened(text)}`",
            self.source.location(start, end),
            label=f"expected {_CORE_KINDS[kind]} after `!!{kind}`",
        )

    def unknown_alias(self, name: str, known: Iterable[str], start: int, end: int) -> None:
        """Report an alias that no anchor above it has the name of."""
        location = self.source.location(start, end)
        few = len(self.diagnostics) < SUGGESTIONS
        suggestions = near_names(name, islice(known, SUGGESTION_NAMES)) if few else ()
        quoted = f"'*{name}'"
        advice = f"quote it: {shortened(quoted)}"
        if suggestions:
            advice = f"did you mean `*{suggestions[0]}`? Or, if it is text, {advice}"
        self._report(
            "JC0110",
            f"no anchor `&{shortened(name)}` stands above the alias `*{shortened(name)}`",
            location,
            label="YAML reads `*` as the beginning of an alias",
            help=advice,
            suggestions=tuple(f"*{suggestion}" for suggestion in suggestions),
            edits=() if suggestions else (Edit(location, quoted),),
        )

    def endless_alias(self, name: str, start: int, end: int, anchor: int) -> None:
        """Report an alias inside the part that it stands for."""
        anchored = self.source.location(anchor, anchor + len(name) + 1)
        self._report(
            "JC0110",
            f"the alias `*{shortened(name)}` stands inside the part it repeats",
            self.source.location(start, end),
            label="this would never end; expected an alias of a part that ends above",
            related=(Related(f"`&{name}` begins here", anchored),),
        )

    def merge_of_other_type(self, start: int, end: int) -> None:
        """Report a merge key whose value is no mapping."""
        self._report(
            "JC0114",
            "the merge key `<<` takes mappings only",
            self.source.location(start, end),
            label="expected a mapping, an alias of one, or a list of such",
            help='if `<<` is meant as a name, quote it: "<<"',
        )

    def second_document(self, first: int, start: int) -> None:
        """Report that the file has more than one document."""
        width = 3 if self.source.text.startswith("---", start) else 1
        self._report(
            "JC0107",
            "a second document begins here",
            self.source.location(start, start + width),
            label="expected one document per file",
            related=(Related("the first document begins here", self.source.location(first, first + 1)),),
            help="move it to a file of its own, or delete the `---`",
        )

    def other_version(self, version: tuple[int, int], start: int) -> None:
        """Warn that the file asks for another YAML than the one it is read as."""
        written = ".".join(map(str, version))
        directive = _VERSION.search(self.source.text)
        begin, end = directive.span() if directive else (start, start)
        self._report(
            "JC0113",
            f"the file asks for YAML {written}, but specs are read as YAML 1.2",
            self.source.location(begin, end),
            label="expected no directive, or `%YAML 1.2`",
            help="words like `yes` and `on` are text in YAML 1.2",
        )

    def check_number(self, text: str, value: Any, start: int, end: int) -> bool:
        """Warn of a number that may not be what it looks like; tell whether it was so."""
        if value.__class__ is int and _LEADING_ZERO.fullmatch(text):
            message = f"`{shortened(text)}` is the number {shortened(str(value))}"
            advice = (
                "write it without the zero, or with `0o` if its digits are octal, or quote it if it is text"
            )
        elif value in (float("inf"), float("-inf")) and "." + text.lstrip("+-.").lower() != ".inf":
            message, advice = (
                f"`{shortened(text)}` is too large: it is read as infinity",
                "write `.inf` if that is meant",
            )
        else:
            return False
        self._report(
            "JC0115",
            message,
            self.source.location(start, end),
            label="expected a number that reads as it is written",
            help=advice,
        )
        return True

    def long_integer(self, digits: int, start: int, end: int) -> None:
        """Report an integer of too many digits."""
        self._report(
            "JC0111",
            f"a whole number of {digits:,} digits is too long",
            self.source.location(start, end),
            label=f"expected at most {INTEGER_DIGITS:,} digits",
            help="quote it if it is text",
        )

    def too_deep(self, start: int) -> Diagnostic:
        """Say that containers are nested too deeply."""
        return Diagnostic(
            "JC0111",
            "the file is nested too deeply",
            self.source.location(start, start + 1),
            label=f"expected at most {DEPTH} levels",
        )

    def too_many_nodes(self, start: int, end: int) -> Diagnostic:
        """Say that the aliases repeat too much."""
        return Diagnostic(
            "JC0111",
            "the aliases of the file repeat too much",
            self.source.location(start, end),
            label=f"expected at most {EXPANDED_NODES:,} values when all aliases are written out",
        )

    def _tag_span(self, start: int, end: int) -> tuple[int, int]:
        match = _TAG.search(self.source.text, start, max(end, start + 1))
        return match.span() if match else (start, end)

    def _report(
        self,
        code: str,
        message: str,
        location: Location,
        *,
        label: str,
        related: tuple[Related, ...] = (),
        help: str | None = None,  # noqa: A002 - the field's name
        suggestions: tuple[str, ...] = (),
        edits: tuple[Edit, ...] = (),
    ) -> None:
        self.diagnostics.append(
            Diagnostic(
                code, message, location, label, related, help=help, suggestions=suggestions, edits=edits
            )
        )


def _kind_of(value: Any) -> str:
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return "a truth value"
    return "a number"
