"""Profiles: overlays on a spec file (DESIGN 3, "Profiles").

Mappings are merged key by key at every depth, everything else is replaced. A key that the file lacks is a
mistake, so that a typing error cannot go unseen, unless it stands in a mapping whose keys are free: tags,
metadata, `with`, the vars of an import, run config. The merged tree knows where each value is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.read.overlaid_tree import OverlaidTree
from jobc.compiler.syntax.texts import is_declaration
from jobc.schemas.diagnostics import Diagnostic, Location, Position
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from jobc.compiler.read import Path, Tree, Value

_FREE = ("tags", "metadata", "with")
_WITH_RUN_CONFIG = ("jobs", "config_mappings", "partitioned_configs")
_OF_NODES = ("tags", "config")
_CONFIG = ("config", "with")
# Keys of which an entry has one: a profile that gives another takes the place of the file's.
_KINDS: dict[str, tuple[str, ...]] = {
    "ops": ("python", "command", "shell"),
    "resources": ("python", "builtin"),
    "loggers": ("python", "builtin"),
    "executors": ("python", "builtin"),
}


class Overlaid(NamedTuple):
    """A tree with a profile laid over it, and what in the profile fits nothing in the file."""

    tree: OverlaidTree
    diagnostics: tuple[Diagnostic, ...]


def profile_names(tree: Tree) -> list[str]:
    """Return the names of the profiles of a file, in its order."""
    profiles = tree.value.get("profiles") if isinstance(tree.value, dict) else None
    return [*profiles] if isinstance(profiles, dict) else []


def overlay(tree: Tree, name: str) -> Overlaid:
    """Lay a profile of a file over it."""
    value = tree.value
    assert isinstance(value, dict)
    profiles = value["profiles"]
    assert isinstance(profiles, dict)
    merge = _Merge(tree, name)
    profile = profiles[name]
    merged = merge.top(value, profile) if isinstance(profile, dict) else value
    return Overlaid(OverlaidTree(tree, merged, merge.moved), tuple(merge.diagnostics))


class _Merge:
    def __init__(self, tree: Tree, profile: str) -> None:
        self.moved: dict[Path, Path] = {}
        self.diagnostics: list[Diagnostic] = []
        self._tree = tree
        self._profile = profile

    def top(self, value: dict[str, Value], profile: dict[str, Value]) -> dict[str, Value]:
        """Merge section by section; what is no section is refused where the file's shape is checked."""
        merged = dict(value)
        for section, above in profile.items():
            below = value.get(section, {})
            if section not in value and not _may_be_missing(section, value):
                continue
            if isinstance(above, dict) and isinstance(below, dict) and not section.startswith("x-"):
                merged[section] = self._mapping((section,), below, above)
        return merged

    def _mapping(self, path: Path, below: dict[str, Value], above: dict[str, Value]) -> dict[str, Value]:
        gone = _gone_with_kind(path, below, above)
        merged = {key: value for key, value in below.items() if key not in gone}
        for key, value in above.items():
            place = (*path, key)
            if key in merged:
                merged[key] = self._value(place, below[key], value)
            elif key in gone or _is_free(place) or _is_free(path):
                merged[key] = self._replaced(place, value)
            elif not _is_mistyped(path, key, below):
                self.diagnostics.append(self._unknown(place, below))
        return merged

    def _value(self, path: Path, below: Value, above: Value) -> Value:
        if path[0] == "vars" and len(path) == 2 and is_declaration(below) and not is_declaration(above):
            return {**below, "default": self._replaced((*path, "default"), above, at=path)}
        if path[0] == "imports" and len(path) == 2 and isinstance(below, str) and isinstance(above, dict):
            self.moved[(*path, "path")] = path
            below = {"path": below}
        if isinstance(below, dict) and isinstance(above, dict):
            return self._mapping(path, below, above)
        return self._replaced(path, above)

    def _replaced(self, path: Path, value: Value, at: Path | None = None) -> Value:
        self.moved[path] = ("profiles", self._profile, *(at or path))
        return value

    def _unknown(self, path: Path, below: dict[str, Value]) -> Diagnostic:
        near = near_names(str(path[-1]), below)
        known = f"there is {listing(below)}" if below else "there is nothing of this kind"
        return Diagnostic(
            "JC0335",
            f"profile `{self._profile}` changes `{'.'.join(map(str, path))}`, which the file does not have",
            self._tree.locate_key(("profiles", self._profile, *path)),
            label="nothing to change",
            help=f"did you mean `{near[0]}`?" if near else f"{known}; a profile changes what the file has",
            suggestions=near,
        )


def _may_be_missing(section: str, value: dict[str, Value]) -> bool:
    """Tell whether the lack of a section is a mistake of its own, and not one that is reported elsewhere."""
    from jobc.compiler.syntax.models import is_mistyped, known_keys

    return section in known_keys(("profiles", "")) and not is_mistyped(section, value)


def _is_mistyped(path: Path, key: str, below: dict[str, Value]) -> bool:
    """Tell whether what a profile changes is there under a mistyped key, which is reported at that key."""
    from jobc.compiler.syntax.models import is_mistyped

    return is_mistyped(key, below, path)


def _gone_with_kind(path: Path, below: dict[str, Value], above: dict[str, Value]) -> frozenset[str]:
    """Return the keys of an entry that go when a profile makes it one of another kind, its config too."""
    kinds = _KINDS.get(str(path[0]), ()) if len(path) == 2 else ()
    if not any(kind in above and kind not in below for kind in kinds):
        return frozenset()
    return frozenset(kinds if path[0] == "ops" else (*kinds, *_CONFIG))


def _is_free(path: Path) -> bool:
    """Tell whether the mapping at a path takes any keys."""
    section, key = path[0], path[2] if len(path) > 2 else None
    if section == "imports":
        return key == "vars"
    if key == "nodes" and len(path) > 4:
        return path[4] in _OF_NODES
    if key == "outputs" and len(path) > 4:
        return path[4] == "metadata"
    return key in _FREE or (key == "config" and section in _WITH_RUN_CONFIG)


def unknown_profile(tree: Tree, name: str) -> Diagnostic:
    """Report a profile that was asked for and is not there (JC0336)."""
    known = profile_names(tree)
    near = near_names(name, known)
    start = Position(1, 1)
    advice = f"its profiles: {listing(known)}" if known else "it has no profiles"
    return Diagnostic(
        "JC0336",
        f"there is no profile `{name}`",
        tree.locate_key(("profiles",)) if known else Location(tree.source.name, start, start),
        label="no profile of this name",
        help=f"did you mean `{near[0]}`?" if near else advice,
        suggestions=near,
    )
