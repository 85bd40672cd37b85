"""Who was at risk and what happened, at each distinct time; and limits of a probability that stay within 0 and 1.

A time is a duration from a patient's start, in any one unit. Who is censored at a time is at risk at it: the event
comes first. Who enters late is at risk after the entry (`late_entry`). Then few may be at risk at first, and events may
empty the risk set while others have yet to enter: a product would stay at 0 for these too, as it does in R's survfit.
Here nothing is known from there.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from projections.statistics.late_entry import AT_START, CENSORED, Counts, Entry, intervals
from projections.statistics.ordering import Floats, Numbers

Interval = Literal["log-log", "log", "plain"]
INTERVALS: Final[tuple[Interval, ...]] = get_args(Interval)


class RiskTable(NamedTuple):
    """One row a distinct time, ascending: the number at risk just before it, and events by cause (causes × times).

    `censored` left the risk set at the time without an event, for good or to return. `n` patients were at risk at all.
    """

    times: Floats
    at_risk: Counts
    events: Counts
    censored: Counts
    n: int

    @property
    def all_events(self) -> Counts:
        """The number of events of any cause at each time."""
        ended: Counts = self.events.sum(axis=0)
        return ended

    @property
    def n_known(self) -> int:
        """How many of the times a curve reaches: those before events empty the risk set and others enter later."""
        emptied = np.flatnonzero(self.all_events[:-1] == self.at_risk[:-1])
        return int(emptied[0]) if len(emptied) else len(self.times)


def risk_table(
    times: Numbers,
    causes: NDArray[np.integer] | NDArray[np.bool_],
    *,
    n_causes: int = 1,
    entry: Entry = AT_START,
) -> RiskTable:
    """Return the risk table of patients: `times` of 0 or more, `causes` 0 for censored, else 1 to `n_causes`.

    >>> risk_table([5, 8, 9], np.array([1, 0, 1]), entry=Entry([0, 5, 4])).at_risk.tolist()
    [2, 2, 1]

    Raises:
        ValueError: for a cause that is not from 0 to `n_causes`, and as `intervals` does.
    """
    rows = intervals(times, causes, entry=entry)
    if ((rows.causes < CENSORED) | (rows.causes > n_causes)).any():
        raise ValueError(f"a cause has to be 0 (censored) or from 1 to {n_causes}")
    distinct, place = np.unique(rows.exits, return_inverse=True)
    cells = np.bincount(place * (n_causes + 1) + rows.causes, minlength=len(distinct) * (n_causes + 1))
    ended = cells.reshape(len(distinct), n_causes + 1).T
    return RiskTable(distinct, rows.at_risk(distinct), ended[1:], ended[0], rows.n_patients)


def limits(estimates: Floats, errors: Floats, level: float, interval: Interval) -> tuple[Floats, Floats]:
    """Return the lower and upper limits of probabilities with their standard errors.

    log-log: p^exp(± z se / (p log p)); log: p exp(± z se / p), 1 at most; plain: p ± z se, cut at 0 and 1. Where the
    standard error is 0, both limits are the probability. They are NaN where they are undefined: at 0, but for `plain`
    with a standard error.
    """
    from scipy.special import ndtri

    reach = float(ndtri((1 + level) / 2)) * np.where(estimates < 1, errors, 0.0)
    p = np.where((estimates > 0) & (reach > 0), estimates, np.nan)
    if interval == "log-log":
        power = np.exp(-reach / (p * np.log(p)))
        low, high = p**power, p ** (1 / power)
    elif interval == "log":
        low, high = p * np.exp(-reach / p), np.minimum(p * np.exp(reach / p), 1.0)
    else:
        low, high = np.maximum(p - reach, 0.0), np.minimum(p + reach, 1.0)
    known = (estimates > 0) & (reach == 0)
    return np.where(known, estimates, low), np.where(known, estimates, high)
