"""Clinical measures over time, as in Table 1 of the anakinra pilot study (Ann Rheum Dis 2004;63:1041–5).

Rows: each measure. At a time point: `n`, `mean`, `sd`, `median` (its text with the range), `lower quartile`, `upper
quartile`, `lowest` and `highest`. Between two time points, over the patients with both values: `n` pairs, `mean
difference` (earlier minus later) with its t interval, and `p` of the signed-rank test on exact differences.

A measure whose values are words of a list has a row for each word that some member has (`smoking: never`): at a time
point `percent` of the members of whom it is known, between two time points `p` of McNemar's test. What became of each
word is a row of its own (`smoking: current → former`), with `n` between two time points.

`known` is of how many of all members there is a value, where the key `completeness` asks for it.

Where no measures are named, the rows are all that some member has at some time point: captured measures but the single
questions of BASDAI and BASFI, then the scores that follow from them and have no measure of their own.

Laboratory values that are limits (`<5`): see `projections.cohort.figures.measure_summaries`. In the test a change is
the smallest that the limits allow, and none where its direction cannot be said; the mean difference takes limits as
values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from projections.clinical.censored_values import smallest_changes
from projections.cohort.definition.table_keys import Pairs, compared_pairs
from projections.cohort.figures.code_shares import (
    code_changes,
    code_known,
    code_summary,
    code_transitions,
    code_values,
    occurring,
)
from projections.cohort.figures.compared import Compared, Numbers, Words
from projections.cohort.figures.comparing import between, change_test, left_out, mean_difference
from projections.cohort.figures.completeness import COMPLETENESS, asks_completeness
from projections.cohort.figures.dependent_rows import mean_by_patient
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import (
    AT,
    BETWEEN,
    QUARTILES,
    Column,
    Crossed,
    Layout,
    Panel,
    count_and_percent,
)
from projections.cohort.figures.measure_summaries import (
    AT_LIMITS,
    MeasureValues,
    compared_measure,
    limits_in_words,
    measure_known,
    measure_summary,
    measure_values,
    occurring_measures,
)
from projections.cohort.members.cohort import Cohort
from projections.cohort.table import CohortTable
from projections.statistics.results import NOTHING_GIVEN
from registry.catalogue.instruments.values import Values
from registry.toml_keys import Keys

NO_PAIR = "without both values"
NO_MEASURE = "any measure"
NUMBERS, WORDS = "[^:]+", ".+: .+"  # rows: `crp`, `smoking: never`

LAYOUT: Final[Layout] = (
    Panel("Median (range)", (Column("median", AT, "{at}"), Column("p", BETWEEN, "p")), rows=NUMBERS, units=True),
    Panel("Median (IQR)", (Column("median", AT, "{at}", within=QUARTILES),), rows=NUMBERS, units=True),
    Panel(
        "Mean ± SD",
        (Column("mean", AT, "{at}"), Column("mean difference", BETWEEN, "difference (CI)")),
        rows=NUMBERS,
        units=True,
    ),
    Panel("n (%)", (Column("percent", AT, "{at}"), Column("p", BETWEEN, "p")), rows=WORDS),
    COMPLETENESS,
    Crossed("What became of each word", "n", worded=count_and_percent),
)


class Request(NamedTuple):
    """`measures` (empty: all that anybody has) at every time point, with paired tests between `compare`.

    `completeness` asks of how many members each is known.
    """

    measures: tuple[str, ...]
    compare: Pairs
    completeness: bool = False


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `measures`, `compare` and `completeness` ask."""
    measures = keys.words("measures", keys.catalogue.described)
    return Request(measures, compared_pairs(keys, time_points), asks_completeness(keys))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of every measure: at each time point, then of each comparison."""
    measures, codes = _shown(cohort, request)
    rows = [measure_values(cohort, measure) for measure in measures]
    for row in rows:
        for measured in row:
            yield from measure_summary(measured)
            if request.completeness:
                yield measure_known(cohort, measured)
        for pair in request.compare:
            yield from _between(cohort, row, pair)
    for measure in codes:
        yield from _of_codes(cohort, measure, request)
    if not measures and not codes:
        yield from (_nothing(cohort, name) for name in cohort.names)


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: each measure at each time point, and its changes; each measure of words."""
    measures, codes = _shown(cohort, request)
    for measure in measures:
        row = measure_values(cohort, measure)
        yield from map(compared_measure, row)
        for pair in request.compare:
            yield _compared_change(cohort, row, pair)
    for measure in codes:
        for said in code_values(cohort, measure):
            yield Compared(measure, said.time_point, "percent", Words(said.words, said.codes))


