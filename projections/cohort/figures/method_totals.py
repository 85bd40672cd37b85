"""The sums of a method for each member of a cohort: of several readers the mean of their sums, or a final score."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from projections.campaigns.final_scores import finals
from projections.campaigns.read_campaigns import read_campaigns
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.readings import finals_of, readings_of
from projections.cohort.members.visit_windows import NONE, Candidates, Dated
from projections.grading.score_values import score_values, whole_column
from registry.catalogue.imaging.scores import Score

Totals = list[Fraction | None]


class MethodTotals(NamedTuple):
    """A sum of a method at each time point, one row a member; `row` is what tables call it.

    None where nobody read the member, or the policy allows no value; of the others `n_imputed` says how many readings
    at each time point have values with imputed locations.
    """

    method: str
    row: str
    policy: str
    at: list[Totals]
    n_imputed: list[int]


def method_totals(cohort: Cohort, method: str) -> list[MethodTotals]:
    """Return the headline sums of each member at each time point, one after the other."""
    if finals_of(cohort, method):
        return list(_final_totals(cohort, method))
    declared = readings_of(cohort, method).grading.method
    return [_totals(cohort, method, score, only=len(declared.sums) == 1) for score in declared.sums]


def _final_totals(cohort: Cohort, method: str) -> Iterator[MethodTotals]:
    """Yield the final scores of the campaign: of the preferred study that all have read to whom it was given."""
    name = cohort.definition.imaging.campaign
    (read,) = (each for each in read_campaigns(cohort.facts) if each.campaign.campaign == name)
    days = Dated.of(cohort.admitted, read.patients, read.days.astype(np.int64))
    points = cohort.definition.time_points
    candidates = Candidates.of(days, points, cohort.admitted.anchors(points))
    stands = candidates.chosen(read.is_whole).T
    sums = {score.name: score for score in read.grading.method.sums}
    for final in finals(read):
        if final.score in sums:
            values, row = final.found.values, method if len(sums) == 1 else f"{method} {final.score}"
            policy = f"{sums[final.score].policy.name}; final scores of {name}, {read.campaign.final}"
            at = [[values.fraction(study) for study in studies] for studies in stands.tolist()]
            imputed = [int((np.append(final.n_imputed, 0)[studies] > 0).sum()) for studies in stands]
            yield MethodTotals(method, row, policy, at, imputed)


def _totals(cohort: Cohort, method: str, score: Score, *, only: bool) -> MethodTotals:
    readings = readings_of(cohort, method)
    found = score_values(readings.grading, (whole_column(readings.grading.method, score),))
    numerators, denominators, known, _, n_imputed = (each[:, 0] for each in found)
    at_time_points, imputed = [], []
    for place in range(len(cohort.names)):
        rows = [by_reader[:, place] for by_reader in readings.places.values()]
        there = np.all([row != NONE for row in rows], axis=0) if rows else np.zeros(cohort.n, dtype=np.bool_)
        totals: Totals = [None] * cohort.n
        count = 0
        for member in np.flatnonzero(there).tolist():
            of_readers = [int(row[member]) for row in rows]
            if all(known[reading] for reading in of_readers):
                values = [Fraction(int(numerators[each]), int(denominators[each])) for each in of_readers]
                totals[member] = sum(values, Fraction(0)) / len(values)
                count += any(n_imputed[each] for each in of_readers)
        at_time_points.append(totals)
        imputed.append(count)
    row = method if only else f"{method} {score.name}"
    return MethodTotals(method, row, score.policy.name, at_time_points, imputed)
