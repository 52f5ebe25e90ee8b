"""Reading, as sentences: nothing raises, values are the reference readers', places are what they name."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import tomli
import yaml
from hypothesis import assume, given, note
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from jobc.compiler.read import Path, Tree, Value, read_text

if TYPE_CHECKING:
    from jobc.schemas.diagnostics import Location

YAML_ALPHABET = "ab1 \n\t-:?,[]{}#&*!|>'\"%@`~.<=\\/_+\r\u00e9\u2028\x85\ufeff\U0001f600\x00"
TOML_ALPHABET = "ab1 \n\t-=.,[]{}#'\"\\_+:TZ\r\u00e9\U0001f600\x00"

CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"
)
TEXTS = st.one_of(
    st.text(CHARACTERS, max_size=12),
    st.text("ab '\"\\\n#:", max_size=24),
    st.sampled_from(
        ["shop.ops:read", "list[dict]", "1e3", "0o17", "yes", "null", "~", "a  b\n\n c\n", " x\ny"]
    ),
)
KEYS = st.text(CHARACTERS, min_size=1, max_size=8) | st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False), TEXTS
)


def containers(scalars: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Build nested lists and mappings of scalars."""
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=12,
    )


def is_text_in_both(text: str) -> bool:
    """Tell whether the writer, which knows YAML 1.1, quotes a text exactly if YAML 1.2 needs it."""
    return not re.fullmatch(r"[-+]?[0-9.]+[eE][-+]?[0-9]+|0o[0-7]+", text)


@st.composite
def yaml_documents(draw: st.DrawFn) -> str:
    """Write generated values as YAML in one of many layouts."""
    value = draw(st.dictionaries(KEYS, containers(SCALARS), min_size=1, max_size=4))
    assume(all(is_text_in_both(step) for path, _ in paths(value) for step in path if isinstance(step, str)))
    if draw(st.booleans()):
        text = json.dumps(
            value, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1, "\t"]))
        )
        assume("Infinity" not in text)
    else:
        text = yaml.safe_dump(
            value,
            default_style=draw(st.sampled_from([None, "'", '"', "|", ">"])),
            default_flow_style=draw(st.sampled_from([True, False, None])),
            width=draw(st.sampled_from([8, 20, 80])),
            indent=draw(st.integers(2, 5)),
            allow_unicode=draw(st.booleans()),
        )
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def toml_string(draw: st.DrawFn, value: str) -> str:
    """Write a string in one of TOML's kinds that can hold it."""
    kinds = ["basic", "basic_lines"]
    is_printable = all(character >= " " and character != "\x7f" for character in value.replace("\n", ""))
    if is_printable and "'" not in value:
        kinds += ["literal_lines"] if "\n" in value else ["literal", "literal_lines"]
    kind = draw(st.sampled_from(kinds))
    if kind == "literal":
        return f"'{value}'"
    if kind == "literal_lines":
        return f"'''\n{value}'''"
    escaped = json.dumps(value, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")
    if kind == "basic":
        return f'"{escaped}"'
    return '"""\n' + escaped.replace("\\n", "\n") + '\\\n   """'


def toml_value(draw: st.DrawFn, value: Any) -> str:
    """Write a value inline."""
    if isinstance(value, str):
        return toml_string(draw, value)
    if isinstance(value, list):
        gap = draw(st.sampled_from(["", " ", "\n  ", " # note\n"]))
        return "[" + "".join(f"{gap}{toml_value(draw, item)},{gap}" for item in value) + "]"
    if isinstance(value, dict):
        pairs = [f"{toml_key(draw, key)} = {toml_value(draw, item)}" for key, item in value.items()]
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, datetime | date | time):
        return value.isoformat().replace("T", draw(st.sampled_from(["T", " ", "t"])))
    return str(value).lower() if isinstance(value, bool) else repr(value)


def toml_key(draw: st.DrawFn, key: str) -> str:
    """Write a key bare if it can be, else quoted."""
    is_bare = re.fullmatch(r"[A-Za-z0-9_-]+", key)
    return key if is_bare and draw(st.booleans()) else json.dumps(key, ensure_ascii=False)


