"""Biosimilars, a switch between them, and the placebo arm of a trial: courses, episodes, lines and retention."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Spondyl
from tests.cli.real_registry.conftest import Refused, Rows

DECLARED = "declare it under [[agents]] or [[products]] of the protocol"
SURVIVAL = """
cohort = "etanercept"
day0 = { event = "course", of = ["etanercept"] }
[[time_points]]
name = "baseline"
day = 0
window = [-30, 14]
[tables.medication]
[tables.survival]
days = [250, 350]
"""


def test_benepali_to_humira_is_another_substance_and_another_line(rows: Rows) -> None:
    courses = rows("treatments", "--courses", "--patient", "N-01", columns="agent product stop_reason")
    lines = rows("treatments", "--lines", "--patient", "N-01", columns="line agent failure switch_kind switch_from")

    assert [list(course.values()) for course in courses] == [
        ["etanercept", "Benepali", "lack-of-efficacy"],
        ["adalimumab", "Humira", ""],
    ]
    assert [list(line.values()) for line in lines] == [
        ["1", "etanercept", "true", "first", ""],
        ["2", "adalimumab", "", "within-class", "etanercept"],
    ]


def test_enbrel_to_benepali_is_two_courses_one_episode_and_one_line(rows: Rows) -> None:
    """From 10 February 2020 to May 2021, counted to the 16th: 461 days, over a gap of 7."""
    courses = rows("treatments", "--courses", "--patient", "N-02", columns="agent product stop_reason")
    episodes = rows("treatments", "--patient", "N-02", columns="agent started_on days n_courses gap_days stop_reason")
    lines = rows("treatments", "--lines", "--patient", "N-02", columns="line agent stop_reason failure")

    assert [list(course.values()) for course in courses] == [
        ["etanercept", "Enbrel", "non-medical-switch"],
        ["etanercept", "Benepali", "pregnancy"],
    ]
    assert [list(each.values()) for each in episodes] == [["etanercept", "2020-02-10", "461", "2", "7", "pregnancy"]]
    assert [list(line.values()) for line in lines] == [["1", "etanercept", "pregnancy", "false"]]


def test_who_switched_to_the_biosimilar_is_still_on_the_substance(
    north: Spondyl, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """N-01 stopped after 303 days, N-02 after 461 with another product from day 210 on: the median is half of both."""
    definition = tmp_path_factory.mktemp("cohort") / "c.toml"
    definition.write_text(SURVIVAL, encoding="utf-8")

    figures = north("cohort", definition, "--json").json["figures"]

    kept = [each for each in figures if each["table"] == "survival" and each["row"] == "retention"]
    assert [(each["timepoint"], each["statistic"], each["value"]) for each in kept] == [
        ("day 250", "at risk", 2),
        ("day 250", "retention", 100.0),
        ("day 350", "at risk", 1),
        ("day 350", "retention", 50.0),
        ("", "median", 382.0),
    ]
    ends = {each["statistic"]: each["value"] for each in figures if each["row"] == "courses"}
    assert ends == {"lack-of-efficacy": 1, "pregnancy": 1, "ongoing": 0}


def test_what_somebody_had_before_the_trial_drug_is_told_by_class_and_agent(
    north: Spondyl, tmp_path_factory: pytest.TempPathFactory
) -> None:
    definition = tmp_path_factory.mktemp("cohort") / "c.toml"
    definition.write_text(
        SURVIVAL.replace("etanercept", "secukinumab").replace("days = [250, 350]", ""), encoding="utf-8"
    )

    figures = north("cohort", definition, "--json").json["figures"]

    ever = {
        each["row"]: each["value"] for each in figures if each["table"] == "medication" and each["statistic"] == "ever"
    }
    assert ever == {"placebo": 100.0, "study-placebo": 100.0}


def test_a_product_beside_another_substance_and_two_products_are_refused(refused: Refused) -> None:
    header = "patient,agent,started_on,product"

    assert refused(
        "treatments",
        header,
        "N-01,Benepali,2023-02-01,Enbrel",
        "N-01,etanercept,2023-03-01,Humira",
        "N-01,Benepaly,2023-04-01,",
    ) == [
        "treatments.csv:2:product: Enbrel is not Benepali, which stands as agent; give one of the two",
        "treatments.csv:3:product: Humira is adalimumab, not etanercept; give another product, or leave it empty",
        "treatments.csv:4:agent: 'Benepaly' is not a known agent; did you mean 'Benepali'?",
    ]


def test_placebo_is_an_arm_and_no_line_of_therapy(north: Spondyl, rows: Rows) -> None:
    courses = rows("table", "treatments", columns="agent drug_class arm days", patient="N-03")
    lines = rows("treatments", "--lines", "--patient", "N-03", columns="line agent switch_kind")

    assert [list(course.values()) for course in courses] == [
        ["study-placebo", "placebo", "placebo", "112"],
        ["secukinumab", "IL-17i", "active", ""],
    ]
    assert [list(line.values()) for line in lines] == [["1", "secukinumab", "first"]]
    assert "placebo; arm placebo; weekly sc; stopped: protocol end" in north("show", "N-03").out


def test_another_arm_and_an_undeclared_placebo_are_refused(refused: Refused) -> None:
    assert refused(
        "treatments", "patient,agent,started_on,arm", "N-03,study-placebo,2023-01-01,placbo", "N-03,sugar,2023-01-01,"
    ) == [
        "treatments.csv:2:arm: 'placbo' is not a known arm; did you mean 'placebo'?",
        f"treatments.csv:3:agent: 'sugar' is not a known agent; {DECLARED}",
    ]
