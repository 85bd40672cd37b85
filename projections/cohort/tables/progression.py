"""Who progressed, or improved, between two time points, by criteria over two readings of their images.

Rows: each criterion; where it is of several methods, each with the method, as `new-syndesmophyte msasss`. `met` are
those who meet it, of all whose answer can be said; `open` those who were judged and whose answer cannot be said. Beside
them the distribution of what is judged: of the change of the score, or of how many corners became so, over all who have
one. Where a rule is about two years, members whose studies lie at another distance are left out, told, and never
extrapolated.

`point 1`, `point 2`, … are the points of the cumulative probability plot, where the key `points` asks for them: the
changes ascending, each with its place among all as numerator and their number as denominator, which is i / n.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from projections.cohort.definition.table_keys import Pairs, compared_pairs, criteria_of_readings
from projections.cohort.figures.compared import Compared
from projections.cohort.figures.comparing import between, left_out_for
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.imaging_answers import Asked, MemberAnswers, answers_between, asked
from projections.cohort.figures.imaging_shares import met_and_open
from projections.cohort.figures.layout import BETWEEN, Column, Layout, Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.table import CohortTable
from projections.statistics.cumulative_probability import probability_plot
from projections.statistics.rounding import fixed
from registry.catalogue.imaging_criteria.radiographic_progression import TWO_YEARS
from registry.catalogue.imaging_criteria.requirements import Days
from registry.toml_keys import FARTHEST, Keys

NOT_READ: Final = "not read at both time points"
NO_NUMBER: Final = "without the number that is judged"
LAYOUT: Final[Layout] = (
    Panel("Met", (Column("met", BETWEEN, "met"), Column("open", BETWEEN, "cannot be said"))),
    Panel(
        "Changes, or new ones, by patient",
        (Column("mean", BETWEEN, "mean ± SD"), Column("median", BETWEEN, "median (range)")),
    ),
)


class Request(NamedTuple):
    """Who meets which of the `criteria` between the time points of `compare`, of studies an `interval` apart.

    Without criteria, all by whose methods members were read. `points` asks for the cumulative probability plot.
    """

    criteria: tuple[str, ...]
    compare: Pairs
    interval: Days
    points: bool


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys ask; by default all criteria by whose methods was read, in two years, without points."""
    return Request(
        keys.words("criteria", criteria_of_readings(keys.catalogue, of_two=True)),
        compared_pairs(keys, time_points),
        Days(*keys.days("interval", TWO_YEARS, low=1, high=FARTHEST)),
        keys.yes_no("points", False),
    )


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield who meets each criterion between each two time points, and what was judged."""
    known = criteria_of_readings(cohort.facts.catalogue, of_two=True)
    for one in asked(cohort, request.criteria, known, request.interval):
        for pair in request.compare:
            yield from _between(cohort, request, one, pair)


def _between(cohort: Cohort, request: Request, one: Asked, pair: tuple[str, str]) -> Iterator[Figure]:
    first, second = (cohort.definition.place(name) for name in pair)
    answers = answers_between(cohort, one, (first, second))
    at, told = (one.row, between(pair)), one.told(cohort)
    apart = f"studies not {request.interval.least} to {request.interval.most} days apart"
    elsewhere = len(answers.elsewhere)
    not_judged = [(cohort.n - len(answers.members) - elsewhere, NOT_READ), (elsewhere, apart)]
    yield from met_and_open(cohort, at, answers, told=told, not_judged=not_judged)
    without = len(answers.members) - len(answers.values)
    note = left_out_for(cohort.n, [*not_judged, (without, NO_NUMBER)])
    for figure in described(at, answers.values, note=note):
        yield figure._replace(variant=f"{told}; {figure.variant}" if figure.variant else told)
    if request.points:
        yield from _points(at, answers, note, told)


def _points(at: tuple[str, str], answers: MemberAnswers, note: str, told: str) -> Iterator[Figure]:
    """Yield the points of the cumulative probability plot."""
    plot = probability_plot(answers.values)
    for number, change in enumerate(plot.changes.tolist(), 1):
        yield Figure(
            *at,
            f"point {number}",
            value=change,
            text=fixed(change, 1),
            numerator=number,
            denominator=len(plot.changes),
            denominator_note=note,
            variant=f"{told}; cumulative probability, {plot.position}",
            n_patients=len(plot.changes),
        )


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: who meets each criterion, and what was judged."""
    known = criteria_of_readings(cohort.facts.catalogue, of_two=True)
    for one in asked(cohort, request.criteria, known, request.interval):
        for pair in request.compare:
            first, second = (cohort.definition.place(name) for name in pair)
            answers = answers_between(cohort, one, (first, second))
            yield Compared(one.row, between(pair), "met", answers.words(cohort.n))
            yield Compared(one.row, between(pair), "mean", answers.numbers(cohort.n))


TABLE: Final = CohortTable(read_request, figures, LAYOUT, compared=compared)
