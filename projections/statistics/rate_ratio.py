"""The ratio of two rates, and its exact interval: given all events, those of one group are binomial.

Przyborowski J, Wilenski H. Biometrika 1940;31:313–23; limits by Clopper and Pearson's for the group's share of the
events, as in R's poisson.test. They take every event as
independent; of recurrent events, of which one patient has several, `rate_ratio_of_patients` has the limits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from projections.statistics.cluster_bootstrap import RESAMPLED, SEED, bootstrap_between
from projections.statistics.ordering import Floats, Numbers, doubles
from projections.statistics.proportions import clopper_pearson
from projections.statistics.results import (
    LEVEL,
    NO_EVENTS,
    NO_EVENTS_IN_REFERENCE,
    NO_TIME,
    Estimate,
    Outcome,
)


class EventsInTime(NamedTuple):
    """Events, and the years under observation in which they happened."""

    events: int
    years: float


def rate_ratio(group: EventsInTime, reference: EventsInTime, *, level: float = LEVEL) -> Estimate:
    """Return the rate of a group over that of the reference, with the exact limits; n is the number of events.

    Without an event of the reference there is no ratio, and only a lower limit; without any event, neither limit.

    >>> ratio = rate_ratio(EventsInTime(30, 211.875), EventsInTime(12, 365.25))
    >>> [round(figure, 3) for figure in ratio[3:6]]
    [4.31, 2.143, 9.243]
    """
    n = group.events + reference.events
    blank = Estimate("rate ratio", "given all events", n, interval="exact binomial")
    if group.years <= 0 or reference.years <= 0:
        return blank._replace(reason=NO_TIME)
    if not n:
        return blank._replace(reason=NO_EVENTS)
    time = reference.years / group.years
    low, high = clopper_pearson(group.events, n, level=level)
    if not reference.events:
        return blank._replace(low=time * low / (1 - low), reason=NO_EVENTS_IN_REFERENCE)
    return blank._replace(
        value=time * group.events / reference.events, low=time * low / (1 - low), high=time * high / (1 - high)
    )


def rate_ratio_test(group: EventsInTime, reference: EventsInTime) -> Outcome:
    """Return the exact two-sided test that two rates are equal; the statistic is the events of the first group.

    p is the probability of the divisions of all events that are not more probable than this one. Without events it is
    1, with the reason.
    """
    n = group.events + reference.events
    blank = Outcome("rate ratio", "exact binomial", n, n)
    if group.years <= 0 or reference.years <= 0:
        return blank._replace(reason=NO_TIME)
    if not n:
        return blank._replace(p=1.0, reason=NO_EVENTS)
    from scipy.stats import binomtest

    share = group.years / (group.years + reference.years)
    return blank._replace(statistic=float(group.events), p=float(binomtest(group.events, n, share).pvalue))


def rate_ratio_of_patients(
    group: Numbers, reference: Numbers, *, level: float = LEVEL, resamples: int = RESAMPLED, seed: int = SEED
) -> Estimate:
    """Return the ratio of rates with limits by drawing patients of each group: one row a patient, events and years.

    n is the number of patients.
    """
    given = [doubles(rows).reshape(-1, 2) for rows in (group, reference)]
    blank = Estimate("rate ratio", "by patients", sum(map(len, given)))
    events, years = np.array([rows.sum(axis=0) for rows in given]).T
    if not years.all():
        return blank._replace(reason=NO_TIME)
    if not events[1]:
        return blank._replace(reason=NO_EVENTS_IN_REFERENCE if events[0] else NO_EVENTS)
    found = bootstrap_between(given, ratio_of_rates, level=level, resamples=resamples, seed=seed)
    return found._replace(name="rate ratio")


def ratio_of_rates(totals: Floats) -> Floats:
    """Return the rate of a group over that of the reference, of totals: events and years of each."""
    ratios: Floats = totals[:, 0] * totals[:, 3] / (totals[:, 1] * totals[:, 2])
    return ratios
