"""What can be pointed to, and what is refused in which words."""

from __future__ import annotations

import json
import pickle
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import jobc
from jobc import ReconstructableJob, build_reconstructable_job, reconstructable
from jobc.runtime.errors import ImportError as TargetImportError
from jobc.runtime.errors import InvariantViolationError, JobcError, ParameterCheckError
from tests.unit.runtime import reconstruct_jobs as targets

if TYPE_CHECKING:
    from pathlib import Path

MODULE = targets.__name__
ONE_JOB = "from jobc import job, op\n@op\ndef one(): ...\n@job\ndef etl():\n    one()\n"


def copy_of(pointer: ReconstructableJob) -> ReconstructableJob:
    return ReconstructableJob.from_dict(json.loads(json.dumps(pointer.to_dict())))


# --- good targets ---


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (targets.foo, "foo"),
        (targets.foo_again, "foo"),
        (targets.bar, "other_name"),
        (targets.make, "made"),
        (targets.make_the_same, "foo"),
        (targets.wrapped, "foo"),
    ],
)
def test_sem_21_a_good_target_is_built_again_from_its_dictionary(target: Any, name: str) -> None:
    found = reconstructable(target)
    again = copy_of(found)
    assert (found.job_name, again.job_name) == (name, name)
    assert again.get_definition().name == name
    assert again.get_definition().execute_in_process().success
    assert found == again
    assert hash(found) == hash(again)


def test_sem_21_the_job_of_a_decorator_is_the_very_object() -> None:
    assert reconstructable(targets.foo).get_definition() is targets.foo
    assert copy_of(reconstructable(targets.foo)).get_definition() is targets.foo


def test_sem_21_a_function_is_called_once_and_its_job_is_kept() -> None:
    targets.CALLS.clear()
    found = reconstructable(targets.make)
    assert len(targets.CALLS) == 1
    assert found.get_definition() is found.get_definition()
    assert len(targets.CALLS) == 1
    again = copy_of(found)
    assert again.get_definition() is again.get_definition()
    assert len(targets.CALLS) == 2


def test_sem_21_a_pointer_is_pickled_without_its_job() -> None:
    found = reconstructable(targets.make)
    data = pickle.dumps(found)
    assert b"GraphDefinition" not in data
    again = pickle.loads(data)
    assert again == found
    assert again.get_definition() is not found.get_definition()


def test_sem_21_an_exception_of_the_function_is_its_own() -> None:
    with pytest.raises(ZeroDivisionError, match="inside"):
        reconstructable(targets.raises)


# --- refusals, one per row of the table ---

REFUSALS: list[tuple[str, Any, str]] = [
    ("to_job", targets.by_to_job, r"the job `counting` was not made by `@job` but by `to_job` or the constr"),
    ("constructor", targets.by_constructor, "define a function at module scope that returns the job"),
    ("graph", targets.counting, r"takes a job made by `@job`, a function .* not GraphDefinition\(counting\)"),
    ("int", 3, r"not 3 \(of type `int`\)"),
    ("string", "hello", r"not 'hello' \(of type `str`\): there is no such file"),
    ("none", None, "not None"),
    ("resource", targets.a_resource, "of type `ResourceDefinition`"),
    ("partial", targets.a_partial, "of type `partial`"),
    ("class", targets.Holder, "of type `type`"),
    ("builtin", len, "of type `builtin_function_or_method`"),
    ("method", targets.Holder().method, "of type `method`"),
    ("lambda", lambda: targets.foo, "is made of a lambda"),
    ("named_lambda", targets.named_lambda, "the function `<lambda>` is made of a lambda"),
    ("job_of_lambda", targets.job_of_lambda, "the job `of_lambda` is made of a lambda"),
    (
        "nested_job",
        targets.nested()[0],
        r"`inner` is not defined at module scope: .* `nested.<locals>.inner`",
    ),
    (
        "nested_function",
        targets.nested()[1],
        r"is not defined at module scope: .*`nested.<locals>.make_inner`",
    ),
    ("static_method", targets.Holder.make, "not defined at module scope: its full name is `Holder.make`"),
    ("defaults", targets.with_default, "must be callable with no arguments, and takes `name`"),
    ("parameter", targets.with_parameter, "must be callable with no arguments, and takes `name`"),
    ("any_parameters", targets.with_any, "and takes `names` and `more`"),
    ("none_returned", targets.returns_none, "must return a job, and returned None: is a `return` missing?"),
    ("graph_returned", targets.returns_graph, "returned a value of type `GraphDefinition`"),
    ("async", targets.returns_later, "returned a value of type `coroutine`"),
    ("changed_job", targets.hooked, "`foo` of the module .* is not the job `foo` that was given but"),
    ("gone", targets.kept_elsewhere, r"the module `.*reconstruct_jobs` has no `gone` at module scope"),
]


