"""Keys that are gone from the source: left alone, unless the person asks for retraction."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.errors import RefusalError
from registry.intake import ImportOptions, Missing, Retracted, import_batch
from tests.registry.intake.batches import (
    COHORT,
    IMAGING,
    PATIENTS,
    READINGS,
    VISITS,
    events,
    folder_of,
    problems,
    statement,
    topics,
)

RETRACT = ImportOptions(retract_missing=True, reason="withdrawn at the source")


@pytest.fixture
def cohort(registry: Registry, tmp_path: Path) -> Registry:
    """A registry with the whole cohort."""
    import_batch(registry, folder_of(tmp_path, **COHORT))
    return registry


def fewer_visits(tmp_path: Path) -> Path:
    return folder_of(tmp_path, visits="patient,visited_on,visit,crp,esr\nP-1,2020-01-15,baseline,5,12")


def test_a_key_that_is_gone_from_the_source_is_left_alone(cohort: Registry, tmp_path: Path) -> None:
    assert import_batch(cohort, fewer_visits(tmp_path)).events == 0


def test_missing_facts_are_retracted_where_that_is_asked_for(cohort: Registry, tmp_path: Path) -> None:
    report = import_batch(cohort, fewer_visits(tmp_path), options=RETRACT)

    (retracted,) = events(cohort, after=9)
    assert (retracted["topic"], retracted["fact"]) == ("VisitRetracted", "visit/P-1/2020-04-15/week 12")
    assert (retracted["reason"], retracted["source"]) == ("withdrawn at the source", "visits.csv")
    assert report.tables["visits"].retracted == 1
    assert [(change.what, change.place) for change in report.changes] == [("retracted", "visits.csv")]


def test_patients_who_do_not_appear_and_tables_that_are_not_there_are_left_alone(
    cohort: Registry, tmp_path: Path
) -> None:
    import_batch(cohort, fewer_visits(tmp_path), options=RETRACT)

    assert topics(cohort, after=9) == ["VisitRetracted"]  # of P-2 and of treatments, studies and readings nothing


def test_an_enrolment_is_never_retracted_so(cohort: Registry, tmp_path: Path) -> None:
    batch = folder_of(tmp_path, patients="patient,enrolled_on\nP-1,2020-01-01", visits=VISITS)

    assert import_batch(cohort, batch, options=RETRACT).events == 0


def test_a_study_that_is_gone_with_its_readings_is_retracted_after_them(cohort: Registry, tmp_path: Path) -> None:
    batch = folder_of(
        tmp_path, patients=PATIENTS, imaging=IMAGING.replace("MR-1,", "MR-3,"), readings="study,reader,method,location"
    )

    import_batch(cohort, batch, options=RETRACT)

    assert topics(cohort, after=9) == ["ReadingRetracted", "StudyRetracted", "StudyRecorded"]
    assert events(cohort, after=9)[0]["clinical_on"] == "2020-02-01"


def test_a_study_on_which_readings_rest_is_not_retracted_from_under_them(cohort: Registry, tmp_path: Path) -> None:
    imaging = "study,patient,performed_on,modality,regions\nMR-2,P-1,2021-02-01,MRI,spine;sij"
    batch = folder_of(tmp_path, imaging=imaging)

    (problem,) = problems(cohort, batch, retract_missing=True)
    assert problem.startswith("imaging.csv:1: imaging/MR-1 cannot change so: reading/MR-1/R1/berlin rests on it")


def test_what_would_be_retracted_is_confirmed_before_anything_is_stored(cohort: Registry, tmp_path: Path) -> None:
    asked: list[Missing] = []

    with pytest.raises(
        RefusalError, match="nothing was stored: the retraction of 1 fact of 1 patient was not confirmed"
    ):
        import_batch(
            cohort,
            fewer_visits(tmp_path),
            options=ImportOptions(retract_missing=True, confirm=lambda missing: bool(asked.append(missing))),
        )

    assert asked == [Missing(tables={"visits": Retracted(1, 1)}, total=Retracted(1, 1))]
    assert cohort.head.position == 10


def test_what_would_be_retracted_is_told_by_table_and_a_patient_counts_once_in_all(
    cohort: Registry, tmp_path: Path
) -> None:
    asked: list[Missing] = []
    batch = folder_of(
        tmp_path,
        patients=PATIENTS,
        visits="patient,visited_on,visit,crp,esr\nP-2,2020-01-20,baseline,,8",
        treatments="patient,agent,started_on",
    )

    with pytest.raises(RefusalError, match="the retraction of 3 facts of 1 patient was not confirmed"):
        import_batch(
            cohort,
            batch,
            options=ImportOptions(retract_missing=True, confirm=lambda missing: bool(asked.append(missing))),
        )

    assert asked == [Missing(tables={"visits": Retracted(2, 1), "treatments": Retracted(1, 1)}, total=Retracted(3, 1))]


def test_nothing_is_asked_where_nothing_is_missing(cohort: Registry, tmp_path: Path) -> None:
    options = ImportOptions(retract_missing=True, confirm=lambda missing: False)

    assert import_batch(cohort, folder_of(tmp_path, **COHORT), options=options).events == 0


def test_a_dry_run_says_what_would_be_retracted(cohort: Registry, tmp_path: Path) -> None:
    options = ImportOptions(retract_missing=True, dry_run=True, confirm=lambda missing: False)

    report = import_batch(cohort, fewer_visits(tmp_path), options=options)

    assert [change.reference for change in report.changes] == ["visit/P-1/2020-04-15/week 12"]
    assert (report.events, cohort.head.position) == (1, 10)


def test_a_place_that_is_gone_from_a_reading_amends_it(cohort: Registry, tmp_path: Path) -> None:
    batch = folder_of(tmp_path, readings=READINGS.replace("MR-1,R1,berlin,C2/3,1\n", ""))

    assert import_batch(cohort, batch, options=RETRACT).tables["readings"].amended == 1


VISIT = "visit/P-1/2020-04-15/week 12"


def with_another_day(folder: Path, *more: str) -> Path:
    rows = [line.strip() for line in COHORT["visits"].strip().replace("2020-04-15", "2020-04-22").splitlines()]
    return folder_of(folder, **{**COHORT, "visits": "\n".join((*rows, *more))})


def test_a_row_without_an_id_under_another_key_is_the_missing_one_where_somebody_says_so(
    cohort: Registry, tmp_path: Path
) -> None:
    asked: list[tuple[str, str]] = []
    options = ImportOptions(retract_missing=True, same_fact=lambda fact, place: not asked.append((fact, place)))

    report = import_batch(cohort, with_another_day(tmp_path), options=options)

    assert asked == [(VISIT, "visits.csv:3")]
    assert [(change.what, change.reference) for change in report.changes] == [("amended", VISIT)]
    assert statement(cohort, VISIT)["visited_on"] == "2020-04-22"
    assert import_batch(cohort, with_another_day(tmp_path), options=options).events == 0


def test_where_nobody_is_asked_it_is_told_and_the_missing_one_is_retracted(cohort: Registry, tmp_path: Path) -> None:
    report = import_batch(cohort, with_another_day(tmp_path), options=ImportOptions(retract_missing=True))

    assert [(alike.reference, alike.place) for alike in report.alike] == [(VISIT, "visits.csv:3")]
    assert [(change.what, change.reference) for change in report.changes] == [
        ("retracted", VISIT),
        ("recorded", "visit/P-1/2020-04-22/week 12"),
    ]


def test_without_retracting_what_is_missing_a_new_key_is_a_new_fact(cohort: Registry, tmp_path: Path) -> None:
    report = import_batch(cohort, with_another_day(tmp_path), options=ImportOptions(same_fact=lambda *_: True))

    assert [(change.what, report.alike) for change in report.changes] == [("recorded", [])]


def test_two_rows_that_could_be_the_missing_one_are_asked_of_nobody(cohort: Registry, tmp_path: Path) -> None:
    twice = with_another_day(tmp_path, "P-1,2020-05-15,week 12,<3,")

    report = import_batch(
        cohort, twice, options=ImportOptions(retract_missing=True, same_fact=lambda *_: pytest.fail("asked"))
    )

    assert (report.alike, report.tables["visits"].recorded, report.tables["visits"].retracted) == ([], 2, 1)
