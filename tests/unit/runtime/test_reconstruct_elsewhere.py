"""Jobs built again by a process that was started in another folder, with nothing but the dictionary."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[3]
JOBS = """\
from jobc import graph, job, op

@op
def one() -> int:
    return 1

@graph
def counting():
    return one()

@job
def etl():
    one()

def make():
    return counting.to_job(name="made")

def build(name, *tables, **tags):
    return counting.to_job(name=name, tags={**tags, "tables": list(tables)})
"""
REBUILD = """\
import json, sys
from jobc import ReconstructableJob
job = ReconstructableJob.from_dict(json.loads(sys.argv[1])).get_definition()
result = job.execute_in_process()
print(json.dumps({"job": job.name, "tags": dict(job.tags), "one": result.output_for_node("one")}))
"""


def python(folder: Path, *words: str, **environment: str) -> str:
    """Run Python in a folder and return what it printed; the repository is importable, the folder may be."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = os.pathsep.join([environment.pop("path", ""), str(ROOT)]).strip(os.pathsep)
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def rebuilt(form: str, folder: Path) -> Mapping[str, object]:
    found: Mapping[str, object] = json.loads(python(folder, "-c", REBUILD, form))
    return found


def made_by(code: str, folder: Path, **environment: str) -> str:
    """Return the dictionary, as JSON, of a pointer that some code makes."""
    source = f"import json, jobc\n{code}\nprint(json.dumps(pointer.to_dict()))"
    return python(folder, "-c", source, **environment)


def test_sem_21_a_module_in_the_folder_of_the_first_process(tmp_path: Path) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    home.mkdir()
    (home / "shop_jobs.py").write_text(JOBS)
    for target, name in (("etl", "etl"), ("make", "made")):
        form = made_by(f"import shop_jobs\npointer = jobc.reconstructable(shop_jobs.{target})", home)
        assert rebuilt(form, away) == {"job": name, "tags": {}, "one": 1}


def test_sem_21_a_module_in_a_package(tmp_path: Path) -> None:
    package = tmp_path / "src" / "shop" / "daily"
    package.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").write_text("")
    (package / "jobs.py").write_text(JOBS.replace("from jobc", "from shop.daily import steps\nfrom jobc"))
    (package / "steps.py").write_text("")
    (package / "__init__.py").write_text(
        "def later():\n    from shop.daily.jobs import etl\n    return etl\n"
    )
    for target, name in (("shop.daily.jobs.make", "made"), ("shop.daily.later", "etl")):
        code = f"import shop.daily.jobs\npointer = jobc.reconstructable({target})"
        form = made_by(code, tmp_path / "home", path=str(tmp_path / "src"))
        assert rebuilt(form, tmp_path / "away")["job"] == name


def test_sem_21_a_script(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "beside.py").write_text("def name():\n    return 'etl'\n")
    script = home / "run it.py"
    guarded = "if __name__ == '__main__':\n    import json, jobc\n"
    script.write_text(
        f"{JOBS}\nfrom beside import name\nassert name() == 'etl'\n{guarded}"
        "    print(json.dumps(jobc.reconstructable(etl).to_dict()))\n"
    )
    form = python(tmp_path / "elsewhere", str(script))
    assert json.loads(form)["module"] == "__main__"
    assert rebuilt(form, tmp_path / "away") == {"job": "etl", "tags": {}, "one": 1}


def test_sem_21_a_module_run_as_a_script_is_found_by_its_name(tmp_path: Path) -> None:
    package = tmp_path / "home" / "shop"
    package.mkdir(parents=True)
    (package / "beside.py").write_text("")
    (package / "jobs.py").write_text(
        f"import json\nimport jobc\nfrom . import beside\n{JOBS}\n"
        "if __name__ == '__main__':\n    print(json.dumps(jobc.reconstructable(etl).to_dict()))\n"
    )
    form = python(tmp_path / "home", "-m", "shop.jobs")
    assert json.loads(form)["module"] == "shop.jobs"
    assert rebuilt(form, tmp_path / "away")["job"] == "etl"


def test_sem_21_a_module_that_was_loaded_from_its_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "jobs-of-today.py").write_text(JOBS)
    code = (
        "import sys, importlib.util as util\n"
        "spec = util.spec_from_file_location('today', 'jobs-of-today.py')\n"
        "module = sys.modules['today'] = util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        "pointer = jobc.reconstructable(module.etl)"
    )
    assert rebuilt(made_by(code, home), tmp_path / "away")["job"] == "etl"


def test_sem_21_a_working_directory_and_arguments(tmp_path: Path) -> None:
    plugins, away = tmp_path / "plugins", tmp_path / "away"
    plugins.mkdir()
    (plugins / "factory_jobs.py").write_text(JOBS)
    code = (
        "pointer = jobc.build_reconstructable_job(\n"
        "    'factory_jobs', 'build', ('daily', ('a', 'b')), {'team': 'x'}, '../plugins')"
    )
    form = made_by(code, tmp_path / "home")
    expected = {"job": "daily", "tags": {"team": "x", "tables": '[["a", "b"]]'}, "one": 1}
    assert rebuilt(form, away) == expected


def test_sem_21_a_script_that_is_gone(tmp_path: Path) -> None:
    script = tmp_path / "etl.py"
    script.write_text(f"{JOBS}\nimport json, jobc\nprint(json.dumps(jobc.reconstructable(etl).to_dict()))\n")
    form = python(tmp_path, str(script))
    script.unlink()
    code = (
        "import json, sys, jobc\n"
        "try:\n    jobc.ReconstructableJob.from_dict(json.loads(sys.argv[1])).get_definition()\n"
        "except ImportError as error:\n    print(error)"
    )
    assert "there is no Python file" in python(tmp_path / "away", "-c", code, form)


def test_sem_21_what_is_defined_on_the_command_line_is_refused(tmp_path: Path) -> None:
    code = (
        f"{JOBS}\nimport jobc\n"
        "try:\n    jobc.reconstructable(etl)\n"
        "except jobc.InvariantViolationError as error:\n    print(error)"
    )
    assert "the job `etl` is defined in an interactive environment" in python(tmp_path, "-c", code)


def test_building_a_job_of_python_loads_nothing_of_the_compiler(tmp_path: Path) -> None:
    (tmp_path / "few_jobs.py").write_text(JOBS)
    form = made_by("import few_jobs\npointer = jobc.reconstructable(few_jobs.make)", tmp_path)
    code = (
        "import json, sys\nfrom jobc import ReconstructableJob\n"
        "ReconstructableJob.from_dict(json.loads(sys.argv[1])).get_definition()\n"
        "print(*(name for name in sys.modules if name.startswith('jobc.compiler') "
        "or name in {'pydantic', 'lark', 'click', 'rich', 'networkx', 'difflib', 'asyncio', 'sqlite3'}))"
    )
    assert python(tmp_path / "away", "-c", code, form).split() == []
