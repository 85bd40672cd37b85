"""`spondyl responses`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

from cli import completion
from cli.options import agent_asked_for, at_a_point_in_time, checked, in_formats
from cli.options import facts as facts_of
from cli.output import counted, give_arrow, say
from cli.pairing import PairedCommand, never_with
from cli.responder_tables import give_responders

if TYPE_CHECKING:
    from projections.clinical.judged_responses import Therapy
    from projections.columns.arrow import ArrowTable
    from projections.derived.responders import Denominator
    from projections.point_in_time import Facts


MEANINGS: Final = {
    "complete": "those all of whose values are known",
    "known": "those whose answer is known",
    "all": "all who are due, an answer that is not known as no response",
}


class Asked(TypedDict):
    """Which responses, of which episodes, counted of whom."""

    criterion: str | None
    visit: str | None
    patient: str | None
    agent: str | None
    window: int | None
    therapy: Therapy
    denominator: Denominator


@click.command(
    "responses",
    cls=PairedCommand,
    pairings=(
        never_with("--rows", "--json --csv", "they give every row"),
        never_with("--denominator", "--rows --json --csv", "rows are of single visits, and not of a denominator"),
        never_with("--all", "--rows --json --csv", "they give every row, and no counts"),
    ),
)
@click.option("--criterion", shell_complete=completion.criteria, help="Only this criterion, e.g. asas20 or basdai50.")
@click.option("--patient", shell_complete=completion.patients, help="Only this patient.")
@click.option("--agent", shell_complete=completion.agents, help="Only episodes of this agent.")
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
@click.option("--visit", help="Only visits of this label, e.g. 'month 12'.")
@click.option("--all", "everything", is_flag=True, help="Every count, where these are more than a screen.")
@click.option("--rows", is_flag=True, help="List every patient and visit on the terminal too.")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    *,
    rows: bool,
    everything: bool,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
    **asked: Unpack[Asked],
) -> None:
    """Print who responded to which treatment at which visit, by every response criterion.

    Judged are episodes: another dose is the same treatment. The baseline is the last visit at or before the start of
    the episode, within a window, that has all that the criterion needs. On a terminal the responders of each visit
    label; where these are more than a screen, of every agent by every criterion at one of them, and with --all all.
    --rows, --csv and --json give every row.
    """
    from projections.columns.tables import only
    from projections.derived.responders import episodes_not_judged, of_agent, responders
    from projections.derived.responses import BASELINE_WINDOW_DAYS, table

    criterion, patient, agent = asked["criterion"], asked["patient"], asked["agent"]
    therapy, denominator = asked["therapy"], asked["denominator"]
    facts = facts_of(ctx, as_of, known_at)
    checked("criterion", criterion, facts.catalogue.criteria)
    agent = agent_asked_for(agent, facts.catalogue)
    days = BASELINE_WINDOW_DAYS if asked["window"] is None else asked["window"]
    judged = of_agent(table(facts, baseline_window_days=days, therapy=therapy), facts, agent)
    responses = only(judged, criterion=criterion, patient=patient)
    at_visits = _at_visits(responses, facts, asked["visit"])
    if form or rows:
        give_arrow(at_visits, form, empty="no responses at this point in time")
        return
    counts = responders(responses, facts, denominator=denominator, therapy=therapy, patient=patient)
    give_responders([row for row in counts if asked["visit"] in (None, row.visit)], everything=everything)
    say(f"of {MEANINGS[denominator]}; open: the values that are missing could turn the answer")
    say(f"baseline: the last visit within {days} days at or before the start that has all inputs, else with most")
    left_out = episodes_not_judged(judged, facts, agent, therapy)
    if left_out:
        episodes = counted(left_out, "episode")
        say(f"not judged: {episodes} of {therapy} therapy without a baseline, or without a visit after the start")


def _at_visits(responses: ArrowTable, facts: Facts, label: str | None) -> ArrowTable:
    """Return the responses at the visits of a label. Raises `UnknownCodeError` for one that no visit has."""
    import pyarrow.compute as pc

    from projections.columns.tables import only
    from projections.stated import visits

    if label is None:
        return responses
    visited = visits.table(facts)
    checked("visit", label, [each for each in visited["visit"].unique().to_pylist() if each])
    return responses.filter(pc.is_in(responses["visit_id"], value_set=only(visited, visit=label)["visit_id"]))
