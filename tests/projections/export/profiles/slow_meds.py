"""A data set of MEDS made row by row of the tables of an export and of its events: the oracle of the fast one."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

import numpy as np

FACTORS: Final = {("mg/dl", "mg/l"): 10, ("nrs", "mm"): 10, ("min", "s"): 60}
Row = Mapping[str, Any]


def subject(key: str, patient: str) -> int:
    """Return the number of a patient by a key, 32 bytes in hexadecimal."""
    return int(_hash(key, "subject", patient)[:16], 16) // 2


def split(key: str, patient: str) -> str:
    """Return the split of a patient by a key."""
    tenth = int(_hash(key, "split", patient)[:16], 16) % 10
    return {8: "tuning", 9: "held_out"}.get(tenth, "train")


def _hash(key: str, *texts: str) -> str:
    said = b"".join(len(text.encode()).to_bytes(4, "little") + text.encode() for text in texts)
    return hmac.new(bytes.fromhex(key), said, sha256).hexdigest()


class SlowMeds:
    """The rows that come of the tables of an export, with those of the table `events`."""

    def __init__(self, key: str, tables: Mapping[str, list[dict[str, Any]]], *, as_of: date | None = None) -> None:
        self._key = key
        self._tables = tables
        self._as_of = as_of
        about = [
            (event, json.loads(event["payload"]).get("statement") if event["payload"] else None)
            for event in tables["events"]
            if event["fact"] and not event["event"].endswith("Confirmed")
        ]
        named = {(event["patient"], event["fact"]): (event, stated) for event, stated in about}
        self._stated = {name: (event["position"], event["recorded_at"]) for name, (event, _) in named.items()}
        self._statements = {name: stated for name, (_, stated) in named.items() if stated is not None}

    def rows(self, *, available_at: str = "study") -> list[dict[str, Any]]:
        """Return the rows by subject, time, position and code."""
        found = [
            *self._patients(),
            *self._follow_ups(),
            *self._visits(),
            *self._measures(),
            *self._courses(),
            *self._others(),
            *self._scores(available_at),
        ]
        first = datetime.combine(date.min, time())
        return sorted(found, key=lambda row: (row["subject_id"], row["time"] or first, row["position"], row["code"]))

    def _row(self, of: Row, reference: str, on: date | datetime | None, code: str, **told: Any) -> dict[str, Any]:
        position, recorded_at = self._stated[of["patient"], reference]
        value = told.get("value")
        at = datetime.combine(on, time()) if type(on) is date else on
        return {
            "subject_id": subject(self._key, of["patient"]),
            "time": at,
            "code": code,
            "numeric_value": None if value is None else float(np.float32(value)),
            "text_value": told.get("text"),
            "value": value,
            "unit": told.get("unit"),
            "comparator": told.get("comparator"),
            "precision": told.get("precision") or ("day" if on else None),
            "recorded_at": recorded_at,
            "position": position,
        }

    def _patients(self) -> Iterator[dict[str, Any]]:
        for row in self._tables["patients"]:
            reference = self._enrolment_of(row["patient"])
            for name, kind in (("sex", "SEX"), ("centre", "CENTRE"), ("hla_b27", "HLA_B27")):
                if row[name] is not None:
                    yield self._row(row, reference, None, f"{kind}//{row[name]}")
            for criterion in row["criteria"]:
                yield self._row(row, reference, None, f"CRITERIA//{criterion}")
            if row["birth_year"] is not None:
                yield self._row(row, reference, date(row["birth_year"], 1, 1), "MEDS_BIRTH", precision="year")
            for name, code in (
                ("symptom_onset", "SYMPTOM_ONSET"),
                ("diagnosed_on", "DIAGNOSIS"),
                ("enrolled_on", "ENROLMENT"),
                ("consented_on", "CONSENT"),
            ):
                if row[name] is not None:
                    yield self._row(row, reference, row[name], code, precision=row.get(f"{name}_precision"))
            yield from self._end(row, reference, row["follow_up_ended_on"], row["follow_up_end_reason"])

    def _enrolment_of(self, patient: str) -> str:
        return next(
            fact for (whose, fact), stated in self._statements.items() if whose == patient and "hla_b27" in stated
        )

    def _end(self, row: Row, reference: str, on: date | None, reason: str | None) -> Iterator[dict[str, Any]]:
        if on is not None:
            yield self._row(row, reference, on, f"FOLLOW_UP_END//{reason or 'unknown'}")
        if on is not None and reason == "died":
            yield self._row(row, reference, on, "MEDS_DEATH")

    def _follow_ups(self) -> Iterator[dict[str, Any]]:
        for row in self._tables["follow_ups"]:
            yield self._row(row, row["follow_up_id"], row["resumed_on"], "FOLLOW_UP_RESUMPTION")
            yield from self._end(row, row["follow_up_id"], row["ended_on"], row["end_reason"])

    def _visits(self) -> Iterator[dict[str, Any]]:
        for row in self._tables["visits"]:
            yield self._row(row, row["visit_id"], row["visited_on"], "VISIT", text=row["visit"])

    def _measures(self) -> Iterator[dict[str, Any]]:
        for row in self._tables["measures"]:
            code, told = f"MEASURE//{row['measure']}", {"unit": row["unit"], "comparator": row["comparator"]}
            if row["derived"]:
                code, value = f"COMPUTED//{row['measure']}", row["value"]
                told["value"] = None if value is None else repr(value).removesuffix(".0")
            elif row["captured_value"] is not None:
                factor = FACTORS.get((row["captured_unit"], row["unit"]), 1)
                told |= {"value": f"{Decimal(row['captured_value']) * factor:f}", "text": row["version"]}
            elif row["missing_reason"] is not None:
                code, told = f"MISSING//{row['measure']}//{row['missing_reason']}", {}
            else:
                told = {"text": row["code"] or row["text"]}
                code += f"//{row['code']}" if row["code"] else ""
            if not row["derived"] or row["value"] is not None:
                yield self._row(row, row["visit_id"], row["visited_on"], code, **told)

    def _courses(self) -> Iterator[dict[str, Any]]:
        for row in self._tables["treatments"]:
            reference, agent = row["treatment_id"], row["agent"]
            dose = self._statements[row["patient"], reference]["dose"]
            told = {"precision": row["started_on_precision"], "text": row["product"], "unit": row["dose_unit"]}
            yield self._row(row, reference, row["started_on"], f"DRUG_START//{agent}", value=dose, **told)
            if row["stopped_on"] is not None:
                told = {"precision": row["stopped_on_precision"], "text": row["stop_reason"]}
                yield self._row(row, reference, row["stopped_on"], f"DRUG_STOP//{agent}", **told)

    def _others(self) -> Iterator[dict[str, Any]]:
        for row in self._tables["flares"]:
            yield from self._span(row, "flare_id", "FLARE", texts=(row["severity"], None))
        for row in self._tables["adverse_events"]:
            yield from self._span(row, "adverse_event_id", "ADVERSE_EVENT", texts=(row["term"], row["outcome"]))
        for row in self._tables["conditions"]:
            yield from self._span(row, "condition_id", "CONDITION", word=row["condition"], texts=(row["side"], None))
        studies = {
            (patient, stated["study"]): fact
            for (patient, fact), stated in self._statements.items()
            if "modality" in stated
        }
        for row in self._tables["imaging"]:
            reference, regions = studies[row["patient"], row["study"]], " ".join(row["regions"])
            yield self._row(row, reference, row["performed_on"], f"IMAGING//{row['modality']}", text=regions)

    def _span(
        self, row: Row, reference: str, code: str, *, texts: tuple[str | None, str | None], word: str | None = None
    ) -> Iterator[dict[str, Any]]:
        ending = f"//{word}" if word else ""
        began = {"precision": row.get("started_on_precision"), "text": texts[0]}
        yield self._row(row, row[reference], row["started_on"], f"{code}{ending}", **began)
        if row["ended_on"] is not None:
            ended = {"precision": row.get("ended_on_precision"), "text": texts[1]}
            yield self._row(row, row[reference], row["ended_on"], f"{code}_END{ending}", **ended)

    def _scores(self, available_at: str) -> Iterator[dict[str, Any]]:
        read_on = {(row["patient"], row["reading_id"]): row["read_on"] for row in self._tables["readings"]}
        for row in self._tables["scores"]:
            if row["value"] is None:
                continue
            on: date | datetime = row["performed_on"]
            if available_at == "reading":
                recorded_at: datetime = self._stated[row["patient"], row["reading_id"]][1]
                on = read_on[row["patient"], row["reading_id"]] or recorded_at.replace(tzinfo=None)
                if self._as_of is not None and date(on.year, on.month, on.day) > self._as_of:
                    continue
            code, value = f"SCORE//{row['method']}//{row['score']}", repr(row["value"] + 0.0).removesuffix(".0")
            yield self._row(row, row["reading_id"], on, code, value=value)