@pytest.mark.parametrize(
    ("target", "message"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS]
)
def test_sem_21_other_targets_are_refused(target: Any, message: str) -> None:
    with pytest.raises(InvariantViolationError, match=message):
        reconstructable(target)


def test_sem_21_what_is_defined_at_a_prompt_is_refused() -> None:
    prompt = ModuleType("__prompt__")
    sys.modules["__prompt__"] = prompt
    try:
        source = f"{ONE_JOB}def make(): return etl"
        exec(compile(source, "<stdin>", "exec"), vars(prompt))
        for target in (prompt.etl, prompt.make):
            with pytest.raises(InvariantViolationError, match="interactive environment"):
                reconstructable(target)
    finally:
        del sys.modules["__prompt__"]


def test_sem_21_a_name_that_is_gone_on_the_other_side_is_named_with_what_is_near() -> None:
    form = {**reconstructable(targets.foo).to_dict(), "name": "fooo"}
    with pytest.raises(InvariantViolationError, match="has no `fooo` at module scope; did you mean `foo`"):
        ReconstructableJob.from_dict(form).get_definition()


def test_sem_21_a_job_of_another_name_is_refused() -> None:
    form = {**reconstructable(targets.foo).to_dict(), "job_name": "etl"}
    with pytest.raises(InvariantViolationError, match="gives the job `foo` now, and gave `etl`"):
        ReconstructableJob.from_dict(form).get_definition()


def test_profile_and_vars_are_for_specs() -> None:
    with pytest.raises(ParameterCheckError, match="`profile` and `vars` are for pointers to specs"):
        reconstructable(targets.foo, profile="prod")


# --- dictionaries ---


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "reads job pointers of version 1, and was given one of version 2"),
        ({"version": None}, "was given one of version None"),
        ({"kind": "cron"}, "a job pointer is of the kind `python` or `spec`, not 'cron'"),
        ({"job_name": None}, "the job pointer has no `job_name`"),
    ],
)
def test_sem_21_a_dictionary_of_another_form_is_refused(change: dict[str, object], message: str) -> None:
    form = {**reconstructable(targets.foo).to_dict(), **change}
    with pytest.raises(InvariantViolationError, match=message):
        ReconstructableJob.from_dict(form)


def test_sem_21_a_dictionary_without_its_module_says_so() -> None:
    form = reconstructable(targets.foo).to_dict()
    del form["module"]
    with pytest.raises(InvariantViolationError, match="the job pointer has no `module`"):
        ReconstructableJob.from_dict(form)


# --- build_reconstructable_job ---


def test_sem_21_the_function_is_called_at_once_with_what_json_makes_of_the_arguments() -> None:
    targets.CALLS.clear()
    found = build_reconstructable_job(MODULE, "build", ("etl", (1, [2, (3,)])), {"team": "orders"})
    assert targets.CALLS == [(["etl", [1, [2, [3]]]], {"team": "orders"})]
    assert found.job_name == "etl"
    again = copy_of(found)
    assert again == found
    assert again.get_definition().tags == {"team": "orders"}
    assert targets.CALLS[1] == targets.CALLS[0]
    assert len({found, again}) == 1


def test_sem_21_a_function_that_changes_its_arguments_gets_them_anew() -> None:
    found = build_reconstructable_job(MODULE, "build_and_change", (["a", "b"],))
    assert found.job_name == "a_b_more"
    assert copy_of(found).get_definition().name == "a_b_more"


def test_sem_21_no_arguments_are_needed() -> None:
    assert build_reconstructable_job(MODULE, "build").job_name == "built"
    assert build_reconstructable_job(MODULE, "make").job_name == "made"
    assert build_reconstructable_job(MODULE, "foo").get_definition() is targets.foo


def test_sem_21_both_names_of_each_parameter_are_taken() -> None:
    by_long = build_reconstructable_job(
        reconstructor_module_name=MODULE,
        reconstructor_function_name="build",
        reconstructable_args=("x",),
        reconstructable_kwargs={"a": "1"},
        reconstructor_working_directory=None,
    )
    by_short = build_reconstructable_job(
        module=MODULE, function="build", args=("x",), kwargs={"a": "1"}, working_directory=None
    )
    assert by_long == by_short
    with pytest.raises(ParameterCheckError, match="`args` and `reconstructable_args` mean the same"):
        build_reconstructable_job(MODULE, "build", ("x",), args=("x",))


SELF_HOLDING: list[object] = []
SELF_HOLDING.append(SELF_HOLDING)


