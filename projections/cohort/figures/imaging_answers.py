"""What criteria over readings say of the members of a cohort, at a time point and between two.

The readings are those that stand for the members by the definition's rule. Of several readers the mean of their scores
is judged; of what has no mean the answer is open where they do not agree. Where final scores of a campaign count, these
are judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from projections.cohort.figures.compared import Numbers, Words
from projections.cohort.figures.final_answers import changes_judged, finals_judged, has_finals
from projections.cohort.figures.final_readings import final_readings
from projections.cohort.figures.method_totals import row_of_sum
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.reader_selection import CohortError
from projections.cohort.members.readings import finals_of, read_methods, readings_of
from projections.cohort.members.visit_windows import NONE
from projections.columns.coded import Rows, Truth
from projections.grading.grades import Grading
from projections.imaging_criteria.judged import Judged
from projections.imaging_criteria.of_one_reading import OfOneReading, judged
from projections.imaging_criteria.of_two_readings import ReadingPairs, judged_pairs, within
from projections.imaging_criteria.several_readers import by_all_readers
from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
from registry.catalogue.imaging_criteria.requirements import (
    Became,
    ByGrades,
    Changed,
    Days,
    Limit,
    Requirement,
    ScoreIs,
)

NOBODY: Final[Rows] = np.zeros(0, dtype=np.intp)


class Asked(NamedTuple):
    """A criterion over readings by one of its methods; `row` is what tables call it."""

    criterion: ImagingCriterion
    method: str
    row: str

    def told(self, cohort: Cohort) -> str:
        """Return the rule, what it requires, and what becomes of what was not assessed."""
        policy = self.criterion.policy(cohort.facts.catalogue.methods[self.method])
        told = f"{self.criterion.rule}: {self.criterion.requires.told}; {policy}"
        return f"{told}; {final_readings(cohort).told}" if finals_of(cohort, self.method) else told


class MemberAnswers(NamedTuple):
    """What a criterion says of those `members` who were read, in their order.

    `elsewhere` are others who were read at another distance in days than the rule is about.
    """

    members: Rows
    said: Judged
    elsewhere: Rows = NOBODY

    @property
    def known(self) -> Truth:
        """Whose answer can be said."""
        return self.said.met.known

    @property
    def values(self) -> list[Fraction]:
        """The numbers that are known."""
        return [value for value in self.said.value.fractions() if value is not None]

    def yes_and_known(self, n: int) -> tuple[Truth, Truth]:
        """Return of all `n` members who meets what is required, and of whom that can be said."""
        yes, known = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        yes[self.members], known[self.members] = self.said.met.certain, self.known
        return yes, known

    def words(self, n: int) -> Words:
        """Return the answers of all `n` members, none of whom none is known."""
        return Words.yes_no(*self.yes_and_known(n))

    def numbers(self, n: int) -> Numbers:
        """Return the numbers that are judged of all `n` members, None of whom there is none."""
        values: list[Fraction | None] = [None] * n
        for member, value in zip(self.members.tolist(), self.said.value.fractions(), strict=True):
            values[member] = value
        return Numbers(values)

    def of_members(self, rows: Rows) -> MemberAnswers:
        """Return the answers of some of the members."""
        own = np.isin(self.members, rows)
        elsewhere = self.elsewhere[np.isin(self.elsewhere, rows)]
        return MemberAnswers(
            np.searchsorted(rows, self.members[own]),
            self.said.take(np.flatnonzero(own)),
            np.searchsorted(rows, elsewhere),
        )


def asked(
    cohort: Cohort, names: tuple[str, ...], otherwise: tuple[str, ...], interval: Days | None = None
) -> Iterator[Asked]:
    """Yield the criteria that are asked for, or else all that there are, by those of their methods by which a member
    was read. One that is asked for, and by none of whose methods anybody was read, is there by each of them, of nobody.

    `interval` takes the place of the days for which a rule is one, where it has some. Where final scores of a campaign
    count, criteria over anything but a headline score are left out by default.

    Raises `CohortError` where one is asked for by its name of which final scores say nothing.
    """
    read, methods = read_methods(cohort), cohort.facts.catalogue.methods
    for name in names or otherwise:
        criterion = cohort.facts.catalogue.imaging_criteria[name]
        used = read.intersection(criterion.methods) or (criterion.methods if names else ())
        for method in (each for each in criterion.methods if each in used):
            is_judged = not finals_of(cohort, method) or has_finals(criterion.requires, methods[method])
            if names and not is_judged:
                raise CohortError(
                    f"imaging.rule: 'final' gives headline scores, and {name} judges something else of {method}; "
                    "leave it out, or name a reader of the campaign as imaging.reader"
                )
            if is_judged:
                row = name if len(criterion.methods) == 1 else f"{name} {method}"
                yield Asked(_within(criterion, interval), method, row)


def asked_changes(cohort: Cohort, methods: tuple[str, ...], by: Limit, interval: Days | None) -> Iterator[Asked]:
    """Yield of each headline sum of the methods whether it changes by so much, over any time or `interval`."""
    for code in methods:
        method = cohort.facts.catalogue.methods[code]
        for score in method.sums:
            requires = Changed(score.name, by, interval)
            criterion = ImagingCriterion(
                name="change",
                version=1,
                title=requires.told,
                source="the definition",
                methods=(code,),
                requires=requires,
            )
            yield Asked(criterion, code, row_of_sum(method, score))


def answers_at(cohort: Cohort, one: Asked, place: int) -> MemberAnswers:
    """Return what a criterion of one reading says at a time point, by its place."""
    return cohort.by_member(("answers", one, place), lambda whole: _answers_at(whole, one, place))


def _answers_at(cohort: Cohort, one: Asked, place: int) -> MemberAnswers:
    requires = one.criterion.requires
    assert not isinstance(requires, Changed | Became)
    if finals_of(cohort, one.method):
        return _finals_at(cohort, requires, place)
    readings = readings_of(cohort, one.method)
    rows = [of_reader[:, place] for of_reader in readings.places.values()]
    members = readings.read_by_all(place)
    said = _judged_at(requires, readings.grading, [of_reader[members] for of_reader in rows] or [members])
    return MemberAnswers(members, by_all_readers(requires, said))


def _judged_at(requires: OfOneReading, grading: Grading, places: list[Rows]) -> list[Judged]:
    """Return what is required of one reading at some places of a grading; no other reading is judged."""
    used, at = np.unique(np.concatenate(places), return_inverse=True)
    of_used = judged(requires, grading.part(used))
    return [of_used.take(each) for each in np.split(at, len(places))]


def answers_between(cohort: Cohort, one: Asked, pair: tuple[int, int]) -> MemberAnswers:
    """Return what a criterion of two readings says between two time points, by their places."""
    return cohort.by_member(("answers", one, pair), lambda whole: _answers_between(whole, one, pair))


def _answers_between(cohort: Cohort, one: Asked, pair: tuple[int, int]) -> MemberAnswers:
    requires = one.criterion.requires
    assert isinstance(requires, Changed | Became)
    if finals_of(cohort, one.method):
        return _finals_between(cohort, requires, pair)
    readings = readings_of(cohort, one.method)
    rows = [of_reader[:, pair] for of_reader in readings.places.values()]
    members = readings.read_by_all(*pair)
    nobody = np.empty((0, 2), dtype=np.intp)
    pairs = [_pairs(cohort, readings.grading.rows, each[members]) for each in rows or [nobody]]
    about = within(requires.within if isinstance(requires, Changed) else None, pairs[0].days)
    said = [judged_pairs(requires, readings.grading, _only(each, about)) for each in pairs]
    return MemberAnswers(members[about], by_all_readers(requires, said), members[~about])


def _finals_at(cohort: Cohort, requires: Requirement, place: int) -> MemberAnswers:
    assert isinstance(requires, ScoreIs | ByGrades)
    final = final_readings(cohort)
    studies = final.places[:, place]
    members = np.flatnonzero(studies != NONE)
    return MemberAnswers(members, finals_judged(requires, final, studies[members]))


def _finals_between(cohort: Cohort, requires: Requirement, pair: tuple[int, int]) -> MemberAnswers:
    assert isinstance(requires, Changed)
    final = final_readings(cohort)
    members = np.flatnonzero((final.places[:, pair] != NONE).all(axis=1))
    before, after = final.places[members][:, pair].T
    about = within(requires.within, final.days_between(before, after))
    said = changes_judged(requires, final, before[about], after[about])
    return MemberAnswers(members[about], said, members[~about])


def _within(criterion: ImagingCriterion, interval: Days | None) -> ImagingCriterion:
    requires = criterion.requires
    if interval is None or not isinstance(requires, Changed) or requires.within is None:
        return criterion
    return replace(criterion, requires=replace(requires, within=interval))


def _pairs(cohort: Cohort, rows: Rows, places: Rows) -> ReadingPairs:
    before, after = places.T
    days = cohort.facts.readings.days.astype(np.int64)
    return ReadingPairs(before, after, days[rows[after]] - days[rows[before]])


def _only(pairs: ReadingPairs, chosen: Truth) -> ReadingPairs:
    return ReadingPairs(*(each[chosen] for each in pairs))
