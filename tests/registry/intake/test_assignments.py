"""Assignments beside what files deliver: no file delivers one, and each goes where its study goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import ImportOptions, Registry, import_batch
from registry.errors import BatchRefusedError
from tests.spec.campaigns import NAME, declared

IMAGING = "id,study,patient,performed_on,modality,regions\n1,MR-1,{patient},2003-01-13,MRI,spine\n"


@pytest.fixture
def registry(sqlite_url: str, tmp_path: Path) -> Iterator[Registry]:
    """Two patients, and a study that came with an id and is assigned to R1 and read by R1."""
    with Registry.open(sqlite_url, actor="lindner") as opened:
        for patient in ("P-1", "P-2"):
            opened.enrol_patient(patient, enrolled_on="2002-01-14")
        import_batch(opened, imaging(tmp_path, "P-1"))
        file = declared(tmp_path, listed="study\nMR-1", unit='"study"', readers='["R1"]')
        opened.start_campaign(file, key=tmp_path / "campaign.key")
        opened.record_reading("MR-1", reader="R1", method="berlin", grades={"C2/3": 1}, session=NAME)
        yield opened


def imaging(folder: Path, patient: str) -> Path:
    file = folder / "imaging.csv"
    file.write_text(IMAGING.format(patient=patient))
    return file


def facts_of(registry: Registry, patient: str) -> set[str]:
    return set(registry.patient_batch.patients([patient])[patient].facts)


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_study_that_is_another_patient_s_takes_assignments_and_readings_along(
    registry: Registry, tmp_path: Path, *, is_locked: bool
) -> None:
    if is_locked:
        registry.lock_campaign(NAME)

    import_batch(registry, imaging(tmp_path, "P-2"))

    going = {f"assignment/MR-1/{NAME}/R1", f"reading/MR-1/R1/berlin/{NAME}"}
    assert going <= facts_of(registry, "P-2")
    assert facts_of(registry, "P-1") == {"patient/P-1"}
    assert [version.event for version in registry.history(f"assignment/MR-1/{NAME}/R1")] == [
        "StudyAssigned",
        "AssignmentRetracted",
        "StudyAssigned",
    ]


def test_a_file_of_assignments_is_no_table(registry: Registry, tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    folder.mkdir()
    (folder / "assignments.csv").write_text(f"study,campaign,reader\nMR-1,{NAME},R2\n")

    with pytest.raises(BatchRefusedError, match="1 problem in the batch") as refusal:
        import_batch(registry, folder / "assignments.csv")

    assert "assignments.csv" in str(refusal.value.problems[0])


def test_what_is_missing_from_a_batch_is_retracted_and_assignments_never_are(
    registry: Registry, tmp_path: Path
) -> None:
    before = facts_of(registry, "P-1")
    (tmp_path / "visits.csv").write_text("patient,visited_on\nP-2,2003-01-01\n")

    import_batch(
        registry, [imaging(tmp_path, "P-1"), tmp_path / "visits.csv"], options=ImportOptions(retract_missing=True)
    )

    assert facts_of(registry, "P-1") == before


def test_a_study_that_a_later_batch_lacks_is_retracted_though_it_is_read(registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "imaging.csv"
    file.write_text(IMAGING.format(patient="P-1").partition("\n1,")[0] + "\n2,MR-2,P-1,2004-01-13,MRI,spine\n")

    import_batch(registry, file, options=ImportOptions(retract_missing=True))

    assert {f"assignment/MR-1/{NAME}/R1", f"reading/MR-1/R1/berlin/{NAME}"} <= facts_of(registry, "P-1")
    assert registry.campaign_cases(NAME, key=tmp_path / "campaign.key")[0].assigned.is_retracted
