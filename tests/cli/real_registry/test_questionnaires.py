"""Body mass index, smoking, EQ-5D-5L, SF-36, HAQ and WPAI: taken at visits, from a file to a table."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Spondyl
from tests.cli.real_registry.conftest import Refused, Rows

VISITS = "patient,visited_on,{}"
SF36 = ("sf36_pf", "sf36_rp", "sf36_bp", "sf36_gh", "sf36_vt", "sf36_sf", "sf36_re", "sf36_mh")


def values(rows: Rows, patient: str, visited_on: str, measure: str) -> list[str]:
    """Return what the table `measures` has of a measure at a visit: value, unit, word, and why it is missing."""
    (row,) = rows("table", "measures", patient=patient, visited_on=visited_on, measure=measure)
    return [row[name] for name in ("value", "unit", "code", "missing_reason")]


def test_body_mass_index_is_a_number_within_limits(north: Spondyl, rows: Rows, refused: Refused) -> None:
    assert values(rows, "N-01", "2020-01-15", "bmi") == ["24.5", "kg/m2", "", ""]
    assert "bmi 24.5 kg/m2" in " ".join(north("show", "N-01").out.split())
    assert refused("visits", VISITS.format("bmi"), "N-01,2023-01-02,245", 'N-02,2023-01-02,"24,5"') == [
        "visits.csv:2:bmi: 245 kg/m2 is outside 10 to 80 kg/m2",
        "visits.csv:3:bmi: '24,5' is not a number; write a decimal point and no thousands separator",
    ]


def test_a_body_mass_index_that_hardly_anybody_has_is_recorded_and_told(north: Spondyl) -> None:
    assert north("record", "visit", "patient=N-01", "visited_on=2022-01-10", "bmi=65").code == 0

    warnings = north("check", "--csv").out

    assert "beyond-limit,N-01,visit/N-01/2022-01-10,bmi," in warnings


def test_smoking_is_a_word_of_a_list_or_the_reason_why_it_is_missing(rows: Rows, refused: Refused) -> None:
    assert values(rows, "N-01", "2021-01-20", "smoking") == ["", "codes", "never", ""]  # delivered as `Never`
    assert values(rows, "N-04", "2020-03-16", "smoking") == ["", "codes", "", "NASK"]
    assert rows("summary", "--measure", "smoking", columns="visit code n_code n n_visits")[0] == {
        "visit": "baseline",
        "code": "never",
        "n_code": "1",
        "n": "3",
        "n_visits": "4",
    }
    assert refused("visits", VISITS.format("smoking"), "N-01,2023-01-02,sometimes") == [
        "visits.csv:2:smoking: 'sometimes' is not a known smoking; write never, former, current, NASK or NAVU"
    ]


def test_eq5d_has_five_items_a_scale_an_index_of_its_country_and_a_level_sum(rows: Rows, north: Spondyl) -> None:
    """State 21232 is 1 - 0.026 - 0 - 0.036 - 0.109 - 0.030 = 0.799 in Germany (Ludwig 2018), its level sum 10."""
    items = ("eq5d_mobility", "eq5d_self_care", "eq5d_activities", "eq5d_pain", "eq5d_anxiety")
    taken = {name: values(rows, "N-01", "2020-01-15", name)[0] for name in (*items, "eq5d_vas", "eq5d_index")}

    assert list(taken.values()) == ["2.0", "1.0", "2.0", "3.0", "2.0", "70.0", "0.799"]
    assert values(rows, "N-01", "2020-01-15", "eq5d_level_sum") == ["10.0", "count", "", ""]
    assert values(rows, "N-03", "2020-03-02", "eq5d_level_sum")[0] == "25.0"  # 55555, the worst
    assert values(rows, "N-03", "2020-03-02", "eq5d_index")[0] == "-0.661"
    assert "EQ-5D-5L level sum score 10" in north("show", "N-01").out


@pytest.mark.parametrize(
    ("measure", "value", "why"),
    [
        ("eq5d_pain", "6", "6 is outside whole numbers from 1 to 5"),
        ("eq5d_pain", "0", "0 is outside whole numbers from 1 to 5"),
        ("eq5d_pain", "2.5", "2.5 is outside whole numbers from 1 to 5"),
        ("eq5d_vas", "101", "101 score is outside 0 to 100 score"),
        ("eq5d_index", "-0.662", "-0.662 score is outside -0.661 to 1 score"),
        ("sf36_mh", "100.1", "100.1 score is outside 0 to 100 score"),
        ("haq_8", "3.5", "3.5 score is outside 0 to 3 score"),
        ("wpai_overall", "120", "120 % is outside 0 to 100 %"),
        ("wpai_overall", "20 %", "'20 %' is not a number alone; its unit stands in the header: wpai_overall [%]"),
    ],
)
def test_an_answer_beyond_its_scale_is_refused_with_place_value_and_limit(
    refused: Refused, measure: str, value: str, why: str
) -> None:
    assert refused("visits", VISITS.format(measure), f"N-01,2023-01-02,{value}") == [f"visits.csv:2:{measure}: {why}"]


def test_sf36_has_eight_scales(rows: Rows) -> None:
    taken = [values(rows, "N-01", "2020-01-15", name)[0] for name in SF36]

    assert taken == ["65.0", "50.0", "41.0", "52.0", "45.0", "62.5", "100.0", "72.0"]


def test_haq_is_the_mean_of_eight_of_which_two_may_be_missing(rows: Rows) -> None:
    """(1 + 0 + 1 + 2 + 0 + 1) / 6 = 0.83 of six, 3 / 8 of all; of five there is none."""
    columns = "value rule n_expected n_present"
    of_six, of_eight, of_five = (
        rows("table", "measures", columns=columns, patient=patient, visited_on=day, measure="haq")[0]
        for patient, day in (("N-01", "2020-01-15"), ("N-01", "2021-01-20"), ("N-03", "2021-06-15"))
    )

    assert (round(float(of_six["value"]), 12), of_six["n_present"]) == (0.833333333333, "6")
    assert of_eight == {"value": "0.375", "rule": "haq/1", "n_expected": "8", "n_present": "8"}
    assert (of_five["value"], of_five["n_present"]) == ("", "5")


def test_haq_is_summarised_where_it_is_known(north: Spondyl) -> None:
    """0.83, 1.5 and 19 / 7 = 2.71 at the three baselines that have one."""
    assert "1.5 (0.83–2.71) n=3/4" in north("summary", "--measure", "haq").out


def test_wpai_is_four_percentages_of_which_those_who_do_not_work_answer_one(rows: Rows) -> None:
    names = ("wpai_absenteeism", "wpai_presenteeism", "wpai_overall", "wpai_activity")
    answered = {
        row["measure"]: row["value"] for row in rows("table", "measures", patient="N-02") if row["measure"] in names
    }

    assert [values(rows, "N-01", "2020-01-15", name)[:2] for name in names] == [
        ["12.5", "%"],
        ["40.0", "%"],
        ["47.5", "%"],
        ["50.0", "%"],
    ]
    assert answered == {"wpai_activity": "80.0"}
    assert values(rows, "N-03", "2020-03-02", "wpai_presenteeism") == ["", "%", "", "NAVU"]
