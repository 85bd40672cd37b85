"""`spondyl check`."""

from __future__ import annotations

from collections import Counter
from datetime import date

import click
import msgspec

from cli.options import at_a_point_in_time, checked, in_formats
from cli.options import facts as facts_of
from cli.output import counted, give, give_table, say


@click.command("check")
@click.option("--rule", help="Only warnings of this rule.")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context, *, rule: str | None, as_of: date | None, known_at: str | None, form: str | None
) -> None:
    """List what is implausible: warnings, which change nothing and keep nothing out of any table.

    Values beyond what needs no second look, suspect units, lost decimal points, reported totals that differ from
    computed ones, and readings of one study by several methods that cannot all be true.
    """
    from projections.checks.all_warnings import RULES, all_warnings

    checked("rule", rule, RULES)
    listed = [each for each in all_warnings(facts_of(ctx, as_of, known_at)) if rule in (None, each.rule)]
    rows = [msgspec.structs.asdict(each) for each in listed]
    if form or not rows:
        give(rows, form, columns=("rule", "patient", "reference", "on", "says"), empty="nothing implausible")
        return
    give_table(("rule", "warnings"), sorted(Counter(each.rule for each in listed).items()))
    give(rows, None)
    say(f"{counted(len(rows), 'warning')}; nothing was changed")
