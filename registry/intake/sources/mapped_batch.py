"""A batch that is read by a mapping: in one pass over the source, and refused in the words of the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from registry.errors import UnreadableError
from registry.intake.batch import Batch
from registry.intake.problem_list import ProblemList
from registry.intake.reading_assembly import ReadingAssembly
from registry.intake.reading_files import note_files, take_in, why_unread
from registry.intake.report import Progress
from registry.intake.sources.findings import Finding, in_words
from registry.intake.sources.foreign_source import SourceRow
from registry.intake.sources.mapped_source import ROWS_A_STEP, MappedSource
from registry.intake.sources.table_rows import TableRows
from registry.intake.staging import Staging
from registry.places import Place, Problem
from registry.schema.rows import RowReader
from registry.schema.tables import tables_of

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
    judges = {table: RowReader(table.table, table.headers, partial=True) for table in mapped.tables}
    labels = {table: _Labels(mapped, table) for table in mapped.tables}
    for table, reader in readers.items():
        batch.files.setdefault(table.table.name, []).append(label(mapped, table))
        batch.problems.extend(Problem(Place(str(mapped.file), 1), str(each)) for each in reader.problems)
    batch.unread = bool(batch.problems)
    n_found = 0
    try:
        for table, row, cells in () if batch.unread else mapped.rows():
            batch.rows += 1
            file = labels[table][row.file]
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
    batch.problems.extend(_found(finding, mapped) for finding in mapped.findings.all)
    if mapped.findings.n_more:
        batch.refuse(f"{mapped.findings.n_more:,} more rows have other values like these", file=source.name, line=1)
    if not batch.unread:
        note_files(source.files, batch)
    return batch


def label(mapped: MappedSource, table: TableRows, file: str = "") -> str:
    """Return what the rows of a table are called in places: the source, or its file, and the table of several."""
    several = len(mapped.tables) > 1
    number = f" {table.number}" if table.number > 1 else ""
    name = file or mapped.source.name
    return f"{name} ({table.table.name}{number})" if several else name


class _Labels(dict[str, str]):
    """What the rows of a table are called in places, by the file of the source in which they stand."""

    def __init__(self, mapped: MappedSource, table: TableRows) -> None:
        super().__init__()
        self._mapped, self._table = mapped, table

    def __missing__(self, file: str) -> str:
        self[file] = name = label(self._mapped, self._table, file)
        self._mapped.places[name] = self._table, file
        return name


def in_words_of_the_source(problems: Iterable[Problem], mapped: MappedSource) -> ProblemList:
    """Return problems with the fields of the source for our columns, and how a person finds each row there."""
    problems, found = list(problems), {_found(finding, mapped) for finding in mapped.findings.all}
    places = {label(mapped, table): (table, "") for table in mapped.tables} | mapped.places
    told = _told(mapped, {(places[each.place.file][1], each.place.line) for each in problems
                          if each.place.file in places})  # fmt: skip
    return ProblemList(
        each if each in found else _translated(each, places.get(each.place.file), told) for each in problems
    )


def _translated(problem: Problem, where: tuple[TableRows, str] | None, told: Mapping[tuple[str, int], str]) -> Problem:
    if where is None:
        return problem
    place, (table, file) = problem.place, where
    fields, found = table.fields.get(place.column, ()), told.get((file, place.line))
    message = problem.message + (f" ({found})" if found else "")
    return Problem(Place(place.file, place.line, "/".join(fields) or place.column), message, problem.value)


def _told(mapped: MappedSource, places: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return how a person finds the rows on some lines, by looking for them once more."""
    wanted, told = set(sorted(places)[:PLACES_AT_MOST]), dict[tuple[str, int], str]()
    try:
        for row in mapped.source.rows() if wanted else ():
            place = row.file, row.line
            if place in wanted:
                told[place] = row.told or _key_of(row, mapped)
                if len(told) == len(wanted):
                    break
    except (UnreadableError, OSError):
        return told
    return told


def _key_of(row: SourceRow, mapped: MappedSource) -> str:
    """Return what the key of a row of a query says, for its number changes with the query; nothing of other sources.

    Who a person is stands there only where that is a pseudonym.
    """
    said = mapped.said
    key = next((table.key for table in said.tables if table.key), ()) if said.source.kind == "sql" else ()
    return "/".join(
        row.values.get(name, "") for name in key if said.patient.mapped is None or name != said.patient.field
    )


def _found(finding: Finding, mapped: MappedSource) -> Problem:
    name = finding.file or mapped.source.name
    return Problem(Place(name, finding.line, finding.field), in_words(finding), finding.value)
