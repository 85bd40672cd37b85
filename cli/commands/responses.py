"""`spondyl responses`."""

from __future__ import annotations

from datetime import date

import click

from cli.options import at_a_point_in_time, checked, in_formats
from cli.options import facts as facts_of
from cli.output import counted, give_arrow, give_table, say


@click.command("responses")
@click.option("--criterion", help="Only this criterion, e.g. asas20 or basdai50.")
@click.option("--patient", help="Only this patient.")
@click.option("--agent", help="Only courses of this agent.")
@click.option(
    "--window",
    type=click.IntRange(min=0, max=3650),
    help="How many days before the start of a course its baseline visit may lie; 90 by default.",
)
@click.option("--rows", is_flag=True, help="List every patient and visit on the terminal too.")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    *,
    criterion: str | None,
    patient: str | None,
    agent: str | None,
    window: int | None,
    rows: bool,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
) -> None:
    """Print who responded to which course of treatment at which visit, by every response criterion.

    The baseline is the last visit at or before the start of the course, within a window. On a terminal the responders
    of each visit label, of those who are known; --rows, --csv and --json give every row.
    """
    from projections.columns.tables import only
    from projections.derived.responders import courses_not_judged, of_agent, responders
    from projections.derived.responses import BASELINE_WINDOW_DAYS, table
    from registry.catalogue.agents import AGENTS
    from registry.catalogue.criteria import criteria

    checked("criterion", criterion, criteria())
    checked("agent", agent, AGENTS)
    facts = facts_of(ctx, as_of, known_at)
    days = BASELINE_WINDOW_DAYS if window is None else window
    judged = of_agent(table(facts, baseline_window_days=days), facts, agent)
    responses = only(judged, criterion=criterion, patient=patient)
    if form or rows:
        give_arrow(responses, form, empty="no responses at this point in time")
        return
    counts = responders(responses, facts)
    give_table(
        ("agent", "criterion", "visit", "responders", "of known", "open", "%"),
        [(row.agent, row.criterion, row.visit, row.n, row.n_known, row.n_open, row.percent) for row in counts],
    )
    say(f"baseline: the last visit within {days} days at or before the start")
    left_out = courses_not_judged(judged, facts, agent)
    if left_out:
        courses = counted(left_out, "course")
        say(f"not judged: {courses} of immunomodulating agents without a baseline, or without a visit after the start")
    say("open: the values that are missing could turn the answer; never counted as no response")
