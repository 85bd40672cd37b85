"""`spondyl erase`, and what the other commands say of an erased patient."""

from __future__ import annotations

import io

import pytest

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

    assert (answer.code, answer.err) == (0, "would erase 6 events: 2 imaging, 1 patient, 2 reading, 1 visit\n")
    assert cohort("status", "--json").json["patients"] == 1


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
