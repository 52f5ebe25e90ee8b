"""What names code: ops, resources, hooks, loggers, executors."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from jobc.schemas.spec.base import RetrySpec, Spec, Tags
from jobc.schemas.spec.ports import ConfigFieldForm, InputForm, OutputForm


class OpSpec(Spec):
    """One unit of work, with what goes in and what comes out.

    Exactly one key says what kind of work it is: `python`, `command`, `shell`, or that of a plug-in.
    """

    python: str | None = Field(
        default=None, description="A function, as `module:name`.", examples=["shop.ops:read_orders"]
    )
    command: list[str] | None = Field(
        default=None,
        min_length=1,
        description="A program and its arguments; no shell reads them.",
        examples=[["rsync", "-a", "${inputs.file}", "${config.target}"]],
    )
    shell: str | None = Field(
        default=None,
        description="A text for the shell; every value put in is quoted.",
        examples=["sort ${inputs.file} | uniq > ${outputs.sorted}"],
    )
    plug_in: dict[str, Any] | None = Field(
        default=None, alias="~plug-in", description="The kind of a plug-in."
    )
    code_version: str | None = Field(
        default=None,
        description="The version of the code, in place of what the job's version strategy says.",
        examples=["2"],
    )
    description: str | None = Field(
        default=None,
        description="What the op does; default: the docstring.",
        examples=["Reads the orders of a day."],
    )
    inputs: dict[str, InputForm] | None = Field(
        default=None,
        description="Inputs by name; default: the function's parameters.",
        examples=[{"rows": "list[dict]"}],
    )
    outputs: dict[str, OutputForm] | None = Field(
        default=None,
        description="Outputs by name, in order; default: one, `result`.",
        examples=[{"orders": "list[dict]"}],
    )
    config: dict[str, ConfigFieldForm] = Field(
        default={}, description="Config fields by name.", examples=[{"path": "str"}]
    )
    resources: list[str] = Field(default=[], description="Resources the op needs.", examples=[["warehouse"]])
    retry: RetrySpec | None = Field(
        default=None, description="When and how often the op is tried again.", examples=[{"max_retries": 3}]
    )
    timeout_s: float | None = Field(
        default=None, gt=0, description="Seconds after which the op is stopped and fails.", examples=[30]
    )
    tags: Tags = Field(
        default={}, description="Free labels; values are text or JSON.", examples=[{"team": "orders"}]
    )


class ResourceSpec(Spec):
    """Something that is opened before the ops that need it and closed after them."""

    python: str | None = Field(
        default=None,
        description="What makes the resource, as `module:name`.",
        examples=["shop.resources:warehouse"],
    )
    builtin: Literal["fs_io_manager", "mem_io_manager"] | None = Field(
        default=None, description="A resource that jobc brings.", examples=["fs_io_manager"]
    )
    description: str | None = Field(
        default=None, description="What the resource is.", examples=["The warehouse."]
    )
    config: dict[str, ConfigFieldForm] = Field(
        default={}, description="Config fields by name.", examples=[{"path": "str"}]
    )
    with_: dict[str, Any] = Field(
        default={}, alias="with", description="Config values, by field.", examples=[{"path": "wh.sqlite"}]
    )
    resources: list[str] = Field(
        default=[], description="Resources it needs itself.", examples=[["credentials"]]
    )


class HookSpec(Spec):
    """Something that is called when a step has ended."""

    python: str = Field(description="The function, as `module:name`.", examples=["shop.hooks:alert"])
    on: Literal["success", "failure", "events"] | None = Field(
        default=None,
        description="When it is called; a target that is a hook itself says so.",
        examples=["failure"],
    )
    resources: list[str] = Field(default=[], description="Resources the hook needs.", examples=[["slack"]])


class LoggerSpec(Spec):
    """Where messages of a run go."""

    python: str | None = Field(
        default=None, description="What makes the logger, as `module:name`.", examples=["shop.logs:to_syslog"]
    )
    builtin: Literal["console", "json_console"] | None = Field(
        default=None, description="A logger that jobc brings.", examples=["json_console"]
    )
    description: str | None = Field(
        default=None, description="What the logger is for.", examples=["To the log server."]
    )
    config: dict[str, ConfigFieldForm] = Field(
        default={}, description="Config fields by name.", examples=[{"host": "str"}]
    )
    with_: dict[str, Any] = Field(
        default={}, alias="with", description="Config values, by field.", examples=[{"level": "INFO"}]
    )


class ExecutorSpec(Spec):
    """Where the steps of a run are carried out."""

    python: str | None = Field(
        default=None,
        description="What makes the executor, as `module:name`.",
        examples=["shop.executors:batch"],
    )
    builtin: Literal["in_process", "multiprocess", "dask"] | None = Field(
        default=None, description="An executor that jobc brings.", examples=["multiprocess"]
    )
    description: str | None = Field(
        default=None, description="What the executor is for.", examples=["The batch cluster."]
    )
    config: dict[str, ConfigFieldForm] = Field(
        default={}, description="Config fields by name.", examples=[{"queue": "str"}]
    )
    with_: dict[str, Any] = Field(
        default={}, alias="with", description="Config values, by field.", examples=[{"max_concurrent": 4}]
    )
