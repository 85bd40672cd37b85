"""`spondyl summary`."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import click
import msgspec

from cli import completion
from cli.options import agent_asked_for, at_a_point_in_time, checked, in_formats
from cli.options import facts as facts_of
from cli.output import give, give_table, say
from cli.pairing import PairedCommand
from projections.statistics.rounding import half_up

if TYPE_CHECKING:
    from projections.derived.visit_summaries import VisitSummary


@click.command("summary", cls=PairedCommand)
@click.option("--agent", shell_complete=completion.agents, help="Only patients who were ever given this agent.")
@click.option(
    "--measure",
    "measures",
    multiple=True,
    shell_complete=completion.measures,
    help="Only this measure; may be given several times.",
)
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    *,
    agent: str | None,
    measures: tuple[str, ...],
    as_of: date | None,
    known_at: str | None,
    form: str | None,
) -> None:
    """Print each measure's median (range) at the visits of each label, with how many visits have it.

    An index is computed where all its inputs are there, else it is the reported total; a BASMI is told by version. A
    limit (<5) is told with its mark, and how many values are one or were computed from one ("2 with <"). Of a measure
    whose values are words of a list, each word has a line: how many visits have it, of those with a value.
    --csv and --json give mean and standard deviation as well.
    """
    from projections.derived.visit_summaries import summaries
    from projections.therapy.treatments_of import patients_given

    facts = facts_of(ctx, as_of, known_at)
    agent = agent_asked_for(agent, facts.catalogue)
    for measure in measures:
        checked("measure", measure, facts.catalogue.described)
    patients = patients_given(facts, agent) if agent else None
    summarised = summaries(facts, patients=patients, measures=measures)
    if form or not summarised:
        give([msgspec.structs.asdict(row) for row in summarised], form, empty="no measures at this point in time")
        return
    labels = list(dict.fromkeys(row.visit for row in summarised))
    by_measure: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in summarised:
        name = f"{row.measure} [{row.unit}]" if row.code is None else f"{row.measure}: {row.code}"
        by_measure[name][row.visit] = _summarised(row)
    give_table(
        ("median (range)", *(label or "no label" for label in labels)),
        [(name, *(cells.get(label) for label in labels)) for name, cells in by_measure.items()],
    )
    if agent:
        say(f"patients ever given {agent}: {len(patients or ())}")


def _summarised(row: VisitSummary) -> str:
    """Return a summary in words, with how many of how many visits have a value; of a word how many have it."""
    if row.n_code is None:
        return f"{_median_and_range(row)} n={row.n}/{row.n_visits}{_marks(row)}"
    return f"{row.n_code} ({half_up(Fraction(100 * row.n_code, row.n), 1)}%) n={row.n}/{row.n_visits}"


def _median_and_range(row: VisitSummary) -> str:
    """Return a summary as papers print it: the median, and the range in brackets, with at most two decimals.

    Each has the mark that limits give it.
    """
    median, low, high = (
        f"{comparator or ''}{half_up(value, 2)}"
        for comparator, value in (
            (row.median_comparator, row.median),
            (row.low_comparator, row.low),
            (row.high_comparator, row.high),
        )
    )
    return f"{median} ({low}–{high})"


def _marks(row: VisitSummary) -> str:
    """Return how many values are limits or computed from one, nothing where none is."""
    return "".join(f", {n} with {mark}" for mark, n in (("<", row.n_below), (">", row.n_above)) if n)
