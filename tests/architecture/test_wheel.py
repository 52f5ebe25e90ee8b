"""The wheel holds `jobc` alone, and holds all of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("jobc", "compiler", "runtime", "schemas", "docs", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    checkout = folder / "checkout"
    checkout.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, checkout / name, symlinks=True, ignore=ignore)
        else:
            shutil.copy(source, checkout / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", folder, checkout], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_jobc_alone(wheel: Path) -> None:
    outcome = subprocess.run(
        [Path(sys.executable).with_name("check-wheel-contents"), "--toplevel", "jobc", wheel],
        capture_output=True,
        text=True,
        check=False,
        cwd=wheel.parent,
    )
    assert outcome.returncode == 0, outcome.stdout


def test_the_wheel_holds_every_module_grammar_and_page(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for room in ("compiler", "runtime", "schemas"):
        for path in (ROOT / room).rglob("*"):
            if path.suffix in (".py", ".lark") and "pages" not in path.parts:
                assert f"jobc/{path.relative_to(ROOT).as_posix()}" in names
    pages = {path.name for path in (ROOT / "docs" / "diagnostics").glob("JC*.md")}
    assert pages <= {name.rpartition("/")[2] for name in names}
