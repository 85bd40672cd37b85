"""Agreement of two readers on single grades, location by location; see `projections.cohort.tables.agreement`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from projections.cohort.definition.table_keys import Pairs
from projections.cohort.figures.address import VERSUS, without
from projections.cohort.figures.comparing import between, of_estimate, share
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.reader_pairs import ReaderPair
from projections.columns.coded import Truth
from projections.grading.grades import NOT_ASSESSED, Grading
from projections.statistics.category_squares import kappa_of_grades
from projections.statistics.kappa import Weighting

WEIGHTINGS: Final[tuple[Weighting, ...]] = get_args(Weighting)
TWO_CATEGORIES: Final = 2  # where every weighting is the unweighted one

Graded = npt.NDArray[np.int16]


class PairedGrades(NamedTuple):
    """What two readers said of locations, as numbers from 0 to `n_categories` − 1, of so many patients."""

    first: Graded
    second: Graded
    n_categories: int
    n_patients: int
    note: str


def grade_agreement(
    cohort: Cohort, grading: Grading, item: int, *, pair: ReaderPair, compare: Pairs
) -> Iterator[Figure]:
    """Yield the agreement of two readers on the grades of an item, and on how they changed."""
    row = row_of(f"{grading.method.code} {grading.method.items[item].name or 'grade'}", pair)
    for place, name in enumerate(cohort.names):
        yield from _agreed(cohort, (row, name), _at(grading, item, pair, place))
    for two in compare:
        places = [cohort.definition.place(name) for name in two]
        yield from _agreed(cohort, (row, between(two)), _changed(grading, item, pair, places))


def row_of(what: str, pair: ReaderPair) -> str:
    """Return the row of what two readers said, as `berlin total: R1 v R2`."""
    return f"{what}: {VERSUS.join(without(VERSUS, reader) for reader in pair.readers)}"


def _at(grading: Grading, item: int, pair: ReaderPair, place: int) -> PairedGrades:
    rows = np.flatnonzero(pair.both[:, place])
    first, second = (grading.grades[item][places[rows, place]] for places in (pair.first, pair.second))
    both = (first != NOT_ASSESSED) & (second != NOT_ASSESSED)
    note = _note("locations that both assessed", both)
    return PairedGrades(first[both], second[both], max(grading.method.items[item].grades) + 1, len(rows), note)


def _changed(grading: Grading, item: int, pair: ReaderPair, places: list[int]) -> PairedGrades:
    """Return the later grade minus the earlier of each reader, from 0 for the greatest fall."""
    rows = np.flatnonzero(pair.both[:, places].all(axis=1))
    greatest = max(grading.method.items[item].grades)
    at = [[grading.grades[item][whose[rows, place]] for place in places] for whose in (pair.first, pair.second)]
    both = np.all([each != NOT_ASSESSED for reader in at for each in reader], axis=0)
    first, second = (after[both].astype(np.int16) - before[both] + greatest for before, after in at)
    note = _note("changes of locations that both assessed twice", both)
    return PairedGrades(first, second, 2 * greatest + 1, len(rows), note)


def _note(what: str, both: Truth) -> str:
    n_patients, left = len(both), int((~both).sum())
    said = f"{what}, of {n_patients} {'patient' if n_patients == 1 else 'patients'}"
    return f"{said}; {left} locations left out" if left else said


def _agreed(cohort: Cohort, at: tuple[str, str], paired: PairedGrades) -> Iterator[Figure]:
    n, same = len(paired.first), int((paired.first == paired.second).sum())
    yield share((*at, "agreement"), same, n, cohort.options, note=paired.note)._replace(n_patients=paired.n_patients)
    for weighting in WEIGHTINGS if paired.n_categories > TWO_CATEGORIES else WEIGHTINGS[:1]:
        kappa = kappa_of_grades(paired.first, paired.second, n_grades=paired.n_categories, weighting=weighting)
        figure = of_estimate((*at, f"kappa, {weighting}"), kappa, decimals=3)
        yield figure._replace(denominator=n, denominator_note=paired.note, n_patients=paired.n_patients)
