"""From which event on rows were known as they stand: who looks from before it would have seen them otherwise, or not.

What a fact says in several rows is not restated as a whole when it is ended or corrected: the start of a course stands
since the version that first gave it, its end since that which ended it. A row stands since the first of the versions
that, one right after the other up to the current one, all say it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Rows, combined
from projections.export.profiles.meds.last_words import last_words_on_consent
from projections.export.profiles.meds.stretches import RECORDED, SCHEMA, constant, stretch

if TYPE_CHECKING:
    from projections.export.profiles.meds.last_words import Word
    from projections.point_in_time import Facts

SAID: Final = tuple(name for name in SCHEMA.names if name not in RECORDED)
NONE: Final = -1
Positions = npt.NDArray[np.int64]


def standing(rows: ArrowTable, versions: ArrowTable, *, until: int) -> ArrowTable:
    """Return the rows of the versions that are current at a position, each from when on it was known as it stands.

    `rows` are those that all the `versions` of a kind of facts say.
    """
    superseded_by, position = versions["superseded_by"].to_numpy(), versions["position"].to_numpy()
    if (superseded_by > until).all():
        return rows
    of = _places(rows["position"], versions["position"])
    earlier = _earlier(position, superseded_by)
    first = _first_alike(rows, of, earlier)
    known = rows.select(RECORDED).take(pa.array(first))
    for name in RECORDED:
        rows = rows.set_column(rows.column_names.index(name), name, known[name])
    return rows.filter(pa.array(superseded_by[of] > until))


def _earlier(position: Positions, superseded_by: Positions) -> Rows:
    """Return of each version the row of the one that it superseded, -1 where there is none."""
    place = np.full(len(position) + 1, NONE)
    followed = pc.index_in(pa.array(superseded_by), value_set=pa.array(position)).fill_null(len(position)).to_numpy()
    place[followed] = np.arange(len(position))
    return place[:-1]


def _first_alike(rows: ArrowTable, of: Rows, earlier: Rows) -> Rows:
    """Return of each row the first of those that say the same in versions one right after the other up to its own."""
    first = np.arange(rows.num_rows)
    followed = np.zeros(len(earlier) + 1, dtype=bool)
    followed[earlier] = True  # -1 marks the extra place at the end
    amended = np.flatnonzero((earlier[of] != NONE) | followed[of])
    said = _numbers_of_what_is_said(rows.take(pa.array(amended)))
    there = combined(np.append(said, said), np.append(of[amended], earlier[of[amended]]))
    own, before = np.split(there, 2)
    found = pc.index_in(pa.array(before), value_set=pa.array(own)).fill_null(NONE).to_numpy()
    first[amended] = amended[_followed_back(found)]
    return first


def _followed_back(found: Rows) -> Rows:
    """Return of each row the first that is reached by going on to what was found of it, -1 where nothing was."""
    first = np.where(found == NONE, np.arange(len(found)), found)
    while not np.array_equal(first[first], first):
        first = first[first]
    return first


def _numbers_of_what_is_said(rows: ArrowTable) -> Positions:
    """Return a number for each row, alike where all that it says of a patient is."""
    columns = (rows[name].combine_chunks().dictionary_encode(null_encoding="encode") for name in SAID)
    return combined(*(column.indices.to_numpy() for column in columns))


def later(rows: ArrowTable, known: ArrowTable) -> ArrowTable:
    """Return rows with the instants and positions of `known`, a row for each, where these are later; null is not."""
    is_later = pc.fill_null(pc.greater(known["position"], rows["position"]), False)
    for name in RECORDED:
        told = pc.if_else(is_later, known[name].cast(rows[name].type), rows[name])
        rows = rows.set_column(rows.column_names.index(name), name, told)
    return rows


def not_before(rows: ArrowTable, word: Word) -> ArrowTable:
    """Return rows that are known at an event of the log at the earliest."""
    n = rows.num_rows
    return later(rows, pa.table([pa.repeat(word.recorded_at, n), pa.repeat(word.position, n)], names=list(RECORDED)))


def since_seen(facts: Facts, kind: str, **said: str) -> ArrowTable:
    """Return a row for each fact of a kind, from when on it was there; `said` has columns that are to stand as they do.

    They are the columns of a stretch, each with the name of that of the fact.
    """
    versions = facts.stated_versions(kind)
    told = {name: versions[column] for name, column in said.items()}
    rows = stretch(versions, constant(kind, versions.num_rows), **told)
    return standing(rows, versions, until=facts.at.position)


def since_there(facts: Facts) -> ArrowTable:
    """Return the patients who were not there from their first event on: by `patient`, from when on they were.

    They were enrolled after `as_of`, as it was known first; or they are in it again who had withdrawn their consent.
    """
    seen, versions = since_seen(facts, "patients"), facts.versions("patients")
    first = versions.group_by("patient").aggregate([("position", "min")])
    began = first["position_min"].take(pc.index_in(seen["patient"], value_set=_texts(first["patient"])))
    late = seen.filter(pc.greater(seen["position"], began)).select(["patient", *RECORDED])
    return pa.concat_tables([late, last_words_on_consent(facts)])


def _places(positions: ArrowArray, of: ArrowArray) -> Rows:
    places: Any = pc.index_in(positions, value_set=of.combine_chunks())
    return np.asarray(places.to_numpy(), dtype=np.intp)


def _texts(column: ArrowArray) -> ArrowArray:
    return column.cast(pa.string()).combine_chunks()
