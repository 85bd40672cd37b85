"""One patient's course as it is drawn over time: a row per thing that lasts or is a mark, and per value of a score.

Things: what (as in `projections.course`), which (agent, term, code …), lane (of a treatment the class of its agent, of
a study its modality, else empty), on and until (as precisely as they are known), first_begin and last_begin (the days
on which it can have begun; a day that is wholly known is both), first_end and last_end likewise, goes_on, details,
reference. What began nobody knows when has no days of beginning. Without an end, `goes_on` says whether it goes on at
the point in time, as a treatment does, or nothing is known of its end. The order is that of the course.

Values: score, on (day of the visit), value, comparator (of what was given as a limit, `<` or `>`), state (of an ASDAS
its state of activity, else empty), reference of the visit. The order is by score, then by day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.clinical.visit_values import NO_VALUE, CriterionInputs, VisitValues
from projections.course import course_entries
from projections.course.entry import CourseEntry, rows_of
from registry.catalogue.instruments.asdas import ACTIVITY_STATES, activity_states
from registry.catalogue.instruments.values import COMPARATORS
from registry.domain.days import first_day, last_day

if TYPE_CHECKING:
    from projections.point_in_time import Facts

SCORES: Final = ("asdas_crp", "basdai", "crp")
WITH_STATES: Final = ("asdas_crp", "asdas_esr")


class TimelineEntry(NamedTuple):
    """One thing that happened, with the days that its beginning and its end can mean."""

    what: str
    which: str
    lane: str
    on: str | None
    until: str | None
    first_begin: date | None
    last_begin: date | None
    first_end: date | None
    last_end: date | None
    goes_on: bool
    details: str
    reference: str


class TimelineValue(NamedTuple):
    """One value of a score at a visit."""

    score: str
    on: date
    value: float
    comparator: str
    state: str
    reference: str


class Timeline(NamedTuple):
    """A patient's course at a point in time: up to `as_of`, or to the last day of which anything is known.

    `until` is that day, None where there is none.
    """

    patient: str
    as_of: date | None
    until: date | None
    entries: list[TimelineEntry]
    values: list[TimelineValue]


def timeline(facts: Facts, patient: str, scores: tuple[str, ...] = SCORES) -> Timeline:
    """Return a patient's course with some scores; without entries where the patient is unknown at the point in time."""
    course = course_entries(facts, patient)
    values = _values(facts, patient, scores) if course else []
    entries = list(_entries(facts, patient, course))
    known = [day for each in entries for day in (each.last_begin, each.last_end) if day is not None]
    as_of = facts.at.as_of
    return Timeline(patient, as_of, as_of or max(known, default=None), entries, values)


def _entries(facts: Facts, patient: str, entries: list[CourseEntry]) -> Iterator[TimelineEntry]:
    given = rows_of(facts, "treatments", patient, "treatment_id", "drug_class")
    taken = rows_of(facts, "imaging", patient, "study", "modality")
    lanes = {("treatment", str(row["treatment_id"])): str(row["drug_class"]) for row in given}
    lanes |= {("study", str(row["study"])): str(row["modality"]) for row in taken}
    for each in entries:
        named = each.reference if each.what == "treatment" else each.which
        yield TimelineEntry(
            each.what,
            each.which,
            lanes.get((each.what, named), ""),
            each.on,
            each.until,
            None if each.on is None else first_day(each.on),
            None if each.on is None else last_day(each.on),
            None if each.until is None else first_day(each.until),
            None if each.until is None else last_day(each.until),
            each.what == "treatment" and each.until is None,
            each.details,
            each.reference,
        )


def _values(facts: Facts, patient: str, scores: tuple[str, ...]) -> list[TimelineValue]:
    inputs = CriterionInputs(VisitValues(facts))
    columns = (inputs.visits[name].to_pylist() for name in ("patient", "visited_on", "fact"))
    visits = [(place, day, fact) for place, (whose, day, fact) in enumerate(zip(*columns)) if whose == patient]
    visits.sort(key=lambda each: each[1:])
    found = []
    for score in scores:
        values, marks, origins = inputs[score], inputs[score].marks.tolist(), inputs.origins(score).tolist()
        numbers = values.doubles().tolist()
        states = activity_states(values).tolist() if score in WITH_STATES else None
        for place, day, fact in visits:
            if origins[place] != NO_VALUE:
                state = ACTIVITY_STATES[states[place]] if states else ""
                found.append(TimelineValue(score, day, numbers[place], _comparator(marks[place]), state, fact))
    return found


def _comparator(mark: int) -> str:
    return next((name or "" for name, each in COMPARATORS.items() if each == mark), "")
