"""Reading all files of a batch: every line is judged by itself, and every problem noted with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from registry.errors import Place, Problem, UnknownCodeError
from registry.intake.batch import Batch
from registry.intake.grading import Readings
from registry.intake.lines import Line, Lines, UnreadableError
from registry.intake.report import Progress
from registry.intake.sources import Source, find_sources
from registry.rows import HEADER, RowReader


def read_batch(paths: Iterable[str | Path], progress: Progress) -> Batch:
    """Return what the files and folders state together, with all that is wrong with it."""
    found = find_sources(paths)
    batch = Batch(found.ignored, found.problems)
    readings = Readings(batch)
    for number, source in enumerate(found.tables, 1):
        batch.files.setdefault(source.table.name, []).append(source.name)
        try:
            _read(source, batch, readings)
        except (UnreadableError, OSError) as error:
            line = error.line if isinstance(error, UnreadableError) else 1
            batch.refuse(_in_words(error), file=source.name, line=line)
            batch.unread = True
        progress("reading", number, len(found.tables))
    readings.finish()
    return batch


def _read(source: Source, batch: Batch, readings: Readings) -> None:
    lines = source.lines()
    header = next(lines, None)
    if header is None:
        raise UnreadableError(1, f"no header row; name the columns, {', '.join(source.table.key)} among them")
    reader = RowReader(source.table, header.cells)
    if reader.problems:
        batch.problems.extend(_header_problems(source, header, reader))
        batch.unread = True
        return
    _read_rows(source, lines, reader, batch=batch, readings=readings)


def _read_rows(source: Source, lines: Lines, reader: RowReader, *, batch: Batch, readings: Readings) -> None:
    file, table, width = source.name, source.table, len(reader.names)
    are_grades = table.kind == "reading"
    for line, cells in lines:
        if not any(map(str.strip, cells)):
            continue
        batch.rows += 1
        if len(cells) != width:
            batch.refuse(_ragged(len(cells), width), file=file, line=line)
            batch.doubt.add(table, {})
            continue
        fields, problems = reader.row(cells)
        if problems:
            for problem in problems:
                batch.refuse(problem, file=file, line=line)
            batch.doubt.add(table, fields)
        elif are_grades:
            readings.add(fields, file=file, line=line)
        else:
            batch.add(table, fields, file=file, line=line)


def _header_problems(source: Source, header: Line, reader: RowReader) -> Iterator[Problem]:
    """Yield what is wrong with a header, each problem at its column."""
    unknown = iter(_unknown_headers(header.cells, source.table.columns))
    for problem in reader.problems:
        message, column = str(problem), problem.field or ""
        if isinstance(problem, UnknownCodeError) and problem.field == "column":
            number, column = next(unknown)
            if not column.strip():
                message = f"column {number} has no name; name it or remove it"
        yield Problem(Place(source.name, header.number, column), message)


def _unknown_headers(headers: Sequence[str], known: Iterable[str]) -> list[tuple[int, str]]:
    known = set(known)
    named = ((number, header.strip()) for number, header in enumerate(headers, 1))
    return [
        (number, name)
        for number, name in named
        if (matched := HEADER.fullmatch(name)) is None or matched[1].lower() not in known
    ]


def _ragged(count: int, width: int) -> str:
    mend = "put quotes around text that holds a separator" if count > width else "leave what was not recorded empty"
    return f"{count} {'cell' if count == 1 else 'cells'} under {width} columns; {mend}"


def _in_words(error: UnreadableError | OSError) -> str:
    return str(error) if isinstance(error, UnreadableError) else f"cannot be read: {error.strerror or error}"
