"""Who progressed, or improved, between two time points, by criteria over two readings of their images.

Rows: each criterion; where it is of several methods, each with the method, as `new-syndesmophyte msasss`. `met` are
those who meet it, of all whose answer can be said; `open` those who were judged and whose answer cannot be said. Beside
them the distribution of what is judged: of the change of the score, or of how many corners became so, over all who have
one, and `mean change` with its interval. Where a rule is about two years, members whose studies lie at another distance
are left out, told, and never extrapolated. Rows of the keys `methods` and `measures` are a headline sum (`msasss`) and
a measure; they are met by whoever changes by the key `threshold`, upwards, or downwards where that is below 0.

With the unit `interval` several intervals of a patient are put together as well, at `all intervals`: `met` and `mean
change` with limits of the patient-cluster bootstrap, and `patients` with one interval at least.

`known` is of how many of all members the answer can be said, where the key `completeness` asks for it.

`point 1`, `point 2`, … are the points of the cumulative probability plot, where the key `points` asks for them: the
changes ascending, each with its place among all as numerator and their number as denominator, which is i / n.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Final, Literal, NamedTuple, get_args

from projections.cohort.definition.table_keys import (
    Pairs,
    compared_pairs,
    consecutive_pairs,
    criteria_of_readings,
    scored_methods,
)
from projections.cohort.figures.changes_of_measures import measure_answers
from projections.cohort.figures.compared import Compared
from projections.cohort.figures.comparing import between, left_out_for
from projections.cohort.figures.completeness import COMPLETENESS_BETWEEN, asks_completeness
from projections.cohort.figures.dependent_rows import mean_by_patient
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.imaging_answers import MemberAnswers, answers_between, asked, asked_changes
from projections.cohort.figures.imaging_shares import answers_known, met_and_open
from projections.cohort.figures.layout import AT, BETWEEN, QUARTILES, Column, Layout, Panel
from projections.cohort.figures.points import point
from projections.cohort.figures.pooled_intervals import mean_change, pooled
from projections.cohort.members.cohort import Cohort
from projections.cohort.table import CohortTable
from projections.statistics.cumulative_probability import probability_plot
from projections.statistics.rounding import fixed
from projections.statistics.t_intervals import t_interval
from registry.catalogue.imaging_criteria.radiographic_progression import TWO_YEARS
from registry.catalogue.imaging_criteria.requirements import Changed, Days
from registry.toml_keys import FARTHEST, Keys

Unit = Literal["patient", "interval"]

UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
NOT_READ: Final = "not read at both time points"
NO_PAIR: Final = "without both values"
NO_NUMBER: Final = "without the number that is judged"
LAYOUT: Final[Layout] = (
    Panel("Met", (Column("met", BETWEEN, "met"), Column("open", BETWEEN, "cannot be said"))),
    Panel(
        "Changes, or new ones, by patient",
        (
            Column("mean", BETWEEN, "mean ± SD"),
            Column("mean change", BETWEEN, "mean (CI)"),
            Column("median", BETWEEN, "median (range)"),
            Column("median", BETWEEN, "median (IQR)", within=QUARTILES),
        ),
    ),
    COMPLETENESS_BETWEEN,
    Panel(
        "All intervals",
        (
            Column("met", AT, "met"),
            Column("open", AT, "cannot be said"),
            Column("patients", AT, "patients with one"),
            Column("mean change", AT, "mean change (CI)"),
        ),
    ),
)


class Request(NamedTuple):
    """Who meets which of the `criteria`, or changes by the `threshold` in which `methods` or `measures`.

    Between the time points of `compare`, of studies an `interval` apart where a rule is about a time; `of_changes` is
    that of methods and measures, None for any. Without any of the three, all criteria by whose methods members were
    read. By `unit` intervals are put together. `points` asks for the cumulative probability plot,
    `completeness` of how many members each answer is known.
    """

    criteria: tuple[str, ...]
    methods: tuple[str, ...]
    measures: tuple[str, ...]
    threshold: Fraction
    compare: Pairs
    unit: Unit
    interval: Days
    of_changes: Days | None
    points: bool
    completeness: bool = False

    @property
    def names_changes(self) -> bool:
        """Whether changes of methods or measures are asked for."""
        return bool(self.methods or self.measures)


class Row(NamedTuple):
    """One row: what it is called, its rule in words, why it says nothing of a member, and what it says between two time
    points.
    """

    name: str
    told: str
    without: str
    answers: Callable[[tuple[int, int]], MemberAnswers]


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys ask; by default all criteria by whose methods was read, in two years, without points."""
    unit = keys.word("unit", UNITS, UNITS[0])
    own = keys.there("interval")
    interval = Days(*keys.days("interval", TWO_YEARS, low=1, high=FARTHEST))
    request = Request(
        criteria=keys.words("criteria", criteria_of_readings(keys.catalogue, of_two=True)),
        methods=keys.words("methods", scored_methods(keys.catalogue)),
        measures=keys.words("measures", keys.catalogue.valued),
        threshold=Fraction(0),
        compare=consecutive_pairs(keys, time_points) if unit == "interval" else compared_pairs(keys, time_points),
        unit=unit,
        interval=interval,
        of_changes=interval if own else None,
        points=keys.yes_no("points", False),
        completeness=asks_completeness(keys),
    )
    return request._replace(threshold=_threshold(keys, request))


