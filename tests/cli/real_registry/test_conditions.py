"""Uveitis twice in one eye, Crohn's disease with resection, pregnancies and a new hip: from a file to cohorts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl
from tests.cli.real_registry.conftest import Refused, Rows

HEADER = "patient,condition,started_on,ended_on,side"
COHORT = """
cohort = "with-uveitis"
who = { with = ["uveitis"] }
[[time_points]]
name = "baseline"
day = 0
window = [-30, 14]
[tables.rates]
conditions = ["uveitis", "pregnancy", "bowel-resection"]
"""


def test_uveitis_twice_in_one_eye_is_two_spells_one_known_to_the_month(north: Spondyl, rows: Rows) -> None:
    columns = "started_on started_on_precision ended_on ended_on_precision side ongoing before_enrolment"
    spells = rows("table", "conditions", columns=columns, patient="N-01")

    assert [list(spell.values()) for spell in spells] == [
        ["2016-03-01", "month", "2016-04-01", "month", "left", "false", "true"],
        ["2020-10-05", "day", "2020-11-02", "day", "left", "false", "false"],
    ]
    shown = north("show", "N-01").out
    assert "2016-03 to 2016-04  condition anterior uveitis\n            left, reported\n" in shown
    assert "2020-10-05 to 2020-11-02  condition anterior uveitis\n            left, clinician\n" in shown


def test_a_spell_that_begins_during_another_of_that_eye_is_recorded_and_told(north: Spondyl, tmp_path: Path) -> None:
    text = f"{HEADER}\nN-01,uveitis,2020-10-20,2020-11-20,left\nN-01,uveitis,2020-10-21,2020-11-20,right\n"
    (tmp_path / "conditions.csv").write_text(text, encoding="utf-8")

    assert north("import", tmp_path / "conditions.csv").code == 0

    told = [line for line in north("check", "--csv").out.splitlines() if line.startswith("condition-twice-at-once")]
    (later,) = told
    assert later.split(",")[2:] == [
        "condition/N-01/uveitis/2020-10-20",
        "started_on",
        "condition/N-01/uveitis/2020-10-05 had not ended",
        "NORTHTOWN",
    ]


def test_the_example_has_no_two_spells_at_once(north: Spondyl) -> None:
    assert north("check").err == "nothing implausible\n"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("N-01,uveytis,2020-03,,left", "condition: 'uveytis' is not a known condition; did you mean 'uveitis'?"),
        ("N-01,uveitis,2020-05,2020-03,left", "ended_on: 2020-03 lies before started_on, 2020-05"),
        (
            "N-01,uveitis,2020-13,,left",
            "started_on: '2020-13' is not a day of the calendar; write YYYY-MM-DD, YYYY-MM or YYYY",
        ),
        ("N-03,joint-replacement,2019,,hip", "side: 'hip' is not a known side; write left, right or both"),
        (
            "N-02,bowel-resektion,2019,,",
            "condition: 'bowel-resektion' is not a known condition; did you mean 'bowel-resection'?",
        ),
    ],
)
def test_a_condition_that_cannot_be_is_refused_with_its_place(refused: Refused, row: str, why: str) -> None:
    (problem,) = refused("conditions", HEADER, row)

    assert problem == f"conditions.csv:2:{why}"


def test_a_pregnancy_of_the_future_is_refused(refused: Refused) -> None:
    (problem,) = refused("conditions", HEADER, "N-02,pregnancy,2999-01,,")

    assert problem.startswith("conditions.csv:2:started_on: 2999-01 is in the future; today is 2")


def test_crohns_disease_goes_on_and_its_resection_is_an_event_of_the_registry_s_own(rows: Rows) -> None:
    columns = "condition group icd10 started_on started_on_precision ongoing note"
    found = rows("table", "conditions", columns=columns, patient="N-02", note="ileocaecal")

    assert [list(row.values()) for row in found] == [
        ["crohns-disease", "manifestation", "K50", "2009-01-01", "year", "true", "ileocaecal"],
        ["bowel-resection", "event", "Z90.4", "2012-05-14", "day", "false", "ileocaecal"],
    ]


def test_a_pregnancy_is_an_interval_that_goes_on_until_its_end_is_known(north: Spondyl, rows: Rows) -> None:
    columns = "started_on ended_on ongoing"
    now = rows("table", "conditions", columns=columns, condition="pregnancy")
    then = rows("table", "conditions", "--as-of", "2021-12-31", columns=columns, condition="pregnancy")

    assert [list(row.values()) for row in now] == [
        ["2021-05-01", "2022-01-28", "false"],
        ["2023-06-01", "", "true"],
    ]
    assert [list(row.values()) for row in then] == [["2021-05-01", "", "true"]]
    assert "2023-06  condition pregnancy\n" in north("show", "N-02").out


def test_a_delivery_that_knows_the_end_ends_the_pregnancy_and_amends_nothing(north: Spondyl, tmp_path: Path) -> None:
    text = f"{HEADER}\nN-02,pregnancy,2023-06,2024-02-20,\n"
    (tmp_path / "conditions.csv").write_text(text, encoding="utf-8")
    assert north("import", tmp_path / "conditions.csv").code == 0

    versions = north("history", "condition/N-02/pregnancy/2023-06", "--json").json

    assert [version["event"] for version in versions] == ["ConditionRecorded", "ConditionEnded"]


def test_a_new_hip_has_its_side_and_may_lie_before_enrolment(rows: Rows) -> None:
    columns = "condition started_on side note icd10 before_enrolment"
    (hip,) = rows("table", "conditions", columns=columns, patient="N-03")

    assert list(hip.values()) == ["joint-replacement", "2018-09-20", "right", "hip", "Z96.6", "true"]


def test_a_cohort_asks_who_had_it_before_day_0_and_counts_first_occurrences(north: Spondyl, tmp_path: Path) -> None:
    """N-01 had uveitis in 2016, N-04 nobody knows since when: both before day 0, and so neither for the first time."""
    (tmp_path / "c.toml").write_text(COHORT, encoding="utf-8")
    (tmp_path / "all.toml").write_text(COHORT.replace('who = { with = ["uveitis"] }', ""), encoding="utf-8")

    chosen, everybody = (north("cohort", name, "--json").json for name in ("c.toml", "all.toml"))
    events = {
        each["row"]: each["value"]
        for each in everybody["figures"]
        if each["statistic"] == "n" and each["row"].startswith("first ")
    }

    assert chosen["flow"][-1]["n_left"] == 2
    assert events == {"first uveitis": 0, "first pregnancy": 1, "first bowel-resection": 0}
