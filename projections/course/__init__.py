"""One row per thing that happened to one patient, by clinical day: the course that a clinician reads.

Columns: on (clinical day, as precisely as it is known: 2003-02-14, 2003-02 or 2003; null where nobody knows), until
(the end likewise, null while it goes on or where there is none), what (enrolment, resumption of follow-up, treatment,
visit, flare, adverse event, condition, study, end of follow-up), which (agent, label, study code …), details,
reference. Order: first possible day, what has none first, then what in the order above, then reference. Built from the
exported tables at the same point in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from projections.course.entry import CourseEntry, Row, day_of, end_of, number_of, rows_of, said
from projections.course.studies import studies
from projections.course.visits import visits
from registry.domain.days import first_day
from registry.domain.references import reference

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

ORDER: Final = (
    "enrolment",
    "resumption of follow-up",
    "treatment",
    "visit",
    "flare",
    "adverse event",
    "condition",
    "study",
    "end of follow-up",
)


def course_entries(facts: Facts, patient: str) -> list[CourseEntry]:
    """Return what happened to a patient, in order; nothing where the patient is unknown at the point in time."""
    everything = [
        *_enrolment(facts, patient),
        *_resumptions(facts, patient),
        *_treatments(facts, patient),
        *visits(facts, patient),
        *_flares(facts, patient),
        *_adverse_events(facts, patient),
        *_conditions(facts, patient),
        *studies(facts, patient),
    ]
    return sorted(everything, key=_place)


def _place(each: CourseEntry) -> tuple[date, int, str]:
    return date.min if each.on is None else first_day(each.on), ORDER.index(each.what), each.reference


def course(facts: Facts, patient: str) -> pd.DataFrame:
    """Return what happened to a patient as a frame, one row a thing."""
    import pandas as pd

    rows = [msgspec.structs.asdict(each) for each in course_entries(facts, patient)]
    return pd.DataFrame(rows, columns=list(CourseEntry.__struct_fields__))


def _enrolment(facts: Facts, patient: str) -> Iterator[CourseEntry]:
    for row in rows_of(facts, "patients", patient):
        criteria = row["criteria"]
        fulfilled = ", ".join(map(str, criteria)) if isinstance(criteria, list) else ""
        known = [str(row["sex"] or ""), f"born {row['birth_year']}" if row["birth_year"] else "", fulfilled]
        if row["hla_b27"]:
            known.append(f"HLA-B27 {row['hla_b27']}")
        if row["symptom_onset"]:
            known.append(f"first symptoms {day_of(row, 'symptom_onset')}")
        yield CourseEntry(
            on=day_of(row, "enrolled_on"),
            until=None,
            what="enrolment",
            which=patient,
            details=", ".join(filter(None, known)),
            reference=reference("patient", patient),
        )
        yield from _end(row, "follow_up_ended_on", "follow_up_end_reason", reference=reference("patient", patient))


def _resumptions(facts: Facts, patient: str) -> Iterator[CourseEntry]:
    for row in rows_of(facts, "follow_ups", patient):
        yield CourseEntry(
            on=day_of(row, "resumed_on"),
            until=None,
            what="resumption of follow-up",
            which=patient,
            details="",
            reference=str(row["follow_up_id"]),
        )
        yield from _end(row, "ended_on", "end_reason", reference=str(row["follow_up_id"]))


def _end(row: Row, day: str, reason: str, *, reference: str) -> Iterator[CourseEntry]:
    """Yield the end of follow-up, where it ended, with its reason."""
    if row[day] is not None:
        yield CourseEntry(
            on=day_of(row, day),
            until=None,
            what="end of follow-up",
            which=str(row["patient"]),
            details=said(row, reason),
            reference=reference,
        )


def _treatments(facts: Facts, patient: str) -> Iterator[CourseEntry]:
    for row in rows_of(facts, "treatments", patient):
        dose = " ".join(
            str(part) for part in (number_of(row["dose"]), row["dose_unit"], row["frequency"], row["route"]) if part
        )
        over = f"stopped: {said(row, 'stop_reason')}" if row["stop_reason"] else ""
        yield CourseEntry(
            on=day_of(row, "started_on"),
            until=end_of(row, "stopped_on"),
            what="treatment",
            which=str(row["agent"]),
            details="; ".join(
                filter(
                    None,
                    (
                        str(row["drug_class"]),
                        said(row, "product"),
                        f"arm {row['arm']}" if row["arm"] else "",
                        dose,
                        "goes on" if row["ongoing"] else over,
                    ),
                )
            ),
            reference=str(row["treatment_id"]),
        )


def _flares(facts: Facts, patient: str) -> Iterator[CourseEntry]:
    for row in rows_of(facts, "flares", patient):
        since = row["days_since_last_stop"]
        after = f"{since} days after the last {row['last_agent']}" if since is not None else ""
        yield CourseEntry(
            on=day_of(row, "started_on"),
            until=end_of(row, "ended_on"),
            what="flare",
            which=said(row, "severity"),
            details="; ".join(
                filter(None, ("on treatment" if row["on_treatment"] else after, said(row, "trigger", "note")))
            ),
            reference=str(row["flare_id"]),
        )


def _adverse_events(facts: Facts, patient: str) -> Iterator[CourseEntry]:
    for row in rows_of(facts, "adverse_events", patient):
        yield CourseEntry(
            on=day_of(row, "started_on"),
            until=end_of(row, "ended_on"),
            what="adverse event",
            which=str(row["term"]),
            details=", ".join(
                filter(
                    None, (said(row, "severity"), "serious" if row["serious"] == "yes" else "", said(row, "outcome"))
                )
            ),
            reference=str(row["adverse_event_id"]),
        )


def _conditions(facts: Facts, patient: str) -> Iterator[CourseEntry]:
    known = facts.catalogue.conditions
    for row in rows_of(facts, "conditions", patient):
        yield CourseEntry(
            on=end_of(row, "started_on"),
            until=end_of(row, "ended_on"),
            what="condition",
            which=known[str(row["condition"])].label,
            details=said(row, "side", "basis", "note"),
            reference=str(row["condition_id"]),
        )
