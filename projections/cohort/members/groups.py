"""Which group of a cohort each member is in: one group at most, known at day 0, or at a landmark day after it.

What is read of visits and images is read at the baseline, the first time point that stands for day 0; with a landmark
it is the last that was known from the baseline's window on until the landmark day. Whoever is not under observation on
a landmark day is in no group: time before it was lived to be in one. A laboratory value that is a limit is in a level
that holds all that the limit leaves open, else in none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from projections.cohort.definition.definition import TimePoint
from projections.cohort.definition.groups import AT_MOST, LINE, START, YES_NO, Groups, Level, allowed_words
from projections.cohort.definition.ranges import Range
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.group_lesions import lesion_states
from projections.cohort.members.group_treatments import treatment_words
from projections.cohort.members.observation_time import observed_on
from projections.cohort.members.onsets import FirstOnsets
from projections.cohort.members.reader_selection import CohortError
from projections.cohort.members.visit_windows import NONE
from projections.columns.coded import Rows, Truth
from registry.catalogue.instruments.values import ABOVE, BELOW

UNKNOWN: Final = "unknown"
NO_GROUP: Final = -1
LOWEST: Final = Fraction(0)  # of a laboratory value

Words = list[tuple[str, ...] | None]  # one a member, None where it is not known
Ranges = list[Range | None]  # in which the number of a member lies


class Grouped(NamedTuple):
    """The groups of a cohort in the definition's order; `of` is the place of each member's in `names`, -1 for none.

    `reference` is the name of the group with which each other is compared. `left_out` is how many members are in none,
    and why.
    """

    names: tuple[str, ...]
    reference: str
    of: Rows
    left_out: tuple[tuple[int, str], ...]

    @property
    def sizes(self) -> dict[str, int]:
        """How many members are in each group."""
        return {name: int((self.of == place).sum()) for place, name in enumerate(self.names)}

    def others(self) -> tuple[str, ...]:
        """Return the groups that are compared with the reference."""
        return tuple(name for name in self.names if name != self.reference)


def grouped(cohort: Cohort) -> Grouped:
    """Return the groups of a cohort whose definition has some.

    Raises `CohortError` where a member is in two groups, and where so many groups occur that no table has room for
    them; and what asks for readings, or for what nobody collected yet, raises.
    """
    return cohort.once("groups", lambda: _grouped(cohort))


def of_group(cohort: Cohort, name: str) -> Cohort:
    """Return the members of a group as a cohort, with the statistical options of the whole. Raises as `grouped`."""
    found = grouped(cohort)
    rows = np.flatnonzero(found.of == found.names.index(name))
    return cohort.once(("group", name), lambda: cohort.of_members(rows, f"group: {name}")).with_options(cohort.options)


def _grouped(cohort: Cohort) -> Grouped:
    groups = cohort.definition.groups
    assert groups is not None
    at_landmark = (
        observed_on(cohort, cohort.day_zero + groups.landmark) if groups.landmark else np.ones(cohort.n, dtype=bool)
    )
    if groups.kind == "number" or groups.by in (START, LINE):
        numbers = _numbers(cohort, groups)
        levels = groups.levels or _occurring_numbers(numbers)
        known = np.array([each is not None for each in numbers], dtype=bool)
        within = [_in_level(numbers, level) for level in levels]
        undecided = _undecided(numbers, levels)
    else:
        words = words_of(cohort, groups, at=lambda: _read_at(cohort, groups))
        levels = groups.levels or _occurring_words(cohort, groups, words)
        known = np.array([each is not None for each in words], dtype=bool)
        within = [[each is not None and not set(level.words).isdisjoint(each) for each in words] for level in levels]
        undecided = np.zeros(cohort.n, dtype=bool)
    inside = np.array(within, dtype=bool).reshape(len(levels), cohort.n) & at_landmark
    _refuse(groups, levels, inside)
    of = np.where(inside.any(axis=0), inside.argmax(axis=0) if len(levels) else 0, NO_GROUP)
    reference = groups.reference or (levels[0].name if levels else "")
    nowhere = at_landmark & known & (of == NO_GROUP)
    left_out = (
        (int((~at_landmark).sum()), f"not under observation on day {groups.landmark}"),
        (int((at_landmark & ~known).sum()), f"of whom {groups.by} is not known"),
        (int((nowhere & undecided).sum()), f"whose group a limit of {groups.by} leaves open"),
        (int((nowhere & ~undecided).sum()), "in none of the groups"),
    )
    names = tuple(level.name for level in levels)
    return Grouped(names, reference, of, tuple(each for each in left_out if each[0]))


def _refuse(groups: Groups, levels: Sequence[Level], inside: Truth) -> None:
    """Refuse groups that overlap, more than a table has room for, and a reference that is none of them."""
    if len(levels) > AT_MOST:
        raise CohortError(f"groups.by: {groups.by!r} makes {len(levels)} groups; name {AT_MOST} at most in levels")
    names = [level.name for level in levels]
    if groups.reference is not None and groups.reference not in names:
        raise CohortError(f"groups.reference: nobody is in {groups.reference!r}; write one of {', '.join(names)}")
    for one in range(len(levels)):
        for other in range(one + 1, len(levels)):
            both = int((inside[one] & inside[other]).sum())
            if both:
                who = "1 member is" if both == 1 else f"{both} members are"
                raise CohortError(
                    f"groups.levels: {who} in both {names[one]!r} and {names[other]!r}; "
                    "groups exclude each other: name one of them only, or tell members apart by something else"
                )


def _numbers(cohort: Cohort, groups: Groups) -> Ranges:
    if groups.by == START:
        return [_only(Fraction(day)) for day in cohort.day_zero.tolist()]
    if groups.by == LINE:
        return [None if line is None else _only(Fraction(line)) for line in cohort.lines]
    column = _read_at(cohort, groups).values(groups.by)[0]
    pairs = zip(column.fractions(), column.bound.tolist(), strict=True)
    return [None if value is None else _possible(value, bound) for value, bound in pairs]


def _only(number: Fraction) -> Range:
    return Range(number, number)


def _possible(value: Fraction, bound: int) -> Range:
    """Return the numbers that a value can be, of which only a limit may be known."""
    if bound == BELOW:
        return Range(LOWEST, value, high_open=True)
    return Range(value, None, low_open=True) if bound == ABOVE else _only(value)


def _in_level(numbers: Ranges, level: Level) -> list[bool]:
    """Return which numbers are in a level: all that each can be."""
    inside = {each: any(taken.holds(each) for taken in level.ranges) for each in set(numbers) if each is not None}
    return [each is not None and inside[each] for each in numbers]


def _undecided(numbers: Ranges, levels: Sequence[Level]) -> Truth:
    """Return which numbers, limits that in no level are whole, may lie in one."""
    taken = [each for level in levels for each in level.ranges]
    return np.array([each is not None and any(map(each.meets, taken)) for each in numbers], dtype=bool)


def _occurring_numbers(numbers: Ranges) -> tuple[Level, ...]:
    """Return a level for each number that occurs, ascending."""
    found = sorted({each.low for each in numbers if each is not None and each.low is not None})
    return tuple(Level(str(number), ranges=(_only(number),)) for number in found)


def words_of(cohort: Cohort, groups: Groups, *, at: Callable[[], Cohort]) -> Words:
    """Return the words by which members are told apart, one row a member; None of whom it is not known.

    `at` returns the cohort with the one time point at which visits and images are read, where they are. Raises as
    `grouped`.
    """
    by = groups.by
    if groups.kind == "drug":
        return treatment_words(cohort, by)
    if groups.kind == "condition":
        return _had(cohort, by, groups.landmark)
    if groups.kind == "word":
        read = at()
        rows, of_visit = read.visit_rows(read.inputs.codes(by) != NONE)[:, 0], read.inputs.codes(by)
        listed = tuple(cohort.facts.catalogue.measures[by].codes)
        return [None if row == NONE else (listed[of_visit[row]],) for row in rows.tolist()]
    if groups.kind in ("state", "states"):
        assert groups.method is not None
        states = lesion_states(at(), groups.method)
        if groups.kind == "states":
            return [None if each is None else each.seen for each in states]
        return [None if each is None else _yes_no(each.has(by)) for each in states]
    column = {"sex": "sex", "hla_b27": "hla_b27", "centre": "centre", "criteria": "criteria"}[by]
    said = [cohort.enrolment[patient][column] for patient in cohort.members]
    if by == "criteria":
        return [tuple(each) if each else None for each in said]
    return [None if each in (None, UNKNOWN) and not _asked(groups, each) else (each,) for each in said]


def _asked(groups: Groups, word: str | None) -> bool:
    """Return whether a level takes a word that says that something is not known."""
    return word is not None and any(word in level.words for level in groups.levels)


def _yes_no(answer: bool | None) -> tuple[str, ...] | None:
    return None if answer is None else (YES_NO[0 if answer else 1],)


def _had(cohort: Cohort, condition: str, landmark: int) -> Words:
    """Return who had a condition before day 0, or by the landmark day."""
    partial = cohort.definition.observed.observation.partial
    onsets = FirstOnsets.of(cohort.facts, (condition,), cohort.admitted, partial=partial)
    until = cohort.day_zero + (landmark + 1 if landmark else 0)
    return [_yes_no(bool(each)) for each in onsets.before(until)]


def _read_at(cohort: Cohort, groups: Groups) -> Cohort:
    """Return the cohort with the one time point at which groups are read."""
    baseline = cohort.definition.baseline
    if not groups.landmark:
        assert baseline is not None
        return cohort.at_time_points((baseline,))
    first = min(0 if baseline is None else baseline.first, groups.landmark)
    return cohort.at_time_points((TimePoint("landmark", groups.landmark, first, groups.landmark, prefer="last"),))


def _occurring_words(cohort: Cohort, groups: Groups, words: Words) -> tuple[Level, ...]:
    """Return a level for each word that occurs, and the reference, in the order of its list, else of the alphabet."""
    said = {word for each in words if each is not None for word in each}
    listed = allowed_words(groups.by, groups.kind, groups.method, cohort.facts.catalogue)
    order = sorted(said) if listed is None else [word for word in listed if word in said or word == groups.reference]
    return tuple(Level(word, words=(word,)) for word in order)
