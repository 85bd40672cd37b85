"""What becomes of each column of an exported table in a de-identified one, by what it can betray."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, truth
from projections.columns.coded import Coded, coded
from projections.columns.sensitivity import sensitivity_of
from projections.columns.tables import Column, Table
from projections.export.profiles.new_names import (
    NAME,
    PATIENT,
    PERSON,
    PLACE,
    renamed,
    renamed_references,
)
from projections.export.profiles.rare_words import hidden
from projections.export.profiles.shifted_days import ENDS, Days, moved, moved_texts, shifts

if TYPE_CHECKING:
    from projections.columns.sensitivity import Sensitivity
    from projections.export.profiles.release_key import ReleaseKey
    from registry.catalogue.catalogue import Catalogue

WITH: Final = {"follow_up_end_reason": "end_reason"}  # what goes where a column of patients goes
ENDED_FOR_ALL: Final = "study-end"  # on one day for many, which would tell how far their days moved
REASONS: Final = {"follow_up_ended_on": "follow_up_end_reason", "ended_on": "end_reason"}
PRECISION: Final = "_precision"
OLDEST: Final = 90  # years: who is as old or older is born in one band, as HIPAA's Safe Harbor has it
TOLD: Final[dict[Sensitivity, str]] = {
    "identifier": "a new name by a keyed hash",
    "reference": "a new name by a keyed hash, within its patient",
    "person": "a new name by a keyed hash",
    "place": "a new name by a keyed hash",
    "name": "a new name by a keyed hash",
    "day": "moved by a keyed number of days of the patient; a partial one is the first day of the moved month or year",
    "birth": "the first year of its band",
    "open": "as it was where enough patients have the word, else other",
    "measured": "of a measure that holds a day, moved; a text is left out",
    "quasi": "as it was",
    "none": "as it was",
}


class Choice(NamedTuple):
    """By what columns are made: the key, the width of a band in years, the earliest year of birth, words that stay.

    `frequent` are the words by table and column.
    """

    key: ReleaseKey
    band: int
    born_from: int
    frequent: Mapping[tuple[str, str], Collection[str]]
    catalogue: Catalogue


class Rows(NamedTuple):
    """The rows of an exported table, whose they are, and by how many days those of each move."""

    declared: Table
    rows: ArrowTable
    patients: Coded
    by: Days


def released_table(declared: Table, without: Collection[str], *, band: int) -> Table:
    """Return the declaration of a released table: columns that cannot be made harmless, and some others, left out."""
    asked = {*without, *(WITH[name] for name in without if name in WITH)}
    gone = {column.name for column in declared.columns if column.sensitivity not in MADE or column.name in asked}
    gone |= {f"{name}{PRECISION}" for name in gone} & {column.name for column in declared.columns}
    kept = declared.without(gone)
    years = "the year" if band == 1 else f"the first of the {band} years"
    born = f"{years} in which the patient was born; of who is {OLDEST} or older, that of who is {OLDEST}"
    return kept._replace(
        columns=tuple(each._replace(meaning=born) if each.sensitivity == "birth" else each for each in kept.columns)
    )


def released_rows(rows: ArrowTable, declared: Table, released: Table, choice: Choice) -> ArrowTable:
    """Return the rows of an exported table as released, in the order in which they were."""
    patients = coded(rows["patient"])
    of = Rows(declared, rows, patients, shifts(choice.key, patients))
    return released.of({column.name: MADE[column.sensitivity](of, column, choice) for column in released.columns})


def _new_name(purpose: str) -> Callable[[Rows, Column, Choice], ArrowArray]:
    def made(of: Rows, column: Column, choice: Choice) -> ArrowArray:
        return renamed(choice.key, purpose, of.rows[column.name])

    return made


def _reference(of: Rows, column: Column, choice: Choice) -> ArrowArray:
    return renamed_references(choice.key, of.patients, of.rows[column.name])


def _day(of: Rows, column: Column, choice: Choice) -> ArrowArray:
    beside = f"{column.name}{PRECISION}"
    precision = of.rows[beside] if beside in of.rows.column_names else None
    days, reason = of.rows[column.name], REASONS.get(column.name)
    if reason in of.rows.column_names:
        for_all = pc.fill_null(pc.equal(of.rows[reason].cast(pa.string()), ENDED_FOR_ALL), False)
        days = pc.if_else(for_all, pa.scalar(None, days.type), days)
    return moved(days, of.by, precision=precision, ends=column.name in ENDS)


def _birth(of: Rows, column: Column, choice: Choice) -> ArrowArray:
    years = of.rows[column.name].combine_chunks()
    known = np.maximum(years.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64), choice.born_from)
    return pa.array(known // choice.band * choice.band, mask=truth(years.is_null()))


def _open(of: Rows, column: Column, choice: Choice) -> ArrowArray:
    return hidden(of.rows[column.name], choice.frequent[of.declared.name, column.name])


def _measured(of: Rows, column: Column, choice: Choice) -> ArrowArray:
    """Return texts of measures: days moved, all others left out."""
    days = [name for name, each in choice.catalogue.measures.items() if sensitivity_of(each) == "day"]
    is_day = pc.is_in(of.rows["measure"].cast(pa.string()), pa.array(days, pa.string()))
    texts = pc.if_else(is_day, of.rows[column.name].cast(pa.string()), pa.scalar(None, pa.string()))
    return moved_texts(texts, of.by)


def _as_it_was(of: Rows, column: Column, choice: Choice) -> ArrowArray:
    return of.rows[column.name]


MADE: Final[dict[Sensitivity, Callable[[Rows, Column, Choice], ArrowArray]]] = {
    "identifier": _new_name(PATIENT),
    "reference": _reference,
    "person": _new_name(PERSON),
    "place": _new_name(PLACE),
    "name": _new_name(NAME),
    "day": _day,
    "birth": _birth,
    "open": _open,
    "measured": _measured,
    "quasi": _as_it_was,
    "none": _as_it_was,
}  # what is not here is left out: text, clock, cut
