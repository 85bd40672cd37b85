"""What a person sees on a terminal of a usual size: all columns, in pieces, and days as precisely as they are known."""

from __future__ import annotations

import re

import pytest

from cli.output import give_table
from tests.cli.conftest import Spondyl

WIDTHS = [40, 60, 80, 120]
COLUMNS = ("patient", "day", "centre", *(f"measure_{number}" for number in range(1, 15)))
ROWS = [(patient, f"2020-0{month}-01", "C1", *range(14)) for patient in ("P-1", "P-2") for month in (1, 2)]


def printed(capsys: pytest.CaptureFixture[str]) -> list[list[list[str]]]:
    """Return the pieces that were printed, each as its lines of cells, the heading first."""
    plain = re.sub("\x1b\\[[0-9;]*m", "", capsys.readouterr().out)
    pieces = [piece.splitlines() for piece in plain.strip("\n").split("\n\n")]
    return [[re.split(" {2,}", line.strip()) for line in piece if "──" not in line] for piece in pieces]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_column_of_a_wide_table_is_printed_beside_the_name_of_its_line(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cli.output.terminal_width", lambda: width)

    give_table(COLUMNS, ROWS)

    pieces = printed(capsys)
    assert {name for heading, *_ in pieces for name in heading} == set(COLUMNS)
    assert all(heading[0] == "patient" and len(lines) == len(ROWS) for heading, *lines in pieces)
    if width >= 60:  # two columns that name a line have room
        assert all(line[:2] == [*row[:2]] for _, *lines in pieces for line, row in zip(lines, ROWS))


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cli.output.terminal_width", lambda: width)

    give_table(("patient", "note", "n"), [("P-1", "what was said of it " * 12, 5)])

    plain = re.sub("\x1b\\[[0-9;]*m", "", capsys.readouterr().out)
    assert max(map(len, plain.splitlines())) <= width
    assert len(re.findall("said", plain)) == 12


def test_what_goes_into_a_file_is_in_one_piece(capsys: pytest.CaptureFixture[str]) -> None:
    give_table(COLUMNS, ROWS)

    assert len(printed(capsys)) == 1


@pytest.mark.parametrize("typed", ["2001", "2001-07", "2001-07-16"])
def test_a_partial_day_is_shown_as_it_is_known_and_machines_get_day_and_precision(cohort: Spondyl, typed: str) -> None:
    cohort("record", "treatment", "patient=P-1", "agent=infliximab", f"started_on={typed}")

    table, machine = cohort("table", "treatments").out, cohort("table", "treatments", "--json").json

    assert re.search(rf" {typed} ", table)
    assert "precision" not in table
    assert machine[0]["started_on"].startswith(typed)
    assert len(machine[0]["started_on"]) == 10


@pytest.mark.parametrize("view", [(), ("--lines",)])
def test_episodes_and_lines_show_partial_days_as_they_are_known(cohort: Spondyl, view: tuple[str, ...]) -> None:
    cohort("record", "treatment", "patient=P-1", "agent=infliximab", "started_on=2020-03", "stopped_on=2021")

    assert re.search(r" 2020-03 +2021 ", cohort("treatments", *view).out)


def test_the_digest_of_a_freeze_stands_on_one_line_on_a_narrow_terminal(
    cohort: Spondyl, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort("freeze", "paper-2026")
    monkeypatch.setattr("cli.output.terminal_width", lambda: 80)

    (freeze,) = cohort("freeze", "--json").json

    assert f"\n{freeze['digest']}  paper-2026\n" in cohort("freeze").out
