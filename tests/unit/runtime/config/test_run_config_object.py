"""`RunConfig`, and what importing the package costs."""

from __future__ import annotations

import subprocess
import sys

from jobc.runtime.config import Config, EnvVar, RunConfig


class Read(Config):
    path: str


def test_sem_4_run_config_writes_the_standard_layout() -> None:
    config = RunConfig(
        ops={"read": Read(path="a"), "plain": {"config": {"x": 1}, "inputs": {"n": 2}}},
        resources={"db": Read(path="b")},
        loggers={"console": {"config": {"log_level": "INFO"}}},
        execution={"config": {"max_concurrent": 2}},
        inputs={"day": "2024-01-01"},
    )
    assert config.to_dict() == {
        "ops": {"read": {"config": {"path": "a"}}, "plain": {"config": {"x": 1}, "inputs": {"n": 2}}},
        "resources": {"db": {"config": {"path": "b"}}},
        "loggers": {"console": {"config": {"log_level": "INFO"}}},
        "execution": {"config": {"max_concurrent": 2}},
        "inputs": {"day": "2024-01-01"},
    }


def test_sem_4_run_config_leaves_out_sections_not_given() -> None:
    assert RunConfig().to_dict() == {}
    assert RunConfig(ops={}, inputs={"a": 1}).to_dict() == {"inputs": {"a": 1}}


def test_sem_4_run_config_takes_objects_at_any_depth() -> None:
    config = RunConfig(
        ops={
            "graph": {"ops": {"read": Read(path="a")}},
            "other": {"config": Read(path="b")},
            "rows": {"config": [Read(path="c")]},
        },
        execution=Read(path=EnvVar("P")),  # type: ignore[arg-type]
    )
    assert config.to_dict() == {
        "ops": {
            "graph": {"ops": {"read": {"config": {"path": "a"}}}},
            "other": {"config": {"path": "b"}},
            "rows": {"config": [{"path": "c"}]},
        },
        "execution": {"config": {"path": {"env": "P"}}},
    }


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = (
        "import sys, jobc.runtime.config as config\n"
        "config.process(config.as_config_type({'a': int}), {'a': 1})\n"
        "config.RunConfig(ops={'a': {'config': {}}}).to_dict()\n"
        "heavy = {'pydantic', 'pydantic_core', 'difflib', 'asyncio', 'lark', 'rich', 'click'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_package_has_the_names_it_lists() -> None:
    from jobc.runtime import config

    assert [name for name in config.__all__ if not hasattr(config, name)] == []
    assert not hasattr(config, "no_such_name")
