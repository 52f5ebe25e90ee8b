"""What the page of a code says about it, as metadata of the rule for other programs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from jobc.schemas.codes import CODES, Severity

_PAGES = Path(__file__).parent / "pages"
_WORD = re.compile(r"[A-Za-z0-9]+")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")


class Rule(NamedTuple):
    """One code: `name` is its title as one word, `about` the first paragraph of its `page`."""

    code: str
    name: str
    title: str
    about: str
    severity: Severity
    page: str


def rule(code: str) -> Rule:
    """Return what is known about a code; where the pages are not installed, its title has to do."""
    severity, title = CODES[code]
    name = "".join(word[0].upper() + word[1:] for word in _WORD.findall(title))
    path = _PAGES / f"{code}.md"
    page = path.read_text(encoding="utf-8") if path.is_file() else f"# {code}: {title}\n\n{title}.\n"
    about = " ".join(_PARAGRAPH_END.split(page.strip())[1].split())
    return Rule(code, name, title, about, severity, page)
