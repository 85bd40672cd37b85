"""Courses derived from readings: each location between each two consecutive readings, judged by activity."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.clinical_days import day_column
from projections.columns.coded import Coded, Codes, changes, coded_words, constant, in_order
from projections.columns.lookups import Lookup
from projections.grading.graded_readings import Readings, Spread
from projections.grading.grades import METHODS_REMEMBERED, NOT_ASSESSED, Methods
from projections.grading.locations import Places
from projections.grading.states import states_of
from projections.lesions.course_rows import Courses, Described
from projections.lesions.sequences import Sequences

COURSES: Final = coded_words(("absent", "new", "resolved", "improved", "unchanged", "worse", "not-assessable"))
DERIVED: Final = "derived"


class Said(NamedTuple):
    """What courses by some methods say: where they are, and what follows from each cell before and each cell after.

    `number_type` is that of the numbers of outcomes, which count through the cells after for each cell before.
    """

    n_cells: int
    places: ArrowTable
    outcomes: ArrowTable
    number_type: type[np.unsignedinteger[Any]]


def derived_courses(readings: Readings) -> Courses:
    """Return the derived courses, in the order of the table."""
    before, after = Sequences.of(readings).pairs()
    spread = Spread.of(readings, lambda method: len(method.locations), after)
    said = _said(readings.methods)
    outcomes = readings.cells.take(before).values * said.number_type(said.n_cells)
    outcomes += readings.cells.take(after).values
    rows, places = spread.rows.numbers.to_numpy(), spread.slots.numbers.to_numpy()
    begins = changes(readings.subjects[after])
    if not begins.all():  # several pairs have the same key, and their rows mingle
        order = in_order(np.cumsum(begins)[rows], places)
        rows, places, outcomes = rows[order], places[order], outcomes[order]
    pairs = {
        **{name: readings.words[name].take(after).array() for name in ("patient", "method", "reader", "session")},
        "to_on": day_column(readings.days[after]),
        "to_study": readings.words["study"].take(after).array(),
        "from_on": day_column(readings.days[before]),
        "from_study": readings.words["study"].take(before).array(),
        "basis": constant(DERIVED, len(after)).array(),
    }
    return Courses(
        spread.sizes,
        Described(pa.table(pairs), Lookup(pa.array(rows), spread.rows.used)),
        Described(said.places, Lookup(pa.array(places), spread.slots.used)),
        Described(said.outcomes, Lookup.of(outcomes)),
    )


def course_codes(before: npt.NDArray[np.int16], after: npt.NDArray[np.int16]) -> Codes:
    """Return what became of locations, as codes into `COURSES`, from their activities before and after."""
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


@lru_cache(METHODS_REMEMBERED)
def _said(methods: Methods) -> Said:
    outcomes = _outcomes(methods)
    number_type = np.min_scalar_type(len(outcomes)).type
    return Said(len(states_of(methods).activity), _places(methods), outcomes, number_type)


def _places(methods: Methods) -> ArrowTable:
    places = Places.of(methods)
    return pa.table(
        {
            "location_number": places.number,
            "location": places.location.array(),
            "segment": places.segment.array(),
            "kind": pa.nulls(len(places.number), pa.string()).dictionary_encode(),
        }
    )


def _outcomes(methods: Methods) -> ArrowTable:
    """Return what follows from each cell before and each cell after."""
    _, state, activity = states_of(methods)
    n = len(activity)
    before, after = np.repeat(activity, n), np.tile(activity, n)
    return pa.table(
        {
            "from_state": Coded(np.repeat(state.codes, n), state.words).array(),
            "to_state": Coded(np.tile(state.codes, n), state.words).array(),
            "from_activity": pa.array(before, mask=before == NOT_ASSESSED),
            "to_activity": pa.array(after, mask=after == NOT_ASSESSED),
            "course": Coded(course_codes(before, after), COURSES[1]).array(),
        }
    )
