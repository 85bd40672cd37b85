"""Courses derived from readings: each location between each two consecutive readings, judged by activity."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.clinical_days import day_column
from projections.columns.coded import Coded, Codes, changes, coded_words, constant, in_order
from projections.columns.lookups import Lookup
from projections.grading.graded_readings import Readings, Spread
from projections.grading.grades import NOT_ASSESSED
from projections.grading.locations import Places
from projections.grading.states import ACTIVITY, STATE
from projections.lesions.course_rows import Courses, Described
from projections.lesions.sequences import Sequences

COURSES: Final = coded_words(("absent", "new", "resolved", "improved", "unchanged", "worse", "not-assessable"))
DERIVED: Final = "derived"


def derived_courses(readings: Readings) -> Courses:
    """Return the derived courses, in the order of the table."""
    before, after = Sequences.of(readings).pairs()
    spread = Spread.of(readings, lambda method: len(method.locations), after)
    outcomes = readings.cells.take(before).values * OUTCOME_TYPE(len(ACTIVITY))
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
        Described(PLACES, Lookup(pa.array(places), spread.slots.used)),
        Described(OUTCOMES, Lookup.of(outcomes)),
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


def _places() -> ArrowTable:
    places = Places.of()
    return pa.table(
        {
            "location_number": places.number,
            "location": places.location.array(),
            "segment": places.segment.array(),
            "kind": pa.nulls(len(places.number), pa.string()).dictionary_encode(),
        }
    )


def _outcomes() -> ArrowTable:
    """Return what follows from each cell before and each cell after."""
    before, after = np.repeat(ACTIVITY, len(ACTIVITY)), np.tile(ACTIVITY, len(ACTIVITY))
    return pa.table(
        {
            "from_state": Coded(np.repeat(STATE.codes, len(ACTIVITY)), STATE.words).array(),
            "to_state": Coded(np.tile(STATE.codes, len(ACTIVITY)), STATE.words).array(),
            "from_activity": pa.array(before, mask=before == NOT_ASSESSED),
            "to_activity": pa.array(after, mask=after == NOT_ASSESSED),
            "course": Coded(course_codes(before, after), COURSES[1]).array(),
        }
    )


PLACES: Final = _places()
OUTCOMES: Final = _outcomes()
OUTCOME_TYPE: Final = np.min_scalar_type(len(OUTCOMES)).type