@pytest.mark.parametrize(
    ("args", "kwargs", "message"),
    [
        ([1], None, r"`args` must be a tuple, not \[1\]"),
        ("text", None, "`args` must be a tuple"),
        (None, [("a", 1)], "`kwargs` must be a mapping"),
        (None, {1: 2}, "the keys of `kwargs` must be text"),
        (
            (1, {"a": [2, {3}]}),
            None,
            r"`args\[1\]\['a'\]\[1\]` must be a value that JSON can hold, .* not \{3\}",
        ),
        ((1, {2: 3}), None, r"the keys of `args\[1\]` must be text, as in JSON, not 2"),
        (None, {"when": object}, r"`kwargs\['when'\]` must be a value that JSON can hold"),
        ((float("nan"),), None, r"`args\[0\]` is nan, a number that JSON has no form for"),
        ((b"x",), None, r"`args\[0\]` must be a value that JSON can hold"),
        (tuple(SELF_HOLDING), None, "is nested more than 100 levels deep, or holds itself"),
    ],
)
def test_sem_21_arguments_are_checked_where_they_are_given(args: Any, kwargs: Any, message: str) -> None:
    targets.CALLS.clear()
    with pytest.raises(ParameterCheckError, match=message):
        build_reconstructable_job(MODULE, "build", args, kwargs)
    assert targets.CALLS == []


@pytest.mark.parametrize(
    ("module", "function", "message"),
    [
        (3, "build", "`module` must be text, not 3"),
        (None, "build", "`module` must be text, not None"),
        (MODULE, None, "`function` must be text, not None"),
    ],
)
def test_sem_21_names_must_be_text(module: Any, function: Any, message: str) -> None:
    with pytest.raises(ParameterCheckError, match=message):
        build_reconstructable_job(module, function)


def test_sem_21_a_working_directory_must_be_a_path() -> None:
    with pytest.raises(ParameterCheckError, match="`working_directory` must be a path, not 3"):
        build_reconstructable_job(MODULE, "build", working_directory=3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("biuld", "has no `biuld` at module scope; did you mean `build`"),
        ("not_a_function", "must be a job or a function that returns one, not a value of type `int`"),
        ("counting", "`counting` of the module .* must be a job or a function"),
        ("returns_none", "must return a job, and returned None"),
        ("returns_graph", "returned a value of type `GraphDefinition`"),
    ],
)
def test_sem_21_a_function_that_gives_no_job_is_refused(function: str, message: str) -> None:
    with pytest.raises(InvariantViolationError, match=message):
        build_reconstructable_job(MODULE, function)


def test_sem_21_exceptions_of_the_function_are_its_own() -> None:
    with pytest.raises(ZeroDivisionError, match="inside"):
        build_reconstructable_job(MODULE, "raises")
    with pytest.raises(TypeError, match="name"):
        build_reconstructable_job(MODULE, "with_parameter")


def test_sem_21_a_module_that_is_not_there() -> None:
    with pytest.raises(TargetImportError, match="there is no module `no_such_module`") as caught:
        build_reconstructable_job("no_such_module", "build")
    assert isinstance(caught.value, ImportError)
    assert isinstance(caught.value, JobcError)
    assert isinstance(caught.value.__cause__, ModuleNotFoundError)
    with pytest.raises(TargetImportError, match=r"there is no module `no_such\.module`"):
        build_reconstructable_job("no_such.module", "build")


def test_sem_21_a_module_that_breaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", sys.path[:])
    (tmp_path / "breaks_a.py").write_text("import no_such_thing\n")
    (tmp_path / "breaks_b.py").write_text("1 / 0\n")
    (tmp_path / "breaks_c.py").write_text("from json import no_such_name\n")
    for module, message in (
        ("breaks_a", "`breaks_a` cannot be imported: No module named 'no_such_thing'"),
        ("breaks_b", "importing `breaks_b` raised ZeroDivisionError: division by zero"),
        ("breaks_c", "`breaks_c` cannot be imported: cannot import name 'no_such_name'"),
    ):
        with pytest.raises(TargetImportError, match=message):
            build_reconstructable_job(module, "build", working_directory=tmp_path)


def test_sem_21_a_namesake_in_another_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", sys.path[:])
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "namesake_jobs.py").write_text(ONE_JOB)
    found = build_reconstructable_job("namesake_jobs", "etl", working_directory=tmp_path / "here")
    form = found.to_dict()
    form["file"] = str(tmp_path / "there" / "namesake_jobs.py")
    with pytest.raises(
        InvariantViolationError, match=r"comes from `.*here.*` in this process, and from `.*there"
    ):
        ReconstructableJob.from_dict(form).get_definition()
    form["file"] = "/another/machine/namesake_jobs.py"
    assert ReconstructableJob.from_dict(form).get_definition().name == "etl"


def test_the_names_are_those_of_the_facade() -> None:
    assert jobc.reconstructable is reconstructable
    assert jobc.build_reconstructable_job is build_reconstructable_job
    assert jobc.ReconstructableJob is ReconstructableJob
