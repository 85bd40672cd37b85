"""Events per 100 patient-years with their exact interval, as a figure."""

from __future__ import annotations

from projections.cohort.definition.statistical_options import StatisticalOptions
from projections.cohort.figures.figures import Figure
from projections.statistics.rates import EXACT_POISSON, rate
from projections.statistics.rounding import fixed


def per_100_years(
    at: tuple[str, str], n: int, years: float, options: StatisticalOptions, *, note: str, n_patients: int
) -> Figure:
    """Return n events in so many patient-years as a rate; `n_patients` are those whose years they are."""
    per_100, low, high, reason = rate(n, years, level=options.level)
    limits = None if low is None or high is None else f" ({fixed(low, 1)}–{fixed(high, 1)})"
    return Figure(
        *at,
        "per 100 patient-years",
        value=per_100,
        text=None if per_100 is None else f"{fixed(per_100, 1)}{limits or ''}",
        numerator=n,
        denominator=years,
        denominator_note=note,
        variant="events / patient-years",
        ci_low=low,
        ci_high=high,
        ci_method=f"{EXACT_POISSON}, {100 * options.level:g}%" if limits else None,
        n_patients=n_patients,
        unit="/100 a",
        reason=reason,
    )
