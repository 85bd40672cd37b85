"""One table as Parquet files: parts of limited length, the same bytes for the same rows."""

from __future__ import annotations

import os
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from projections.columns import Table
from projections.export.content import content_hash
from projections.export.manifest import ExportedTable, Part

PART_ROWS: Final = 1_000_000


def write_table(folder: Path, declared: Table, rows: Any, *, part_rows: int = PART_ROWS) -> ExportedTable:
    """Write a table into its folder within an export, and return what the manifest says of it."""
    (folder / declared.name).mkdir()
    parts = []
    for number, start in enumerate(range(0, max(rows.num_rows, 1), part_rows)):
        path = f"{declared.name}/part-{number:05}.parquet"
        part = rows.slice(start, part_rows)
        pq.write_table(
            part,
            folder / path,
            compression="zstd",
            use_dictionary=[column.name for column in declared.columns if column.few],
            store_schema=False,  # readers get plain strings; that they were numbered in memory is nobody's business
        )
        parts.append(_part(folder, path, part.num_rows))
    return ExportedTable(rows=rows.num_rows, content_hash=content_hash(rows), parts=tuple(parts))


def _part(folder: Path, path: str, rows: int) -> Part:
    with (folder / path).open("rb") as file:
        os.fsync(file.fileno())
        digest = file_digest(file, "sha256").hexdigest()
    return Part(path=path, rows=rows, bytes=(folder / path).stat().st_size, sha256=digest)
