"""Figures of rows of which one patient has several: no test for independent rows, and limits by patient bootstrap.

Rows of one patient are alike, so that a test for independent rows finds too much and an interval is too narrow.
Patients are drawn with replacement, each with all rows (`cluster_bootstrap`). Where all patients say the same, drawing
them tells nothing, and there are no limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from projections.cohort.definition.statistical_options import StatisticalOptions
from projections.cohort.figures.comparing import limits_text, share
from projections.cohort.figures.figures import At, Figure
from projections.cohort.members.cohort import Cohort
from projections.columns.coded import Rows, Truth
from projections.statistics.cluster_bootstrap import Figure as OfTotals
from projections.statistics.cluster_bootstrap import cluster_bootstrap
from projections.statistics.cluster_bootstrap import share as over_totals
from projections.statistics.ordering import Floats, exact_column
from projections.statistics.results import ROWS_DEPENDENT, ZERO_VARIANCE, Estimate
from projections.statistics.rounding import decimals_of
from registry.catalogue.instruments.values import Number, Values

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
        elif (figure.ci_low is None and figure.ci_high is None) or (figure.ci_method or "").startswith(BOOTSTRAP):
            yield figure
        else:
            yield without_limits(figure, figure.reason or ROWS_DEPENDENT)


def without_limits(figure: Figure, reason: str) -> Figure:
    """Return a figure without its limits, and why it has none."""
    text = figure.text and LIMITS.sub("", figure.text)
    return figure._replace(text=text, ci_low=None, ci_high=None, ci_method=None, reason=reason)


def by_patient(
    figure: Figure, cohort: Cohort, *, above: npt.NDArray[Any], below: npt.NDArray[Any], scale: float = 100
) -> Figure:
    """Return a ratio of sums over the rows with limits that allow for several rows of a patient.

    `above` and `below` are what each row adds to numerator and denominator; `scale` is that of the figure. A figure
    without limits stands as it is, and so does any where no patient has two rows.
    """
    if not cohort.repeats:
        return figure
    sums = totals_by_patient(cohort, np.arange(cohort.n), np.stack([above, below], axis=1))
    return of_patients(figure, cohort, above=sums[:, 0], below=sums[:, 1], scale=scale)


def of_patients(
    figure: Figure, cohort: Cohort, *, above: npt.NDArray[Any], below: npt.NDArray[Any], scale: float = 100
) -> Figure:
    """Return a ratio of sums over patients, as `by_patient` does one over the rows."""
    if not cohort.repeats or figure.value is None or figure.ci_low is None:
        return figure
    counts = below > 0
    found = bootstrapped(np.stack([above[counts], below[counts]], axis=1), cohort.options)
    if found.low is None or found.high is None:
        return without_limits(figure, found.reason or ROWS_DEPENDENT)
    low, high = scale * found.low, scale * found.high
    text = figure.text and LIMITS.sub(f" ({limits_text(low, high, decimals_of(figure.unit))})", figure.text)
    method = f"{found.interval}, {100 * cohort.options.level:g}%, {found.variant}"
    return figure._replace(text=text, ci_low=low, ci_high=high, ci_method=method)


def mean_by_patient(figure: Figure, cohort: Cohort, values: Sequence[Number | None] | Values) -> Figure:
    """Return a mean of the rows, None of which there is no value, with limits as `by_patient` makes them."""
    if not cohort.repeats:
        return figure
    column = exact_column(values)
    return by_patient(figure, cohort, above=column.doubles(unknown=0.0), below=column.known, scale=1)


def share_of(cohort: Cohort, at: At, yes: Truth, known: Truth, *, note: str, decimals: int = 1) -> Figure:
    """Return of how many of the rows of whom it is `known` something is so, with limits as `by_patient` makes them."""
    has = yes & known
    figure = share(at, int(has.sum()), int(known.sum()), cohort.options, note=note, decimals=decimals)
    return by_patient(figure, cohort, above=has, below=known)


def totals_by_patient(cohort: Cohort, members: Rows, columns: npt.NDArray[Any]) -> Floats:
    """Return the sums of some columns over the rows of each patient; `members` says which member each row is of."""
    own, patient = np.unique(np.asarray(cohort.members)[members], return_inverse=True)
    totals = np.zeros((len(own), columns.shape[1]))
    np.add.at(totals, patient, columns.astype(np.float64))
    return totals


def bootstrapped(totals: Floats, options: StatisticalOptions, figure: OfTotals = over_totals) -> Estimate:
    """Return a figure of totals of patients, by default the first over the second, with limits of drawing patients."""
    found = cluster_bootstrap(totals, figure, level=options.level, resamples=options.resamples, seed=options.seed)
    if found.low is not None and found.low == found.high:
        return found._replace(low=None, high=None, reason=ZERO_VARIANCE)
    return found
