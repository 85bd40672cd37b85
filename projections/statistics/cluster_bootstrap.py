"""The patient-cluster bootstrap: an interval for figures over lesions, of which one patient has several.

Field CA, Welsh AH. J R Stat Soc B 2007;69:369–90; percentile limits of Efron B, Tibshirani RJ. An introduction to the
bootstrap, 1993, chapter 13. Patients, not lesions, are drawn with replacement; a patient brings all his lesions. A
figure over lesions is a function of totals, so each patient gives one row of numbers and a resample their totals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from projections.statistics.ordering import Floats, Numbers, doubles
from projections.statistics.results import LEVEL, NOTHING_GIVEN, ONE_VALUE, RESAMPLES, Estimate

RESAMPLED: Final = 10_000
SEED: Final = 20_130_801
CELLS_AT_ONCE: Final = 4_000_000

Figure = Callable[[Floats], Floats]


def share(totals: Floats) -> Floats:
    """Return the first total over the second, one a row; infinite or NaN where the second is 0."""
    return np.asarray(totals[..., 0] / totals[..., 1])


def reduction(totals: Floats) -> Floats:
    """Return (first − second) / first, baseline first: a fall is above 0."""
    return np.asarray((totals[..., 0] - totals[..., 1]) / totals[..., 0])


def cluster_bootstrap(
    rows: Numbers, figure: Figure, *, level: float = LEVEL, resamples: int = RESAMPLED, seed: int = SEED
) -> Estimate:
    """Return the figure of all patients together with its percentile limits.

    `rows` is patients × columns; `figure` takes resamples × totals of the columns and returns one number each. The same
    rows in any order and the same `seed` give the same limits. A resample without a figure, as by a baseline of 0,
    counts as beyond either limit; where that leaves no limit, both are None, with the reason.

    >>> interval = cluster_bootstrap([[4, 1], [0, 0], [9, 5], [3, 0]], reduction)
    >>> interval.value, interval.low <= interval.value <= interval.high
    (0.625, True)
    """
    given = doubles(rows)
    blank = Estimate(
        figure.__name__,
        f"{resamples} resamples, seed {seed}",
        len(given),
        interval="patient-cluster bootstrap, percentile",
    )
    if not len(given):
        return blank._replace(reason=NOTHING_GIVEN)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(figure(given.sum(axis=0, keepdims=True))[0])
        if not math.isfinite(value):
            return blank._replace(reason=NOTHING_GIVEN)
        if len(given) == 1:
            return blank._replace(value=value, reason=ONE_VALUE)
        drawn = np.concatenate([figure(totals) for totals in _resampled(given, resamples, seed)])
    low, high = _percentiles(drawn, level)
    if not (math.isfinite(low) and math.isfinite(high)):
        return blank._replace(value=value, reason=RESAMPLES)
    return blank._replace(value=value, low=low, high=high)


def _resampled(rows: Floats, resamples: int, seed: int) -> Iterator[Floats]:
    rows = rows[np.lexsort(rows.T)]
    random = np.random.default_rng(seed)
    at_once = max(1, CELLS_AT_ONCE // len(rows))
    even = np.full(len(rows), 1 / len(rows))
    for start in range(0, resamples, at_once):
        times = random.multinomial(len(rows), even, size=min(at_once, resamples - start))
        yield times @ rows


def _percentiles(drawn: Floats, level: float) -> tuple[float, float]:
    defined = np.isfinite(drawn)
    tail = (1 - level) / 2 * (len(drawn) - 1)
    lowest = np.sort(np.where(defined, drawn, -np.inf))[math.floor(tail)]
    highest = np.sort(np.where(defined, drawn, np.inf))[len(drawn) - 1 - math.floor(tail)]
    return float(lowest), float(highest)
