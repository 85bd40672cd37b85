"""Kaplan–Meier: the share of patients to whom the event has not happened by a time, as still on a drug.

Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457–81. S = product (1 − d / n) over times up to t; Greenwood's standard
error is S sqrt(sum d / (n (n − d))). Limits: `log-log` (the default: Kalbfleisch JD, Prentice RL. The statistical
analysis of failure time data, 1980), `log` (the default of R's survfit) or `plain`. They are pointwise.
With several reasons for an end, 1 − S of one reason is not its probability: that is `cumulative_incidence`.
Patients who enter late count from their entry (`late_entry`), and Greenwood's sum goes over the same risk sets. Where
events empty the risk set before others enter, nothing is known from there: a curve `from_day` is the one to ask for.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from projections.statistics.late_entry import AT_START, Entry
from projections.statistics.ordering import Floats, Numbers
from projections.statistics.results import (
    BEFORE,
    BEYOND,
    EMPTIED,
    LEVEL,
    NO_LIMITS,
    NOT_REACHED,
    NOTHING_GIVEN,
    Estimate,
)
from projections.statistics.risk_table import Interval, RiskTable, limits, risk_table

NEAR: Final = 1.5e-8  # of 1: closer to one half is one half, as in R


class SurvivalCurve(NamedTuple):
    """One row a distinct time, ascending; times in the unit that came in, survival from 0 to 1.

    From the time at which survival is 0, `errors`, `lows` and `highs` are NaN, and so is `survival` from where events
    emptied the risk set before others entered; `at` gives None and the reason instead. `n` patients were at risk, after
    `from_day` in a conditional curve.
    """

    risk: RiskTable
    survival: Floats
    errors: Floats
    lows: Floats
    highs: Floats
    n: int
    interval: Interval
    from_day: float = 0.0

    def at(self, time: float) -> Estimate:
        """Return the survival at a time with its limits; beyond the last time there is none, unless it is 0."""
        blank = Estimate("survival", "Kaplan-Meier", self.n, interval=self.interval)
        if not self.n:
            return blank._replace(reason=NOTHING_GIVEN)
        if self.from_day > max(time, 0):
            return blank._replace(reason=BEFORE)
        row = int(np.searchsorted(self.risk.times, time, side="right")) - 1
        if row < 0:
            return blank._replace(value=1.0, low=1.0, high=1.0)
        if row >= self.risk.n_known:
            return blank._replace(reason=EMPTIED)
        survival = float(self.survival[row])
        if time > self.risk.times[-1] and survival:
            return blank._replace(reason=BEYOND)
        if not survival:
            return blank._replace(value=0.0, reason=NO_LIMITS)
        return blank._replace(value=survival, low=float(self.lows[row]), high=float(self.highs[row]))

    def quantile(self, share: float = 0.5) -> Estimate:
        """Return the time by which the event has happened to a share of patients, by default the median, with limits.

        The first time at which survival is 1 − share or less; where it stays at exactly that, the middle of the step,
        as in R. A limit is where the curve of the limits first gets there, and None if it never does. A conditional
        curve tells when it has happened to that share of those at risk after its day, on the clock of the times.
        """
        blank = Estimate(f"{share:g} quantile", "Kaplan-Meier", self.n, interval=self.interval)
        if not self.n:
            return blank._replace(reason=NOTHING_GIVEN)
        value, low, high = (self._reached(curve, 1 - share) for curve in (self.survival, self.lows, self.highs))
        if value is not None:
            return blank._replace(value=value, low=low, high=high)
        emptied = self.risk.n_known < len(self.risk.times)
        return blank._replace(low=low, high=high, reason=EMPTIED if emptied else NOT_REACHED)

    def _reached(self, curve: Floats, level: float) -> float | None:
        drops = np.flatnonzero(self.risk.all_events)
        heights = curve[drops]
        reached = np.flatnonzero(heights <= level + NEAR)
        if not len(reached):
            return None
        first = reached[0]
        time = float(self.risk.times[drops[first]])
        if abs(heights[first] - level) > NEAR:
            return time
        end = self.risk.times[drops[first + 1]] if first + 1 < len(drops) else self.risk.times[-1]
        return (time + float(end)) / 2


def kaplan_meier(
    times: Numbers,
    events: NDArray[np.bool_],
    *,
    level: float = LEVEL,
    interval: Interval = "log-log",
    entry: Entry = AT_START,
) -> SurvivalCurve:
    """Return the survival curve of patients: the time of each, and whether the event happened then or follow-up ended.

    With late entries, the time of each interval under observation, and when it began.

    >>> curve = kaplan_meier([2, 3, 3, 5, 6, 8, 8, 10, 12, 12], np.array([1, 1, 0, 1, 0, 1, 1, 0, 1, 0], dtype=bool))
    >>> curve.survival.round(6).tolist()
    [0.9, 0.8, 0.685714, 0.685714, 0.411429, 0.411429, 0.205714]
    >>> curve.quantile().value
    8.0
    >>> kaplan_meier([4, 6, 9], np.array([True, True, False]), entry=Entry([0, 0, 4])).survival.tolist()
    [0.5, 0.25, 0.25]

    Raises:
        ValueError: as `risk_table` does.
    """
    risk = risk_table(times, events, entry=entry)
    died = risk.all_events
    survival: Floats = np.cumprod(1 - died / risk.at_risk, dtype=np.float64)
    survival[risk.n_known :] = np.nan
    lasting = died < risk.at_risk
    terms = np.divide(died, risk.at_risk * (risk.at_risk - died), out=np.zeros(len(died)), where=lasting)
    errors = np.where(survival > 0, survival * np.sqrt(np.cumsum(terms)), np.nan)
    lows, highs = limits(survival, errors, level, interval)
    return SurvivalCurve(risk, survival, errors, lows, highs, risk.n, interval, entry.from_day)
