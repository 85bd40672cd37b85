"""Readings, their findings, the states of their locations, and their scores."""

from __future__ import annotations

from projections import facts_at
from registry import Registry
from registry.catalogue.spine import VERTEBRAL_UNITS
from tests.projections.shown import one, shown

UNITS = [unit for unit, _ in VERTEBRAL_UNITS]


def test_a_reading_says_how_many_locations_it_assessed(scanned: Registry) -> None:
    scanned.record_reading("A", reader="R1", method="berlin", grades=dict.fromkeys(UNITS, 0), seconds=310)
    scanned.record_reading("A", reader="R2", method="berlin", grades={"C2/3": 1, "C3/4": 0}, session="2005")

    columns = "reading_id reader session method_version seconds n_expected n_assessed complete"
    assert shown(facts_at(scanned), "readings", columns) == [
        ("reading/A/R1/berlin", "R1", "", 1, 310, 23, 23, True),
        ("reading/A/R2/berlin/2005", "R2", "2005", 1, None, 23, 2, False),
    ]


def test_a_location_with_one_item_missing_is_not_assessed_completely(scanned: Registry) -> None:
    grades = {"C2/3 anterior inflammation": 1, "C2/3 anterior erosion": 0, "C2/3 posterior inflammation": 1}
    scanned.record_reading("A", reader="R1", method="vu-lesions", grades=grades)

    assert one(facts_at(scanned), "readings", "n_expected n_assessed complete") == (46, 1, False)


def test_every_location_and_item_has_a_finding(scanned: Registry) -> None:
    scanned.record_reading("A", reader="R1", method="vu-lesions", grades={"C2/3 posterior inflammation": 1})

    found = shown(facts_at(scanned), "findings", "location_number item location segment grade")

    assert len(found) == 92
    assert found[:4] == [
        (1, "erosion", "C2/3 anterior", "cervical", None),
        (1, "inflammation", "C2/3 anterior", "cervical", None),
        (2, "erosion", "C2/3 posterior", "cervical", None),
        (2, "inflammation", "C2/3 posterior", "cervical", 1),
    ]
    assert found[-1] == (46, "inflammation", "L5/S1 posterior", "lumbar", None)


def test_readings_by_several_methods_are_in_the_order_of_their_key(scanned: Registry) -> None:
    for study, method in (("B", "berlin"), ("A", "vu-lesions"), ("A", "asspimri"), ("A", "berlin")):
        scanned.record_reading(study, reader="R1", method=method, grades={})

    found = shown(facts_at(scanned), "findings", "performed_on study method item reading_id")

    assert [found[row] for row in (0, 22, 23, 45, 46, 137, 138, 160)] == [
        ("2002-06-03", "A", "asspimri", None, "reading/A/R1/asspimri"),
        ("2002-06-03", "A", "asspimri", None, "reading/A/R1/asspimri"),
        ("2002-06-03", "A", "berlin", None, "reading/A/R1/berlin"),
        ("2002-06-03", "A", "berlin", None, "reading/A/R1/berlin"),
        ("2002-06-03", "A", "vu-lesions", "erosion", "reading/A/R1/vu-lesions"),
        ("2002-06-03", "A", "vu-lesions", "inflammation", "reading/A/R1/vu-lesions"),
        ("2004-06-07", "B", "berlin", None, "reading/B/R1/berlin"),
        ("2004-06-07", "B", "berlin", None, "reading/B/R1/berlin"),
    ]


def test_the_items_of_a_location_give_its_state_and_activity(scanned: Registry) -> None:
    pairs = ((0, 0), (1, 0), (1, 1), (0, 1), (0, None), (1, None), (None, 1), (None, None))
    grades = {}
    for (inflammation, erosion), unit in zip(pairs, UNITS):
        grades[f"{unit} anterior inflammation"] = inflammation
        grades[f"{unit} anterior erosion"] = erosion
    scanned.record_reading("A", reader="R1", method="vu-lesions", grades=grades)

    assert shown(facts_at(scanned), "lesion_states", "state activity")[: 2 * len(pairs) : 2] == [
        ("none", 0),
        ("inflammation", 1),
        ("active-erosion", 2),
        ("inactive-erosion", 0),
        (None, 0),
        (None, None),
        (None, None),
        (None, None),
    ]


def test_the_state_of_a_graded_location_is_its_grade(scanned: Registry) -> None:
    scanned.record_reading("A", reader="R1", method="asspimri", grades={"C2/3": 6, "C3/4": 0})

    assert shown(facts_at(scanned), "lesion_states", "location state activity")[:3] == [
        ("C2/3", "6", 6),
        ("C3/4", "0", 0),
        ("C4/5", None, None),
    ]


def test_a_total_stands_only_where_every_location_was_graded(scanned: Registry) -> None:
    whole = dict.fromkeys(UNITS, 0) | {"C5/6": 1, "T7/8": 4, "T8/9": 6, "T12/L1": 2, "L2/3": 5, "L5/S1": 3}
    scanned.record_reading("A", reader="R1", method="asspimri", grades=whole)
    scanned.record_reading("B", reader="R1", method="asspimri", grades=whole | {"T7/8": None})

    assert shown(facts_at(scanned), "scores", "study score value n_expected n_assessed policy") == [
        ("A", "cervical", 1.0, 6, 6, "complete-only"),
        ("A", "lumbar", 10.0, 6, 6, "complete-only"),
        ("A", "thoracic", 10.0, 11, 11, "complete-only"),
        ("A", "total", 21.0, 23, 23, "complete-only"),
        ("B", "cervical", 1.0, 6, 6, "complete-only"),
        ("B", "lumbar", 10.0, 6, 6, "complete-only"),
        ("B", "thoracic", None, 11, 10, "complete-only"),
        ("B", "total", None, 23, 22, "complete-only"),
    ]


def test_a_count_is_over_the_locations_of_which_the_grades_leave_no_doubt(scanned: Registry) -> None:
    grades = {
        "C2/3 anterior inflammation": 1,
        "C2/3 anterior erosion": 1,
        "C2/3 posterior inflammation": 1,
        "T1/2 anterior inflammation": 0,
    }
    scanned.record_reading("A", reader="R1", method="vu-lesions", grades=grades)

    found = shown(facts_at(scanned), "scores", "score value n_expected n_assessed")

    assert len(found) == 20
    assert [row for row in found if "thoracic" not in str(row[0]) and "lumbar" not in str(row[0])] == [
        ("active-erosions", 1.0, 46, 2),
        ("active-erosions:cervical", 1.0, 12, 1),
        ("erosions", 1.0, 46, 1),
        ("erosions:cervical", 1.0, 12, 1),
        ("inactive-erosions", 0.0, 46, 2),
        ("inactive-erosions:cervical", 0.0, 12, 2),
        ("inflammation", 2.0, 46, 3),
        ("inflammation-only", 0.0, 46, 2),
        ("inflammation-only:cervical", 0.0, 12, 1),
        ("inflammation:cervical", 2.0, 12, 2),
    ]
    assert ("inflammation:lumbar", None, 12, 0) in found
