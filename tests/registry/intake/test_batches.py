"""What is noted of an import: one event, the last, of the batch as a whole."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from projections import facts_at, project
from registry import Registry
from registry.domain.events import stream_of
from registry.domain.registry_streams import BATCHES
from registry.errors import UnknownFactError
from registry.intake import ImportOptions, import_batch
from tests.registry.intake.batches import COHORT, PATIENTS, VISITS, folder_of
from tests.registry.intake.test_formats import as_workbook, rows_of

# printf 'patient,enrolled_on\nP-1,2020-01-01\nP-2,2020-01-01\n' | sha256sum
SHA256_OF_PATIENTS = "731c52b410dd3cc6de2b10ddc6fc95e1f5c112d52cf6874395fdb0e85c9a154e"


def noted(registry: Registry) -> list[dict[str, Any]]:
    """Return what is told of batches, each with its position."""
    return [
        {"position": position, **msgspec.json.decode(payload)}
        for chunk in registry.log.columns(topics=["BatchRecorded"])
        for position, payload in zip(chunk.position, chunk.payload)
    ]


def test_the_last_event_of_an_import_says_who_which_files_and_how_many(registry: Registry, tmp_path: Path) -> None:
    registry.enrol_patient("P-1", enrolled_on="2020-01-01")

    import_batch(
        registry,
        folder_of(tmp_path, patients=PATIENTS, visits=VISITS),
        options=ImportOptions(source="clinic", actor="voss"),
    )

    [batch] = noted(registry)
    assert (batch["position"], batch["first"], registry.head.position) == (7, 2, 7)
    assert (batch["actor"], batch["delivered_by"], batch["mapping"]) == ("voss", "clinic", None)
    assert batch["counts"] == {"patients": {"recorded": 1, "confirmed": 1}, "visits": {"recorded": 3}}
    assert [file["name"] for file in batch["files"]] == ["patients.csv", "visits.csv"]
    assert batch["files"][0]["sha256"] == SHA256_OF_PATIENTS


def test_nothing_is_noted_where_nothing_is_recorded(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **COHORT)
    import_batch(registry, folder, options=ImportOptions(dry_run=True))
    assert noted(registry) == []
    import_batch(registry, folder)

    import_batch(registry, folder)

    assert len(noted(registry)) == 1


def test_batches_stand_one_after_the_other_in_a_stream_that_no_pseudonym_reaches(
    registry: Registry, tmp_path: Path
) -> None:
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS))
    import_batch(registry, folder_of(tmp_path, visits=VISITS))

    places = [
        (UUID(bytes=stream), version)
        for chunk in registry.log.columns(topics=["BatchRecorded"])
        for stream, version in zip(chunk.stream, chunk.version)
    ]
    assert places == [(BATCHES.id, 1), (BATCHES.id, 2)]
    assert str(BATCHES.id) == "21647053-2352-5aa2-a4e6-8b293ed7bd05"
    assert BATCHES.id not in {stream_of("batches"), stream_of(str(BATCHES.id)), stream_of("")}
    assert registry.verify().is_whole


def test_its_patient_and_clinical_day_are_null_and_no_table_of_facts_has_it(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS))

    [*_, row] = project("events", facts_at(registry)).to_pylist()

    assert row["event"] == "BatchRecorded"
    assert {name for name in ("patient", "fact", "clinical_on", "source", "reason") if row[name] is not None} == set()
    assert row["actor"] == "tester"
    assert facts_at(registry).count("patients") == 2


def test_an_erasure_does_not_reach_it(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS))

    registry.erase_patient("P-1", reason="article 17")

    assert len(noted(registry)) == 1
    assert registry.verify().is_whole
    for name in ("batches", str(BATCHES.id)):
        with pytest.raises(UnknownFactError):
            registry.erase_patient(name, reason="article 17")


@pytest.mark.parametrize(
    ("name", "kept"),
    [("cohort.xlsx", "cohort.xlsx"), ("P-1.xlsx", None), ("visit of p-1, 2020.xlsx", None), ("P-11.xlsx", "P-11.xlsx")],
)
def test_a_name_that_has_a_pseudonym_in_it_is_left_out(
    registry: Registry, tmp_path: Path, name: str, kept: str | None
) -> None:
    as_workbook(tmp_path, rows_of({"patients": PATIENTS}))
    shutil.move(tmp_path / "cohort.xlsx", tmp_path / name)

    import_batch(registry, tmp_path / name)

    [file] = noted(registry)[0]["files"]
    assert file["name"] == kept
    assert len(file["sha256"]) == 64