@st.composite
def toml_documents(draw: st.DrawFn) -> str:
    """Write generated values as TOML: pairs, dotted keys, tables, arrays of tables."""
    times = st.datetimes() | st.dates() | st.times()
    scalars = (
        st.booleans()
        | st.integers(-(10**20), 10**20)
        | st.floats(allow_nan=False, allow_infinity=False)
        | TEXTS
    )
    values = containers(scalars | times)
    lines = []
    for key, value in draw(st.dictionaries(KEYS, values, max_size=3)).items():
        lines.append(f"p . {toml_key(draw, key)} = {toml_value(draw, value)}")
    for number, pairs in enumerate(draw(st.lists(st.dictionaries(KEYS, values, max_size=3), max_size=4))):
        header = draw(
            st.sampled_from([f"[t{number}]", f"[ s . t{number} ]", "[[r]]", f'[u."x y".t{number}]'])
        )
        lines.append(f"{header} # note")
        for key, value in pairs.items():
            lines.append(f"d{len(lines)} . {toml_key(draw, key)}={toml_value(draw, value)}")
    text = "\n".join(lines) + "\n"
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def written(tree: Tree, location: Location) -> str:
    """Return the text at a location, found by lines and columns as an editor would."""
    lines = [0, *(match.end() for match in re.finditer(r"\r\n?|\n", tree.source.text))]
    start, end = (lines[place.line - 1] + place.column - 1 for place in location[1:])
    return tree.source.text[start:end]


