"""The files beside the data of a project that describe it: a header, and a row for each field, event or arm."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from registry.errors import UnreadableError
from registry.intake.sources.encodings_of_text import encoding_of
from registry.intake.sources.redcap.separators import separator_of
from registry.intake.text_files import delimited_lines

ROWS_AT_MOST: Final = 60_000  # the widest projects have some ten thousand fields, and far fewer events

T = TypeVar("T")


class Columns(NamedTuple):
    """The columns of such a file: those that are `needed`, and what mends it where one is not there.

    What separates them is found by the words `known` for the first of them; `called` returns our name for a column.
    """

    needed: Sequence[str]
    known: Collection[str]
    mend: str = ""
    called: Callable[[str], str] = str


def naming(path: Path, read: Callable[[], T]) -> T:
    """Return what is read of a file beside the data; its refusals name it. Raises `UnreadableError`."""
    try:
        return read()
    except UnreadableError as error:
        raise UnreadableError(error.line, f"{path.name}, line {error.line}: {error}") from None


def described(path: Path, columns: Columns, *, encoding: str | None) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows by our names for their columns, each with its line; a row without anything is none.

    Raises `UnreadableError` where a column that is needed is not there, or a row is not as wide as the header.
    """
    known = encoding_of(path, encoding)
    lines = delimited_lines(path, separator_of(path, columns.known, encoding=known), encoding=known)
    header = next(lines, None)
    names = [] if header is None else [columns.called(cell.strip()) for cell in header.cells]
    missing = next((name for name in columns.needed if name not in names), None)
    if missing is not None:
        raise UnreadableError(1 if header is None else header.number, f"no column {missing}{columns.mend}")
    for count, (number, cells) in enumerate(lines):
        if count >= ROWS_AT_MOST:
            raise UnreadableError(number, f"more than {ROWS_AT_MOST:,} rows")
        if any(cells):
            refuse_ragged(cells, names, number)
            yield number, dict(zip(names, map(str.strip, cells), strict=True))


def refuse_ragged(cells: Sequence[str], names: Sequence[str], line: int) -> None:
    """Refuse a row that has not as many cells as the header. Raises `UnreadableError`."""
    if len(cells) != len(names):
        raise UnreadableError(line, f"{len(cells)} cells, and the header has {len(names)}")
