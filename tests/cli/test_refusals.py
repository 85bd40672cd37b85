"""What a person or a machine is told where something is refused, and what a spreadsheet is given."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl

FORMULA = '=HYPERLINK("http://127.0.0.1";"see")'


def test_a_refused_import_gives_its_problems_as_json(cohort: Spondyl, tmp_path: Path) -> None:
    visits = "patient,visited_on,crp,esr\nP-1,2020-02-30,5,12\nAnna Schmidt,2020-01-15,1e400,\n"
    (tmp_path / "visits.csv").write_text(visits, encoding="utf-8")

    answer = cohort("import", tmp_path / "visits.csv", "--json")

    assert answer.code == 3
    assert answer.err == "spondyl: nothing was stored: 3 problems in the batch\n"
    assert answer.json["refused"] == "nothing was stored: 3 problems in the batch"
    assert [(found["place"], found["value"]) for found in answer.json["problems"]] == [
        ("visits.csv:2:visited_on", "2020-02-30"),
        ("visits.csv:3:crp", "1e400"),
        ("visits.csv:3:patient", None),
    ]
    assert answer.json["problems"][0] == {
        "file": "visits.csv",
        "line": 2,
        "column": "visited_on",
        "place": "visits.csv:2:visited_on",
        "value": "2020-02-30",
        "message": "visited_on: '2020-02-30' is not a day of the calendar; write YYYY-MM-DD",
    }
    assert "Anna" not in answer.out


@pytest.mark.parametrize(
    ("note", "cell"),
    [
        (FORMULA, f"'{FORMULA}"),
        ("+49 931 000", "'+49 931 000"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("@SUM(1+1)", "'@SUM(1+1)"),
        ("-1.5", "-1.5"),
        ("'quoted'", "'quoted'"),
        ("5 = 5", "5 = 5"),
    ],
)
def test_csv_for_spreadsheets_holds_no_formula_and_json_is_raw(cohort: Spondyl, note: str, cell: str) -> None:
    cohort("record", "flare", "patient=P-1", "started_on=2020-02-01", f"note={note}")

    (row,) = csv.DictReader(io.StringIO(cohort("table", "flares", "--csv").out))

    assert row["note"] == cell
    assert cohort("table", "flares", "--json").json[0]["note"] == note


def test_a_point_in_the_future_is_refused(cohort: Spondyl) -> None:
    answer = cohort("status", "--known-at", "2999-01-01")

    assert answer.code == 3
    assert answer.err == (
        "spondyl: known_at '2999-01-01': lies in the future, and what will be known then is not known yet\n"
    )


def test_a_terminal_has_the_first_problems_of_an_import_and_is_told_where_all_are(
    cohort: Spondyl, tmp_path: Path
) -> None:
    rows = "\n".join(f"P-1,2020-13-{day:03}" for day in range(1, 1_204))
    (tmp_path / "visits.csv").write_text(f"patient,visited_on\n{rows}\n")

    *problems, more, refusal = cohort("import", "visits.csv").err.splitlines()

    assert len(problems) == 200
    assert (more, refusal) == (
        "… and 1,003 more; import --json lists all",
        "spondyl: nothing was stored: 1203 problems in the batch",
    )
    assert len(cohort("import", "visits.csv", "--json").json["problems"]) == 1_203
