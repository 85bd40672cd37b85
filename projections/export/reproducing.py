"""Rebuilding an export from the log, or checking a received one by its manifest alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from projections.errors import ManifestError
from projections.export import cohorts as of_cohorts
from projections.export.content import content_hash
from projections.export.dictionary import columns_of
from projections.export.erased_since import ErasedSince
from projections.export.folder import strangers
from projections.export.manifest import (
    DICTIONARY,
    PART_PATH,
    ExportedTable,
    Manifest,
    Part,
    manifest_file,
    read_manifest,
)
from projections.point_in_time import facts_at
from projections.tables import TABLES, project
from registry.errors import RegistryError, UnknownPointError

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from registry import Registry


class Difference(msgspec.Struct, frozen=True):
    """One thing that is not as the manifest says; `table` is None where it concerns the whole.

    `is_erasure` is whether patients who were erased since explain it, or may do so.
    """

    table: str | None
    what: str
    is_erasure: bool = False

    def __str__(self) -> str:
        return f"{self.table}: {self.what}" if self.table else self.what


class Reproduction(msgspec.Struct, frozen=True):
    """What came of rebuilding or checking an export.

    `erased` is the number of patients in it who were erased since; `only_erased` whether nothing is known to differ but
    what these erasures took away.
    """

    differences: tuple[Difference, ...]
    erased: int = 0
    only_erased: bool = False

    @property
    def identical(self) -> bool:
        """Whether everything is as the manifest says."""
        return not self.differences


def reproduce(registry: Registry | None, manifest: str | Path, *, files_only: bool = False) -> Reproduction:
    """Rebuild the tables of a manifest from the log at its point in time, and return what differs.

    With `files_only`, or without a registry, the folder of the manifest is checked by itself: every file, its bytes and
    its content. Give the manifest or its folder. Raises `ManifestError` for one that this version cannot read.
    """
    file = manifest_file(manifest)
    stated = read_manifest(file)
    for part in (part for table in stated.tables.values() for part in table.parts):
        if not re.match(PART_PATH, part.path):
            raise ManifestError(file, f"{part.path!r} is no path of a part")
    if registry is None or files_only:
        return Reproduction(tuple(_differences_of_files(file.parent, stated)))
    erased = ErasedSince.read(registry.log, stated.known_at.position)
    differences = tuple(_differences_of_log(registry, file.parent, stated, erased))
    told = (Difference(None, str(erased)),) if erased and differences else ()
    only_erased = bool(told) and all(difference.is_erasure for difference in differences)
    return Reproduction((*told, *differences), erased=len(erased), only_erased=only_erased)


def _differences_of_log(
    registry: Registry, folder: Path, stated: Manifest, erased: ErasedSince
) -> Iterator[Difference]:
    place = stated.known_at
    try:
        facts = facts_at(registry, as_of=stated.as_of, known_at=f"@{place.position}", withdrawn=stated.withdrawn)
    except UnknownPointError as error:
        yield Difference(None, f"{error}; the export is of another log, or of a later state of this one")
        return
    if (facts.at.digest.hex(), facts.at.recorded_at) != (place.digest, place.recorded_at):
        yield Difference(
            None, f"the log's digest at @{place.position} is {facts.at.digest.hex()}, the manifest's {place.digest}"
        )
    for name, table in stated.tables.items():
        if name in TABLES or name == of_cohorts.NAME:
            try:
                rebuilt = _rebuilt(name, facts, folder, stated.cohorts)
            except RegistryError as error:
                yield Difference(name, str(error))
                continue
            for difference in _differences_of_rows(name, table, rebuilt):
                yield _explained(difference, erased.explains(table, rebuilt, folder) if erased else False)
        else:
            yield Difference(name, "this spondyl has no such table; use the one that wrote it")


def _explained(difference: Difference, by_erasure: bool | None) -> Difference:
    """Return a difference with what is known of its cause: erasures or not, None where that cannot be told."""
    if by_erasure is False:
        return difference
    what = "without the erased, the rest is identical" if by_erasure else "whether only for that cannot be told"
    return Difference(difference.table, f"{difference.what}; {what}", is_erasure=True)


def _rebuilt(name: str, facts: Facts, folder: Path, cohorts: Mapping[str, str]) -> Any:
    """Return a table anew, with the columns that it had when the export was made; columns may have been added since."""
    rebuilt = of_cohorts.statistics(cohorts, facts) if name == of_cohorts.NAME else project(name, facts)
    columns = columns_of(folder, name)
    return rebuilt.select(columns) if columns and set(columns) <= set(rebuilt.column_names) else rebuilt


def _differences_of_rows(name: str, stated: ExportedTable, found: Any) -> Iterator[Difference]:
    if found.num_rows != stated.rows:
        yield Difference(name, f"{found.num_rows:,} rows, the manifest says {stated.rows:,}")
    elif (content := content_hash(found)) != stated.content_hash:
        yield Difference(name, f"other content: content_hash is {content}, the manifest says {stated.content_hash}")


def _differences_of_files(folder: Path, stated: Manifest) -> Iterator[Difference]:
    if not (folder / DICTIONARY).is_file():
        yield Difference(None, f"{DICTIONARY} is missing")
    for name, table in stated.tables.items():
        of_parts = [difference for part in table.parts for difference in _differences_of_part(folder, name, part)]
        yield from of_parts
        if all((folder / part.path).is_file() for part in table.parts):
            yield from _differences_of_content(folder, name, table)
    for path in strangers(folder, stated):
        yield Difference(None, f"{path} is no part of the export")


def _differences_of_part(folder: Path, name: str, stated: Part) -> Iterator[Difference]:
    path = folder / stated.path
    if not path.is_file():
        yield Difference(name, f"{stated.path} is missing")
    elif (size := path.stat().st_size) != stated.bytes:
        yield Difference(name, f"{stated.path} has {size:,} bytes, the manifest says {stated.bytes:,}")
    else:
        with path.open("rb") as file:
            if (digest := file_digest(file, "sha256").hexdigest()) != stated.sha256:
                yield Difference(name, f"{stated.path} has other bytes: sha256 is {digest}")


def _differences_of_content(folder: Path, name: str, stated: ExportedTable) -> Iterator[Difference]:
    try:
        parts = [pq.ParquetFile(folder / part.path).read() for part in stated.parts]
        found = pa.concat_tables(parts)
        yield from _differences_of_rows(name, stated, found)
    except (pa.ArrowException, OSError, ValueError) as error:
        yield Difference(name, f"cannot be read: {error}")
        return
    for part, rows in zip(stated.parts, parts):
        if rows.num_rows != part.rows:
            yield Difference(name, f"{part.path} has {rows.num_rows:,} rows, the manifest says {part.rows:,}")
