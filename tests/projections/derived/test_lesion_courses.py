"""What became of locations between studies, and the episodes that their readings make up."""

from __future__ import annotations

from pathlib import Path

import pytest

from projections import facts_at
from registry import Registry
from registry.intake import import_batch
from tests.projections.shown import one, shown


def read_at(registry: Registry, method: str = "berlin", **grades: int | None) -> None:
    """Have R1 read the studies A, B, C with the grades given of C2/3."""
    for study, grade in grades.items():
        registry.record_reading(study, reader="R1", method=method, grades={"C2/3": grade})


@pytest.mark.parametrize(
    ("before", "after", "course"),
    [
        (0, 0, "absent"),
        (0, 2, "new"),
        (2, 0, "resolved"),
        (2, 1, "improved"),
        (2, 2, "unchanged"),
        (2, 3, "worse"),
        (None, 2, "not-assessable"),
        (2, None, "not-assessable"),
    ],
)
def test_a_course_follows_from_the_activity_before_and_after(
    scanned: Registry, before: int | None, after: int | None, course: str
) -> None:
    read_at(scanned, A=before, B=after)

    found = shown(facts_at(scanned), "lesion_courses", "location from_activity to_activity course basis")

    assert len(found) == 23
    assert found[0] == ("C2/3", before, after, course, "derived")
    assert found[1] == ("C3/4", None, None, "not-assessable", "derived")


def test_an_active_erosion_that_loses_its_inflammation_resolves_into_an_inactive_one(scanned: Registry) -> None:
    for study, inflammation in (("A", 1), ("B", 0)):
        grades = {"C2/3 anterior inflammation": inflammation, "C2/3 anterior erosion": 1}
        scanned.record_reading(study, reader="R1", method="vu-lesions", grades=grades)

    columns = "location segment kind from_study from_on to_study to_on from_state to_state course"
    assert shown(facts_at(scanned), "lesion_courses", columns)[0] == (
        "C2/3 anterior", "cervical", None, "A", "2002-06-03", "B", "2004-06-07", "active-erosion", "inactive-erosion",
        "resolved",
    )  # fmt: skip


def test_courses_go_from_each_study_to_the_next_by_its_day(scanned: Registry) -> None:
    read_at(scanned, C=1, A=3, B=2)

    found = shown(facts_at(scanned), "lesion_courses", "location from_study to_study course")

    assert [row for row in found if row[0] == "C2/3"] == [
        ("C2/3", "A", "B", "improved"),
        ("C2/3", "B", "C", "improved"),
    ]


def test_readings_by_another_reader_method_or_session_make_no_course(scanned: Registry) -> None:
    scanned.record_reading("A", reader="R1", method="berlin", grades={"C2/3": 1})
    scanned.record_reading("B", reader="R2", method="berlin", grades={"C2/3": 1})
    scanned.record_reading("B", reader="R1", method="asspimri", grades={"C2/3": 1})
    scanned.record_reading("B", reader="R1", method="berlin", grades={"C2/3": 1}, session="2005")

    assert shown(facts_at(scanned), "lesion_courses", "course") == []


def test_a_study_that_an_amendment_moves_changes_what_is_consecutive(scanned: Registry) -> None:
    read_at(scanned, A=3, B=2, C=1)
    before = scanned.head.position
    scanned.amend("imaging/B", {"performed_on": "2008-06-07"}, reason="wrong year")

    def pairs(known_at: int | None) -> set[tuple[object, ...]]:
        return set(shown(facts_at(scanned, known_at=known_at), "lesion_courses", "from_study to_study"))

    assert pairs(before) == {("A", "B"), ("B", "C")}
    assert pairs(None) == {("A", "C"), ("C", "B")}


def test_paired_verdicts_come_into_the_same_table_in_the_order_of_their_lesions(scanned: Registry) -> None:
    verdicts = {"10": "resolution", "9": "improvement", "2b": "unchanged", "1": "deterioration", "2": "new"}
    for lesion, verdict in verdicts.items():
        cells = {"lesion": lesion, "region": "spine", "kind": "romanus", "location": f"L{lesion}", "verdict": verdict}
        scanned.record_lesion_verdict("A", "B", reader="consensus", **cells)

    columns = "method location_number location segment kind from_state to_state course basis"
    assert shown(facts_at(scanned), "lesion_courses", columns) == [
        ("paired-lesions", 1, "L1", "spine", "romanus", "present", "present", "worse", "paired-reading"),
        ("paired-lesions", 2, "L2", "spine", "romanus", "absent", "present", "new", "paired-reading"),
        ("paired-lesions", 3, "L9", "spine", "romanus", "present", "present", "improved", "paired-reading"),
        ("paired-lesions", 4, "L10", "spine", "romanus", "present", "absent", "resolved", "paired-reading"),
        ("paired-lesions", 5, "L2b", "spine", "romanus", "present", "present", "unchanged", "paired-reading"),
    ]


