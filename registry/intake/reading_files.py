"""Reading all files of a batch: every line is judged by itself, and every problem noted with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from registry.errors import UnknownCodeError, UnreadableError
from registry.intake.batch import Batch
from registry.intake.delivered_files import digests
from registry.intake.foreign_cells import ForeignCells
from registry.intake.found_tables import Source, find_sources
from registry.intake.lines import COLUMNS_AT_MOST, Line, Lines
from registry.intake.read_so_far import ReadSoFar
from registry.intake.reading_assembly import ReadingAssembly
from registry.intake.report import Progress
from registry.intake.staging import Staging
from registry.places import Place, Problem
from registry.schema.rows import Row, RowReader
from registry.schema.tables import Table
from registry.wording import VALUE_AT_MOST, visible


def read_batch(paths: Iterable[str | Path], tables: Mapping[str, Table], staging: Staging, progress: Progress) -> Batch:
    """Return what the files and folders state together, with all that is wrong with it; the facts go to the staging.

    `tables` are those that can be recorded, by name.
    """
    sources = find_sources(paths, tables)
    batch = Batch(staging, sources.ignored, sources.problems)
    readings = ReadingAssembly(batch, tables["readings"])
    so_far = ReadSoFar([source.file for source in sources.tables], progress)
    for source in sources.tables:
        batch.files.setdefault(source.table.name, []).append(source.name)
        try:
            _read(source, so_far.lines(source.file, source.lines()), batch=batch, readings=readings)
        except (UnreadableError, OSError) as error:
            line = error.line if isinstance(error, UnreadableError) else 1
            batch.refuse(why_unread(error), file=source.name, line=line)
            batch.unread = True
    readings.finish()
    if not batch.unread:
        note_files(sources.files, batch)
    return batch


def note_files(files: Iterable[Path], batch: Batch) -> None:
    """Note with a batch which files it came in."""
    try:
        batch.delivered = digests(files)
    except OSError as error:  # it was there to be read
        batch.refuse(why_unread(error), file=Path(error.filename or "").name, line=1)
        batch.unread = True


def _read(source: Source, lines: Lines, *, batch: Batch, readings: ReadingAssembly) -> None:
    header = next(lines, None)
    if header is None:
        raise UnreadableError(1, f"no header row; name the columns, {', '.join(source.table.key)} among them")
    named = header.cells[: _filled(header.cells)]
    if len(named) > COLUMNS_AT_MOST:
        raise UnreadableError(header.number, f"{len(named):,} columns; a table has at most {COLUMNS_AT_MOST:,}")
    reader = RowReader(source.table, named)
    if reader.problems:
        batch.problems.extend(_header_problems(source, header, reader))
        batch.unread = True
    rows = _without_margin(lines, len(named), len(header.cells))
    _read_rows(source, rows, reader, batch=batch, readings=readings)


def _without_margin(lines: Lines, width: int, drawn: int) -> Lines:
    """Yield rows without the empty cells of the columns after the last that has a name, as spreadsheets draw them."""
    if drawn == width:
        return lines
    return (
        Line(line, cells[:width]) if width < len(cells) <= drawn and _filled(cells) <= width else Line(line, cells)
        for line, cells in lines
    )


def _filled(cells: Sequence[str]) -> int:
    """Return the number of the last cell that says something, from 1; 0 where none does."""
    return next((place for place in range(len(cells), 0, -1) if cells[place - 1].strip()), 0)


def _read_rows(source: Source, lines: Lines, reader: RowReader, *, batch: Batch, readings: ReadingAssembly) -> None:
    """Take in the rows; under a header with problems their cells are judged, and nothing is taken in."""
    foreign, before = ForeignCells(source.name), batch.rows
    try:
        for line, cells in lines:
            if any(map(str.strip, cells)):
                batch.rows += 1
                row = _row(source, Line(line, cells), reader, batch=batch, foreign=foreign)
                if row is not None and not reader.problems:
                    take_in(row, source.table, file=source.name, line=line, batch=batch, readings=readings)
    finally:
        batch.problems.extend(foreign.problems(batch.rows - before))


def _row(source: Source, line: Line, reader: RowReader, *, batch: Batch, foreign: ForeignCells) -> Row | None:
    """Return what a line says, None where something is wrong with it, which is noted."""
    number, cells = line
    if len(cells) != len(reader.names):
        batch.refuse(_ragged(len(cells), len(reader.names)), file=source.name, line=number)
        batch.unresolved.add(source.table, {})
        return None
    row = reader.row(cells)
    if not row.problems:
        return row
    for problem in foreign.others(row.problems, number):
        batch.refuse(problem, file=source.name, line=number)
    batch.unresolved.add(source.table, row.fields)
    return None


def take_in(row: Row, table: Table, *, file: str, line: int, batch: Batch, readings: ReadingAssembly) -> None:
    """Take a row of a table into a batch, or what is wrong with it; `file` and `line` are where it stands."""
    fields, problems, own = row
    if problems:
        for problem in problems:
            batch.refuse(problem, file=file, line=line)
        batch.unresolved.add(table, fields)
    elif table.kind == "reading":
        readings.add(fields, file=file, line=line, own=own)
    else:
        batch.add(table, fields, file=file, line=line, own=own)


def _header_problems(source: Source, header: Line, reader: RowReader) -> Iterator[Problem]:
    """Yield what is wrong with a header, each problem at its column."""
    numbers = list(reader.refused)
    for place, problem in enumerate(reader.problems):
        message, column = str(problem), problem.field or ""
        if isinstance(problem, UnknownCodeError) and problem.field == "column":
            column = header.cells[numbers[place] - 1].strip()[:VALUE_AT_MOST]
            if not column:
                message = f"column {numbers[place]} has no name; name it or remove it"
        yield Problem(Place(source.name, header.number, column), message, problem.value)


def _ragged(count: int, width: int) -> str:
    mend = "put quotes around text that holds a separator" if count > width else "leave what was not recorded empty"
    return f"{count} {'cell' if count == 1 else 'cells'} under {width} columns; {mend}"


def why_unread(error: UnreadableError | OSError) -> str:
    """Return why a file could not be read to its end."""
    return str(error) if isinstance(error, UnreadableError) else visible(f"cannot be read: {error.strerror or error}")
