"""The exported tables as the contract words them: columns in order with their types, and the sort keys, marked `*`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

Row = dict[str, Any]

READING_KEY: Final = (
    "*patient string, *performed_on date, *study string, *method string, *reader string, *session string"
)
SERIES_KEY: Final = "*patient string, *method string, *reader string, *session string"

WORDING: Final = {
    "patients": "*patient string, centre string, sex string, birth_year int, symptom_onset date, "
    "symptom_onset_precision string, diagnosed_on date, diagnosed_on_precision string, criteria strings, "
    "hla_b27 string, enrolled_on date, consented_on date, follow_up_ended_on date, follow_up_end_reason string, "
    "last_seen_on date",
    "follow_ups": "*patient string, *resumed_on date, *follow_up_id string, ended_on date, end_reason string",
    "visits": "*patient string, *visited_on date, *visit_id string, visit string",
    "measures": "*patient string, *visited_on date, *visit_id string, *measure string, value double, unit string, "
    "captured_value string, captured_unit string, comparator string, derived bool, rule string, n_expected int, "
    "n_present int, version string, code string, text string, missing_reason string",
    "treatments": "*patient string, *started_on date, *treatment_id string, agent string, atc string, "
    "drug_class string, started_on_precision string, stopped_on date, stopped_on_precision string, "
    "stop_reason string, dose double, dose_unit string, frequency string, route string, ongoing bool, days int, "
    "product string, arm string",
    "flares": "*patient string, *started_on date, *flare_id string, ended_on date, basis string, severity string, "
    "trigger string, note string, on_treatment bool, last_agent string, days_since_last_stop int",
    "adverse_events": "*patient string, *started_on date, *adverse_event_id string, term string, ended_on date, "
    "severity string, serious string, agent string, outcome string",
    "conditions": "*patient string, *started_on date, *condition_id string, condition string, group string, "
    "icd10 strings, started_on_precision string, ended_on date, ended_on_precision string, basis string, side string, "
    "note string, ongoing bool, before_enrolment bool",
    "imaging": "*patient string, *performed_on date, *study string, modality string, regions strings, "
    "sequences strings, note string",
    "readings": f"{READING_KEY}, reading_id string, method_version int, read_on date, seconds int, n_expected int, "
    "n_assessed int, complete bool",
    "findings": f"{READING_KEY}, *location_number int, *item string, reading_id string, location string, "
    "segment string, grade int, item_number int",
    "lesion_states": f"{READING_KEY}, *location_number int, reading_id string, location string, segment string, "
    "state string, activity int",
    "lesion_courses": f"{SERIES_KEY}, *to_on date, *to_study string, *location_number int, location string, "
    "segment string, kind string, from_study string, from_on date, from_state string, to_state string, "
    "from_activity int, to_activity int, course string, basis string",
    "lesion_episodes": f"{SERIES_KEY}, *location_number int, *first_seen_on date, location string, segment string, "
    "last_seen_on date, resolved_on date, peak_activity int, n_readings int, ongoing bool, relapse bool, "
    "first_seen_study string",
    "scores": f"{READING_KEY}, *score string, reading_id string, method_version int, value double, n_expected int, "
    "n_assessed int, policy string, n_imputed int",
}


@cache
def columns(table: str) -> dict[str, str]:
    """Return the type of each column of a table, in contract order."""
    return dict(column.lstrip("*").split(" ") for column in WORDING[table].split(", "))


@cache
def sort_keys(table: str) -> list[str]:
    """Return the columns by which a table is sorted, the first first."""
    return [column[1:].split(" ")[0] for column in WORDING[table].split(", ") if column.startswith("*")]


def in_contract_order(table: str, rows: Iterable[Row], tie: str | None = None) -> list[Row]:
    """Return rows with their columns and themselves in order: nulls first, text by code point, ties by `tie`."""
    keys = [*sort_keys(table), *([tie] if tie else [])]
    ordered = sorted(rows, key=lambda row: [(row[key] is not None, row[key]) for key in keys])
    return [{name: row[name] for name in columns(table)} for row in ordered]
