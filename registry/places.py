"""Places in files, and what is wrong at one."""

from __future__ import annotations

import msgspec

from registry.wording import visible


class Place(msgspec.Struct, frozen=True, order=True):
    """Where in the files something stands: file (or workbook!sheet), line from 1, column name."""

    file: str
    line: int
    column: str = ""

    def __str__(self) -> str:
        return visible(f"{self.file}:{self.line}" + (f":{self.column}" if self.column else ""))


class Problem(msgspec.Struct, frozen=True):
    """One refused cell or row and what would be right; `value` is the refused cell's, as `RefusalError` has it."""

    place: Place
    message: str
    value: str | None = None

    def __str__(self) -> str:
        """Return place and message on one line; the column, which both name, stands once."""
        return f"{self.place}: {self.message.removeprefix(f'{self.place.column}: ' if self.place.column else '')}"
