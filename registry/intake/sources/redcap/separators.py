"""What separates the columns of a CSV of REDCap: whoever exports it chooses one of five signs."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path
from typing import Final

from registry.intake.lines import LINE_AT_MOST

SIGNS: Final = (",", ";", "\t", "|", "^")


def separator_of(path: Path, columns: Collection[str], *, encoding: str) -> str:
    """Return the sign by which the first line names one of some columns; a comma where none does."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline(LINE_AT_MOST)
        return next((sign for sign in SIGNS if _names(first, sign) & {*columns}), ",")
    except (UnicodeError, csv.Error):  # the reading of the file says where
        return ","


def _names(line: str, sign: str) -> set[str]:
    return {cell.strip().casefold() for cell in next(csv.reader([line], delimiter=sign), ())}
