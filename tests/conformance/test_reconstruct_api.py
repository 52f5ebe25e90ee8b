"""The page of the Jobs API on reconstructable jobs, example by example, built again by another process."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jobc
from tests.conformance import reconstruct_api_jobs as page

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
STARTING_AT_1 = {"ops": {"start": {"config": {"start": 1}}}}
RUN = """\
import json, sys
import jobc
job = jobc.ReconstructableJob.from_dict(json.loads(sys.argv[1])).get_definition()
result = job.execute_in_process(run_config=json.loads(sys.argv[2]))
print(json.dumps([job.name, dict(job.tags), result.output_for_node("add_one")]))
"""


def run_elsewhere(pointer: jobc.ReconstructableJob, run_config: object, folder: Path) -> Any:
    """Build a job and run it in a fresh process, in a folder of its own."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(pointer.to_dict()), json.dumps(run_config)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_reconstructable_takes_a_target() -> None:
    assert next(iter(inspect.signature(jobc.reconstructable).parameters)) == "target"


def test_build_reconstructable_job_takes_what_the_page_says_in_its_order() -> None:
    expected = (
        "reconstructor_module_name reconstructor_function_name reconstructable_args reconstructable_kwargs "
        "reconstructor_working_directory"
    )
    found = inspect.signature(jobc.build_reconstructable_job).parameters
    positional = [name for name, each in found.items() if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    assert positional == expected.split()


@pytest.mark.parametrize(
    ("target", "run_config", "name"),
    [
        (page.define_my_job, STARTING_AT_1, "my_graph"),
        (page.foo_job, None, "foo_job"),
        (page.make_bar_job, STARTING_AT_1, "foo"),
    ],
)
def test_the_examples_of_reconstructable(
    target: Callable[[], jobc.JobDefinition], run_config: object, name: str, tmp_path: Path
) -> None:
    pointer = jobc.reconstructable(target)
    assert pointer.job_name == name
    assert run_elsewhere(pointer, run_config, tmp_path) == [name, {}, 2]


def test_a_job_of_to_job_has_to_be_wrapped() -> None:
    with pytest.raises(jobc.InvariantViolationError, match="define a function at module scope"):
        jobc.reconstructable(page.my_graph.to_job())


def test_the_example_of_build_reconstructable_job(tmp_path: Path) -> None:
    foo_job_args, foo_job_kwargs = (41, ["a", {"b": None}]), {"team": "orders"}
    made_here = page.JobFactory().make_job(*foo_job_args, **foo_job_kwargs)
    with pytest.raises(jobc.InvariantViolationError, match="is not defined at module scope"):
        jobc.reconstructable(made_here)
    pointer = jobc.build_reconstructable_job(page.__name__, "reconstruct_job", foo_job_args, foo_job_kwargs)
    assert run_elsewhere(pointer, None, tmp_path) == ["made", {"team": "orders"}, 42]


def test_arguments_that_json_cannot_hold_are_refused_at_once() -> None:
    with pytest.raises(jobc.CheckError, match=r"`kwargs\['made_by'\]` must be a value that JSON can hold"):
        jobc.build_reconstructable_job(page.__name__, "reconstruct_job", (1,), {"made_by": page.JobFactory()})
