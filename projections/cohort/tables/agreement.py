"""How far two readers agree who read the same studies by the same method.

Rows: `berlin total: R1 v R2` for each score of the whole, `vu-lesions erosion: R1 v R2` for the grades of each item. At
a time point: the four forms of the intraclass correlation, Bland–Altman's bias and limits, and the smallest detectable
change from status; between two time points the correlations of the change scores and the smallest detectable change
from change, both of one reader and of the mean of the two. Grades: percent agreement and Cohen's kappa, unweighted and
weighted, over the locations that both assessed.

Only studies that both readers read count, and of scores only those whose every location both could assess; how many
were left out stands beside each figure. The consensus is no reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from projections.coded import Rows
from projections.cohort.choosing import NONE
from projections.cohort.cohort import Cohort
from projections.cohort.comparing import between, of_estimate, share
from projections.cohort.figures import Figure
from projections.cohort.read import Read
from projections.cohort.wanted import Agreement
from projections.grades import NOT_ASSESSED
from projections.paired_verdicts import CONSENSUS
from projections.statistics.bland_altman import limits_of_agreement
from projections.statistics.category_squares import kappa_of_grades
from projections.statistics.detectable_change import sdc_from_change, sdc_from_status
from projections.statistics.intraclass import FORMS, icc
from projections.statistics.kappa import Weighting
from registry.catalogue.method import Score

WEIGHTINGS: Final[tuple[Weighting, ...]] = get_args(Weighting)
ONE_READER: Final = "one-reader-only"
READERS: Final = 2

Values = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]


class Pair(NamedTuple):
    """Two readers of a method: places among its readings, members × time points, -1 unless both read the study."""

    name: str
    first: Rows
    second: Rows
    n_read: int


def figures(cohort: Cohort, wanted: Agreement) -> Iterator[Figure]:
    """Yield the agreement of every two readers, method by method; one reader alone has a reason instead."""
    for method in wanted.methods:
        read = cohort.readers_of(method)
        pairs = list(_pairs(cohort, read))
        if not pairs:
            yield Figure(f"{method}: readers", "", "n", value=len(read.places), reason=ONE_READER, n_patients=cohort.n)
        for pair in pairs:
            for score in read.grading.method.scores:
                yield from _scores(cohort, read, score, pair, wanted)
            for item, name in enumerate(each.name for each in read.grading.method.items):
                yield from _grades(cohort, read, item, f"{method} {name or 'grade'}: {pair.name}", pair)


def _pairs(cohort: Cohort, read: Read) -> Iterator[Pair]:
    studies = cohort.facts.readings.words["study"].codes[read.grading.rows]
    for one, other in combinations([name for name in read.readers if name != CONSENSUS], 2):
        first, second = read.places[one], read.places[other]
        either = int(((first != NONE) | (second != NONE)).sum())
        both = (first != NONE) & (second != NONE)
        both &= np.append(studies, -1)[first] == np.append(studies, -2)[second]
        yield Pair(f"{one} v {other}", np.where(both, first, NONE), np.where(both, second, NONE), either)


def _scores(cohort: Cohort, read: Read, score: Score, pair: Pair, wanted: Agreement) -> Iterator[Figure]:
    added = read.grading.contributions(score)
    whole = (added != NOT_ASSESSED).all(axis=1)
    totals = np.where(added == NOT_ASSESSED, 0, added).sum(axis=1, dtype=np.int64)
    row = f"{read.grading.method.code} {score.name}: {pair.name}"
    known = (pair.first != NONE) & (pair.second != NONE) & whole[pair.first] & whole[pair.second]
    first, second = (np.where(known, totals[places], 0) for places in (pair.first, pair.second))
    for place, name in enumerate(cohort.names):
        rows = np.flatnonzero(known[:, place])
        note = _note(rows, pair, place)
        for figure in _at(cohort, (row, name), first[rows, place], second[rows, place]):
            yield figure._replace(denominator=len(rows), denominator_note=note)
    for two in wanted.compare:
        before, after = (cohort.definition.place(name) for name in two)
        rows = np.flatnonzero(known[:, before] & known[:, after])
        note = f"{len(rows)} patients with both studies complete by both readers"
        changes = (values[rows, after] - values[rows, before] for values in (first, second))
        for figure in _change(cohort, (row, between(two)), *changes):
            yield figure._replace(denominator=len(rows), denominator_note=note)


def _note(rows: Rows, pair: Pair, place: int) -> str:
    both = int((pair.first[:, place] != NONE).sum())
    left = both - len(rows)
    return f"{len(rows)} studies of {both} that both read" + (f"; {left} not complete" if left else "")


def _at(cohort: Cohort, at: tuple[str, str], first: Values, second: Values) -> Iterator[Figure]:
    yield from _correlations(cohort, at, first, second)
    level = cohort.choices.level
    limits = limits_of_agreement(first, second, level=level)
    for name, found in (("bias", limits.bias), ("lower limit", limits.lower), ("upper limit", limits.upper)):
        yield of_estimate((*at, name), found, decimals=2)
    for readers in (1, READERS):
        yield of_estimate((*at, _sdc("status", readers)), sdc_from_status(first, second, readers=readers), decimals=2)


def _change(cohort: Cohort, at: tuple[str, str], first: Values, second: Values) -> Iterator[Figure]:
    yield from _correlations(cohort, at, first, second)
    for readers in (1, READERS):
        yield of_estimate((*at, _sdc("change", readers)), sdc_from_change(first, second, readers=readers), decimals=2)


def _sdc(source: str, readers: int) -> str:
    return f"SDC from {source}, {'one reader' if readers == 1 else f'mean of {readers}'}"


def _correlations(cohort: Cohort, at: tuple[str, str], first: Values, second: Values) -> Iterator[Figure]:
    ratings = np.stack([first, second], axis=1) if len(first) else np.zeros((0, READERS), dtype=np.int64)
    for form in FORMS:
        yield of_estimate((*at, f"ICC({form})"), icc(ratings, form=form, level=cohort.choices.level), decimals=3)


def _grades(cohort: Cohort, read: Read, item: int, row: str, pair: Pair) -> Iterator[Figure]:
    grades, allowed = read.grading.grades[item], read.grading.method.items[item].grades
    for place, name in enumerate(cohort.names):
        rows = np.flatnonzero(pair.first[:, place] != NONE)
        one, other = (grades[places[rows, place]].ravel() for places in (pair.first, pair.second))
        both = (one != NOT_ASSESSED) & (other != NOT_ASSESSED)
        note = f"locations that both assessed, of {len(rows)} studies; {int((~both).sum())} left out"
        one, other = one[both], other[both]
        yield share((row, name, "agreement"), int((one == other).sum()), len(one), cohort.choices, note=note)
        for weighting in WEIGHTINGS if len(allowed) > 2 else WEIGHTINGS[:1]:
            found = kappa_of_grades(one, other, n_grades=max(allowed) + 1, weighting=weighting)
            figure = of_estimate((row, name, f"kappa, {weighting}"), found, decimals=3)
            yield figure._replace(denominator=len(one), denominator_note=note, n_patients=len(rows))
