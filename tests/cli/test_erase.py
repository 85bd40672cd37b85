"""`spondyl erase`, and what the other commands say of an erased patient."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import click
import pytest

from cli import completion
from cli.commands.erase import FACTS, command
from registry.domain.kinds import KINDS
from registry.domain.notes import Note
from registry.store.head import system_clock
from registry.store.opening import open_database
from registry.store.overwriting import to_be_overwritten
from registry.streams import PatientStreams
from tests.cli.conftest import Spondyl

REASON = ("--reason", "Art. 17 GDPR")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Spondyl:
    """Return a person who types at the prompt."""

    def typed(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return typed


def test_a_dry_run_says_what_would_be_erased(cohort: Spondyl) -> None:
    answer = cohort("erase", "P-1", *REASON, "--dry-run")

    assert (answer.code, answer.err) == (0, "would erase 6 events: 2 studies, 1 enrolment, 2 readings, 1 visit\n")
    assert cohort("status", "--json").json["patients"] == 1


def test_every_command_says_that_an_erasure_was_interrupted_and_finishes_it(cohort: Spondyl) -> None:
    with closing(PatientStreams.open("spondyl.db", clock=system_clock)) as streams:
        streams.erase("P-1", Note("ines", "test", "asked for it"))

    answer = cohort("verify")
    told, *_ = answer.err.splitlines()
    assert told == "an erasure of 6 events had been interrupted; what files still kept of it is overwritten now"
    assert answer.code == 0
    assert cohort("verify").err.startswith("the log is whole: 7 events")


def test_an_erasure_that_cannot_be_finished_is_told_by_status_and_found_by_verify(cohort: Spondyl) -> None:
    with closing(PatientStreams.open("spondyl.db", clock=system_clock)) as streams:
        streams.erase("P-1", Note("ines", "test", "asked for it"))
    with closing(sqlite3.connect("spondyl.db")) as somebody:
        somebody.execute("BEGIN IMMEDIATE")

        answer = cohort("status", "--json")
        assert answer.json["to_overwrite"] == 6
        assert answer.err == (
            "an erasure of 6 events is not finished, files may still keep what was erased: database is locked; "
            "let the owner of the database run `spondyl verify` while nobody else has it open\n"
        )
        answer = cohort("verify", "--json")
        assert (answer.code, answer.json["to_overwrite"], answer.json["problems"]) == (3, 6, [])

    assert (cohort("status", "--json").json["to_overwrite"], cohort("verify").code) == (0, 0)


def test_a_shell_that_completes_a_word_waits_for_no_erasure(cohort: Spondyl) -> None:
    with closing(PatientStreams.open("spondyl.db", clock=system_clock)) as streams:
        streams.erase("P-1", Note("ines", "test", "asked for it"))

    with click.Context(command, obj={}) as ctx:
        ctx.meta["db"] = "spondyl.db"
        assert completion.patients(ctx, command.params[0], "P") == []

    with closing(open_database("spondyl.db")) as database:
        assert to_be_overwritten(database) == 6


def test_every_kind_of_fact_has_a_word_in_what_is_said() -> None:
    assert list(FACTS) == list(KINDS)


def test_an_erasure_says_what_goes_with_rows_that_moved(spondyl: Spondyl, tmp_path: Path) -> None:
    spondyl("init")
    for patient in ("P-1", "P-2"):
        (tmp_path / "patients.csv").write_text("patient,enrolled_on\nP-1,2020-01-01\nP-2,2020-01-01\n")
        (tmp_path / "visits.csv").write_text(f"id,patient,visited_on\n17,{patient},2020-02-01\n")
        assert spondyl("import", "patients.csv", "visits.csv").code == 0

    answer = spondyl("erase", "P-2", *REASON, "--dry-run")
    assert answer.err.splitlines()[:2] == [
        "P-1 had rows that moved to P-2: what they said there would be erased, and no more",
        "would erase 4 events: 1 enrolment, 2 visits",
    ]
    answer = spondyl("erase", "P-2", *REASON, "--yes", "--json")
    assert (answer.json["moved"], answer.json["anew"]) == (["P-1"], {})


def test_the_history_of_a_row_that_was_an_erased_patients_says_that(spondyl: Spondyl, tmp_path: Path) -> None:
    spondyl("init")
    for patient in ("P-1", "P-2"):
        (tmp_path / "patients.csv").write_text("patient,enrolled_on\nP-1,2020-01-01\nP-2,2020-01-01\n")
        (tmp_path / "visits.csv").write_text(f"id,patient,visited_on\n17,{patient},2020-02-01\n")
        spondyl("import", "patients.csv", "visits.csv")

    assert "    it was visit/P-1/id=17\n" in spondyl("history", "visit/P-2/id=17").out
    spondyl("erase", "P-1", *REASON, "--yes")
    assert "    it was another patient's, who was erased\n" in spondyl("history", "visit/P-2/id=17").out


@pytest.mark.parametrize("answered", ["P-2\n", "\n\nyes\n", ""])
def test_nothing_is_erased_unless_the_pseudonym_is_typed(cohort: Spondyl, typed: Spondyl, answered: str) -> None:
    typed(answered)
    answer = cohort("erase", "P-1", *REASON)

    assert answer.code == 3
    assert answer.err.endswith("nothing was erased\n")
    assert cohort("status", "--json").json["position"] == 6


def test_a_patient_whose_pseudonym_is_typed_is_erased(cohort: Spondyl, typed: Spondyl) -> None:
    typed("P-1\n")
    answer = cohort("erase", "P-1", *REASON)

    assert answer.code == 0
    assert "erased 6 events; the log says so at @7" in answer.err
    assert cohort("verify").code == 0
    assert cohort("status", "--json").json["patients"] == 0


def test_what_is_asked_of_an_erased_patient_is_answered_with_the_erasure(cohort: Spondyl) -> None:
    cohort("freeze", "before")
    cohort("erase", "P-1", *REASON, "--yes")

    for asked in (
        ("show", "P-1"),
        ("show", "P-1", "--known-at", "before"),
        ("history", "P-1"),
        ("record", "visit", "patient=P-1", "visited_on=2020-02-02"),
    ):
        answer = cohort(*asked)
        assert (answer.code, answer.out) == (3, "")
        assert answer.err.startswith("spondyl: patient: this patient was erased")


def test_rows_of_an_erased_patient_are_refused_with_their_place(cohort: Spondyl, tmp_path: object) -> None:
    cohort("erase", "P-1", *REASON, "--yes")
    with open("visits.csv", "w") as file:  # noqa: PTH123
        file.write("patient,visited_on\nP-1,2020-02-02\n")

    answer = cohort("import", "visits.csv")

    assert answer.code == 3
    assert answer.err.startswith("visits.csv:2:patient: this patient was erased; nothing of it is kept")


def test_an_export_of_before_is_said_to_differ_by_the_erased(cohort: Spondyl) -> None:
    cohort("export", "out")
    cohort("erase", "P-1", *REASON, "--yes")

    answer = cohort("reproduce", "out/manifest.json")

    assert (answer.code, answer.out) == (3, "differs: 1 patient erased since\n")
    assert answer.err.splitlines()[0] == "1 patient erased since"


def test_an_export_without_those_who_withdrew_says_so_in_its_manifest(cohort: Spondyl) -> None:
    cohort("amend", "P-1", "follow_up_ended_on=2023-01-01", "follow_up_end_reason=withdrawn", "--reason", "letter")

    assert cohort("export", "out", "--withdrawn", "exclude").err.startswith("wrote")
    assert cohort("reproduce", "out").out == "identical\n"
    assert cohort("export", "all", "--withdrawn", "some").code == 2


def test_the_files_of_a_patient_are_named_once_also_where_a_delivery_retracted_something(
    spondyl: Spondyl, tmp_path: Path
) -> None:
    (tmp_path / "patients.csv").write_text("patient,enrolled_on\nP-1,2020-01-01\n")
    (tmp_path / "visits.csv").write_text("patient,visited_on\nP-1,2020-01-02\nP-1,2020-03-02\n")
    spondyl("init")
    spondyl("import", "patients.csv", "visits.csv")
    (tmp_path / "visits.csv").write_text("patient,visited_on\nP-1,2020-01-02\n")
    spondyl("import", "visits.csv", "--retract-missing", "--yes")

    answer = spondyl("erase", "P-1", *REASON, "--dry-run")

    assert [line for line in answer.err.splitlines() if line.startswith("came from")] == [
        "came from patients.csv: what it says of the patient is still there",
        "came from visits.csv: what it says of the patient is still there",
    ]
