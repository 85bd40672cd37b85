"""Sheets of a workbook that are alike but for their first two rows: one is written whole, the others are copies of it.

The sheets of cases have thousands of cells each, and a reader gets thousands of sheets; to write every cell takes most
of the time. Texts and formats are kept once a workbook, so that a copy refers to the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PART: Final = "xl/worksheets/sheet{}.xml"
NO_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say
DATA, ROW_ENDS = b"<sheetData>", b"</row>"


class _Sheet(NamedTuple):
    """The part of a sheet: what stands before its first row, its first two rows, and the rest."""

    head: bytes
    title: bytes
    rest: bytes


def with_copies(written: IO[bytes], file: IO[bytes], like: Mapping[int, int]) -> None:
    """Write a workbook in which some sheets have only their first two rows, with the rest of the sheet they are like.

    `like` has the number of the whole sheet by that of the other, from 1.
    """
    with ZipFile(written) as parts, ZipFile(file, "w", ZIP_DEFLATED) as made:
        whole = {number: _split(parts.read(PART.format(number))) for number in set(like.values())}
        copied = {PART.format(number): whole[other] for number, other in like.items()}
        for name in parts.namelist():
            content = parts.read(name)
            if name in copied:
                content = copied[name].head + _split(content).title + copied[name].rest
            made.writestr(ZipInfo(name, NO_TIME), content, ZIP_DEFLATED)


def _split(part: bytes) -> _Sheet:
    begin = part.index(DATA) + len(DATA)
    end = part.index(ROW_ENDS, part.index(ROW_ENDS, begin) + 1) + len(ROW_ENDS)
    return _Sheet(part[:begin], part[begin:end], part[end:])
