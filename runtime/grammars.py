"""What the `.lark` grammars of jobc share: loading them, parsing with them, and their quoted texts.

Lark needs a quarter of a second to turn a grammar into tables, and reads stored tables in a few
milliseconds. So the tables are kept in the user's cache folder. They are a pickle, and a pickle written by
somebody else can run code: the folder and the file must belong to this user and be closed to all others, or
they are not read. A folder that cannot be used costs time and nothing else.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

    Node: TypeAlias = Tree[Token]
    Leaf: TypeAlias = Token

_ESCAPE = re.compile(r"""\\(?:([\\/"'bfnrt])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.?))""")
_CONTROL = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class UnexpectedTextError(Exception):
    """Say where a grammar found a text it has no rule for; `position` is the text's length at its end.

    `expected` are the names of the terminals that could have stood there.
    """

    def __init__(self, position: int, expected: frozenset[str] = frozenset()) -> None:
        super().__init__(position, expected)
        self.position = position
        self.expected = expected


class QuotedTextError(Exception):
    """Say what is wrong inside a quoted text, from `start` up to `end`, counted from its opening quote."""

    def __init__(self, start: int, end: int, message: str, advice: str | None = None) -> None:
        super().__init__(start, end, message, advice)
        self.start = start
        self.end = end
        self.message = message
        self.advice = advice


def parse(rules: Path, text: str) -> Node:
    """Return the tree of `text` by the grammar in the file `rules`.

    Raises UnexpectedTextError at the first character that fits no rule.
    """
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    try:
        return load_grammar(rules).parse(text)
    except UnexpectedCharacters as error:
        refusal = UnexpectedTextError(cast("int", error.pos_in_stream), frozenset(error.allowed))
    except UnexpectedToken as error:
        start = None if error.token.type == "$END" else error.token.start_pos
        expected = frozenset(error.accepts or error.expected)
        refusal = UnexpectedTextError(len(text) if start is None else start, expected)
    # Out here it has no context: Lark's errors hold the whole parser, which crosses no process.
    raise refusal


@cache
def load_grammar(rules: Path) -> Lark:
    """Return the LALR parser of a `.lark` file, from stored tables where there are any."""
    from io import BytesIO

    from lark import Lark

    text = rules.read_text(encoding="utf-8")
    file_name = _tables_name(rules.stem, text)
    tables = _read_tables(file_name)
    if tables is not None:
        return Lark.load(BytesIO(tables))
    parser = Lark(text, parser="lalr")
    buffer = BytesIO()
    parser.save(buffer)
    _write_tables(file_name, buffer.getvalue())
    return parser


def unquote(quoted: str) -> str:
    r"""Return the value of a quoted text, given with its quotes.

    The escapes are those of JSON, and `\'`, `\xHH` and `\UHHHHHHHH`.
    Raises QuotedTextError at an escape that has no meaning.
    """
    value = _ESCAPE.sub(_unescaped, quoted[1:-1]) if "\\" in quoted else quoted[1:-1]
    try:
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        message = "the text holds half of a character: a lone surrogate"
        raise QuotedTextError(0, len(quoted), message) from None


def _unescaped(match: re.Match[str]) -> str:
    plain, *codes, other = match.groups()
    if plain is not None:
        return _CONTROL.get(plain, plain)
    code = next((int(digits, 16) for digits in codes if digits), 0x110000)
    if other is not None or code > 0x10FFFF:
        raise QuotedTextError(
            match.start() + 1,
            match.end() + 1,
            f"`{match.group()}` is no escape",
            "write `\\\\` for a backslash; escapes are `\\n`, `\\t`, `\\r`, `\\b`, `\\f`, `\\\"`, `\\'`, "
            "`\\xHH`, `\\uHHHH` and `\\UHHHHHHHH`",
        )
    return chr(code)


def _tables_name(grammar: str, rules: str) -> str:
    """Name the tables by all they depend on, so that they never have to be checked for age."""
    import sys
    from hashlib import sha256

    import lark

    made_of = f"{lark.__version__}\n{sys.version}\n{rules}"
    return f"{grammar}-{sha256(made_of.encode()).hexdigest()[:32]}.tables"


def _cache_folder() -> Path | None:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - keeps `~` if unknown
    folder = Path(base, "jobc", "grammars")
    return folder if folder.is_absolute() else None


def _open_own_folder() -> int:
    """Open the cache folder for use with `dir_fd`. Raises OSError where it is missing or open to others."""
    folder = _cache_folder()
    if folder is None:
        raise FileNotFoundError("there is no home folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    return _own(descriptor)


def _own(descriptor: int) -> int:
    """Return the descriptor, or close it and raise PermissionError where others may read or write it."""
    status = os.fstat(descriptor)
    if status.st_uid != os.geteuid() or status.st_mode & 0o077:
        os.close(descriptor)
        raise PermissionError("the cache belongs to somebody else or is open to others")
    return descriptor


def _read_tables(file_name: str) -> bytes | None:
    """Return stored tables, or None where there are none that are whole and this user's own."""
    from hashlib import sha256

    try:
        folder = _open_own_folder()
        try:
            file = _own(os.open(file_name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder))
        finally:
            os.close(folder)
        with os.fdopen(file, "rb") as stream:
            digest, tables = stream.read(32), stream.read()
    except OSError:
        return None
    return tables if sha256(tables).digest() == digest else None


def _write_tables(file_name: str, tables: bytes) -> None:
    """Store tables for later processes; a reader sees the old file or the whole new one."""
    from hashlib import sha256

    draft = f"{file_name}.{os.getpid()}"
    with suppress(OSError):
        folder = _open_own_folder()
        try:
            file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600, dir_fd=folder)
            with os.fdopen(file, "wb") as stream:
                stream.write(sha256(tables).digest() + tables)
            os.rename(draft, file_name, src_dir_fd=folder, dst_dir_fd=folder)  # noqa: PTH104 - Path has no dir_fd
        finally:
            os.close(folder)
