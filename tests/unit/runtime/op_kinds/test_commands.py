"""Commands and shells of a spec, run for real."""

from __future__ import annotations

import os
import select
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jobc

if TYPE_CHECKING:
    from jobc import ExecuteInProcessResult, JobDefinition

FUNCTIONS = """\
def give() -> object:
    return ["a b", "c;d", 3]
"""


def load(folder: Path, op: str, arguments: str = "", output: str = "") -> JobDefinition:
    """Return a job of one op, `it`, whose output, or that of its outputs, is the output `out` of the job."""
    (folder / "shop.py").write_text(FUNCTIONS)
    lines = [
        "jobc: 1",
        "ops:",
        "  give: {python: 'shop:give'}",
        "  it:",
        *(f"    {line}" for line in op.strip().splitlines()),
        "graphs:",
        "  g:",
        "    wiring: |",
        f"      x = it({arguments})",
        f"      return out=x{output}",
        "jobs: {j: {graph: g}}",
    ]
    (folder / "spec.yaml").write_text("\n".join(lines))
    return jobc.load(folder / "spec.yaml")


def run(job: JobDefinition, **config: object) -> ExecuteInProcessResult:
    return job.execute_in_process({"ops": {"it": {"config": config}}} if config else None)


def value(folder: Path, op: str, arguments: str = "", output: str = "", **config: object) -> object:
    return run(load(folder, op, arguments, output), **config).output_value("out")


def failure(folder: Path, op: str, arguments: str = "", **config: object) -> jobc.Failure:
    with pytest.raises(jobc.Failure) as caught:
        run(load(folder, op, arguments), **config)
    return caught.value


ODD = "a  b; 'c' \"d\" $HOME `ls` $(ls) \\ *\nnext # é"


def test_what_is_printed_is_the_output_without_the_last_line_end(tmp_path: Path) -> None:
    assert value(tmp_path, 'command: [printf, "one\\ntwo\\n\\n"]') == "one\ntwo\n"


def test_no_shell_reads_an_argument(tmp_path: Path) -> None:
    op = 'command: [printf, "%s|", "${config.text}", "$HOME", "x${config.text}"]\nconfig: {text: str}'
    assert value(tmp_path, op, text=ODD) == f"{ODD}|$HOME|x{ODD}|"


def test_every_value_in_a_shell_is_one_word(tmp_path: Path) -> None:
    op = "shell: printf '%s|' ${config.text} x${config.text} '$${kept}' \"$${HOME:+home}\"\n"
    op += "config: {text: str}"
    assert value(tmp_path, op, text=ODD) == f"{ODD}|x{ODD}|${{kept}}|home|"


@pytest.mark.parametrize(
    "kind", ['command: [printf, "%s|", "${inputs.items}"]', "shell: printf '%s|' ${inputs.items}"]
)
def test_a_list_is_as_many_arguments(tmp_path: Path, kind: str) -> None:
    assert value(tmp_path, f"{kind}\ninputs: {{items: any}}", "give()") == "a b|c;d|3|"


def test_an_expression_may_work_on_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    op = """\
command:
- echo
- ${upper(inputs.name)}-${config.count + 1}
- ${config.missing}
- ${run.job}
- ${env.PLACE}
inputs: {name: str}
config: {count: int, missing: {type: str, required: false}}
"""
    monkeypatch.setenv("PLACE", "here")
    assert value(tmp_path, op, "'ada'", count=2) == "ADA-3  j here"


def test_a_file_is_written_to_a_fresh_path(tmp_path: Path) -> None:
    op = "shell: test ! -e ${outputs.made} && echo made > ${outputs.made}\noutputs: {made: path}"
    result = run(load(tmp_path, op))
    made = result.output_value("out")
    assert isinstance(made, Path)
    assert made.read_text() == "made\n"
    assert result.run_id in made.parts


def test_text_and_files_come_side_by_side(tmp_path: Path) -> None:
    op = "shell: echo told; echo kept > ${outputs.file}\noutputs: {result: str, file: path}"
    result = run(load(tmp_path, op, output=".file"))
    assert result.output_for_node("it") == "told"
    assert result.output_for_node("it", "file").read_text() == "kept\n"


def test_a_path_is_fresh_again_when_the_step_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    op = """\
shell: test ! -e ${outputs.made} && mkdir ${outputs.made} && test -e tried || { touch tried; exit 1; }
outputs: {made: path}
retry: {max_retries: 1}
"""
    monkeypatch.chdir(tmp_path)
    assert run(load(tmp_path, op)).retry_attempts_for_node("it") == 1


def test_a_file_that_may_be_left_out_is_left_out(tmp_path: Path) -> None:
    op = "shell: 'true || touch ${outputs.made}'\noutputs: {result: str, made: {type: path, required: false}}"
    result = run(load(tmp_path, op, output=".result"))
    assert result.success
    with pytest.raises(jobc.InvariantViolationError):
        result.output_for_node("it", "made")


