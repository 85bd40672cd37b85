"""Printing: tables for people, JSON and CSV for machines.

A terminal gets aligned columns and a count of what is left out; machines get every row and nothing else.
"""

from __future__ import annotations

import csv
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from cli.fitting_columns import GAP, naming, pieces

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowArray, ArrowTable

ROWS_ON_SCREEN: Final = 60
ROWS_AT_ONCE: Final = 10_000  # of a table that is written as CSV
NO_TERMINAL: Final = 1000  # columns; nothing is left out of what goes into a file or another program
PRECISION: Final = "_precision"  # ends the name of the column that says how precisely a day is known
CHARACTERS: Final = {"year": 4, "month": 7, "day": 10}  # of an ISO day that is known so precisely
NOTHING: Final = "·"
FORMULA_BEGINS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # the wide ones, to Excel in Japan
NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)

Row = Mapping[str, object]


def give(
    rows: Sequence[Row], form: str | None, *, columns: Sequence[str] | None = None, empty: str = "nothing"
) -> None:
    """Print rows in the form asked for; on a terminal the first ones, under their columns."""
    columns = columns or list(rows[0] if rows else ())
    if form == "json":
        give_json(rows)
    elif form == "csv":
        give_csv(rows, columns)
    elif not rows:
        say(empty)
    else:
        give_table(columns, ([row.get(column) for column in columns] for row in rows[:ROWS_ON_SCREEN]))
        if len(rows) > ROWS_ON_SCREEN:
            say(f"… {len(rows) - ROWS_ON_SCREEN:,} more rows; --csv or --json gives all")


def give_arrow(
    table: ArrowTable, form: str | None, *, columns: Sequence[str] | None = None, empty: str = "nothing"
) -> None:
    """Print an Arrow table in the form asked for; on a terminal without its references and empty columns.

    There are `columns` on a terminal, by default all.
    """
    from projections.columns.tables import rows

    if form == "csv":
        _give_arrow_csv(table)
        return
    shown = table if form else _for_a_screen(table.slice(0, ROWS_ON_SCREEN), columns or table.column_names)
    give(rows(shown), form, columns=shown.column_names, empty=empty)
    if form is None and table.num_rows > ROWS_ON_SCREEN:
        say(f"… {table.num_rows - ROWS_ON_SCREEN:,} more rows; --csv or --json gives all")


def _give_arrow_csv(table: ArrowTable) -> None:
    """Print an Arrow table as CSV, some rows at a time: as objects they take many times the room of the columns."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([_harmless(column) for column in table.column_names])
    columns = [_column_cells(column) for column in table.columns]
    for first in range(0, table.num_rows, ROWS_AT_ONCE):
        writer.writerows(zip(*(cells(first) for cells in columns)))


def _column_cells(column: ArrowArray) -> Callable[[int], list[str]]:
    """Return what gives the cells of a column in the rows from one on; a word that repeats is written out once."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        return lambda first: [_csv_cell(value) for value in column.slice(first, ROWS_AT_ONCE).to_pylist()]
    encoded = column.unify_dictionaries().combine_chunks()
    cells = [*(_csv_cell(word) for word in encoded.dictionary.to_pylist()), _csv_cell(None)]
    codes = encoded.indices.fill_null(len(cells) - 1)
    return lambda first: [cells[code] for code in codes.slice(first, ROWS_AT_ONCE).to_pylist()]


def _for_a_screen(table: ArrowTable, columns: Sequence[str]) -> ArrowTable:
    """Return columns of a table, but no references and no empty ones; a partial day is as precise as it is known."""
    names = [
        name for name in columns if not name.endswith(("_id", PRECISION)) and table[name].null_count < table.num_rows
    ]
    shown = table.select(names)
    for place, name in enumerate(names):
        if f"{name}{PRECISION}" in table.column_names:
            shown = shown.set_column(place, name, _as_known(table[name], table[f"{name}{PRECISION}"]))
    return shown


def _as_known(days: ArrowArray, precisions: ArrowArray) -> ArrowArray:
    """Return partial days as text, to the year or the month where no more is known."""
    import pyarrow as pa

    known = zip(days.to_pylist(), precisions.to_pylist(), strict=True)
    return pa.array([day and day.isoformat()[: CHARACTERS[precision]] for day, precision in known], pa.string())


def give_json(value: object) -> None:
    """Print a value as JSON, one array or object, indented."""
    encoded = msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2)
    click.echo(encoded.decode())


def give_csv(rows: Iterable[Row], columns: Sequence[str]) -> None:
    """Print rows as CSV under a header; nulls are empty cells, lists are joined by `;`.

    A spreadsheet takes a text that begins with `=`, `+`, `-`, `@`, a tab or a line break for a formula, and a formula
    can send away what stands beside it: such a text gets an apostrophe before it. Numbers stay numbers. JSON is raw.
    """
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([_harmless(column) for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(row.get(column)) for column in columns])


def give_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None, n_stubs: int | None = None
) -> None:
    """Print rows as an aligned table, numbers to the right; on a terminal in as many pieces as its width needs.

    The first columns, by default as many as tell the rows apart, stand in every piece.
    """
    values = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *([text(value) for value in row] for row in values))]
    room = terminal_width() or NO_TERMINAL
    if sum(widths) + GAP * len(widths) <= room:
        _give_piece(range(len(columns)), columns, values, title=title)
        return
    stubs = naming(values, widths, room) if n_stubs is None else range(n_stubs)
    for number, piece in enumerate(pieces(widths, stubs, room)):
        if number:
            click.echo()
        _give_piece(piece, columns, values, title=title if number == 0 else None)


def _give_piece(
    piece: Sequence[int], columns: Sequence[str], values: Sequence[Sequence[object]], *, title: str | None
) -> None:
    """Print some columns beside each other; one that is wider than the screen is folded."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for place in piece:
        numeric = all(isinstance(row[place], int | float) or row[place] is None for row in values)
        table.add_column(columns[place], justify="right" if numeric and values else "left", overflow="fold")
    for row in values:
        table.add_row(*(text(row[place]) for place in piece))
    console = Console(file=sys.stdout, highlight=False, width=terminal_width() or NO_TERMINAL)
    with console.capture() as printed:
        console.print(table)
    lines = [line.rstrip() for line in printed.get().splitlines()]
    click.echo("\n".join(line for line in lines if line), color=sys.stdout.isatty() or None)


def terminal_width() -> int | None:
    """Return how many columns the terminal has, None where the data go elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def say(message: str) -> None:
    """Tell the person something that is not data."""
    click.echo(message, err=True)


def text(value: Any) -> str:
    """Return a value as a person reads it: a dot for nothing, no trailing zeros, instants to the second."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    return _cell(value)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    >>> counted(1, "study", "studies"), counted(1200, "reading")
    ('1 study', '1,200 readings')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _harmless(cell: str) -> str:
    """Return a cell as a spreadsheet shows it and does not calculate it.

    >>> [_harmless(cell) for cell in ("=1+1", "@SUM(A1)", "-1.5", "+3e-7", "-cmd|' /C calc'!A0", "P-1")]
    ["'=1+1", "'@SUM(A1)", '-1.5', '+3e-7', "'-cmd|' /C calc'!A0", 'P-1']
    """
    return f"'{cell}" if cell.startswith(FORMULA_BEGINS) and not NUMBER.fullmatch(cell) else cell


def _csv_cell(value: object) -> str:
    return "" if value is None else _harmless(_cell(value))


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
