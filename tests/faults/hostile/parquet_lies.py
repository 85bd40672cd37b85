"""Hostile Parquet files that no library writes: made byte by byte, so that they can lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from tests.faults.hostile.kinds import hostile


class Long(int):
    """A whole number of 64 bits; all others have 32."""


TEXT: Final = 6
UNCOMPRESSED, ZSTD = 0, 6


def compact(fields: dict[int, object]) -> bytes:
    """Return a structure in Thrift's compact protocol; `Long` numbers have 64 bits, others 32."""
    written, last = b"", 0
    for number, value in sorted(fields.items()):
        written += bytes([(number - last) << 4 | _kind(value)]) + _value(value)
        last = number
    return written + b"\0"


def _kind(value: object) -> int:
    return {int: 5, Long: 6, bytes: 8, list: 9, dict: 12}[type(value)]


def _value(value: object) -> bytes:
    match value:
        case int():
            return _varint(value << 1 if value >= 0 else -value * 2 - 1)
        case bytes():
            return _varint(len(value)) + value
        case list():
            kind = _kind(value[0]) if value else 12
            return bytes([0xF0 | kind]) + _varint(len(value)) + b"".join(map(_value, value))
        case dict():
            return compact(value)
    raise TypeError


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def _column(name: bytes, at: int, size: int, *, rows: int, codec: int) -> dict[int, Any]:
    described = {1: TEXT, 2: [0], 3: [name], 4: codec, 5: Long(rows), 6: Long(100), 7: Long(size), 9: Long(at)}
    return {2: Long(at), 3: described}


def _page(content: bytes, *, values: int, unpacked: int | None = None) -> bytes:
    """Return a page of plain texts that are all there."""
    data = {1: values, 2: 0, 3: 3, 4: 3}
    return compact({1: 0, 2: len(content) if unpacked is None else unpacked, 3: len(content), 5: data}) + content


def _texts(*texts: bytes) -> bytes:
    return b"".join(len(text).to_bytes(4, "little") + text for text in texts)


def _written(
    folder: Path,
    pages: dict[bytes, bytes],
    *,
    rows: int,
    group_rows: int | None = None,
    codec: int = UNCOMPRESSED,
    histogram: list[Long] | None = None,
) -> None:
    """Write `patients.parquet` of required text columns, a page each."""
    content, columns = b"PAR1", []
    for name, page in pages.items():
        columns.append(_column(name, len(content), len(page), rows=rows, codec=codec))
        if histogram:
            columns[-1][3][16] = {3: histogram}
        content += page
    schema: list[object] = [{4: b"schema", 5: len(pages)}, *({1: TEXT, 3: 0, 4: name, 6: 0} for name in pages)]
    group = {1: columns, 2: Long(100), 3: Long(rows if group_rows is None else group_rows)}
    footer = compact({1: 1, 2: schema, 3: Long(rows), 4: [group]})
    (folder / "patients.parquet").write_bytes(content + footer + len(footer).to_bytes(4, "little") + b"PAR1")


SOUND: Final = {
    b"patient": _page(_texts(b"P-1", b"P-2"), values=2),
    b"enrolled_on": _page(_texts(b"2020-01-01", b"2020-01-02"), values=2),
}


@hostile("Parquet: made byte by byte", "stored")
def sound(folder: Path) -> None:
    _written(folder, SOUND, rows=2)


@hostile("Parquet: a histogram of another length", "patients.parquet:1: not readable as Parquet (")
def long_histogram(folder: Path) -> None:
    """Write what Arrow answers by ending the process, where it is asked for a column's description."""
    _written(folder, SOUND, rows=2, histogram=[Long(1), Long(1)])


@hostile("Parquet: says that it has 2⁶² rows", "patients.parquet:1: 4,611,686,018,427,387,904 rows")
def many_rows(folder: Path) -> None:
    _written(folder, SOUND, rows=2**62)


@hostile("Parquet: says that it has one row more", "patients.parquet:")
def one_more(folder: Path) -> None:
    _written(folder, SOUND, rows=3)


@hostile(
    "Parquet: says that it has one row less than its row groups", "patients.parquet:1: not readable as Parquet (1 r"
)
def one_less(folder: Path) -> None:
    _written(folder, SOUND, rows=1, group_rows=2)


@hostile("Parquet: a page of a GiB that its footer calls small", "patients.parquet:1: 1,073,7", is_large=True)
def lying_page(folder: Path) -> None:
    content = _texts(b"x" * (2**30 - 4))
    packed = pa.Codec("zstd").compress(content, asbytes=True)
    text = compact({1: 0, 2: 2**30, 3: len(packed), 5: {1: 1, 2: 0, 3: 3, 4: 3}}) + packed
    small = {name: _zstd(page) for name, page in ((b"patient", b"P-1"), (b"enrolled_on", b"2020-01-01"))}
    _written(folder, {**small, b"centre": text}, rows=1, codec=ZSTD)


def _zstd(text: bytes) -> bytes:
    content = _texts(text)
    return _page(pa.Codec("zstd").compress(content, asbytes=True), values=1, unpacked=len(content))


@hostile("Parquet: a page that says it unpacks to 2 GiB", "patients.parquet:1: 2,147,4")
def page_of_two_gibibytes(folder: Path) -> None:
    _written(folder, {**SOUND, b"centre": _page(_texts(b"C1", b"C2"), values=2, unpacked=2**31 - 1)}, rows=2)


@hostile("Parquet: a page of 2³¹ texts", "patients.parquet:1: not readable as Parquet (a column of more")
def page_of_many_texts(folder: Path) -> None:
    _written(folder, {**SOUND, b"centre": _page(_texts(b"C1", b"C2"), values=2**31 - 1)}, rows=2)


@hostile("Parquet: a page of −1 bytes", "patients.parquet:1: not readable as Parquet (a page of less than nothing)")
def page_of_less_than_nothing(folder: Path) -> None:
    _written(folder, {**SOUND, b"centre": _page(_texts(b"C1", b"C2"), values=2, unpacked=-1)}, rows=2)


@hostile("Parquet: groups of columns 10,000 deep", "patients.parquet:1: ")
def deep_schema(folder: Path) -> None:
    schema = [{4: b"a", 5: 1}] * 10_000 + [{1: TEXT, 3: 0, 4: b"a", 6: 0}]
    footer = compact({1: 1, 2: schema, 3: Long(0), 4: []})
    (folder / "patients.parquet").write_bytes(b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1")


@hostile("Parquet: a footer of millions of row groups", "patients.parquet:1: a footer of more than 250,000 entries")
def many_empty_groups(folder: Path) -> None:
    groups = b"\x19\xfc" + _varint(4_000_000) + bytes(4_000_000)
    footer = compact({1: 1, 2: [{4: b"schema", 5: 0}], 3: Long(0)})[:-1] + groups + b"\0"
    (folder / "patients.parquet").write_bytes(b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1")


@hostile("Parquet: a footer that says it is 4 GiB", "patients.parquet:1: a footer of 4,294,967,295 bytes")
def long_footer(folder: Path) -> None:
    (folder / "patients.parquet").write_bytes(b"PAR1" + bytes(100) + b"\xff" * 4 + b"PAR1")


@hostile("Parquet: nothing", "patients.parquet:1: not readable as Parquet (it is empty)")
def nothing(folder: Path) -> None:
    (folder / "patients.parquet").touch()
