"""Printing: tables for people, JSON and CSV for machines.

A terminal gets aligned columns and a count of what is left out; machines get every row and nothing else.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from textwrap import indent
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from cli.fitting_columns import GAP, naming, pieces
from cli.plain_text import for_json, for_terminal
from registry.wording import counted as counted  # noqa: PLC0414 - commands take it from here
from views.pages.csv_text import csv_cell, for_csv, machine_text, write_csv

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable

ROWS_ON_SCREEN: Final = 60
NO_TERMINAL: Final = 1000  # columns; nothing is left out of what goes into a file or another program
NOTHING: Final = "·"

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
    from views.pages.projected import for_people

    if form == "csv":
        write_csv(table, sys.stdout)
        return
    shown = table if form else for_people(table.slice(0, ROWS_ON_SCREEN), columns or table.column_names)
    give(rows(shown), form, columns=shown.column_names, empty=empty)
    if form is None and table.num_rows > ROWS_ON_SCREEN:
        say(f"… {table.num_rows - ROWS_ON_SCREEN:,} more rows; --csv or --json gives all")


def give_json(value: object) -> None:
    """Print a value as JSON, one array or object, indented."""
    give_document(_as_json(value))


def give_json_each(values: Iterable[object]) -> None:
    """Print values as one JSON array, as `give_json` does, each when it comes: never are all of them held."""
    before = "["
    for value in values:
        click.echo(f"{before}\n{indent(_as_json(value), '  ')}", nl=False)
        before = ","
    give_document("[]" if before == "[" else "\n]")


def _as_json(value: object) -> str:
    try:
        document = msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode()
    except UnicodeEncodeError:  # half a sign, as a name of a file can have it, which only an escape can say
        document = json.dumps(msgspec.to_builtins(value, enc_hook=str), indent=2)
    return for_json(document)


def give_csv(rows: Iterable[Row], columns: Sequence[str]) -> None:
    """Print rows as CSV under a header, a line a row; nulls are empty cells, lists are joined by `;`.

    A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula, and a formula can send away what
    stands beside it: `cli.plain_text` makes it a text. Numbers stay numbers. JSON is raw.
    """
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([for_csv(column) for column in columns])
    for row in rows:
        writer.writerow([csv_cell(row.get(column)) for column in columns])


def give_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None, n_stubs: int | None = None
) -> None:
    """Print rows as an aligned table, numbers to the right; on a terminal in as many pieces as its width needs.

    The first columns, by default as many as tell the rows apart, stand in every piece.
    """
    values = [list(row) for row in rows]
    lines = [[for_terminal(each) for each in row] for row in (columns, *(map(text, row) for row in values))]
    widths = [max(map(len, column)) for column in zip(*lines)]
    numeric = {place for place in range(len(columns)) if values and all(_is_number(row[place]) for row in values)}
    room = terminal_width() or NO_TERMINAL
    if sum(widths) + GAP * len(widths) <= room:
        _give_piece(range(len(columns)), lines, numeric, title=title)
        return
    stubs = naming(values, widths, room) if n_stubs is None else range(n_stubs)
    for number, piece in enumerate(pieces(widths, stubs, room)):
        if number:
            put()
        _give_piece(piece, lines, numeric, title=title if number == 0 else None)


def _give_piece(
    piece: Sequence[int], lines: Sequence[Sequence[str]], numeric: Container[int], *, title: str | None
) -> None:
    """Print some columns beside each other, headings first; one that is wider than the screen is folded."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    heading = None if title is None else Text(for_terminal(title))
    table = Table(title=heading, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    columns, *rows = lines
    for place in piece:  # a `Text` each: Rich reads markup, emoji and links into a `str`
        table.add_column(Text(columns[place]), justify="right" if place in numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(row[place]) for place in piece))
    console = Console(file=sys.stdout, highlight=False, width=terminal_width() or NO_TERMINAL)
    with console.capture() as printed:
        console.print(table)
    printed_lines = (line.rstrip() for line in printed.get().split("\n"))
    click.echo("\n".join(filter(None, printed_lines)), color=sys.stdout.isatty() or None)


def terminal_width() -> int | None:
    """Return how many columns the terminal has, None where the data go elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def put(line: str = "", *, bold: bool = False) -> None:
    """Print a line of data."""
    click.secho(for_terminal(line), bold=bold or None)


def say(message: str) -> None:
    """Tell the person something that is not data, on a line."""
    click.echo(for_terminal(message), err=True)


def give_document(document: str) -> None:
    """Print a document of several lines, into which all data went by its own function of `cli.plain_text`."""
    click.echo(document, nl=not document.endswith("\n"))


def is_agreed(question: str) -> bool:
    """Ask a question of the person, who has to answer yes. Raises `click.Abort` where nobody answers."""
    return click.confirm(for_terminal(question), default=False, err=True)


def typed(question: str) -> str:
    """Ask the person for a text. Raises `click.Abort` where nobody answers."""
    return str(click.prompt(for_terminal(question), err=True))


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
    return machine_text(value)


def _is_number(value: object) -> bool:
    return value is None or isinstance(value, int | float)
