"""A row that its source gives to another patient: the fact goes there whole, with all that was said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from projections import facts_at, project
from registry import Registry
from registry.errors import RetractedFactError
from registry.intake import ImportOptions, import_batch
from tests.registry.intake.batches import IMAGING, PATIENTS, READINGS, events, folder_of, problems, statement, topics

HEADER = "id,patient,visited_on,visit,crp"
AT_P1 = f"{HEADER}\n17,P-1,2020-01-15,baseline,5"
AT_P2 = f"{HEADER}\n17,P-2,2020-01-15,baseline,5"
STUDIES = "id,study,patient,performed_on,modality,regions\ns1,MR-1,{},2020-02-01,MRI,spine;sij"
STREAM_OF_P1 = "068c85eb-c48b-5514-9aec-9e4a5202f742"  # as `uuid5` of Python gives it
STREAM_OF_P2 = "df263f37-6419-5302-9ac0-ec72d0810f8a"
LABORATORY = ImportOptions(source="laboratory")


@pytest.fixture
def visited(registry: Registry, tmp_path: Path) -> Registry:
    """A registry of P-1 and P-2, with a visit of P-1 that came as row 17."""
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS, visits=AT_P1))
    return registry


def test_it_is_retracted_there_and_recorded_here(visited: Registry, tmp_path: Path) -> None:
    before = visited.head.position

    report = import_batch(visited, folder_of(tmp_path, visits=AT_P2))

    assert [(change.what, change.reference, change.place) for change in report.changes] == [
        ("moved", "visit/P-2/id=17", "visits.csv:2")
    ]
    assert (report.tables["visits"].moved, report.tables["visits"].unchanged) == (1, 0)
    by_topic = {str(event["topic"]): event for event in events(visited, after=before)}
    assert set(by_topic) == {"VisitRetracted", "VisitRecorded"}
    given, taken = by_topic["VisitRetracted"], by_topic["VisitRecorded"]
    assert (given["fact"], given["moved_to"], given["reason"]) == (
        "visit/P-1/id=17",
        f"visit/stream={STREAM_OF_P2}/id=17",
        "changed at the source",
    )
    assert (taken["fact"], taken["moved_from"]) == ("visit/P-2/id=17", f"visit/stream={STREAM_OF_P1}/id=17")
    assert [version.moved_to for version in visited.history("visit/P-1/id=17")] == [None, "visit/P-2/id=17"]
    assert [version.moved_from for version in visited.history("visit/P-2/id=17")] == ["visit/P-1/id=17"]
    assert taken["origin"] == {"row": "17", "columns": ["visited_on", "visit", "crp"]}
    assert project("visits", facts_at(visited))["patient"].to_pylist() == ["P-2"]
    with pytest.raises(RetractedFactError):
        visited.amend("visit/P-1/id=17", {"crp": 6}, reason="typing error")


def test_the_patient_who_gives_it_away_need_not_be_in_the_batch_and_nothing_happens_twice(
    visited: Registry, tmp_path: Path
) -> None:
    moved = folder_of(tmp_path, patients="patient,enrolled_on\nP-2,2020-01-01", visits=AT_P2)

    assert import_batch(visited, moved).events == 2
    assert import_batch(visited, moved).events == 0
    assert import_batch(visited, folder_of(tmp_path, visits=AT_P1)).tables["visits"].moved == 1


def test_what_was_corrected_here_goes_along_and_what_changed_at_the_source_is_amended(
    visited: Registry, tmp_path: Path
) -> None:
    visited.amend("visit/P-1/id=17", {"esr": 12, "crp": 6}, reason="found in the chart")

    report = import_batch(visited, folder_of(tmp_path, visits=AT_P2.replace("baseline", "week 0")))

    assert [change.what for change in report.changes] == ["moved", "amended"]
    stated = statement(visited, "visit/P-2/id=17")
    assert stated["visit"] == "week 0"
    assert stated["measures"] == [
        {"measure": "crp", "value": "6", "unit": "mg/l"},
        {"measure": "esr", "value": "12", "unit": "mm/h"},
    ]
    assert import_batch(visited, folder_of(tmp_path, visits=AT_P2.replace("baseline", "week 0"))).events == 0


def test_what_another_source_said_goes_along(visited: Registry, tmp_path: Path) -> None:
    same = folder_of(tmp_path, "laboratory", visits="patient,visited_on,visit,crp\nP-1,2020-01-15,baseline,5")
    import_batch(visited, same, options=LABORATORY)
    import_batch(visited, folder_of(tmp_path, visits=AT_P2))
    visited.amend("visit/P-2/id=17", {"crp": 6}, reason="typing error")

    there = folder_of(tmp_path, "laboratory", visits="patient,visited_on,visit,crp\nP-2,2020-01-15,baseline,5")

    assert import_batch(visited, there, options=LABORATORY).events == 0


@pytest.mark.parametrize("row", [",P-1,2020-01-15,baseline,5", "x,P-1,2020-01-15,baseline,5"])
def test_another_source_that_repeats_itself_of_the_patient_who_gave_it_away_records_nothing(
    visited: Registry, tmp_path: Path, row: str
) -> None:
    same = folder_of(tmp_path, "laboratory", visits=f"{HEADER}\n{row}")
    import_batch(visited, same, options=LABORATORY)
    import_batch(visited, folder_of(tmp_path, visits=AT_P2))

    assert [import_batch(visited, same, options=LABORATORY).events for _ in range(2)] == [0, 0]
    assert import_batch(visited, folder_of(tmp_path, visits=AT_P2)).events == 0
    assert project("visits", facts_at(visited))["patient"].to_pylist() == ["P-2"]


def test_a_study_that_moves_alone_takes_its_readings_along_withdrawn_ones_too(
    registry: Registry, tmp_path: Path
) -> None:
    readings = f"{READINGS}    MR-1,R2,berlin,C2/3,1\n"
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS, imaging=STUDIES.format("P-1"), readings=readings))
    registry.retract("reading/MR-1/R2/berlin", reason="wrong study")

    report = import_batch(registry, folder_of(tmp_path, "moved", imaging=STUDIES.format("P-2")))
    again = import_batch(registry, folder_of(tmp_path, "again", imaging=STUDIES.format("P-2"), readings=readings))

    assert (report.tables["imaging"].moved, report.tables["readings"].moved, again.events) == (1, 2, 0)
    assert project("readings", facts_at(registry))["reading_id"].to_pylist() == ["reading/MR-1/R1/berlin"]
    assert [version.event for version in registry.history("reading/MR-1/R1/berlin")] == [
        "ReadingRecorded",
        "ReadingRetracted",
        "ReadingRecorded",
    ]


def test_a_fact_that_was_withdrawn_stays_so_where_it_goes_and_is_recorded_where_it_changes(
    visited: Registry, tmp_path: Path
) -> None:
    visited.retract("visit/P-1/id=17", reason="entered in error")

    import_batch(visited, folder_of(tmp_path, visits=AT_P2))

    assert topics(visited)[-2:] == ["VisitConfirmed", "VisitConfirmed"]
    assert facts_at(visited).count("visits") == 0
    assert import_batch(visited, folder_of(tmp_path, visits=AT_P2.replace(",5", ",6"))).tables["visits"].recorded == 1


def test_an_id_of_another_source_is_another_row(visited: Registry, tmp_path: Path) -> None:
    report = import_batch(visited, folder_of(tmp_path, visits=AT_P2), options=LABORATORY)

    assert [change.what for change in report.changes] == ["recorded"]
    assert facts_at(visited).count("visits") == 2


def test_missing_rows_are_no_moved_ones(visited: Registry, tmp_path: Path) -> None:
    report = import_batch(
        visited,
        folder_of(tmp_path, patients=PATIENTS, visits=AT_P2),
        options=ImportOptions(retract_missing=True),
    )

    assert [change.what for change in report.changes] == ["moved"]


def test_where_the_other_patient_has_the_key_already_it_is_refused(visited: Registry, tmp_path: Path) -> None:
    visited.record_visit("P-2", visited_on="2020-01-15", visit="Baseline", measures={"crp": 9})

    assert problems(visited, folder_of(tmp_path, visits=AT_P2)) == [
        (
            "visits.csv:2: visit/P-2/2020-01-15/Baseline is recorded already, with other content; it has the key of a "
            "row that came from another patient"
        )
    ]


def test_a_study_takes_along_what_rests_on_it(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS, imaging=STUDIES.format("P-1"), readings=READINGS))

    report = import_batch(registry, folder_of(tmp_path, imaging=STUDIES.format("P-2"), readings=READINGS))

    assert [(change.what, change.reference) for change in report.changes] == [
        ("moved", "imaging/id=s1"),
        ("moved", "reading/MR-1/R1/berlin"),
    ]
    facts = facts_at(registry)
    assert (
        project("imaging", facts)["patient"].to_pylist() == project("readings", facts)["patient"].to_pylist() == ["P-2"]
    )
    assert registry.record_reading("MR-1", reader="R2", method="berlin", grades={"C2/3": 1})
    assert import_batch(registry, folder_of(tmp_path, imaging=STUDIES.format("P-2"), readings=READINGS)).events == 0


def test_a_study_without_an_id_stays_where_it_is(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS, imaging=IMAGING))

    assert problems(registry, folder_of(tmp_path, imaging=IMAGING.replace("MR-1,P-1", "MR-1,P-2"))) == [
        (
            "imaging.csv:2:study: imaging/MR-1 is recorded already, with other content; another patient has it; "
            "retract it there first or correct the code"
        )
    ]


def test_what_rests_on_two_studies_of_which_one_stays_is_refused(registry: Registry, tmp_path: Path) -> None:
    imaging = STUDIES.format("P-1") + "\ns2,MR-2,P-1,2021-02-01,MRI,spine;sij"
    lesions = (
        "baseline_study,followup_study,reader,lesion,region,kind,verdict\n"
        "MR-1,MR-2,consensus,1,spine,romanus,resolution"
    )
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS, imaging=imaging, lesions=lesions))

    moved = folder_of(tmp_path, imaging=imaging.replace("MR-1,P-1", "MR-1,P-2"))

    [problem] = problems(registry, moved)
    assert problem.startswith("imaging.csv:2: imaging/id=s1 cannot change so: lesion/MR-1/MR-2/consensus/1 rests on it")


def test_an_id_that_somebody_gave_to_another_patient_in_between_is_decided_again(
    registry: Registry, tmp_path: Path
) -> None:
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS))
    first = registry.head.position
    other = folder_of(tmp_path, "other", visits=AT_P1)

    def meanwhile(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("deciding", total) and registry.head.position == first:
            import_batch(registry, other)

    report = import_batch(registry, folder_of(tmp_path, visits=AT_P2), progress=meanwhile)

    assert [change.what for change in report.changes] == ["moved"]
    assert facts_at(registry).count("visits") == 1
