"""Day 0 of every patient, and the last day of the course that began then.

A partial start counts as its first day, as everywhere. A course that goes on at the point in time has no last day; day
0 of an event that is not there at the point in time does not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.definition.definition import DayZero
from projections.columns.arrow import ArrowArray
from projections.columns.coded import Coded, Rows, day_numbers, in_order
from projections.columns.partial_days import FOREVER, Days
from projections.therapy.drug_courses import drug_courses
from projections.therapy.treatment_lines import table as treatment_lines
from registry.catalogue.agents import AGENTS

if TYPE_CHECKING:
    from projections.point_in_time import Facts

NOWHERE = np.iinfo(np.int32).min  # day 0 of a patient who has none


class DaysZero(NamedTuple):
    """One row a patient: day 0 (`NOWHERE` where there is none), and the last day of its course in days since 1970.

    `stopped` is FOREVER where nothing was stopped; `reason` is why it was, `course` the reference of the course.
    """

    day: Days
    stopped: Days
    reason: list[str | None]
    course: list[str | None]


def agents_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the agents that names of agents and classes mean, all of them for none."""
    return tuple(name for name, agent in AGENTS.items() if not names or name in names or agent.drug_class in names)


def days_zero(facts: Facts, patients: ArrowArray, asked: DayZero) -> DaysZero:
    """Return day 0 of the patients, an Arrow array of pseudonyms in any order."""
    if asked.starts_treatment:
        return _first(patients, *(_courses(facts, asked) if asked.event == "course" else _lines(facts, asked)))
    if asked.event == "enrolment":
        facts_of, day = facts.of("patients"), "enrolled_on"
    elif asked.event == "first-study":
        facts_of, day = facts.of("imaging"), "performed_on"
    else:
        facts_of, day = facts.of("visits"), "visited_on"
    days = day_numbers(facts_of[day]).astype(np.int64)
    nothing: list[str | None] = [None] * len(days)
    return _first(patients, facts_of["patient"], DaysZero(days, np.full(len(days), FOREVER), nothing, nothing))


def covers_agents(facts: Facts, names: tuple[str, ...]) -> set[str]:
    """Return the patients who were ever given one of the agents or classes, as far as the point in time goes."""
    courses = drug_courses(facts, agents_of(names))
    return set(courses.facts["patient"].to_pylist())


def _courses(facts: Facts, asked: DayZero) -> tuple[ArrowArray, DaysZero]:
    courses = drug_courses(facts, agents_of(asked.of))
    sign = 1 if asked.which == "first" else -1
    courses = courses.take(in_order(courses.patient, sign * courses.started, courses.reference))
    days = DaysZero(
        courses.started,
        courses.stopped.astype(np.int64),
        courses.facts["stop_reason"].to_pylist(),
        courses.facts["fact"].to_pylist(),
    )
    return courses.facts["patient"], days


def _lines(facts: Facts, asked: DayZero) -> tuple[ArrowArray, DaysZero]:
    lines = treatment_lines(facts)
    lines = lines.filter(pc.equal(lines["line"], asked.line))
    lines = lines.filter(pc.is_in(lines["agent"].cast(pa.string()), value_set=pa.array(agents_of(asked.of))))
    started = day_numbers(lines["started_on"]).astype(np.int64)
    ongoing = pc.is_null(lines["stopped_on"]).to_numpy()
    stopped = np.where(ongoing, FOREVER, np.maximum(day_numbers(lines["stopped_on"]), started))
    reasons, courses = (lines[name].to_pylist() for name in ("stop_reason", "treatment_id"))
    return lines["patient"], DaysZero(started, stopped, reasons, courses)


def _first(patients: ArrowArray, whose: ArrowArray, each: DaysZero) -> DaysZero:
    """Return the first row of each patient; those that come later do not count."""
    days = np.asarray(each.day)
    order = range(len(days)) if each.course and any(each.course) else np.argsort(days, kind="stable").tolist()
    first: dict[str, int] = {}
    names = whose.to_pylist()
    for row in order:
        first.setdefault(names[row], row)
    rows = [first.get(patient) for patient in patients.to_pylist()]
    return DaysZero(
        np.array([NOWHERE if row is None else int(days[row]) for row in rows], dtype=np.int64),
        np.array([FOREVER if row is None else int(each.stopped[row]) for row in rows], dtype=np.int64),
        [None if row is None else each.reason[row] for row in rows],
        [None if row is None else each.course[row] for row in rows],
    )


def member_rows(patient: Coded, members: list[str]) -> Rows:
    """Return the row of the members that each row of a column of pseudonyms belongs to, -1 for a stranger."""
    place = pc.index_in(patient.words, value_set=pa.array(members, pa.string())).fill_null(-1)
    return np.append(place.to_numpy(zero_copy_only=False), -1)[patient.codes].astype(np.intp)
