"""Figures over the locations of one reading: sums and counts, of all of them, of a segment, of a group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from registry.catalogue.imaging.places import Grades
from registry.catalogue.imaging.policies import Assessed, Carry, CompleteOnly, Policy

TOTAL: Final = "total"
COMPLETE_ONLY: Final = CompleteOnly()


YES_OR_NO: Final = (0, 1)  # bounds of a score


@dataclass(frozen=True, eq=False)
class Score:
    """A figure over the locations of one reading.

    `of` gives what one location contributes, by its complete grades: a number for a sum, 0 or 1 for a count; it counts
    in `parts_of_one`, as 2 for halves. `policy` says what becomes of locations that could not be assessed; `change`
    what becomes of them where two readings are compared, None where a change is the difference of the two values.
    `by_segment` is the name of a segment's score, given the segment, `by_group` that of a group's; None where there is
    none. `parts` are those of the locations that it is over, None for all. `headline` says whether a course and a table
    of scores show it. `bounds` are its least and its greatest value, which the declaration is held against.
    """

    name: str
    of: Callable[[Grades], int]
    policy: Policy = COMPLETE_ONLY
    by_segment: Callable[[str], str] | None = None
    by_group: Callable[[str], str] | None = None
    parts: tuple[str, ...] | None = None
    headline: bool = True
    change: Carry | None = None
    bounds: tuple[int, int] | None = None
    parts_of_one: int = 1

    @property
    def is_yes_or_no(self) -> bool:
        """Whether it says yes or no, as 1 or 0."""
        return self.bounds == YES_OR_NO

    def is_over(self, part: str) -> bool:
        """Return whether locations of a part belong to the score."""
        return self.parts is None or part in self.parts

    def named(self, name: str) -> Score:
        """Return the same of the whole under another name, beside the headline."""
        return replace(self, name=name, by_segment=None, by_group=None, headline=False)

    def by_groups(self) -> Score:
        """Return the same with a score of each group, as `total:T7/8`."""
        return replace(self, by_group=lambda group: f"{self.name}:{group}")

    def within(self, low: int, high: int) -> Score:
        """Return the same with its bounds, which the declaration is held against."""
        return replace(self, bounds=(low, high))

    def over_parts(self, *parts: str) -> Score:
        """Return the same over locations of some parts."""
        return replace(self, parts=parts)

    def with_policy(self, policy: Policy, *, change: Carry | None = None) -> Score:
        """Return the same with another answer to missing locations."""
        return replace(self, policy=policy, change=change)

    def of_the_whole(self) -> Score:
        """Return the same without scores of segments."""
        return replace(self, by_segment=None)


def total() -> Score:
    """Return the sum of the grades of the only item, which stands only where every location was graded."""
    return Score(TOTAL, only_grade, CompleteOnly(), lambda segment: segment)


def summed(name: str, added: Callable[..., int]) -> Score:
    """Return the sum of what `added` gives for the items' grades, which stands only where every location gives it.

    Of an item that does not exist at a location `added` is given None.
    """
    return Score(name, lambda grades: added(*grades), CompleteOnly(), lambda segment: f"{name}:{segment}")


def count(name: str, counted: Callable[..., bool]) -> Score:
    """Return the number of assessed locations whose grades satisfy `counted`."""
    return Score(name, lambda grades: int(counted(*grades)), Assessed(), lambda segment: f"{name}:{segment}")


def only_grade(grades: Grades) -> int:
    """Return the grade of the only item."""
    (grade,) = grades
    assert grade is not None
    return grade
