"""The tables of an export as files: each part written while the next is made, then all read again to be hashed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from projections.decoding import ahead
from projections.export.content import column_digest, hash_of_digests
from projections.export.dictionary import declaration
from projections.export.manifest import ExportedTable, Part
from projections.export.parts import Stored, write_part

if TYPE_CHECKING:
    from projections.export.work import Work

Parts = Mapping[str, Sequence[Part]]
Progress = Callable[[str, int, int], None]


def written_parts(folder: Path, work: Work, *, progress: Progress | None = None) -> Parts:
    """Write tables into the folder of an export, and return their parts in the order of their rows.

    A part without rows is left out, unless the table has no others. `progress` is told the table that comes next, how
    many parts are done, and of how many.
    """
    parts: dict[str, list[Part]] = {name: [] for name in work.names}
    for done, piece in enumerate(ahead(chain(work.of_ranges(range(len(work.ranges))), work.of_all()))):
        if progress:
            progress(piece.table, done, len(work))
        if piece.rows is not None:
            parts[piece.table].append(write_part(folder, declaration(piece.table), piece.number, piece.rows))
    return with_empty_tables(folder, parts)


def with_empty_tables(folder: Path, parts: Parts) -> Parts:
    """Write a part without rows for each table that has none, and return all parts."""
    return {
        name: there or [write_part(folder, declaration(name), 0, [declaration(name).schema.empty_table()])]
        for name, there in parts.items()
    }


def content_digests(folder: Path, parts: Parts, *, progress: Progress | None = None) -> dict[str, list[bytes]]:
    """Return the digest of each column of each table, read again from its parts; several columns at once.

    `progress` is told the columns instead of the parts.
    """
    stored = {name: Stored([folder / part.path for part in there]) for name, there in parts.items()}
    columns = [(name, column) for name, rows in stored.items() for column in rows.schema.names]
    digests: dict[str, list[bytes]] = {name: [] for name in parts}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        found = threads.map(lambda table, column: column_digest(column, stored[table].column(column)), *zip(*columns))
        for done, ((name, column), digest) in enumerate(zip(columns, found)):
            digests[name].append(digest)
            if progress:
                progress(f"content_hash of {name}, {column}", done, len(columns))
    return digests


def described(parts: Parts, digests: Mapping[str, Sequence[bytes]]) -> dict[str, ExportedTable]:
    """Return what the manifest says of tables by their parts and the digests of their columns."""
    return {
        name: ExportedTable(
            rows=sum(part.rows for part in there), content_hash=hash_of_digests(digests[name]), parts=tuple(there)
        )
        for name, there in parts.items()
    }
