"""Run config as an object, wherever a config mapping is accepted (SEMANTICS 3 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from jobc.runtime.config.schema import is_model
from jobc.schemas.records import dataclass

# Sections whose entries are named things with a `config` each.
_ENTRY_SECTIONS = frozenset({"ops", "resources", "loggers"})


@dataclass(frozen=True, slots=True)
class RunConfig:
    """The sections of a run's config; entries may be `Config` objects or plain mappings, at any depth.

    `ops`, `resources`, `loggers`: by name, either the config object of that op, resource or logger, or a
    mapping of the standard layout. `execution`: the config object of the executor or a mapping. `inputs`:
    top-level inputs.
    """

    ops: Mapping[str, object] | None = None
    resources: Mapping[str, object] | None = None
    loggers: Mapping[str, object] | None = None
    execution: object = None
    inputs: Mapping[str, object] | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the standard layout as plain dicts and lists; sections not given are left out."""
        sections = {section.name: getattr(self, section.name) for section in fields(self)}
        return {name: _section(name, content) for name, content in sections.items() if content}


def _section(name: str, content: object) -> object:
    if name in _ENTRY_SECTIONS and isinstance(content, Mapping):
        return {key: _entry(part) for key, part in content.items()}
    return _entry(content) if name == "execution" else _plain(content)


def _entry(content: object) -> object:
    """Return one entry of a section: a config object stands for `config`, a graph has `ops` of its own."""
    if is_model(content):
        return {"config": _plain(content)}
    if isinstance(content, Mapping):
        return {
            key: _section(str(key), part) if key == "ops" else _plain(part) for key, part in content.items()
        }
    return content


def _plain(content: object) -> object:
    if is_model(content):
        from jobc.runtime.config.pydantic_config import config_value

        return config_value(content)
    if isinstance(content, Mapping):
        return {key: _plain(part) for key, part in content.items()}
    if isinstance(content, list):
        return [_plain(part) for part in content]
    return content