def _threshold(keys: Keys, request: Request) -> Fraction:
    """Return the change that counts; it is there, and not 0, where changes of methods or measures are asked for."""
    threshold = keys.decimal("threshold") if keys.there("threshold") else None
    if request.names_changes and not threshold:
        keys.wrong("threshold", "is missing or 0; write by how much a value rises, or falls where it is below 0, as 2")
    if threshold is not None and not request.names_changes:
        keys.wrong("threshold", "is of no criterion, each of which has its own; name methods or measures")
    return Fraction(threshold or 0)


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield who meets each criterion between each two time points, and what was judged."""
    for row in _rows(cohort, request):
        answers = []
        for pair in request.compare:
            first, second = (cohort.definition.place(name) for name in pair)
            answers.append(row.answers((first, second)))
            yield from _between(cohort, request, row, (pair, answers[-1]))
        if request.unit == "interval":
            yield from pooled(cohort, row.name, row.told, answers)


def _rows(cohort: Cohort, request: Request) -> Iterator[Row]:
    known = () if request.names_changes else criteria_of_readings(cohort.facts.catalogue, of_two=True)
    criteria = asked(cohort, request.criteria, known, request.interval)
    changes = asked_changes(cohort, request.methods, request.threshold, request.of_changes)
    for one in (*criteria, *changes):
        yield Row(one.row, one.told(cohort), NOT_READ, partial(answers_between, cohort, one))
    for measure in request.measures:
        requires = Changed(measure, request.threshold, request.of_changes)
        yield Row(measure, f"change/1: {requires.told}", NO_PAIR, partial(measure_answers, cohort, requires))


def _between(
    cohort: Cohort, request: Request, row: Row, judged: tuple[tuple[str, str], MemberAnswers]
) -> Iterator[Figure]:
    pair, answers = judged
    at, told = (row.name, between(pair)), row.told
    interval = request.of_changes or request.interval
    apart = f"studies not {interval.least} to {interval.most} days apart"
    elsewhere = len(answers.elsewhere)
    not_judged = [(cohort.n - len(answers.members) - elsewhere, row.without), (elsewhere, apart)]
    yield from met_and_open(cohort, at, answers, told=told, not_judged=not_judged)
    if request.completeness:
        yield answers_known(cohort, at, answers, not_judged=not_judged)
    without = len(answers.members) - len(answers.values)
    note = left_out_for(cohort.n, [*not_judged, (without, NO_NUMBER)])
    interval_of_mean = t_interval(sorted(answers.values), level=cohort.options.level)
    mean = mean_change(at, interval_of_mean, cohort, note=note, told=told)
    yield mean_by_patient(mean, cohort, answers.numbers(cohort.n).values)
    for figure in described(at, answers.values, note=note):
        yield figure._replace(variant=f"{told}; {figure.variant}" if figure.variant else told)
    if request.points:
        yield from _points(at, answers, note, told)


def _points(at: tuple[str, str], answers: MemberAnswers, note: str, told: str) -> Iterator[Figure]:
    """Yield the points of the cumulative probability plot."""
    plot = probability_plot(answers.values)
    n = len(plot.changes)
    like = Figure(*at, "", denominator=n, denominator_note=note, n_patients=n)
    like = like._replace(variant=f"{told}; cumulative probability, {plot.position}")
    for number, change in enumerate(plot.changes.tolist(), 1):
        yield point(at, number, like._replace(value=change, text=fixed(change, 1), numerator=number))


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: who meets each criterion, and what was judged."""
    for row in _rows(cohort, request):
        for pair in request.compare:
            first, second = (cohort.definition.place(name) for name in pair)
            answers = row.answers((first, second))
            yield Compared(row.name, between(pair), "met", answers.words(cohort.n))
            yield Compared(row.name, between(pair), "mean", answers.numbers(cohort.n))


TABLE: Final = CohortTable(read_request, figures, LAYOUT, compared=compared)
