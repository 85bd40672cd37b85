"""The intake tables that come of a mapping, as CSV files in a folder: to look at, or to import as they are.

The folder appears whole or not at all. `shown.json` in it says by which mapping they were made, and has the SHA-256 of
each; a folder is only replaced where all that is in it stands there, as it was written.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from hashlib import file_digest
from pathlib import Path
from typing import IO, Final, NamedTuple

import msgspec

from registry.atomic_folder import atomic_folder, put_by_steps, sync
from registry.catalogue.catalogue import BUILT_IN, Catalogue
from registry.errors import UnreadableError, UnwritableError
from registry.intake.report import Progress, silent
from registry.intake.sources.findings import Finding
from registry.intake.sources.mapped_source import ROWS_A_STEP, MappedSource, in_its_place
from registry.intake.sources.table_rows import TableRows
from registry.new_files import made_folder, writing_at
from registry.private_files import new_bytes, new_text

MANIFEST: Final = "shown.json"
MANIFEST_AT_MOST: Final = 1 << 20  # bytes


class ShownTables(NamedTuple):
    """The files that were written, by name, each with its number of rows; and what could not be said in them."""

    folder: Path
    rows: dict[str, int]
    n_rows: int
    untaken: int
    findings: list[Finding]


class _Manifest(msgspec.Struct, frozen=True):
    mapping: str
    files: dict[str, str]


class _Part(NamedTuple):
    """A file that is written: its columns, and where each rule's cells go among them."""

    name: str
    headers: list[str]
    places: dict[TableRows, list[int]]


def show_tables(
    mapping: str | Path,
    folder: str | Path,
    *,
    catalogue: Catalogue = BUILT_IN,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> ShownTables:
    """Write the intake tables that come of a mapping into a new folder, for its owner alone; return what was written.

    Rules for one table go into one file, `visits.csv`, unless they have one column in several units: then the later
    ones go into `2/visits.csv`. With `overwrite` a folder that was written so, and not changed since, is replaced.
    Raises `DefinitionError` as an import does, `RefusalError` where the source cannot be read, `UnwritableError`.
    """
    place = Path(folder)
    _check_free(place, overwrite=overwrite)
    mapped = MappedSource.opened(mapping, catalogue)
    with writing_at(place):
        made_folder(place.resolve().parent)
        with atomic_folder(place.resolve()) as made:
            rows = _written(mapped, made, progress or silent)
            _write_manifest(made, mapped.digest, rows)
            _put(made, place.resolve(), overwrite=overwrite)
    return ShownTables(place, rows, mapped.counts.n_rows, mapped.counts.n_untaken, mapped.findings.all)


def _written(mapped: MappedSource, folder: Path, progress: Progress) -> dict[str, int]:
    """Write the files of a mapping; return how many rows each has."""
    parts = _parts(mapped.tables)
    of_table = {table: part for part in parts for table in part.places}
    rows = dict.fromkeys((part.name for part in parts), 0)
    with ExitStack() as open_files:
        writers = {
            part.name: csv.writer(_opened(folder / part.name, open_files), lineterminator="\n") for part in parts
        }
        for part in parts:
            writers[part.name].writerow(part.headers)
        try:
            for n, (table, _, cells) in enumerate(mapped.rows(), 1):
                part = of_table[table]
                line = [""] * len(part.headers)
                for at, cell in zip(part.places[table], cells, strict=True):
                    line[at] = cell
                writers[part.name].writerow(line)
                rows[part.name] += 1
                if n % ROWS_A_STEP == 0:
                    progress("reading", n, 0)
        except UnreadableError as error:
            raise in_its_place(error, file=mapped.source.name) from None
    return rows


def _opened(file: Path, open_files: ExitStack) -> IO[str]:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    return open_files.enter_context(new_text(file))


def _parts(tables: Sequence[TableRows]) -> list[_Part]:
    """Return the files of some rules: one a table, and more where a column comes in several units."""
    parts: dict[str, list[_Part]] = defaultdict(list)
    for table in tables:
        known = parts[table.table.name]
        part = next((each for each in known if not _clash(each.headers, table.headers)), None)
        if part is None:
            folder = f"{len(known) + 1}/" if known else ""
            part = _Part(f"{folder}{table.table.name}.csv", [], {})
            known.append(part)
        part.headers.extend(header for header in table.headers if header not in part.headers)
        part.places[table] = [part.headers.index(header) for header in table.headers]
    return [each for several in parts.values() for each in several]


def _clash(headers: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether some headers have a column of others in another unit."""
    units = {header.partition(" [")[0]: header for header in headers}
    return any(units.get(header.partition(" [")[0], header) != header for header in others)


def _write_manifest(folder: Path, mapping: str, rows: dict[str, int]) -> None:
    manifest = _Manifest(mapping, {name: _digest(folder / name) for name in rows})
    with new_bytes(folder / MANIFEST) as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    for path in (*_files(folder), folder):
        sync(path)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())


def _check_free(place: Path, *, overwrite: bool) -> None:
    """Refuse what stands at a place, unless it may be replaced: a folder of ours, with nothing else in it."""
    if not os.path.lexists(place):
        return
    if not overwrite:
        why = "something is there; choose another folder, or replace it with --overwrite"
        raise UnwritableError(str(place), why)
    if place.is_symlink() or not place.is_dir() or not _is_ours(place):
        raise UnwritableError(str(place), "what is there is not as `spondyl map show` wrote it, and is not overwritten")


def _is_ours(folder: Path) -> bool:
    try:
        with (folder / MANIFEST).open("rb") as file:
            said = msgspec.json.decode(file.read(MANIFEST_AT_MOST), type=_Manifest).files
        there = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
        return {*there} == {*said, MANIFEST} and all(
            not there[name].is_symlink() and _digest(there[name]) == digest for name, digest in said.items()
        )
    except (OSError, msgspec.MsgspecError):
        return False


def _put(made: Path, place: Path, *, overwrite: bool) -> None:
    """Put a folder in its place; what stood there goes where the new one was, to be removed."""
    _check_free(place, overwrite=overwrite)
    if not os.path.lexists(place):
        made.rename(place)
        sync(place.parent)
        return
    put_by_steps(made, place)
    sync(place.parent)
