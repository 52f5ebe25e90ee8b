"""Run config from the command line: files and `--set` in layers, and where each part of it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.read import Source, read_file
from jobc.compiler.read.yaml_reader import read_yaml
from jobc.schemas.diagnostics import Diagnostic, Location, Related

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jobc.compiler.read import Path, Tree, Value
    from jobc.runtime.config import ConfigProblem

CODES = {"unknown": "JC0701", "missing": "JC0702", "range": "JC0704"}
WRONG_TYPE = "JC0703"

# Sections whose defaults survive entry by entry; those of the others survive as a whole or not at all.
ENTRY_SECTIONS = ("ops", "resources")


@dataclass(frozen=True, slots=True)
class Layer:
    """One source of run config: a file, or the value of one `--set`.

    `text` is what diagnostics quote. `tree` holds the value that belongs at the path `keys` of the run
    config; `keys` is empty for a file and else written at the beginning of the text, joined by dots.
    """

    text: str
    tree: Tree
    keys: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name that diagnostics show: the file's, or `--set`."""
        return self.tree.source.name

    def value(self) -> Value:
        """Return the run config that this layer alone makes."""
        value: Value = self.tree.value
        if value is None and not self.keys:
            return {}
        for key in reversed(self.keys):
            value = {key: value}
        return value

    def depth(self, path: Path) -> int:
        """Tell how many steps of `path` lead to something in this layer."""
        value = self.value()
        for depth, step in enumerate(path):
            if not _has(value, step):
                return depth
            value = value[step]  # type: ignore[index]
        return len(path)

    def locate(self, path: Path) -> Location:
        """Return where the value at `path` is written, or the last key on the way to it."""
        if len(path) < len(self.keys) or path[: len(self.keys)] != self.keys:
            return self._locate_in_keys(path)
        return self.tree.locate(path[len(self.keys) :])

    def locate_key(self, path: Path) -> Location:
        """Return where the key of the entry at `path` is written, or the last key on the way to it."""
        if len(path) <= len(self.keys) or path[: len(self.keys)] != self.keys:
            return self._locate_in_keys(path)
        return self.tree.locate_key(path[len(self.keys) :])

    def _locate_in_keys(self, path: Path) -> Location:
        matching = 0
        while matching < min(len(path), len(self.keys)) and path[matching] == self.keys[matching]:
            matching += 1
        if not matching:
            return self.tree.locate(())
        start = len(".".join((*self.keys[: matching - 1], "")))
        return Source(self.name, self.text).location(start, start + len(self.keys[matching - 1]))


