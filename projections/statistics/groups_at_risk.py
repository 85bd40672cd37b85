"""Groups of patients under observation: how many of each are at risk at the times of events, and whom these befall."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from projections.statistics.chi_squared_of import chi_squared_of
from projections.statistics.late_entry import AT_START, CENSORED, Entry, Intervals, intervals
from projections.statistics.ordering import Floats, Numbers, doubles, equally_long
from projections.statistics.results import NEVER_TOGETHER, NO_EVENTS, Outcome, why_not_compared

Labels = NDArray[Any]


class Grouping(NamedTuple):
    """Who is compared: the group of each interval, its stratum if within strata, and when it began.

    Labels may be numbers or words; groups are in the order of their labels.
    """

    groups: Labels
    strata: Labels | None = None
    entry: Entry = AT_START

    @property
    def variant(self) -> str:
        """How patients are compared."""
        return "unstratified" if self.strata is None else "stratified"


class GroupsAtRisk(NamedTuple):
    """Groups × the distinct times of any event, ascending; `causes` is causes × groups × times, from cause 1.

    `n` patients of each group were at risk at all; `late` says whether any of them entered after day 0.
    """

    at_risk: Floats
    causes: Floats
    n: NDArray[np.int64]
    late: bool

    @property
    def events(self) -> Floats:
        """The events of any cause, groups × times."""
        counted: Floats = self.causes.sum(axis=0)
        return counted


def groups_at_risk(
    times: Numbers, causes: NDArray[np.integer] | NDArray[np.bool_], *, grouping: Grouping
) -> list[GroupsAtRisk]:
    """Return each stratum's groups at risk; every stratum has all groups, be it without patients.

    Raises:
        ValueError: as `intervals` does, for a cause below 0, and where a column has another length.
    """
    codes = np.unique(grouping.groups, return_inverse=True)[1]
    strata = (
        np.zeros(len(codes), int) if grouping.strata is None else np.unique(grouping.strata, return_inverse=True)[1]
    )
    exits, ended = doubles(times), np.asarray(causes)
    for column in (ended, codes, strata):
        equally_long(exits, column)
    if (ended < CENSORED).any():
        raise ValueError("a cause has to be 0 (censored) or from 1")
    found = []
    for stratum in range(int(strata.max(initial=-1)) + 1):
        kept = [(strata == stratum) & (codes == code) for code in range(int(codes.max()) + 1)]
        found.append(_together([intervals(exits[own], ended[own], entry=grouping.entry.only(own)) for own in kept]))
    return found


def untestable(n: NDArray[np.int64], observed: Floats) -> str | None:
    """Return why groups of so many patients with so many events cannot be compared, None where they can."""
    return why_not_compared(n.tolist()) or (None if observed.any() else NO_EVENTS)


def outcome_of(blank: Outcome, sums: Floats, variance: Floats) -> Outcome:
    """Return the chi-squared test of sums, one a group, that are 0 but for chance, and whose variance is known.

    Without a degree of freedom no two groups were at risk together.
    """
    chi2, df = chi_squared_of(sums, variance)
    if not df:
        return blank._replace(reason=NEVER_TOGETHER)
    from scipy.special import chdtrc

    return blank._replace(statistic=chi2, p=float(chdtrc(df, chi2)), df=df)


def _together(groups: list[Intervals]) -> GroupsAtRisk:
    times = np.unique(np.concatenate([group.exits[group.causes != CENSORED] for group in groups]))
    n_causes = max(int(group.causes.max(initial=0)) for group in groups)
    counted = np.zeros((n_causes, len(groups), len(times)))
    for place, group in enumerate(groups):
        ended = group.causes != CENSORED
        np.add.at(counted, (group.causes[ended] - 1, place, np.searchsorted(times, group.exits[ended])), 1.0)
    at_risk = np.array([group.at_risk(times) for group in groups], dtype=np.float64)
    n = np.array([group.n_patients for group in groups])
    return GroupsAtRisk(at_risk, counted, n, any(bool(group.entries.any()) for group in groups))
