"""`spondyl flares`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from cli import completion
from cli.observed import say_observed, say_without_time
from cli.options import at_a_point_in_time, checked, in_formats, observation, while_observed
from cli.options import facts as facts_of
from cli.output import counted, give_arrow, give_table, say
from cli.pairing import PairedCommand, never_with, only_with

if TYPE_CHECKING:
    from projections.clinical.reference_visits import Reference
    from projections.columns.arrow import ArrowTable
    from projections.observation.observed_spans import Observation
    from projections.point_in_time import Facts

SHOWN: Final = "patient started_on basis severity trigger on_treatment last_agent days_since_last_stop"
EMPTY: Final = "no recorded flares at this point in time"


@click.command(
    "flares",
    cls=PairedCommand,
    pairings=(
        never_with("--patient", "--rates --after-stop", "they are of everybody under observation"),
        only_with("--definition --reference", "--computed", "recorded flares are compared with nothing"),
        never_with("--reference", "--definition=flare-withdrawal", "it compares a visit with the one before"),
        only_with("--until --grace --gap", "--rates --after-stop", "they say what counts as observed time"),
    ),
)
@click.option("--patient", shell_complete=completion.patients, help="Only this patient's flares.")
@click.option("--computed", "view", flag_value="computed", help="Flares by every named definition, not recorded ones.")
@click.option(
    "--definition",
    shell_complete=completion.flare_definitions,
    help="Only this definition of computed flares, e.g. flare-asdas-crp-09.",
)
@click.option(
    "--reference",
    type=click.Choice(("last-on-drug", "baseline")),
    default="last-on-drug",
    show_default=True,
    help="The visit with which computed flares are compared.",
)
@click.option("--rates", "view", flag_value="rates", help="Flares per 100 patient-years, on and off treatment.")
@click.option("--after-stop", "view", flag_value="after-stop", help="Days from the last stop to the first flare.")
@while_observed
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    patient: str | None,
    view: str | None,
    definition: str | None,
    reference: Reference,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
    **observed: Any,
) -> None:
    """Print the recorded flares, each with the treatment that it fell into or followed.

    --rates gives how many began per 100 patient-years with the exact Poisson 95% interval: in all of follow-up, on
    immunomodulating treatment, and off it by the agent that was stopped last. --computed judges every visit by the
    named definitions, against the last visit on the drug that was stopped before; a terminal gets the counts.
    """
    facts = facts_of(ctx, as_of, known_at)
    if view == "computed":
        _give_computed(_computed(facts, reference, patient=patient, definition=definition), form)
    elif view == "rates":
        _give_rates(facts, observation(**observed), form)
    elif view == "after-stop":
        _give_after_stop(facts, observation(**observed), form)
    else:
        give_arrow(_recorded(facts, patient), form, columns=SHOWN.split(), empty=EMPTY)


def _recorded(facts: Facts, patient: str | None) -> ArrowTable:
    from projections import project
    from projections.columns.tables import only

    return only(project("flares", facts), patient=patient)


def _computed(facts: Facts, reference: Reference, *, patient: str | None, definition: str | None) -> ArrowTable:
    from projections.clinical import computed_flares
    from projections.columns.tables import only

    checked("definition", definition, facts.catalogue.flare_definitions)
    flares = computed_flares.table(facts, reference=reference)
    return only(flares, patient=patient, definition=definition)


def _give_computed(flares: ArrowTable, form: str | None) -> None:
    from projections.columns.tables import count_by

    if form or not flares.num_rows:
        give_arrow(flares, form, empty="no visits at this point in time")
        return
    counts: dict[object, dict[object, object]] = {}
    for row in count_by(flares, "definition", "met"):
        counts.setdefault(row["definition"], {})[row["met"]] = row["n"]
    rows = [(name, *(answers.get(met, 0) for met in (True, False, None))) for name, answers in counts.items()]
    give_table(("definition", "met", "not met", "cannot be said"), rows)
    say("of visits; --csv or --json gives every visit with its reference visit, its values and the reason")


def _give_after_stop(facts: Facts, observation: Observation, form: str | None) -> None:
    from projections.observation.observed_spans import observed_spans
    from projections.therapy import flares_after_stop

    spans = observed_spans(facts, observation)
    flares, n_outside = flares_after_stop.of_spans(facts, spans)
    give_arrow(flares, form)
    if form is None:
        say_observed(observation, spans, outside=_outside(n_outside))


def _give_rates(facts: Facts, observation: Observation, form: str | None) -> None:
    from projections.observation.observed_spans import observed_spans
    from projections.therapy import flare_rates
    from projections.therapy.person_time import courses_of_one_day

    spans = observed_spans(facts, observation)
    rates, n_outside = flare_rates.of_spans(facts, spans)
    if form:
        give_arrow(rates, form)
        return
    columns = ("part of follow-up", "flares", "patients", "patient-years", "per 100 patient-years", "95% CI")
    give_table(columns, [_rate(row) for row in rates.to_pylist()])
    say("exact Poisson intervals; of recorded flares within follow-up")
    say_without_time(courses_of_one_day(facts, spans, facts.catalogue.immunomodulating))
    say_observed(observation, spans, outside=_outside(n_outside))


def _outside(n: int) -> str:
    return f"{counted(n, 'flare')} outside observed time" if n else "no flare outside observed time"


def _rate(row: dict[str, Any]) -> tuple[object, ...]:
    part = str(row["group"]).replace("-", " ") + (f" {row['last_agent']}" if row["last_agent"] else "")
    counted = (part, row["n_flares"], row["n_patients"], f"{row['years']:.2f}")
    if row["reason"]:
        return (*counted, None, row["reason"].replace("-", " "))
    return (*counted, f"{row['per_100_years']:.1f}", f"{row['ci_low']:.1f}–{row['ci_high']:.1f}")
