"""Figures of rows of which one patient has several: no test for independent rows, and limits by patient bootstrap.

Rows of one patient are alike, so that a test for independent rows finds too much and an interval is too narrow.
Patients are drawn with replacement, each with all rows (`cluster_bootstrap`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from projections.cohort.figures.comparing import limits_text
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.statistics.cluster_bootstrap import cluster_bootstrap, share
from projections.statistics.results import ROWS_DEPENDENT
from projections.statistics.rounding import decimals_of

BOOTSTRAP: Final = "patient-cluster bootstrap"
LIMITS: Final = re.compile(r" \([^()%]*\)\Z")  # as a text has them at its end; a percentage is none


def of_dependent_rows(figures: Iterable[Figure], cohort: Cohort) -> Iterator[Figure]:
    """Yield figures; where a patient has several rows without what holds of independent ones alone, and why."""
    if not cohort.repeats:
        yield from figures
        return
    for figure in figures:
        if figure.p_value is not None:
            yield figure._replace(value=None, text=None, p_value=None, reason=ROWS_DEPENDENT)
        elif figure.ci_low is None or (figure.ci_method or "").startswith(BOOTSTRAP):
            yield figure
        else:
            text = figure.text and LIMITS.sub("", figure.text)
            yield figure._replace(
                text=text, ci_low=None, ci_high=None, ci_method=None, reason=figure.reason or ROWS_DEPENDENT
            )


def by_patient(
    figure: Figure, cohort: Cohort, *, above: npt.NDArray[Any], below: npt.NDArray[Any], scale: float = 100
) -> Figure:
    """Return a ratio of sums over the rows with limits that allow for several rows of a patient.

    `above` and `below` are what each row adds to numerator and denominator; `scale` is that of the figure. Where no
    patient has two rows the figure stands as it is.
    """
    if not cohort.repeats or figure.value is None:
        return figure
    patient = np.unique(cohort.members, return_inverse=True)[1]
    sums = np.zeros((int(patient.max()) + 1, 2))
    np.add.at(sums, patient, np.stack([np.asarray(each, dtype=np.float64) for each in (above, below)], axis=1))
    options = cohort.options
    found = cluster_bootstrap(
        sums[sums[:, 1] > 0].tolist(), share, level=options.level, resamples=options.resamples, seed=options.seed
    )
    if found.low is None or found.high is None:
        return figure
    low, high = scale * found.low, scale * found.high
    text = figure.text and LIMITS.sub(f" ({limits_text(low, high, decimals_of(figure.unit))})", figure.text)
    method = f"{found.interval}, {100 * options.level:g}%, {found.variant}"
    return figure._replace(text=text, ci_low=low, ci_high=high, ci_method=method)
