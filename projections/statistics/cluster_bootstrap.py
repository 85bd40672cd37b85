"""The patient-cluster bootstrap: an interval for figures over lesions, of which one patient has several.

Field CA, Welsh AH. J R Stat Soc B 2007;69:369–90; percentile limits of Efron B, Tibshirani RJ. An introduction to the
bootstrap, 1993, chapter 13. Patients, not lesions, are drawn with replacement; a patient brings all his lesions. A
figure over lesions is a function of totals, so each patient gives one row of numbers and a resample their totals. So
it is of recurrent events, of which one patient has several. Between groups, patients are drawn within each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from projections.statistics.ordering import Floats, Numbers, doubles
from projections.statistics.results import EMPTY_GROUP, LEVEL, NOTHING_GIVEN, ONE_VALUE, RESAMPLES, Estimate

RESAMPLED: Final = 10_000
SEED: Final = 20_130_801
CELLS_AT_ONCE: Final = 4_000_000
CELLS_DRAWN_AT_ONCE: Final = 250_000
CELLS_KEPT: Final = 128_000_000  # a byte each

Figure = Callable[[Floats], Floats]
Draws = NDArray[np.integer[Any]]
Drawing = tuple[int, int, tuple[int, ...]]  # patients, resamples, seed


def share(totals: Floats) -> Floats:
    """Return the first total over the second, one a row; infinite or NaN where the second is 0."""
    return np.asarray(totals[..., 0] / totals[..., 1])


def reduction(totals: Floats) -> Floats:
    """Return (first − second) / first, baseline first: a fall is above 0."""
    return np.asarray((totals[..., 0] - totals[..., 1]) / totals[..., 0])


def per_100_years(totals: Floats) -> Floats:
    """Return events over years, the first total over the second, per 100 patient-years."""
    return 100 * share(totals)


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
    return bootstrap_between([rows], figure, level=level, resamples=resamples, seed=seed)


def bootstrap_between(
    groups: Sequence[Numbers],
    figure: Figure,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLED,
    seed: int = SEED,
) -> Estimate:
    """Return the figure of groups of patients, as a ratio of two, together with its percentile limits.

    Each group is patients × columns; `figure` takes resamples × totals, the columns of the first group before those of
    the next. Every resample has as many patients of each group as there are.

    >>> more = bootstrap_between([[[2, 1], [0, 3]], [[1, 4], [1, 4]]], lambda of: of[:, 0] / of[:, 2])
    >>> more.value
    1.0
    """
    given = [doubles(rows) for rows in groups]
    sizes = [len(rows) for rows in given]
    blank = Estimate(
        figure.__name__,
        f"{resamples} resamples, seed {seed}",
        sum(sizes),
        interval="patient-cluster bootstrap, percentile",
    )
    if not all(sizes):
        return blank._replace(reason=EMPTY_GROUP if any(sizes) else NOTHING_GIVEN)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(figure(np.concatenate([rows.sum(axis=0) for rows in given])[None, :])[0])
        if not math.isfinite(value):
            return blank._replace(reason=NOTHING_GIVEN)
        if min(sizes) == 1:
            return blank._replace(value=value, reason=ONE_VALUE)
        drawn = figure(_resampled_together(given, resamples, seed))
    low, high = _percentiles(drawn, level)
    if not (math.isfinite(low) and math.isfinite(high)):
        return blank._replace(value=value, reason=RESAMPLES)
    return blank._replace(value=value, low=low, high=high)


def _resampled_together(groups: Sequence[Floats], resamples: int, seed: int) -> Floats:
    """Totals of resamples, each group's columns beside those of the others; the first is drawn as if it were alone."""
    totals = [
        np.concatenate(list(_resampled(rows, resamples, (seed, place) if place else (seed,))))
        for place, rows in enumerate(groups)
    ]
    return np.concatenate(totals, axis=1)


def _resampled(rows: Floats, resamples: int, seed: tuple[int, ...]) -> Iterator[Floats]:
    rows = rows[np.lexsort(rows.T)]
    drawing = (len(rows), resamples, seed)
    for times in KEPT_DRAWS.of(drawing) if len(rows) * resamples <= CELLS_KEPT else _draws(drawing):
        yield times @ rows


class _KeptDraws:
    """How often each patient is drawn: the same for all figures of so many patients, and so drawn once.

    What was asked for last is kept, as much of it as `CELLS_KEPT` allow.
    """

    def __init__(self) -> None:
        self._kept: dict[Drawing, tuple[Draws, ...]] = {}
        self._lock = Lock()

    def of(self, drawing: Drawing) -> tuple[Draws, ...]:
        with self._lock:
            found = self._kept.pop(drawing, None)
            if found is None:
                self._make_room(drawing)
                found = tuple(_draws(drawing))
            self._kept[drawing] = found
            return found

    def let_go(self) -> None:
        """Keep nothing any more, as a process that lives on does once a cohort is made."""
        with self._lock:
            self._kept.clear()

    def _make_room(self, drawing: Drawing) -> None:
        while sum(n * resamples for n, resamples, _ in (*self._kept, drawing)) > CELLS_KEPT:
            del self._kept[next(iter(self._kept))]


KEPT_DRAWS: Final = _KeptDraws()


def _draws(drawing: Drawing) -> Iterator[Draws]:
    n, resamples, seed = drawing
    random = np.random.default_rng(seed if len(seed) > 1 else seed[0])
    at_once = max(1, CELLS_AT_ONCE // n)
    for start in range(0, resamples, at_once):
        yield _drawn(random, n, min(at_once, resamples - start))


def _drawn(random: np.random.Generator, n: int, resamples: int) -> Draws:
    """Draw, a small part at a time: whole numbers come in eight bytes each, and fit into one."""
    at_once, even = max(1, CELLS_DRAWN_AT_ONCE // n), np.full(n, 1 / n)
    sizes = (min(at_once, resamples - start) for start in range(0, resamples, at_once))
    parts = (random.multinomial(n, even, size=size) for size in sizes)
    return np.concatenate([part.astype(np.min_scalar_type(part.max())) for part in parts])


def _percentiles(drawn: Floats, level: float) -> tuple[float, float]:
    defined = np.isfinite(drawn)
    tail = (1 - level) / 2 * (len(drawn) - 1)
    lowest = np.sort(np.where(defined, drawn, -np.inf))[math.floor(tail)]
    highest = np.sort(np.where(defined, drawn, np.inf))[len(drawn) - 1 - math.floor(tail)]
    return float(lowest), float(highest)
