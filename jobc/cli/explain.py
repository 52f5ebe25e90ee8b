"""`jobc explain`: the page of a diagnostic code."""

from __future__ import annotations

import sys
from pathlib import Path

from jobc.cli import OK, USAGE
from jobc.cli.terminal import is_terminal
from jobc.compiler import report
from jobc.schemas.codes import CODES
from jobc.schemas.names import near_names

PAGES = Path(report.__file__).parent / "pages"


def explain(code: str) -> int:
    """Print the page of a code, laid out where stdout is a terminal; offer near codes for an unknown one."""
    known = code.upper()
    if known not in CODES:
        near = near_names(known, CODES)
        hint = f"; did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
        print(f"there is no diagnostic code `{code}`{hint}", file=sys.stderr)
        return USAGE
    page = PAGES / f"{known}.md"
    text = page.read_text(encoding="utf-8") if page.is_file() else _headline(known)
    _print_page(text)
    return OK


def list_codes() -> int:
    """Print every code with its severity and title."""
    for code in CODES:
        print(_headline(code))
    return OK


def _headline(code: str) -> str:
    return f"{code} {CODES[code].severity:<7} {CODES[code].title}"


def _print_page(text: str) -> None:
    if not is_terminal(sys.stdout):
        print(text.rstrip())
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