def paths(value: Value, path: Path = ()) -> list[tuple[Path, Value]]:
    """List all paths below the root with their values."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found: list[tuple[Path, Value]] = []
    for step, item in steps:
        found += [((*path, step), item), *paths(item, (*path, step))]
    return found


def read(name: str, text: str) -> Tree:
    """Read a text that must be read without errors."""
    tree, diagnostics = read_text(name, text)
    note(text)
    assert tree is not None, diagnostics
    assert [d for d in diagnostics if d.severity == "error"] == []
    return tree


def reference_yaml(text: str) -> Any:
    """Read with the reference reader; what it leaves in halves of surrogate pairs is joined."""
    value = YAML(typ="safe", pure=True).load(text)
    return json.loads(json.dumps(value)) if "\\u" in text else value


@given(st.one_of(st.text(YAML_ALPHABET), st.text(), st.binary()), st.sampled_from(["x.yaml", "x.toml"]))
def test_no_text_and_no_bytes_raise(data: str | bytes, name: str) -> None:
    tree, diagnostics = read_text(name, data)
    assert tree is not None or diagnostics
    for diagnostic in diagnostics:
        assert diagnostic.label or diagnostic.help
        assert diagnostic.location.start <= diagnostic.location.end
    if tree is not None:
        for path, _ in paths(tree.value):
            assert tree.locate(path).start <= tree.locate(path).end
            assert tree.locate_part(path, 0, 1).start <= tree.locate_part(path, 0, 1).end


@given(st.text(TOML_ALPHABET))
def test_toml_is_refused_exactly_where_tomli_refuses(text: str) -> None:
    tree, diagnostics = read_text("x.toml", text)
    try:
        tomli.loads(text)
    except (ValueError, RecursionError):
        assert tree is None
        assert len(diagnostics) == 1
    else:
        assert tree is not None or diagnostics[0].code == "JC0108"


@given(yaml_documents())
def test_yaml_values_are_the_reference_readers(text: str) -> None:
    assert read("x.yaml", text).value == reference_yaml(text)


@given(st.text("ab1 \n-:?,[]{}#&*|>'\"%\\~.<=+\r\u00e9\U0001f600", max_size=20))
def test_accepted_yaml_of_any_form_has_the_reference_readers_values(text: str) -> None:
    tree, diagnostics = read_text("x.yaml", f"- {text}")
    try:
        expected = reference_yaml(f"- {text}")
    except (YAMLError, ValueError):
        return  # what only libyaml accepts has no reference
    if tree is not None and not diagnostics:
        assert tree.value == expected


@given(toml_documents())
def test_toml_values_are_tomlis(text: str) -> None:
    def with_dates(value: Any, expected: Any) -> Any:
        if isinstance(expected, dict):
            return {key: with_dates(value[key], item) for key, item in expected.items()}
        if isinstance(expected, list):
            return [with_dates(*pair) for pair in zip(value, expected, strict=True)]
        if isinstance(expected, datetime | date | time):
            return type(expected).fromisoformat(value)
        return value

    value, expected = read("x.toml", text).value, tomli.loads(text)
    assert with_dates(value, expected) == expected


@given(yaml_documents())
def test_every_place_in_yaml_is_the_token_it_names(text: str) -> None:
    tree = read("x.yaml", text)
    for path, value in paths(tree.value):
        if isinstance(path[-1], str):
            key = written(tree, tree.locate_key(path))
            # A written key may be too long to be a key of one line: as a value it reads the same.
            assert reference_yaml(f"k: {key}") == {"k": path[-1]}
        location = tree.locate(path)
        token = written(tree, location)
        if isinstance(value, dict | list):
            # The line ends behind a block of text count for its value, but not for its place.
            assume(not re.search(r"[|>][-+1-9]*\r?\n", token) or "\\n" not in repr(value))
            assert read("x.yaml", " " * (location.start.column - 1) + token).value == value
        elif not isinstance(value, str) and token[0] in "'\"|>":
            continue  # such text is a number or empty by its tag, which is not part of its place
        elif token[0] not in "|>":
            assert reference_yaml(f"k: {token}") == {"k": value}
        elif isinstance(value, str) and not re.match(r".[-+]?[1-9]", token):
            assert reference_yaml(f"k: {token}")["k"].rstrip("\n") == value.rstrip("\n")


@given(toml_documents())
def test_every_place_in_toml_is_the_token_it_names(text: str) -> None:
    tree = read("x.toml", text)
    for path, value in paths(tree.value):
        if isinstance(path[-1], str):
            assert list(tomli.loads(f"{written(tree, tree.locate_key(path))} = 1")) == [path[-1]]
        token = written(tree, tree.locate(path))
        if not isinstance(value, dict | list):
            found = tomli.loads(f"k = {token}")["k"]
            assert found == value or token.upper().replace(" ", "T") == value


def check_parts(tree: Tree, path: Path, value: str, reread: Any) -> None:
    """Check each character of a string: its place follows the one before and reads as that character."""
    whole = tree.locate(path)
    last = whole.start
    for offset, character in enumerate(value):
        location = tree.locate_part(path, offset, offset + 1)
        assert last <= location.start
        assert location.end <= whole.end or character in "\r\n"
        last = location.end
        token = written(tree, location)
        if token != character and not (character in " \n" and token.strip(" \t\\") in {"\n", "\r\n"}):
            fold = character in " \n" and not token.strip()
            assert fold or reread(token) == character
    middle = tree.locate_part(path, 1, 3)
    assert (middle.start, middle.end) == (
        tree.locate_part(path, 1, 2).start,
        tree.locate_part(path, 2, 3).end,
    )


@given(yaml_documents())
def test_every_part_of_a_string_in_yaml_is_found_where_it_is_written(text: str) -> None:
    tree = read("x.yaml", text)
    for path, value in paths(tree.value):
        if isinstance(value, str) and len(value) >= 3:
            quote = written(tree, tree.locate(path))[0]
            check_parts(
                tree, path, value, lambda token, quote=quote: reference_yaml(f"{quote}{token}{quote}")
            )


def reread_toml(token: str) -> str:
    """Read a part of a string, or of a date, as a string."""
    found: str = tomli.loads(f'k = """{token}"""')["k"]
    return found.replace(" ", "T").replace("t", "T")


@given(toml_documents())
def test_every_part_of_a_string_in_toml_is_found_where_it_is_written(text: str) -> None:
    tree = read("x.toml", text)
    for path, value in paths(tree.value):
        if isinstance(value, str) and len(value) >= 3:
            check_parts(tree, path, value, reread_toml)
