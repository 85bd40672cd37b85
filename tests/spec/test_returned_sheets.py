"""Sheets that come back from readers: recorded as readings of the studies that were shown, or refused as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from registry import Registry
from registry.campaigns.returned import SheetsReport, import_sheets
from registry.campaigns.worklists import Case
from registry.domain.campaigns import PAIRED_LESIONS
from registry.errors import BatchRefusedError, RegistryError, UnknownCodeError
from registry.intake import import_batch
from tests.spec import given
from tests.spec.campaigns import NAME, STUDIES, examined, read, started
from tests.spec.readers import Asked, case_sheets, edit, fill, handed_out, header_of, open_cells, study_shown

SHOWN: Final = {study: grade for grade, study in enumerate(STUDIES)}  # what there is to be seen in each study
FILE: Final = f"{NAME}-R1-01.xlsx"


@pytest.fixture
def registry(registry: Registry) -> Registry:
    examined(registry)
    return registry


def key(folder: Path) -> Path:
    return folder / "campaign.key"


def cases(registry: Registry, folder: Path) -> list[Case]:
    """The list of the custodian of the images."""
    return registry.campaign_cases(NAME, key=key(folder))


def sheet_of(registry: Registry, folder: Path, *, reader: str = "R1") -> Path:
    """The file of a reader, as it is handed out."""
    return handed_out(registry, NAME, reader, folder / f"to-{reader}", key=key(folder))


def seen(registry: Registry, folder: Path) -> dict[str, int]:
    """The grade that a reader types for what is shown under each code and letter."""
    return {
        f"{case.code} {letter}".strip(): SHOWN[study]
        for case in cases(registry, folder)
        for study, letter in case.letters.items()
    }


def read_by(registry: Registry, folder: Path, *, reader: str = "R1") -> Path:
    """The file of a reader who graded what was shown, all of it."""
    listed = cases(registry, folder)
    return fill(sheet_of(registry, folder, reader=reader), lambda asked: SHOWN[study_shown(listed, asked)])


def imported(registry: Registry, folder: Path, *files: Path) -> SheetsReport:
    return import_sheets(registry, NAME, files, key=key(folder))


def problems(registry: Registry, folder: Path, *files: Path) -> list[str]:
    """All that is wrong with files; nothing is recorded of them."""
    before = registry.head
    with pytest.raises(BatchRefusedError) as refusal:
        imported(registry, folder, *files)
    assert registry.head == before
    return [str(problem) for problem in refusal.value.problems]


def first_case(book: Workbook) -> Worksheet:
    return case_sheets(book)[0]


def graded(registry: Registry, study: str, *, reader: str = "R1", session: str = NAME) -> list[int | None]:
    """The grades of a reading as it stands."""
    statement = registry.history(f"reading/{study}/{reader}/berlin/{session}")[-1].statement
    assert statement is not None
    grades: list[int | None] = statement["grades"]["grade"]
    return grades


def test_readings_come_back_at_the_studies_that_were_shown(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    report = imported(registry, tmp_path, read_by(registry, tmp_path), read_by(registry, tmp_path, reader="R2"))

    assert report.events == 8
    assert {case.what for case in report.cases} == {"recorded"}
    for study, grade in SHOWN.items():
        assert graded(registry, study) == graded(registry, study, reader="R2") == [grade] * 23


def test_a_reading_says_who_imported_it_from_which_file_and_not_when_it_was_read(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path)

    imported(registry, tmp_path, read_by(registry, tmp_path))

    [version] = registry.history(f"reading/MR-0001/R1/berlin/{NAME}")
    assert (version.actor, version.source) == ("lindner", FILE)
    assert version.statement is not None
    assert (version.statement["read_on"], version.statement["session"]) == (None, NAME)


def test_no_case_code_comes_into_the_log(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    imported(registry, tmp_path, read_by(registry, tmp_path))

    stored = "".join(payload or "" for chunk in registry.log.columns() for payload in chunk.payload)

    assert not [case.code for case in cases(registry, tmp_path) if case.code in stored]


def test_a_repeat_is_recorded_in_a_session_of_its_own(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, repeats="1")

    assert imported(registry, tmp_path, read_by(registry, tmp_path)).events == 8
    assert graded(registry, "MR-0012", session=f"{NAME}+repeat") == [3] * 23


def test_the_same_sheets_again_store_nothing(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)
    imported(registry, tmp_path, file)

    with given.nothing_recorded(registry):
        report = imported(registry, tmp_path, file)

    assert (report.events, {case.what for case in report.cases}) == (0, {"unchanged"})


def test_a_dry_run_stores_nothing_and_says_what_would_be(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)

    with given.nothing_recorded(registry):
        report = import_sheets(registry, NAME, file, key=key(tmp_path), dry_run=True)

    assert report.events == 4


def test_a_case_that_nobody_began_is_passed_over_and_told(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)
    edit(file, lambda book: [setattr(cell, "value", None) for _, cell in open_cells(first_case(book))])

    report = imported(registry, tmp_path, file)

    assert [(case.case, case.what) for case in report.cases if case.what != "recorded"] == [
        (first_case(load_workbook(file)).title, "not-begun")
    ]
    assert report.events == 2


def test_what_cannot_be_assessed_is_no_grade(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, unit='"study"', listed="study\nMR-0001")
    file = fill(sheet_of(registry, tmp_path), lambda asked: "N/A" if asked.row == "C2/3" else 2)

    imported(registry, tmp_path, file)

    assert graded(registry, "MR-0001") == [None, *[2] * 22]


def test_a_case_that_is_filled_in_part_is_refused_with_the_cells_that_are_empty(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)

    def forget(book: Workbook) -> None:
        sheet = first_case(book)
        for cell in ("B7", "C7", "B8", "C8", "C20"):
            sheet[cell].value = None

    edit(file, forget)

    code = first_case(load_workbook(file)).title
    assert problems(registry, tmp_path, file) == [
        f"{FILE}!{code}:7:B7:C8: B7:C8 are empty; grade each, n/a included, or clear the whole case",
        f"{FILE}!{code}:20:C20: C20 is empty; grade each, n/a included, or clear the whole case",
    ]


@pytest.mark.parametrize(
    ("typed", "recorded"),
    [(2.0, 2), ("2", 2), (" 2 ", 2), ("2.0", 2), ("2,0", 2), ("n/a", None), (" N/A", None)],
)
def test_numbers_come_back_as_each_program_stores_them(
    registry: Registry, tmp_path: Path, typed: object, recorded: int | None
) -> None:
    started(registry, tmp_path, unit='"study"', listed="study\nMR-0001")
    file = fill(sheet_of(registry, tmp_path), lambda asked: 1)
    edit(file, lambda book: setattr(first_case(book)["B5"], "value", typed))

    imported(registry, tmp_path, file)

    assert graded(registry, "MR-0001")[0] == recorded


def test_blank_rows_and_columns_widths_and_the_order_of_sheets_change_nothing(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)

    def rearrange(book: Workbook) -> None:
        for sheet in case_sheets(book):
            sheet.merged_cells.ranges.clear()
            sheet.insert_cols(1)
            sheet.insert_cols(3)
            sheet.insert_rows(9)
            sheet.insert_rows(1)
            sheet.column_dimensions["B"].width = 40
        book.move_sheet(book.worksheets[-1], -2)

    edit(file, rearrange)

    assert imported(registry, tmp_path, file).events == 4
    assert graded(registry, "MR-0012") == [3] * 23


def test_a_program_may_add_to_the_names_of_sheets(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)
    edit(file, lambda book: [setattr(sheet, "title", f"{sheet.title} - Table 1") for sheet in book.worksheets])

    assert imported(registry, tmp_path, file).events == 4


def typed(book: Workbook, cell: str, value: object) -> None:
    first_case(book)[cell].value = value


@pytest.mark.parametrize(
    ("cell", "value", "why"),
    [
        ("B7", 4, "grade '4' at C3/4 is not in the list; choose 0, 1, 2, 3 or n/a"),
        ("B7", -1, "grade '-1' at C3/4 is not in the list"),
        ("B7", 1.5, "grade '1.5' at C3/4 is not in the list"),
        ("B7", "one", "grade 'one' at C3/4 is not in the list"),
        ("E7", "oedema?", "'oedema?' stands outside of the grades; remove it"),
        ("B2", "look again", "'look again' stands outside of the grades; remove it"),
        ("A40", "seen by me", "'seen by me' stands outside of the grades; remove it"),
        ("B5", "A oedema", "'A oedema' is no column of this sheet; undo what was renamed"),
        ("A7", "C8/9", "rows are gone: C3/4; take the sheet as it was"),
        ("A7", "C2/3", "C2/3 stands in row 6 too; keep one"),
        ("A5", "place", "has no header 'location'; take the sheet as it was"),
        ("A1", "Case ABCD-EFGH", "has the title 'case abcd-efgh', and the sheet is named"),
    ],
)
def test_a_sheet_that_does_not_say_what_was_asked_is_refused_with_the_cell(
    registry: Registry, tmp_path: Path, cell: str, value: object, why: str
) -> None:
    started(registry, tmp_path)
    file = edit(read_by(registry, tmp_path), lambda book: typed(book, cell, value))
    code = first_case(load_workbook(file)).title

    found = problems(registry, tmp_path, file)

    assert any(f"{FILE}!{code}" in problem and why in problem for problem in found), found


def test_all_problems_of_all_files_are_told_at_once(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    ours, theirs = read_by(registry, tmp_path), read_by(registry, tmp_path, reader="R2")
    edit(ours, lambda book: [sheet["B6"].__setattr__("value", 7) for sheet in case_sheets(book)])
    edit(theirs, lambda book: typed(book, "C8", 8))

    found = problems(registry, tmp_path, ours, theirs)

    assert [problem.partition("!")[0] for problem in found] == [FILE, FILE, f"{NAME}-R2-01.xlsx"]


def renamed(book: Workbook, name: str) -> None:
    first_case(book).title = name


def without_row(book: Workbook) -> None:
    first_case(book).delete_rows(10)


def without_sheet(book: Workbook) -> None:
    book.remove(first_case(book))


def as_r2(book: Workbook) -> None:
    book["campaign"]["B4"].value = "R2"


def with_a_note(book: Workbook) -> None:
    book.create_sheet("notes")["A1"].value = "call me"


def without_front(book: Workbook) -> None:
    book.remove(book["campaign"])


def exchanged(book: Workbook) -> None:
    """The names of two sheets are exchanged."""
    first, second = case_sheets(book)[:2]
    one, other = first.title, second.title
    first.title = "between"
    second.title, first.title = one, other


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (without_row, "rows are gone: C6/7; take the sheet as it was"),
        (without_sheet, "is gone; take the file as it was handed out"),
        (lambda book: renamed(book, "7K3M-Q9XV"), "is no sheet of this file; remove it"),
        (exchanged, "undo what was renamed"),
        (with_a_note, "!notes:1: is no sheet of this file; remove it"),
        (as_r2, "seal: does not fit the file: its campaign, reader, number or list of cases was changed"),
        (lambda book: setattr(book["campaign"]["B6"], "value", "0" * 32), "seal: does not fit the file"),
        (lambda book: setattr(book["campaign"]["B6"], "value", None), "does not say its seal"),
        (lambda book: setattr(book["campaign"]["B2"], "value", 2), "has format '2'; this spondyl reads 1"),
        (without_front, "has no sheet 'campaign', and is none that a reader got"),
    ],
)
def test_a_file_that_is_not_as_it_was_handed_out_is_refused(
    registry: Registry, tmp_path: Path, change: object, why: str
) -> None:
    assert callable(change)
    started(registry, tmp_path)
    file = edit(read_by(registry, tmp_path), change)

    assert any(why in problem for problem in problems(registry, tmp_path, file))


def test_an_edited_code_in_the_list_of_cases_breaks_the_seal(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    def edited(book: Workbook) -> None:
        front = book["campaign"]
        last = front.cell(front.max_row, 1)
        last.value = first_case(book).title

    assert "seal: does not fit" in problems(registry, tmp_path, edit(read_by(registry, tmp_path), edited))[0]


def test_the_sheet_of_another_reader_cannot_be_put_into_a_file(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    theirs = first_case(load_workbook(read_by(registry, tmp_path, reader="R2")))

    def smuggled(book: Workbook) -> None:
        copied = book.create_sheet(theirs.title)
        for row in theirs.iter_rows():
            for cell in row:
                copied[cell.coordinate].value = cell.value

    found = problems(registry, tmp_path, edit(read_by(registry, tmp_path), smuggled))

    assert found == [f"{FILE}!{theirs.title}:1: is no sheet of this file; remove it"]


def test_sheets_of_another_campaign_are_refused(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)
    (tmp_path / "other").mkdir()
    started(registry, tmp_path / "other", campaign='"second"')

    with pytest.raises(BatchRefusedError) as refusal:
        import_sheets(registry, "second", file, key=key(tmp_path / "other"))
    assert [str(problem) for problem in refusal.value.problems] == [f"{FILE}:1: is of campaign '{NAME}', not of second"]
    with given.refused(registry, UnknownCodeError, "'third' is not a known campaign"):
        import_sheets(registry, "third", file)


def test_a_second_reading_that_says_otherwise_is_refused(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)
    imported(registry, tmp_path, file)
    edit(file, lambda book: typed(book, "B6", "n/a"))

    [problem] = problems(registry, tmp_path, file)

    assert "this case was read otherwise before" in problem


def test_two_sheets_of_one_case_that_say_otherwise_are_refused_together(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(file.read_bytes())

    assert imported(registry, tmp_path, file, copy).events == 4
    edit(copy, lambda book: typed(book, "B6", "n/a"))
    assert "says otherwise than" in problems(registry, tmp_path, file, copy)[0]


def test_a_reading_that_came_in_a_table_is_known_to_the_sheet(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, unit='"study"', listed="study\nMR-0001\nMR-0002")
    file = read_by(registry, tmp_path)
    registry.record_reading(
        "MR-0001", reader="R1", method="berlin", session=NAME, read_on="2014-05-05", grades=dict.fromkeys(places(), 0)
    )

    report = imported(registry, tmp_path, file)

    assert sorted(case.what for case in report.cases) == ["recorded", "unchanged"]


def places() -> list[str]:
    """The locations of the Berlin score."""
    from registry.catalogue.methods.berlin import METHOD

    return [location.name for location in METHOD.locations]


def test_a_case_whose_study_was_retracted_meanwhile_is_refused_until_it_is_cleared(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)
    registry.retract("imaging/MR-0002", reason="of another patient")

    [problem] = problems(registry, tmp_path, file)
    assert "a study of this case was retracted since; clear its cells, and it is passed over" in problem
    assert "MR-0002" not in problem

    gone = next(case.code for case in cases(registry, tmp_path) if case.reader == "R1" and "MR-0002" in case.letters)
    edit(file, lambda book: [setattr(cell, "value", None) for _, cell in open_cells(book[gone])])
    assert imported(registry, tmp_path, file).events == 2


def test_a_case_that_was_given_back_meanwhile_is_refused_until_it_is_cleared(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)
    for study in ("MR-0001", "MR-0002"):
        registry.retract(f"assignment/{study}/{NAME}/R1", reason="R1 knows the patient")

    [problem] = problems(registry, tmp_path, file)
    assert "was given back or its patient erased since" in problem

    gone = problem.partition("!")[2].partition(":")[0]
    edit(file, lambda book: [setattr(cell, "value", None) for _, cell in open_cells(book[gone])])
    assert imported(registry, tmp_path, file).events == 2


def test_after_the_lock_nothing_comes_in(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)
    registry.lock_campaign(NAME, reason="for the paper")

    found = problems(registry, tmp_path, file)

    assert all(f"campaign {NAME} is locked" in problem for problem in found)
    assert len(found) == 2


def test_an_import_of_tables_points_to_the_import_of_sheets(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)

    with pytest.raises(BatchRefusedError) as refusal:
        import_batch(registry, file)

    [problem] = refusal.value.problems
    assert str(problem) == (
        f"{FILE}:1: a reader's sheets of a campaign; read it by spondyl campaign import {NAME} {FILE}"
    )


@pytest.mark.parametrize("name", ["lost.xlsx", "notes.docx", "table.csv", "broken.xlsx"])
def test_what_is_no_file_of_a_reader_is_one_problem_among_the_others(
    registry: Registry, tmp_path: Path, name: str
) -> None:
    started(registry, tmp_path)
    file = tmp_path / name
    if name != "lost.xlsx":
        file.write_text("patient,enrolled_on\n")

    assert len(problems(registry, tmp_path, read_by(registry, tmp_path), file)) == 1


def test_sheets_in_csv_come_back_as_workbooks_do(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    [table] = registry.write_worklist(NAME, "R1", tmp_path / "out", key=key(tmp_path), ending=".csv")
    shown = seen(registry, tmp_path)
    lines = [line.split(",") for line in table.read_text().splitlines()]
    assert lines[0] == ["format", "campaign", "reader", "file", "seal", "case", "location", "A grade", "B grade"]
    for line in lines[1:]:
        line[7:] = [str(shown[f"{line[5]} {letter}"]) for letter in ("A", "B")]
    table.write_text("".join(";".join(line) + "\n" for line in lines))

    assert imported(registry, tmp_path, table).events == 4
    assert graded(registry, "MR-0011") == [2] * 23


def test_a_row_that_is_gone_from_a_table_is_refused(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    [table] = registry.write_worklist(NAME, "R1", tmp_path / "out", key=key(tmp_path), ending=".csv")
    lines = table.read_text().splitlines()
    table.write_text("\n".join(lines[:-1]))

    assert "rows are gone: L5/S1" in problems(registry, tmp_path, table)[0]


def sij(registry: Registry, folder: Path, method: str) -> Path:
    """The file of R1 in a campaign that reads two sacroiliac studies of one patient, each by itself."""
    for study, performed_on in (("SI-0001", "2002-06-03"), ("SI-0002", "2004-06-07")):
        given.mri(registry, study, performed_on, regions="sij")
    started(registry, folder, method=f'"{method}"', listed="study\nSI-0001\nSI-0002", unit='"study"')
    return sheet_of(registry, folder)


def test_a_grade_at_a_place_that_does_not_exist_is_refused(registry: Registry, tmp_path: Path) -> None:
    file = fill(sij(registry, tmp_path, "sparcc-sss"), lambda asked: 0)
    edit(file, lambda book: typed(book, "D6", 1))

    [problem] = problems(registry, tmp_path, file)

    assert "backfill is not graded at right slice 1 upper sacral; clear the cell" in problem


def test_depth_without_an_inflamed_quadrant_is_refused(registry: Registry, tmp_path: Path) -> None:
    file = fill(sij(registry, tmp_path, "sparcc-sij"), lambda asked: int(asked.column == "depth" and "1" in asked.row))

    found = problems(registry, tmp_path, file)

    assert len(found) == 4
    assert all("intensity and depth above 0 only where" in problem for problem in found)


def test_what_is_no_part_of_a_short_joint_may_stay_empty(registry: Registry, tmp_path: Path) -> None:
    def short(asked: Asked) -> int | None:
        return None if asked.column.startswith("lower") else int(asked.column == "upper-only")

    assert imported(registry, tmp_path, fill(sij(registry, tmp_path, "sparcc-sij"), short)).events == 2


def levels(*chosen: str, grade: int = 0) -> object:
    """What a reader types who chooses some levels, and leaves the others empty."""
    return lambda asked: grade if asked.row.split(" slice ")[0] in chosen else None


SIX: Final = ("C2/3", "T1/2", "T7/8", "T11/12", "L4/5", "L5/S1")


def test_six_levels_are_read_and_the_others_are_no_part_of_the_reading(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, method='"sparcc-spine-6"', unit='"study"', listed="study\nMR-0001")
    answer = levels(*SIX)
    assert callable(answer)

    imported(registry, tmp_path, fill(sheet_of(registry, tmp_path), answer))

    statement = registry.history(f"reading/MR-0001/R1/sparcc-spine-6/{NAME}")[-1].statement
    assert statement is not None
    depth = statement["grades"]["depth"]
    assert (depth.count(0), depth.count(None)) == (18, 51)


@pytest.mark.parametrize("chosen", [SIX[:5], (*SIX, "L3/4"), SIX[:1]])
def test_another_number_of_levels_is_refused(registry: Registry, tmp_path: Path, chosen: tuple[str, ...]) -> None:
    started(registry, tmp_path, method='"sparcc-spine-6"', unit='"study"', listed="study\nMR-0001")
    answer = levels(*chosen)
    assert callable(answer)

    [problem] = problems(registry, tmp_path, fill(sheet_of(registry, tmp_path), answer))

    assert f"grades of {len(chosen)} levels: " in problem
    assert "choose exactly 6" in problem


def test_a_level_that_is_chosen_is_graded_whole(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, method='"sparcc-spine-6"', unit='"study"', listed="study\nMR-0001")
    answer = levels(*SIX)
    assert callable(answer)
    file = fill(sheet_of(registry, tmp_path), answer)
    edit(file, lambda book: typed(book, "B5", None))

    [problem] = problems(registry, tmp_path, file)

    assert "B5 is empty" in problem


LESION: Final = {"region": "spine", "kind": "romanus", "location": "T7/8", "verdict A to B": "resolution"}


def one_lesion(registry: Registry, folder: Path, **said: str | None) -> Path:
    """The file of R1, who sees one lesion in each pair."""
    started(registry, folder, method=f'"{PAIRED_LESIONS}"')
    lesion = {**LESION, **{name.replace("_", " "): word for name, word in said.items()}}
    return fill(sheet_of(registry, folder), lambda asked: lesion[asked.column] if asked.row == "1" else None)


def test_a_verdict_is_turned_round_where_the_later_study_was_shown_first(registry: Registry, tmp_path: Path) -> None:
    file = one_lesion(registry, tmp_path)

    assert imported(registry, tmp_path, file).events == 2

    letters = {study: letter for case in cases(registry, tmp_path) if case.reader == "R1"
               for study, letter in case.letters.items()}  # fmt: skip
    for earlier, later in (("MR-0001", "MR-0002"), ("MR-0011", "MR-0012")):
        [version] = registry.history(f"lesion/{earlier}/{later}/R1/1")
        assert version.statement is not None
        expected = "resolution" if letters[earlier] == "A" else "new"
        assert version.statement["verdict"] == expected
        assert (version.statement["session"], version.statement["location"]) == (NAME, "T7/8")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "subchondral"}, "subchondral is no kind of spine lesion"),
        ({"kind": "cyst"}, "'cyst' is not in the list"),
        ({"region": None}, "region is empty; choose one, or clear the row"),
        ({"verdict_A_to_B": None}, "verdict A to B is empty"),
        ({"verdict_A_to_B": "gone"}, "'gone' is not in the list; choose resolution, improvement"),
        ({"location": "T7/8\nand T8/9"}, "location"),
    ],
)
def test_a_lesion_that_cannot_be_is_refused(
    registry: Registry, tmp_path: Path, said: dict[str, str | None], why: str
) -> None:
    found = problems(registry, tmp_path, one_lesion(registry, tmp_path, **said))

    assert len(found) == 2
    assert all(why in problem for problem in found), found


def test_another_list_of_lesions_is_a_second_reading(registry: Registry, tmp_path: Path) -> None:
    file = one_lesion(registry, tmp_path)
    imported(registry, tmp_path, file)
    with given.nothing_recorded(registry):
        imported(registry, tmp_path, file)

    def one_more(book: Workbook) -> None:
        sheet = first_case(book)
        for column, word in enumerate(LESION.values(), 2):
            sheet.cell(header_of(sheet) + 2, column).value = word

    assert "this case was read otherwise before" in problems(registry, tmp_path, edit(file, one_more))[0]


def test_sheets_are_no_way_round_what_may_be_recorded(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)
    registry.end_follow_up("BAR1-02", ended_on="2014-05-05", reason="withdrawn")

    found = problems(registry, tmp_path, file)

    assert len(found) == 1
    assert "consent" in found[0]


def test_a_reading_that_was_retracted_can_be_recorded_anew(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    file = read_by(registry, tmp_path)
    imported(registry, tmp_path, file)
    fact = f"reading/MR-0001/R1/berlin/{NAME}"
    registry.retract(fact, reason="the wrong images were shown")

    assert imported(registry, tmp_path, file).events == 1
    assert registry.history(fact)[-1].event == "ReadingRecorded"


def test_a_refusal_is_one_that_a_person_can_mend(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    read(registry, "MR-0001")

    with pytest.raises(RegistryError, match="nothing was stored: 1 problem in the batch"):
        imported(registry, tmp_path, read_by(registry, tmp_path))
