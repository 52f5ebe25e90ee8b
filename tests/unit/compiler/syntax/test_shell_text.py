"""Where values stand in texts for the shell; what stands free is one word, whatever it holds."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobc.compiler.syntax.shell_text import enclosed
from jobc.compiler.syntax.templates import parse_template
from jobc.runtime.expressions import fill_text
from jobc.runtime.op_kinds.names import quoted

QUOTES, BACKSLASH, BACKQUOTES = "inside quotes", "behind a backslash", "inside backquotes"
COMMENT, DOCUMENT = "into a comment", "into a here-document"


def places(text: str) -> list[tuple[str, str]]:
    template, _ = parse_template(text)
    assert template is not None
    return [(text[each.start : each.end], each.where) for each in enclosed(template)]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("'${a.b}'", QUOTES),
        ('"${a.b}"', QUOTES),
        ('"it\'s ${a.b}"', QUOTES),
        ("echo 'a'\"b\"'${a.b}'", QUOTES),
        ('"$(cat ${a.b})"', QUOTES),
        ('"$(cat "${a.b}")"', QUOTES),
        ('"$(echo \')\' "${a.b}")"', QUOTES),
        ('"$( (cat "x") ; cat "${a.b}")"', QUOTES),
        ('"`cat "${a.b}"`"', QUOTES),
        ('"$((1 + 2))${a.b}"', QUOTES),
        ("\\${a.b}", BACKSLASH),
        ("`cat ${a.b}`", BACKQUOTES),
        ("# ${a.b}", COMMENT),
        ("echo a # 'b'\n# ${a.b}", COMMENT),
        ("(#${a.b}\n)", COMMENT),
        ("cat <<END\n${a.b}\nEND\n", DOCUMENT),
        ("cat <<-'END'\n${a.b}\nEND\n", DOCUMENT),
        ("cat <<END\n\tEND\n${a.b}\nEND\n", DOCUMENT),
        ("cat <<A <<-B\nx\nA\n${a.b}\n\tB\n", DOCUMENT),
        ("cat <<END\nx\\\nEND\n${a.b}\nEND\n", DOCUMENT),
        ("cat <<'A B'\nA\n${a.b}\nA B\n", DOCUMENT),
        ("cat <<${a.b}\nA\n", DOCUMENT),
        ("( (cat <<END\n${a.b}\nEND\n) )", DOCUMENT),
    ],
)
def test_a_value_inside_something_is_found(text: str, where: str) -> None:
    assert places(text) == [("a.b", where)]


@pytest.mark.parametrize(
    "text",
    [
        "echo ${a.b}",
        "echo x${a.b}y",
        "echo 'a' ${a.b} \"c\"",
        'echo "it\'s" ${a.b}',
        "echo '\\' ${a.b}",
        'echo "a\\"b" ${a.b}',
        "echo \\\\${a.b}",
        "echo \\' ${a.b}",
        "cat $(dirname ${a.b})",
        'echo "$(echo "x")" ${a.b}',
        'echo "$((1 + 2))" "`echo "x"`" ${a.b}',
        "x=$(((1 + 1) << 2))\necho ${a.b}",
        'x="$((1 << 2))"\necho ${a.b}',
        'echo "\\$(" ${a.b}',
        "echo \\ #${a.b}",
        "echo it#${a.b}",
        "cat <<END ${a.b}\nEND\n",
        "cat <<'END'\nit's\nEND\necho ${a.b}",
        "cat <<-A <<B\nx\n\tA\ny\nB\necho ${a.b}",
        "cat <<\\END | sort\n`\nEND\necho ${a.b}",
        "cat <<<x\necho ${a.b}",
        "echo ${a.c}#${a.b}",
        "echo a # it's nothing\necho ${a.b}",
        "sort < ${a.b} > ${a.c}",
        "name=${a.b}",
    ],
)
def test_a_value_that_stands_free_is_not(text: str) -> None:
    assert places(text) == []


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30))
@example("'")
@example("$(echo no)")
@example("\\")
@example("\n# no")
def test_what_stands_free_is_one_word(value: str) -> None:
    text = "x=${a.b}; printf '%s\\0' ${a.b} \"$x\" x${a.b}y"
    assert places(text) == []
    shell = fill_text(text, {"a": {"b": value}}, quoted)
    printed = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, check=True).stdout
    assert printed.decode().split("\0") == [value, value, f"x{value}y", ""]
