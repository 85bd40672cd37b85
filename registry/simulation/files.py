"""A simulated cohort as files of the intake: a first delivery, and a later one with what has changed since."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from registry.catalogue.catalogue import BUILT_IN
from registry.domain.statements import LesionVerdict, Reading, Statement, Visit
from registry.errors import RefusalError
from registry.new_files import made_folder, new_file, writing_at
from registry.schema.fact_tables import TABLE_OF_KIND
from registry.schema.tables import ID_COLUMN, Table, tables_of
from registry.simulation.cohort import SimulatedCohort
from registry.simulation.collected import Collected
from registry.simulation.drawing import Whole
from registry.simulation.event_builder import pseudonym, statements
from registry.simulation.reporting_delay import AMENDED, ENDED, RETRACTED, Reported

LATER: Final = "later"  # the folder of the second delivery, within the first's
FORMATS: Final = ("csv", "parquet")
FACTS_AT_ONCE: Final = 10_000
ARROW: Final = {"day": pa.date32(), "year": pa.int32(), "integer": pa.int32()}  # by what a column holds; else text

Cells = tuple[Any, ...]


def write_simulated(cohort: SimulatedCohort, folder: Path, *, form: str = "csv") -> list[Path]:
    """Write a cohort as two batches and return the files, those of the later batch last.

    The folder holds what was delivered first: all but what was reported late, as it was first said. `later/` holds, for
    every patient with a late entry, a correction or a retraction, all that is known in the end: import it with
    `--retract-missing`. Raises `RefusalError` where the folder holds anything, `UnwritableError` where the system
    refuses.
    """
    with writing_at(folder):
        if folder.exists() and any(folder.iterdir()):
            raise RefusalError(f"{folder} is not empty; write into a new folder")
    changed = np.zeros(cohort.size.patients, bool)
    for reported in cohort.parts:
        changed[reported.patient[: reported.facts][reported.is_late]] = True
        changed[reported.patient[reported.what >= AMENDED]] = True
    written = []
    for place, rows_of in ((folder, _first), (folder / LATER, lambda reported: _last(reported, changed))):
        made_folder(place)
        for table in tables_of(cohort.collected.catalogue).values():
            parts = [reported for reported in cohort.parts if TABLE_OF_KIND[reported.kind].name == table.name]
            written.append(
                _write(
                    place / f"{table.name}.{form}", table, [(each, rows_of(each)) for each in parts], cohort.collected
                )
            )
    return written


def _first(reported: Reported) -> Whole:
    """Return the rows of what was said first of each fact that was not reported late, with its end."""
    said = _latest(reported, np.flatnonzero(reported.what <= ENDED))
    in_time: Whole = said[~reported.is_late[reported.fact[said]]]
    return in_time


def _last(reported: Reported, changed: np.ndarray) -> Whole:
    """Return the rows of what is known in the end of some patients."""
    said = _latest(reported, np.arange(len(reported.fact)))
    standing: Whole = said[(reported.what[said] != RETRACTED) & changed[reported.patient[said]]]
    return standing


def _latest(reported: Reported, rows: Whole) -> Whole:
    """Return the last of some rows of each fact; a fact's versions stand in their order."""
    latest = np.full(reported.facts, -1)
    np.maximum.at(latest, reported.fact[rows], rows)
    last_rows: Whole = latest[latest >= 0]
    return last_rows


def _write(path: Path, table: Table, parts: Sequence[tuple[Reported, Whole]], collected: Collected) -> Path:
    columns = [column for name, column in table.columns.items() if name != ID_COLUMN]
    chunks = (
        _rows(table, reported, rows[start : start + FACTS_AT_ONCE], collected)
        for reported, rows in parts
        for start in range(0, len(rows), FACTS_AT_ONCE)
    )
    if path.suffix == ".csv":
        with new_file(path) as content, TextIOWrapper(content, encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([column.name for column in columns])
            for chunk in chunks:
                writer.writerows(chunk)
        return path
    schema = pa.schema([(column.name, ARROW.get(column.holds, pa.string())) for column in columns])
    with new_file(path) as content, pq.ParquetWriter(content, schema) as parquet:
        for chunk in chunks:
            cells = list(zip(*chunk)) or [()] * len(columns)
            parquet.write_table(
                pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(cells, schema)], schema=schema)
            )
    return path


def _rows(table: Table, reported: Reported, rows: Whole, collected: Collected) -> Iterator[Cells]:
    """Yield the rows of a table that state some facts; a reading has one a place."""
    names = [name for name in table.columns if name != ID_COLUMN]
    for patient, statement in zip(reported.patient[rows].tolist(), statements(reported, rows, collected)):
        if isinstance(statement, Reading):
            yield from _graded(statement)
        else:
            cells = _cells(statement) if isinstance(statement, LesionVerdict) else _cells(statement, patient)
            yield tuple(cells.get(name) for name in names)


def _cells(statement: Statement, patient: int | None = None) -> dict[str, Any]:
    cells = {name: getattr(statement, name) for name in statement.__struct_fields__}
    cells = {
        name: ";".join(value) or None if isinstance(value, tuple) else value
        for name, value in cells.items()
        if name != "measures"
    }
    if isinstance(statement, Visit):
        cells |= {taken.measure: taken.said for taken in statement.measures}
    return cells if patient is None else {**cells, "patient": pseudonym(patient)}


def _graded(reading: Reading) -> Iterator[Cells]:
    method = BUILT_IN.methods[reading.method]
    read = set(method.groups if method.selects is None else method.selected(list(reading.grades.values())))
    for item in method.items:
        grades = reading.grades[item.name or "grade"]
        for location, grade in zip(method.locations, grades):
            if location.group not in read or not item.grades_in(location.part):
                continue
            place = reading.study, reading.reader, reading.method, location.name, item.name, grade
            yield (*place, reading.session or None, reading.read_on, reading.seconds)
