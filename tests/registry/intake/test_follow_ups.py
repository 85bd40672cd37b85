"""Resumptions of follow-up in files: one batch tells the end, the resumption and what happened since, in any order."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.intake import ImportOptions, import_batch
from tests.registry.intake.batches import folder_of, problems, statement, topics

LOST = """
    patient,enrolled_on,consented_on,follow_up_ended_on,follow_up_end_reason
    P-1,2010-01-01,,2017-06-30,lost
"""
BACK = """
    patient,resumed_on,ended_on,end_reason
    P-1,2020-03-01,2021-03-01,moved
    P-1,2023-01-01,,
"""
SEEN = """
    patient,visited_on
    P-1,2016-01-15
    P-1,2020-03-01
    P-1,2023-06-01
"""
RESUMPTION = "follow-up/P-1/2020-03-01"


def withdrawn(consented_on: str) -> str:
    return LOST.replace("2010-01-01,,2017-06-30,lost", f"2010-01-01,{consented_on},2017-06-30,withdrawn")


def test_spans_and_what_happened_in_them_come_in_one_batch(registry: Registry, tmp_path: Path) -> None:
    report = import_batch(registry, folder_of(tmp_path, patients=LOST, follow_ups=BACK, visits=SEEN))

    assert report.tables["follow_ups"].recorded == 2
    assert topics(registry) == [
        "PatientEnrolled",
        "FollowUpEnded",
        "FollowUpResumed",
        "ResumptionEnded",
        "FollowUpResumed",
        "VisitRecorded",
        "VisitRecorded",
        "VisitRecorded",
    ]


def test_the_order_of_files_and_rows_makes_no_difference(registry: Registry, tmp_path: Path) -> None:
    header, *rows = BACK.strip().splitlines()
    files = [
        folder_of(tmp_path, "visits", visits=SEEN) / "visits.csv",
        folder_of(tmp_path, "back", follow_ups="\n".join([header, *reversed(rows)])) / "follow_ups.csv",
        folder_of(tmp_path, "lost", patients=LOST) / "patients.csv",
    ]

    report = import_batch(registry, files)

    assert (report.events, report.tables["follow_ups"].recorded) == (8, 2)
    assert import_batch(registry, folder_of(tmp_path, patients=LOST, follow_ups=BACK, visits=SEEN)).events == 0


def test_the_same_batch_again_changes_nothing(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, patients=LOST, follow_ups=BACK, visits=SEEN)
    import_batch(registry, folder)

    assert import_batch(registry, folder).events == 0


def test_a_resumption_that_now_has_an_end_has_ended(registry: Registry, tmp_path: Path) -> None:
    going_on = "patient,resumed_on\nP-1,2020-03-01"
    import_batch(registry, folder_of(tmp_path, patients=LOST, follow_ups=going_on))

    report = import_batch(registry, folder_of(tmp_path, follow_ups=BACK))

    assert [change.what for change in report.changes] == ["ended", "recorded"]
    assert topics(registry, after=3) == ["ResumptionEnded", "FollowUpResumed"]


def test_a_row_that_changes_at_its_source_is_amended(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, folder_of(tmp_path, patients=LOST, follow_ups=BACK))

    import_batch(registry, folder_of(tmp_path, follow_ups=BACK.replace("moved", "lost")))

    assert topics(registry, after=5) == ["ResumptionAmended"]
    assert statement(registry, RESUMPTION)["end_reason"] == "lost"


def test_a_gap_that_is_learnt_of_late_comes_with_its_end_and_its_resumption(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, folder_of(tmp_path, patients="patient,enrolled_on\nP-1,2010-01-01", visits=SEEN))
    only_the_end = folder_of(tmp_path, patients=LOST)

    assert problems(registry, only_the_end) == [
        (
            "patients.csv:2: patient/P-1 cannot change so: visit/P-1/2020-03-01 and visit/P-1/2023-06-01 rest on it; "
            "retract or amend first"
        )
    ]
    import_batch(registry, folder_of(tmp_path, patients=LOST, follow_ups=BACK))

    assert topics(registry, after=4) == ["FollowUpEnded", "FollowUpResumed", "ResumptionEnded", "FollowUpResumed"]


def test_every_contradiction_is_refused_with_its_place(registry: Registry, tmp_path: Path) -> None:
    patients = "patient,enrolled_on,follow_up_ended_on,follow_up_end_reason\n" + "\n".join(
        ("P-1,2010-01-01,2017-06-30,lost", "P-2,2010-01-01,,", "P-3,2010-01-01,2017-06-30,died")
    )
    follow_ups = "patient,resumed_on,ended_on\n" + "\n".join(
        (
            "P-1,2017-06-30,2018-01-01",
            "P-1,2019-01-01,2020-01-01",
            "P-1,2020-01-01,",
            "P-2,2020-01-01,",
            "P-3,2020-01-01,",
        )
    )
    visits = "patient,visited_on\nP-1,2018-06-01"

    assert problems(registry, folder_of(tmp_path, patients=patients, follow_ups=follow_ups, visits=visits)) == [
        "follow_ups.csv:2:resumed_on: 2017-06-30 does not lie after the end of follow-up, 2017-06-30",
        "follow_ups.csv:3:ended_on: 2020-01-01 does not lie before the next resumption, 2020-01-01",
        "follow_ups.csv:4:resumed_on: 2020-01-01 does not lie after the end of follow-up, 2020-01-01",
        (
            "follow_ups.csv:5:resumed_on: 2020-01-01 resumes follow-up that goes on since 2010-01-01; "
            "record first when it ended"
        ),
        "follow_ups.csv:6:resumed_on: 2020-01-01 lies after the patient's death, 2017-06-30",
        (
            "visits.csv:2:visited_on: 2018-06-01 lies after the end of follow-up, 2018-01-01, and before "
            "it was resumed, 2019-01-01"
        ),
    ]


@pytest.mark.parametrize("consented_on", ["", "2010-01-01", "2017-06-30"])
def test_a_resumption_after_a_withdrawal_without_a_new_consent_is_refused(
    registry: Registry, tmp_path: Path, consented_on: str
) -> None:
    follow_ups = "patient,resumed_on\nP-1,2020-03-01"

    assert problems(registry, folder_of(tmp_path, patients=withdrawn(consented_on), follow_ups=follow_ups)) == [
        (
            "follow_ups.csv:2:patient: consent was withdrawn on 2017-06-30, nothing more is recorded; amend "
            "consented_on of the enrolment to the day of a new consent first"
        )
    ]


def test_a_new_consent_and_the_resumption_come_in_one_batch(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, folder_of(tmp_path, patients=withdrawn("2010-01-01")))

    import_batch(registry, folder_of(tmp_path, patients=withdrawn("2020-02-01"), follow_ups=BACK, visits=SEEN))

    assert topics(registry, after=3)[:2] == ["EnrolmentAmended", "FollowUpResumed"]
    assert topics(registry, after=7) == ["VisitRecorded"] * 3


def test_what_a_refused_row_would_have_resumed_is_not_judged(registry: Registry, tmp_path: Path) -> None:
    follow_ups = BACK.replace("2020-03-01,", "2020-02-30,")
    visits = f"{SEEN.strip()}\n    P-2,2020-03-01"
    patients = f"{LOST.strip()}\n    P-2,2010-01-01,,2017-06-30,lost"

    assert problems(registry, folder_of(tmp_path, patients=patients, follow_ups=follow_ups, visits=visits)) == [
        "follow_ups.csv:2:resumed_on: '2020-02-30' is not a day of the calendar; write YYYY-MM-DD",
        "visits.csv:5:visited_on: 2020-03-01 lies after the end of follow-up, 2017-06-30",
    ]


def test_a_resumption_that_is_gone_from_its_source_is_retracted_unless_something_rests_on_it(
    registry: Registry, tmp_path: Path
) -> None:
    import_batch(registry, folder_of(tmp_path, patients=LOST, follow_ups=BACK, visits=SEEN))
    retract = {"retract_missing": True, "reason": "gone from the source"}
    fewer = "\n".join(line for line in BACK.splitlines() if "2020" not in line)

    assert problems(registry, folder_of(tmp_path, follow_ups=fewer), **retract) == [
        f"follow_ups.csv:1: {RESUMPTION} cannot change so: visit/P-1/2020-03-01 rests on it; retract or amend first"
    ]
    visits = SEEN.replace("P-1,2020-03-01", "")
    import_batch(registry, folder_of(tmp_path, follow_ups=fewer, visits=visits), options=ImportOptions(**retract))

    assert topics(registry, after=8) == ["VisitRetracted", "ResumptionRetracted"]
