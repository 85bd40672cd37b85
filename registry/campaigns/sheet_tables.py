"""A reader's file as a table: CSV for who has no spreadsheet program, with the same cells as the workbook.

A row is a place of one case. Each row says the campaign, the reader, the file and its seal; a place that does not exist
has `-`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from typing import IO, Final

from registry.campaigns.sheet_layout import Layout
from registry.campaigns.sheets import FORMAT, SheetFile

NO_PLACE: Final = "-"
OF_FILE: Final = ("format", "campaign", "reader", "file", "seal", "case")  # columns, before those of the layout


def write_table(file: IO[bytes], made: SheetFile, layout_of: Callable[[int], Layout]) -> None:
    """Write a reader's file; `layout_of` gives the layout of a case of so many studies."""
    widest = layout_of(max(case.studies for case in made.cases))
    text = TextIOWrapper(file, "utf-8", newline="", write_through=True)
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow([*OF_FILE, widest.rows_are, *(column.name for column in widest.columns)])
    rows.writerows(_rows(made, layout_of, len(widest.columns)))
    text.detach()


def _rows(made: SheetFile, layout_of: Callable[[int], Layout], width: int) -> Iterator[list[str]]:
    said = [str(FORMAT), made.campaign, made.reader, str(made.number), made.seal]
    for case in made.cases:
        layout = layout_of(case.studies)
        for row in layout.rows:
            cells = ["" if layout.words_at(row, column) else NO_PLACE for column in layout.columns]
            yield [*said, case.code, row.name, *cells, *[NO_PLACE] * (width - len(cells))]
