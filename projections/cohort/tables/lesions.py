"""Lesions of a graded or binary method, as in Table 1 of Baraliakos et al. J Rheumatol 2013;40:1891–6.

Rows: each count of the method (erosions, inflammation, …), then its segments (`active-erosions:cervical`), then what
became of each state. At a time point: `n` locations, `percent` of those assessed, `share of inflammation` where the
count is a part of it, `per patient`, `patients` with one at least, and `patients of inflamed`; `segments p` and `parts
p` ask whether the locations are spread evenly. Between two time points: `reduction` in percent
of the earlier count with its exact interval and, beside it, that of a patient-cluster bootstrap, for locations of one
patient are not independent; `p` of the signed-rank test on the counts of each patient; `patients p` by McNemar.

Both intervals take the reduction as a part of the earlier count, which holds where the later count is not above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from projections.cohort.definition.table_requests import Lesions
from projections.cohort.figures.comparing import between, left_out, of_estimate, proportion_test, rank_test, share
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.location_counts import Counted, Over, counted, parts
from projections.cohort.members.cohort import Cohort
from projections.cohort.tables.predilection import spread
from projections.cohort.tables.transitions import transitions
from projections.statistics.cluster_bootstrap import cluster_bootstrap, reduction
from projections.statistics.proportion_intervals import proportion
from projections.statistics.rounding import fixed, half_up
from registry.catalogue.method import Score

INFLAMMATION = "inflammation"
WITHIN_INFLAMMATION = ("inflammation-only", "active-erosions")
NOT_READ = "not read at both time points"


class Row(NamedTuple):
    """One row of the table: its name, and the count at each time point, of the cohort's members who were read."""

    name: str
    at: list[Counted]
    inflamed: list[Counted] | None


def figures(cohort: Cohort, wanted: Lesions) -> Iterator[Figure]:
    """Yield the figures of every row: at each time point, then of each comparison."""
    locations = cohort.read(wanted.method).grading.method.locations
    for row in _rows(cohort, wanted.method):
        for place, name in enumerate(cohort.names):
            yield from _at(cohort, row, place, name)
            yield from spread(locations, (row.name, name), row.at[place])
        for pair in wanted.compare:
            yield from _between(cohort, row, pair)
    yield from transitions(cohort, wanted)


def _rows(cohort: Cohort, method: str) -> Iterator[Row]:
    scores = {score.name: score for score in cohort.read(method).grading.method.scores}
    at = {name: counted(cohort, method, score) for name, score in scores.items()}
    for segment, over in parts(cohort, method):
        for name, score in scores.items():
            within = at[INFLAMMATION] if name in WITHIN_INFLAMMATION and INFLAMMATION in at else None
            yield Row(_named(score, segment), _over(at[name], over), within and _over(within, over))


def _named(score: Score, segment: str | None) -> str:
    return score.name if segment is None else score.by_segment(segment)


def _over(at: list[Counted], over: Over) -> list[Counted]:
    return [each.over(over) for each in at]


def _at(cohort: Cohort, row: Row, place: int, name: str) -> Iterator[Figure]:
    found = row.at[place]
    n_read = len(found.members)
    total = found.total
    of, note = _denominator(cohort, found)
    yield Figure(
        row.name,
        name,
        "n",
        value=float(total),
        text=f"{half_up(total, 1)} ({fixed(100 * total / of, 1)}%)" if of else half_up(total, 1),
        numerator=float(total),
        denominator=of,
        denominator_note=note,
        n_patients=n_read,
        reason=None if n_read else "nothing-given",
    )
    yield _percent((row.name, name, "percent"), cohort, total, of, note)._replace(n_patients=n_read)
    if row.inflamed is not None:
        inflamed = row.inflamed[place].total
        at = (row.name, name, "share of inflammation")
        shown = f"locations with inflammation, of {left_out(cohort.n - n_read, cohort.n, 'not read')}"
        yield _percent(at, cohort, total, int(inflamed) if inflamed.denominator == 1 else 0, shown)
    yield _per_patient((row.name, name, "per patient"), found)
    known = found.known
    note = left_out(n_read - int(known.sum()), n_read, "with none seen and not assessable everywhere")
    yield share(
        (row.name, name, "patients"), int(found.positive.sum()), int(known.sum()), cohort.choices, note=note, decimals=0
    )
    if row.inflamed is not None:
        yield _of_inflamed(cohort, row, place, name)


def _of_inflamed(cohort: Cohort, row: Row, place: int, name: str) -> Figure:
    """Return how many patients have one at least, of the patients with inflammation somewhere."""
    assert row.inflamed is not None
    found = row.at[place]
    inflamed = np.isin(found.members, row.inflamed[place].members[row.inflamed[place].positive])
    known = found.known & inflamed
    n = int(inflamed.sum())
    unknown = left_out(n - int(known.sum()), n, "with none seen and not assessable everywhere")
    note = f"patients with inflammation, {unknown}"
    have = int((found.positive & inflamed).sum())
    return share(
        (row.name, name, "patients of inflamed"), have, int(known.sum()), cohort.choices, note=note, decimals=0
    )


