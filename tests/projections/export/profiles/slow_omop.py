"""The tables of OMOP made row by row of the tables of an export and of its events: the oracle of the fast ones.

Only columns that have something are in a row. What was observed of patients is given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, Final

from tests.oracle.replay import interval_days

CONCEPTS: Final = {  # what OMOP numbers, of the words that tests have
    "female": 8532,
    "male": 8507,
    "crp": 3020460,
    "mg/l": 8751,
    "mm/h": 8752,
    "cm": 8582,
    "<": 4171756,
    ">": 4172704,
    "adalimumab": 1119119,
    "etanercept": 1151789,
    "infliximab": 937368,
    "methotrexate": 1305058,
    "naproxen": 1115008,
    "ibuprofen": 1177480,
    "sulfasalazine": 964339,
    "heart-failure": 316139,
}
REGISTRY: Final = 32879
Row = dict[str, Any]


def number_of(word: str | None) -> int | None:
    """Return OMOP's number of a word, 0 where there is none, None for no word."""
    return None if word is None else CONCEPTS.get(word, 0)


class SlowOmop:
    """The tables of persons; `observed` has patient, began and ended of each span in order, `as_of` the day."""

    def __init__(
        self, tables: Mapping[str, list[Row]], observed: list[tuple[str, date, date]], *, as_of: date | None
    ) -> None:
        self._tables, self._observed, self._as_of = tables, observed, as_of
        born = [row["patient"] for row in tables["patients"] if row["birth_year"] is not None]
        self._persons = {patient: number for number, patient in enumerate(sorted(born), 1)}
        stated = [
            (event["patient"], event["fact"], event["position"], json.loads(event["payload"]).get("statement"))
            for event in tables["events"]
            if event["fact"] and event["payload"] and not event["event"].endswith("Confirmed")
        ]
        self._said = {(patient, fact): said for patient, fact, _, said in stated}
        self._position = {(patient, fact): position for patient, fact, position, _ in stated}

    def tables(self) -> dict[str, list[Row]]:
        """Return the rows of each table, in their order."""
        made = {
            "visit_occurrence": self._visits(),
            "observation_period": self._periods(),
            "condition_occurrence": self._conditions(),
            "drug_exposure": self._courses(),
            "procedure_occurrence": self._studies(),
            "measurement": self._measurements(),
            "observation": self._observations(),
        }
        found = {"person": [*self._of_persons()], "death": self._deaths()}
        self._visit_ids: dict[tuple[str, str], int] = {}
        for name, rows in made.items():
            kept = sorted((row for row in rows if row["patient"] in self._persons), key=self._key)
            found[name] = [self._numbered(name, number, row) for number, row in enumerate(kept, 1)]
        return found

    def _key(self, row: Row) -> tuple[Any, ...]:
        return self._persons[row["patient"]], row["on"], row.get("ties", 0)

    def _numbered(self, name: str, number: int, row: Row) -> Row:
        patient, visit = row.pop("patient"), row.pop("visit", None)
        row.pop("on"), row.pop("ties", None)
        if name == "visit_occurrence":
            self._visit_ids[patient, visit] = number
        elif visit is not None:
            row["visit_occurrence_id"] = self._visit_ids[patient, visit]
        told = {f"{name}_id": number, "person_id": self._persons[patient], **row}
        return {column: value for column, value in told.items() if value is not None}

    def _of_persons(self) -> Iterator[Row]:
        sites: dict[str, int] = {}
        for row in self._tables["patients"]:
            if row["patient"] not in self._persons:
                continue
            told = {
                "person_id": self._persons[row["patient"]],
                "gender_concept_id": number_of(row["sex"]) or 0,
                "year_of_birth": row["birth_year"],
                "race_concept_id": 0,
                "ethnicity_concept_id": 0,
                "care_site_id": row["centre"] and sites.setdefault(row["centre"], len(sites) + 1),
                "person_source_value": row["patient"][:50],
                "gender_source_value": row["sex"],
            }
            yield {column: value for column, value in told.items() if value is not None}

    def _deaths(self) -> list[Row]:
        ends = [
            (row["patient"], row["follow_up_ended_on"], row["follow_up_end_reason"]) for row in self._tables["patients"]
        ]
        ends += [(row["patient"], row["ended_on"], row["end_reason"]) for row in self._tables["follow_ups"]]
        rows = [
            {"person_id": self._persons[patient], "death_date": day, "death_type_concept_id": REGISTRY}
            for patient, day, reason in ends
            if reason == "died" and patient in self._persons
        ]
        return sorted(rows, key=itemgetter("person_id"))

    def _periods(self) -> Iterator[Row]:
        for patient, began, ended in self._observed:
            yield {
                "patient": patient,
                "on": began,
                "observation_period_start_date": began,
                "observation_period_end_date": ended,
                "period_type_concept_id": REGISTRY,
            }

    def _visits(self) -> Iterator[Row]:
        for row in self._tables["visits"]:
            yield {
                "patient": row["patient"],
                "on": row["visited_on"],
                "ties": self._position[row["patient"], row["visit_id"]],
                "visit": row["visit_id"],
                "visit_concept_id": 0,
                "visit_start_date": row["visited_on"],
                "visit_end_date": row["visited_on"],
                "visit_type_concept_id": REGISTRY,
                "visit_source_value": row["visit"] and row["visit"][:50],
            }

    def _conditions(self) -> Iterator[Row]:
        for row in self._tables["conditions"]:
            said = self._said[row["patient"], row["condition_id"]]
            if said["started_on"] is None:
                continue
            started, ended = interval_days(said["started_on"], said["ended_on"])
            yield {
                "patient": row["patient"],
                "on": started,
                "ties": self._position[row["patient"], row["condition_id"]],
                "condition_concept_id": number_of(row["condition"]),
                "condition_start_date": started,
                "condition_end_date": row["ended_on"] and ended,
                "condition_type_concept_id": REGISTRY,
                "condition_source_value": row["condition"],
                "condition_status_source_value": row["basis"],
            }

    def _courses(self) -> Iterator[Row]:
        for row in self._tables["treatments"]:
            said = self._said[row["patient"], row["treatment_id"]]
            started, stopped = interval_days(said["started_on"], said["stopped_on"])
            last = max((ended for patient, _, ended in self._observed if patient == row["patient"]), default=started)
            words = [word for word in (said["dose"], row["dose_unit"], row["frequency"]) if word]
            yield {
                "patient": row["patient"],
                "on": started,
                "ties": self._position[row["patient"], row["treatment_id"]],
                "drug_concept_id": number_of(row["agent"]),
                "drug_exposure_start_date": started,
                "drug_exposure_end_date": stopped if row["stopped_on"] else max(started, last),
                "verbatim_end_date": row["stopped_on"] and stopped,
                "drug_type_concept_id": REGISTRY,
                "stop_reason": row["stop_reason"],
                "sig": " ".join(words) or None,
                "drug_source_value": row["product"] or row["agent"],
                "route_source_value": row["route"],
                "dose_unit_source_value": row["dose_unit"],
            }

    def _studies(self) -> Iterator[Row]:
        positions = {
            (patient, said["study"]): self._position[patient, fact]
            for (patient, fact), said in self._said.items()
            if said and "modality" in said
        }
        for row in self._tables["imaging"]:
            yield {
                "patient": row["patient"],
                "on": row["performed_on"],
                "ties": positions[row["patient"], row["study"]],
                "procedure_concept_id": 0,
                "procedure_date": row["performed_on"],
                "procedure_type_concept_id": REGISTRY,
                "procedure_source_value": f"{row['modality']} {' '.join(row['regions'])}"[:50],
            }

    def _measurements(self) -> Iterator[Row]:
        for row in self._tables["measures"]:
            if row["value"] is not None:
                came = f"{row['comparator'] or ''}{row['captured_value']} {row['captured_unit']}"
                yield {
                    "patient": row["patient"],
                    "visit": row["visit_id"],
                    "on": row["visited_on"],
                    "measurement_concept_id": number_of(row["measure"]),
                    "measurement_date": row["visited_on"],
                    "measurement_type_concept_id": REGISTRY,
                    "operator_concept_id": number_of(row["comparator"]),
                    "value_as_number": row["value"],
                    "unit_concept_id": number_of(row["unit"]),
                    "measurement_source_value": row["rule"] or row["measure"],
                    "unit_source_value": row["unit"],
                    "value_source_value": None if row["captured_value"] is None else came[:50],
                }
        for row in self._tables["scores"]:
            if row["value"] is not None:
                yield {
                    "patient": row["patient"],
                    "on": row["performed_on"],
                    "measurement_concept_id": 0,
                    "measurement_date": row["performed_on"],
                    "measurement_type_concept_id": REGISTRY,
                    "value_as_number": row["value"],
                    "measurement_source_value": f"{row['method']}/{row['score']}"[:50],
                }

    def _observations(self) -> Iterator[Row]:
        for row in self._tables["measures"]:
            if row["code"] or row["text"]:
                told = row["code"] or row["text"]
                yield {**self._told(row, row["visited_on"], row["measure"], told), "visit": row["visit_id"]}
        patients = self._tables["patients"]
        yield from (
            self._told(row, row["enrolled_on"], "hla_b27", row["hla_b27"]) for row in patients if row["hla_b27"]
        )
        for row in patients:
            yield from (self._told(row, row["enrolled_on"], "criteria", each) for each in row["criteria"])
        for day in ("symptom_onset", "diagnosed_on"):
            for row in patients:
                if row[day]:
                    length = {"year": 4, "month": 7, "day": 10}[row[f"{day}_precision"]]
                    yield self._told(row, self._middle(row[day], length), day, row[day].isoformat()[:length])
        yield from self._ends(patients, "follow_up_ended_on", "follow_up_end_reason")
        resumed = self._by_position("follow_ups", "follow_up_id")
        for row in resumed:
            yield self._told(row, row["resumed_on"], "follow_up_resumption", row["resumed_on"].isoformat())
        yield from self._ends(resumed, "ended_on", "end_reason")
        for row in self._by_position("flares", "flare_id"):
            yield self._told(row, row["started_on"], "flare", row["severity"] or "flare")
        for row in self._by_position("adverse_events", "adverse_event_id"):
            yield self._told(row, row["started_on"], "adverse_event", row["term"])

    def _by_position(self, table: str, reference: str) -> list[Row]:
        return sorted(self._tables[table], key=lambda row: self._position[row["patient"], row[reference]])

    def _ends(self, rows: list[Row], day: str, reason: str) -> Iterator[Row]:
        yield from (self._told(row, row[day], "follow_up_end", row[reason] or "unknown") for row in rows if row[day])

    def _middle(self, first: date, length: int) -> date:
        """Return the middle of the days that a text of a length can mean, up to the day of the data set."""
        days = [
            first + timedelta(days=n)
            for n in range(366)
            if (first + timedelta(days=n)).isoformat()[:length] == first.isoformat()[:length]
        ]
        there = [day for day in days if self._as_of is None or day <= self._as_of]
        return there[(len(there) - 1) // 2]

    def _told(self, row: Row, on: date, source: str, told: str) -> Row:
        return {
            "patient": row["patient"],
            "on": on,
            "observation_concept_id": 0,
            "observation_date": on,
            "observation_type_concept_id": REGISTRY,
            "value_as_string": told[:60],
            "observation_source_value": source,
            "value_source_value": told[:50],
        }
