"""What a Parquet file would take to read: its rows, its pages and its texts, counted before Arrow unpacks any.

A few kilobytes can unpack to gigabytes: a page that is nearly all one byte, a text that a million rows share, rows that
are a repetition of one. What the footer says of pages need not be so: Arrow believes the headers of the pages, which
are read here one after the other, without what they hold.

The format is that of https://github.com/apache/parquet-format.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from registry.errors import UnreadableError
from registry.intake.lines import (
    COLUMNS_AT_MOST,
    FOOTER_AT_MOST,
    FOOTER_ENTRIES_AT_MOST,
    LIST_VALUES_AT_MOST,
    PAGES_AT_MOST,
    ROW_GROUP_PAGES_AT_MOST,
    ROWS_A_BYTE_AT_MOST,
    ROWS_AT_MOST,
    SHORT_ROWS_AT_MOST,
)
from registry.intake.thrift import CompactReader, Struct

MAGIC: Final = b"PAR1"
TAIL_BYTES: Final = 8  # the footer's length and the magic
HEADER_AT_MOST: Final = 2**16  # bytes of a page's header; its statistics may have two long texts
COLUMN_DEPTH_AT_MOST: Final = 8  # of a list of text there are three
BYTE_ARRAY: Final = 6
DATA, DICTIONARY, DATA_V2 = 0, 2, 3
LENGTHS_FIRST: Final = 6  # DELTA_LENGTH_BYTE_ARRAY
PREFIXED: Final = 7  # DELTA_BYTE_ARRAY: each text may repeat all of the one before


class Page(NamedTuple):
    """What a page unpacks to: its bytes, its values, and how these are encoded."""

    size: int
    values: int
    encoding: int


class Chunk(NamedTuple):
    """A column of a row group: whether it is text or a list, its data pages, and the bytes of its dictionary."""

    is_text: bool
    is_list: bool
    pages: list[Page]
    dictionary: int


class Readable(NamedTuple):
    """How a file may be read: so many rows at once, and these columns, by their paths, as the texts that they are.

    Arrow makes no dictionary of texts whose lengths stand before them, or which are changes of earlier ones.
    """

    rows_at_once: int
    as_texts: frozenset[str]


def readable(path: Path, *, most: int, text_at_most: int) -> Readable:
    """Return how a file may be read, so that the texts in memory are few. Raises `UnreadableError`.

    At most `most` rows at once, and texts of `text_at_most` bytes, unless a single row has more.
    """
    with path.open("rb") as file:
        if not path.stat().st_size:
            raise UnreadableError(1, "not readable as Parquet (it is empty)")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            try:
                return _readable(content, most, text_at_most)
            except OverflowError:
                raise UnreadableError(
                    1, f"a footer of more than {FOOTER_ENTRIES_AT_MOST:,} entries; write fewer row groups"
                ) from None
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                why = str(error) if isinstance(error, ValueError) else "its description lacks something"
                raise UnreadableError(1, f"not readable as Parquet ({why})") from None


def _readable(content: mmap.mmap, most: int, text_at_most: int) -> Readable:
    footer = _footer(content)
    _check_rows(footer, len(content))
    repeated = _list_columns(footer)
    columns: dict[str, Chunk] = {}
    left = PAGES_AT_MOST
    for group in footer[4]:
        chunks = {_path(column[3]): _chunk(content, column[3], repeated, left) for column in group[1]}
        left -= sum(len(chunk.pages) for chunk in chunks.values())
        _check_memory(chunks.values())
        for path, chunk in chunks.items():
            columns.setdefault(path, chunk._replace(pages=[])).pages.extend(_touched(chunk, group[3]))
    while most > 1 and sum(_text_of(chunk, most) for chunk in columns.values()) > text_at_most:
        most //= 4
    as_texts = (path for path, chunk in columns.items() if _encodings(chunk) & {LENGTHS_FIRST, PREFIXED})
    return Readable(max(most, 1), frozenset(as_texts))


def _path(described: Struct) -> str:
    return b".".join(described[3]).decode(errors="replace")


def _encodings(chunk: Chunk) -> set[int]:
    return {page.encoding for page in chunk.pages}


def _touched(chunk: Chunk, rows: int) -> Iterable[Page]:
    """Return pages with the rows that each has. Of a list nobody knows them: its row group is one, and its values."""
    if not chunk.is_list:
        return chunk.pages
    size = sum(page.size + 8 * page.values for page in chunk.pages)
    return [Page(size, rows, max(_encodings(chunk) & {LENGTHS_FIRST, PREFIXED}, default=0))]


def _footer(content: mmap.mmap) -> Struct:
    if len(content) < TAIL_BYTES or content[-4:] != MAGIC:
        raise ValueError("it does not end as Parquet does")
    length = int.from_bytes(content[-TAIL_BYTES:-4], "little")
    if length > FOOTER_AT_MOST:
        raise UnreadableError(1, f"a footer of {length:,} bytes; it has at most {FOOTER_AT_MOST:,}")
    if length > len(content) - TAIL_BYTES:
        raise ValueError("its footer is longer than the file")
    return CompactReader(
        content[-TAIL_BYTES - length : -TAIL_BYTES], structures_at_most=FOOTER_ENTRIES_AT_MOST
    ).struct()


def _check_rows(footer: Struct, size: int) -> None:
    rows = footer[3]
    if rows > ROWS_AT_MOST:
        raise UnreadableError(1, f"{rows:,} rows; a file has at most {ROWS_AT_MOST:,}")
    if rows > SHORT_ROWS_AT_MOST + ROWS_A_BYTE_AT_MOST * size:
        raise UnreadableError(
            1,
            f"{rows:,} rows in {size:,} bytes; beside the first {SHORT_ROWS_AT_MOST:,} there are at most "
            f"{ROWS_A_BYTE_AT_MOST} a byte",
        )
    if rows < 0 or rows != sum(group[3] for group in footer[4]):
        raise ValueError(f"{rows:,} rows, and its row groups have others")


def _list_columns(footer: Struct) -> set[tuple[bytes, ...]]:
    """Return the paths of the columns that are lists, at any depth. Raises `UnreadableError` where columns are many."""
    elements = footer[2]
    if len(elements) > 4 * COLUMNS_AT_MOST:  # a list is three
        raise UnreadableError(1, f"{len(elements):,} columns; a table has at most {COLUMNS_AT_MOST:,}")
    found: set[tuple[bytes, ...]] = set()
    open_: list[tuple[int, tuple[bytes, ...], bool]] = []  # how many children are to come, the path, is it a list
    for element in elements:
        path, is_list = ((*open_[-1][1], element[4]), open_[-1][2]) if open_ else ((), False)
        is_list = is_list or element.get(3) == 2
        if open_:
            open_[-1] = (open_[-1][0] - 1, *open_[-1][1:])
        if len(path) > COLUMN_DEPTH_AT_MOST:
            raise UnreadableError(1, f"a column of {len(path)} levels; write text, numbers, days or lists of text")
        if element.get(5):
            open_.append((element[5], path, is_list))
        elif is_list:
            found.add(path)
        while open_ and open_[-1][0] <= 0:
            open_.pop()
    return found


def _chunk(content: mmap.mmap, described: Struct, repeated: set[tuple[bytes, ...]], left: int) -> Chunk:
    chunk = Chunk(described[1] == BYTE_ARRAY, tuple(described[3]) in repeated, [], 0)
    for kind, page in _pages(content, described):
        if kind == DICTIONARY:
            chunk = chunk._replace(dictionary=chunk.dictionary + page.size)
        else:
            chunk.pages.append(page)
        if len(chunk.pages) > left:
            raise UnreadableError(1, f"more than {PAGES_AT_MOST:,} pages; write larger ones")
    return chunk


def _pages(content: mmap.mmap, described: Struct) -> Iterator[tuple[int, Page]]:
    """Yield the pages of a column until it has its values, as Arrow reads them, whatever their number should be."""
    if not described[5]:  # nothing of a group without rows stands anywhere
        return
    begin, first = described[9], described.get(11, 0)
    place = first if 0 < first < begin else begin
    end, values = place + described[7], described[5]
    if not 0 < place <= end <= len(content):
        raise ValueError("a column beyond the end of the file")
    while values > 0 and place < end:
        reader = CompactReader(content[place : place + HEADER_AT_MOST], structures_at_most=FOOTER_ENTRIES_AT_MOST)
        header = reader.struct()
        kind, size, packed = header[1], header[2], header[3]
        if size < 0 or packed < 0:
            raise ValueError("a page of less than nothing")
        data = header.get(5, {}) if kind == DATA else header.get(8, {}) if kind == DATA_V2 else header.get(7, {})
        number = data.get(1, 0)
        yield kind, Page(size, number, data.get(4 if kind == DATA_V2 else 2, 0))
        if kind in (DATA, DATA_V2):
            values -= number
        place += reader.place + packed
    if values:
        raise ValueError("a column of more or fewer values than its pages have")


def _check_memory(chunks: Iterable[Chunk]) -> None:
    """Refuse a row group of which Arrow would have too much in memory: a page of each column, and its dictionary."""
    at_once = sum(max((page.size for page in chunk.pages), default=0) + chunk.dictionary for chunk in chunks)
    if at_once > ROW_GROUP_PAGES_AT_MOST:
        raise UnreadableError(
            1,
            f"{at_once:,} bytes in the largest page of each column of a row group; together at most "
            f"{ROW_GROUP_PAGES_AT_MOST:,}, write smaller pages",
        )
    in_lists = max((sum(page.values for page in chunk.pages) for chunk in chunks if chunk.is_list), default=0)
    if in_lists > LIST_VALUES_AT_MOST:
        raise UnreadableError(
            1,
            f"{in_lists:,} values in lists of a row group; at most {LIST_VALUES_AT_MOST:,}, write groups of fewer rows",
        )


def _text_of(chunk: Chunk, rows: int) -> int:
    """Return at most how many bytes of text some consecutive rows have: those of all pages that they can touch.

    A list has 8 bytes for each of its values as well. Of texts that may repeat one another each is as long as a page,
    and Arrow has some copies of them.
    """
    if not chunk.is_text and not chunk.is_list:
        return 0
    if PREFIXED in _encodings(chunk):
        return 4 * rows * max(page.size for page in chunk.pages)
    most = size = within = begin = 0
    for page in chunk.pages:
        size, within = size + page.size, within + page.values
        while within - chunk.pages[begin].values - page.values > rows - 2 and begin < len(chunk.pages):
            size, within = size - chunk.pages[begin].size, within - chunk.pages[begin].values
            begin += 1
        most = max(most, size)
    return most