@dataclass(frozen=True, slots=True)
class RunConfig:
    """The layers of a run config in order; a later one replaces what it names, mappings key by key.

    `defaults` is the run config that the job has of its own. Giving config for an op or a resource replaces
    the default for it as a whole (SEMANTICS 5), but `--set` means one value: the rest of the entry is kept.
    """

    layers: tuple[Layer, ...]
    defaults: Mapping[str, object] = field(default_factory=dict)

    def value(self) -> dict[str, object]:
        """Return the merged run config, to be given to a run of the job."""
        merged: object = {}
        for layer in self.layers:
            if layer.keys:
                merged = _merged(_replaced(self.defaults, layer.keys, merged), merged)
            merged = _merged(merged, layer.value())
        assert isinstance(merged, dict)
        return merged

    def texts(self) -> dict[str, str]:
        """Return the text of each layer by its name, for quoting."""
        return {layer.name: layer.text for layer in self.layers}

    def diagnostics(self, problems: Iterable[ConfigProblem]) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each problem, at the last layer that says most about its place.

        There must be a layer.
        """
        for problem in problems:
            layer = max(reversed(self.layers), key=lambda layer: layer.depth(_place(problem)))
            yield _diagnostic(problem, layer)


class Layers(NamedTuple):
    """Layers that could be read, and what is wrong with the others; `texts` holds the text of all by name."""

    layers: list[Layer]
    diagnostics: list[Diagnostic]
    texts: dict[str, str]


def read_files(paths: Sequence[str]) -> Layers:
    """Read run config files: YAML, TOML or JSON."""
    read = Layers([], [], {})
    for path in paths:
        tree, diagnostics = read_file(path)
        read.diagnostics.extend(diagnostics)
        if tree is not None:
            read.texts[path] = tree.source.text
            _add(read, file_layer(tree))
    return read


def read_settings(option: str, settings: Sequence[str]) -> Layers:
    """Read the values of an option, `--set` or `--input`, which diagnostics show as `--set`, `--set[2]`, ….

    Raises ValueError for a text that is not of the form `a.b=value`.
    """
    read = Layers([], [], {})
    for number, setting in enumerate(settings, 1):
        name = option if number == 1 else f"{option}[{number}]"
        read.texts[name] = setting
        _add(read, setting_layer(name, setting))
    return read


def _add(read: Layers, layer: Layer | Sequence[Diagnostic]) -> None:
    if isinstance(layer, Layer):
        read.layers.append(layer)
    else:
        read.diagnostics.extend(layer)


def file_layer(tree: Tree) -> Layer | Sequence[Diagnostic]:
    """Make a layer of a file that was read; run config is a mapping, or nothing at all."""
    if tree.value is None or isinstance(tree.value, dict):
        return Layer(tree.source.text, tree)
    mistake = Diagnostic(
        WRONG_TYPE,
        "run config must be a mapping with keys such as `ops` and `resources`",
        tree.locate(()),
        label="expected a mapping",
    )
    return [mistake]


def setting_layer(name: str, setting: str) -> Layer | Sequence[Diagnostic]:
    """Make a layer of `a.b=value`, whose value is a YAML scalar or flow collection.

    `name` is what diagnostics call the text. Raises ValueError for a text without a path before `=`.
    """
    path, equals, _ = setting.partition("=")
    keys = tuple(path.split("."))
    if not equals or not all(keys):
        raise ValueError(f"`{setting}` is not of the form `a.b=value`")
    # The value is read where it stands: blanks in place of the path keep its columns right.
    tree, diagnostics = read_yaml(Source(name, " " * (len(path) + 1) + setting[len(path) + 1 :]))
    return diagnostics if tree is None or diagnostics else Layer(setting, tree, keys)


def _replaced(defaults: object, keys: tuple[str, ...], given: object) -> object:
    """Return the part of the defaults that a value at `keys` would be the first to replace; else nothing."""
    path = keys[: 2 if keys[0] in ENTRY_SECTIONS else 1]
    entry = _at(defaults, path)
    if entry is None or keys == path or _at(given, path) is not None:
        return {}
    for key in reversed(path):
        entry = {key: entry}
    return entry


def _at(value: object, path: tuple[str, ...]) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _merged(base: object, over: object) -> object:
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return {
        **base,
        **{key: _merged(base[key], value) if key in base else value for key, value in over.items()},
    }


def _has(value: Value, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _place(problem: ConfigProblem) -> Path:
    return (*problem.path, *problem.names[:1]) if problem.kind == "unknown" else problem.path


def placed(problem: ConfigProblem, layer: Layer) -> Diagnostic:
    """Make a diagnostic of a problem with the value of one layer: where that value is written."""
    inner = replace(problem, path=(*layer.keys, *problem.path))
    return _diagnostic(inner, layer)


def _diagnostic(problem: ConfigProblem, layer: Layer) -> Diagnostic:
    code = CODES.get(problem.kind, WRONG_TYPE)
    if problem.kind == "missing":
        place = layer.locate_key(problem.path)
        start = place if problem.path else place._replace(end=place.start)
        return Diagnostic(code, problem.message, start)
    if problem.kind != "unknown":
        return Diagnostic(code, problem.message, layer.locate(problem.path), suggestions=problem.suggestions)
    places = [layer.locate_key((*problem.path, name)) for name in problem.names]
    return Diagnostic(
        code,
        problem.message,
        places[0],
        related=tuple(Related("not known here either", place) for place in places[1:]),
        suggestions=problem.suggestions,
    )
