"""Settings of a project: the table `[tool.jobc]` of the nearest `pyproject.toml` that has one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.compiler.code_filter import is_pattern, near_patterns
from jobc.compiler.settings_files import settings_files
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.read import Tree, Value

_TABLE: Final = ("tool", "jobc")
_LISTS: Final = ("paths", "select", "ignore", "python_path")
_TEXTS: Final = ("profile", "baseline")
_FLAGS: Final = ("strict",)
_KNOWN: Final = (*_LISTS, *_TEXTS, *_FLAGS)


class Settings(NamedTuple):
    """What a project has settled; command lines win over it.

    `paths` and `baseline` are relative to the current folder, `python_path` is absolute. `select` and
    `ignore` hold codes or beginnings of codes. `file` is the settings file, None if there is none.
    """

    file: str | None = None
    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    python_path: tuple[str, ...] = ()
    profile: str | None = None
    baseline: str | None = None
    strict: bool = False


class FoundSettings(NamedTuple):
    """Settings, and what is wrong with them (JC0003); what cannot be read is as if it were not there."""

    settings: Settings
    diagnostics: tuple[Diagnostic, ...] = ()


def settled_paths() -> tuple[str, ...]:
    """Return the paths that a project has settled; without any, the current folder."""
    return find_settings().settings.paths or (".",)


def find_settings(folder: Path | None = None) -> FoundSettings:
    """Read the settings that hold in a folder (default: the current one)."""
    for path, data in settings_files(os.fspath(Path.cwd() if folder is None else folder.absolute())):
        found = _read(Path(path), data)
        if found is not None:
            return found
    return FoundSettings(Settings())


def _read(path: Path, data: bytes) -> FoundSettings | None:
    """Read a settings file; None if it turns out to have no table of ours."""
    from jobc.compiler.read import read_text

    name = _relative(path)
    tree, mistakes = read_text(name, data)
    if tree is None:
        return FoundSettings(Settings(name), tuple(_not_toml(each) for each in mistakes))
    table = tree.value
    for step in _TABLE:
        table = table.get(step) if isinstance(table, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        problem = _problem(tree, _TABLE, "`tool.jobc` is no table", "expected a table of settings")
        return FoundSettings(Settings(name), (problem,))
    problems = tuple(problem for key, value in table.items() for problem in _problems(tree, key, value))
    return FoundSettings(_settings(name, path.parent, table), problems)


def _not_toml(mistake: Diagnostic) -> Diagnostic:
    message = f"the settings cannot be read: {mistake.message}"
    return Diagnostic("JC0003", message, mistake.location, mistake.label, mistake.related, help=mistake.help)


def _problems(tree: Tree, key: str, value: Value) -> Iterator[Diagnostic]:
    """Yield what is wrong with one setting."""
    path = (*_TABLE, key)
    if key not in _KNOWN:
        yield _unknown(tree, key)
    elif key in _FLAGS and not isinstance(value, bool):
        yield _problem(tree, path, f"`{key}` is neither true nor false", "expected `true` or `false`")
    elif key in _TEXTS and not (isinstance(value, str) and value):
        yield _problem(tree, path, f"`{key}` is no text", "expected a text in quotes")
    elif key in _LISTS and not isinstance(value, list):
        yield _problem(tree, path, f"`{key}` is no list", f'expected a list of texts, such as `["{value}"]`')
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _item_problems(tree, key, number, item)


def _item_problems(tree: Tree, key: str, number: int, item: Value) -> Iterator[Diagnostic]:
    path = (*_TABLE, key, number)
    if not isinstance(item, str) or not item:
        yield _problem(tree, path, f"an item of `{key}` is no text", "expected a text in quotes")
    elif key in ("select", "ignore") and not is_pattern(item):
        near = near_patterns(item)
        advice = f"did you mean `{near[0]}`?" if near else "`jobc explain` lists the codes"
        message = f"no diagnostic code begins with `{item}`"
        yield _problem(tree, path, message, "expected a code such as `JC0501`, or `JC05`", advice, near)


def _unknown(tree: Tree, key: str) -> Diagnostic:
    meant = key.replace("-", "_")
    near = (meant,) if meant in _KNOWN else near_names(meant, _KNOWN)
    advice = f"did you mean `{near[0]}`?" if near else None
    return Diagnostic(
        "JC0003",
        f"unknown setting `{key}`",
        tree.locate_key((*_TABLE, key)),
        f"expected one of {listing(_KNOWN, word='or')}",
        help=advice,
        suggestions=near,
    )


def _problem(
    tree: Tree,
    path: tuple[str | int, ...],
    message: str,
    label: str,
    advice: str | None = None,
    near: tuple[str, ...] = (),
) -> Diagnostic:
    return Diagnostic("JC0003", message, tree.locate(path), label, help=advice, suggestions=near)


def _settings(name: str, folder: Path, table: dict[str, Value]) -> Settings:
    texts = {key: value for key in _TEXTS if isinstance(value := table.get(key), str) and value}
    baseline = texts.get("baseline")
    return Settings(
        name,
        paths=tuple(_relative(folder / path) for path in _items(table, "paths")),
        select=tuple(filter(is_pattern, _items(table, "select"))),
        ignore=tuple(filter(is_pattern, _items(table, "ignore"))),
        python_path=tuple(os.path.normpath(folder / path) for path in _items(table, "python_path")),
        profile=texts.get("profile"),
        baseline=_relative(folder / baseline) if baseline else None,
        strict=table.get("strict") is True,
    )


def _items(table: dict[str, Value], key: str) -> tuple[str, ...]:
    value = table.get(key)
    return tuple(item for item in value if isinstance(item, str) and item) if isinstance(value, list) else ()


def _relative(path: Path) -> str:
    """Return a path relative to the current folder, as diagnostics show files."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:
        return path.as_posix()