def test_lesions_are_numbered_anew_for_every_pair_reader_and_session(scanned: Registry) -> None:
    for baseline, followup, reader in (("A", "B", "R1"), ("B", "C", "R1"), ("A", "C", "R1"), ("A", "B", "R2")):
        for lesion in ("7", "8"):
            cells = {"lesion": lesion, "region": "spine", "kind": "romanus", "verdict": "unchanged"}
            scanned.record_lesion_verdict(baseline, followup, reader=reader, **cells)

    assert shown(facts_at(scanned), "lesion_courses", "reader to_study location_number from_study") == [
        ("R1", "B", 1, "A"),
        ("R1", "B", 2, "A"),
        ("R1", "C", 1, "A"),
        ("R1", "C", 1, "B"),
        ("R1", "C", 2, "A"),
        ("R1", "C", 2, "B"),
        ("R2", "B", 1, "A"),
        ("R2", "B", 2, "A"),
    ]


def test_derived_courses_and_verdicts_of_several_patients_interleave(scanned: Registry) -> None:
    scanned.enrol_patient("P-2", enrolled_on="2002-01-14")
    for study, performed_on in (("D", "2002-06-03"), ("E", "2004-06-07")):
        scanned.record_study(study, patient="P-2", performed_on=performed_on, modality="MRI", regions="spine")
    for baseline, followup in (("D", "E"), ("A", "B")):
        for method in ("vu-lesions", "asspimri"):
            for study in (baseline, followup):
                scanned.record_reading(study, reader="R1", method=method, grades={})
        cells = {"lesion": "1", "region": "spine", "kind": "romanus", "verdict": "new"}
        scanned.record_lesion_verdict(baseline, followup, reader="R1", **cells)

    found = shown(facts_at(scanned), "lesion_courses", "patient method")

    assert list(dict.fromkeys(found)) == [
        ("P-1", "asspimri"),
        ("P-1", "paired-lesions"),
        ("P-1", "vu-lesions"),
        ("P-2", "asspimri"),
        ("P-2", "paired-lesions"),
        ("P-2", "vu-lesions"),
    ]
    assert len(found) == 2 * (23 + 1 + 46)


def test_an_episode_lasts_while_assessable_readings_show_it(scanned: Registry) -> None:
    read_at(scanned, A=1, B=3, C=0)

    columns = "location first_seen_on last_seen_on resolved_on peak_activity n_readings ongoing relapse"
    assert one(facts_at(scanned), "lesion_episodes", columns) == (
        "C2/3", "2002-06-03", "2004-06-07", "2006-06-12", 3, 2, False, False,
    )  # fmt: skip


def test_a_reading_that_could_not_be_assessed_neither_ends_an_episode_nor_begins_one(scanned: Registry) -> None:
    read_at(scanned, A=1, B=None, C=2)

    columns = "first_seen_on last_seen_on resolved_on peak_activity n_readings ongoing"
    assert one(facts_at(scanned), "lesion_episodes", columns) == ("2002-06-03", "2006-06-12", None, 2, 2, True)


def test_a_lesion_that_comes_back_is_a_relapse(scanned: Registry) -> None:
    read_at(scanned, A=1, B=0, C=2)

    assert shown(facts_at(scanned), "lesion_episodes", "first_seen_on resolved_on ongoing relapse") == [
        ("2002-06-03", "2004-06-07", False, False),
        ("2006-06-12", None, True, True),
    ]


def test_an_episode_is_ongoing_as_of_a_day_before_it_resolved(scanned: Registry) -> None:
    read_at(scanned, A=1, B=0)

    assert one(facts_at(scanned, as_of="2004-06-06"), "lesion_episodes", "resolved_on ongoing") == (None, True)


def test_episodes_of_readers_and_locations_are_apart(scanned: Registry) -> None:
    for reader in ("R2", "R1"):
        for study, grades in (("A", {"L5/S1": 1, "C2/3": 1}), ("B", {"L5/S1": 0, "C2/3": 1})):
            scanned.record_reading(study, reader=reader, method="berlin", grades=grades)

    assert shown(facts_at(scanned), "lesion_episodes", "reader location n_readings ongoing") == [
        ("R1", "C2/3", 2, True),
        ("R1", "L5/S1", 1, False),
        ("R2", "C2/3", 2, True),
        ("R2", "L5/S1", 1, False),
    ]


def test_courses_into_a_study_that_two_readings_share_within_a_batch_mingle_by_location(
    scanned: Registry, tmp_path: Path
) -> None:
    scanned.record_reading("A", reader="R1", method="berlin", grades={"C2/3": 1})
    for studies in ("BC", "CB"):  # the second batch exchanges the studies of two readings, one after the other
        rows = (f"{number},{study},R1,berlin,C2/3,{number}" for number, study in zip("12", studies))
        (tmp_path / "readings.csv").write_text("\n".join(("id,study,reader,method,location,grade", *rows)) + "\n")
        import_batch(scanned, tmp_path)
    between = scanned.log.head().position - 2  # after the first of the two amendments; the batch is noted last

    found = shown(facts_at(scanned, known_at=between), "lesion_courses", "to_study location_number to_activity")

    assert found[:4] == [("C", 1, 1), ("C", 1, 2), ("C", 2, None), ("C", 2, None)]
    assert len(found) == 2 * 23
