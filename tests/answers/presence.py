"""Which facts are there on a day, by table: those of who is enrolled that have begun, without ends that are to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.answers.facts import Facts, OfPatient, of_patient
from tests.answers.members import present
from tests.answers.therapy import dated_courses

Row = tuple[str | bool | None, ...]


def what_is_there(facts: Facts, as_of: date | None, *, withdrawn: str = "keep") -> dict[str, list[Row]]:
    """Return the rows of each table, sorted: whose each is, its day or name, and how it ended by then."""
    patients = present(facts, as_of, withdrawn=withdrawn)

    def of_those(rows: Sequence[OfPatient]) -> list[OfPatient]:
        return [row for patient in patients for row in of_patient(rows, patient)]

    dated = [each for patient in patients for each in dated_courses(facts, patient, as_of=as_of)]
    tables: dict[str, list[Row]] = {
        "follow_ups": [
            (each.patient, str(each.resumed_on), ended(each.ended_on, as_of))
            for each in of_those(facts.follow_ups)
            if has_come(each.resumed_on, as_of)
        ],
        "visits": [
            (each.patient, each.reference) for each in of_those(facts.visits) if has_come(each.visited_on, as_of)
        ],
        "treatments": [(each.course.patient, each.course.reference, each.stop is None, each.reason) for each in dated],
        "flares": [
            (each.patient, str(each.started_on), ended(each.ended_on, as_of))
            for each in of_those(facts.flares)
            if has_come(each.started_on, as_of)
        ],
        "adverse_events": [
            (each.patient, str(each.started_on), ended(each.ended_on, as_of))
            for each in of_those(facts.adverse_events)
            if has_come(each.started_on, as_of)
        ],
        "imaging": [
            (each.patient, str(each.performed_on), each.code)
            for each in of_those(facts.studies)
            if has_come(each.performed_on, as_of)
        ],
    }
    return {name: sorted(rows, key=str) for name, rows in tables.items()}


def has_come(day: date, as_of: date | None) -> bool:
    """Return whether a day lies on or before `as_of`."""
    return as_of is None or day <= as_of


def ended(day: date | None, as_of: date | None) -> str | None:
    """Return the last day of something, None while it goes on."""
    return None if day is None or not has_come(day, as_of) else str(day)
