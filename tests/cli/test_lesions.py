"""`spondyl lesions`: paired verdicts as the publication prints them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl

ANAKINRA = Path(__file__).parents[2] / "examples" / "anakinra2004"


@pytest.fixture
def anakinra(spondyl: Spondyl) -> Spondyl:
    """Return the command on the registry of the anakinra cohort."""
    spondyl("init")
    spondyl("protocol", "adopt", ANAKINRA.with_suffix(".protocol.toml"))
    spondyl("import", ANAKINRA)
    return spondyl


def cells(out: str) -> list[list[str]]:
    """Return the cells of a printed table without its header."""
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in out.splitlines()[2:]]


def test_lesions_are_printed_as_the_publication_prints_them(anakinra: Spondyl) -> None:
    answer = anakinra("lesions")

    assert cells(answer.out) == [
        ["sij", "7", "0", "6 (86)", "1 (14)", "0", "0", "6/7 (86%)", "42.1–99.6", "2/8"],
        ["spine", "31", "7 (23)", "10 (32)", "11 (35)", "3 (10)", "4", "17/31 (55%)", "36.0–72.7", "8/8"],
        ["total", "38", "7 (18)", "16 (42)", "12 (32)", "3 (8)", "4", "23/38 (61%)", "43.4–76.0", "8/8"],
    ]
    assert answer.err.splitlines() == [
        "8 of 9 patients had both scans, 8 were read",
        "verdicts: consensus; percentages of baseline lesions; patients: with one, of those read",
        "4 new lesions in 2 patients",
        "not in the table: 1 patient (MRI on one day only; noted with the scan: repeat scan not tolerated)",
        "consensus on 42 lesions: 37 on which the readers had agreed, 5 on which they had differed",
    ]


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("kind", ["romanus", "end-plate", "facet-joint", "spinous-process", "subchondral", "total"]),
        ("patient", [*(f"ana1-0{n}" for n in (1, 2, 3, 4, 5, 6, 7, 9)), "total"]),
    ],
)
def test_lesions_are_grouped_as_asked(anakinra: Spondyl, by: str, rows: list[str]) -> None:
    found = cells(anakinra("lesions", "--by", by).out)

    assert [row[0] for row in found] == rows
    assert found[-1][1:7] == ["38", "7 (18)", "16 (42)", "12 (32)", "3 (8)", "4"]


def test_machines_get_every_figure_with_its_denominator(anakinra: Spondyl) -> None:
    rows = anakinra("lesions", "--json").json
    (responding,) = [row for row in rows if (row["row"], row["figure"]) == ("total", "responding")]

    assert len(rows) == 3 * 7
    assert [responding[name] for name in ("n", "denominator", "n_with", "n_read", "n_one_scan")] == [23, 38, 6, 8, 1]


def test_a_single_reader_has_to_be_known(anakinra: Spondyl) -> None:
    answer = anakinra("lesions", "--reader", "R9")

    assert (answer.code, answer.err) == (
        3,
        "spondyl: reader: 'R9' is not a known reader; write R1, R2 or consensus\n",
    )
    assert cells(anakinra("lesions", "--reader", "R2").out)[-1][0] == "total"


def test_agreement_is_that_of_single_readers(anakinra: Spondyl) -> None:
    answer = anakinra("lesions", "--agreement")

    assert cells(answer.out) == [
        ["R1 – R2", "8", "37/42 (88%)", "74.4–96.0", "0.837", "38", "0.857", "0.909", "4", "0"]
    ]
    rows = list(csv.DictReader(io.StringIO(anakinra("lesions", "--agreement", "--csv").out)))
    assert [(row["n_lesions"], row["n_agreed"]) for row in rows] == [("42", "37")]


def test_each_lesion_is_listed_with_what_the_readers_had_said(anakinra: Spondyl) -> None:
    found = cells(anakinra("lesions", "--rows", "--patient", "ana1-02").out)

    assert found[2] == [
        "ana1-02", "ana1-02-mri-week-12", "3", "spine", "end-plate", "L2 upper", "deterioration", "differing",
        "R1 unchanged, R2 deterioration",
    ]  # fmt: skip


def test_symptoms_stand_beside_the_lesions(anakinra: Spondyl) -> None:
    answer = anakinra("lesions", "--symptoms")

    assert [row[-2:] for row in cells(answer.out) if row[-3] != "0"] == [["48 → 49", "1"], ["68 → 94", "26"]]
    assert answer.err == "night_back_pain at the visits nearest to the studies, at most 28 days away\n"
    assert anakinra("lesions", "--symptoms", "--measure", "crp", "--json").json[0]["unit"] == "mg/l"


@pytest.mark.parametrize("view", [[], ["--rows"], ["--symptoms"], ["--agreement"]])
def test_where_nothing_was_read_in_pairs_a_sentence_says_so(cohort: Spondyl, view: list[str]) -> None:
    answer = cohort("lesions", *view)

    assert (answer.out, answer.code) == ("", 0)
    assert answer.err.endswith("at this point in time\n")


def test_lesions_take_a_point_in_time(anakinra: Spondyl) -> None:
    assert cells(anakinra("lesions", "--as-of", "2003-07-01").out)[-1][1] == "18"
    assert anakinra("lesions", "--known-at", "@1").out == ""
