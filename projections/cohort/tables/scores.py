"""Totals of graded methods, as in the results of Baraliakos et al. J Rheumatol 2013;40:1891–6.

Rows: each method; two methods as `asspimri v berlin`; a method with a measure as `asspimri v basmi`. At a time point:
`total` (sum over the patients), `mean`, `sd`, `median`, quartiles and range, and the same of how long a reading took
(`seconds mean`, …); the seconds also over all time points. Between two time points: `reduction` of the sum in percent,
`mean difference` (earlier minus later) with its t interval, `p` of the signed-rank test, the standardised response mean
and the effect size. Two methods: Spearman's `rho` and its `p` at a time point, and `p of percent change`, the
signed-rank test of the difference of each patient's change in percent of the earlier total; a patient whose earlier
total is 0 has none and is left out.

A total stands only where every location was graded; of several readers the mean of their totals counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

import pyarrow.compute as pc

from projections.cohort.definition.table_requests import Scores
from projections.cohort.figures.comparing import (
    between,
    complete,
    left_out,
    mean_difference,
    of_estimate,
    of_test,
    rank_test,
)
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.location_counts import counted
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.visit_windows import NONE
from projections.statistics.responsiveness import effect_size, standardised_response_mean
from projections.statistics.results import NOTHING_GIVEN
from projections.statistics.rounding import fixed
from projections.statistics.spearman import spearman, spearman_interval

TOTAL = "total"
ALL = "all time points"
NO_TOTAL = "without a total"
NO_PAIR = "without both totals"

Totals = list[Fraction | None]


class Scored(NamedTuple):
    """The totals of a method, one row a member and None where there is none, at each time point."""

    method: str
    at: list[Totals]


def figures(cohort: Cohort, wanted: Scores) -> Iterator[Figure]:
    """Yield the figures of each method, of the methods against each other, and with measures."""
    scored = [Scored(method, totals(cohort, method)) for method in wanted.methods]
    for method in scored:
        for place, name in enumerate(cohort.names):
            yield from _at(cohort, method, place, name)
        yield from _seconds(cohort, method.method)
        for pair in wanted.compare:
            yield from _between(cohort, method, pair)
    for one, other in combinations(scored, 2):
        row = f"{one.method} v {other.method}"
        for name, first, second in zip(cohort.names, one.at, other.at):
            yield from correlated(cohort, (row, name), first, second)
        for pair in wanted.compare:
            yield _percent_changes(cohort, (row, between(pair), "p of percent change"), one, other)
    for method in scored:
        for measure in wanted.correlate:
            values = [column.fractions() for column in cohort.values(measure)]
            for name, first, second in zip(cohort.names, method.at, values):
                yield from correlated(cohort, (f"{method.method} v {measure}", name), first, second)


def totals(cohort: Cohort, method: str) -> list[Totals]:
    """Return the total of each member at each time point, None where a location was not graded or nobody read it."""
    score = next(score for score in cohort.read(method).grading.method.scores if score.name == TOTAL)
    found = []
    for at in counted(cohort, method, score):
        known: Totals = [None] * cohort.n
        for member, total, whole in zip(at.members.tolist(), at.totals, at.complete.tolist()):
            known[member] = total if whole else None
        found.append(known)
    return found


def correlated(
    cohort: Cohort, at: tuple[str, str], first: Sequence[Fraction | None], second: Sequence[Fraction | None]
) -> Iterator[Figure]:
    """Yield Spearman's rho of two columns over the members with its interval, and its p."""
    one, two = complete(first, second)
    note = left_out(cohort.n - len(one), cohort.n, "without both values")
    variant = cohort.choices.spearman
    found = spearman_interval(one, two, variant=variant, level=cohort.choices.level)  # type: ignore[arg-type]
    test = spearman(one, two, variant=variant)  # type: ignore[arg-type]
    yield of_estimate((*at, "rho"), found, decimals=3)._replace(denominator_note=note)
    yield of_test((*at, "p"), test, note=note)


def _at(cohort: Cohort, method: Scored, place: int, name: str) -> Iterator[Figure]:
    known = [total for total in method.at[place] if total is not None]
    note = left_out(cohort.n - len(known), cohort.n, NO_TOTAL)
    summed = sum(known, Fraction(0))
    yield Figure(
        method.method,
        name,
        "total",
        value=float(summed) if known else None,
        text=fixed(summed, 0 if summed.denominator == 1 else 1) if known else None,
        denominator_note=note,
        variant="sum over patients, complete-only",
        n_patients=len(known),
        reason=None if known else NOTHING_GIVEN,
    )
    yield from described((method.method, name), known, note=note)


def _seconds(cohort: Cohort, method: str) -> Iterator[Figure]:
    """Yield how long the readings took: at each time point, and of all of them."""
    read = cohort.read(method)
    column = cohort.facts.readings.column("seconds")
    everything: list[int] = []
    n_read = 0
    for place, name in enumerate([*cohort.names, ALL]):
        if name == ALL and place == len(cohort.names):
            taken, n = everything, n_read
        else:
            rows = [row for rows in read.places.values() for row in rows[:, place].tolist() if row != NONE]
            seconds = pc.take(column, read.grading.rows[rows]).to_pylist()
            taken, n = [each for each in seconds if each is not None], len(rows)
            everything += taken
            n_read += n
        note = f"{len(taken)} of {n} readings" + (f"; {n - len(taken)} without a time" if n > len(taken) else "")
        for figure in described((method, name), [Fraction(each) for each in taken], note=note, unit="s"):
            yield figure._replace(statistic=f"seconds {figure.statistic}", n_patients=None, denominator=len(taken))


def _between(cohort: Cohort, method: Scored, pair: tuple[str, str]) -> Iterator[Figure]:
    before, after = complete(*(method.at[cohort.definition.place(name)] for name in pair))
    note = left_out(cohort.n - len(before), cohort.n, NO_PAIR)
    at = (method.method, between(pair))
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
    yield mean_difference((*at, "mean difference"), before, after, cohort.choices)._replace(denominator_note=note)
    yield rank_test((*at, "p"), before, after, cohort.choices, note=note)
    for name, found in (
        ("standardised response mean", standardised_response_mean(before, after)),
        ("effect size", effect_size(before, after)),
    ):
        yield of_estimate((*at, name), found, decimals=2)._replace(denominator_note=note)


def _percent_changes(cohort: Cohort, at: tuple[str, str, str], one: Scored, other: Scored) -> Figure:
    """Return the test of two methods' changes, each in percent of the patient's own earlier total."""
    pair = at[1].split(" → ")
    places = [cohort.definition.place(name) for name in pair]
    changes = [_percent_change(method.at[places[0]], method.at[places[1]]) for method in (one, other)]
    first, second = complete(*changes)
    why = "without both totals twice, or with an earlier total of 0"
    note = left_out(cohort.n - len(first), cohort.n, why)
    return rank_test(at, first, second, cohort.choices, note=note)


def _percent_change(before: Totals, after: Totals) -> Totals:
    return [
        None if one is None or two is None or not one else 100 * (two - one) / one
        for one, two in zip(before, after, strict=True)
    ]
