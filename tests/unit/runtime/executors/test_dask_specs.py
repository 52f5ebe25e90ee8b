"""The `dask` executor in specs, on the command line, and on its page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import jobc
from jobc.cli import MISTAKES, OK, RUN_FAILED
from tests.unit.runtime.executors.dask_processes import ROOT, ClusterProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = (ROOT / "docs" / "executors.md").read_text().partition("\n## dask\n")[2].partition("\n## ")[0]
SHOWN_ADDRESS = "tcp://127.0.0.1:8786"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterProcesses]:
    with ClusterProcesses(tmp_path_factory.mktemp("cluster"), 1) as running:
        yield running


def spec_of_page(folder: Path, address: str) -> Path:
    match = re.search(r"^```yaml file=(\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert match is not None
    assert SHOWN_ADDRESS in match[2]
    path = folder / match[1]
    path.write_text(match[2].replace(SHOWN_ADDRESS, address))
    return path


def run_jobc(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jobc", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_of_the_page_has_no_mistakes_and_runs(cluster: ClusterProcesses, tmp_path: Path) -> None:
    spec = spec_of_page(tmp_path, SHOWN_ADDRESS)
    assert jobc.validate([spec]) == []
    spec_of_page(tmp_path, cluster.address)
    outcome = run_jobc(tmp_path, "run", "shop.yaml#etl")
    assert outcome.returncode == OK, outcome.stderr
    assert "report.result = 'counted to" in outcome.stdout


def test_the_commands_of_the_page_are_those_of_dask() -> None:
    for command in ("scheduler", "worker"):
        (line,) = re.findall(rf"^dask {command} (.*) &$", PAGE, re.MULTILINE)
        told = subprocess.run(
            [sys.executable, "-m", "dask", command, "--help"], capture_output=True, text=True, check=True
        )
        for option in re.findall(r"--[\w-]+", line):
            assert option in told.stdout


def test_the_command_line_names_the_executor_and_the_run_the_address(
    cluster: ClusterProcesses, tmp_path: Path
) -> None:
    (tmp_path / "plain.yaml").write_text(
        "jobc: 1\nops:\n  count: {shell: seq 2}\njobs:\n  etl: {wiring: count()}\n"
    )
    words = ["run", "plain.yaml#etl", "--executor", "dask", "--set"]
    outcome = run_jobc(tmp_path, *words, "execution.config.address={env: CLUSTER}", CLUSTER=cluster.address)
    assert outcome.returncode == OK, outcome.stderr


def test_a_scheduler_that_does_not_answer_is_told_in_one_line_and_the_run_can_be_resumed(
    cluster: ClusterProcesses, tmp_path: Path
) -> None:
    spec_of_page(tmp_path, "tcp://127.0.0.1:1")
    quickly = ["--set", "execution.config.connect_timeout_s=0.2"]
    outcome = run_jobc(tmp_path, "run", "shop.yaml#etl", *quickly)
    assert outcome.returncode == RUN_FAILED
    assert "no dask scheduler answers at `tcp://127.0.0.1:1` within 0.2 s" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    (command,) = re.findall("resume with: jobc (.*)", outcome.stderr)
    spec_of_page(tmp_path, cluster.address)
    resumed = run_jobc(tmp_path, *command.split(), "--set", f"execution.config.address={cluster.address}")
    assert resumed.returncode == OK, resumed.stderr


def test_a_missing_package_is_told_in_one_line(tmp_path: Path) -> None:
    spec_of_page(tmp_path, SHOWN_ADDRESS)
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "distributed.py").write_text("raise ModuleNotFoundError('it is not here')\n")
    path = os.pathsep.join([str(tmp_path / "hidden"), str(ROOT)])
    outcome = run_jobc(tmp_path, "run", "shop.yaml#etl", PYTHONPATH=path)
    assert outcome.returncode == MISTAKES
    assert outcome.stderr.startswith("error: the `dask` executor needs dask.distributed")
    assert "`pip install 'jobc[dask]'`" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert run_jobc(tmp_path, "validate", "shop.yaml", PYTHONPATH=path).returncode == OK


@pytest.mark.parametrize(
    ("given", "code", "column", "told"),
    [
        ("{address: 5}", "JC0703", 44, "`address`: expected str, got 5"),
        ("{adress: there}", "JC0701", 35, "unknown config key `adress`"),
        ("{max_concurrent: many}", "JC0703", 51, "`max_concurrent`"),
    ],
)
def test_mistakes_in_its_config_are_found_where_they_are(
    given: str, code: str, column: int, told: str, tmp_path: Path
) -> None:
    (tmp_path / "spec.yaml").write_text(
        "jobc: 1\nops:\n  count: {shell: seq 2}\nexecutors:\n"
        f"  cluster: {{builtin: dask, with: {given}}}\n"
        "jobs:\n  etl: {wiring: count(), executor: cluster}\n"
    )
    (found,) = jobc.validate([tmp_path / "spec.yaml"])
    assert (found.code, found.location.start.line, found.location.start.column) == (code, 5, column)
    assert told in found.message
