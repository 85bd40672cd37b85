"""The sheets that a reader of a campaign gets: what stands in them, what can be typed, and what is not there."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from registry import Registry
from registry.domain.campaigns import PAIRED_LESIONS
from registry.errors import CampaignKeyError, CampaignStateError, UnknownCodeError, UnwritableError
from tests.spec import given
from tests.spec.campaigns import NAME, STUDIES, declared, examined, read, started
from tests.spec.given import refused
from tests.spec.readers import FRONT, case_sheets, handed_out, header_of, open_cells


@pytest.fixture
def registry(registry: Registry) -> Registry:
    examined(registry)
    return registry


def sheets(registry: Registry, folder: Path, *, reader: str = "R1", **keys: str) -> Workbook:
    """The only workbook of a reader of the campaign of `declared`."""
    started(registry, folder, **keys)
    return load_workbook(handed_out(registry, NAME, reader, folder / "out", key=folder / "campaign.key"))


def texts(sheet: Worksheet) -> list[str]:
    """All that stands in a sheet."""
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def lists(sheet: Worksheet) -> dict[str, str]:
    """The words of each drop-down, by the cells that have it."""
    return {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}


def test_a_reader_gets_a_sheet_a_case_under_its_code_in_an_order_of_one_s_own(
    registry: Registry, tmp_path: Path
) -> None:
    book = sheets(registry, tmp_path)

    cases = registry.campaign_cases(NAME, reader="R1", key=tmp_path / "campaign.key")
    assert book.sheetnames == [FRONT, *(case.code for case in cases)]
    assert [case.number for case in cases] == [1, 2]


def test_the_first_sheet_says_which_file_of_whom_it_is_and_how_it_is_filled(registry: Registry, tmp_path: Path) -> None:
    front = sheets(registry, tmp_path)[FRONT]

    said = {str(row[0].value): str(row[1].value) for row in front.iter_rows(2, 6)}
    assert {name: said[name] for name in ("format", "campaign", "reader", "file")} == {
        "format": "1",
        "campaign": NAME,
        "reader": "R1",
        "file": "1",
    }
    assert len(said["seal"]) == 32
    assert "grade: 0, 1, 2 or 3" in texts(front)
    assert "A and B are studies of one patient; the letters say nothing of which came first" in texts(front)


def test_a_pair_has_the_locations_as_rows_and_the_items_of_both_studies_as_columns(
    registry: Registry, tmp_path: Path
) -> None:
    sheet = case_sheets(sheets(registry, tmp_path))[0]

    header = header_of(sheet)
    assert [cell.value for cell in sheet[header]] == ["location", "A grade", "B grade"]
    assert [sheet.cell(row, 1).value for row in (header + 1, header + 23)] == ["C2/3", "L5/S1"]
    assert len([*open_cells(sheet)]) == 2 * 23


def test_a_study_by_itself_has_no_letter(registry: Registry, tmp_path: Path) -> None:
    sheet = case_sheets(sheets(registry, tmp_path, unit='"study"'))[0]

    assert [cell.value for cell in sheet[header_of(sheet)]] == ["location", "grade"]


def test_each_cell_has_a_list_of_the_grades_that_the_method_allows_there(registry: Registry, tmp_path: Path) -> None:
    sheet = case_sheets(sheets(registry, tmp_path))[0]

    assert set(lists(sheet).values()) == {'"0,1,2,3,n/a"'}


def test_only_grades_can_be_typed_and_no_password_is_on_the_sheet(registry: Registry, tmp_path: Path) -> None:
    book = sheets(registry, tmp_path)

    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
    sheet = case_sheets(book)[0]
    assert all(cell.value is None for _, cell in open_cells(sheet))
    assert sheet.cell(header_of(sheet), 1).protection.locked


def test_a_sheet_keeps_its_header_in_sight_and_is_printed_one_page_wide(registry: Registry, tmp_path: Path) -> None:
    sheet = case_sheets(sheets(registry, tmp_path))[0]

    header = header_of(sheet)
    assert sheet.freeze_panes == f"B{header + 1}"
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)  # 1 is not written
    assert sheet.print_title_rows == f"${header}:${header}"


def examined_sij(registry: Registry) -> None:
    """Two more studies of a patient, of the sacroiliac joints."""
    for study, performed_on in (("SI-0001", "2002-06-03"), ("SI-0002", "2004-06-07")):
        given.mri(registry, study, performed_on, regions="sij")


def test_places_that_do_not_exist_are_grey_and_locked(registry: Registry, tmp_path: Path) -> None:
    examined_sij(registry)
    sheet = case_sheets(sheets(registry, tmp_path, method='"sparcc-sss"', listed="study\nSI-0001\nSI-0002"))[0]

    header = header_of(sheet)
    rows = {sheet.cell(row, 1).value: row for row in range(header + 1, sheet.max_row + 1)}
    columns = {sheet.cell(header, column).value: column for column in range(2, 10)}
    for place, item, is_open in (
        ("right slice 1 upper iliac", "A fat", True),
        ("right slice 1 upper iliac", "A backfill", False),
        ("left slice 5 lower half", "B erosion", False),
        ("left slice 5 lower half", "B ankylosis", True),
    ):
        cell = sheet.cell(rows[place], columns[item])
        assert cell.protection.locked is not is_open
        assert (cell.fill.fgColor.rgb == "FFBFBFBF") is not is_open
    assert len([*open_cells(sheet)]) == 2 * (40 * 2 + 20 * 2)


def test_a_method_of_selected_levels_lists_all_and_says_how_many_are_chosen(registry: Registry, tmp_path: Path) -> None:
    sheet = case_sheets(sheets(registry, tmp_path, method='"sparcc-spine-6"'))[0]

    assert any(text.startswith("Choose exactly 6 levels") for text in texts(sheet))
    assert len([*open_cells(sheet)]) == 2 * 69 * 6


def test_the_rules_of_the_method_are_told_in_words_and_shown_in_colour(registry: Registry, tmp_path: Path) -> None:
    examined_sij(registry)
    sheet = case_sheets(sheets(registry, tmp_path, method='"sparcc-sij"', listed="study\nSI-0001\nSI-0002"))[0]

    said = texts(sheet)
    assert any(text.startswith("intensity and depth above 0 only where") for text in said)
    assert "lower iliac and lower sacral not graded where upper-only is above 0" in said
    shown = [rule for area in sheet.conditional_formatting for rule in area.rules]
    assert len(shown) == 2 * 4


def test_paired_lesions_are_a_free_list_with_drop_downs(registry: Registry, tmp_path: Path) -> None:
    sheet = case_sheets(sheets(registry, tmp_path, method=f'"{PAIRED_LESIONS}"'))[0]

    header = header_of(sheet)
    assert [cell.value for cell in sheet[header]] == ["lesion", "region", "kind", "location", "verdict A to B"]
    assert set(lists(sheet).values()) == {
        '"spine,sij"',
        '"romanus,end-plate,facet-joint,spinous-process,subchondral"',
        '"resolution,improvement,unchanged,deterioration,new"',
    }


def test_a_list_of_many_grades_stands_in_cells_of_the_first_sheet(registry: Registry, tmp_path: Path) -> None:
    examined_sij(registry)
    keys = {"method": '"asas-mri-sij"', "listed": "study\nSI-0001\nSI-0002"}
    book = sheets(registry, tmp_path, **keys)

    refers_to = next(source for source in lists(case_sheets(book)[0]).values() if FRONT in source)
    assert refers_to == "campaign!$Z$1:$Z$101"
    assert [book[FRONT].cell(row, 26).value for row in (1, 100, 101)] == [0, 99, "n/a"]
    assert book[FRONT].column_dimensions["Z"].hidden


def test_what_a_reader_gets_has_no_study_day_pseudonym_or_author_in_any_byte(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path)
    file = handed_out(registry, NAME, "R1", tmp_path / "out", key=tmp_path / "campaign.key")

    with ZipFile(file) as parts:
        content = b"".join(parts.read(part) for part in parts.namelist())
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = parts.read("docProps/core.xml").decode()
    days = [day for _, day in STUDIES.values()] + [given.TODAY]
    for word in (*STUDIES, "BAR1-01", "BAR1-02", *days, "reader R2", registry.actor):
        assert word.encode() not in content
    assert "<dc:creator></dc:creator>" in properties
    assert properties.count("2000-01-01T00:00:00Z") == 2


def test_the_same_worklist_is_the_same_bytes(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    key = tmp_path / "campaign.key"

    once, again = (handed_out(registry, NAME, "R1", tmp_path / folder, key=key) for folder in ("once", "again"))

    assert once.read_bytes() == again.read_bytes()


def test_what_is_read_and_what_was_retracted_is_handed_out_no_more(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, unit='"study"')
    read(registry, "MR-0001")
    registry.retract("imaging/MR-0002", reason="another patient's")

    book = load_workbook(handed_out(registry, NAME, "R1", tmp_path / "out", key=tmp_path / "campaign.key"))

    left = {case.code for case in registry.campaign_cases(NAME, reader="R1", key=tmp_path / "campaign.key")
            if set(case.letters) <= {"MR-0011", "MR-0012"}}  # fmt: skip
    assert {sheet.title for sheet in case_sheets(book)} == left


def test_who_has_nothing_to_read_gets_no_file(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, listed="study\nMR-0001", unit='"study"')
    read(registry, "MR-0001")

    assert registry.write_worklist(NAME, "R1", tmp_path / "out", key=tmp_path / "campaign.key") == []
    assert not (tmp_path / "out").exists()


def test_a_file_has_at_most_a_hundred_cases(registry: Registry, tmp_path: Path) -> None:
    codes = [f"MX-{number:04}" for number in range(101)]
    for number, code in enumerate(codes):
        given.mri(registry, code, f"2003-{number % 12 + 1:02}-{number // 12 + 1:02}")
    started(registry, tmp_path, listed="\n".join(("study", *codes)), unit='"study"')

    files = registry.write_worklist(NAME, "R1", tmp_path / "out", key=tmp_path / "campaign.key")

    assert [file.name for file in files] == [f"{NAME}-R1-01.xlsx", f"{NAME}-R1-02.xlsx"]
    assert [len(case_sheets(load_workbook(file))) for file in files] == [100, 1]


def test_sheets_that_stand_there_are_never_written_over_and_none_is_added(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    out, key = tmp_path / "out", tmp_path / "campaign.key"
    out.mkdir()
    there = out / f"{NAME}-R1-01.xlsx"
    there.write_text("what R1 has typed")

    with refused(registry, UnwritableError, "a sheet stands there, and is never written over"):
        registry.write_worklist(NAME, "R1", out, key=key)

    assert [(file.name, file.read_text()) for file in out.iterdir()] == [(there.name, "what R1 has typed")]


def test_a_worklist_wants_a_reader_the_key_and_a_campaign_that_is_read(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    key = tmp_path / "campaign.key"

    with refused(registry, UnknownCodeError, "'R9' is not a known reader"):
        registry.write_worklist(NAME, "R9", tmp_path / "out", key=key)
    with refused(registry, CampaignKeyError, "is not there"):
        registry.write_worklist(NAME, "R1", tmp_path / "out", key=tmp_path / "lost.key")
    registry.lock_campaign(NAME, reason="for the paper")
    with refused(registry, CampaignStateError, "is locked, and nothing is read in it any more"):
        registry.write_worklist(NAME, "R1", tmp_path / "out", key=key)


def test_a_case_of_a_known_order_has_the_earliest_study_as_its_first(registry: Registry, tmp_path: Path) -> None:
    sheet = case_sheets(sheets(registry, tmp_path, order='"known"'))[0]

    assert "A and B are studies of one patient in order" in texts(sheet)
    cases = registry.campaign_cases(NAME, reader="R1", key=tmp_path / "campaign.key")
    assert {study for case in cases for study, letter in case.letters.items() if letter == "A"} == {
        "MR-0001",
        "MR-0011",
    }


def test_a_declared_campaign_is_handed_out_by_the_edition_of_its_start(registry: Registry, tmp_path: Path) -> None:
    start = registry.start_campaign(declared(tmp_path), key=tmp_path / "campaign.key")

    assert start.campaign.method_version == 1
    front = load_workbook(handed_out(registry, NAME, "R1", tmp_path / "out", key=tmp_path / "campaign.key"))[FRONT]
    assert any(text.startswith("Berlin MRI spine score, edition 1") for text in texts(front))
