"""One row per thing that happened to one patient, by clinical day: the course that a clinician reads.

Columns: on (clinical day, as precisely as it is known: 2003-02-14, 2003-02 or 2003), until (the end likewise, null
while it goes on or where there is none), what (enrolment, treatment, visit, flare, adverse event, study, end of
follow-up), which (agent, label, study code …), details, reference. Order: first possible day, then what in the order
above, then reference. Built from the exported tables at the same point in time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import msgspec
import pyarrow.compute as pc

from registry.catalogue.measures import MEASURES
from registry.days import first_day
from registry.references import reference

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

ORDER: Final = ("enrolment", "treatment", "visit", "flare", "adverse event", "study", "end of follow-up")
TOTALS: Final = ("total", "erosions", "inflammation", "active-erosions", "inactive-erosions")
UNSPOKEN_UNITS: Final = ("nrs", "score", "count")
Row = Mapping[str, object]


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to a patient."""

    on: str
    until: str | None
    what: str
    which: str
    details: str
    reference: str


def happenings(facts: Facts, patient: str) -> list[Happening]:
    """Return what happened to a patient, in order; nothing where the patient is unknown at the point in time."""
    found = [
        *_enrolment(facts, patient),
        *_treatments(facts, patient),
        *_visits(facts, patient),
        *_flares(facts, patient),
        *_adverse_events(facts, patient),
        *_studies(facts, patient),
    ]
    return sorted(found, key=lambda each: (first_day(each.on), ORDER.index(each.what), each.reference))


def course(facts: Facts, patient: str) -> pd.DataFrame:
    """Return what happened to a patient as a frame, one row a thing."""
    import pandas as pd

    rows = [msgspec.structs.asdict(each) for each in happenings(facts, patient)]
    return pd.DataFrame(rows, columns=list(Happening.__struct_fields__))


def _rows(facts: Facts, table_name: str, patient: str) -> list[dict[str, object]]:
    from projections import project

    table = project(table_name, facts)
    rows: list[dict[str, object]] = table.filter(pc.field("patient") == patient).to_pylist()
    return rows


def _said(row: Row, *columns: str) -> str:
    return ", ".join(str(row[column]).replace("-", " ") for column in columns if row[column] is not None)


def _day(row: Row, column: str) -> str:
    """Return a day as precisely as it is known."""
    return str(row[column])[: {"year": 4, "month": 7}.get(str(row.get(f"{column}_precision")), 10)]


def _end(row: Row, column: str) -> str | None:
    return None if row[column] is None else _day(row, column)


def _enrolment(facts: Facts, patient: str) -> Iterator[Happening]:
    for row in _rows(facts, "patients", patient):
        criteria = row["criteria"]
        fulfilled = ", ".join(map(str, criteria)) if isinstance(criteria, list) else ""
        known = [str(row["sex"] or ""), f"born {row['birth_year']}" if row["birth_year"] else "", fulfilled]
        if row["hla_b27"]:
            known.append(f"HLA-B27 {row['hla_b27']}")
        if row["symptom_onset"]:
            known.append(f"first symptoms {_day(row, 'symptom_onset')}")
        yield Happening(
            on=_day(row, "enrolled_on"),
            until=None,
            what="enrolment",
            which=patient,
            details=", ".join(filter(None, known)),
            reference=reference("patient", patient),
        )
        if row["follow_up_ended_on"] is not None:
            yield Happening(
                on=_day(row, "follow_up_ended_on"),
                until=None,
                what="end of follow-up",
                which=patient,
                details=_said(row, "follow_up_end_reason"),
                reference=reference("patient", patient),
            )


def _treatments(facts: Facts, patient: str) -> Iterator[Happening]:
    for row in _rows(facts, "treatments", patient):
        dose = " ".join(
            str(part) for part in (_number(row["dose"]), row["dose_unit"], row["frequency"], row["route"]) if part
        )
        over = f"stopped: {_said(row, 'stop_reason')}" if row["stop_reason"] else ""
        yield Happening(
            on=_day(row, "started_on"),
            until=_end(row, "stopped_on"),
            what="treatment",
            which=str(row["agent"]),
            details="; ".join(filter(None, (str(row["drug_class"]), dose, "goes on" if row["ongoing"] else over))),
            reference=str(row["treatment_id"]),
        )


def _visits(facts: Facts, patient: str) -> Iterator[Happening]:
    taken: dict[object, dict[str, Row]] = {}
    for row in _rows(facts, "measures", patient):
        taken.setdefault(row["visit_id"], {})[str(row["measure"])] = row
    for row in _rows(facts, "visits", patient):
        yield Happening(
            on=_day(row, "visited_on"),
            until=None,
            what="visit",
            which=str(row["visit"] or ""),
            details=", ".join(_measured(taken.get(row["visit_id"], {}))),
            reference=str(row["visit_id"]),
        )


def _measured(taken: Mapping[str, Row]) -> Iterator[str]:
    """Yield what was measured in the catalogue's order; the items of a questionnaire in one go, a dash for a gap."""
    for series in ("basdai", "basfi"):
        items = [name for name in MEASURES if name.startswith(f"{series}_")]
        if any(name in taken for name in items):
            yield f"{series} items " + " ".join(
                str(taken[name]["captured_value"]) if name in taken else "-" for name in items
            )
    for name in MEASURES:
        if name in taken and not name.startswith(("basdai_", "basfi_")):
            row = taken[name]
            unit = "" if row["captured_unit"] in UNSPOKEN_UNITS else f" {row['captured_unit']}"
            yield f"{name} {row['comparator'] or ''}{row['captured_value']}{unit}"


def _flares(facts: Facts, patient: str) -> Iterator[Happening]:
    for row in _rows(facts, "flares", patient):
        since = row["days_since_last_stop"]
        after = f"{since} days after the last {row['last_agent']}" if since is not None else ""
        yield Happening(
            on=_day(row, "started_on"),
            until=_end(row, "ended_on"),
            what="flare",
            which=_said(row, "severity"),
            details="; ".join(
                filter(None, ("on treatment" if row["on_treatment"] else after, _said(row, "trigger", "note")))
            ),
            reference=str(row["flare_id"]),
        )


def _adverse_events(facts: Facts, patient: str) -> Iterator[Happening]:
    for row in _rows(facts, "adverse_events", patient):
        yield Happening(
            on=_day(row, "started_on"),
            until=_end(row, "ended_on"),
            what="adverse event",
            which=str(row["term"]),
            details=", ".join(
                filter(
                    None, (_said(row, "severity"), "serious" if row["serious"] == "yes" else "", _said(row, "outcome"))
                )
            ),
            reference=str(row["adverse_event_id"]),
        )


def _studies(facts: Facts, patient: str) -> Iterator[Happening]:
    read: dict[object, list[str]] = {}
    for row in _rows(facts, "scores", patient):
        if row["score"] in TOTALS:
            value = _number(row["value"]) if row["value"] is not None else "not complete"
            name = row["method"] if row["score"] == "total" else str(row["score"]).replace("-", " ")
            read.setdefault(row["study"], []).append(f"{name} {value}")
    for row in _rows(facts, "imaging", patient):
        regions = row["regions"]
        shown = " and ".join(map(str, regions)) if isinstance(regions, list) else ""
        yield Happening(
            on=_day(row, "performed_on"),
            until=None,
            what="study",
            which=str(row["study"]),
            details="; ".join(filter(None, (f"{row['modality']} {shown}", ", ".join(read.get(row["study"], []))))),
            reference=reference("imaging", str(row["study"])),
        )


def _number(value: object) -> str | None:
    return f"{value:g}" if isinstance(value, float) else None
