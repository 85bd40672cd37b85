"""Whose a reading or a verdict is: the patient's who has the study."""

from __future__ import annotations

from pathlib import Path

from registry import Registry
from registry.intake import import_batch
from tests.registry.intake.batches import IMAGING, PATIENTS, READINGS, folder_of, only, problems, statement, topics

LESIONS = """
    baseline_study,followup_study,reader,lesion,region,kind,verdict
    MR-1,MR-2,consensus,1,spine,romanus,resolution
"""


def test_a_reading_belongs_to_the_patient_who_has_its_study_in_the_batch(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, readings=READINGS, lesions=LESIONS))

    assert topics(registry)[1:5] == ["StudyRecorded", "StudyRecorded", "ReadingRecorded", "LesionVerdictRecorded"]


def test_a_reading_may_come_without_its_study_where_that_is_known(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path))

    report = import_batch(registry, folder_of(tmp_path, readings=READINGS, lesions=LESIONS))

    assert report.events == 2


def test_a_reading_of_a_study_that_nobody_has_is_refused(registry: Registry, tmp_path: Path) -> None:
    batch = only(tmp_path, readings=READINGS.replace("MR-1", "MR_1"))

    (problem,) = problems(registry, batch)
    assert problem.startswith("readings.csv:2:study: no imaging study 'MR_1'")
    assert "did you mean 'MR-1'?" in problem


def test_every_reading_of_an_unknown_study_is_reported(registry: Registry, tmp_path: Path) -> None:
    rows = "\n".join(f"MR-{number},R1,berlin,C2/3,1" for number in range(100, 150))

    assert len(problems(registry, only(tmp_path, readings=f"study,reader,method,location,grade\n{rows}"))) == 50


def test_a_verdict_on_studies_of_two_patients_is_refused(registry: Registry, tmp_path: Path) -> None:
    batch = only(tmp_path, imaging=IMAGING.replace("MR-2,P-1", "MR-2,P-2"), lesions=LESIONS)

    assert problems(registry, batch) == [
        (
            "lesions.csv:2:followup_study: study 'MR-2' is of another patient than 'MR-1'; "
            "a verdict compares one patient's"
        )
    ]


def test_a_study_that_another_patient_has_is_refused_with_the_mend(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path))

    for_another = IMAGING.replace("MR-1,P-1", "MR-1,P-2")
    assert problems(registry, folder_of(tmp_path, imaging=for_another, readings=READINGS)) == [
        (
            "imaging.csv:2:study: imaging/MR-1 is recorded already, with other content; "
            "another patient has it; retract it there first or correct the code"
        )
    ]


def test_a_study_that_was_retracted_there_can_be_another_patients(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path))
    registry.retract("imaging/MR-1", reason="entered for the wrong patient")

    batch = only(tmp_path, imaging=IMAGING.replace("MR-1,P-1", "MR-1,P-2"), readings=READINGS)

    assert import_batch(registry, batch).events == 2


def test_two_ids_for_one_study_code_are_refused(registry: Registry, tmp_path: Path) -> None:
    imaging = (
        "id,study,patient,performed_on,modality,regions\n1,MR-1,P-1,2020-02-01,MRI,sij\n2,MR-1,P-1,2020-03-01,MRI,sij"
    )

    assert problems(registry, only(tmp_path, imaging=imaging)) == [
        "imaging.csv:3:study: 'MR-1' stands at imaging.csv:2 too, under another id; keep one"
    ]


def test_a_study_code_that_another_examination_of_the_patient_has_is_refused(
    registry: Registry, tmp_path: Path
) -> None:
    header = "id,study,patient,performed_on,modality,regions"
    import_batch(registry, only(tmp_path, imaging=f"{header}\n1,MR-1,P-1,2020-02-01,MRI,sij"))

    assert problems(registry, folder_of(tmp_path, imaging=f"{header}\n2,MR-1,P-1,2020-03-01,MRI,sij")) == [
        "imaging.csv:2:study: imaging/id=1 is recorded already, with other content; it has this study; retract it first"
    ]


def test_a_renamed_study_leaves_no_reading_behind(registry: Registry, tmp_path: Path) -> None:
    header = "id,study,patient,performed_on,modality,regions"
    import_batch(registry, only(tmp_path, imaging=f"{header}\n1,MR-1,P-1,2020-02-01,MRI,spine", readings=READINGS))

    renamed = folder_of(tmp_path, imaging=f"{header}\n1,MR-9,P-1,2020-02-01,MRI,spine", patients=PATIENTS)

    (problem,) = problems(registry, renamed)
    assert problem.startswith("imaging.csv:2: imaging/id=1 cannot change so: reading/MR-1/R1/berlin rests on it")


def test_a_reading_that_its_source_gives_to_a_study_of_another_patient_goes_there(
    registry: Registry, tmp_path: Path
) -> None:
    header = "id,study,reader,method,location,grade"
    imaging = IMAGING.replace("MR-2,P-1", "MR-2,P-2")
    import_batch(registry, only(tmp_path, imaging=imaging, readings=f"{header}\n17,MR-1,R1,berlin,C2/3,1"))

    moved = only(tmp_path, imaging=imaging, readings=f"{header}\n17,MR-2,R1,berlin,C2/3,1")
    report = import_batch(registry, moved)

    assert [(change.what, change.reference) for change in report.changes] == [
        ("moved", "reading/id=17"),
        ("amended", "reading/id=17"),
    ]
    assert statement(registry, "reading/id=17")["study"] == "MR-2"
    assert import_batch(registry, moved).events == 0
