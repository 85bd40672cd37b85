"""The rows on which a model is fitted: who has an outcome and every covariate, and the columns of the covariates.

A level of a word is a column, but for the reference. Levels are those of the rows that are used. Who lacks a covariate
is left out for the first that is missing, in the order of the definition, so that the numbers add up; of how many each
is missing is told of its own.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.cohort.definition.groups import Groups
from projections.cohort.members.cohort import Cohort
from projections.cohort.models.asked import Model
from projections.cohort.models.covariate_values import CovariateValues, covariate_values
from projections.cohort.models.covariates import Covariate
from projections.cohort.models.outcomes import Doubles, Outcomes, outcomes
from projections.columns.coded import Rows, Truth
from projections.statistics.results import CONSTANT, EMPTY_GROUP, MISSING_FOR_ALL, NOTHING_GIVEN

TIME: Final = "time"
CENTRE: Final = Covariate("centre", "words", "centre", Groups("centre", "fixed"))


class Term(NamedTuple):
    """A covariate in a model: its levels and the reference, both none of a number, and its columns from 0.

    `of` is the place of each row's level; `missing` is how many members with an outcome lack it. `left_out` is how many
    members of each level that members have are in no row.
    """

    name: str
    levels: tuple[str, ...]
    reference: str | None
    columns: tuple[int, ...]
    of: Rows
    missing: int = 0
    left_out: tuple[int, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether it is a number, with one column."""
        return self.reference is None and bool(self.columns)

    @property
    def others(self) -> tuple[str, ...]:
        """The levels that are compared with the reference, one a column."""
        return tuple(each for each in self.levels if each != self.reference)


class ModelRows(NamedTuple):
    """What a model is fitted on. `strata` and `centres` are numbers by row, None where they are not asked for.

    `columns` are rows × covariates; `crossed` are those of exposure × time, by time point but the first. `reason` says
    why there is no model, of which covariate `named`.
    """

    outcomes: Outcomes
    terms: tuple[Term, ...]
    columns: Doubles
    crossed: tuple[tuple[int, ...], ...]
    strata: npt.NDArray[np.int64] | None
    centres: npt.NDArray[np.int64] | None
    left_out: tuple[tuple[int, str], ...]
    told: tuple[str, ...]
    reason: str | None = None
    named: tuple[str, ...] = ()

    def name_of(self, column: int) -> str:
        """Return the name of the covariate of a column."""
        own = next((term.name for term in self.terms if column in term.columns), None)
        return own or f"{self.terms[0].name} with {TIME}"


def model_rows(cohort: Cohort, model: Model) -> ModelRows:
    """Return the rows on which a model is fitted. Raises as `outcomes` and `covariate_values` do."""
    found = outcomes(cohort, model)
    values = [covariate_values(cohort, each) for each in (*model.all_covariates, *_clustered_by(model))]
    kept, left_out, missing = _complete(found, values)
    used = found.only(kept)
    told = (*found.told, *_limits(values, used))
    reason, named = _nothing_there(found, used, values, missing)
    terms, columns = _terms(model, used, values, missing)
    if reason is None:
        reason, named = _without_comparison(terms, columns)
    crossed = _crossed(terms, columns) if model.interaction and reason is None else ()
    matrix = np.stack(columns, axis=1) if columns else np.zeros((len(used.member), 0))
    n_fixed, n_strata = len(model.covariates), len(model.all_covariates)
    strata, centres = _numbered(used, values[n_fixed:n_strata]), _numbered(used, values[n_strata:])
    return ModelRows(used, terms, matrix, crossed, strata, centres, (*found.left_out, *left_out), told, reason, named)


def _clustered_by(model: Model) -> tuple[Covariate, ...]:
    """Return what the rows are clustered by beside patients: the centre, which has to be known then."""
    return (CENTRE,) if model.clusters == "centre" else ()


def _complete(found: Outcomes, values: list[CovariateValues]) -> tuple[Truth, list[tuple[int, str]], list[int]]:
    """Return which rows have all, how many members are left out for what, and of how many each covariate is missing."""
    kept = np.ones(len(found.member), dtype=bool)
    left_out, missing = [], []
    for each in values:
        known = each.known[found.member]
        missing.append(len(np.unique(found.member[~known])))
        left_out.append((len(np.unique(found.member[kept & ~known])), f"without {each.covariate.name}"))
        kept &= known
    return kept, left_out, missing


