"""`spondyl follow-up`."""

from __future__ import annotations

from datetime import date

import click

from cli.options import at_a_point_in_time, checked, facts_of_today, in_formats
from cli.output import give_arrow, say
from cli.pairing import PairedCommand, never_with


@click.command(
    "follow-up",
    cls=PairedCommand,
    pairings=(never_with("--retention", "--centre", "years are of the whole registry"),),
)
@click.option("--centre", help="Only patients of this centre.")
@click.option("--retention", is_flag=True, help="Who was at risk, seen, lost, died, withdrew: a row a year.")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    *,
    centre: str | None,
    retention: bool,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
) -> None:
    """Print whose visit is due or overdue by the schedule of the protocol, by centre; --csv is a recall list.

    Due is a visit while its window is open; overdue once it has closed without a visit, until the next one opens or
    lost_after has passed. Who counts as lost by the protocol's lost_after stays on the list, with the day. Today is the
    day of --as-of, else that of --known-at, else the present one.
    """
    from projections.columns.tables import only
    from projections.followed import recalls, registry_retention

    facts = facts_of_today(ctx, as_of, known_at)
    if retention:
        give_arrow(registry_retention.table(facts), form, empty="nobody is enrolled at this point in time")
        return
    if centre is not None:
        checked("centre", centre, sorted(set(facts.of("patients")["centre"].to_pylist()) - {None}))
    rows = only(recalls.table(facts), centre=centre)
    give_arrow(rows, form, empty=_why_nobody(bool(facts.schedule)))
    if form is None and rows.num_rows:
        n = sum(row == "overdue" for row in rows["state"].to_pylist())
        say(f"overdue {n:,}, due {rows.num_rows - n:,} on {facts.today}")


def _why_nobody(is_scheduled: bool) -> str:
    return "nobody is due" if is_scheduled else "no protocol with a schedule was adopted by then, so nobody is expected"