def test_a_file_that_is_not_there_fails_the_step(tmp_path: Path) -> None:
    error = failure(tmp_path, "shell: 'true || touch ${outputs.made}'\noutputs: {made: path}")
    assert "did not write its output `made`" in str(error)


def test_an_exit_code_fails_the_step_with_the_last_lines(tmp_path: Path) -> None:
    error = failure(tmp_path, "shell: for n in 1 2 3; do echo line $n >&2; done; exit 7")
    assert "ended with exit code 7; its last lines:\nline 1\nline 2\nline 3" in str(error)
    assert error.metadata["exit_code"].value == 7
    assert error.metadata["stderr"].value == "line 1\nline 2\nline 3"


def test_a_signal_is_named(tmp_path: Path) -> None:
    assert "was ended by SIGKILL" in str(failure(tmp_path, "shell: kill -9 $$"))


def test_a_program_that_is_not_there_is_named_and_not_tried_again(tmp_path: Path) -> None:
    job = load(tmp_path, 'command: [no-such-program, "${run.id}"]\nretry: {max_retries: 3}')
    result = job.execute_in_process(raise_on_error=False)
    (failed,) = [event for event in result.all_events if event.kind.value == "STEP_FAILURE"]
    assert "there is no program `no-such-program`" in failed.message
    assert result.retry_attempts_for_node("it") == 0


def test_what_cannot_be_started_says_why(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("no program")
    error = failure(tmp_path, f'command: ["{tmp_path / "plain.txt"}"]')
    assert "cannot be started: Permission denied" in str(error)


def test_it_runs_in_the_folder_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert value(tmp_path, "command: [pwd, -P]") == str(tmp_path.resolve())


SECRET = "hush-hush-hush"


@pytest.mark.parametrize(
    "op",
    [
        'command: [sh, -c, "echo $1; echo $1 >&2; exit 1", x, "key=${config.token}"]',
        "shell: echo key=${config.token}; echo ${config.token} >&2; exit 1",
    ],
    ids=["command", "shell"],
)
def test_a_secret_is_passed_and_never_shown(
    tmp_path: Path, op: str, capfd: pytest.CaptureFixture[str]
) -> None:
    job = load(tmp_path, f"{op}\nconfig: {{token: secret}}")
    instance = jobc.Instance.ephemeral()
    with pytest.raises(jobc.Failure) as caught:
        job.execute_in_process({"ops": {"it": {"config": {"token": SECRET}}}}, instance=instance, run_id="r")
    shown = f"{caught.value} {caught.value.metadata} {capfd.readouterr()}"
    shown += " ".join(event.message for event in instance.all_events("r"))
    assert "**********" in shown
    assert SECRET not in shown


def test_a_secret_reaches_the_program(tmp_path: Path) -> None:
    op = 'command: [printf, "%s", "key=${config.token}"]\nconfig: {token: secret}'
    assert value(tmp_path, op, token=SECRET) == f"key={SECRET}"


def test_lines_go_to_the_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    value(tmp_path, "shell: echo to the log; echo beware >&2")
    lines = capfd.readouterr().err.splitlines()
    assert any(line.endswith("INFO it - to the log") for line in lines)
    assert any(line.endswith("WARNING it - beware") for line in lines)


def is_over(process: int) -> bool:
    """Wait for a process to end, though not for long; one that is gone has ended."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 10)[0])
    finally:
        os.close(descriptor)


def test_time_that_is_up_ends_the_program_and_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    job = load(tmp_path, "shell: sleep 600 & echo $$ $! > started; wait\ntimeout_s: 0.5")
    result = job.execute_in_process(raise_on_error=False)
    assert not result.success
    shell, sleeper = map(int, (tmp_path / "started").read_text().split())
    assert is_over(shell)
    assert is_over(sleeper)


def test_an_expression_without_a_value_fails_the_step(tmp_path: Path) -> None:
    with pytest.raises(jobc.JobcError) as caught:
        run(load(tmp_path, 'command: [echo, "${env.SURELY_NOT_SET}"]'))
    assert "SURELY_NOT_SET" in str(caught.value)


def versions(folder: Path, op: str) -> Any:
    definition = load(folder, op).graph.nodes["it"].definition
    assert isinstance(definition, jobc.OpDefinition)
    assert definition.version_fn is not None
    return definition.version_fn(None)  # type: ignore[arg-type]  # a command looks at nothing else


def test_the_version_follows_the_text_and_the_environment_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACE", "here")
    first = versions(tmp_path, 'command: [echo, "${env.PLACE}"]')
    assert versions(tmp_path, 'command: [echo,   "${env.PLACE}"]') == first
    assert versions(tmp_path, 'command: [echo, "${env.PLACE}", more]') != first
    assert versions(tmp_path, "shell: echo ${env.PLACE}") != first
    monkeypatch.setenv("PLACE", "there")
    assert versions(tmp_path, 'command: [echo, "${env.PLACE}"]') != first
