"""A data set of MEDS made row by row of the tables of an export and of its events: the oracle of the fast one."""

from __future__ import annotations

import hmac
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

import numpy as np

FACTORS: Final = {("mg/dl", "mg/l"): 10, ("nrs", "mm"): 10, ("min", "s"): 60}
Row = Mapping[str, Any]
Known = tuple[int, datetime]  # the position of an event, and its instant


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
        self._history: dict[tuple[str, str], list[tuple[Known, Any]]] = defaultdict(list)
        for event in tables["events"]:
            if event["fact"] and not event["event"].endswith("Confirmed"):
                stated = json.loads(event["payload"]).get("statement") if event["payload"] else None
                known = event["position"], event["recorded_at"]
                self._history[event["patient"], event["fact"]].append((known, stated))
        said = {name: history[-1][1] for name, history in self._history.items()}
        self._statements = {name: stated for name, stated in said.items() if stated is not None}
        self._studies = {
            (patient, stated["study"]): fact
            for (patient, fact), stated in self._statements.items()
            if "modality" in stated
        }

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
        return sorted(found, key=in_order)

    def _since(self, patient: str, reference: str, fields: str) -> Known:
        """Return since when a fact says what it does of some fields, in words one right after the other."""
        history = self._history[patient, reference]
        known, stated = history[-1]
        for earlier, said in reversed(history[:-1]):
            if said is None or any(said.get(name) != stated.get(name) for name in fields.split()):
                break
            known = earlier
        return known

    def _of_day(self, patient: str, on: date) -> Known:
        """Return the last event about a visit on a day, also about one that was moved from it or retracted."""
        found = []
        for (whose, _), history in self._history.items():
            days = [None, *(said and said.get("visited_on") for _, said in history)]
            about = (known for (known, _), *both in zip(history, days, days[1:]) if on.isoformat() in both)
            found += about if whose == patient else ()
        return max(found)

    def _row(
        self, of: Row, since: tuple[str, str] | Known, on: date | datetime | None, code: str, **told: Any
    ) -> dict[str, Any]:
        """Return a row; `since` are a reference and the fields of its fact that the row says, or when it was known."""
        known: Any = self._since(of["patient"], *since) if isinstance(since[0], str) else since
        position, recorded_at = known
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
                    yield self._row(row, (reference, name), None, f"{kind}//{row[name]}")
            for criterion in row["criteria"]:
                yield self._row(row, (reference, "criteria"), None, f"CRITERIA//{criterion}")
            if row["birth_year"] is not None:
                since = reference, "birth_year"
                yield self._row(row, since, date(row["birth_year"], 1, 1), "MEDS_BIRTH", precision="year")
            for name, code in (
                ("symptom_onset", "SYMPTOM_ONSET"),
                ("diagnosed_on", "DIAGNOSIS"),
                ("enrolled_on", "ENROLMENT"),
                ("consented_on", "CONSENT"),
            ):
                if row[name] is not None:
                    yield self._row(row, (reference, name), row[name], code, precision=row.get(f"{name}_precision"))
            since = reference, "follow_up_ended_on follow_up_end_reason"
            yield from self._end(row, since, row["follow_up_ended_on"], row["follow_up_end_reason"])

    def _enrolment_of(self, patient: str) -> str:
        return next(
            fact for (whose, fact), stated in self._statements.items() if whose == patient and "hla_b27" in stated
        )

    def _end(self, row: Row, since: tuple[str, str], on: date | None, reason: str | None) -> Iterator[dict[str, Any]]:
        if on is not None:
            yield self._row(row, since, on, f"FOLLOW_UP_END//{reason or 'unknown'}")
        if on is not None and reason == "died":
            yield self._row(row, since, on, "MEDS_DEATH")

    def _follow_ups(self) -> Iterator[dict[str, Any]]:
        for row in self._tables["follow_ups"]:
            reference = row["follow_up_id"]
            yield self._row(row, (reference, "resumed_on"), row["resumed_on"], "FOLLOW_UP_RESUMPTION")
            yield from self._end(row, (reference, "ended_on end_reason"), row["ended_on"], row["end_reason"])

    def _visits(self) -> Iterator[dict[str, Any]]:
        for row in self._tables["visits"]:
            since = row["visit_id"], "visited_on visit"
            yield self._row(row, since, row["visited_on"], "VISIT", text=row["visit"])

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
                is_computed, on = row["derived"], row["visited_on"]
                since = self._of_day(row["patient"], on) if is_computed else self._taken_since(row)
                yield self._row(row, since, on, code, **told)

    def _taken_since(self, row: Row) -> Known:
        """Return since when a visit says of a measure what it does, on its day."""
        known, said = zip(
            *(
                (known, stated and (stated["visited_on"], _taken(stated, row["measure"])))
                for known, stated in self._history[row["patient"], row["visit_id"]]
            )
        )
        return next(each for place, each in enumerate(known) if all(later == said[-1] for later in said[place:]))

    def _courses(self) -> Iterator[dict[str, Any]]:
        for row in self._tables["treatments"]:
            reference, agent = row["treatment_id"], row["agent"]
            dose = self._statements[row["patient"], reference]["dose"]
            told = {"precision": row["started_on_precision"], "text": row["product"], "unit": row["dose_unit"]}
            since = reference, "agent started_on product dose dose_unit"
            yield self._row(row, since, row["started_on"], f"DRUG_START//{agent}", value=dose, **told)
            if row["stopped_on"] is not None:
                told = {"precision": row["stopped_on_precision"], "text": row["stop_reason"]}
                since = reference, "agent stopped_on stop_reason"
                yield self._row(row, since, row["stopped_on"], f"DRUG_STOP//{agent}", **told)

    def _others(self) -> Iterator[dict[str, Any]]:
        for row in self._tables["flares"]:
            yield from self._span(row, "flare_id", "FLARE", says="severity", texts=(row["severity"], None))
        for row in self._tables["adverse_events"]:
            texts = row["term"], row["outcome"]
            yield from self._span(row, "adverse_event_id", "ADVERSE_EVENT", says="term outcome", texts=texts)
        for row in self._tables["conditions"]:
            texts, word = (row["side"], None), row["condition"]
            yield from self._span(row, "condition_id", "CONDITION", says="side", texts=texts, word=word)
        for row in self._tables["imaging"]:
            reference, regions = self._studies[row["patient"], row["study"]], " ".join(row["regions"])
            since = reference, "performed_on modality regions"
            yield self._row(row, since, row["performed_on"], f"IMAGING//{row['modality']}", text=regions)

    def _span(
        self,
        row: Row,
        reference: str,
        code: str,
        *,
        says: str,
        texts: tuple[str | None, str | None],
        word: str | None = None,
    ) -> Iterator[dict[str, Any]]:
        ending, (begins, *ends) = f"//{word}" if word else "", says.split()
        began = {"precision": row.get("started_on_precision"), "text": texts[0]}
        since = row[reference], f"condition started_on {begins}"
        yield self._row(row, since, row["started_on"], f"{code}{ending}", **began)
        if row["ended_on"] is not None:
            ended = {"precision": row.get("ended_on_precision"), "text": texts[1]}
            since = row[reference], " ".join(("condition ended_on", *ends))
            yield self._row(row, since, row["ended_on"], f"{code}_END{ending}", **ended)

    def _scores(self, available_at: str) -> Iterator[dict[str, Any]]:
        read_on = {(row["patient"], row["reading_id"]): row["read_on"] for row in self._tables["readings"]}
        for row in self._tables["scores"]:
            if row["value"] is None:
                continue
            on: date | datetime = row["performed_on"]
            read, _ = self._history[row["patient"], row["reading_id"]][-1]
            fields = "study performed_on" if available_at == "study" else "study"
            since = max(read, self._since(row["patient"], self._studies[row["patient"], row["study"]], fields))
            if available_at == "reading":
                recorded_at: datetime = read[1]
                on = read_on[row["patient"], row["reading_id"]] or recorded_at.replace(tzinfo=None)
                if self._as_of is not None and date(on.year, on.month, on.day) > self._as_of:
                    continue
            code, value = f"SCORE//{row['method']}//{row['score']}", repr(row["value"] + 0.0).removesuffix(".0")
            yield self._row(row, since, on, code, value=value)


def in_order(row: Row) -> tuple[Any, ...]:
    """Return by what the rows of a data set are in order; nothing comes first."""
    at = row["time"] or datetime.combine(date.min, time())
    said = [(row[name] is not None, row[name] or "") for name in ("text_value", "value", "comparator")]
    return (row["subject_id"], row["time"] is not None, at, row["position"], row["code"], *said)


def _taken(stated: Row, measure: str) -> Any:
    return [each for each in stated["measures"] if each["measure"] == measure]
