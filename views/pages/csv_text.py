r"""A table as CSV: cells that a spreadsheet shows and does not calculate, each of whose signs is seen.

Lists are joined by semicolons, truth values are `true` and `false`, instants and days are ISO 8601, and nothing is the
empty cell.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final, TextIO

from registry.wording import visible

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowArray, ArrowTable

FORMULA: Final = re.compile(r"'*[=+\-@＝＋－＠]")  # the wide ones too, to Excel in Japan; apostrophes of ours before it
NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
BACKSLASH: Final = re.compile(r"\\(?=[\\nrtxuU]|[^\x20-\x7e])")  # one that would be read as ours
ROWS_AT_ONCE: Final = 10_000


def for_csv(text: str) -> str:
    r"""Return a text as a cell that a spreadsheet shows and does not calculate; docs/exports.md says how it is undone.

    What would be a formula gets one apostrophe more before it. A line break and what is not printed become `\n`,
    `\x1b`, `\u202e`; a backslash that would be read so is doubled.

    >>> [for_csv(cell) for cell in ("=1+1", "@SUM(A1)", "-1.5", "+3e-7", "-cmd|' /C calc'!A0", "P-1", "'=1")]
    ["'=1+1", "'@SUM(A1)", '-1.5', '+3e-7', "'-cmd|' /C calc'!A0", 'P-1', "''=1"]
    """
    cell = visible(BACKSLASH.sub(r"\\\\", text) if "\\" in text else text)
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def csv_cell(value: object) -> str:
    """Return any value as a cell."""
    return "" if value is None else for_csv(machine_text(value))


def machine_text(value: object) -> str:
    """Return any value as a text for machines."""
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def write_csv(table: ArrowTable, out: TextIO) -> None:
    """Write an Arrow table as CSV, some rows at a time: as objects they take many times the room of the columns."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([for_csv(column) for column in table.column_names])
    columns = [_column_cells(column) for column in table.columns]
    for first in range(0, table.num_rows, ROWS_AT_ONCE):
        writer.writerows(zip(*(cells(first) for cells in columns)))


def _column_cells(column: ArrowArray) -> Callable[[int], list[str]]:
    """Return what gives the cells of a column in the rows from one on; a word that repeats is written out once."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        return lambda first: [csv_cell(value) for value in column.slice(first, ROWS_AT_ONCE).to_pylist()]
    encoded = column.unify_dictionaries().combine_chunks()
    cells = [*(csv_cell(word) for word in encoded.dictionary.to_pylist()), csv_cell(None)]
    codes = encoded.indices.fill_null(len(cells) - 1)
    return lambda first: [cells[code] for code in codes.slice(first, ROWS_AT_ONCE).to_pylist()]
