"""What every file format comes down to: numbered lines of cells, the header first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from registry.errors import printable

MESSAGE_AT_MOST: Final = 500  # characters


class Line(NamedTuple):
    """The cells of one row as text, empty where nothing was recorded, and the line that the row begins on, from 1."""

    number: int
    cells: Sequence[str]


Lines = Iterator[Line]


class UnreadableError(Exception):
    """A file that cannot be read on; nothing after `line` is known of it."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(printable(message[:MESSAGE_AT_MOST]))  # what a library says can quote any bytes of the file
        self.line = line


def is_comment(cells: Sequence[str]) -> bool:
    """Return whether a line above the header says nothing to the registry: a `#` comment, or blank."""
    first = next((cell.strip() for cell in cells if cell.strip()), "#")
    return first.startswith("#")
