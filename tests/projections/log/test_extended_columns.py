"""Columns of a log that grew are those of the whole log, whatever happened since they were read."""

from __future__ import annotations

import pytest

from projections import LogColumns, facts_at
from projections.columns.tables import rows
from projections.log import extended_columns
from projections.log.extended_columns import extended
from projections.log.layouts import LAYOUTS
from registry import Registry
from tests.example_cohorts import import_example
from tests.projections.shown import shown


def read_wholly(registry: Registry) -> LogColumns:
    """The columns of a log, every kind of which was asked for."""
    columns = LogColumns.read(registry.log, to_grow=True)
    for kind in LAYOUTS:
        assert columns.facts[kind] is not None
    assert columns.gradings is not None
    return columns


def assert_as_anew(grown: LogColumns, registry: Registry) -> None:
    """Check that columns are those that the log gives when it is decoded anew."""
    anew = LogColumns.decoded(registry.log)
    assert grown.head == anew.head == registry.head
    for kind in LAYOUTS:
        assert rows(grown.facts[kind]) == rows(anew.facts[kind]), kind
    assert grown.measures.to_pylist() == anew.measures.to_pylist()
    for mine, theirs in zip(grown.gradings, anew.gradings, strict=True):
        assert (mine.grades == theirs.grades).all()


def study(registry: Registry, patient: str, code: str) -> None:
    registry.record_study(code, patient=patient, performed_on="2003-01-01", modality="MRI", regions="spine")


def test_who_is_new_stands_in_his_place(registry: Registry) -> None:
    columns = read_wholly(registry)
    for patient in ("P-0", "P-2", "A-1"):
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
        registry.record_visit(patient, visited_on="2002-02-01", measures={"crp": 5})

    assert_as_anew(extended(columns, registry.log), registry)


def test_what_is_amended_retracted_and_recorded_again_is_so(registry: Registry) -> None:
    visit = registry.record_visit("P-1", visited_on="2002-02-01")
    columns = read_wholly(registry)
    registry.amend(visit, {"crp": 25}, reason="forgotten")
    registry.retract(visit, reason="another patient's")
    registry.record_visit("P-1", visited_on="2002-02-01")

    assert_as_anew(extended(columns, registry.log), registry)


def test_readings_keep_their_grades_and_get_those_that_came(scanned: Registry) -> None:
    scanned.record("readings", {"study": "A", "reader": "R1", "method": "berlin", "T7/8": 1})
    columns = read_wholly(scanned)
    scanned.enrol_patient("P-0", enrolled_on="2002-01-14")
    study(scanned, "P-0", "Z")
    for code, grade in (("Z", 3), ("B", 2)):
        scanned.record("readings", {"study": code, "reader": "R1", "method": "berlin", "T7/8": grade})

    assert_as_anew(extended(columns, scanned.log), scanned)


def test_of_who_was_erased_nothing_is_left(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    study(registry, "P-2", "Z")
    columns = read_wholly(registry)
    registry.erase_patient("P-2", reason="asked for it")

    grown = extended(columns, registry.log)

    assert_as_anew(grown, registry)
    assert shown(facts_at(grown), "patients", "patient") == [("P-1",)]
    assert "P-2" not in str(grown.facts["imaging"].to_pylist())


def test_two_pseudonyms_that_become_one_and_two_again_are_so(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    study(registry, "P-2", "Z")
    columns = read_wholly(registry)
    registry.merge_patients("P-2", into="P-1", reason="one person")
    merged = extended(columns, registry.log)
    assert_as_anew(merged, registry)

    registry.unmerge_patients("P-2", reason="two after all")

    assert_as_anew(extended(merged, registry.log), registry)


def test_what_concerns_nobody_changes_no_column(registry: Registry) -> None:
    columns = read_wholly(registry)
    registry.freeze("paper")

    grown = extended(columns, registry.log)

    assert_as_anew(grown, registry)
    assert all(grown.facts[kind] is columns.facts[kind] for kind in LAYOUTS if kind not in {"readings", "visits"})


def test_a_log_that_did_not_grow_has_the_same_columns(registry: Registry) -> None:
    columns = read_wholly(registry)

    assert extended(columns, registry.log) is columns


def test_after_very_many_the_log_is_read_from_its_blocks(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extended_columns, "STREAMS_AT_MOST", 3)
    columns = read_wholly(registry)
    import_example(registry, "baraliakos2013")

    assert_as_anew(extended(columns, registry.log), registry)


def test_a_whole_cohort_comes_in_between(registry: Registry) -> None:
    columns = read_wholly(registry)
    import_example(registry, "baraliakos2013")

    assert_as_anew(extended(columns, registry.log), registry)
