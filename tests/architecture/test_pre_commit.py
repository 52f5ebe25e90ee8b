"""The hooks for pre-commit, tried with the program itself on a scratch repository.

Their environment is built from this checkout, as it would be from a release.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SPEC = """\
jobc: 1
ops:
  count: {command: [wc, -l, orders.csv]}
jobs:
  nightly: {wiring: count()}
"""
MISTAKEN = SPEC.replace("count()", "cuont()")
PRE_COMMIT = Path(sys.executable).with_name("pre-commit")


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True, env=environment()
    )
    return done.stdout


def environment(home: Path | None = None) -> dict[str, str]:
    """Return this process's environment without what a surrounding git or hook has set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    return kept if home is None else {**kept, "PRE_COMMIT_HOME": str(home), "XDG_CACHE_HOME": str(home)}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository that holds what this checkout holds, committed."""
    folder = tmp_path_factory.mktemp("release")
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env=environment(),
    )
    for name in filter(None, names.stdout.split("\0")):
        source, target = ROOT / name, folder / name
        if source.exists() and not name.startswith("tests/"):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "release")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that keeps pre-commit's environments, shared by the tests."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def project(release: Path, tmp_path: Path) -> Path:
    """Return a scratch repository with a spec and the three hooks."""
    config = {
        "repos": [
            {
                "repo": str(release),
                "rev": git(release, "rev-parse", "HEAD").strip(),
                "hooks": [{"id": "jobc-validate"}, {"id": "jobc-fmt"}, {"id": "jobc-lock"}],
            }
        ]
    }
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (tmp_path / "shop.yaml").write_text(SPEC)
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    return tmp_path


def hooks(project: Path, home: Path) -> tuple[int, str]:
    """Run the hooks on what is staged; return the exit code and the output."""
    git(project, "add", "-A")
    done = subprocess.run(
        [str(PRE_COMMIT), "run", "--color", "never"],
        cwd=project,
        check=False,
        capture_output=True,
        text=True,
        env=environment(home),
    )
    return done.returncode, done.stdout + done.stderr


def test_the_hooks_lock_check_and_format(project: Path, home: Path) -> None:
    code, output = hooks(project, home)
    assert code == 0, output
    assert "jobc validate............................................................Passed" in output
    assert (project / "jobc.lock").exists()
    code, output = hooks(project, home)
    assert code == 0, output

    (project / "shop.yaml").write_text(MISTAKEN)
    code, output = hooks(project, home)
    assert code == 1
    assert "unknown op or graph `cuont`" in output or "JC0311" in output
    assert "did you mean `count`?" in output

    (project / "shop.yaml").write_text(SPEC.replace("count:", "count:   "))
    code, output = hooks(project, home)
    assert code == 1
    assert (project / "shop.yaml").read_text() == SPEC
    assert hooks(project, home)[0] == 0

    (project / "shop.yaml").write_text(SPEC.replace("orders", "returns"))
    code, output = hooks(project, home)
    assert code == 1, "the lock file was written anew"
    assert "files were modified by this hook" in output
    assert hooks(project, home)[0] == 0