def _per_patient(at: tuple[str, str, str], found: Counted) -> Figure:
    """Return the mean count of the patients of whom every location could be said."""
    n_read, whole = len(found.members), found.of(found.members[found.complete])
    n = len(whole.members)
    mean = whole.total / n if n else None
    return Figure(
        *at,
        value=None if mean is None else float(mean),
        text=None if mean is None else half_up(mean, 1),
        numerator=float(whole.total),
        denominator=n,
        denominator_note=left_out(n_read - n, n_read, "not assessable at every location"),
        variant="mean of patients of whom every location could be said",
        n_patients=n,
        reason=None if n else "nothing-given",
    )


def _percent(at: tuple[str, str, str], cohort: Cohort, n: Fraction, of: int, note: str) -> Figure:
    """Return a count as a percentage; counts of several readers' mean that are not whole have no exact interval."""
    if n.denominator == 1 and 0 <= n <= of:
        return share(at, int(n), of, cohort.choices, note=note)
    value = 100 * n / of if of else None
    return Figure(
        *at,
        value=None if value is None else float(value),
        text=None if value is None else fixed(value, 1) + "%",
        numerator=float(n),
        denominator=of,
        denominator_note=note,
        variant="proportion: mean of readers",
        unit="%",
        reason="limits-undefined" if of else "nothing-given",
    )


def _denominator(cohort: Cohort, found: Counted) -> tuple[int, str]:
    """Return of how many locations a count is said to be, by the choice of denominator, and what was left out."""
    n_read = len(found.members)
    missing = int((~found.assessed).sum())
    patients = int((~found.complete).sum())
    if cohort.choices.denominator == "all":
        return found.n_locations, f"every location of {_patients(n_read)}; {missing} not assessable"
    if cohort.choices.denominator == "complete-patients":
        n = int(found.complete.sum())
        return n * found.added.shape[
            2
        ], f"every location of {_patients(n)}; {_patients(patients)} not assessable everywhere"
    said = f"assessed locations of {_patients(n_read)}"
    return (
        found.n_locations - missing,
        f"{said}; {missing} not assessable in {_patients(patients)}" if missing else said,
    )


def _patients(n: int) -> str:
    return f"{n} {'patient' if n == 1 else 'patients'}"


def _between(cohort: Cohort, row: Row, pair: tuple[str, str]) -> Iterator[Figure]:
    before, after = (row.at[cohort.definition.place(name)] for name in pair)
    if cohort.choices.change == "assessed-at-both":
        before, after = before.assessed_at(after), after.assessed_at(before)
    both = np.intersect1d(before.members, after.members)
    before, after = before.of(both), after.of(both)
    note = left_out(cohort.n - len(both), cohort.n, NOT_READ)
    at = (row.name, between(pair))
    yield _reduction((*at, "reduction"), cohort, before.total, after.total)._replace(
        denominator_note=f"locations at {pair[0]} of {note}", n_patients=len(both)
    )
    rows = [[float(one), float(two)] for one, two in zip(before.totals, after.totals)]
    boot = cluster_bootstrap(
        np.array(rows).reshape(-1, 2),
        reduction,
        level=cohort.choices.level,
        resamples=cohort.choices.resamples,
        seed=cohort.choices.seed,
    )
    yield of_estimate((*at, "reduction by patients"), boot, unit="%", scale=100)._replace(denominator_note=note)
    yield rank_test((*at, "p"), before.totals, after.totals, cohort.choices, note=note)
    known = before.known & after.known
    unknown = left_out(len(both) - int(known.sum()), len(both), "not known at both time points")
    yield proportion_test(
        (*at, "patients p"), before.positive[known], after.positive[known], cohort.choices, note=unknown
    )


def _reduction(at: tuple[str, str, str], cohort: Cohort, before: Fraction, after: Fraction) -> Figure:
    """Return the reduction in percent of the earlier count, with the interval of the lost among the earlier."""
    lost = before - after
    value = 100 * lost / before if before else None
    figure = Figure(
        *at,
        value=None if value is None else float(value),
        text=None if value is None else fixed(value, 1),
        numerator=float(lost),
        denominator=float(before),
        variant="reduction: lost of the earlier count",
        unit="%",
        reason="nothing-given" if value is None else "limits-undefined",
    )
    if value is None or lost < 0 or before.denominator != 1 or lost.denominator != 1:
        return figure
    found = proportion(int(lost), int(before), method=cohort.choices.proportion, level=cohort.choices.level)  # type: ignore[arg-type]
    assert found.low is not None
    assert found.high is not None
    return figure._replace(
        text=f"{fixed(value, 1)} ({fixed(100 * found.low, 1)}–{fixed(100 * found.high, 1)})",
        ci_low=100 * found.low,
        ci_high=100 * found.high,
        ci_method=f"{found.interval}, {100 * cohort.choices.level:g}%",
        reason=None,
    )
