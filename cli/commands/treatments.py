"""`spondyl treatments`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from cli import completion
from cli.observed import say_observed, say_without_time
from cli.options import Day, at_a_point_in_time, in_formats, observation, while_observed
from cli.options import facts as facts_of
from cli.output import give_arrow, say
from cli.pairing import PairedCommand, never_with, only_with

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from projections.observation.observed_spans import Observation
    from projections.point_in_time import Facts

SCREEN: Final = {  # view: what a terminal shows of it
    "courses": "patient agent product drug_class started_on stopped_on days dose dose_unit frequency stop_reason",
    "episodes": "patient agent episode started_on stopped_on days n_courses gap_days off_days uncertain n_dose_changes "
    "stop_reason",
    "lines": "patient line agent drug_class started_on stopped_on stop_reason failure switch_kind switch_from "
    "days_between",
}
EMPTY: Final = "no treatment at this point in time"


@click.command(
    "treatments",
    cls=PairedCommand,
    pairings=(
        only_with("--washout", "--on", "it counts the days before that day"),
        never_with("--on", "--courses --lines --years", "it is of one day, alone or with --washout"),
        never_with("--patient --which", "--years", "patient-years are of everybody and of every drug"),
        only_with("--until --grace --gap", "--years", "they say what counts as observed time"),
        never_with("--max-gap-days", "--courses --years --on", "gaps are bridged to episodes, and so to lines, only"),
    ),
)
@click.option("--patient", shell_complete=completion.patients, help="Only this patient.")
@click.option("--which", metavar="DRUG", help="Only this class, agent or ATC code of today or before, e.g. TNFi.")
@click.option("--courses", "view", flag_value="courses", help="Every course as it was recorded.")
@click.option("--lines", "view", flag_value="lines", help="Lines of targeted therapy, with switches and failures.")
@click.option("--years", "view", flag_value="years", help="Patient-years of exposure, of everybody under observation.")
@click.option("--washout", "view", flag_value="washout", help="How long before the day of --on what was stopped.")
@click.option("--on", type=Day(), help="Who was given what on that day.")
@click.option(
    "--max-gap-days",
    type=click.IntRange(min=0),
    default=90,
    show_default=True,
    help="The longest gap that an episode bridges.",
)
@while_observed
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    view: str | None,
    on: date | None,
    max_gap_days: int,
    patient: str | None,
    which: str | None,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
    **observed: Any,
) -> None:
    """Print the episodes of treatment: the courses of one agent with short gaps only.

    Partial dates count as the middle of the days that they can mean; where they leave open if a gap is short, the
    episode is uncertain. --json and --csv give every column, with the least and the most that a gap can be.
    """
    from projections.therapy.treatments_of import agents_of

    facts = facts_of(ctx, as_of, known_at)
    if view == "years":
        _give_years(facts, observation(**observed), form)
        return
    if on:
        treatments, columns = _on(facts, on, washout=view == "washout"), None
    else:
        treatments, columns = _over_time(facts, view, max_gap_days), SCREEN[view or "episodes"].split()
    agents = None if which is None else agents_of(which, facts.catalogue)
    treatments = _only(treatments, patient, agents)
    give_arrow(treatments, form, columns=columns, empty=EMPTY)
    if view == "lines" and form is None and treatments.num_rows:
        _say_failures()


def _say_failures() -> None:
    from registry.catalogue.therapy_lines import reasons_judged

    yes, unsaid = (", ".join(reasons_judged(failure)) for failure in (True, None))
    say(f"failure: {yes}; cannot be said: {unsaid}; no: every other reason")


def _on(facts: Facts, day: date, *, washout: bool) -> ArrowTable:
    from projections.therapy import exposure

    return exposure.washout_table(facts, day) if washout else exposure.exposure_table(facts, day)


def _over_time(facts: Facts, view: str | None, max_gap_days: int) -> ArrowTable:
    from projections import project
    from projections.therapy import treatment_episodes, treatment_lines

    if view == "courses":
        return project("treatments", facts)
    projection = treatment_lines if view == "lines" else treatment_episodes
    return projection.table(facts, max_gap_days=max_gap_days)


def _only(treatments: ArrowTable, patient: str | None, agents: tuple[str, ...] | None) -> ArrowTable:
    import pyarrow as pa
    import pyarrow.compute as pc

    from projections.columns.tables import only

    treatments = only(treatments, patient=patient)
    if agents is None:
        return treatments
    return treatments.filter(pc.is_in(treatments["agent"].cast(pa.string()), value_set=pa.array(agents)))


def _give_years(facts: Facts, observation: Observation, form: str | None) -> None:
    from projections.columns.tables import count_by
    from projections.observation import follow_up
    from projections.observation.observed_spans import observed_spans
    from projections.therapy import patient_years
    from projections.therapy.person_time import courses_of_one_day

    spans = observed_spans(facts, observation)
    give_arrow(patient_years.of_spans(facts, spans), form)
    if form is not None:
        return
    ends = ", ".join(f"{row['n']:,} by {row['ended_by']}" for row in count_by(follow_up.of_spans(spans), "ended_by"))
    say(f"follow-up ended: {ends}" if ends else "nobody is under observation at this point in time")
    say_without_time(courses_of_one_day(facts, spans))
    say_observed(observation, spans)
