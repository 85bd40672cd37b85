"""Totals of graded methods, as in the results of Baraliakos et al. J Rheumatol 2013;40:1891–6.

Rows: each method; two methods as `asspimri v berlin`; a method with a measure as `asspimri v basmi`. At a time point:
`total` (sum over the patients), `mean`, `sd`, `median`, quartiles and range, and the same of how long a reading took
(`seconds mean`, …); the seconds also over all time points. Between two time points: `reduction` of the sum in percent,
`mean difference` (earlier minus later) with its t interval, `p` of the signed-rank test, the standardised response mean
and the effect size. Two methods: Spearman's `rho` and its `p` at a time point, and `p of percent change`, the
signed-rank test of the difference of each patient's change in percent of the earlier total; a patient whose earlier
total is 0 has none and is left out.

`known` is of how many of all members there is a sum, where the key `completeness` asks for it.

What becomes of locations that could not be assessed is the score's policy, which stands beside the sum; of several
readers the mean of their sums counts. A method with one sum has a row by its code, one with several a row a sum, as
`sparcc-sss fat`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Final, NamedTuple

import pyarrow.compute as pc

from projections.cohort.definition.table_keys import Pairs, compared_pairs, scored_methods
from projections.cohort.figures.compared import Compared, Numbers, changes
from projections.cohort.figures.comparing import (
    between,
    complete,
    correlation,
    left_out,
    mean_difference,
    of_estimate,
    rank_test,
)
from projections.cohort.figures.completeness import COMPLETENESS, asks_completeness
from projections.cohort.figures.dependent_rows import mean_by_patient
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, BETWEEN, QUARTILES, Column, Layout, Panel, quartiles_of
from projections.cohort.figures.method_totals import MethodTotals, Totals, method_totals, total_known
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.readings import shown_methods, timed_readings
from projections.cohort.members.visit_windows import NONE
from projections.cohort.table import CohortTable
from projections.statistics.responsiveness import effect_size, standardised_response_mean
from projections.statistics.results import NOTHING_GIVEN
from projections.statistics.rounding import fixed
from registry.toml_keys import Keys

ALL: Final = "all time points"
NO_PAIR: Final = "without both totals"

LAYOUT: Final[Layout] = (
    Panel(
        "Sums over the patients",
        (Column("total", AT, "{at}"), Column("reduction", BETWEEN, "reduction %")),
    ),
    Panel(
        "By patient",
        (
            Column("mean", AT, "{at} mean ± SD"),
            Column("mean difference", BETWEEN, "difference (CI)"),
            Column("p", BETWEEN, "p"),
        ),
        r"(?!.* v ).+",
    ),
    Panel(
        "By patient: median (range), and responsiveness",
        (
            Column("median", AT, "{at}"),
            Column("standardised response mean", BETWEEN, "SRM"),
            Column("effect size", BETWEEN, "effect size"),
        ),
    ),
    Panel("By patient: median (IQR)", (Column("median", AT, "{at}", within=QUARTILES),)),
    COMPLETENESS,
    Panel(
        "Spearman's rho (CI)",
        (
            Column("rho", AT, "{at} rho"),
            Column("p", AT, "{at} p"),
        ),
        ".+ v .+",
    ),
    Panel("Percent changes compared", (Column("p of percent change", BETWEEN, "p"),)),
    Panel(
        "Seconds a reading took",
        (
            Column("seconds mean", AT, "{at} mean ± SD"),
            Column("seconds median", AT, "{at} median (range)"),
            Column("seconds median", AT, "{at} median (IQR)", within=quartiles_of("seconds")),
        ),
    ),
)


class Request(NamedTuple):
    """Totals of `methods`, their changes, the methods against each other, and with the measures in `correlate`."""

    methods: tuple[str, ...]
    correlate: tuple[str, ...]
    compare: Pairs
    completeness: bool = False


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys ask; by default all methods by which was read that have sums."""
    return Request(
        keys.words("methods", scored_methods(keys.catalogue)),
        keys.words("correlate", keys.catalogue.valued),
        compared_pairs(keys, time_points),
        asks_completeness(keys),
    )


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of each method, of the methods against each other, and with measures."""
    methods = shown_methods(cohort, request.methods, scored_methods(cohort.facts.catalogue))
    by_method = {method: method_totals(cohort, method) for method in methods}
    for method, sums in by_method.items():
        for totals in sums:
            for place in range(len(cohort.names)):
                yield from _at(cohort, totals, place, completeness=request.completeness)
        yield from _seconds(cohort, method)
        for totals in sums:
            for pair in request.compare:
                yield from _between(cohort, totals, pair)
    scored = [totals for sums in by_method.values() for totals in sums]
    for one, other in combinations(scored, 2):
        row = f"{one.row} v {other.row}"
        for name, first, second in zip(cohort.names, one.at, other.at):
            yield from correlation((row, name), first, second, cohort.options)
        for pair in request.compare:
            yield _percent_changes(cohort, row, pair, totals=(one, other))
    for totals in scored:
        for measure in request.correlate:
            values = [column.fractions() for column in cohort.values(measure)]
            for name, first, second in zip(cohort.names, totals.at, values):
                yield from correlation((f"{totals.row} v {measure}", name), first, second, cohort.options)


def _at(cohort: Cohort, method: MethodTotals, place: int, *, completeness: bool) -> Iterator[Figure]:
    known, note, name = method.known(place), method.note(place), cohort.names[place]
    summed = sum(known, Fraction(0))
    yield Figure(
        method.row,
        name,
        "total",
        value=float(summed) if known else None,
        text=fixed(summed, 0 if summed.denominator == 1 else 1) if known else None,
        denominator_note=note,
        variant=f"sum over patients, {method.policy}",
        n_patients=len(known),
        reason=None if known else NOTHING_GIVEN,
    )
    yield from described((method.row, name), known, note=note)
    if completeness:
        yield total_known(cohort, method, place)


def _seconds(cohort: Cohort, method: str) -> Iterator[Figure]:
    """Yield how long the readings took: at each time point, and of all of them."""
    readings = timed_readings(cohort, method)
    column = cohort.facts.readings.column("seconds")
    everything: list[int] = []
    n_read = 0
    for place, name in enumerate([*cohort.names, ALL]):
        if name == ALL and place == len(cohort.names):
            taken, n = everything, n_read
        else:
            rows = [row for rows in readings.places.values() for row in rows[:, place].tolist() if row != NONE]
            seconds = pc.take(column, readings.grading.rows[rows]).to_pylist()
            taken, n = [each for each in seconds if each is not None], len(rows)
            everything += taken
            n_read += n
        note = f"{len(taken)} of {n} readings" + (f"; {n - len(taken)} without a time" if n > len(taken) else "")
        for figure in described((method, name), taken, note=note, unit="s"):
            yield figure._replace(statistic=f"seconds {figure.statistic}", n_patients=None, denominator=len(taken))


def _between(cohort: Cohort, method: MethodTotals, pair: tuple[str, str]) -> Iterator[Figure]:
    totals = [method.at[cohort.definition.place(name)] for name in pair]
    before, after = complete(*totals)
    note = left_out(cohort.n - len(before), cohort.n, NO_PAIR)
    at = (method.row, between(pair))
    earlier, later = sum(before, Fraction(0)), sum(after, Fraction(0))
    lost = 100 * (earlier - later) / earlier if earlier else None
    yield Figure(
        *at,
        "reduction",
        value=None if lost is None else float(lost),
        text=None if lost is None else fixed(lost, 1),
        numerator=float(earlier - later),
        denominator=float(earlier),
        denominator_note=f"sum at {pair[0]} of {note}",
        variant="reduction of the sum over patients",
        n_patients=len(before),
        unit="%",
        reason=NOTHING_GIVEN if lost is None else None,
    )
    difference = mean_difference((*at, "mean difference"), before, after, cohort.options)
    yield mean_by_patient(difference, cohort, changes(*totals))._replace(denominator_note=note)
    yield rank_test((*at, "p"), before, after, cohort.options, note=note)
    for name, estimate in (
        ("standardised response mean", standardised_response_mean(before, after)),
        ("effect size", effect_size(before, after)),
    ):
        figure = of_estimate((*at, name), estimate, decimals=2)
        yield figure._replace(variant=f"{figure.variant}, later minus earlier", denominator_note=note)


def _percent_changes(
    cohort: Cohort, row: str, pair: tuple[str, str], *, totals: tuple[MethodTotals, MethodTotals]
) -> Figure:
    """Return the test of two methods' changes, each in percent of the patient's own earlier total."""
    before, after = (cohort.definition.place(name) for name in pair)
    percents = [_percent_change(method.at[before], method.at[after]) for method in totals]
    first, second = complete(*percents)
    why = "without both totals twice, or with an earlier total of 0"
    note = left_out(cohort.n - len(first), cohort.n, why)
    return rank_test((row, between(pair), "p of percent change"), first, second, cohort.options, note=note)


def _percent_change(before: Totals, after: Totals) -> Totals:
    return [
        None if one is None or two is None or not one else 100 * (two - one) / one
        for one, two in zip(before, after, strict=True)
    ]


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: the totals of each method at each time point, and their changes."""
    for method in shown_methods(cohort, request.methods, scored_methods(cohort.facts.catalogue)):
        for totals in method_totals(cohort, method):
            for name, at in zip(cohort.names, totals.at, strict=True):
                yield Compared(totals.row, name, "mean", Numbers(at))
            for pair in request.compare:
                before, after = (totals.at[cohort.definition.place(name)] for name in pair)
                fall = Numbers(changes(before, after), ranks=None)
                yield Compared(totals.row, between(pair), "mean difference", fall)


TABLE: Final = CohortTable(read_request, figures, LAYOUT, compared=compared)
