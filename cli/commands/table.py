"""`spondyl table`."""

from __future__ import annotations

from datetime import date

import click

from cli import completion
from cli.options import at_a_point_in_time, in_formats
from cli.options import facts as facts_of
from cli.output import give_arrow
from cli.pairing import PairedCommand


@click.command("table", cls=PairedCommand)
@click.argument("name", shell_complete=completion.tables)
@at_a_point_in_time
@in_formats
@click.pass_context
def command(ctx: click.Context, *, name: str, as_of: date | None, known_at: str | None, form: str | None) -> None:
    """Print table NAME of an export: patients, visits, measures, treatments, findings, …"""
    from projections import project

    give_arrow(project(name, facts_of(ctx, as_of, known_at)), form, empty=f"no {name} at this point in time")
