"""Where the dose changes within an episode of treatment, and whether to more or to less a day.

A change is a course with another dose, unit or frequency than the last known one of its episode; a course without a
dose says nothing, and a frequency that either lacks is no change by itself. The amount a day says whether it is `lower`
(a taper: a smaller dose, or a longer interval), `higher` or the `same` (40 mg every 2 weeks, 20 mg weekly). Where units
differ, or how often is not said or not understood (`registry.catalogue.daily_doses`), it cannot be said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from projections.columns.arrow import truth
from projections.columns.coded import Rows, coded
from projections.columns.partial_days import Days
from registry.catalogue.daily_doses import daily_amount

if TYPE_CHECKING:
    from projections.therapy.drug_courses import DrugCourses

Direction = Literal["lower", "same", "higher"]
LOWER: Final = "lower"
HIGHER: Final = "higher"
DIRECTIONS: Final[tuple[Direction, ...]] = (LOWER, "same", HIGHER)


class DoseChanges(NamedTuple):
    """Changes of dose by patient, agent and day, each by the rows of courses: `course` has the new dose, `before` the
    last known one before it.

    `day` is the first day of the new dose, in days since 1970; `directions` is None where it cannot be said.
    """

    course: Rows
    before: Rows
    day: Days
    directions: list[Direction | None]


class KnownDoses(NamedTuple):
    """The courses with a dose, in their order, and which of them change it within their episode."""

    rows: Rows
    changes: npt.NDArray[np.bool_]


def known_doses(courses: DrugCourses, of: Rows) -> KnownDoses:
    """Return the courses with a dose; `of` is the episode of each course."""
    known = np.flatnonzero(truth(pc.is_valid(courses.facts["dose"])))
    rows, episode = courses.facts.take(known), of[known]
    dose = rows["dose"].cast("float64").to_numpy()
    unit, frequency = coded(rows["dose_unit"]).codes, coded(rows["frequency"]).codes
    another = (dose[1:] != dose[:-1]) | (unit[1:] != unit[:-1])
    another |= (frequency[1:] != frequency[:-1]) & (frequency[1:] >= 0) & (frequency[:-1] >= 0)
    return KnownDoses(known, np.append(False, (episode[1:] == episode[:-1]) & another)[: len(known)])


def dose_changes(courses: DrugCourses, of: Rows) -> DoseChanges:
    """Return the changes of dose within the episodes of courses; `of` is the episode of each (`episodes_of`)."""
    known = known_doses(courses, of)
    later = np.flatnonzero(known.changes)
    after, before = known.rows[later], known.rows[later - 1]
    said = [courses.facts.select(["dose", "dose_unit", "frequency"]).take(rows).to_pylist() for rows in (before, after)]
    directions = [_direction(*pair) for pair in zip(*said, strict=True)]
    return DoseChanges(after, before, courses.started[after].astype(np.int64), directions)


def _direction(before: dict[str, Any], after: dict[str, Any]) -> Direction | None:
    one, two = (daily_amount(each["dose"], each["frequency"]) for each in (before, after))
    if one is None or two is None or before["dose_unit"] != after["dose_unit"]:
        return None
    return DIRECTIONS[(two > one) - (two < one) + 1]
