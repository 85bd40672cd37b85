"""A batch is atomic: where any row is refused nothing is stored, and every refused row is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.errors import BatchRefusedError
from registry.intake import import_batch
from tests.registry.intake.batches import PATIENTS, READINGS, VISITS, folder_of, only, problems


def test_every_problem_of_every_file_is_reported_in_the_order_of_the_files(registry: Registry, tmp_path: Path) -> None:
    batch = only(
        tmp_path,
        patients=f"{PATIENTS.strip()}\nP-3,2020-02-30",
        visits=f"{VISITS.strip()}\nP-1,2019-12-31,screening,x,y",
        treatments="patient,agent,started_on\nP-2,adalimumab,2999\nP-9,adalimumab,2020",
        readings=READINGS.replace("C3/4,0", "C3/4,9"),
    )

    assert [problem.split(": ")[0] for problem in problems(registry, batch)] == [
        "patients.csv:4:enrolled_on",
        "readings.csv:3:grade",
        "treatments.csv:2:started_on",
        "treatments.csv:3:patient",
        "visits.csv:5:crp",
        "visits.csv:5:esr",
    ]


def test_the_error_counts_the_problems(registry: Registry, tmp_path: Path) -> None:
    batch = only(tmp_path, visits="patient,visited_on,crp\nP-1,2020-01-15,x\nP-1,2020-04-15,y")

    with pytest.raises(BatchRefusedError, match="nothing was stored: 2 problems in the batch"):
        import_batch(registry, batch)

    assert registry.head.position == 0


def test_what_contradicts_the_patients_history_is_refused_at_its_row(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path))

    batch = folder_of(tmp_path, visits="patient,visited_on\nP-1,2019-12-31\nP-2,2999-01-01\nP-7,2020-01-01")

    today = registry.today()
    assert problems(registry, batch) == [
        f"visits.csv:3:visited_on: 2999-01-01 is in the future; today is {today}",
        "visits.csv:4:patient: 'P-7' is not enrolled; enrol the patient first",
    ]


def test_a_row_on_which_other_facts_rest_is_refused_where_they_could_not_stand(
    registry: Registry, tmp_path: Path
) -> None:
    import_batch(registry, only(tmp_path, readings=READINGS))
    xray = "study,patient,performed_on,modality,regions\nMR-1,P-1,2020-02-01,XR,spine;sij"

    (problem,) = problems(registry, folder_of(tmp_path, imaging=xray))
    assert problem.startswith("imaging.csv:2: imaging/MR-1 cannot change so: reading/MR-1/R1/berlin rests on it")


def test_a_refused_patient_is_not_reported_again_for_each_of_their_visits(registry: Registry, tmp_path: Path) -> None:
    batch = folder_of(tmp_path, patients=PATIENTS.replace("P-1,2020-01-01", "P-1,2020"), visits=VISITS)

    assert problems(registry, batch) == [
        "patients.csv:2:enrolled_on: '2020' is not a day of the calendar; write YYYY-MM-DD"
    ]


def test_a_patient_without_a_readable_pseudonym_casts_doubt_on_all_that_are_missing(
    registry: Registry, tmp_path: Path
) -> None:
    batch = folder_of(tmp_path, patients=PATIENTS.replace("P-1", "Anna Schmidt"), visits=VISITS)

    assert [problem.split(": ")[0] for problem in problems(registry, batch)] == ["patients.csv:2:patient"]


def test_a_refused_study_is_not_reported_again_for_its_readings(registry: Registry, tmp_path: Path) -> None:
    imaging = "study,patient,performed_on,modality,regions\nMR-1,P-1,2020-02-01,MRT,spine"

    assert problems(registry, only(tmp_path, imaging=imaging, readings=READINGS)) == [
        "imaging.csv:2:modality: 'MRT' is not a known modality; write MRI, XR or CT"
    ]


def test_where_one_file_cannot_be_read_the_others_still_are(registry: Registry, tmp_path: Path) -> None:
    batch = folder_of(tmp_path, patients="patient;enrolled_on", visits=VISITS.replace("12", "twelve"))

    assert [problem.split(": ")[0] for problem in problems(registry, batch)] == [
        "patients.csv:1",
        "visits.csv:2:esr",
    ]


def test_a_refused_batch_can_be_mended_and_imported(registry: Registry, tmp_path: Path) -> None:
    problems(registry, only(tmp_path, visits=VISITS.replace("<3", "~3")))

    assert import_batch(registry, only(tmp_path, visits=VISITS)).events == 7
