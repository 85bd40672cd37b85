"""What stands between two events of one transaction: nothing whose patient or study is not there."""

from __future__ import annotations

from pathlib import Path

from projections import facts_at
from registry import Registry
from registry.domain.patient import Note
from registry.intake import ImportOptions, import_batch
from registry.streams import encoded
from tests.projections.shown import shown

STUDIES = "patient,study,performed_on,modality,regions\nP-1,A,{},MRI,spine\nP-1,B,{},MRI,spine\n"


def test_a_verdict_is_there_when_both_its_studies_are(scanned: Registry, tmp_path: Path) -> None:
    scanned.record_lesion_verdict("A", "B", reader="R1", lesion="1", region="spine", kind="romanus", verdict="new")
    (tmp_path / "imaging.csv").write_text(STUDIES.format("2008-06-02", "2009-06-01"))
    import_batch(scanned, tmp_path / "imaging.csv", options=ImportOptions(reason="wrong decade"))
    moved = scanned.head.position - 2  # A is of 2008 already, B of 2004 still; the import itself is noted last

    between, afterwards = (facts_at(scanned, as_of="2008-01-01", known_at=f"@{n}") for n in (moved, moved + 1))

    assert shown(between, "imaging", "study") == [("B",), ("C",)]
    assert shown(between, "lesion_courses", "from_study to_study") == []
    assert shown(afterwards, "lesion_courses", "from_study to_study") == []
    assert shown(facts_at(scanned), "lesion_courses", "from_study to_study") == [("A", "B")]


def test_nothing_is_there_of_a_patient_whose_enrolment_is_retracted_first(scanned: Registry) -> None:
    patient = scanned.patient_batch.patients(["P-1"])["P-1"]
    for fact in sorted(patient.facts, key=lambda fact: not fact.startswith("patient/")):
        patient.retract(fact, Note("lindner", "python", "entered twice"))
    scanned.patient_batch.save([*map(encoded, patient.collect_events())])
    last = scanned.head.position

    kept = [facts_at(scanned, known_at=f"@{n}").count("imaging") for n in range(last - 4, last + 1)]

    assert kept == [3, 0, 0, 0, 0]
