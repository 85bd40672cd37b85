"""`spondyl check` on the command line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from cli import output
from tests.cli.conftest import Spondyl

COLUMNS = ["rule", "patient", "reference", "on", "says", "centre"]


@pytest.fixture
def doubtful(spondyl: Spondyl, tmp_path: Path) -> Spondyl:
    """The command on a registry of nine patients: five of Ulm whose onset is a placeholder, four of Jena."""
    lines = ["patient,enrolled_on,centre,symptom_onset,diagnosed_on"]
    lines += [f"U{n},2015-01-01,Ulm,1900-01-01,2014-05-06" for n in range(5)]
    lines += [f"J{n},2015-01-01,Jena,2010,2009" for n in range(4)]
    (tmp_path / "patients.csv").write_text("\n".join(lines), encoding="utf-8")
    spondyl("init")
    assert spondyl("import", "patients.csv").code == 0
    return spondyl


def test_a_line_a_rule_has_its_count_patients_and_centres_and_under_it_the_first_rows(doubtful: Spondyl) -> None:
    answer = doubtful("check")

    assert answer.out.splitlines() == [
        "rule                        warnings   patients   centres",
        "─────────────────────────────────────────────────────────",
        "diagnosis-before-symptoms          4          4   Jena",
        "  patient/J0: diagnosed_on by 2009-12-31, first symptoms from 2010-01-01",
        "  patient/J1: diagnosed_on by 2009-12-31, first symptoms from 2010-01-01",
        "  patient/J2: diagnosed_on by 2009-12-31, first symptoms from 2010-01-01",
        "  … 1 more; --rule diagnosis-before-symptoms lists them",
        "long-before-enrolment              5          5   Ulm",
        *(
            f"  patient/U{n}: symptom_onset 1900-01-01, enrolled on 2015-01-01; 70 years before at the most"
            for n in range(3)
        ),
        "  … 2 more; --rule long-before-enrolment lists them",
        "placeholder-day                    5          5   Ulm",
        *(f"  patient/U{n}: symptom_onset 1900-01-01, the first day of Excel and SQL Server" for n in range(3)),
        "  … 2 more; --rule placeholder-day lists them",
    ]
    assert answer.err == "14 warnings; nothing was changed\n"


@pytest.mark.parametrize("width", [80, 40])
def test_no_line_is_wider_than_the_terminal(doubtful: Spondyl, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setattr("cli.commands.check.terminal_width", lambda: width)

    lines = doubtful("check").out.splitlines()

    assert max(map(len, lines)) == width
    assert any(line.endswith("…") for line in lines)


@pytest.mark.parametrize("width", [80, 40])
def test_a_reference_is_never_cut(cohort: Spondyl, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    label = "the visit after the second infusion, in another centre"
    cohort("record", "visit", "patient=P-1", "visited_on=2020-03-01", f"visit={label}", "crp=900")
    monkeypatch.setattr("cli.commands.check.terminal_width", lambda: width)

    lines = cohort("check").out.splitlines()

    assert f"  visit/P-1/2020-03-01/{label}:" in lines
    assert all(len(line) <= width for line in lines if label not in line)


def test_a_rule_that_is_asked_for_is_listed_row_by_row_and_several_can_be(doubtful: Spondyl) -> None:
    answer = doubtful("check", "--rule", "placeholder-day", "--rule", "diagnosis-before-symptoms")

    assert [line.split(":")[0].strip() for line in answer.out.splitlines() if line.startswith("  ")] == [
        *(f"patient/J{n}" for n in range(4)),
        *(f"patient/U{n}" for n in range(5)),
    ]
    assert answer.err == "9 warnings; nothing was changed\n"


def test_a_centre_that_is_asked_for_is_listed_row_by_row_and_several_can_be(doubtful: Spondyl) -> None:
    assert {row["centre"] for row in doubtful("check", "--centre", "Jena", "--json").json} == {"Jena"}
    assert len(doubtful("check", "--centre", "Jena", "--centre", "Ulm", "--json").json) == 14
    assert "… " not in doubtful("check", "--centre", "Ulm").out


def test_a_long_list_names_the_way_to_all_of_it(doubtful: Spondyl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.commands.check.ROWS_ON_SCREEN", 4)

    assert "  … 1 more; --csv or --json gives all" in doubtful("check", "--rule", "placeholder-day").out


def test_machines_get_every_row_with_the_centre(doubtful: Spondyl) -> None:
    rows = list(csv.reader(io.StringIO(doubtful("check", "--csv").out)))

    assert rows[0] == COLUMNS
    assert len(rows) == 15
    assert rows[1] == [
        "diagnosis-before-symptoms",
        "J0",
        "patient/J0",
        "diagnosed_on",
        "by 2009-12-31, first symptoms from 2010-01-01",
        "Jena",
    ]
    assert [list(row) for row in doubtful("check", "--json").json] == [COLUMNS] * 14


def test_an_unknown_rule_or_centre_is_refused_with_the_nearest(doubtful: Spondyl) -> None:
    rule, centre = doubtful("check", "--rule", "placeholder-dya"), doubtful("check", "--centre", "ulmm")

    assert (rule.code, centre.code) == (3, 3)
    assert rule.err == "spondyl: rule: 'placeholder-dya' is not a known rule; did you mean 'placeholder-day'?\n"
    assert centre.err == "spondyl: centre: 'ulmm' is not a known centre; write Jena or Ulm\n"


def test_what_is_asked_for_and_is_not_there_is_nothing_implausible(doubtful: Spondyl) -> None:
    assert doubtful("check", "--rule", "impossible-dose").err == "nothing implausible\n"
    assert doubtful("check", "--rule", "placeholder-day", "--centre", "Jena", "--json").json == []


def test_a_patient_without_a_centre_has_a_dot(cohort: Spondyl) -> None:
    cohort("record", "patient", "patient=P-2", "enrolled_on=2020-01-01", "symptom_onset=1900")

    assert f"placeholder-day                1          1   {output.NOTHING}" in cohort("check").out
