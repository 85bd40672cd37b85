"""A batch that is read by a mapping: in one pass over the source, and refused in the words of the source."""

from __future__ import annotations

from registry.errors import UnreadableError
from registry.intake.batch import Batch
from registry.intake.reading_assembly import ReadingAssembly
from registry.intake.reading_files import note_files, take_in, why_unread
from registry.intake.report import Progress
from registry.intake.sources.mapped_source import ROWS_A_STEP, MappedSource, PlacedRows
from registry.intake.sources.source_words import problem_of
from registry.intake.sources.table_rows import TableRows
from registry.intake.staging import Staging
from registry.places import Place, Problem
from registry.schema.rows import RowReader
from registry.schema.tables import tables_of


def read_mapped(mapped: MappedSource, staging: Staging, progress: Progress) -> Batch:
    """Return what a source states by its mapping, with all that is wrong with it; the facts go to the staging.

    Under the name of a table in the source (`label`) its rows are those of the source, by their lines.
    """
    source = mapped.source
    batch = Batch(staging, [], [])
    batch.mapping, batch.shifted_dates = mapped.digest, mapped.said.source.shifted_dates
    readings = ReadingAssembly(batch, tables_of(mapped.catalogue)["readings"])
    readers = {table: RowReader(table.table, table.headers) for table in mapped.tables}
    judges = {table: RowReader(table.table, table.headers, partial=True) for table in mapped.tables}
    labels = {table: _Labels(mapped, table) for table in mapped.tables}
    for table, reader in readers.items():
        name = label(mapped, table)
        batch.files.setdefault(table.table.name, []).append(name)
        mapped.places.setdefault(name, PlacedRows(table))
        batch.problems.extend(Problem(Place(str(mapped.file), 1), str(each)) for each in reader.problems)
    batch.unread = bool(batch.problems)
    n_found = 0
    try:
        for table, row, cells in () if batch.unread else mapped.rows():
            batch.rows += 1
            file = labels[table][row.file, table.repetition]
            if mapped.findings.n_found != n_found:
                n_found = mapped.findings.n_found
                for problem in judges[table].row(cells).problems:  # what could not be read is there, and not missing
                    batch.refuse(problem, file=file, line=row.line)
            else:
                taken = readers[table].row(cells)
                take_in(taken, table.table, file=file, line=row.line, batch=batch, readings=readings)
            if batch.rows % ROWS_A_STEP == 0:
                progress("reading", batch.rows, 0)
    except (UnreadableError, OSError) as error:
        line, file = (error.line, error.file) if isinstance(error, UnreadableError) else (1, "")
        batch.refuse(why_unread(error), file=file or source.name, line=line)
        batch.unread = True
    readings.finish()
    batch.left_out = mapped.left_out
    batch.problems.extend(problem_of(finding, mapped) for finding in mapped.findings.all)
    if mapped.findings.n_more:
        batch.refuse(f"{mapped.findings.n_more:,} more rows have other values like these", file=source.name, line=1)
    if not batch.unread:
        note_files(source.files, batch)
    return batch


def label(mapped: MappedSource, table: TableRows, file: str = "", *, repetition: str = "") -> str:
    """Return what the rows of a table are called in places: the source, or its file, and the table of several.

    What repeats within a row of the source is called by its value, so that each row of ours has a place of its own.
    """
    number = f" {table.number}" if table.number > 1 else ""
    parts = [f"{table.table.name}{number}"] if len(mapped.tables) > 1 else []
    if table.rule.repeat and repetition:
        parts.append(f"{table.rule.repeat[0]} = {repetition}")
    name = file or mapped.source.name
    return f"{name} ({', '.join(parts)})" if parts else name


class _Labels(dict[tuple[str, str], str]):
    """What the rows of a table are called in places, by the file of the source and the value of what repeats."""

    def __init__(self, mapped: MappedSource, table: TableRows) -> None:
        super().__init__()
        self._mapped, self._table = mapped, table

    def __missing__(self, of: tuple[str, str]) -> str:
        file, repetition = of
        self[of] = name = label(self._mapped, self._table, file, repetition=repetition)
        self._mapped.places[name] = PlacedRows(self._table, file, repetition)
        return name
