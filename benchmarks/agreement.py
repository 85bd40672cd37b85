"""Agreement of two readers over 60,000 ratings as arrays, beside the same formulas in a loop over patients.

The side by side is the textbook analysis of variance, patient by patient, on a sample of the same ratings; both give
the same answers, and this is checked before anything is timed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import Contender, in_turn, repeated
from benchmarks.records import Benchmark, Compared, Found, Scale
from benchmarks.running import main
from projections.statistics.bland_altman import limits_of_agreement
from projections.statistics.category_squares import kappa_of_grades
from projections.statistics.detectable_change import sdc_from_status
from projections.statistics.intraclass import FORMS, Form, icc

RATED: Final = 60_000
SAMPLE: Final = 2_000
GRADES: Final = 139  # ASspiMRI totals, 0 to 138
Z: Final = NormalDist().inv_cdf(0.975)

Ratings = NDArray[np.int64]
Rows = list[list[int]]


def measure(scale: Scale) -> Found:
    """Measure each measure of agreement, as arrays and in a loop."""
    ratings = rated(seed=1)
    sample = ratings[:SAMPLE]
    loops = [
        *((f"ICC({form})", partial(_icc, form), partial(icc_in_a_loop, form=form)) for form in FORMS),
        ("quadratic kappa", _kappa, kappa_in_a_loop),
        ("limits of agreement", _limit, limit_in_a_loop),
        ("SDC from status", _sdc, sdc_in_a_loop),
    ]
    return Found(tuple(_compared(scale, ratings, sample, *each) for each in loops))


def _compared(
    scale: Scale,
    ratings: Ratings,
    sample: Ratings,
    name: str,
    arrays: Callable[[Ratings], float | None],
    loop: Callable[[Rows], float],
) -> Compared:
    ours, theirs, rows = arrays(sample), loop(sample.tolist()), sample.tolist()
    assert ours is not None, name
    assert abs(ours - theirs) < 1e-9, f"{name}: the loop disagrees"
    vectorised, looped = in_turn(
        scale.runs,
        Contender(f"{name}, arrays", lambda: repeated(lambda: arrays(ratings)), RATED, "patients"),
        Contender(f"{name}, loop", lambda: repeated(lambda: loop(rows)), SAMPLE, "patients"),
    )
    return Compared(vectorised, (looped,))


def rated(*, seed: int) -> Ratings:
    """Return two readers' totals of patients at random: skewed as such totals are, the second reader 1 higher."""
    random = np.random.default_rng(seed)
    true = random.gamma(1.2, 15, RATED)
    read = np.rint(true[:, None] + random.normal(0, 3, (RATED, 2)) + [0, 1])
    return np.clip(read, 0, GRADES - 1).astype(np.int64)


def icc_in_a_loop(ratings: Rows, form: Form) -> float:
    """Return the ICC of rows of ratings by the analysis of variance, one rating after the other."""
    n, k = len(ratings), len(ratings[0])
    grand = sum(sum(row) for row in ratings) / (n * k)
    readers = [sum(row[reader] for row in ratings) / n for reader in range(k)]
    between = error = 0.0
    for row in ratings:
        mean = sum(row) / k
        between += k * (mean - grand) ** 2
        error += sum((value - mean - reader + grand) ** 2 for value, reader in zip(row, readers))
    rows, error = between / (n - 1), error / ((n - 1) * (k - 1))
    columns = n * sum((reader - grand) ** 2 for reader in readers) / (k - 1)
    below = {
        "2,1": rows + (k - 1) * error + k * (columns - error) / n,
        "3,1": rows + (k - 1) * error,
        "2,k": rows + (columns - error) / n,
        "3,k": rows,
    }
    return (rows - error) / below[form]


def kappa_in_a_loop(ratings: Rows) -> float:
    """Return the quadratic kappa of pairs: observed over expected squared differences, pair by pair."""
    n = len(ratings)
    observed = sum((one - other) ** 2 for one, other in ratings) / n
    said = [[0] * GRADES for _ in range(2)]
    for row in ratings:
        for reader, grade in enumerate(row):
            said[reader][grade] += 1
    first, second = said
    expected = sum(
        times * others * (one - other) ** 2
        for one, times in enumerate(first)
        if times
        for other, others in enumerate(second)
    )
    return 1 - observed / (expected / n**2)


def limit_in_a_loop(ratings: Rows) -> float:
    """Return the upper 95% limit of agreement of pairs: bias + 1.96 SD of the differences."""
    bias, sd = _differing(ratings)
    return bias + Z * sd


def sdc_in_a_loop(ratings: Rows) -> float:
    """Return the smallest detectable change from status of one reader: 1.96 SD of the differences."""
    return Z * _differing(ratings)[1]


def _differing(ratings: Rows) -> tuple[float, float]:
    n = len(ratings)
    bias = sum(one - other for one, other in ratings) / n
    return bias, (sum((one - other - bias) ** 2 for one, other in ratings) / (n - 1)) ** 0.5


def _icc(form: Form, ratings: Ratings) -> float | None:
    return icc(ratings, form=form).value


def _kappa(ratings: Ratings) -> float | None:
    return kappa_of_grades(ratings[:, 0], ratings[:, 1], n_grades=GRADES, weighting="quadratic").value


def _limit(ratings: Ratings) -> float | None:
    return limits_of_agreement(ratings[:, 0], ratings[:, 1]).upper.value


def _sdc(ratings: Ratings) -> float | None:
    return sdc_from_status(ratings[:, 0], ratings[:, 1]).value


BENCHMARK: Final = Benchmark(
    name="agreement",
    title="Agreement of two readers",
    method=f"Totals of {RATED:,} patients by two readers as arrays, beside the textbook formulas in a loop over "
    f"{SAMPLE:,} of the same patients. Both give the same figures for these.",
    packages=("numpy", "scipy"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
