"""Rates: how often something happened per time under observation, and the exact interval.

lower = chi2(alpha / 2; 2 n) / 2, upper = chi2(1 - alpha / 2; 2 n + 2) / 2, both over the time: the chi-square form of
the interval of Garwood F. Biometrika 1936;28:437–42. It takes every event as independent; several flares of one patient
are not, and the interval does not know of it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from projections.statistics.results import LEVEL, NO_TIME

EXACT_POISSON: Final = "exact-poisson"


class Rate(NamedTuple):
    """Events per 100 patient-years with their interval; where there is none, all are None and `reason` says why."""

    per_100_years: float | None
    ci_low: float | None
    ci_high: float | None
    reason: str | None


def rate(n_events: int, years: float, *, level: float = LEVEL) -> Rate:
    """Return the events per 100 patient-years with the exact Poisson interval.

    No event gives 0 and its upper limit; no time gives no rate, with the reason.

    >>> [round(value, 3) for value in rate(3, 120.5)[:3]]
    [2.49, 0.513, 7.276]
    """
    if years <= 0:
        return Rate(None, None, None, NO_TIME)
    from scipy.special import chdtri

    tail = (1 - level) / 2
    low = float(chdtri(2 * n_events, 1 - tail)) / 2 if n_events else 0.0
    high = float(chdtri(2 * n_events + 2, tail)) / 2
    return Rate(100 * n_events / years, 100 * low / years, 100 * high / years, None)
