"""Hostile workbooks: what their ZIP says of their parts."""

from __future__ import annotations

import struct
import warnings
import zlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from tests.faults.hostile.kinds import hostile
from tests.faults.hostile.workbooks import FIRST_ROW, SECOND_ROW, packed, parts


def _sound(folder: Path) -> Path:
    return packed(folder, parts(FIRST_ROW + SECOND_ROW))


@hostile("XLSX: a part of 2.5 GiB", "batch.xlsx:1: 2,684,3", is_large=True)
def bomb(folder: Path) -> None:
    with (
        ZipFile(_sound(folder), "a", ZIP_DEFLATED, compresslevel=1) as book,
        book.open("xl/a.png", "w", force_zip64=True) as part,
    ):
        for _ in range(160):
            part.write(bytes(2**24))


@hostile("XLSX: a part of a GiB that says it is small", "batch.xlsx:1: not readable as an XLSX workbook", is_large=True)
def lying_bomb(folder: Path) -> None:
    place = _sound(folder)
    with ZipFile(place, "a", ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("xl/a.png", bytes(2**29))
    place.write_bytes(place.read_bytes().replace(struct.pack("<I", 2**29), struct.pack("<I", 100)))


@hostile("XLSX: members that overlap", "batch.xlsx:1:", is_large=True)
def overlapping(folder: Path) -> None:
    """Write a thousand entries of the table of contents that have one member's bytes."""
    place = _sound(folder)
    with ZipFile(place, "a", ZIP_DEFLATED) as book:
        book.writestr("xl/a0000.png", bytes(2**20))
    content = place.read_bytes()
    end = content.rindex(b"PK\x05\x06")
    begin = struct.unpack("<I", content[end + 16 : end + 20])[0]
    entry = content[content.rindex(b"PK\x01\x02") : end]
    others = b"".join(entry.replace(b"a0000", b"a%04d" % number) for number in range(1, 1_020))
    number = struct.unpack("<H", content[end + 10 : end + 12])[0] + 1_019
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, number, number, end - begin + len(others), begin, 0)
    place.write_bytes(content[:end] + others + tail)


@hostile("XLSX: two parts of one name", "batch.xlsx:1: two parts of one name")
def doubled(folder: Path) -> None:
    with ZipFile(_sound(folder), "a") as book, warnings.catch_warnings(action="ignore"):
        book.writestr("XL/worksheets/sheet1.xml", b"<worksheet/>")


@hostile("XLSX: 20,000 parts", "batch.xlsx:1: 20,0")
def many_parts(folder: Path) -> None:
    with ZipFile(_sound(folder), "a", ZIP_STORED) as book:
        for number in range(20_000):
            book.writestr(f"x{number}", b"")


@hostile("XLSX: encrypted", "batch.xlsx:1: not readable as an XLSX workbook")
def encrypted(folder: Path) -> None:
    place = _sound(folder)
    content = bytearray(place.read_bytes())
    for begin, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(begin)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(begin, at + 4)
    place.write_bytes(content)


@hostile("XLSX: an old workbook that is encrypted whole", "batch.xlsx:1: not readable as an XLSX workbook")
def encrypted_whole(folder: Path) -> None:
    (folder / "batch.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_096))


@hostile("XLSX: sizes beyond 4 GiB in ZIP64", "batch.xlsx:1: ")
def zip64(folder: Path) -> None:
    place = _sound(folder)
    entry = ZipInfo("xl/a.png")
    with ZipFile(place, "a") as book:
        book.writestr(entry, b"x" * 100)
    content = place.read_bytes()
    at = content.rindex(b"PK\x01\x02")
    extra = struct.pack("<HHQQ", 1, 16, 2**62, 2**62)
    header = bytearray(content[at : at + 46])
    header[20:28] = b"\xff" * 8
    header[30:32] = struct.pack("<H", len(extra))
    end = content.rindex(b"PK\x05\x06")
    tail = bytearray(content[end:])
    tail[12:16] = struct.pack("<I", struct.unpack("<I", tail[12:16])[0] + len(extra))
    place.write_bytes(content[:at] + header + content[at + 46 : end] + extra + tail)


@hostile("XLSX: a table of contents that says it is 4 GiB", "batch.xlsx:1: not readable as an XLSX workbook")
def long_contents(folder: Path) -> None:
    place = _sound(folder)
    content = bytearray(place.read_bytes())
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = b"\xfe\xff\xff\xff"
    place.write_bytes(content)


@hostile("XLSX: a wrong checksum", "batch.xlsx:1: not readable as an XLSX workbook")
def wrong_checksum(folder: Path) -> None:
    place = _sound(folder)
    with ZipFile(place, "a") as book:
        book.writestr("xl/a.png", b"x" * 100)
    checksum = struct.pack("<I", zlib.crc32(b"x" * 100))
    place.write_bytes(place.read_bytes().replace(checksum, b"\x01\x02\x03\x04"))


@hostile("XLSX: no sheets that anybody knows", "batch.xlsx:1: xl/workbook.xml: no sheets")
def strange_namespace(folder: Path) -> None:
    named = parts(FIRST_ROW + SECOND_ROW)
    packed(folder, {**named, "xl/workbook.xml": named["xl/workbook.xml"].replace(b"spreadsheetml", b"spreadsheet")})


@hostile("XLSX: a sheet that nobody knows", "batch.xlsx!patients:1: a sheet of an unknown kind")
def strange_sheet(folder: Path) -> None:
    named = parts(FIRST_ROW + SECOND_ROW)
    sheet = named["xl/worksheets/sheet1.xml"].replace(b"spreadsheetml", b"spreadsheet")
    packed(folder, {**named, "xl/worksheets/sheet1.xml": sheet})
