"""A script that starts a run whenever it is imported does not start runs without end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """\
import jobc


@jobc.op
def one() -> int:
    return 1


@jobc.job
def counting():
    one()


with jobc.Instance.open("instance") as instance:
    with jobc.execute_job(jobc.reconstructable(counting), instance) as result:
        print(result.success, [event.message for event in result.all_events])
"""


def test_sem_20_a_script_without_a_guard_is_told_to_have_one(tmp_path: Path) -> None:
    (tmp_path / "unguarded.py").write_text(SCRIPT)
    root = str(Path(__file__).resolve().parents[4])
    done = subprocess.run(
        [sys.executable, "unguarded.py"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert "True" not in done.stdout
    assert '`if __name__ == "__main__":`' in done.stdout + done.stderr
