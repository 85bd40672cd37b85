"""Files broken at random, byte by byte: what a disk, a mail program, an editor or somebody clever may make of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

WORDS: Final = (
    b"\0", b'"', b'""', b"'", b",", b";", b"\t", b"\r", b"\n", b"\r\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"#",
    b"=1+1", b"@", b"-", b"NaN", b"1e400", b"-0", b"2003-02-30", b"9999-12-31", b"0000-00-00", b"../../x", b"'; DROP",
    b"\xe2\x80\xae", b"\xd8\xa7", b"<", b">", b"<5", b"[mg/dl]", b"[", b"]", b"<c>", b"</c>", b"<row>", b"&amp;",
    b"XFD1048576", b"PAR1", b"PK\x03\x04", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b" " * 300,
)  # fmt: skip

TABLES: Final = {
    "patients": "patient,enrolled_on,centre,sex,birth_year,criteria\n"
    "P-1,2020-01-01,C1,female,1985,mNY;ASAS-axSpA\nP-2,2020-01-02,Würzburg,male,1970,\n",
    "visits": "patient,visited_on,visit,crp [mg/dl],basdai_1,esr\nP-1,2020-01-15,baseline,<0.5,6,12\n"
    'P-1,2020-04-15,"week ""12""",2.4,,\nP-2,2020-01-20,baseline,1,3.5,8\n',
    "imaging": "study,patient,performed_on,modality,regions\nMR-1,P-1,2020-02-01,MRI,spine;sij\n",
    "readings": "study,reader,method,location,grade\n"
    "MR-1,R1,berlin,C2/3,1\nMR-1,R1,berlin,C3/4,0\nMR-1,R1,berlin,C4/5,\n",
    "treatments": "patient,agent,started_on,stopped_on,dose,dose_unit\nP-1,adalimumab,2020-02,2020-05-01,40,mg\n",
}


def csv_files() -> dict[str, bytes]:
    """Return a sound batch as CSV files, by name."""
    return {f"{name}.csv": text.encode() for name, text in TABLES.items()}


def parquet_files() -> dict[str, bytes]:
    """Return the same batch as Parquet files, typed as Arrow guesses."""
    return {f"{name}.parquet": _parquet(text) for name, text in TABLES.items()}


def workbooks() -> dict[str, bytes]:
    """Return the same batch as a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in TABLES.items():
        sheet = book.create_sheet(name)
        for row in text.splitlines():
            sheet.append(row.replace('"', "").split(","))
    content = io.BytesIO()
    book.save(content)
    return {"batch.xlsx": content.getvalue()}


SOUND: Final[dict[str, Callable[[], dict[str, bytes]]]] = {
    "CSV": csv_files,
    "XLSX": workbooks,
    "Parquet": parquet_files,
}


ELEMENTS: Final = (  # that may stand anywhere in a sheet, and say another thing there
    b'<c t="str"><v>more</v></c>', b'<c r="K2" t="str"><v>far</v></c>', b'<row r="2"/>', b"<!-- <row/> -->",
    b'<row><c t="str"><v>P-1</v></c></row>', b'<row r="1"><c t="str"><v>P-9</v></c></row>', b"<v>1</v>",
)  # fmt: skip


def broken(files: dict[str, bytes], random: Random) -> dict[str, bytes]:
    """Return the files with one of them changed; of a workbook its bytes, or the text of one of its parts."""
    name = random.choice(sorted(files))
    change = _broken_part if name.endswith(".xlsx") and random.random() < 0.7 else _broken_bytes
    return {**files, name: change(files[name], random)}


def _broken_part(workbook: bytes, random: Random) -> bytes:
    with ZipFile(io.BytesIO(workbook)) as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    name = random.choice(sorted(contents))
    is_sheet = b"</row>" in contents[name]
    change = _with_an_element if is_sheet and random.random() < 0.4 else _broken_bytes
    contents[name] = change(contents[name], random)
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as parts:
        for name, content in contents.items():
            parts.writestr(name, content)
    return packed.getvalue()


def _with_an_element(sheet: bytes, random: Random) -> bytes:
    """Return a sheet with one element more, before another or after the last of a row."""
    before = random.choice((b"<row", b"<c ", b"</row>"))
    pieces = sheet.split(before)
    place = random.randrange(1, len(pieces))
    return before.join(pieces[:place]) + random.choice(ELEMENTS) + before + before.join(pieces[place:])


def _broken_bytes(content: bytes, random: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(random.choice((1, 1, 1, 2, 4, 16))):
        place, length = random.randrange(len(changed) + 1), random.choice((1, 1, 2, 8, 64))
        match random.randrange(7):
            case 0:
                changed[place : place + 1] = bytes([random.randrange(256)])
            case 1:
                del changed[place : place + length]
            case 2:
                changed[place:place] = changed[place : place + length]
            case 3:
                changed[place:place] = random.choice(WORDS)
            case 4:
                changed[place : place + length] = random.choice(WORDS)
            case 5:
                other = random.randrange(len(changed) + 1)
                changed[place : place + length] = changed[other : other + length]
            case 6:
                del changed[place if random.random() < 0.2 else len(changed) :]
    return bytes(changed)


def _parquet(text: str) -> bytes:
    table = pc.read_csv(io.BytesIO(text.encode()))
    content = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(None), content, compression="zstd" if len(table) > 2 else "none")
    assert pa.types.is_string(table.schema.field(0).type)
    return content.getvalue()
