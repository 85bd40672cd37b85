"""How measures and scores run over the time points: the table behind the lines of a figure.

Rows: each measure, and each headline sum of a method (`msasss`). At a time point: `n`; `known`, of all members; `mean`
with its t interval; `median`, its text with the quartiles; `sd`, `lower quartile`, `upper quartile`, `lowest` and
`highest`. Everybody counts who has a value then: means of two time points need not be of the same members.

Laboratory values that are limits (`<5`): see `projections.cohort.figures.measure_summaries`.

`point 1`, `point 2`, … are the means with their limits, one a time point, where the key `points` asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from projections.cohort.definition.table_keys import scored_methods
from projections.cohort.figures.compared import Compared, Numbers
from projections.cohort.figures.comparing import of_estimate
from projections.cohort.figures.completeness import COMPLETENESS, known_share
from projections.cohort.figures.dependent_rows import mean_by_patient
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.figures.measure_summaries import (
    compared_measure,
    measure_summary,
    measure_values,
    occurring_measures,
)
from projections.cohort.figures.method_totals import MethodTotals, method_totals
from projections.cohort.figures.points import with_points
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.readings import read_methods
from projections.cohort.table import CohortTable
from projections.statistics.ordering import ascending, exact_column
from projections.statistics.rounding import decimals_of, from_to
from projections.statistics.t_intervals import t_interval
from registry.catalogue.instruments.values import Number, Values
from registry.toml_keys import Keys

LAYOUT: Final[Layout] = (
    Panel("Mean (CI)", (Column("mean", AT, "{at}"),), units=True),
    Panel("Median (IQR)", (Column("median", AT, "{at}"),), units=True),
    COMPLETENESS,
)


class Request(NamedTuple):
    """Which `measures` and headline sums of which `methods`; without either, all that some member has."""

    measures: tuple[str, ...]
    methods: tuple[str, ...]
    points: bool


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `measures`, `methods` and `points` ask."""
    return Request(
        keys.words("measures", keys.catalogue.valued),
        keys.words("methods", scored_methods(keys.catalogue)),
        keys.yes_no("points", False),
    )


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of every row at each time point, with points where they are asked for."""
    found = _figures(cohort, request)
    yield from with_points(found, "mean") if request.points else found


def _figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    measures, methods = _shown(cohort, request)
    for measure in measures:
        for measured in measure_values(cohort, measure):
            yield from _row(cohort, measure_summary(measured), measured.values)
    for method in methods:
        for totals in method_totals(cohort, method):
            for place in range(len(cohort.names)):
                yield from _row(cohort, _summary(cohort, totals, place), totals.at[place])


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: each measure and each sum at each time point."""
    measures, methods = _shown(cohort, request)
    for measure in measures:
        yield from map(compared_measure, measure_values(cohort, measure))
    for method in methods:
        for totals in method_totals(cohort, method):
            for name, at in zip(cohort.names, totals.at, strict=True):
                yield Compared(totals.row, name, "mean", Numbers(at))


def _shown(cohort: Cohort, request: Request) -> tuple[Sequence[str], Sequence[str]]:
    """Return the measures and the methods that are asked for; where neither are, what some member has."""
    if request.measures or request.methods:
        return request.measures, request.methods
    read = read_methods(cohort)
    return occurring_measures(cohort), [code for code in scored_methods(cohort.facts.catalogue) if code in read]


def _summary(cohort: Cohort, totals: MethodTotals, place: int) -> Iterator[Figure]:
    known, note = totals.known(place), totals.note(place)
    at, n = (totals.row, cohort.names[place]), len(known)
    yield Figure(
        *at, "n", value=n, text=str(n), denominator=cohort.n, denominator_note=note, variant=totals.policy, n_patients=n
    )
    yield from described(at, known, note=note)


def _row(cohort: Cohort, summary: Iterable[Figure], values: Sequence[Number | None] | Values) -> Iterator[Figure]:
    """Yield a row at a time point, at which the members have these values, None or unknown of whom there is none."""
    of = {figure.statistic: figure for figure in summary}
    n = of.pop("n")
    yield n
    at = (n.row, n.timepoint)
    yield known_share(cohort, at, values, note=n.denominator_note or "")
    of |= {"mean": _mean(of["mean"], values, cohort), "median": _with_quartiles(of)}
    yield from of.values()


def _mean(figure: Figure, values: Sequence[Number | None] | Values, cohort: Cohort) -> Figure:
    """Return a mean with its t interval in place of the standard deviation; of several rows a patient, see there."""
    column = exact_column(values)
    interval = t_interval(ascending(column.take(np.flatnonzero(column.known))), level=cohort.options.level)
    said = of_estimate((figure.row, figure.timepoint, "mean"), interval, decimals=decimals_of(figure.unit))
    figure = figure._replace(
        text=said.text,
        ci_low=said.ci_low,
        ci_high=said.ci_high,
        ci_method=said.ci_method and f"{said.ci_method}, {100 * cohort.options.level:g}%",
        reason=figure.reason or interval.reason,
    )
    return mean_by_patient(figure, cohort, values)


def _with_quartiles(of: dict[str, Figure]) -> Figure:
    """Return a median whose text has the quartiles in place of the range."""
    median, low, high = (of[name] for name in ("median", "lower quartile", "upper quartile"))
    if median.text is None or low.text is None or high.text is None:
        return median
    return median._replace(text=f"{median.text.partition(' (')[0]} ({from_to(low.text, high.text)})")


TABLE: Final = CohortTable(read_request, figures, LAYOUT, by_default=False, compared=compared)
