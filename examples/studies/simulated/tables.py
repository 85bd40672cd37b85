"""The rows of the intake files, and their writing."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

Row = dict[str, object]


class Tables:
    """Rows by table, in the order in which they were added."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, **row: object) -> None:
        """Add a row; a cell of None is one that was not recorded."""
        self.rows[table].append(row)

    def write(self, folder: Path) -> None:
        """Write a CSV file for each table, with every column that some row has."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.rows.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                table = csv.DictWriter(file, columns, restval="", lineterminator="\n")
                table.writeheader()
                table.writerows(rows)
