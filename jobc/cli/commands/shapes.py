"""Commands about the shape of a job: its nodes, its partitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jobc.cli.commands.options import FORMAT, INSTANCE, POINTER, not_empty, of_spec, range_of_keys
from jobc.cli.pictures import FORMATS as PICTURES
from jobc.cli.validate import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from jobc.cli.spec_options import SpecOptions


@click.command("select")
@POINTER
@click.argument("queries", nargs=-1, required=True, metavar="QUERY...")
@of_spec
@click.option("--explain", is_flag=True, help="Show what every part of the queries selects.")
@click.option(
    "--format",
    "form",
    type=click.Choice((*FORMATS, *PICTURES)),
    default="human",
    help="Who reads the output, or the language of a picture with the selected nodes set apart.",
)
def select_command(
    pointer: str, queries: tuple[str, ...], form: str, *, options: SpecOptions, explain: bool
) -> int:
    """List the nodes of a job that any of the queries selects, such as `clean+` or `tag:team=orders`."""
    from jobc.cli.select import SelectRequest, explain_selection, show_selection

    if explain and form in PICTURES:
        raise click.UsageError(f"`--explain` has no picture: leave it out, or `--format {form}`")
    request = SelectRequest(pointer, queries, form, options)
    return explain_selection(request) if explain else show_selection(request)


@click.command("graph")
@POINTER
@of_spec
@click.option(
    "--format", "form", type=click.Choice(PICTURES), default="mermaid", help="The language of the picture."
)
def graph_command(pointer: str, form: str, options: SpecOptions) -> int:
    """Draw a job: its ops, the graphs around them, and what reads from what."""
    from jobc.cli.graph import graph

    return graph(pointer, form, options)


@click.command("partitions")
@POINTER
@of_spec
@click.option(
    "--range", "key_range", metavar="A...B", callback=range_of_keys, help="Only the keys from A to B."
)
@click.option("--window", metavar="KEY", callback=not_empty, help="The time that a key stands for.")
@click.option("--count", is_flag=True, help="Only how many keys there are.")
@INSTANCE
@FORMAT
def partitions_command(
    pointer: str,
    key_range: str | None,
    window: str | None,
    instance: Path | None,
    form: str,
    *,
    options: SpecOptions,
    count: bool,
) -> int:
    """List the partition keys of a job, in order."""
    from jobc.cli.partitions import PartitionsRequest, count_partitions, list_partitions

    if window is not None and (count or key_range is not None):
        raise click.UsageError("`--window` is about one key: leave out `--range` and `--count`")
    request = PartitionsRequest(key_range, window, instance, form, options)
    return count_partitions(pointer, request) if count else list_partitions(pointer, request)
