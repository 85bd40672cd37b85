"""`spondyl check`."""

from __future__ import annotations

from datetime import date

import click

from cli.options import at_a_point_in_time, in_formats
from cli.options import facts as facts_of
from cli.output import counted, give_arrow, say


@click.command("check")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(ctx: click.Context, *, as_of: date | None, known_at: str | None, form: str | None) -> None:
    """List readings of one study that cannot all be true: warnings, which change nothing.

    One row a vertebral unit where the methods contradict each other, with the rule and the grades.
    """
    from projections import plausibility

    warnings = plausibility.table(facts_of(ctx, as_of, known_at))
    give_arrow(warnings, form, empty="nothing implausible")
    if form is None and warnings.num_rows:
        say(f"{counted(warnings.num_rows, 'warning')}; nothing was changed")
