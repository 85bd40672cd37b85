"""Who was at risk and what happened, at each distinct time; and limits of a probability that stay within 0 and 1.

A time is a duration from a patient's start, in any one unit. Who is censored at a time is at risk at it: the event
comes first.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from projections.statistics.ordering import Floats, Numbers, doubles, equally_long

CENSORED: Final = 0
Interval = Literal["log-log", "log", "plain"]
INTERVALS: Final[tuple[Interval, ...]] = get_args(Interval)

Counts = NDArray[np.int64]


class RiskTable(NamedTuple):
    """One row a distinct time, ascending: the number at risk just before it, and events by cause (causes × times)."""

    times: Floats
    at_risk: Counts
    events: Counts

    @property
    def all_events(self) -> Counts:
        """The number of events of any cause at each time."""
        ended: Counts = self.events.sum(axis=0)
        return ended

    @property
    def censored(self) -> Counts:
        """The number censored at each time."""
        censored: Counts = self.at_risk - np.append(self.at_risk[1:], 0) - self.all_events
        return censored


def risk_table(times: Numbers, causes: NDArray[np.integer] | NDArray[np.bool_], *, n_causes: int = 1) -> RiskTable:
    """Return the risk table of patients: `times` of 0 or more, `causes` 0 for censored, else 1 to `n_causes`.

    Raises:
        ValueError: for a time below 0, or a cause that is not from 0 to `n_causes`.
    """
    equally_long(times, causes)
    followed, cause = doubles(times), np.asarray(causes).astype(np.int64)
    if (followed < 0).any():
        raise ValueError("a time to an event has to be 0 or more")
    if ((cause < CENSORED) | (cause > n_causes)).any():
        raise ValueError(f"a cause has to be 0 (censored) or from 1 to {n_causes}")
    distinct, place = np.unique(followed, return_inverse=True)
    cells = np.bincount(place * (n_causes + 1) + cause, minlength=len(distinct) * (n_causes + 1))
    ended = cells.reshape(len(distinct), n_causes + 1).T
    at_risk = ended.sum(axis=0)[::-1].cumsum()[::-1]
    return RiskTable(distinct, at_risk, ended[1:])


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
