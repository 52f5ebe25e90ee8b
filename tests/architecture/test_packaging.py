"""The list of packages is the tree, and the facade's links show the same files."""

from __future__ import annotations

import tomllib
from pathlib import Path

import jobc

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ROOMS = {"compiler", "runtime", "schemas"}


def packages_in_tree() -> set[str]:
    packages = {"jobc", "jobc.cli", "jobc.cli.commands"}
    for room in ROOMS:
        for init in (ROOT / room).rglob("__init__.py"):
            packages.add(".".join(("jobc", *init.parent.relative_to(ROOT).parts)))
    return packages


def test_every_package_is_listed() -> None:
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == packages_in_tree()


def test_the_list_is_sorted() -> None:
    listed = PROJECT["tool"]["setuptools"]["packages"]
    assert listed == sorted(listed)


def test_links_lead_to_the_rooms() -> None:
    for room in ROOMS:
        link = ROOT / "jobc" / room
        assert link.is_symlink()
        assert link.readlink() == Path("..", room)


def test_version_is_the_project_s() -> None:
    assert jobc.__version__ == PROJECT["project"]["version"]
