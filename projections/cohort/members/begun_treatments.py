"""The days on which treatments begin that may be day 0: of a course, an episode, a line, another dose, a switch.

A treatment that is begun is kept until the last day of its episode. Where products are named, what is given of another
product is another treatment: an episode ends where the product is exchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.definition.definition import DayZero
from projections.cohort.members.days_zero import DaysZero
from projections.cohort.members.named_treatments import agents_of, courses_of
from projections.columns.arrow import ArrowArray, truth
from projections.columns.coded import Rows, coded, combined
from projections.columns.partial_days import Partial
from projections.therapy.dose_changes import HIGHER, LOWER, dose_changes, known_doses
from projections.therapy.drug_courses import DrugCourses, drug_courses
from projections.therapy.lines_before import BegunBefore
from projections.therapy.switches import agent_changes
from projections.therapy.treatment_episodes import Episodes, episodes_of
from projections.therapy.treatment_lines import with_days

if TYPE_CHECKING:
    from projections.point_in_time import Facts


def begun_treatments(facts: Facts, asked: DayZero, partial: Partial) -> tuple[ArrowArray, DaysZero, Rows]:
    """Return whose treatments of the kind that is asked for there are, the days of each, by reference, and a number.

    That is how many of the steps that narrow day 0 each passes (`further_steps`).
    """
    among = facts.catalogue.targeted if asked.event == "line" else None
    courses = courses_of(facts, asked.of, partial=partial, among=among)
    alone = asked.bridge.over == "no-other-agent"
    targeted = drug_courses(facts, facts.catalogue.targeted, partial=partial) if alone else None
    found = episodes_of(courses, bridge=asked.bridge, targeted=targeted)
    rows, passed = _begin(facts, asked, courses, found, partial)
    order = np.argsort(courses.reference[rows], kind="stable")
    rows = rows[order]
    begun, last = courses.take(rows), courses.take(found.last[found.of[rows]])
    days = DaysZero(
        begun.started,
        last.stopped.astype(np.int64),
        last.facts["stop_reason"].to_pylist(),
        begun.facts["started_on_precision"].to_pylist(),
        last.facts["stopped_on_precision"].to_pylist(),
        begun.facts["fact"].to_pylist(),
    )
    return begun.facts["patient"], days, passed[order]


def _begin(facts: Facts, asked: DayZero, courses: DrugCourses, found: Episodes, partial: Partial) -> tuple[Rows, Rows]:
    """Return the courses on whose first day it may have happened, and how many further steps each passes."""
    if asked.event == "dose-change":
        return _changed_doses(asked, courses, found)
    if asked.event == "switch":
        return _switched(facts, asked, courses, partial)
    rows = np.arange(len(courses.started)) if asked.event == "course" else found.first
    return rows, np.zeros(len(rows), dtype=np.intp)


def _changed_doses(asked: DayZero, courses: DrugCourses, found: Episodes) -> tuple[Rows, Rows]:
    """Return the courses with another dose; in a direction, 1 where it can be compared and 2 where it went there."""
    if asked.direction == "any":
        known = known_doses(courses, found.of)
        rows = known.rows[known.changes]
        return rows, np.zeros(len(rows), dtype=np.intp)
    changes = dose_changes(courses, found.of)
    wanted = LOWER if asked.direction == "down" else HIGHER
    passed = [(each is not None) + (each == wanted) for each in changes.directions]
    return changes.course, np.array(passed, dtype=np.intp)


def _switched(facts: Facts, asked: DayZero, courses: DrugCourses, partial: Partial) -> tuple[Rows, Rows]:
    """Return the courses that begin another agent or named product than the last; 1 where that is no return."""
    agents = agent_changes(*with_days(facts, bridge=asked.bridge, partial=partial))
    changed, new = agents.course, agents.course.filter(pa.array(~agents.returned))
    references = courses.facts["fact"].cast(pa.string())
    every, first = (truth(pc.is_in(references, value_set=_texts(each))) for each in (changed, new))
    if any(name in facts.catalogue.products for name in asked.of):
        exchanged, first_exchanged = _exchanges(facts, asked, partial)
        every |= truth(pc.is_in(references, value_set=exchanged))
        first |= truth(pc.is_in(references, value_set=first_exchanged))
    rows = np.flatnonzero(every)
    return rows, first[rows].astype(np.intp)


def _exchanges(facts: Facts, asked: DayZero, partial: Partial) -> tuple[ArrowArray, ArrowArray]:
    """Return the references of the courses of a named product whose patient had another of the agent before.

    First all of them, then those whose patient had not had the product itself. A course of which the product was not
    said is passed over. Courses of two products begun on one day are no exchange of one for the other.
    """
    every = drug_courses(facts, agents_of(asked.of, facts.catalogue), partial=partial)
    product = coded(every.facts["product"])
    known = np.flatnonzero(product.codes >= 0)
    history, codes = every.histories[known], product.codes[known]
    before = BegunBefore.of(history, every.started[known])
    other = ~(before.first | before.together(codes) | before.after(codes))
    new = np.zeros(len(known), dtype=bool)
    new[np.unique(combined(history, codes), return_index=True)[1]] = True
    named = truth(pc.is_in(every.facts["product"], value_set=pa.array(list(asked.of), pa.string())))[known]
    references = every.facts["fact"].take(pa.array(known))
    return _texts(references.filter(pa.array(other & named))), _texts(references.filter(pa.array(other & named & new)))


def _texts(column: ArrowArray) -> ArrowArray:
    """Return a column of texts in one piece."""
    return (column if isinstance(column, pa.Array) else column.combine_chunks()).cast(pa.string())
