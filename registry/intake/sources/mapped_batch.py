"""A batch that is read by a mapping: in one pass over the source, and refused in the words of the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from registry.errors import UnreadableError
from registry.intake.batch import Batch
from registry.intake.problem_list import ProblemList
from registry.intake.reading_assembly import ReadingAssembly
from registry.intake.reading_files import note_files, take_in, why_unread
from registry.intake.report import Progress
from registry.intake.sources.findings import Finding, in_words
from registry.intake.sources.mapped_source import MappedSource
from registry.intake.sources.table_rows import TableRows
from registry.intake.staging import Staging
from registry.places import Place, Problem
from registry.schema.rows import RowReader
from registry.schema.tables import tables_of

ROWS_A_STEP: Final = 5_000  # of progress
PLACES_AT_MOST: Final = 1_000  # rows that are looked up again, to say where they are


def read_mapped(mapped: MappedSource, staging: Staging, progress: Progress) -> Batch:
    """Return what a source states by its mapping, with all that is wrong with it; the facts go to the staging.

    Under the name of a table in the source (`label`) its rows are those of the source, by their lines.
    """
    source = mapped.source
    batch = Batch(staging, [], [])
    batch.mapping, batch.shifted_dates = mapped.digest, mapped.said.source.shifted_dates
    readings = ReadingAssembly(batch, tables_of(mapped.catalogue)["readings"])
    readers = {table: RowReader(table.table, table.headers) for table in mapped.tables}
    for table, reader in readers.items():
        batch.files.setdefault(table.table.name, []).append(label(mapped, table))
        batch.problems.extend(Problem(Place(str(mapped.file), 1), str(each)) for each in reader.problems)
    batch.unread = bool(batch.problems)
    try:
        for table, row, cells in () if batch.unread else mapped.rows():
            batch.rows += 1
            place = label(mapped, table)
            take_in(readers[table].row(cells), table.table, file=place, line=row.line, batch=batch, readings=readings)
            if batch.rows % ROWS_A_STEP == 0:
                progress("reading", batch.rows, 0)
    except (UnreadableError, OSError) as error:
        line = error.line if isinstance(error, UnreadableError) else 1
        batch.refuse(why_unread(error), file=source.name, line=line)
        batch.unread = True
    readings.finish()
    batch.left_out = mapped.left_out.told
    batch.problems.extend(_found(finding, mapped) for finding in mapped.findings.all)
    if not batch.unread:
        note_files(source.files, batch)
    return batch


def label(mapped: MappedSource, table: TableRows) -> str:
    """Return what the rows of a table are called in places: the source, and the table where there are several."""
    several = len(mapped.tables) > 1
    number = f" {table.number}" if table.number > 1 else ""
    return f"{mapped.source.name} ({table.table.name}{number})" if several else mapped.source.name


def in_words_of_the_source(problems: Iterable[Problem], mapped: MappedSource) -> ProblemList:
    """Return problems with the fields of the source for our columns, and how a person finds each row there."""
    tables = {label(mapped, table): table for table in mapped.tables}
    problems, found = list(problems), {_found(finding, mapped) for finding in mapped.findings.all}
    told = _told(mapped, {each.place.line for each in problems if each.place.file in tables})
    return ProblemList(
        each if each in found else _translated(each, tables.get(each.place.file), told) for each in problems
    )


def _translated(problem: Problem, table: TableRows | None, told: Mapping[int, str]) -> Problem:
    place = problem.place
    if table is None:
        return problem
    fields = table.fields.get(place.column, ())
    where = f" ({told[place.line]})" if told.get(place.line) else ""
    return Problem(
        Place(place.file, place.line, "/".join(fields) or place.column), problem.message + where, problem.value
    )


def _told(mapped: MappedSource, lines: set[int]) -> dict[int, str]:
    """Return how a person finds the rows on some lines, by looking for them once more."""
    wanted, told = set(sorted(lines)[:PLACES_AT_MOST]), dict[int, str]()
    try:
        for row in _until_found(mapped, wanted):
            told[row[0]] = row[1]
    except (UnreadableError, OSError):
        return told
    return told


def _until_found(mapped: MappedSource, wanted: set[int]) -> Iterator[tuple[int, str]]:
    left = len(wanted)
    for row in mapped.source.rows() if wanted else ():
        if row.line in wanted:
            yield row.line, row.told
            left -= 1
            if not left:
                return


def _found(finding: Finding, mapped: MappedSource) -> Problem:
    return Problem(Place(mapped.source.name, finding.line, finding.field), in_words(finding), finding.value)
