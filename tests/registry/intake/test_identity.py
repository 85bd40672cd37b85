"""Importing twice, and what a change at the source means."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.intake import ImportOptions, import_batch
from tests.registry.intake.batches import (
    COHORT,
    IMAGING,
    PATIENTS,
    events,
    folder_of,
    only,
    problems,
    statement,
    topics,
)

VISIT = "patient,visited_on,visit,crp\nP-1,2020-01-15,baseline,5"
WITH_IDS = "id,patient,visited_on,visit,crp\n17,P-1,2020-01-15,baseline,5"


@pytest.fixture
def visited(registry: Registry, tmp_path: Path) -> Registry:
    """A registry with one visit."""
    import_batch(registry, only(tmp_path, visits=VISIT))
    return registry


def test_importing_again_changes_nothing(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **COHORT)
    import_batch(registry, folder)

    again = import_batch(registry, folder)

    assert (again.events, again.changes) == (0, [])
    assert [counts.unchanged for counts in again.tables.values()] == [2, 3, 1, 2, 1]
    assert registry.head.position == 10


def test_a_known_row_with_other_content_becomes_an_amendment(visited: Registry, tmp_path: Path) -> None:
    report = import_batch(
        visited, only(tmp_path, visits=VISIT.replace(",5", ",6")), options=ImportOptions(reason="typing error")
    )

    (amendment,) = events(visited, after=5)
    assert (amendment["topic"], amendment["reason"], amendment["source"]) == (
        "VisitAmended",
        "typing error",
        "visits.csv:2",
    )
    assert (report.tables["visits"].amended, report.tables["patients"].unchanged) == (1, 2)
    assert len(visited.history("visit/P-1/2020-01-15/baseline")) == 2


def test_the_reason_of_an_amendment_is_never_empty(visited: Registry, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="reason is empty; give why changed facts are amended"):
        import_batch(visited, only(tmp_path, visits=VISIT), options=ImportOptions(reason=" "))


def test_another_spelling_of_a_number_is_no_amendment(visited: Registry, tmp_path: Path) -> None:
    assert import_batch(visited, only(tmp_path, visits=VISIT.replace(",5", ",5.0"))).events == 0


def test_another_order_of_criteria_or_regions_is_no_amendment(registry: Registry, tmp_path: Path) -> None:
    header = "study,patient,performed_on,modality,regions,sequences"
    for name, criteria, regions, sequences in (
        ("a", "mNY;ASAS-axSpA", "spine;sij", "STIR;T1;CISS"),
        ("b", "ASAS-axSpA;mNY", "sij;spine", "CISS;T1;STIR"),
    ):
        batch = folder_of(
            tmp_path,
            name,
            patients=f"patient,enrolled_on,criteria\nP-1,2020-01-01,{criteria}",
            imaging=f"{header}\nMR-1,P-1,2020-02-01,MRI,{regions},{sequences}",
        )
        report = import_batch(registry, batch)

    assert report.events == 0
    assert statement(registry, "patient/P-1")["criteria"] == ["mNY", "ASAS-axSpA"]
    assert statement(registry, "imaging/MR-1")["regions"] == ["spine", "sij"]


def test_a_column_that_the_file_lacks_leaves_what_is_known(visited: Registry, tmp_path: Path) -> None:
    import_batch(visited, only(tmp_path, visits="patient,visited_on,visit,esr\nP-1,2020-01-15,baseline,8"))

    measures = statement(visited, "visit/P-1/2020-01-15/baseline")["measures"]
    assert [taken["measure"] for taken in measures] == ["crp", "esr"]


def test_an_empty_cell_says_that_nothing_was_recorded_after_all(visited: Registry, tmp_path: Path) -> None:
    import_batch(visited, only(tmp_path, visits="patient,visited_on,visit,crp\nP-1,2020-01-15,baseline,"))

    assert statement(visited, "visit/P-1/2020-01-15/baseline")["measures"] == []


@pytest.mark.parametrize(
    ("table", "known", "now", "event"),
    [
        ("treatments", "P-1,adalimumab,2020-02,", "P-1,adalimumab,2020-02,2020-09-01", "TreatmentStopped"),
        ("flares", "P-1,2020-02-01,", "P-1,2020-02-01,2020-02-10", "FlareEnded"),
        ("patients", "P-1,2020-01-01,", "P-1,2020-01-01,2021-12-31", "FollowUpEnded"),
    ],
)
def test_an_end_that_arrives_later_ends_the_fact_and_amends_nothing(
    registry: Registry, tmp_path: Path, table: str, known: str, now: str, event: str
) -> None:
    header = {
        "treatments": "patient,agent,started_on,stopped_on",
        "flares": "patient,started_on,ended_on",
        "patients": "patient,enrolled_on,follow_up_ended_on",
    }[table]
    patients = {"patients": "patient,enrolled_on\nP-1,2020-01-01"}
    import_batch(registry, folder_of(tmp_path, **{**patients, table: f"{header}\n{known}"}))
    known_until = registry.head.position

    report = import_batch(registry, folder_of(tmp_path, **{**patients, table: f"{header}\n{now}"}))

    (ended,) = events(registry, after=known_until)
    assert (ended["topic"], ended["reason"], report.tables[table].ended) == (event, None, 1)


def test_a_course_that_comes_with_its_stop_is_started_and_stopped(registry: Registry, tmp_path: Path) -> None:
    treatments = "patient,agent,started_on,stopped_on\nP-1,adalimumab,2020-02,2020-09"

    report = import_batch(registry, folder_of(tmp_path, patients=PATIENTS, treatments=treatments))

    assert topics(registry) == ["PatientEnrolled", "TreatmentStarted", "TreatmentStopped", "PatientEnrolled"]
    assert (report.tables["treatments"].recorded, report.events) == (1, 4)


def test_a_stop_that_is_taken_back_is_an_amendment(registry: Registry, tmp_path: Path) -> None:
    header = "patient,agent,started_on,stopped_on"
    import_batch(registry, only(tmp_path, treatments=f"{header}\nP-1,adalimumab,2020-02,2020-09"))

    import_batch(registry, only(tmp_path, treatments=f"{header}\nP-1,adalimumab,2020-02,"))

    assert topics(registry)[-1] == "TreatmentAmended"


def test_two_rows_of_one_key_with_other_content_are_refused_naming_both(registry: Registry, tmp_path: Path) -> None:
    assert problems(registry, only(tmp_path, visits=f"{VISIT}\n\nP-1,2020-01-15,baseline,6")) == [
        "visits.csv:4: visit/P-1/2020-01-15/baseline stands at visits.csv:2 too, with other content; keep one"
    ]


def test_two_equal_rows_count_once(registry: Registry, tmp_path: Path) -> None:
    report = import_batch(registry, only(tmp_path, visits=f"{VISIT}\nP-1,2020-01-15,baseline,5.0"))

    assert (report.rows, report.tables["visits"].recorded) == (6, 1)


def test_a_study_that_two_rows_give_to_two_patients_is_refused(registry: Registry, tmp_path: Path) -> None:
    assert problems(registry, only(tmp_path, imaging=f"{IMAGING}\nMR-1,P-2,2020-02-01,MRI,spine;sij")) == [
        "imaging.csv:5: imaging/MR-1 stands at imaging.csv:2 too, with other content; keep one"
    ]


def test_an_id_identifies_a_row_whose_key_columns_change(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, visits=WITH_IDS))

    report = import_batch(registry, only(tmp_path, visits=WITH_IDS.replace("01-15", "01-16")))

    assert report.tables["visits"].amended == 1
    assert statement(registry, "visit/P-1/id=17")["visited_on"] == "2020-01-16"


def test_ids_tell_rows_with_one_key_apart(registry: Registry, tmp_path: Path) -> None:
    report = import_batch(registry, only(tmp_path, visits=f"{WITH_IDS}\n18,P-1,2020-01-15,baseline,6"))

    assert report.tables["visits"].recorded == 2


def test_a_source_that_gains_ids_means_the_facts_that_are_known(visited: Registry, tmp_path: Path) -> None:
    known = visited.head.position

    gained = import_batch(visited, only(tmp_path, visits=WITH_IDS))

    assert (gained.tables["visits"].confirmed, gained.changes) == (1, [])
    assert topics(visited, after=known) == ["VisitConfirmed"]
    assert import_batch(visited, only(tmp_path, visits=WITH_IDS)).events == 0
    assert import_batch(visited, only(tmp_path, visits=WITH_IDS.replace(",5", ",6"))).tables["visits"].amended == 1


def test_a_source_that_loses_its_ids_means_the_facts_that_are_known(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, visits=WITH_IDS))

    assert import_batch(registry, only(tmp_path, visits=VISIT)).events == 0


def test_a_row_that_could_mean_two_facts_is_refused(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, visits=f"{WITH_IDS}\n18,P-1,2020-01-15,baseline,6"))

    assert problems(registry, only(tmp_path, visits=VISIT)) == [
        "visits.csv:2:id: 2 facts have this key, with the ids '17' and '18'; give the id"
    ]


def test_an_id_names_one_row_of_its_table(registry: Registry, tmp_path: Path) -> None:
    assert problems(registry, only(tmp_path, visits=f"{WITH_IDS}\n17,P-2,2020-01-15,baseline,5")) == [
        "visits.csv:3:id: '17' is another row at visits.csv:2; an id names one row"
    ]


def test_of_rows_with_one_key_all_or_none_have_an_id(registry: Registry, tmp_path: Path) -> None:
    assert problems(registry, only(tmp_path, visits=f"{WITH_IDS}\n,P-1,2020-01-15,baseline,6")) == [
        "visits.csv:3:id: visits.csv:2 has the same key, and only one of the two rows has an id; give both one"
    ]


def test_the_id_of_an_enrolment_changes_nothing(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS))

    assert import_batch(registry, folder_of(tmp_path, patients="id,patient,enrolled_on\n1,P-1,2020-01-01")).events == 0


def test_a_fact_that_was_retracted_here_stays_so_while_the_file_says_what_it_said(
    visited: Registry, tmp_path: Path
) -> None:
    visited.retract("visit/P-1/2020-01-15/baseline", reason="entered in error")

    report = import_batch(visited, only(tmp_path, visits=VISIT))

    assert (report.events, report.tables["visits"].unchanged) == (0, 1)


def test_a_correction_outlasts_the_import_of_the_same_file(visited: Registry, tmp_path: Path) -> None:
    visited.amend("visit/P-1/2020-01-15/baseline", {"crp": "2.5"}, reason="decimal point lost")

    assert import_batch(visited, only(tmp_path, visits=VISIT)).events == 0


def test_a_row_that_changes_at_its_source_amends_what_was_corrected_here(visited: Registry, tmp_path: Path) -> None:
    visited.amend("visit/P-1/2020-01-15/baseline", {"crp": "2.5"}, reason="decimal point lost")
    changed = "patient,visited_on,visit,crp\nP-1,2020-01-15,baseline,99\n"

    report = import_batch(visited, only(tmp_path, visits=changed))

    assert report.tables["visits"].amended == 1
