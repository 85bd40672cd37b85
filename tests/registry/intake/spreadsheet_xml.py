"""Workbooks made by hand: a ZIP of the XML that the test writes."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from registry.intake.workbooks import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
BOOK = f"""<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets>
<sheet name="patients" sheetId="1" r:id="rId1"/></sheets></workbook>"""
LINKS = f"""<Relationships xmlns="{RELATIONS}">
<Relationship Id="rId1" Type="{RELATION}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{RELATION}/sharedStrings" Target="sharedStrings.xml"/>
<Relationship Id="rId3" Type="{RELATION}/styles" Target="styles.xml"/></Relationships>"""
ROOT = f"""<Relationships xmlns="{RELATIONS}">
<Relationship Id="rId1" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""


def sheet(rows: str) -> str:
    """The part of a sheet with these rows."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def shared(texts: str) -> str:
    """The part of the shared texts."""
    return f'<sst xmlns="{MAIN}">{texts}</sst>'


def workbook(folder: Path, rows: str = "", **parts: str | bytes | None) -> Path:
    """Write a workbook of a sheet `patients`; parts, by path or short name, replace the usual ones, None leaves out."""
    contents: dict[str, str | bytes | None] = {
        "_rels/.rels": ROOT,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": LINKS,
        "xl/worksheets/sheet1.xml": sheet(rows),
        **{PATHS.get(name, name): content for name, content in parts.items()},
    }
    with ZipFile(folder / "cohort.xlsx", "w", ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in contents.items():
            if content is not None:
                packed.writestr(name, content)
    return folder / "cohort.xlsx"


PATHS = {
    "book": "xl/workbook.xml",
    "links": "xl/_rels/workbook.xml.rels",
    "root": "_rels/.rels",
    "first": "xl/worksheets/sheet1.xml",
    "texts": "xl/sharedStrings.xml",
    "styles": "xl/styles.xml",
}


def read(path: Path, name: str = "patients") -> list[tuple[int, list[str]]]:
    """What a sheet says: the number and the cells of each row."""
    return [(line.number, list(line.cells)) for line in Workbook(path).lines(name)]
