"""Rows of a REDCap record that has another id than it had, where a field of a form and not the id says whose they are.

The patient is known then, but each row would be a new one beside what it was, as rows are told apart by their record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from registry.batch import PatientBatch
from registry.errors import BatchRefusedError
from registry.intake.batch import Batch
from registry.intake.sources import toml_words as toml
from registry.intake.sources.mapped_source import MappedSource
from registry.intake.sources.table_rows import PATIENT, record_in
from registry.places import Place, Problem
from registry.schema.fact_tables import FACT_TABLES

NAMES_AT_ONCE: Final = 200  # patients who are loaded
NAMED_AT_MOST: Final = 100
ROWS: Final = "SELECT patient, row_id, row FROM facts WHERE row_id IS NOT NULL AND patient IS NOT NULL ORDER BY row"


class Renamed(NamedTuple):
    """A record: its id now, the one that it had, whose it is, and the first of its rows."""

    now: str
    before: str
    patient: str
    place: Place


def refuse_other_records(patients: PatientBatch, batch: Batch, mapped: MappedSource, *, source: str) -> None:
    """Refuse rows of known patients all of whose records have other ids than those by which their source knew them.

    It is asked of mappings alone in which not the id says whose a record is. Raises `BatchRefusedError`.
    """
    if not mapped.is_by_record_of_others:
        return
    stated: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for patient, row_id, row in batch.staging.execute(ROWS):
        if patient not in mapped.said.patient.new:
            stated[patient].setdefault(record_in(row_id), row)
    renamed = _renamed(patients, batch, stated, source=source)
    if renamed:
        raise BatchRefusedError([*batch.problems, Problem(renamed[0].place, _message(renamed))])


def _renamed(
    patients: PatientBatch, batch: Batch, stated: Mapping[str, Mapping[str, int]], *, source: str
) -> list[Renamed]:
    unseen = patients.unseen(stated)
    names = [name for name in stated if name not in unseen]
    renamed, kinds = [], [FACT_TABLES[table].kind for table in batch.files]
    for first in range(0, len(names), NAMES_AT_ONCE):
        for name, patient in patients.patients(names[first : first + NAMES_AT_ONCE], kinds).items():
            before = {record_in(row_id): None for _, row_id in patient.memories.rows_of(source)}
            if before and not before.keys() & stated[name].keys():
                now, row = next(iter(stated[name].items()))
                file, line = batch.staging.place(row)
                renamed.append(Renamed(now, next(iter(before)), name, Place(file, line, PATIENT)))
    return renamed


def _message(renamed: list[Renamed]) -> str:
    some = renamed[:NAMED_AT_MOST]
    told = [f"record {each.now} has the rows of {each.patient} that were of record {each.before}" for each in some]
    more = [f"{len(renamed) - len(some):,} more like these"] * (len(renamed) > len(some))
    names = toml.words({each.now: each.before for each in some})
    return (
        f"{', '.join([*told, *more])}: another id would make each row a second one; where they are the same records, "
        f"write renamed = {names}; where not, new = {toml.array(each.patient for each in some)}, under [patient]"
    )
