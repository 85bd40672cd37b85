"""The sums of a method for each member of a cohort: of several readers the mean of their sums, or a final score."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from projections.cohort.figures.comparing import left_out_for
from projections.cohort.figures.completeness import known_share
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.final_readings import final_readings
from projections.cohort.members.cohort import NO_ANCHOR, Cohort
from projections.cohort.members.readings import finals_of, readings_of
from projections.columns.coded import Rows, Truth
from projections.grading.score_values import score_values, whole_column
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.scores import Score

NO_TOTAL: Final = "without a total"
Totals = list[Fraction | None]


class MethodTotals(NamedTuple):
    """A sum of a method at each time point, one row a member; `row` is what tables call it.

    None where nobody read the member, or the policy allows no value; of the others `imputed` says whether the value
    has imputed locations. `without_anchor` are those without the day that the time point counts from.
    """

    method: str
    row: str
    policy: str
    at: list[Totals]
    imputed: list[list[bool]]
    without_anchor: list[Truth]

    @property
    def n_imputed(self) -> list[int]:
        """Of how many members a value has imputed locations, at each time point."""
        return [sum(at) for at in self.imputed]

    def of_members(self, rows: Rows) -> MethodTotals:
        """Return the sums of some of the members."""
        own = rows.tolist()
        at, imputed = ([[column[row] for row in own] for column in columns] for columns in (self.at, self.imputed))
        return self._replace(at=at, imputed=imputed, without_anchor=[each[rows] for each in self.without_anchor])

    def known(self, place: int) -> list[Fraction]:
        """Return the sums that there are at a time point."""
        return [total for total in self.at[place] if total is not None]

    def note(self, place: int) -> str:
        """Return of how many members there is a sum at a time point, and how many of these rest on imputed ones."""
        n, known, none = len(self.at[place]), len(self.known(place)), int(self.without_anchor[place].sum())
        note = left_out_for(n, [(none, NO_ANCHOR), (n - known - none, NO_TOTAL)])
        return note + (f"; {self.n_imputed[place]} with imputed locations" if self.n_imputed[place] else "")


class _Sums(NamedTuple):
    """The headline sums of a method."""

    each: list[MethodTotals]

    def of_members(self, rows: Rows) -> _Sums:
        return _Sums([totals.of_members(rows) for totals in self.each])


def method_totals(cohort: Cohort, method: str) -> list[MethodTotals]:
    """Return the headline sums of each member at each time point, one after the other."""
    return cohort.by_member(("totals", method), lambda whole: _Sums(_method_totals(whole, method))).each


def _method_totals(cohort: Cohort, method: str) -> list[MethodTotals]:
    if finals_of(cohort, method):
        return list(_final_totals(cohort, method))
    declared = readings_of(cohort, method).grading.method
    return [_totals(cohort, declared, score) for score in declared.sums]


def row_of_sum(method: Method, score: Score) -> str:
    """Return what tables call a headline sum: the code of the method, with the score's name where there are several."""
    return method.code if len(method.sums) == 1 else f"{method.code} {score.name}"


def _final_totals(cohort: Cohort, method: str) -> Iterator[MethodTotals]:
    """Yield the final scores of the campaign: of the preferred study that all have read to whom it was given."""
    final = final_readings(cohort)
    stands, declared = final.places.T, final.read.grading.method
    sums = {score.name: score for score in declared.sums}
    for name, of_score in final.scores.items():
        if name in sums:
            values, row = of_score.found.values, row_of_sum(declared, sums[name])
            at = [[values.fraction(study) for study in studies] for studies in stands.tolist()]
            imputed = [(np.append(of_score.n_imputed, 0)[studies] > 0).tolist() for studies in stands]
            yield MethodTotals(
                method, row, f"{sums[name].policy.name}; {final.told}", at, imputed, _without_anchor(cohort)
            )


def _without_anchor(cohort: Cohort) -> list[Truth]:
    return [cohort.without_anchor(name) for name in cohort.names]


def _totals(cohort: Cohort, method: Method, score: Score) -> MethodTotals:
    readings = readings_of(cohort, method.code)
    found = score_values(readings.grading, (whole_column(method, score),))
    numerators, denominators, known, _, n_imputed = (each[:, 0].tolist() for each in found)
    at_time_points, imputed = [], []
    for place in range(len(cohort.names)):
        rows = [by_reader[:, place].tolist() for by_reader in readings.places.values()]
        totals: Totals = [None] * cohort.n
        made_up = [False] * cohort.n
        for member in readings.read_by_all(place).tolist():
            of_readers = [row[member] for row in rows]
            if all(known[reading] for reading in of_readers):
                values = [Fraction(numerators[each], denominators[each]) for each in of_readers]
                totals[member] = sum(values[1:], values[0]) / len(values) if len(values) > 1 else values[0]
                made_up[member] = any(n_imputed[each] for each in of_readers)
        at_time_points.append(totals)
        imputed.append(made_up)
    row = row_of_sum(method, score)
    return MethodTotals(method.code, row, score.policy.name, at_time_points, imputed, _without_anchor(cohort))


def total_known(cohort: Cohort, totals: MethodTotals, place: int) -> Figure:
    """Return of how many of the members there is a sum at a time point."""
    at = (totals.row, cohort.names[place])
    return known_share(cohort, at, totals.at[place], note=totals.note(place))
