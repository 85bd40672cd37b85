"""Rates of groups compared: ratios to the reference, exact, by drawing patients, and of first events alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from projections.cohort.figures.compared import Compared, Events
from projections.cohort.figures.comparison import FIRST, Comparison
from projections.cohort.figures.figures import Figure
from projections.columns.coded import Rows
from projections.observation.observed_spans import DAYS_IN_A_YEAR
from projections.statistics.ordering import Floats
from projections.statistics.rate_ratio import EventsInTime, rate_ratio, rate_ratio_of_patients, rate_ratio_test
from projections.statistics.rates import EXACT_POISSON, rate
from projections.statistics.results import ROWS_DEPENDENT
from projections.statistics.rounding import fixed


class _Group(NamedTuple):
    """A group: of each member at risk the events and the days, up to the first event where only these count.

    `patient` is the number of the patient whom each member is; who has several rows is drawn with all of them.
    """

    events: Rows
    days: Rows
    patient: Rows

    @property
    def total(self) -> EventsInTime:
        return EventsInTime(int(self.events.sum()), int(self.days.sum()) / DAYS_IN_A_YEAR)

    @property
    def by_patient(self) -> Floats:
        own, of = np.unique(self.patient, return_inverse=True)
        events, days = (np.bincount(of, weights=each, minlength=len(own)) for each in (self.events, self.days))
        return np.stack([events, days / DAYS_IN_A_YEAR], axis=1)

    def shares_patients(self, other: _Group) -> bool:
        """Return whether some patient is in both groups, by other rows."""
        return bool(np.isin(self.patient, other.patient).any())


def rate_figures(comparison: Comparison, compared: Compared, of: Events) -> Iterator[Figure]:
    """Yield the ratio of each group's rate to the reference, and of events that recur the same of the first ones."""
    groups = [_Group(of.events[own], of.days[own], comparison.patient[own]) for own in _at_risk(comparison, of)]
    yield from _ratios(comparison, compared, groups, "rate ratio")
    options = comparison.options
    if of.first_days is None or not groups:
        return
    note = comparison.counted([len(group.days) for group in groups])
    for place, name in comparison.others:
        drawn = rate_ratio_of_patients(
            groups[place].by_patient,
            groups[comparison.reference].by_patient,
            level=options.level,
            resamples=options.resamples,
            seed=options.seed,
        )
        if groups[place].shares_patients(groups[comparison.reference]):
            drawn = drawn._replace(low=None, high=None, reason=drawn.reason or ROWS_DEPENDENT)
        yield comparison.against(compared, drawn, statistic="rate ratio by patients", group=name, note=note)
    first = [
        _Group(np.minimum(of.events[own], 1), of.first_days[own], comparison.patient[own])
        for own in _at_risk(comparison, of)
    ]
    for name, group in zip(comparison.groups.names, first, strict=True):
        yield _rate_of_first(comparison, compared, group, name)
    yield from _ratios(comparison, compared._replace(statistic=FIRST), first, "rate ratio of first events")


def _at_risk(comparison: Comparison, of: Events) -> list[Rows]:
    return [rows[of.at_risk[rows]] for rows in comparison.rows]


def _ratios(comparison: Comparison, compared: Compared, groups: list[_Group], statistic: str) -> Iterator[Figure]:
    note = comparison.counted([len(group.days) for group in groups])
    for place, name in comparison.others:
        pair = groups[place].total, groups[comparison.reference].total
        n = len(groups[place].days) + len(groups[comparison.reference].days)
        for figure in comparison.test(compared, rate_ratio_test(*pair), note=note, group=name):
            yield figure._replace(denominator=None, n_patients=n)
        ratio = rate_ratio(*pair, level=comparison.options.level)
        figure = comparison.against(compared, ratio, statistic=statistic, group=name, note=note)
        yield figure._replace(n_patients=n)


def _rate_of_first(comparison: Comparison, compared: Compared, group: _Group, name: str) -> Figure:
    events, years = group.total
    per_100, low, high, reason = rate(events, years, level=comparison.options.level)
    limits = "" if low is None or high is None else f" ({fixed(low, 1)}–{fixed(high, 1)})"
    return Figure(
        compared.row,
        compared.timepoint,
        FIRST,
        value=per_100,
        text=None if per_100 is None else f"{fixed(per_100, 1)}{limits}",
        numerator=events,
        denominator=years,
        denominator_note=f"patient-years of {len(group.days)} patients up to the first event",
        variant="first events / patient-years before them",
        ci_low=low,
        ci_high=high,
        ci_method=f"{EXACT_POISSON}, {100 * comparison.options.level:g}%" if limits else None,
        n_patients=len(group.days),
        unit="/100 a",
        reason=reason,
        group=name,
    )
