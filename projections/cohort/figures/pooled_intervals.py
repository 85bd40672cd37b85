"""Changes over several intervals of a patient put together: limits are those of patients, not of intervals.

An interval is what lies between two time points; of a patient all count that can be judged. Limits are by the
patient-cluster bootstrap, for what a patient's intervals say is not independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from projections.cohort.figures.comparing import of_estimate, share
from projections.cohort.figures.dependent_rows import bootstrapped, of_patients, totals_by_patient
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.imaging_answers import MemberAnswers
from projections.cohort.members.cohort import Cohort
from projections.statistics.ordering import Floats
from projections.statistics.results import Estimate
from projections.statistics.rounding import fixed

ALL_INTERVALS: Final = "all intervals"


def pooled(cohort: Cohort, row: str, told: str, answers: Sequence[MemberAnswers]) -> Iterator[Figure]:
    """Yield the figures of all intervals together: those that meet a criterion, the patients with one, the changes."""
    at, note = (row, ALL_INTERVALS), _note(cohort, answers)
    met = _by_patient(cohort, [(each.members, each.said.met.certain, each.known) for each in answers])
    n, n_known = (int(total) for total in met.sum(axis=0))
    estimate = of_estimate((*at, "met"), bootstrapped(met, cohort.options), unit="%", scale=100)
    yield _told(estimate, cohort, told)._replace(
        text=f"{n} of {n_known}" + (f" ({fixed(100 * n / n_known, 1)}%)" if n_known else ""),
        numerator=n,
        denominator=n_known,
        denominator_note=note,
    )
    n_judged = sum(len(each.members) for each in answers)
    yield Figure(
        *at,
        "open",
        value=n_judged - n_known,
        text=f"{n_judged - n_known} of {n_judged}",
        numerator=n_judged - n_known,
        denominator=n_judged,
        denominator_note=note,
        variant=told,
    )
    with_one = share((*at, "patients"), int((met[:, 0] > 0).sum()), len(met), cohort.options, note=note)
    with_one = of_patients(with_one, cohort, above=met[:, 0] > 0, below=np.ones(len(met)))
    yield with_one._replace(variant=f"{told}; one interval at least; {with_one.variant}")
    changes = _by_patient(
        cohort, [(each.members, each.said.value.doubles(), each.said.value.known) for each in answers]
    )
    yield mean_change(at, bootstrapped(changes, cohort.options), cohort, note=note, told=told)
    for figure in described(at, [value for each in answers for value in each.values], note=note):
        n_patients = len(changes)
        yield figure._replace(variant="; ".join(filter(None, (told, figure.variant))), n_patients=n_patients)


def mean_change(at: tuple[str, str], estimate: Estimate, cohort: Cohort, *, note: str, told: str) -> Figure:
    """Return a mean change with its limits; a change is later minus earlier."""
    figure = of_estimate((*at, "mean change"), estimate, decimals=2)
    return _told(figure, cohort, told)._replace(denominator_note=note)


def _told(figure: Figure, cohort: Cohort, told: str) -> Figure:
    limits = figure.ci_method and f"{figure.ci_method}, {100 * cohort.options.level:g}%"
    return figure._replace(variant=f"{told}; {figure.variant}", ci_method=limits)


def _by_patient(cohort: Cohort, counted: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Floats:
    """Return of each patient with something known the sum over the intervals of all rows, and how many these are."""
    members, values, known = (np.concatenate(each) for each in zip(*counted, strict=True))
    return totals_by_patient(cohort, members[known], np.stack([values[known], np.ones(int(known.sum()))], axis=1))


def _note(cohort: Cohort, answers: Sequence[MemberAnswers]) -> str:
    judged = [each.members for each in answers]
    n, elsewhere = sum(map(len, judged)), sum(len(each.elsewhere) for each in answers)
    of = len(np.unique(np.asarray(cohort.members)[np.concatenate(judged)])) if judged else 0
    possible = cohort.n * len(answers)
    told = f"{n} of {possible} intervals, of {of} of {cohort.admitted.n_patients} patients"
    unread = possible - n - elsewhere
    return "; ".join(
        [
            told,
            *([f"{unread} without both values"] if unread else []),
            *([f"{elsewhere} at another distance in days"] if elsewhere else []),
        ]
    )
