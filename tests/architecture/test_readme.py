"""Tours do what they say, that of the README first: files are written, commands run and print the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
_FILE = re.compile(r"^File `(?P<name>[\w./]+)`:\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"^```console\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "..."


class Step(NamedTuple):
    """A file to write (`command` is empty) or a command with the output it is said to print."""

    position: int
    name: str
    command: str
    text: str


def tour(page: str) -> list[Step]:
    text = (ROOT / page).read_text()
    steps = [Step(match.start(), match["name"], "", match["text"]) for match in _FILE.finditer(text)]
    for block in _CONSOLE.finditer(text):
        for number, part in enumerate(block["text"].split("$ ")[1:]):
            command, _, output = part.partition("\n")
            steps.append(Step(block.start() + number, "", command, output))
    return sorted(steps)


def matches(expected: str, printed: str) -> bool:
    """Compare texts line by line; a line `...` stands for any number of lines."""
    lines = [".*" if line == ANYTHING else re.escape(line) + "\n" for line in expected.splitlines()]
    return re.fullmatch("".join(lines), printed, re.DOTALL) is not None


@pytest.mark.parametrize("page", ["README.md", "docs/checking.md", "docs/formatting.md"])
def test_the_tour_does_what_it_says(page: str, tmp_path: Path) -> None:
    bin_folder = Path(sys.executable).parent
    environment = {"PATH": f"{bin_folder}{os.pathsep}/usr/bin:/bin", "HOME": str(tmp_path / "home")}
    commands = 0
    for step in tour(page):
        if not step.command:
            (tmp_path / step.name).write_text(step.text)
            continue
        outcome = subprocess.run(
            step.command.split(),
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert matches(step.text, outcome.stdout), f"$ {step.command}\n{outcome.stdout}"
        commands += 1
    assert commands >= 7
