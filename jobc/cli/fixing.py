"""`jobc validate --fix`: make the edits that diagnostics offer, and check again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.cli.checking import check
from jobc.cli.rewriting import difference, replace_bytes
from jobc.cli.validate import report
from jobc.compiler.fixes import apply_edits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from jobc.cli.checking import Check
    from jobc.cli.validate import ValidateRequest
    from jobc.schemas.diagnostics import Diagnostic, Edit, Location

ROUNDS: Final = 10
_MARK: Final = "\ufeff"


class Choice(NamedTuple):
    """The fixes of one round: diagnostics whose edits go together, and all edits by file."""

    diagnostics: tuple[Diagnostic, ...]
    edits: Mapping[str, Sequence[Edit]]


class Rewrite(NamedTuple):
    """One file before and after the edits of a round."""

    path: Path
    before: bytes
    after: bytes


def fix(request: ValidateRequest) -> int:
    """Fix what has one sure fix, say how much that was, report the rest, and return its exit code.

    A fix may lay bare another mistake, so the files are checked again after each round, up to ten times.
    """
    done = check(request)
    fixed, files = 0, set[str]()
    seen: set[tuple[Path, bytes]] = set()
    for _ in range(ROUNDS):
        choice = choose(done.found.diagnostics)
        rewrites = [each for each in _rewrites(choice, done) if each[:3:2] not in seen]
        seen |= {(each.path, each.before) for each in rewrites}
        written = {each.path.as_posix() for each in rewrites if _is_written(each)}
        if not written:
            break
        fixed += _fixed(choice, written)
        files |= written
        done = check(request)
    _summarise("fixed", fixed, len(done.found.diagnostics) + fixed, len(files), request.form)
    return report(done, request.form)


def show_fixes(request: ValidateRequest) -> int:
    """Show as a diff what the first round would change; write nothing, and return the check's exit code."""
    from jobc.cli import MISTAKES, OK

    done = check(request)
    choice = choose(done.found.diagnostics)
    names = set()
    for rewrite in _rewrites(choice, done):
        name = rewrite.path.as_posix()
        names.add(name)
        sys.stdout.write(difference(name, rewrite.before.decode("utf-8"), rewrite.after.decode("utf-8")))
    fixed = _fixed(choice, names)
    _summarise("would fix", fixed, len(done.found.diagnostics), len(names), "diff")
    return MISTAKES if done.fails else OK


def choose(diagnostics: Iterable[Diagnostic]) -> Choice:
    """Choose fixes that do not get into each other's way, in order; the rest may have their turn later.

    Where two diagnostics want something else for the same place, neither is certain. Two names that become
    the same one may be keys of one mapping, so the second waits until the first one is there.
    """
    fixable = [diagnostic for diagnostic in diagnostics if diagnostic.edits]
    wanted: dict[Location, set[str]] = {}
    for edit in (edit for diagnostic in fixable for edit in diagnostic.edits):
        wanted.setdefault(edit.location, set()).add(edit.text)
    chosen = []
    edits: dict[str, list[Edit]] = {}
    meant: dict[tuple[str, ...], str] = {}
    for diagnostic in fixable:
        becomes = (diagnostic.code, *(edit.text for edit in diagnostic.edits))
        if meant.setdefault(becomes, diagnostic.message) != diagnostic.message and becomes[1]:
            continue
        new = [edit for edit in diagnostic.edits if edit not in edits.get(edit.location.file, ())]
        is_certain = all(len(wanted[edit.location]) == 1 for edit in diagnostic.edits)
        if is_certain and not any(_is_taken(edit, edits.get(edit.location.file, ())) for edit in new):
            chosen.append(diagnostic)
            for edit in new:
                edits.setdefault(edit.location.file, []).append(edit)
    return Choice(tuple(chosen), edits)


def _is_taken(edit: Edit, others: Iterable[Edit]) -> bool:
    """Tell whether a place overlaps another one, or is where another one begins."""
    _, start, end = edit.location
    places = [other.location for other in others]
    return any(start == place.start or (start < place.end and place.start < end) for place in places)


def _rewrites(choice: Choice, done: Check) -> Iterable[Rewrite]:
    """Yield the files with their edits made; one that is no longer what was checked is left out."""
    for name, edits in choice.edits.items():
        path = Path(name)
        try:
            before = path.read_bytes()
            text = before.decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        mark = _MARK if text.startswith(_MARK) else ""
        text = text.removeprefix(_MARK)
        if _lines(text) != _lines(done.found.texts.get(name, "")):
            _say_changed(name)
            continue
        yield Rewrite(path, before, (mark + apply_edits(text, edits)).encode("utf-8"))


def _lines(text: str) -> str:
    """Return a text with one kind of line ends: some texts are kept that way for quoting."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_written(rewrite: Rewrite) -> bool:
    name = rewrite.path.as_posix()
    try:
        is_written = replace_bytes(*rewrite)
    except OSError as error:
        print(f"cannot write `{name}`: {error.strerror or error}", file=sys.stderr)
        return False
    if not is_written:
        _say_changed(name)
    return is_written


def _say_changed(name: str) -> None:
    print(f"`{name}` was changed by somebody else meanwhile and is left as it is", file=sys.stderr)


def _fixed(choice: Choice, written: Collection[str]) -> int:
    """Count the mistakes whose edits are all made."""
    places = [{edit.location.file for edit in each.edits} for each in choice.diagnostics]
    return sum(files <= set(written) for files in places)


def _summarise(verb: str, fixed: int, total: int, files: int, form: str) -> None:
    if total:
        mistakes = "1 mistake" if total == 1 else f"{total} mistakes"
        where = f" in {files} {'file' if files == 1 else 'files'}" if files else ""
        # Programs read stdout, and `patch` reads a diff there: neither wants this line.
        sys.stdout.flush()
        print(f"{verb} {fixed} of {mistakes}{where}", file=sys.stdout if form == "human" else sys.stderr)
