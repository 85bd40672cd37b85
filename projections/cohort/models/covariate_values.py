"""What the covariates of a model are of each member: a number, or a word with its levels."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.cohort.definition.groups import YES_NO, allowed_words
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.groups import NO_GROUP, grouped, words_of
from projections.cohort.members.years_at_day_zero import years_at_day_zero
from projections.cohort.models.covariates import Covariate, of_line
from projections.cohort.models.misfits import measured_at
from projections.columns.coded import EPOCH, Truth
from projections.statistics.ordering import exact_column
from registry.catalogue.instruments.values import Values

NEGATIVE: Final = "negative"


class CovariateValues(NamedTuple):
    """One row a member: `numbers`, or places in `levels` as numbers; `known` says of whom.

    `levels` are all that some member has, in their order, and `usual` is the usual reference; neither of a number.
    `limits` says of whom a limit alone is known, which counts as the value.
    """

    covariate: Covariate
    numbers: npt.NDArray[np.float64]
    known: Truth
    levels: tuple[str, ...] = ()
    usual: str | None = None
    limits: Truth | None = None

    @property
    def reference(self) -> str | None:
        """The level with which each other is compared: the one that was asked for, else the usual one."""
        return self.covariate.reference or self.usual


def covariate_values(cohort: Cohort, covariate: Covariate) -> CovariateValues:
    """Return a covariate of each member. Raises as `grouped` does, and what asks for readings raises."""
    if covariate.kind == "years":
        return _numbers(covariate, exact_column(years_at_day_zero(cohort, covariate.what)))
    if covariate.kind == "start year":
        return _numbers(
            covariate, exact_column([date.fromordinal(day + EPOCH).year for day in cohort.day_zero.tolist()])
        )
    if covariate.kind == "number":
        return _measured(cohort, covariate)
    if covariate.kind == "group":
        found = grouped(cohort)
        of = found.of.astype(np.float64)
        return CovariateValues(covariate, of, found.of != NO_GROUP, found.names, found.reference)
    return _words(cohort, covariate)


def _numbers(covariate: Covariate, column: Values) -> CovariateValues:
    return CovariateValues(covariate, column.doubles(unknown=0.0), column.known)


def _measured(cohort: Cohort, covariate: Covariate) -> CovariateValues:
    point = measured_at(cohort.definition, covariate)
    assert point is not None
    column = cohort.values(covariate.what)[cohort.definition.place(point)]
    return _numbers(covariate, column)._replace(limits=column.censored)


def _words(cohort: Cohort, covariate: Covariate) -> CovariateValues:
    by = covariate.by
    assert by is not None
    said: list[str | None]
    if of_line(covariate):
        said = [None if line is None else str(line) for line in cohort.lines]
        listed: tuple[str, ...] | None = tuple(map(str, sorted({line for line in cohort.lines if line is not None})))
    else:
        words = words_of(cohort, by, at=lambda: _read_at(cohort, covariate))
        said = [None if each is None else each[0] for each in words]
        listed = allowed_words(by.by, by.kind, by.method, cohort.facts.catalogue)
    there = {each for each in said if each is not None}
    levels = tuple(sorted(there)) if listed is None else tuple(each for each in listed if each in there)
    place: dict[Any, int] = {level: number for number, level in enumerate(levels)}
    numbers = np.array([place.get(each, 0) for each in said], dtype=np.float64)
    known = np.array([each is not None for each in said], dtype=bool)
    usual = next((each for each in (YES_NO[1], NEGATIVE) if each in levels), levels[0] if levels else None)
    return CovariateValues(covariate, numbers, known, levels, usual)


def _read_at(cohort: Cohort, covariate: Covariate) -> Cohort:
    point = measured_at(cohort.definition, covariate)
    assert point is not None
    return cohort.at_time_points((cohort.definition.time_points[cohort.definition.place(point)],))
