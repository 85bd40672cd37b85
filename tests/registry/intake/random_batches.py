"""Random batches: files of what people might deliver about the patients of a random history, sensible or not."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.methods import methods
from registry.errors import BatchRefusedError
from registry.intake import Change, ImportOptions, import_batch
from registry.schema.tables import tables_of
from tests.oracle.commands import ROWS, Cells
from tests.oracle.histories import History, registry_with

TABLES = tables_of(BUILT_IN)

ROWS_AT_MOST: Final = 4  # of a table; each reading is one of them, and many lines


@contextmanager
def batch_after(
    template: Path, history: History, chance: int, tables: Collection[str]
) -> Iterator[tuple[Registry, Path]]:
    """Lend a registry with a history, and a random batch of tables for it."""
    with registry_with(template, history) as registry, TemporaryDirectory() as folder:
        yield registry, random_batch(Random(chance), Path(folder), tables)


def outcome(registry: Registry, batch: Path, *, retract: bool) -> list[Change] | list[str]:
    """Return what an import would change, or why it is refused."""
    try:
        options = ImportOptions(dry_run=True, retract_missing=retract)
        return import_batch(registry, sorted(batch.iterdir()), options=options).changes
    except BatchRefusedError as refusal:
        return [str(problem) for problem in refusal.problems]


def random_batch(random: Random, folder: Path, tables: Collection[str]) -> Path:
    """Write files of tables into a new folder, some of them in two files, and return the folder."""
    for name in tables:
        rows: list[Cells] = []
        for _ in range(random.randint(1, ROWS_AT_MOST)):
            cells = {column: cell for column, cell in ROWS[name](random).items() if "[" not in str(column)}
            rows += _in_long_form(cells) if name == "readings" else [cells]
        if name == "readings" and random.random() < 0.5:
            random.shuffle(rows)
        cut = random.choice((0, len(rows) // 2))
        for part, some in (("one", rows[:cut]), ("two", rows[cut:])):
            _write(folder / part / f"{name}.csv", name, some)
    return folder


def _in_long_form(cells: Cells) -> list[Cells]:
    """Return the rows of a reading, one a grade."""
    items = {item.name for item in methods()[cells["method"]].items if item.name}
    own = {column: cell for column, cell in cells.items() if column in TABLES["readings"].columns}
    rows = []
    for place, grade in cells.items():
        if place not in own:
            location, _, item = str(place).rpartition(" ")
            named = {"location": location, "item": item} if item in items else {"location": place}
            rows.append({**own, **named, "grade": grade})
    return rows


def _write(file: Path, table: str, rows: list[Cells]) -> None:
    required = [column.name for column in TABLES[table].columns.values() if column.required]
    columns = list(dict.fromkeys([*required, *(column for cells in rows for column in cells)]))
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(columns)
        writer.writerows([_text(cells.get(column)) for column in columns] for cells in rows)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return ";".join(cell) if isinstance(cell, list | tuple) else str(cell)
