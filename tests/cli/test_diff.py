"""`spondyl diff`: what changed, for people and for machines."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.conftest import Spondyl

VISIT, FLARE = "visit/P-1/2020-01-02/baseline", "flare/P-1/2020-05-01"
FROM_THE_PAPER = ("diff", "--known-at", "paper")


@pytest.fixture
def corrected(cohort: Spondyl) -> Spondyl:
    """After the freeze `paper` at @6 a measure was corrected, a flare recorded, and a second patient enrolled."""
    cohort("freeze", "paper")
    cohort("amend", VISIT, "crp=13", "--reason", "misread by a digit")
    cohort("record", "flare", "patient=P-1", "started_on=2020-05-01", "severity=mild")
    cohort("record", "patient", "patient=P-2", "enrolled_on=2021-01-01")
    return cohort


def test_the_summary_comes_first_and_counts_by_table_and_by_what_was_done(corrected: Spondyl) -> None:
    lines = corrected(*FROM_THE_PAPER).out.splitlines()

    assert lines[0].startswith("from @6 (")
    assert lines[0].endswith("Z): 4 events")
    assert lines[1].split() == ["table", "recorded", "ended", "corrected", "retracted", "followed"]
    assert [line.split() for line in lines[3:6]] == [
        ["patients", "1", "·", "·", "·", "·"],
        ["measures", "·", "·", "1", "·", "·"],
        ["flares", "1", "·", "·", "·", "·"],
    ]


def test_each_fact_is_told_with_old_and_new_and_with_who_when_and_why(corrected: Spondyl) -> None:
    shown = corrected(*FROM_THE_PAPER).out

    assert f"P-1\n  {VISIT}  corrected\n    @8  2" in shown
    assert "VisitAmended by " in shown
    assert " from command line: misread by a digit\n    crp: 12 mg/l → 13 mg/l\n" in shown
    assert f"  {FLARE}  recorded\n" in shown
    assert "    started_on 2020-05-01, severity mild, on_treatment no\n" in shown
    assert shown.index("\nP-1\n") < shown.index("\nP-2\n")


def test_what_followed_stands_apart_from_what_was_stated(cohort: Spondyl) -> None:
    cohort("amend", "reading/MR-2/R1/berlin", "T7/8=2", "--reason", "read again")

    shown = cohort("diff", "--known-at", "@6").out

    assert "  reading/MR-2/R1/berlin  corrected\n" in shown
    assert "    T7/8: 1 → 2\n" in shown
    assert (
        "  lesion_states that followed: 1 changed\n    reading/MR-2/R1/berlin 13: state: 1 → 2; activity: 1 → 2\n"
        in shown
    )


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(corrected: Spondyl, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    corrected("amend", VISIT, "crp=14", "--reason", "what was said of it " * 12)
    for module in ("cli.output", "cli.change_lines"):
        monkeypatch.setattr(f"{module}.terminal_width", lambda: width)

    shown = corrected("diff", "--known-at", "@0").out

    assert max(map(len, shown.splitlines())) <= width
    assert shown.count("what was said of it") + shown.count("was said of it\n") >= 8


def test_more_than_fits_is_counted_and_it_is_said_how_to_see_all(
    corrected: Spondyl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.commands.diff.ROWS_ON_SCREEN", 1)

    answer = corrected(*FROM_THE_PAPER)

    assert "… 2 more changed rows; --csv or --json gives all\n" in answer.err
    assert FLARE not in answer.out


def test_machines_get_every_changed_row_as_json(corrected: Spondyl) -> None:
    rows = corrected(*FROM_THE_PAPER, "--json").json

    assert [(row["patient"], row["table"], row["how"], row["row"]) for row in rows] == [
        ("P-1", "measures", "corrected", "update"),
        ("P-1", "flares", "recorded", "insert"),
        ("P-2", "patients", "recorded", "insert"),
    ]
    assert rows[0]["before"] == {"value": 12.0, "captured_value": "12"}
    assert rows[0]["after"] == {"value": 13.0, "captured_value": "13"}
    assert rows[0]["key"] == {"visit_id": VISIT, "measure": "crp", "derived": False}
    assert [event["reason"] for event in rows[0]["events"]] == ["misread by a digit"]
    assert corrected("diff", "--known-at", "@6", "--versus", "@6", "--json").json == []


def test_machines_get_a_line_for_each_changed_column_as_csv(corrected: Spondyl) -> None:
    lines = [*csv.DictReader(io.StringIO(corrected(*FROM_THE_PAPER, "--table", "measures", "--csv").out))]

    assert [(line["key"], line["column"], line["before"], line["after"]) for line in lines] == [
        (f"{VISIT};crp;false", "value", "12.0", "13.0"),
        (f"{VISIT};crp;false", "captured_value", "12", "13"),
    ]
    assert {(line["how"], line["fact"], line["position"], line["reason"]) for line in lines} == {
        ("corrected", VISIT, "8", "misread by a digit")
    }


def test_only_the_tables_and_the_patient_that_are_asked_for_are_compared(corrected: Spondyl) -> None:
    def tables(*asked: str) -> list[str]:
        return [row["table"] for row in json.loads(corrected(*FROM_THE_PAPER, *asked, "--json").out)]

    assert tables("--table", "flares", "--table", "patients") == ["flares", "patients"]
    assert tables("--patient", "P-2") == ["patients"]
    assert tables("--as-of", "2020-12-31") == ["measures", "flares"]


def test_where_nothing_changed_that_is_said(corrected: Spondyl) -> None:
    same, unchanged = (corrected("diff", "--known-at", "@6", "--versus", place) for place in ("@6", "@7"))

    assert "both are one place: nothing lies between them\n" in same.err
    assert "nothing that stands is another\n" in unchanged.err, "a freeze changes no fact"
    assert (same.code, unchanged.code) == (0, 0)


def test_places_in_the_other_order_are_told_from_the_earlier_on(corrected: Spondyl) -> None:
    answer = corrected("diff", "--known-at", "@8", "--versus", "@6")

    assert answer.out == corrected("diff", "--known-at", "@6", "--versus", "@8").out
    assert "--versus lies before --known-at: told from the earlier to the later" in answer.err


def test_who_was_erased_is_counted_and_not_named(corrected: Spondyl) -> None:
    corrected("erase", "P-2", "--reason", "Art. 17 GDPR", "--yes")

    answer = corrected(*FROM_THE_PAPER)

    assert "of 1 patient erased since @6 (" in answer.err
    assert "P-2" not in answer.out + answer.err


def test_without_a_place_to_begin_with_it_is_said_what_is_missing(corrected: Spondyl) -> None:
    answer = corrected("diff", "--versus", "@3")

    assert (answer.code, answer.out) == (2, "")
    assert "Missing option '--known-at'" in answer.err
