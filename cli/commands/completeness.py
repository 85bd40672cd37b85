"""`spondyl completeness`."""

from __future__ import annotations

from datetime import date
from typing import Final

import click

from cli.options import at_a_point_in_time, facts_of_today, in_formats
from cli.output import give_arrow
from cli.pairing import PairedCommand

COLUMNS: Final = {"centre": "centre", "year": "period"}  # what may be asked for: the column


@click.command("completeness", cls=PairedCommand)
@click.option("--by", metavar="WHAT", help="Count by centre, by year, or by both: centre,year.")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(ctx: click.Context, *, by: str | None, as_of: date | None, known_at: str | None, form: str | None) -> None:
    """Print how often each scheduled visit, and what it requires, was expected and is there, in its window or at all.

    Counted are visits whose window is over and lay in follow-up to its end; a year is that of the due day. A measure is
    expected at every such visit, whether or not somebody came. The median is of the days from a visit until the
    registry first learnt of it. Today is the day of --as-of, else that of --known-at, else the present one.
    """
    from projections.followed import completeness
    from registry.errors import UnknownCodeError

    asked = [each.strip() for each in by.split(",")] if by else []
    for each in asked:
        if each not in COLUMNS:
            raise UnknownCodeError("by", each, tuple(COLUMNS), what="column to count by")
    wanted = [COLUMNS[each] for each in asked]
    table = completeness.table(facts_of_today(ctx, as_of, known_at), by=wanted)
    left_out = [column for column in completeness.BY if column not in wanted]
    give_arrow(table.drop_columns(left_out), form, empty="nothing was expected by then")
