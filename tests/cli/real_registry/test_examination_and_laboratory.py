"""Occiput to wall, joint counts, calprotectin, rheumatoid factor, antinuclear antibodies and HLA-B60."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl
from tests.cli.real_registry.conftest import Refused, Rows

COLUMNS = "value unit captured_value comparator"


def test_occiput_to_wall_is_a_distance_of_which_0_is_one(rows: Rows, refused: Refused) -> None:
    at_baseline = rows("table", "measures", columns="value unit", measure="occiput_to_wall", visited_on="2020-02-03")

    assert at_baseline == [{"value": "0.0", "unit": "cm"}]
    assert refused("visits", "patient,visited_on,occiput_to_wall", "N-01,2023-01-02,-2") == [
        "visits.csv:2:occiput_to_wall: -2 cm is outside 0 to 60 cm"
    ]


def test_joints_are_counted_of_28_and_of_44_the_swollen_of_44_as_built_in(rows: Rows, refused: Refused) -> None:
    counted = rows("table", "measures", columns="measure value", patient="N-02", unit="count", derived="false")
    joints = {row["measure"]: row["value"] for row in counted if "joints" in row["measure"]}

    assert joints == {
        "tender_joints_28": "6.0",
        "swollen_joints_28": "2.0",
        "tender_joints_44": "9.0",
        "swollen_joints_44": "3.0",
    }
    header = "patient,visited_on,tender_joints_28,swollen_joints_28,tender_joints_44,swollen_joints_44"
    assert refused("visits", header, "N-01,2023-01-02,29,28.5,45,-1") == [
        "visits.csv:2:swollen_joints_28: 28.5 is outside whole numbers from 0 to 28",
        "visits.csv:2:swollen_joints_44: -1 is outside whole numbers from 0 to 44",
        "visits.csv:2:tender_joints_28: 29 is outside whole numbers from 0 to 28",
        "visits.csv:2:tender_joints_44: 45 is outside whole numbers from 0 to 44",
    ]


def test_calprotectin_keeps_its_limits_in_tables_and_in_the_median(rows: Rows, north: Spondyl) -> None:
    taken = rows("table", "measures", columns=COLUMNS, measure="faecal_calprotectin")

    assert [list(row.values()) for row in taken] == [
        ["30.0", "ug/g", "30", "<"],
        ["30.0", "ug/g", "30", "<"],
        ["412.0", "ug/g", "412", ""],
        ["64.0", "ug/g", "64", ""],
        ["1800.0", "ug/g", "1800", ">"],
    ]
    assert "64 (<30–412) n=3/4, 1 with <" in north("summary", "--measure", "faecal_calprotectin").out
    assert "faecal_calprotectin <30 ug/g" in " ".join(north("show", "N-01").out.split())


@pytest.mark.parametrize("unit", ["\u00b5g/g", "\u03bcg/g", "ug/g", "UG/G"])
def test_calprotectin_is_taken_under_either_sign_of_micro_and_under_u(
    north: Spondyl, rows: Rows, tmp_path: Path, unit: str
) -> None:
    text = f"patient,visited_on,faecal_calprotectin [{unit}]\nN-01,2022-01-10,<30\n"
    (tmp_path / "visits.csv").write_text(text, encoding="utf-8")

    assert north("import", tmp_path / "visits.csv").code == 0

    (taken,) = rows("table", "measures", columns=COLUMNS, visited_on="2022-01-10")
    assert list(taken.values()) == ["30.0", "ug/g", "30", "<"]


@pytest.mark.parametrize(
    ("header", "value", "why"),
    [
        ("", "<30 µg/g", "'<30 µg/g' is not a number alone; its unit stands in the header: faecal_calprotectin [ug/g]"),
        ("", ">=30", "'>=30' is not a number with < or > before it; no other mark can be kept"),
        ("", "low", "'low' is not a number, nor a reason why it is missing: NASK, NAVU"),
        (" [mg/l]", "<30", "unit 'mg/l' cannot be used; write ug/g"),
    ],
)
def test_calprotectin_that_says_no_number_is_refused(refused: Refused, header: str, value: str, why: str) -> None:
    line = 1 if header else 2
    (problem,) = refused("visits", f"patient,visited_on,faecal_calprotectin{header}", f"N-01,2023-01-02,{value}")

    assert problem == f"visits.csv:{line}:faecal_calprotectin: {why}"


def test_rheumatoid_factor_is_a_laboratory_value(rows: Rows, refused: Refused) -> None:
    (positive,) = rows("table", "measures", columns=COLUMNS, measure="rheumatoid_factor", patient="N-02")

    assert list(positive.values()) == ["14.0", "iu/ml", "14", ""]
    assert refused("visits", "patient,visited_on,rheumatoid_factor", "N-01,2023-01-02,negative") == [
        "visits.csv:2:rheumatoid_factor: 'negative' is not a number, nor a reason why it is missing: NASK, NAVU"
    ]


def test_antinuclear_antibodies_are_titres_in_their_order(rows: Rows, north: Spondyl, refused: Refused) -> None:
    summarised = rows("summary", "--measure", "ana", columns="visit code n_code n n_visits")

    assert [list(row.values()) for row in summarised] == [
        ["year 1", "negative", "1", "1", "1"],
        ["baseline", "1/40", "1", "2", "4"],
        ["late", "1/160", "1", "1", "1"],
        ["baseline", "1/320", "1", "2", "4"],
    ]
    assert "ana NAVU" in " ".join(north("show", "N-02").out.split())
    assert refused("visits", "patient,visited_on,ana", "N-01,2023-01-02,1/60") == [
        "visits.csv:2:ana: '1/60' is not a known ana; write negative, 1/40, 1/80, 1/160, 1/320, NASK or NAVU"
    ]


def test_hla_b60_is_positive_or_negative(rows: Rows, refused: Refused) -> None:
    assert [row["code"] for row in rows("table", "measures", measure="hla_b60")] == ["positive", "negative", "negative"]
    assert refused("visits", "patient,visited_on,hla_b60", "N-01,2023-01-02,positve") == [
        "visits.csv:2:hla_b60: 'positve' is not a known hla_b60; did you mean 'positive'?"
    ]
