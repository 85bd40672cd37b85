"""The versions of facts by the words of docs/exports.md, one event after the other."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from registry import Registry
from tests.oracle.replay import first_day, precision

Row = dict[str, Any]
TABLES: Final = {  # how references of a kind begin: its table, and the column that has the reference
    "patient": ("patients", "enrolment_id"),
    "follow-up": ("follow_ups", "follow_up_id"),
    "visit": ("visits", "visit_id"),
    "treatment": ("treatments", "treatment_id"),
    "flare": ("flares", "flare_id"),
    "adverse-event": ("adverse_events", "adverse_event_id"),
    "condition": ("conditions", "condition_id"),
    "imaging": ("imaging", "study_id"),
    "assignment": ("assignments", "assignment_id"),
    "reading": ("readings", "reading_id"),
    "lesion": ("lesions", "verdict_id"),
}
FIELDS: Final = {  # what is stated of each kind: days as `day`, days that may be partial as `partial`
    "patients": "centre sex birth_year symptom_onset:partial diagnosed_on:partial criteria:list hla_b27 "
    "enrolled_on:day consented_on:day follow_up_ended_on:day follow_up_end_reason",
    "follow_ups": "resumed_on:day ended_on:day end_reason",
    "visits": "visited_on:day visit",
    "treatments": "agent started_on:partial stopped_on:partial stop_reason dose:number dose_unit frequency route "
    "product arm",
    "flares": "started_on:day ended_on:day basis severity trigger note",
    "adverse_events": "term started_on:day ended_on:day severity serious agent outcome",
    "conditions": "condition started_on:partial ended_on:partial basis side note",
    "imaging": "study performed_on:day modality regions:list sequences:list note",
    "assignments": "campaign reader study unit repeat role",
    "readings": "study reader method method_version session read_on:day seconds",
    "lesions": "baseline_study followup_study reader session lesion region kind location verdict read_on:day",
}
KINDS: Final = tuple(table for table, _ in TABLES.values())
FROM, TO = "_known_from_position", "_known_to_position"


def slow_versions(registry: Registry, known_at: int) -> dict[str, list[Row]]:
    """Return the rows of the tables of versions of facts, by the kind of fact, in the order of patients and positions.

    Events that confirm what stands, or are about no fact, change nothing.
    """
    found: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    current: dict[tuple[str, str], Row] = {}
    for chunk in registry.log.columns(until=known_at):
        for position, recorded_at, topic, payload in zip(
            chunk.position, chunk.recorded_at, chunk.topic, chunk.payload, strict=True
        ):
            event = json.loads(payload) if payload is not None else {}
            if "fact" not in event or topic.endswith("Confirmed"):
                continue
            at, whose = instant(recorded_at), (event["patient"], event["fact"])
            if (superseded := current.pop(whose, None)) is not None:
                superseded |= {TO: position, "_known_to": at}
            if "statement" in event:
                kind, reference = TABLES[event["fact"].partition("/")[0]]
                current[whose] = stated(kind, reference, event) | {"event": topic, FROM: position, "_known_from": at}
                found[kind].append(current[whose])
    return {kind: sorted(rows, key=lambda row: (row["patient"], row[FROM])) for kind, rows in found.items()}


def stated(kind: str, reference: str, event: dict[str, Any]) -> Row:
    """Return what an event states in the columns of its kind's versions, ended by nothing."""
    said = event["statement"]
    row: Row = {}
    for field in FIELDS[kind].split():
        name, _, holds = field.partition(":")
        row[name] = value_of(said.get(name), holds)
        if holds == "partial":
            row[f"{name}_precision"] = precision(said.get(name))
    row |= {name: event[name] for name in ("patient", "reason", "actor", "source")}
    return row | {reference: event["fact"], TO: None, "_known_to": None}


def value_of(value: Any, holds: str) -> object:
    """Return what a field says as a column has it."""
    match holds:
        case "day" | "partial":
            day: date | None = first_day(value)
            return day
        case "number":
            return None if value is None else float(value)
        case "list":
            return list(value)
    return value


def instant(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


def known(rows: list[Row], position: int) -> list[Row]:
    """Return the versions that were the current ones at a position."""
    return [row for row in rows if row[FROM] <= position and (row[TO] is None or position < row[TO])]
