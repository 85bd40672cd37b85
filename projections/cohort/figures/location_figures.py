"""Figures of counted locations: the count with its denominator, a percentage, the mean of a patient, a reduction."""

from __future__ import annotations

from fractions import Fraction

from projections.cohort.definition.statistical_options import StatisticalOptions
from projections.cohort.figures.comparing import left_out, share
from projections.cohort.figures.figures import At, Figure
from projections.cohort.figures.location_counts import LocationCounts
from projections.statistics.proportion_intervals import proportion
from projections.statistics.results import NO_LIMITS, NOTHING_GIVEN
from projections.statistics.rounding import fixed, half_up


def number_of_locations(at: At, counts: LocationCounts, of: int, *, note: str) -> Figure:
    """Return how many locations have a feature, of how many; `note` says what they count."""
    n_read, total = len(counts.members), counts.total
    return Figure(
        *at,
        value=float(total),
        text=f"{half_up(total, 1)} ({fixed(100 * total / of, 1)}%)" if of else half_up(total, 1),
        numerator=float(total),
        denominator=of,
        denominator_note=note,
        n_patients=n_read,
        reason=None if n_read else NOTHING_GIVEN,
    )


def denominator(counts: LocationCounts, options: StatisticalOptions) -> tuple[int, str]:
    """Return of how many locations a count is said to be, by the option for denominators, and what was left out."""
    n_read = len(counts.members)
    missing = int((~counts.assessed).sum())
    incomplete = _patients(int((~counts.complete).sum()))
    if options.denominator == "all":
        return counts.n_locations, f"every location of {_patients(n_read)}; {missing} not assessable"
    if options.denominator == "complete-patients":
        n = int(counts.complete.sum())
        note = f"every location of {_patients(n)}; {incomplete} not assessable everywhere"
        return n * counts.added.shape[2], note
    note = f"assessed locations of {_patients(n_read)}"
    return counts.n_locations - missing, f"{note}; {missing} not assessable in {incomplete}" if missing else note


def _patients(n: int) -> str:
    return f"{n} {'patient' if n == 1 else 'patients'}"


def percentage(at: At, n: Fraction, of: int, options: StatisticalOptions, *, note: str) -> Figure:
    """Return a count as a percentage; counts of several readers' mean that are not whole have no exact interval."""
    if n.denominator == 1 and 0 <= n <= of:
        return share(at, int(n), of, options, note=note)
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
        reason=NO_LIMITS if of else NOTHING_GIVEN,
    )


def mean_of_a_patient(at: At, counts: LocationCounts) -> Figure:
    """Return the mean count of the patients of whom every location could be said."""
    n_read, whole = len(counts.members), counts.of(counts.members[counts.complete])
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
        reason=None if n else NOTHING_GIVEN,
    )


def reduction_in_percent(at: At, before: Fraction, after: Fraction, options: StatisticalOptions) -> Figure:
    """Return the reduction in percent of the earlier count, with the interval of the lost among the earlier.

    The interval takes the reduction as a part of the earlier count, and there is none where the later one is above it.
    """
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
        reason=NOTHING_GIVEN if value is None else NO_LIMITS,
    )
    if value is None or lost < 0 or before.denominator != 1 or lost.denominator != 1:
        return figure
    estimate = proportion(int(lost), int(before), method=options.proportion, level=options.level)
    assert estimate.low is not None
    assert estimate.high is not None
    return figure._replace(
        text=f"{fixed(value, 1)} ({fixed(100 * estimate.low, 1)}–{fixed(100 * estimate.high, 1)})",
        ci_low=100 * estimate.low,
        ci_high=100 * estimate.high,
        ci_method=f"{estimate.interval}, {100 * options.level:g}%",
        reason=None,
    )
