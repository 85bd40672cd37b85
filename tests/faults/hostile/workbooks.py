"""Hostile workbooks: what their sheets and texts say."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from tests.faults.hostile.kinds import hostile

MAIN: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
IDS: Final = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
PACKAGE: Final = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FIRST_ROW: Final = "<row><c t='str'><v>patient</v></c><c t='str'><v>enrolled_on</v></c></row>"
SECOND_ROW: Final = "<row><c t='str'><v>P-1</v></c><c t='str'><v>2020-01-01</v></c></row>"


def parts(rows: str, *, styles: str = "", shared: str = "", before: str = "", sheets: str = "") -> dict[str, bytes]:
    """Return the parts of a workbook of one sheet, `patients`."""
    sheets = sheets or "<sheet name='patients' r:id='r1'/>"
    return {
        "_rels/.rels": f"<Relationships {PACKAGE}><Relationship Id='a' Type='{OFFICE}/officeDocument' "
        "Target='xl/workbook.xml'/></Relationships>".encode(),
        "xl/workbook.xml": f"<workbook {MAIN} {IDS}><sheets>{sheets}</sheets></workbook>".encode(),
        "xl/_rels/workbook.xml.rels": f"<Relationships {PACKAGE}><Relationship Id='r1' Type='{OFFICE}/worksheet' "
        "Target='worksheets/sheet1.xml'/></Relationships>".encode(),
        "xl/styles.xml": f"<styleSheet {MAIN}>{styles}</styleSheet>".encode(),
        "xl/sharedStrings.xml": f"<sst {MAIN}>{shared}</sst>".encode(),
        "xl/worksheets/sheet1.xml": f"{before}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode(),
    }


def packed(folder: Path, named: dict[str, bytes]) -> Path:
    """Write parts as a workbook."""
    place = folder / "batch.xlsx"
    with ZipFile(place, "w", ZIP_DEFLATED) as book:
        for name, content in named.items():
            book.writestr(name, content)
    return place


@hostile("XLSX: a text of 1 MB in 20,000 cells", "batch.xlsx!patients:102: cell A102")
def shared_text(folder: Path) -> None:
    cells = "<row>" + "<c t='s'><v>0</v></c>" * 10 + "</row>"
    text = f"<si><t>{'x' * 1_000_000}</t></si>"
    packed(folder, parts(FIRST_ROW + SECOND_ROW + cells * 2_000, shared=text))


@hostile("XLSX: a text of 1,000 letters in a million cells", "batch.xlsx!patients:3:", is_large=True)
def shared_texts(folder: Path) -> None:
    cells = "<row>" + "<c t='s'><v>0</v></c>" * 2 + "</row>"
    packed(folder, parts(FIRST_ROW + SECOND_ROW + cells * 500_000, shared=f"<si><t>{'x' * 1_000}</t></si>"))


@hostile("XLSX: shared texts of 100 MB", "batch.xlsx:1:", is_large=True)
def many_shared_texts(folder: Path) -> None:
    packed(folder, parts(FIRST_ROW + SECOND_ROW, shared=f"<si><t>{'😀' * 250_000}</t></si>" * 400))


@hostile("XLSX: shared texts of four-byte letters up to the limit", "stored", is_large=True)
def wide_shared_texts(folder: Path) -> None:
    packed(folder, parts(FIRST_ROW + SECOND_ROW, shared=f"<si><t>{'😀' * 32}</t></si>" * 1_000_000))


@hostile("XLSX: an element of 60,000 attributes", "batch.xlsx!patients:1:")
def many_attributes(folder: Path) -> None:
    attributes = " ".join(f"a{number}=''" for number in range(60_000))
    packed(folder, parts(f"<row><c {attributes}/></row>"))


@hostile("XLSX: 60,000 attributes in a comment", "stored")
def attributes_in_a_comment(folder: Path) -> None:
    attributes = " ".join(f"a{number}=''" for number in range(60_000))
    packed(folder, parts(f"<!-- <row {attributes} -->" + FIRST_ROW + SECOND_ROW))


@hostile("XLSX: a reference of a million letters", "batch.xlsx!patients:1: a cell of the reference")
def long_reference(folder: Path) -> None:
    packed(folder, parts(FIRST_ROW + f"<row><c r='{'A' * 1_000_000}' t='str'><v>x</v></c></row>"))


@hostile("XLSX: 200,000 rows in a comment", "stored")
def rows_in_a_comment(folder: Path) -> None:
    packed(folder, parts("<!--" + "<row>" * 200_000 + "-->" + FIRST_ROW + SECOND_ROW))


@hostile("XLSX: a row of the number 9…9 of 5,000 digits", "batch.xlsx!patients:2: a row of the number")
def long_row_number(folder: Path) -> None:
    packed(folder, parts(FIRST_ROW + f"<row r='{'9' * 5_000}'><c t='str'><v>x</v></c></row>"))


@hostile("XLSX: a cell behind the last of Excel", "batch.xlsx!patients:")
def cell_behind_the_last(folder: Path) -> None:
    packed(folder, parts(FIRST_ROW + "<row><c r='XFD1048577' t='str'><v>x</v></c></row>"))


@hostile("XLSX: styles that are not there", "batch.xlsx!patients:2:enrolled_on: '43831'")
def strange_styles(folder: Path) -> None:
    cells = "".join(f"<c s='{style}'><v>43831</v></c>" for style in ("-1", "9" * 5_000))
    packed(folder, parts(FIRST_ROW + f"<row>{cells}</row>"))


@hostile("XLSX: a day of 1e308", "batch.xlsx!patients:2:enrolled_on:")
def far_day(folder: Path) -> None:
    styles = "<cellXfs><xf numFmtId='14'/></cellXfs>"
    packed(folder, parts(FIRST_ROW + "<row><c t='str'><v>P-1</v></c><c s='0'><v>1e308</v></c></row>", styles=styles))


@hostile("XLSX: a format of a million brackets", "stored")
def long_format(folder: Path) -> None:
    code = "[" * 500_000 + "&quot;\\" * 100_000
    styles = f"<numFmts><numFmt numFmtId='200' formatCode='{code}'/></numFmts><cellXfs><xf numFmtId='200'/></cellXfs>"
    packed(folder, parts(FIRST_ROW + SECOND_ROW, styles=styles))


@hostile("XLSX: entities within entities", "batch.xlsx!patients:1: xl/worksheets/sheet1.xml: declares a document type")
def laughs(folder: Path) -> None:
    named = "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(1, 10))
    before = f"<!DOCTYPE x [<!ENTITY a1 'ha'>{named}]>"
    packed(folder, parts(FIRST_ROW + "<row><c t='str'><v>&a10;</v></c></row>", before=before))


@hostile("XLSX: an entity of a file", "batch.xlsx!patients:1: xl/worksheets/sheet1.xml: declares a document type")
def foreign_entity(folder: Path) -> None:
    before = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
    packed(folder, parts(FIRST_ROW + "<row><c t='str'><v>&a;</v></c></row>", before=before))


@hostile("XLSX: a sheet in UTF-16", "stored")
def sheet_in_utf_16(folder: Path) -> None:
    named = parts(FIRST_ROW + SECOND_ROW)
    sheet = named["xl/worksheets/sheet1.xml"].decode()
    packed(
        folder,
        {**named, "xl/worksheets/sheet1.xml": f"<?xml version='1.0' encoding='UTF-16'?>{sheet}".encode("utf-16")},
    )


@hostile("XLSX: a sheet in UTF-7", "batch.xlsx!patients:1: xl/worksheets/sheet1.xml: ")
def sheet_in_utf_7(folder: Path) -> None:
    named = parts(FIRST_ROW + SECOND_ROW)
    sheet = named["xl/worksheets/sheet1.xml"].decode()
    packed(
        folder, {**named, "xl/worksheets/sheet1.xml": f"<?xml version='1.0' encoding='UTF-7'?>{sheet}".encode("utf-7")}
    )


@hostile("XLSX: a tag of 100 MB", "batch.xlsx!patients:1: xl/worksheets/sheet1.xml: a tag or comment of")
def long_tag(folder: Path) -> None:
    packed(folder, parts(f"<row a='{'x' * 100_000_000}'/>"))


@hostile("XLSX: elements a million deep", "batch.xlsx!patients:1: xl/worksheets/sheet1.xml:")
def deep(folder: Path) -> None:
    packed(folder, parts("<x>" * 1_000_000))


@hostile("XLSX: sheets by the thousand in one part", "batch.xlsx:1: two sheets in one part")
def one_part_for_all(folder: Path) -> None:
    sheets = "".join(f"<sheet name='x{number}' r:id='r1'/>" for number in range(10_000))
    packed(folder, parts(" " * 100_000_000, sheets=sheets))


@hostile("XLSX: a sheet of 255 MiB of empty elements", "batch.xlsx!patients:1: no header row", is_large=True)
def empty_elements(folder: Path) -> None:
    packed(folder, parts("<x/>" * (255 * 2**18)))


@hostile("XLSX: a sheet of 255 MiB of empty cells", "batch.xlsx!patients:", is_large=True)
def empty_cells(folder: Path) -> None:
    packed(folder, parts(("<row>" + "<c/>" * 1_900 + "</row>") * (255 * 2**20 // 7_613)))


@hostile("XLSX: a sheet of 255 MiB of empty rows", "batch.xlsx!patients:1048577: 1,048,577 rows", is_large=True)
def empty_rows(folder: Path) -> None:
    packed(folder, parts("<row/>" * (255 * 2**20 // 6)))
