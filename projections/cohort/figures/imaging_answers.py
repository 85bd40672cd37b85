"""What criteria over readings say of the members of a cohort, at a time point and between two.

The readings are those that stand for the members by the definition's rule. Of several readers the mean of their scores
is judged; of what has no mean the answer is open where they do not agree. Of a campaign's final scores only criteria of
a score that has some can be judged, for nothing of single locations is final.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from projections.campaigns.final_scores import FinalScores
from projections.cohort.figures.member_finals import member_finals
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.readings import finals_of, read_methods, readings_of
from projections.cohort.members.visit_windows import NONE
from projections.columns.coded import Rows, Truth
from projections.imaging_criteria.judged import Judged, limit_of
from projections.imaging_criteria.of_one_reading import OfOneReading, judged
from projections.imaging_criteria.of_two_readings import ReadingPairs, judged_pairs, within
from projections.imaging_criteria.several_readers import by_all_readers
from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
from registry.catalogue.imaging_criteria.requirements import Became, ByGrades, Changed, Days, Limit, ScoreIs, score_of
from registry.catalogue.instruments.values import Values


class Asked(NamedTuple):
    """A criterion over readings by one of its methods; `row` is what tables call it."""

    criterion: ImagingCriterion
    method: str
    row: str

    def told(self, cohort: Cohort) -> str:
        """Return the rule, what it requires, and what becomes of what was not assessed."""
        policy = self.criterion.policy(cohort.facts.catalogue.methods[self.method])
        told = f"{self.criterion.rule}: {self.criterion.requires.told}; {policy}"
        return f"{told}; {member_finals(cohort).told}" if finals_of(cohort, self.method) else told


class MemberAnswers(NamedTuple):
    """What a criterion says of those `members` who were read, in their order.

    `elsewhere` is how many others were read at another distance in days than the rule is about.
    """

    members: Rows
    said: Judged
    elsewhere: int = 0

    @property
    def known(self) -> Truth:
        """Whose answer can be said."""
        return self.said.met.known

    @property
    def values(self) -> list[Fraction]:
        """The numbers that are known."""
        return [value for value in self.said.value.fractions() if value is not None]


def asked(
    cohort: Cohort, names: tuple[str, ...], otherwise: tuple[str, ...], interval: Days | None = None
) -> Iterator[Asked]:
    """Yield the criteria that are asked for by all their methods; by default by those by which members were read.

    By default criteria that final scores say nothing of are left out where these count; asked for, they are refused.
    `interval` takes the place of the days for which a rule is one, where it has some.
    """
    read = read_methods(cohort)
    for name in names or otherwise:
        criterion = cohort.facts.catalogue.imaging_criteria[name]
        for method in criterion.methods:
            if names or (method in read and _can_be_judged(cohort, criterion, method)):
                row = name if len(criterion.methods) == 1 else f"{name} {method}"
                yield Asked(_within(criterion, interval), method, row)


def asked_changes(cohort: Cohort, methods: tuple[str, ...], by: Limit, interval: Days | None) -> Iterator[Asked]:
    """Yield of each headline sum of the methods whether it changes by so much, over any time or `interval`."""
    for code in methods:
        method = cohort.facts.catalogue.methods[code]
        for score in method.sums:
            requires = Changed(score.name, by, interval)
            row = code if len(method.sums) == 1 else f"{code} {score.name}"
            criterion = ImagingCriterion(
                name="change",
                version=1,
                title=requires.told,
                source="the definition",
                methods=(code,),
                requires=requires,
            )
            yield Asked(criterion, code, row)


def answers_at(cohort: Cohort, one: Asked, place: int) -> MemberAnswers:
    """Return what a criterion of one reading says at a time point, by its place."""
    requires = one.criterion.requires
    assert not isinstance(requires, Changed | Became)
    if (score := _final_score(cohort, one)) is not None:
        return _final_at(cohort, requires, score, place)
    readings = readings_of(cohort, one.method)
    rows = [of_reader[:, place] for of_reader in readings.places.values()]
    members = _read(rows, cohort.n)
    of_all = judged(requires, readings.grading)
    said = [of_all.take(of_reader[members]) for of_reader in rows] or [of_all.take(members)]
    return MemberAnswers(members, by_all_readers(requires, said))


def answers_between(cohort: Cohort, one: Asked, pair: tuple[int, int]) -> MemberAnswers:
    """Return what a criterion of two readings says between two time points, by their places."""
    requires = one.criterion.requires
    assert isinstance(requires, Changed | Became)
    if (score := _final_score(cohort, one)) is not None and isinstance(requires, Changed):
        return _final_between(cohort, requires, score, pair)
    readings = readings_of(cohort, one.method)
    rows = [of_reader[:, pair] for of_reader in readings.places.values()]
    members = _read([of_reader.min(axis=1) for of_reader in rows], cohort.n)
    nobody = np.empty((0, 2), dtype=np.intp)
    pairs = [_pairs(cohort, readings.grading.rows, each[members]) for each in rows or [nobody]]
    about = within(requires.within if isinstance(requires, Changed) else None, pairs[0].days)
    said = [judged_pairs(requires, readings.grading, _only(each, about)) for each in pairs]
    return MemberAnswers(members[about], by_all_readers(requires, said), int((~about).sum()))


def _can_be_judged(cohort: Cohort, criterion: ImagingCriterion, method: str) -> bool:
    return not finals_of(cohort, method) or score_of(criterion.requires) in member_finals(cohort).scores


def _final_score(cohort: Cohort, one: Asked) -> FinalScores | None:
    """Return the final scores that a criterion judges, None where readings count, or the scores say nothing of it."""
    if not finals_of(cohort, one.method):
        return None
    return member_finals(cohort).scores.get(score_of(one.criterion.requires) or "")


def _final_at(cohort: Cohort, requires: OfOneReading, final: FinalScores, place: int) -> MemberAnswers:
    stands = member_finals(cohort).stands[place]
    members = np.flatnonzero(stands != NONE)
    value, n_imputed = _final_values(final, stands[members])
    assert isinstance(requires, ScoreIs | ByGrades)
    met = limit_of(requires)(value) if isinstance(requires, ScoreIs) else requires.rule(value)
    return MemberAnswers(members, Judged(met, value, n_imputed))


def _final_between(cohort: Cohort, requires: Changed, final: FinalScores, pair: tuple[int, int]) -> MemberAnswers:
    of_members = member_finals(cohort)
    stands = of_members.stands[list(pair)]
    members = np.flatnonzero((stands != NONE).all(axis=0))
    days = of_members.read.days.astype(np.int64)[stands[:, members]]
    about = within(requires.within, days[1] - days[0])
    before, after = (_final_values(final, studies[members[about]]) for studies in stands)
    change = after[0] - before[0]
    n_imputed = np.where(change.known, before[1] + after[1], 0).astype(np.int16)
    said = Judged(limit_of(requires)(change), change, n_imputed)
    return MemberAnswers(members[about], said, int((~about).sum()))


def _final_values(final: FinalScores, studies: Rows) -> tuple[Values, npt.NDArray[np.int16]]:
    values = Values.of([final.found.values.fraction(study) for study in studies.tolist()])
    return values, final.n_imputed[studies].astype(np.int16)


def _within(criterion: ImagingCriterion, interval: Days | None) -> ImagingCriterion:
    requires = criterion.requires
    if interval is None or not isinstance(requires, Changed) or requires.within is None:
        return criterion
    return replace(criterion, requires=replace(requires, within=interval))


def _read(rows: list[Rows], n: int) -> Rows:
    """Return the members whom every reader read."""
    there = np.all([of_reader != NONE for of_reader in rows], axis=0) if rows else np.zeros(n, dtype=np.bool_)
    return np.flatnonzero(there)


def _pairs(cohort: Cohort, rows: Rows, places: Rows) -> ReadingPairs:
    before, after = places.T
    days = cohort.facts.readings.days.astype(np.int64)
    return ReadingPairs(before, after, days[rows[after]] - days[rows[before]])


def _only(pairs: ReadingPairs, chosen: Truth) -> ReadingPairs:
    return ReadingPairs(*(each[chosen] for each in pairs))
