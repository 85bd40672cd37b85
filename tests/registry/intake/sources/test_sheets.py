"""Workbooks as people keep them: titles, merged cells, days and numbers in every state, and left open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from registry import Registry
from tests.registry.intake.sources.opened import imported, opened, problems, values, why

Rows = Sequence[Sequence[Any]]


def workbook(folder: Path, rows: Rows, *, name: str = "a.xlsx", sheet: str = "Visiten", merged: str = "",
             is_1904: bool = False) -> Path:  # fmt: skip
    book = Workbook()
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    page = book.active
    page.title = sheet
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            page.cell(number, column, value)
    if merged:
        page.merge_cells(merged)
    book.save(folder / name)
    return folder


TITLED: Rows = [["Kohorte 2024"], [], ["Pat", "Datum", "CRP"], ["P1", date(2020, 1, 2), 5.1]]


def test_the_header_is_on_the_row_that_the_mapping_says(tmp_path: Path) -> None:
    workbook(tmp_path, TITLED)

    source = opened(tmp_path, "xlsx", "a.xlsx", header_row=3)

    assert source.name == "a.xlsx!Visiten"
    assert [(row.line, row.values) for row in source.rows()] == [
        (4, {"Pat": "P1", "Datum": "2020-01-02", "CRP": "5.1"})
    ]


def test_a_title_that_nobody_spoke_of_is_refused_with_the_row_of_the_header(tmp_path: Path) -> None:
    workbook(tmp_path, [["Kohorte 2024"], ["Pat", "CRP"], ["P1", 5]])

    assert why(tmp_path, "xlsx", "a.xlsx")[1].endswith("say where the header is, as header_row = 2")


def test_a_table_ends_at_the_first_empty_row_where_the_mapping_says_so(tmp_path: Path) -> None:
    workbook(tmp_path, [["Pat", "CRP"], ["P1", 5], [], ["Legende", None], ["P2", 6]])

    assert len(values(opened(tmp_path, "xlsx", "a.xlsx"))) == 3
    assert values(opened(tmp_path, "xlsx", "a.xlsx", until="first empty row")) == [{"Pat": "P1", "CRP": "5"}]


def test_merged_cells_of_a_header_are_joined_with_what_is_below(tmp_path: Path) -> None:
    workbook(tmp_path, [["", "Labor", ""], ["Pat", "CRP", "BSG"], ["P1", 5, 12]], merged="B1:C1")

    source = opened(tmp_path, "xlsx", "a.xlsx", header_row=2, header_rows_above=1)

    assert values(source) == [{"Pat": "P1", "Labor CRP": "5", "Labor BSG": "12"}]


def test_merged_cells_below_the_header_are_refused_by_their_reference(tmp_path: Path) -> None:
    workbook(tmp_path, [["Pat", "CRP"], ["P1", 5], [None, 6]], merged="A2:A3")

    assert why(tmp_path, "xlsx", "a.xlsx") == (
        2,
        "merged cells below the header: A2:A3; unmerge them, and fill in what each says",
    )


def test_a_merged_title_above_the_header_says_nothing(tmp_path: Path) -> None:
    workbook(tmp_path, [["Kohorte", None], ["Pat", "CRP"], ["P1", 5]], merged="A1:B1")

    assert values(opened(tmp_path, "xlsx", "a.xlsx", header_row=2)) == [{"Pat": "P1", "CRP": "5"}]


def test_a_header_twice_is_refused_with_its_columns(tmp_path: Path) -> None:
    workbook(tmp_path, [["Pat", "Datum", "Datum"], ["P1", 5, 6]])

    assert why(tmp_path, "xlsx", "a.xlsx") == (1, "the header has 'Datum' (columns 2 and 3); rename all but one")


MAPPING = """
[source]
kind = "xlsx"
files = ["a.xlsx"]
dates = ["%d.%m.%Y"{ways}]
decimal = ","
missing = {{ "k.A." = "", "n.d." = "", "?" = "" }}
[patient]
field = "Pat"
[[table]]
to = "patients"
enrolled_on = {{ constant = "2019-01-01" }}
[[table]]
to = "visits"
visited_on = {{ field = "Datum" }}
crp = {{ field = "CRP" }}
"""


def test_days_and_numbers_are_read_however_excel_holds_them(registry: Registry, tmp_path: Path) -> None:
    rows: Rows = [
        ["Pat\xa0", "Datum ", "CRP"],
        ["P1", date(2020, 1, 1), 5.1],
        ["P2", "02.01.2020", "1,5 "],
        ["P3", "\xa003.01.2020", "k.A."],
        ["P4", date(2020, 1, 4), "7"],
        ["P5", 43835, "<0,5"],
        ["P6", "06.01.2020", "?"],
    ]
    workbook(tmp_path, rows)

    imported(registry, tmp_path, MAPPING.format(ways=', "excel-serial"'))

    stated = [
        payload for chunk in registry.log.columns(0) for payload in map(str, chunk.payload) if "visited_on" in payload
    ]
    assert len(stated) == 6
    for said in (
        "2020-01-01",
        '"5.1"',
        "2020-01-02",
        '"1.5"',
        "2020-01-03",
        "2020-01-04",
        "2020-01-05",
        '"comparator":"<"',
    ):
        assert said in " ".join(stated)


def test_a_point_between_thousands_is_refused_beside_numbers_that_excel_knows(
    registry: Registry, tmp_path: Path
) -> None:
    workbook(tmp_path, [["Pat", "Datum", "CRP"], ["P1", date(2020, 1, 1), 5.1], ["P2", date(2020, 1, 1), "1.234"]])

    assert problems(registry, tmp_path, MAPPING.format(ways="")) == [
        (
            "a.xlsx!Visiten:3:CRP: '1.234' is no number with a decimal comma alone; "
            "write none with points or blanks between thousands (1 row)"
        )
    ]


@pytest.mark.parametrize("is_1904", [False, True])
def test_days_of_either_calendar_are_the_same_days(tmp_path: Path, is_1904: bool) -> None:
    workbook(tmp_path, [["Pat", "Datum"], ["P1", date(2020, 1, 2)]], is_1904=is_1904)

    assert values(opened(tmp_path, "xlsx", "a.xlsx")) == [{"Pat": "P1", "Datum": "2020-01-02"}]


def test_serial_numbers_are_not_read_from_another_first_day_than_the_workbook_has(tmp_path: Path) -> None:
    workbook(tmp_path, TITLED, is_1904=True)

    assert why(tmp_path, "xlsx", "a.xlsx", header_row=3, dates=("excel-serial",)) == (
        1,
        "dates: the workbook counts its days as 'excel-serial-1904' has it, not 'excel-serial'",
    )


def test_a_workbook_that_is_open_in_excel_is_refused(tmp_path: Path) -> None:
    workbook(tmp_path, TITLED)
    (tmp_path / "~$a.xlsx").write_bytes(b"\x05Maria")

    assert why(tmp_path, "xlsx", "a.xlsx")[1].startswith("a.xlsx is open in Excel, for ~$a.xlsx stands beside it")
    assert why(tmp_path, "xlsx", "*.xlsx")[1].startswith("a.xlsx is open in Excel")
    (tmp_path / "a.xlsx").unlink()
    assert why(tmp_path, "xlsx", "*.xlsx") == (
        1,
        "~$a.xlsx is no workbook: Excel has a.xlsx open; save and close it there",
    )


def test_the_sheet_must_be_named_where_there_are_several(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Pat"])
    book.create_sheet("Labor").append(["Pat"])
    book.create_sheet("leer")
    book.save(tmp_path / "a.xlsx")

    assert why(tmp_path, "xlsx", "a.xlsx")[1] == (
        "sheets with cells: 'Sheet' and 'Labor'; say which one is meant, as sheet = \"Visiten\""
    )
    assert opened(tmp_path, "xlsx", "a.xlsx", sheet="Labor").name == "a.xlsx!Labor"
    assert why(tmp_path, "xlsx", "a.xlsx", sheet="Laborr")[1] == "no sheet 'Laborr'; did you mean 'Labor'?"


def test_several_workbooks_are_one_source(tmp_path: Path) -> None:
    workbook(tmp_path, [["Pat", "CRP"], ["P1", 5]], name="a.xlsx")
    workbook(tmp_path, [["CRP", "Pat"], [6, "P2"]], name="b.xlsx")

    rows = [*opened(tmp_path, "xlsx", "*.xlsx").rows()]

    assert [(row.file, row.line, row.values) for row in rows] == [
        ("a.xlsx!Visiten", 2, {"Pat": "P1", "CRP": "5"}),
        ("b.xlsx!Visiten", 2, {"CRP": "6", "Pat": "P2"}),
    ]
