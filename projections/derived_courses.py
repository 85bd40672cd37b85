"""Courses derived from readings: each location between each two consecutive readings, judged by activity."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.coded import Coded, Codes, Rows, coded_words, constant, in_order
from projections.graded_readings import Readings
from projections.grades import NOT_ASSESSED, Matrix
from projections.locations import Places, location_columns
from projections.sequences import Sequences
from projections.states import STATES, state_codes

COURSES: Final = coded_words(("absent", "new", "resolved", "improved", "unchanged", "worse", "not-assessable"))
DERIVED: Final = "derived"


class Pairs(NamedTuple):
    """Pairs of consecutive readings in the order of the table: each a block of rows, one a location.

    `earlier` and `later` are rows of the readings, `starts` where each block begins, `sizes` how long it is.
    """

    earlier: Rows
    later: Rows
    starts: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, readings: Readings) -> Pairs:
        """Return the pairs of all methods by patient, method, reader, session, day and study of the later reading."""
        earlier: list[Rows] = [np.zeros(0, dtype=np.intp)]
        later: list[Rows] = [np.zeros(0, dtype=np.intp)]
        sizes: list[npt.NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
        for grading in readings.gradings:
            before, after = Sequences.of(readings, grading).pairs()
            earlier.append(grading.rows[before])
            later.append(grading.rows[after])
            sizes.append(np.full(len(before), len(grading.method.locations)))
        from_, to, size = np.concatenate(earlier), np.concatenate(later), np.concatenate(sizes)
        order = in_order(*_key(readings, to), readings.words["fact"].codes[to], readings.words["fact"].codes[from_])
        return cls(from_[order], to[order], np.cumsum(size[order]) - size[order], size[order])


def derived_courses(readings: Readings) -> dict[str, Any]:
    """Return the columns of the derived courses, in the order of the table."""
    pairs = Pairs.of(readings)
    rows = np.repeat(np.arange(len(pairs.later)), pairs.sizes)
    columns = _located(readings, pairs, len(rows))
    order = _order(readings, pairs, rows, columns["number"])
    if order is not None:
        rows, columns = rows[order], {name: column[order] for name, column in columns.items()}
    later, earlier = pairs.later[rows], pairs.earlier[rows]
    before, after = columns["from_activity"], columns["to_activity"]
    return {
        **{name: readings.words[name].take(later).array() for name in ("patient", "method", "reader", "session")},
        **location_columns(columns["number"], columns["location"], columns["segment"]),
        "to_on": pa.array(readings.days[later]).cast(pa.date32()),
        "to_study": readings.words["study"].take(later).array(),
        "kind": pa.nulls(len(rows)),
        "from_on": pa.array(readings.days[earlier]).cast(pa.date32()),
        "from_study": readings.words["study"].take(earlier).array(),
        "from_state": Coded(columns["from_state"], STATES[1]).array(),
        "to_state": Coded(columns["to_state"], STATES[1]).array(),
        "from_activity": pa.array(before.astype(np.int16), mask=before == NOT_ASSESSED),
        "to_activity": pa.array(after.astype(np.int16), mask=after == NOT_ASSESSED),
        "course": Coded(course_codes(before, after), COURSES[1]).array(),
        "basis": constant(DERIVED, len(rows)).array(),
    }


def course_codes(before: Matrix, after: Matrix) -> Codes:
    """Return what became of each location, as a code into `COURSES`, from its activities before and after."""
    known = COURSES[0]
    codes = np.select(
        [
            (before < 0) | (after < 0),
            (before == 0) & (after == 0),
            before == 0,
            after == 0,
            after < before,
            after > before,
        ],
        [known[name] for name in ("not-assessable", "absent", "new", "resolved", "improved", "worse")],
        known["unchanged"],
    )
    return codes.astype(np.int32)


def _located(readings: Readings, pairs: Pairs, rows: int) -> dict[str, npt.NDArray[Any]]:
    """Return the columns that differ from location to location, block after block."""
    columns = {name: np.empty(rows, dtype=np.int32) for name in ("location", "segment", "from_state", "to_state")}
    columns |= {name: np.empty(rows, dtype=np.int8) for name in ("from_activity", "to_activity")}
    columns["number"] = np.empty(rows, dtype=np.int16)
    for grading in readings.gradings:
        blocks = np.flatnonzero(np.isin(pairs.later, grading.rows))
        filled = pairs.starts[blocks][:, None] + np.arange(len(grading.method.locations))
        before = np.searchsorted(grading.rows, pairs.earlier[blocks])
        after = np.searchsorted(grading.rows, pairs.later[blocks])
        places, states, activities = Places.of(grading.method), state_codes(grading), grading.activities()
        columns["number"][filled] = places.number
        columns["location"][filled] = places.location
        columns["segment"][filled] = places.segment
        columns["from_state"][filled], columns["to_state"][filled] = states[before], states[after]
        columns["from_activity"][filled], columns["to_activity"][filled] = activities[before], activities[after]
    return columns


def _order(readings: Readings, pairs: Pairs, rows: Rows, number: npt.NDArray[Any]) -> Rows | None:
    """Return the order of the rows where blocks have the same key, so that their rows mingle; None where none have."""
    differs = np.ones(len(pairs.later), dtype=bool)
    if len(differs):
        differs[1:] = np.any([key[1:] != key[:-1] for key in _key(readings, pairs.later)], axis=0)
    return None if differs.all() else in_order(np.cumsum(differs)[rows], number)


def _key(readings: Readings, later: Rows) -> list[npt.NDArray[Any]]:
    words = [readings.words[name].codes[later] for name in ("patient", "method", "reader", "session")]
    return [*words, readings.days[later], readings.words["study"].codes[later]]