def _limits(values: list[CovariateValues], used: Outcomes) -> list[str]:
    members = np.unique(used.member)
    counted = [(each, 0 if each.limits is None else int(each.limits[members].sum())) for each in values]
    return [f"{n} limits of {each.covariate.name} count as values" for each, n in counted if n]


def _nothing_there(
    found: Outcomes, used: Outcomes, values: list[CovariateValues], missing: list[int]
) -> tuple[str | None, tuple[str, ...]]:
    n = len(np.unique(found.member))
    if not n:
        return NOTHING_GIVEN, ()
    nobody = tuple(each.covariate.name for each, lacking in zip(values, missing, strict=True) if lacking == n)
    if nobody:
        return MISSING_FOR_ALL, nobody
    return (None, ()) if len(used.member) else (NOTHING_GIVEN, ())


def _terms(
    model: Model, used: Outcomes, values: list[CovariateValues], missing: list[int]
) -> tuple[tuple[Term, ...], list[Doubles]]:
    """Return the terms with their columns: the covariates in their order, then time where there are several points."""
    terms: list[Term] = []
    columns: list[Doubles] = []
    for each, lacking in zip(values[: len(model.covariates)], missing, strict=False):
        own = each.numbers[used.member]
        if each.covariate.is_number:
            terms.append(Term(each.covariate.name, (), None, (len(columns),), np.zeros(len(own), np.intp), lacking))
            columns.append(own)
        else:
            levels = [level for place, level in enumerate(each.levels) if (own == place).any()]
            of = np.array([levels.index(each.levels[int(place)]) for place in own], dtype=np.intp)
            term = _worded(each.covariate.name, levels, each.reference, of, columns)
            terms.append(term._replace(missing=lacking, left_out=_left_out(each, used)))
    if len(used.points) > 1:
        there = [place for place in range(len(used.points)) if (used.point == place).any()]
        names = [used.points[place] for place in there]
        terms.append(_worded(TIME, names, names[0] if names else None, np.searchsorted(there, used.point), columns))
    return tuple(terms), columns


def _left_out(of: CovariateValues, used: Outcomes) -> tuple[int, ...]:
    """Return how many members of each level are in no row."""
    outside = of.known.copy()
    outside[used.member] = False
    return tuple(np.bincount(of.numbers[outside].astype(np.intp), minlength=len(of.levels)).tolist())


def _worded(name: str, levels: list[str], reference: str | None, of: Rows, columns: list[Doubles]) -> Term:
    """Return the term of a word, and add its columns."""
    others = [place for place, level in enumerate(levels) if level != reference]
    places = tuple(range(len(columns), len(columns) + len(others)))
    columns += [(of == place).astype(np.float64) for place in others]
    return Term(name, tuple(levels), reference, places, of)


def _without_comparison(terms: tuple[Term, ...], columns: list[Doubles]) -> tuple[str | None, tuple[str, ...]]:
    """Return why a covariate compares nothing: one value only, or nobody at its reference."""
    worded = [term for term in terms if not term.is_number]
    alone = [term.name for term in worded if len(term.levels) < 2]
    alone += [term.name for term in terms if term.is_number and not np.ptp(columns[term.columns[0]])]
    if alone:
        return CONSTANT, tuple(alone)
    empty = tuple(f"{term.name}: {term.reference}" for term in worded if term.reference not in term.levels)
    return (EMPTY_GROUP, empty) if empty else (None, ())


def _crossed(terms: tuple[Term, ...], columns: list[Doubles]) -> tuple[tuple[int, ...], ...]:
    """Add the columns of exposure × time, and return their places by time point but the first."""
    exposure, time = terms[0], terms[-1]
    found = []
    for of_time in time.columns:
        found.append(tuple(range(len(columns), len(columns) + len(exposure.columns))))
        columns += [columns[each] * columns[of_time] for each in exposure.columns]
    return tuple(found)


def _numbered(used: Outcomes, values: list[CovariateValues]) -> npt.NDArray[np.int64] | None:
    """Return a number for what words each row has together, None without words."""
    if not values:
        return None
    places = np.stack([each.numbers[used.member].astype(np.int64) for each in values], axis=1)
    numbers: npt.NDArray[np.int64] = np.unique(places, axis=0, return_inverse=True)[1].reshape(-1)
    return numbers
