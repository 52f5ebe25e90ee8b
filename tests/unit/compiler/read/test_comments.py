"""Comments are found where they are comments, and nowhere else."""

from __future__ import annotations

import pytest

from jobc.compiler.read.comments import Comments, find_comments
from jobc.compiler.read.source import Source

# Every real comment says `yes`, every other number sign stands before `no`.
YAML = """\
# yes: top
jobc: 1 # yes: behind a value
a: |  # yes: behind a block's header
  text # no
   # no

# yes: behind a block
b: >-
  folded # no
# yes: behind a folded block

c: "quoted # no
   on # no" # yes: behind a long text
d: plain#no # yes: behind plain text
e: [a, # yes: in a flow list
  'x # no', "# no"]
f:
  - |2
     # no
    # no
  # yes: between items
  - k: |
      z # no
    # yes: less deep than the block
    m: &a # yes: behind an anchor
      # yes: before the value
      "v # no"
    n: !!str # yes: behind a tag
      |
      # no
g: !!str |+
  last # no

# yes: behind kept lines
"# no": 'it''s # no' # yes: behind a key with a number sign
#yes: without a space"""
TOML = '''\
# yes: top
jobc = 1 # yes: behind a value
a = """ # no
  # no "" # no
""" # yes: behind a long text
b = "# no \\" # no" # yes: behind an escape
c = '# no \\' # yes: behind a literal text
d = \'\'\'
# no
it''s # no\'\'\'
"e # no" = [ # yes: in a list
  '# no', # yes: between items
]
[f."# no"] # yes: behind a header
#yes: without a space'''


def parts(name: str, text: str) -> tuple[list[str], list[str]]:
    found: Comments = find_comments(Source(name, text))
    comments = [text[span.start : span.end] for span, _ in found.comments]
    return comments, [text[span.start : span.end].rstrip() for span in found.long_texts]


def real(text: str) -> list[str]:
    return ["#" + line.rpartition("#")[2] for line in text.splitlines() if "yes" in line]


@pytest.mark.parametrize("has_libyaml", [True, False])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_yaml(*, has_libyaml: bool, line_end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not has_libyaml:
        monkeypatch.setattr("jobc.compiler.read.comments.has_libyaml", lambda: False)
    text = YAML.replace("\n", line_end)
    assert parts("a.yaml", text)[0] == real(YAML)


def test_yaml_that_libyaml_refuses() -> None:
    text = "a: [x,:y] # yes\nb: '# no' # yes\nc: d # yes\n"
    assert parts("a.yaml", text)[0] == ["# yes"] * 3


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_toml(line_end: str) -> None:
    assert parts("a.toml", TOML.replace("\n", line_end))[0] == real(TOML)


def test_texts_over_several_lines() -> None:
    assert [text[:3] for text in parts("a.yaml", YAML)[1]] == [
        "|  ",
        ">-\n",
        '"qu',
        "|2\n",
        "|\n ",
        "|\n ",
        "|+\n",
    ]
    assert [text[:5] for text in parts("a.toml", TOML)[1]] == ['""" #', "'''\n#"]


@pytest.mark.parametrize(("name", "text"), [("a.yaml", YAML), ("a.toml", TOML)])
def test_what_stands_alone(name: str, text: str) -> None:
    for comment in find_comments(Source(name, text)).comments:
        line = text[: comment.span.end].rpartition("\n")[2]
        assert comment.stands_alone == line.lstrip().startswith("#")


def test_texts_without_comments() -> None:
    for name in ("a.yaml", "a.toml", "a.json"):
        assert find_comments(Source(name, "")) == Comments((), ())
