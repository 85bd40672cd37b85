"""The scores of readings, exactly: the one place where the grades of a reading become a number.

A value is a fraction of whole numbers, so that a threshold is never missed by a rounding; where a policy imputes, how
many locations it stands for is said beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import lcm
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.grading.grades import NOT_ASSESSED, Grading
from projections.grading.location_sums import LocationSums
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import Location
from registry.catalogue.imaging.policies import Assessed, CompleteOnly, Impute, Prorate, Selected
from registry.catalogue.imaging.scores import Score

READINGS_AT_ONCE: Final = 2_048

Numbers = npt.NDArray[np.int64]


class ScoreColumn(NamedTuple):
    """One score of a method over some of its locations: `over` says over which, as 0 or 1 a location.

    `n_expected` is how many of them a reading has; of a method whose reader selects groups they are fewer than `over`.
    """

    name: str
    score: Score
    over: npt.NDArray[np.bool_]
    n_expected: int

    @property
    def n_required(self) -> int:
        """How many locations must count, or there is no value; imputing by segment asks for more than that."""
        match self.score.policy:
            case CompleteOnly() | Selected():
                return self.n_expected
            case Prorate(at_least=at_least):
                return at_least
            case Assessed() | Impute():
                return 1


class ScoreValues(NamedTuple):
    """Scores of readings by one method; every field has shape readings × columns.

    A value is `numerators` / `denominators`, where it is `known`; `n` locations count, and `n_imputed` others were
    made up by the policy. Where a value is not known its numerator is 0 and its denominator 1.
    """

    numerators: Numbers
    denominators: Numbers
    known: npt.NDArray[np.bool_]
    n: npt.NDArray[np.int16]
    n_imputed: npt.NDArray[np.int16]

    @property
    def values(self) -> npt.NDArray[np.float64]:
        """The values as the nearest floating-point numbers."""
        return self.numerators / self.denominators


@cache
def score_columns(method: Method) -> tuple[ScoreColumn, ...]:
    """Return every score of a method, of the whole, by segment and by group, in the order of their names."""
    return tuple(sorted(_columns(method), key=lambda column: column.name))


def whole_column(method: Method, score: Score) -> ScoreColumn:
    """Return a score of a method over all locations that it is over."""
    return next(column for column in score_columns(method) if column.score is score and column.name == score.name)


def segment_columns(method: Method, score: Score) -> tuple[ScoreColumn, ...]:
    """Return a score of a method over all locations that it is over, and over each segment where it is told by them."""
    return (whole_column(method, score), *(_segments(method, score) if score.by_segment is not None else ()))


def surely_known(found: ScoreValues, column: int, of: ScoreColumn) -> npt.NDArray[np.bool_]:
    """Return the readings of which a score leaves no doubt: of a count only those whose every location counts."""
    known = found.known[:, column]
    return found.n[:, column] == of.n_expected if isinstance(of.score.policy, Assessed) else known


def score_values(grading: Grading, columns: tuple[ScoreColumn, ...]) -> ScoreValues:
    """Return scores of all readings of a grading, a column each.

    So many readings are scored at once as lie together in the processor's cache.
    """
    shape = len(grading.rows), len(columns)
    into = ScoreValues(
        np.zeros(shape, np.int64),
        np.ones(shape, np.int64),
        np.zeros(shape, np.bool_),
        np.zeros(shape, np.int16),
        np.zeros(shape, np.int16),
    )
    asked = [_asked(columns, score, grading.method) for score in dict.fromkeys(column.score for column in columns)]
    for start in range(0, len(grading.rows), READINGS_AT_ONCE):
        rows = slice(start, start + READINGS_AT_ONCE)
        part = grading.part(rows)
        numbers = part.combinations()
        for each in asked:
            found = _values(each, part.contributions(each.score, numbers))
            for field in ScoreValues._fields:
                getattr(into, field)[rows, each.places] = getattr(found, field)
    return into


def values_of(column: ScoreColumn, method: Method, added: npt.NDArray[np.int16]) -> ScoreValues:
    """Return one score of readings by what each location adds to it, -1 where it does not count.

    `added` has shape readings × locations; it need not be what the grades of one reading say, as where a pair shares.
    """
    return _values(_asked((column,), column.score, method), added)


class Asked(NamedTuple):
    """The columns of one score, their places among all, and the sums that they are made of.

    Sums are over the locations of each column; of a score that imputes, over those of each of its `segments`.
    """

    score: Score
    places: list[int]
    columns: list[ScoreColumn]
    segments: list[ScoreColumn]
    sums: LocationSums


def _asked(columns: tuple[ScoreColumn, ...], score: Score, method: Method) -> Asked:
    places = [place for place, column in enumerate(columns) if column.score is score]
    chosen = [columns[place] for place in places]
    segments = list(_segments(method, score)) if isinstance(score.policy, Impute) else []
    sums = LocationSums.of_columns([each.over for each in segments or chosen])
    return Asked(score, places, chosen, segments, sums)


def _values(asked: Asked, added: npt.NDArray[np.int16]) -> ScoreValues:
    """Return columns of one score by what each location adds, -1 where it does not count; readings × locations."""
    by_location = np.ascontiguousarray(added.T)
    counts = by_location != NOT_ASSESSED
    n = asked.sums.sums(counts)
    sums = asked.sums.sums(np.where(counts, by_location, np.int16(0)))
    policy = asked.score.policy
    if isinstance(policy, Impute):
        return _imputed(asked, sums, n, policy=policy)
    required = np.array([column.n_required for column in asked.columns])
    expected = np.array([column.n_expected for column in asked.columns])
    known = n >= required
    if isinstance(policy, Prorate):
        numerators, denominators = sums * expected, np.maximum(n, 1)
        return _known(known, numerators, denominators, n, expected - n)
    return _known(known, sums, np.ones_like(sums), n, np.zeros_like(n))


def _imputed(asked: Asked, sums: Numbers, n: Numbers, *, policy: Impute) -> ScoreValues:
    """Return columns where a missing location adds the mean of the others of its segment; sums and `n` by segment."""
    expected = np.array([column.n_expected for column in asked.segments])
    least = np.maximum(expected - policy.at_most, 1)
    scale = lcm(*(number for most, low in zip(expected.tolist(), least.tolist()) for number in range(low, most + 1)))
    enough = n >= least
    scaled = np.where(enough, sums * expected * (scale // np.maximum(n, 1)), 0)
    of = np.array(
        [[(segment.over & column.over).any() for segment in asked.segments] for column in asked.columns],
        dtype=np.int64,
    )
    known = ((~enough).astype(np.int64) @ of.T) == 0
    return _known(known, scaled @ of.T, np.full(known.shape, scale), n @ of.T, (expected - n) @ of.T)


def _known(
    known: npt.NDArray[np.bool_], numerators: Numbers, denominators: Numbers, n: Numbers, n_imputed: Numbers
) -> ScoreValues:
    return ScoreValues(
        np.where(known, numerators, 0),
        np.where(known, denominators, 1),
        known,
        n.astype(np.int16),
        np.where(known, n_imputed, 0).astype(np.int16),
    )


def _columns(method: Method) -> Iterator[ScoreColumn]:
    for score in method.scores:
        yield _column(method, score, score.name, method.locations_of(score))
        yield from _segments(method, score) if score.by_segment is not None else ()
        if score.by_group is not None:
            for group in method.groups:
                within = [each for each in method.locations_of(score) if each.group == group]
                if within:
                    yield _column(method, score, score.by_group(group), within)


def _segments(method: Method, score: Score) -> Iterator[ScoreColumn]:
    for segment in method.segments:
        within = [each for each in method.locations_of(score) if each.segment == segment]
        if within:
            yield _column(method, score, segment if score.by_segment is None else score.by_segment(segment), within)


def _column(method: Method, score: Score, name: str, locations: list[Location]) -> ScoreColumn:
    over = np.zeros(len(method.locations), dtype=np.bool_)
    over[[location.number - 1 for location in locations]] = True
    return ScoreColumn(name, score, over, n_selected(method, len(locations)))


def n_selected(method: Method, n_locations: int) -> int:
    """Return how many of all locations a reading has: those of the groups that its reader selects."""
    if method.selects is None or n_locations != len(method.locations):
        return n_locations
    return n_locations // len(method.groups) * method.selects