def _compared_change(cohort: Cohort, row: list[MeasureValues], pair: tuple[str, str]) -> Compared:
    before, after = (row[cohort.definition.place(name)] for name in pair)
    told = f"; {AT_LIMITS}" if before.values.censored.any() or after.values.censored.any() else ""
    fall = Numbers(before.values - after.values, before.unit, ranks=None)
    return Compared(before.name, between(pair), "mean difference", fall, told=told)


def _shown(cohort: Cohort, request: Request) -> tuple[list[str], list[str]]:
    """Return the measures that are numbers and those that are words; where none are asked for, what a member has.

    Of a group it is what a member of the whole has.
    """
    coded, asked = cohort.facts.catalogue.coded, request.measures
    if asked:
        return [each for each in asked if each not in coded], [each for each in asked if each in coded]
    return occurring_measures(cohort), [each for each in coded if occurring(code_values(cohort.whole, each))]


def _of_codes(cohort: Cohort, measure: str, request: Request) -> Iterator[Figure]:
    row, shown = code_values(cohort, measure), occurring(code_values(cohort.whole, measure))
    for values in row:
        yield from code_summary(cohort, values, shown)
        if request.completeness:
            yield code_known(cohort, values)
    for pair in request.compare:
        before, after = (row[cohort.definition.place(name)] for name in pair)
        yield from code_changes(before, after, shown, cohort.options)
        yield from code_transitions(before, after, cohort.options)


def _between(cohort: Cohort, row: list[MeasureValues], pair: tuple[str, str]) -> Iterator[Figure]:
    before, after = (row[cohort.definition.place(name)] for name in pair)
    paired = before.values.known & after.values.known
    earlier, later = _in_order(*(each.values.take(np.flatnonzero(paired)) for each in (before, after)))
    limited, n = limits_in_words(earlier, later), len(earlier)
    note = "; ".join([left_out(cohort.n - n, cohort.n, NO_PAIR), *limited])
    at = (before.name, between(pair))
    yield Figure(
        *at,
        "n",
        value=n,
        text=str(n),
        denominator=cohort.n,
        denominator_note=note,
        n_patients=n,
    )
    difference = mean_difference((*at, "mean difference"), earlier, later, cohort.options, unit=before.unit)
    test = change_test((*at, "p"), smallest_changes(earlier, later), cohort.options, note=note)
    if limited:
        difference = difference._replace(variant=f"{difference.variant}; {AT_LIMITS}")
        test = test._replace(variant=f"{test.variant}; the smallest change that limits allow")
    difference = mean_by_patient(difference, cohort, before.values - after.values)
    yield difference._replace(denominator=n, denominator_note=note)
    yield test


def _in_order(earlier: Values, later: Values) -> tuple[Values, Values]:
    """Return pairs by their differences, then by their values, so that no last digit depends on pseudonyms."""
    keys = ((later - earlier).numerator, earlier.numerator, earlier.bound, later.bound)
    order = np.lexsort(keys[::-1])
    return earlier.take(order), later.take(order)


def _nothing(cohort: Cohort, name: str) -> Figure:
    """Return the figure of a time point of a cohort in which nothing was measured at any."""
    note = left_out(cohort.n, cohort.n, "without a value of any measure")
    return Figure(NO_MEASURE, name, "n", value=0, text="0", denominator_note=note, n_patients=0, reason=NOTHING_GIVEN)


TABLE: Final = CohortTable(read_request, figures, LAYOUT, compared=compared)
