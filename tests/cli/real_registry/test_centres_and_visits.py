"""Three centres and yearly visits: who was expected, who came, and what an export says of it all."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Spondyl
from tests.cli.real_registry.conftest import Refused, Rows


def test_a_centre_is_one_of_three_in_whatever_case_and_another_is_refused_with_the_nearest(
    rows: Rows, refused: Refused
) -> None:
    assert [row["centre"] for row in rows("table", "patients")] == ["NORTHTOWN", "ZURICH", "LODZ", "LODZ"]
    assert refused("patients", "patient,enrolled_on,centre", "N-08,2023-01-01,NORTHTOWM", "N-09,2023-01-01,Paris") == [
        "patients.csv:2:centre: 'NORTHTOWM' is not a known centre; did you mean 'NORTHTOWN'?",
        "patients.csv:3:centre: 'Paris' is not a known centre; write NORTHTOWN, ZURICH or LODZ",
    ]


def test_yearly_visits_are_done_outside_the_window_or_missed(rows: Rows) -> None:
    """Due a year after enrolment, 90 days around: N-03 came 15 days late, N-04 left when the window had closed."""
    expected = rows(
        "table", "expected_visits", "--as-of", "2021-12-31", columns="patient due_on state missing", schedule="year 1"
    )

    assert [list(row.values()) for row in expected] == [
        ["N-01", "2021-01-15", "done", ""],
        ["N-02", "2021-02-03", "missed", ""],
        ["N-03", "2021-03-02", "outside-window", "haq"],
        ["N-04", "2021-03-09", "missed", ""],
    ]


def test_who_is_due_and_overdue_is_listed_by_centre(north: Spondyl) -> None:
    listed = north("follow-up", "--as-of", "2021-05-10", "--csv").out.splitlines()

    assert [line.split(",")[:4] for line in listed[1:]] == [
        ["LODZ", "N-03", "year 1", "due"],
        ["LODZ", "N-04", "year 1", "due"],
        ["ZURICH", "N-02", "year 1", "overdue"],
    ]


def test_completeness_counts_what_was_taken_at_visits_whose_window_is_over(north: Spondyl) -> None:
    """HAQ: three of four baselines, and one of four first years, as N-03 left three of eight items open."""
    found = north("completeness", "--as-of", "2021-12-31", "--json").json

    counted = {each["what"]: (each["n_expected"], each["n_done"], each["n_in_window"]) for each in found}
    assert counted["measure:haq"] == (8, 4, 4)
    assert counted["measure:smoking"] == (4, 3, 3)
    assert counted["visit:year {n}"] == (4, 2, 1)


def test_retention_tells_lost_by_rule_from_left(north: Spondyl) -> None:
    """N-02 was seen last on 3 February 2020, lost 18 months later; N-04 moved; N-01 and N-03 are lost in year 3."""
    years = north("follow-up", "--retention", "--as-of", "2022-12-31", "--json").json

    assert [(year["n_at_risk"], year["n_seen"], year["n_lost"], year["n_otherwise"]) for year in years] == [
        (4, 4, 0, 0),
        (4, 2, 1, 1),
        (2, 0, 2, 0),
    ]


def test_an_export_and_its_dictionary_have_all_of_it_and_can_be_rebuilt(north: Spondyl, tmp_path: Path) -> None:
    assert north("export", tmp_path / "out").code == 0

    tables = json.loads((tmp_path / "out" / "dictionary.json").read_text(encoding="utf-8"))["tables"]
    codes = {(table, column["name"]): column["codes"] for table, said in tables.items() for column in said["columns"]}
    assert {"never", "1/320", "positive"} <= set(codes["measures", "code"])
    assert codes["measures", "missing_reason"] == ["NASK", "NAVU"]
    assert codes["treatments", "arm"] == ["active", "placebo"]
    assert "bowel-resection" in codes["conditions", "condition"]
    assert north("reproduce", tmp_path / "out" / "manifest.json").code == 0


def test_the_registry_was_another_one_before_it_had_its_protocol(north: Spondyl) -> None:
    assert north("table", "measures", "--known-at", "@1", "--json").json == []
    assert north("protocol", "diff", "0", "1", "--json").code == 0
    assert north("protocol", "show", "--json").json["title"] == "A registry of axial spondyloarthritis in the north"
    assert north("verify").code == 0
