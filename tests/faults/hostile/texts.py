"""Hostile CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.faults.hostile.kinds import hostile

HEADER: Final = b"patient,enrolled_on,centre\n"
ROW: Final = b"P-1,2020-01-01,C1\n"
MIB: Final = 2**20


def _patients(folder: Path, *pieces: bytes) -> None:
    with (folder / "patients.csv").open("wb") as file:
        file.writelines(pieces)


@hostile("CSV: one line of a GiB of zeros", "patients.csv:1: a NUL byte")
def gibibyte_of_zeros(folder: Path) -> None:
    with (folder / "patients.csv").open("wb") as file:
        file.truncate(2**30)


@hostile("CSV: one line of 100 MiB", "patients.csv:2: a line of 16,000,000 characters or more")
def long_line(folder: Path) -> None:
    _patients(folder, HEADER, *([b"x" * MIB] * 100))


@hostile("CSV: a line of characters of four bytes", "patients.csv:2: a line of 16,000,000 characters or more")
def wide_line(folder: Path) -> None:
    _patients(folder, HEADER, *(["😀".encode() * MIB] * 16))


@hostile("CSV: a row over a hundred quoted lines", "patients.csv:2: a row of 16,")
def row_of_long_lines(folder: Path) -> None:
    _patients(folder, HEADER, b'P-1,2020-01-01,"', *([b"x" * (MIB // 2) + b'","\n'] * 100))


@hostile("CSV: a row over millions of quoted lines", "patients.csv:2: a ")
def row_of_many_lines(folder: Path) -> None:
    _patients(folder, HEADER, b'P-1,2020-01-01,"', *([b"x\n" * MIB] * 20))


@hostile("CSV: a quote that is never closed", "patients.csv:3: the quote that opens in this row is never closed")
def open_quote(folder: Path) -> None:
    _patients(folder, HEADER, ROW, b'P-2,2020-01-01,"C1\n', b"P-3,2020-01-01,C1\n" * 1000)


@hostile("CSV: a quote that opens in the last cell", "patients.csv:3: the quote that opens in this row is never closed")
def open_quote_at_the_end(folder: Path) -> None:
    _patients(folder, HEADER, ROW, b'P-2,2020-01-01,"')


@hostile("CSV: text after a quote", "patients.csv:3: text after a closing quote")
def text_after_a_quote(folder: Path) -> None:
    _patients(folder, HEADER, ROW, b'P-2,2020-01-01,"C"1\n', b"P-3,2020-01-01,C1\n")


@hostile("CSV: a NUL in the last row", "patients.csv:3: a NUL byte")
def nul(folder: Path) -> None:
    _patients(folder, HEADER, ROW, b"P-2,2020-01-01,C\0\n")


@hostile("CSV: lines that end with a carriage return", "stored")
def carriage_returns(folder: Path) -> None:
    _patients(folder, HEADER.replace(b"\n", b"\r"), ROW.replace(b"\n", b"\r"), b"P-2,2020-01-01,C1")


@hostile("CSV: two encodings", "patients.csv:3: byte 0xfc at place 17 of the line is not UTF-8")
def two_encodings(folder: Path) -> None:
    _patients(folder, HEADER, "P-1,2020-01-01,Würzburg\n".encode(), "P-2,2020-01-01,Würzburg\n".encode("latin-1"))


@hostile("CSV: UTF-16", "patients.csv:1: byte 0xff at place 1 of the line is not UTF-8")
def utf_16(folder: Path) -> None:
    _patients(folder, (HEADER + ROW).decode().encode("utf-16"))


@hostile("CSV: two byte order marks", "patients.csv:1:")
def two_marks(folder: Path) -> None:
    _patients(folder, b"\xef\xbb\xbf" * 2, HEADER, ROW)


@hostile("CSV: a byte order mark within", "patients.csv:3:patient:")
def mark_within(folder: Path) -> None:
    _patients(folder, HEADER, ROW, b"\xef\xbb\xbfP-2,2020-01-01,C1\n")


@hostile("CSV: 20,000 columns", "patients.csv:1: 20,000 columns; a table has at most 2,000")
def many_columns(folder: Path) -> None:
    _patients(folder, b"patient,enrolled_on" + b",x" * 19_998 + b"\n", b"P-1,2020-01-01" + b"," * 19_998)


@hostile("CSV: a header of a million letters", "patients.csv:1:")
def long_header(folder: Path) -> None:
    _patients(folder, b"patient,enrolled_on," + b"[" * 1_000_000 + b"\n", ROW)


@hostile("CSV: comments without end", "patients.csv:1: no header row", is_large=True)
def comments(folder: Path) -> None:
    _patients(folder, *([b"# x\n" * MIB] * 10))


@hostile("CSV: 100,000 refused rows", "patients.csv:2:enrolled_on:")
def many_problems(folder: Path) -> None:
    _patients(folder, HEADER, *(b"P-%d,2020-02-30,C1\n" % number for number in range(100_000)))


@hostile("CSV: three million refused rows of long texts", "patients.csv:2:", is_large=True)
def too_many_problems(folder: Path) -> None:
    _patients(folder, HEADER, *(b"P-%d,2020-02-30,%s\n" % (number, b"x" * 1_500) for number in range(100_000)))
    with (folder / "visits.csv").open("wb") as file:
        file.write(b"patient,visited_on,crp\n")
        file.writelines(b"P-%d,2020-02-30,abc\n" % number for number in range(3_000_000))


@hostile("CSV: places that no method has", "imaging.csv:1: no header row", is_large=True)
def strange_places(folder: Path) -> None:
    _patients(folder, HEADER, ROW)
    (folder / "imaging.csv").write_bytes(b"")
    with (folder / "readings.csv").open("wb") as file:
        file.write(b"study,reader,method,location,grade\n")
        file.writelines(b"MR-1,R1,berlin,%0900d,1\n" % number for number in range(200_000))


@hostile("CSV: 2,000 cells of 1 MB, each another", "patients.csv:2:centre:", is_large=True)
def long_cells(folder: Path) -> None:
    _patients(folder, HEADER, *(b"P-1,2020-01-01,%d%s\n" % (number, b"x" * 990_000) for number in range(2_000)))


@hostile("CSV: a list of 500,000 words", "patients.csv:2:criteria:")
def many_words(folder: Path) -> None:
    _patients(folder, b"patient,enrolled_on,criteria\n", b"P-1,2020-01-01," + b"x;" * 499_000)


@hostile("CSV: a number of a million digits", "visits.csv:2:crp:")
def long_number(folder: Path) -> None:
    _patients(folder, HEADER, ROW)
    (folder / "visits.csv").write_bytes(b"patient,visited_on,crp\nP-1,2020-01-15," + b"9" * 999_999)
