"""`spondyl merge` and `spondyl unmerge`, and what the other commands say of a pseudonym that was merged."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl

MERGE = ("merge", "P-2", "--into", "P-1", "--reason", "one person, two centres")
UNMERGE = ("unmerge", "P-2", "--reason", "two persons of one name")


@pytest.fixture
def two(cohort: Spondyl) -> Spondyl:
    """The command on a registry of P-1, of whom something is known, and P-2 with one visit; the log ends at @8."""
    cohort("record", "patient", "patient=P-2", "enrolled_on=2020-01-01", "sex=female", "birth_year=1980")
    cohort("record", "visit", "patient=P-2", "visited_on=2021-02-01", "crp=7")
    return cohort


def test_a_merge_says_what_went_where(two: Spondyl) -> None:
    answer = two(*MERGE)

    assert (answer.code, answer.out) == (0, "")
    assert answer.err == "merged P-2 into P-1 at @11: 1 fact went, 1 fact of both\n"
    assert two("status", "--json").json["patients"] == 1
    assert two("verify").code == 0


def test_a_merge_that_stands_is_said_to_stand(two: Spondyl) -> None:
    two(*MERGE)

    assert two(*MERGE).err == "P-2 is merged into P-1 already\n"


def test_all_that_stands_in_the_way_is_listed(two: Spondyl) -> None:
    two("record", "visit", "patient=P-1", "visited_on=2021-02-01", "crp=8")
    two("amend", "P-2", "sex=male", "--reason", "letter")

    answer = two(*MERGE)

    assert answer.code == 3
    title, *lines = answer.err.splitlines()
    assert title == "spondyl: P-2 was not merged into P-1: 2 in the way"
    assert [line.partition(";")[0] for line in lines] == [
        "spondyl: patient/P-2 and patient/P-1: sex is 'male' and 'female'",
        "spondyl: visit/P-2/2021-02-01 and visit/P-1/2021-02-01: crp is '7 mg/l' and '8 mg/l'",
    ]
    assert two("amend", "visit/P-1/2021-02-01", "crp=7", "--reason", "letter").code == 0
    assert two(*MERGE, "--keep-enrolment").code == 0


def test_the_end_of_a_merge_says_what_went_back(two: Spondyl) -> None:
    two(*MERGE)

    assert two(*UNMERGE).err == "parted P-2 from P-1 at @15: 1 fact went, 1 fact of both\n"
    assert two("status", "--json").json["patients"] == 2


def test_a_merged_pseudonym_is_answered_with_the_patient_s(two: Spondyl) -> None:
    two(*MERGE)

    for asked in (("show", "P-2"), ("record", "visit", "patient=P-2", "visited_on=2022-02-01")):
        answer = two(*asked)
        assert (answer.code, answer.out) == (3, "")
        assert answer.err.startswith("spondyl: patient: 'P-2' was merged into 'P-1'")
    assert two("show", "P-2", "--known-at", "@8").out.startswith("Course of P-2\n")
    assert "2021-02-01" in two("show", "P-1", "--json").out


def test_the_history_of_a_former_reference_says_where_the_fact_went(two: Spondyl) -> None:
    two(*MERGE)

    assert "    it is visit/P-1/2021-02-01 of P-1 from here on\n" in two("history", "visit/P-2/2021-02-01").out
    told = two("history", "visit/P-1/2021-02-01").out
    assert (
        told.index("VisitRecorded")
        < told.index("VisitRetracted")
        < told.index("    it was visit/P-2/2021-02-01 of P-2")
    )


def test_an_import_says_that_rows_went_to_the_patient_s_own_pseudonym(two: Spondyl, tmp_path: Path) -> None:
    two(*MERGE)
    (tmp_path / "visits.csv").write_text("patient,visited_on,crp\nP-2,2022-02-01,9\n", encoding="utf-8")

    answer = two("import", tmp_path / "visits.csv")

    assert answer.code == 0
    assert "P-2 was merged into P-1: its rows went there\n" in answer.err
    assert "    it came under the name P-2\n" in two("history", "visit/P-1/2022-02-01").out
    assert two("import", tmp_path / "visits.csv", "--json").json["renamed"] == {"P-2": "P-1"}


def test_an_erasure_says_whom_it_erases(two: Spondyl) -> None:
    two(*MERGE)

    asked = two("erase", "P-2", "--reason", "Art. 17 GDPR", "--dry-run")
    assert asked.err.startswith("P-1 is a pseudonym of the same patient, erased with P-2\nwould erase ")
    assert two("erase", "P-2", "--reason", "Art. 17 GDPR", "--yes").code == 0
    for name in ("P-1", "P-2"):
        assert two("show", name).err.startswith("spondyl: patient: this patient was erased")
    assert two("verify").code == 0


def test_an_erasure_after_the_end_of_a_merge_says_what_else_it_erases(two: Spondyl) -> None:
    two(*MERGE)
    two(*UNMERGE)
    two("export", "out")

    asked = two("erase", "P-2", "--reason", "Art. 17 GDPR", "--yes")

    assert asked.err.startswith(
        "P-1 was one patient with P-2 for a time: what that left there is erased, and no more\n"
    )
    assert two("verify").code == 0
    assert two("show", "P-1").code == 0
    assert two("reproduce", "out").err.splitlines()[0] == "1 patient erased since"


def test_a_person_who_erases_is_told_all_names_before(two: Spondyl, monkeypatch: pytest.MonkeyPatch) -> None:
    two(*MERGE)
    monkeypatch.setattr("sys.stdin", io.StringIO("P-2\n"))

    answer = two("erase", "P-2", "--reason", "Art. 17 GDPR")

    assert ", of P-2 and P-1, one patient; there is no way back" in answer.err


def test_who_withdrew_is_left_out_of_the_events_by_every_name(two: Spondyl) -> None:
    two(*MERGE)
    two("amend", "P-1", "follow_up_ended_on=2023-01-01", "follow_up_end_reason=withdrawn", "--reason", "letter")

    assert two("table", "events", "--withdrawn", "exclude", "--json").json == []
    assert two("export", "out", "--withdrawn", "exclude").code == 0
    assert two("reproduce", "out").out == "identical\n"
