"""Somebody who tries to link a release back to patients: what is found, what is not, and what the manual says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from projections import facts_at, project
from projections.export.profiles import deidentification, released_columns
from projections.stated.events import EVENTS
from projections.tables import TABLES
from registry import Registry
from tests.projections.export.profiles.releasing import KEY, Rows, release, rows_in, texts_in
from tests.projections.export.profiles.slow_release import SlowRelease
from tests.projections.export.profiles.told_registry import (
    ASSIGNED,
    CAMPAIGN,
    CENTRES,
    DAUGHTER,
    LIGHTNING,
    PATIENTS,
    READERS,
    SESSION,
    STUDIES,
    WORDS,
)

NAMES = SlowRelease(KEY, {}, today=date(2014, 6, 30))
EXACT = {"visits": "visited_on", "imaging": "performed_on", "adverse_events": "started_on", "readings": "performed_on"}
Plant = Callable[[pytest.MonkeyPatch], None]


def secrets(registry: Registry) -> set[str]:
    """Return every text by which somebody or something could be told, in small letters."""
    facts = facts_at(registry)
    references = project(EVENTS.name, facts)["fact"].to_pylist()
    titles = [f"hospital of {centre}" for centre in CENTRES]
    told = [
        *PATIENTS,
        *CENTRES,
        *STUDIES,
        *READERS,
        SESSION,
        CAMPAIGN,
        *WORDS,
        *titles,
        "zeisig",
        *ASSIGNED,
        *references,
    ]
    return {text.casefold() for text in told if text and text != "protocol/south"}


def found(out: Path, texts: Iterable[str]) -> set[str]:
    """Return which texts stand anywhere in a release: in a byte of a file or in a word of a page."""
    wanted = sorted(texts)
    return {text for _, there in texts_in(out) for text in wanted if text in there.casefold()}


def unmoved(registry: Registry, out: Path) -> list[tuple[str, str]]:
    """Return the tables and patients of whom an exact day is not the true one, moved as all of theirs."""
    facts, released = facts_at(registry), rows_in(out)
    return [
        (table, patient)
        for table, column in EXACT.items()
        for patient in PATIENTS
        if _days(released[table], column, NAMES.name("patient", patient))
        != [day + NAMES.shift(patient) for day in _days(project(table, facts).to_pylist(), column, patient)]
    ]


def _days(rows: Rows, column: str, patient: str) -> list[date]:
    return sorted(row[column] for row in rows if row["patient"] == patient)


def test_no_byte_and_no_page_of_a_release_has_a_pseudonym_a_reference_a_name_or_what_somebody_typed(
    sensitive: Registry, released: Path
) -> None:
    assert found(released, secrets(sensitive)) == set()
    assert unmoved(sensitive, released) == []


def as_it_was(betrays: str) -> Plant:
    """Leave columns that betray something as they were."""
    return lambda patch: patch.setitem(released_columns.MADE, betrays, released_columns.MADE["none"])


def told_harmless(table: str, column: str) -> Plant:
    """Say of one column that it betrays nothing."""
    columns = [each._replace(told="none") if each.name == column else each for each in TABLES[table].columns]
    declared = TABLES[table]._replace(columns=tuple(columns))

    def planted(patch: pytest.MonkeyPatch) -> None:
        true: Any = deidentification.released_table
        replaced = {TABLES[table]: declared}
        patch.setattr(deidentification, "released_table", lambda of, *_, **band: true(replaced.get(of, of), *_, **band))

    return planted


@pytest.mark.parametrize(
    ("plant", "secret"),
    [
        (as_it_was("identifier"), "ulm-001"),
        (as_it_was("reference"), "acc77001"),
        (as_it_was("reference"), "visit/ulm-001/2010-06-03/yearly"),
        (as_it_was("person"), "dr.zwirner"),
        (as_it_was("place"), "berlin-buch"),
        (as_it_was("name"), "night-shift-ulm"),
        (as_it_was("open"), LIGHTNING),
        (told_harmless("flares", "note"), DAUGHTER.casefold()),
        (told_harmless("flares", "flare_id"), "flare/ulm-001/2011-08-08"),
    ],
)
def test_a_column_that_was_forgotten_is_found(
    sensitive: Registry, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Plant, secret: str
) -> None:
    plant(monkeypatch)

    release(sensitive, tmp_path / "out", key)

    assert secret in found(tmp_path / "out", secrets(sensitive))


@pytest.mark.parametrize("table", ["visits", "adverse_events"])
def test_a_day_that_was_forgotten_is_found(
    sensitive: Registry, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    told_harmless(table, EXACT[table])(monkeypatch)

    release(sensitive, tmp_path / "out", key)

    assert {each for each, _ in unmoved(sensitive, tmp_path / "out")} == {table}


def test_partial_days_do_not_tell_how_far_days_moved(released: Path) -> None:
    rows = rows_in(released)
    partial = [
        (row[f"{day}_precision"], row[day])
        for table, day in (("patients", "symptom_onset"), ("treatments", "started_on"), ("treatments", "stopped_on"))
        for row in rows[table]
        if row[f"{day}_precision"] not in ("day", None)
    ]

    assert {day.day for _, day in partial} == {1}
    assert {day.month for precision, day in partial if precision == "year"} == {1}
    assert len({day for precision, day in partial if precision == "month"}) > 1


def test_no_day_or_number_that_is_alike_of_many_patients_is_there_by_which_to_find_how_far_theirs_moved(
    released: Path,
) -> None:
    rows = rows_in(released)

    names = {name for table in rows.values() for row in table for name in row}
    assert {"read_on", "days", "assigned_at", "recorded_at", "due"} & names == set()
    (ended,) = (row for row in rows["patients"] if row["follow_up_end_reason"] == "study-end")
    assert ended["follow_up_ended_on"] is None


def test_rows_and_parts_are_in_the_order_of_the_new_names(released: Path) -> None:
    patients = {name: [row["patient"] for row in rows] for name, rows in rows_in(released).items()}

    assert all(names == sorted(names) for names in patients.values())
    assert patients["patients"] != [NAMES.name("patient", patient) for patient in PATIENTS]


def test_codes_that_two_patients_share_are_not_alike_in_a_release(
    registry: Registry, key: Path, tmp_path: Path
) -> None:
    registry.enrol_patient("P-2", enrolled_on="2003-01-14")
    for patient in ("P-1", "P-2"):
        registry.record("visits", {"patient": patient, "visited_on": "2005-01-14", "id": "17"})

    release(registry, tmp_path / "out", key)

    assert len({row["visit_id"] for row in rows_in(tmp_path / "out")["visits"]}) == 2


def test_who_knows_what_lies_between_the_visits_of_a_patient_finds_the_patient_as_the_manual_says(
    sensitive: Registry, released: Path
) -> None:
    """The risk that is left: what lies between days is what a release is for."""
    known = _between(_days(project("visits", facts_at(sensitive)).to_pylist(), "visited_on", PATIENTS[0]))
    visits = rows_in(released)["visits"]

    alike = [new for new in {row["patient"] for row in visits} if _between(_days(visits, "visited_on", new)) == known]

    assert alike == [NAMES.name("patient", PATIENTS[0])]
    manual = (Path(__file__).parents[4] / "docs" / "profiles.md").read_text("utf-8")
    assert "who knows what lies between" in manual


def _between(days: list[date]) -> list[int]:
    return [(later - earlier).days for earlier, later in pairwise(days)]
