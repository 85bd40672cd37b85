"""`spondyl responses`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

from cli.options import agent_asked_for, at_a_point_in_time, checked, in_formats
from cli.options import facts as facts_of
from cli.output import counted, give_arrow, give_table, say

if TYPE_CHECKING:
    from projections.clinical.judged_responses import Therapy
    from projections.derived.responders import Denominator, Responders


MEANINGS: Final = {
    "complete": "those all of whose values are known",
    "known": "those whose answer is known",
    "all": "all who are due, an answer that is not known as no response",
}


class Asked(TypedDict):
    """Which responses, of which episodes, counted of whom."""

    criterion: str | None
    patient: str | None
    agent: str | None
    window: int | None
    therapy: Therapy
    denominator: Denominator


@click.command("responses")
@click.option("--criterion", help="Only this criterion, e.g. asas20 or basdai50.")
@click.option("--patient", help="Only this patient.")
@click.option("--agent", help="Only episodes of this agent.")
@click.option(
    "--window",
    type=click.IntRange(min=0, max=3650),
    help="How many days before the start of an episode its baseline visit may lie; 90 by default.",
)
@click.option(
    "--therapy",
    type=click.Choice(["targeted", "immunomodulating"]),
    default="targeted",
    help="Whose episodes are judged: of targeted therapy (default), or of all immunomodulating agents.",
)
@click.option(
    "--denominator",
    type=click.Choice(["complete", "known", "all"]),
    default="complete",
    help="Of whom: all of whose values are known (default), whose answer is known, or all who are due.",
)
@click.option("--rows", is_flag=True, help="List every patient and visit on the terminal too.")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    *,
    rows: bool,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
    **asked: Unpack[Asked],
) -> None:
    """Print who responded to which treatment at which visit, by every response criterion.

    Judged are episodes: another dose is the same treatment. The baseline is the last visit at or before the start of
    the episode, within a window, that has all that the criterion needs. On a terminal the responders of each visit
    label; --rows, --csv and --json give every row.
    """
    from projections.columns.tables import only
    from projections.derived.responders import episodes_not_judged, of_agent, responders
    from projections.derived.responses import BASELINE_WINDOW_DAYS, table
    from registry.catalogue.criteria import criteria

    criterion, patient, agent = asked["criterion"], asked["patient"], asked["agent"]
    therapy, denominator = asked["therapy"], asked["denominator"]
    checked("criterion", criterion, criteria())
    agent = agent_asked_for(agent)
    facts = facts_of(ctx, as_of, known_at)
    days = BASELINE_WINDOW_DAYS if asked["window"] is None else asked["window"]
    judged = of_agent(table(facts, baseline_window_days=days, therapy=therapy), facts, agent)
    responses = only(judged, criterion=criterion, patient=patient)
    if form or rows:
        give_arrow(responses, form, empty="no responses at this point in time")
        return
    counts = responders(responses, facts, denominator=denominator, therapy=therapy, patient=patient)
    _give(counts, denominator)
    say(f"baseline: the last visit within {days} days at or before the start that has all inputs, else with most")
    left_out = episodes_not_judged(judged, facts, agent, therapy)
    if left_out:
        episodes = counted(left_out, "episode")
        say(f"not judged: {episodes} of {therapy} therapy without a baseline, or without a visit after the start")


def _give(counts: list[Responders], denominator: Denominator) -> None:
    give_table(
        ("agent", "criterion", "visit", "responders", "of", "%", "open", "incomplete", "not seen"),
        [
            (
                row.agent,
                row.criterion,
                row.visit,
                row.n,
                row.of,
                row.percent,
                row.n_open,
                row.n_incomplete,
                row.n_unseen,
            )
            for row in counts
        ],
    )
    say(f"of {MEANINGS[denominator]}; open: the values that are missing could turn the answer")
