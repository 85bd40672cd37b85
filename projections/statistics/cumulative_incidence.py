"""Cumulative incidence of competing causes: the probability of an end for one reason by a time, as of a drug.

Aalen OO, Johansen S. Scand J Stat 1978;5:141–50: F of a cause = sum S(before t) d / n over its events up to t. Unlike
1 − Kaplan–Meier of one cause, the causes add up to 1 − S. Standard errors by the delta method (Marubini E, Valsecchi
MG. Analysing survival data from clinical trials and observational studies, 1995, section 10.4), which for one cause are
Greenwood's. Patients who enter late count from their entry (`late_entry`), in the incidence and in its errors alike;
where events empty the risk set before others enter, nothing is known from there, of any cause.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from projections.statistics.late_entry import AT_START, Entry
from projections.statistics.ordering import Floats, Numbers
from projections.statistics.results import BEFORE, BEYOND, EMPTIED, LEVEL, NO_LIMITS, NOTHING_GIVEN, Estimate
from projections.statistics.risk_table import Interval, RiskTable, limits, risk_table

NOISE: Final = 1e-14  # of sums of probabilities; no registry is large enough for such a variance


class CumulativeIncidence(NamedTuple):
    """Causes (rows, as numbered from 1) × distinct times (columns, ascending); probabilities from 0 to 1.

    `lows` and `highs` are NaN before the first event of a cause, and all are from where events emptied the risk set
    before others entered; `at` gives None and the reason instead. `n` patients were at risk, after `from_day` in a
    conditional curve.
    """

    risk: RiskTable
    incidence: Floats
    errors: Floats
    lows: Floats
    highs: Floats
    n: int
    interval: Interval
    from_day: float = 0.0

    def at(self, cause: int, time: float) -> Estimate:
        """Return the incidence of a cause, from 1, by a time; beyond the last time only where nobody was left."""
        blank = Estimate("cumulative incidence", "Aalen-Johansen", self.n, interval=self.interval)
        if not self.n:
            return blank._replace(reason=NOTHING_GIVEN)
        if self.from_day > max(time, 0):
            return blank._replace(reason=BEFORE)
        row = int(np.searchsorted(self.risk.times, time, side="right")) - 1
        if row >= self.risk.n_known:
            return blank._replace(reason=EMPTIED)
        if time > self.risk.times[-1] and self.risk.censored[-1]:
            return blank._replace(reason=BEYOND)
        value = float(self.incidence[cause - 1, row]) if row >= 0 else 0.0
        if not value or np.isnan(self.lows[cause - 1, row]):
            return blank._replace(value=value, reason=NO_LIMITS)
        low, high = float(self.lows[cause - 1, row]), float(self.highs[cause - 1, row])
        return blank._replace(value=value, low=low, high=high)


def cumulative_incidence(
    times: Numbers,
    causes: NDArray[np.integer],
    *,
    n_causes: int,
    level: float = LEVEL,
    interval: Interval = "log-log",
    entry: Entry = AT_START,
) -> CumulativeIncidence:
    """Return the incidence of each cause: the time of each patient, and the cause, 0 where follow-up ended.

    With late entries, the time of each interval under observation, and when it began.

    >>> curve = cumulative_incidence([1, 2, 3, 4], np.array([1, 2, 0, 1]), n_causes=2)
    >>> curve.incidence.tolist()
    [[0.25, 0.25, 0.25, 0.75], [0.0, 0.25, 0.25, 0.25]]

    Raises:
        ValueError: as `risk_table` does.
    """
    risk = risk_table(times, causes, n_causes=n_causes, entry=entry)
    before = np.cumprod(np.append(1.0, 1 - risk.all_events / risk.at_risk))[:-1]
    incidence = np.cumsum(before * risk.events / risk.at_risk, axis=1)
    incidence[incidence > 1 - NOISE] = 1.0
    variance = _variance(risk, before, incidence)
    errors = np.sqrt(np.where(variance > NOISE, variance, 0.0))
    for column in (incidence, errors):
        column[:, risk.n_known :] = np.nan
    lows, highs = limits(incidence, errors, level, interval)
    return CumulativeIncidence(risk, incidence, errors, lows, highs, risk.n, interval, entry.from_day)


def _variance(risk: RiskTable, before: Floats, incidence: Floats) -> Floats:
    """The three sums of the delta method, each over the times up to t; squares multiplied out to need one pass."""
    n, died = risk.at_risk, risk.all_events
    left = np.divide(died, n * (n - died), out=np.zeros(len(n)), where=died < n)
    own = (n - risk.events) / n**3 * risk.events * before**2
    shared = before * risk.events / n**2
    squares = incidence**2 * np.cumsum(left) - 2 * incidence * np.cumsum(incidence * left, axis=1)
    squares += np.cumsum(incidence**2 * left, axis=1)
    mixed = incidence * np.cumsum(shared, axis=1) - np.cumsum(incidence * shared, axis=1)
    variance: Floats = squares + np.cumsum(own, axis=1) - 2 * mixed
    return variance
