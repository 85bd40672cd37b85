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
from projections.cohort.members.line_numbers import switches
from projections.cohort.members.named_treatments import agents_of, courses_of
from projections.columns.arrow import ArrowArray, truth
from projections.columns.coded import Rows, Truth, coded
from projections.columns.partial_days import Partial
from projections.therapy.dose_changes import known_doses
from projections.therapy.drug_courses import DrugCourses, drug_courses
from projections.therapy.treatment_episodes import Episodes, episodes_of

if TYPE_CHECKING:
    from projections.point_in_time import Facts


def begun_treatments(facts: Facts, asked: DayZero, partial: Partial) -> tuple[ArrowArray, DaysZero]:
    """Return whose treatments of the kind that is asked for there are, and the days of each, by reference."""
    among = facts.catalogue.targeted if asked.event == "line" else None
    courses = courses_of(facts, asked.of, partial=partial, among=among)
    found = episodes_of(courses, max_gap_days=asked.bridge)
    rows = _begin(facts, asked, courses, found, partial)
    rows = rows[np.argsort(courses.reference[rows], kind="stable")]
    begun, last = courses.take(rows), courses.take(found.last[found.of[rows]])
    return begun.facts["patient"], DaysZero(
        begun.started,
        last.stopped.astype(np.int64),
        last.facts["stop_reason"].to_pylist(),
        begun.facts["started_on_precision"].to_pylist(),
        last.facts["stopped_on_precision"].to_pylist(),
        begun.facts["fact"].to_pylist(),
    )


def _begin(facts: Facts, asked: DayZero, courses: DrugCourses, found: Episodes, partial: Partial) -> Rows:
    """Return the courses on whose first day the event that is asked for happens."""
    if asked.event == "course":
        return np.arange(len(courses.started))
    if asked.event == "dose-change":
        known = known_doses(courses, found.of)
        return known.rows[known.changes]
    if asked.event == "switch":
        return np.flatnonzero(_switched(facts, asked, courses, partial))
    return found.first


def _switched(facts: Facts, asked: DayZero, courses: DrugCourses, partial: Partial) -> Truth:
    """Return which courses begin a line of another agent than before, or are of another product where one is named."""
    to_agents = switches(facts, bridge=asked.bridge, partial=partial).course
    references = to_agents if isinstance(to_agents, pa.Array) else to_agents.combine_chunks()
    if any(name in facts.catalogue.products for name in asked.of):
        references = pa.concat_arrays([references.cast(pa.string()), _exchanges(facts, asked, partial)])
    return truth(pc.is_in(courses.facts["fact"], value_set=references.cast(pa.string())))


def _exchanges(facts: Facts, asked: DayZero, partial: Partial) -> ArrowArray:
    """Return the references of the courses of a named product whose patient had another of the agent before.

    A course of which the product was not said is passed over.
    """
    every = drug_courses(facts, agents_of(asked.of, facts.catalogue), partial=partial)
    product = coded(every.facts["product"])
    known = np.flatnonzero(product.codes >= 0)
    history, codes = every.histories[known], product.codes[known]
    other = (history[1:] == history[:-1]) & (codes[1:] != codes[:-1])
    rows = every.facts.take(pa.array(known[1:][other]))
    named = rows.filter(pc.is_in(rows["product"], value_set=pa.array(list(asked.of), pa.string())))
    return named["fact"].combine_chunks().cast(pa.string())
