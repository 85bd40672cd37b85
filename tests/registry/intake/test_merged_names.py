"""What is delivered under a pseudonym that was merged goes to the patient whose name it is now."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from registry import BatchRefusedError, ImportOptions, Registry, import_batch
from registry.domain.statements import Visit
from registry.errors import ErasedPatientError
from registry.intake import ImportReport
from tests.registry.intake.batches import folder_of
from tests.registry.intake.test_formats import as_workbook, rows_of

PATIENTS = """
    patient,enrolled_on,centre,birth_year
    P-0041,2002-01-14,Herne,1961
    P-0102,2005-01-14,Ghent,1961
"""
VISITS = """
    patient,visited_on,visit,crp
    P-0041,2006-01-16,baseline,5
    P-0102,2006-01-16,Baseline,5.0
    P-0102,2007-01-15,,7
"""
IMAGING = """
    study,patient,performed_on,modality,regions
    MR-1,P-0102,2006-02-01,MRI,spine
"""
READINGS = """
    study,reader,method,location,grade
    MR-1,R1,berlin,C2/3,1
"""
Deliver = Callable[..., ImportReport]
COHORT = {"patients": PATIENTS, "visits": VISITS, "imaging": IMAGING, "readings": READINGS}


@pytest.fixture
def deliver(registry: Registry, tmp_path: Path) -> Deliver:
    """Import tables as one batch."""

    def delivered(*, retract_missing: bool = False, **tables: str) -> ImportReport:
        folder = folder_of(tmp_path, **tables)
        return import_batch(registry, folder, options=ImportOptions(retract_missing=retract_missing))

    return delivered


@pytest.fixture
def merged(registry: Registry, deliver: Deliver) -> Registry:
    """P-0102, who was delivered beside P-0041, is P-0041."""
    deliver(**COHORT)
    registry.merge_patients("P-0102", into="P-0041", reason="one person", keep_enrolment=True)
    return registry


def crp(registry: Registry, patient: str) -> list[str]:
    """CRP at the visits of a patient as they stand, in the order of the values."""
    facts = registry.patient_batch.patients([patient])[patient].facts
    return sorted(str(said.measures[0].value) for said in facts.values() if isinstance(said, Visit))


def changes(report: ImportReport) -> list[tuple[str, str]]:
    return [(change.what, change.reference) for change in report.changes]


def test_a_delivery_that_the_merge_did_not_change_changes_nothing(merged: Registry, deliver: Deliver) -> None:
    report = deliver(**COHORT)

    assert report.events == 0
    assert report.renamed == {"P-0102": "P-0041"}
    assert report.tables["visits"].unchanged == 3


def test_what_changed_and_what_is_new_goes_to_the_survivor(merged: Registry, deliver: Deliver) -> None:
    later = VISITS.replace("2007-01-15,,7", "2007-01-15,,8") + "    P-0102,2008-01-14,,9\n"

    report = deliver(visits=later)

    assert changes(report) == [("amended", "visit/P-0041/2007-01-15"), ("recorded", "visit/P-0041/2008-01-14")]
    assert deliver(visits=later).events == 0
    assert changes(deliver(visits=VISITS)) == [("amended", "visit/P-0041/2007-01-15")]


def test_a_source_that_took_up_the_merge_itself_changes_nothing(merged: Registry, deliver: Deliver) -> None:
    one = VISITS.replace("P-0102,2006-01-16,Baseline,5.0\n", "").replace("P-0102", "P-0041")

    assert deliver(visits=one.replace("    \n", "")).events == 0


def test_a_change_of_what_both_had_is_applied_once(merged: Registry, deliver: Deliver) -> None:
    later = VISITS.replace("Baseline,5.0", "Baseline,6")

    assert changes(deliver(visits=later)) == [("amended", "visit/P-0041/2006-01-16/baseline")]
    assert deliver(visits=later).events == 0


def test_two_changes_of_what_both_had_to_different_values_are_refused(merged: Registry, deliver: Deliver) -> None:
    later = VISITS.replace("Baseline,5.0", "Baseline,6").replace("baseline,5\n", "baseline,7\n")

    with pytest.raises(BatchRefusedError) as refusal:
        deliver(visits=later)

    assert [str(problem) for problem in refusal.value.problems] == [
        "visits.csv:3: visit/P-0041/2006-01-16/baseline changed at visits.csv:2 too, to something else; keep one"
    ]
    assert changes(deliver(visits=later.replace("baseline,7", "baseline,6"))) == [
        ("amended", "visit/P-0041/2006-01-16/baseline")
    ]


def test_the_enrolment_takes_over_what_both_said_alike_and_nothing_else(merged: Registry, deliver: Deliver) -> None:
    later = PATIENTS.replace("Ghent,1961", "Gent,1962")

    assert changes(deliver(patients=later)) == [("amended", "patient/P-0041")]
    stands = merged.history("P-0041")[-1].statement
    assert stands is not None
    assert (stands["centre"], stands["birth_year"]) == ("Herne", 1962)
    merged.unmerge_patients("P-0102", reason="two persons")
    again = merged.history("P-0102")[-1].statement
    assert again is not None
    assert (again["centre"], again["birth_year"]) == ("Gent", 1962)
    assert deliver(patients=later).events == 0


def test_two_new_rows_that_differ_under_both_names_are_refused(merged: Registry, deliver: Deliver) -> None:
    before = merged.head
    rows = VISITS + "    P-0041,2008-01-14,,8\n    P-0102,2008-01-14,,9\n"

    with pytest.raises(BatchRefusedError) as refusal:
        deliver(visits=rows)

    assert [str(problem) for problem in refusal.value.problems] == [
        "visits.csv:6: visit/P-0041/2008-01-14 stands at visits.csv:5 too, with other content; keep one"
    ]
    assert merged.head == before


def test_two_new_rows_that_say_the_same_under_both_names_count_once(merged: Registry, deliver: Deliver) -> None:
    report = deliver(visits=VISITS + "    P-0041,2008-01-14,,8\n    P-0102,2008-01-14,,8\n")

    assert changes(report) == [("recorded", "visit/P-0041/2008-01-14")]


def test_one_of_two_that_was_withdrawn_to_let_them_merge_stays_withdrawn(registry: Registry, deliver: Deliver) -> None:
    differing = VISITS.replace("Baseline,5.0", "Baseline,6")
    deliver(**{**COHORT, "visits": differing})
    registry.retract("visit/P-0041/2006-01-16/baseline", reason="measured once")
    registry.merge_patients("P-0102", into="P-0041", reason="one person", keep_enrolment=True)

    assert deliver(visits=differing).events == 0
    assert crp(registry, "P-0041") == ["6", "7"]
    assert changes(deliver(visits=differing.replace("Baseline,6", "Baseline,6.5")))[0][0] == "amended"
    assert crp(registry, "P-0041") == ["6.5", "7"]


def test_missing_rows_are_retracted_from_the_survivor(merged: Registry, deliver: Deliver) -> None:
    report = deliver(retract_missing=True, visits=VISITS.replace("    P-0102,2007-01-15,,7\n", ""))

    assert changes(report) == [("retracted", "visit/P-0041/2007-01-15")]


def test_what_both_had_stays_while_either_row_is_there(merged: Registry, deliver: Deliver) -> None:
    rows = VISITS.replace("    P-0041,2006-01-16,baseline,5\n", "")

    report = deliver(retract_missing=True, visits=rows)
    assert changes(report) == []
    assert report.kept == ["visit/P-0041/2006-01-16/baseline"]


def test_studies_and_readings_under_the_merged_name_go_to_the_survivor(merged: Registry, deliver: Deliver) -> None:
    report = deliver(
        imaging=IMAGING + "    MR-2,P-0102,2008-02-01,MRI,spine\n", readings=READINGS + "    MR-2,R1,berlin,C2/3,0\n"
    )

    assert changes(report) == [("recorded", "imaging/MR-2"), ("recorded", "reading/MR-2/R1/berlin")]
    assert merged.patient_batch.holders_of_studies(["MR-1", "MR-2"]) == {"MR-1": "P-0041", "MR-2": "P-0041"}


def test_what_was_delivered_under_the_merged_name_goes_back_with_it(merged: Registry, deliver: Deliver) -> None:
    later = VISITS + "    P-0102,2008-01-14,,9\n    P-0041,2009-01-12,,10\n"
    deliver(visits=later)
    merged.unmerge_patients("P-0102", reason="two persons")

    assert crp(merged, "P-0102") == ["5", "7", "9"]
    assert crp(merged, "P-0041") == ["10", "5"]
    assert deliver(**{**COHORT, "visits": later}).events == 0


def test_a_delivery_under_the_name_of_an_erased_patient_is_refused(merged: Registry, deliver: Deliver) -> None:
    merged.erase_patient("P-0041", reason="Art. 17 GDPR")

    with pytest.raises(BatchRefusedError) as refusal:
        deliver(visits=VISITS)

    assert str(ErasedPatientError()) in str(refusal.value.problems[0])


def test_the_file_of_a_moved_row_is_told_when_the_patient_is_erased(merged: Registry) -> None:
    assert merged.erase_patient("P-0102", reason="Art. 17 GDPR", dry_run=True).files == (
        "imaging.csv",
        "patients.csv",
        "readings.csv",
        "visits.csv",
    )


def test_a_row_with_an_id_keeps_it_through_a_merge_and_moves_to_nobody(registry: Registry, deliver: Deliver) -> None:
    rows = """
        id,patient,visited_on,crp
        11,P-0041,2006-01-16,5
        21,P-0102,2006-01-16,5
        22,P-0102,2007-01-15,7
    """
    deliver(patients=PATIENTS, visits=rows)
    registry.merge_patients("P-0102", into="P-0041", reason="one person", keep_enrolment=True)

    assert deliver(visits=rows).events == 0
    assert changes(deliver(visits=rows.replace("2007-01-15,7", "2007-02-15,7"))) == [("amended", "visit/P-0041/id=22")]
    registry.unmerge_patients("P-0102", reason="two persons")
    assert deliver(visits=rows.replace("2007-01-15,7", "2007-02-15,7")).events == 0


def test_another_source_s_row_of_what_both_had_keeps_it(registry: Registry, tmp_path: Path) -> None:
    def deliver(source: str, visits: str, *, retract_missing: bool = False) -> ImportReport:
        folder = folder_of(tmp_path, visits=visits)
        return import_batch(registry, folder, options=ImportOptions(source=source, retract_missing=retract_missing))

    head = "    patient,visited_on,crp\n"
    import_batch(registry, folder_of(tmp_path, name="patients", patients=PATIENTS))
    deliver("herne", head + "    P-0041,2006-01-16,5\n    P-0041,2007-01-15,6\n")
    deliver("ghent", head + "    P-0102,2006-01-16,5\n")
    registry.merge_patients("P-0102", into="P-0041", reason="one person", keep_enrolment=True)

    report = deliver("herne", head + "    P-0041,2007-01-15,6\n", retract_missing=True)

    assert report.kept == ["visit/P-0041/2006-01-16"]
    assert crp(registry, "P-0041") == ["5", "6"]


def test_a_workbook_whose_name_has_the_merged_pseudonym_in_it_is_not_named(merged: Registry, tmp_path: Path) -> None:
    as_workbook(tmp_path, rows_of({"visits": VISITS + "    P-0102,2009-01-12,,5\n"}))

    import_batch(merged, shutil.move(tmp_path / "cohort.xlsx", tmp_path / "P-0102.xlsx"))

    told = [text for chunk in merged.log.columns(topics=["BatchRecorded"]) for text in chunk.payload]
    assert '"name":null' in str(told[-1])
