"""Courses derived from readings: each location between each two consecutive readings, judged by activity."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

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
from projections.grading.states import LocationStates
from projections.lesions.course_rows import Courses, Described
from projections.lesions.sequences import Sequences

COURSES: Final = coded_words(("absent", "new", "resolved", "improved", "unchanged", "worse", "not-assessable"))
DERIVED: Final = "derived"


def derived_courses(readings: Readings) -> Courses:
    """Return the derived courses, in the order of the table."""
    before, after = Sequences.of(readings).pairs()
    spread = Spread.of(readings, lambda method: len(method.locations), after)
    said = readings.states
    number_type = np.min_scalar_type(len(said.activity) ** 2)
    outcomes = readings.cells.take(before).values.astype(number_type) * number_type.type(len(said.activity))
    outcomes += readings.cells.take(after).values
    if readings.selected is not None:
        kept = readings.selected.take(after).values
        spread, outcomes = spread.only(kept), outcomes[kept]
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
        Described(_places(readings.methods), Lookup(pa.array(places), spread.slots.used)),
        _what_became(outcomes, said),
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


def _what_became(outcomes: npt.NDArray[np.unsignedinteger[Any]], said: LocationStates) -> Described:
    """Return what follows from what a location said before and says after, of the pairs that occur.

    An outcome is the number of what was said before times how many there are, plus that of what is said after.
    """
    occurring = pa.array(outcomes).dictionary_encode()
    said_before, said_after = np.divmod(occurring.dictionary.to_numpy(), len(said.activity))
    before, after = said.activity[said_before], said.activity[said_after]
    table = pa.table(
        {
            "from_state": said.state.take(said_before).array(),
            "to_state": said.state.take(said_after).array(),
            "from_activity": pa.array(before, mask=before == NOT_ASSESSED),
            "to_activity": pa.array(after, mask=after == NOT_ASSESSED),
            "course": Coded(course_codes(before, after), COURSES[1]).array(),
        }
    )
    return Described(table, Lookup(occurring.indices, np.arange(len(table))))
