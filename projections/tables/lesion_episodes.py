"""One row per episode: a run of positive activity at one location over consecutive assessable readings.

Readings of one patient, method, reader and session by day. Where a location could not be assessed, its reading neither
ends an episode nor begins one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.clinical_days import day_column
from projections.coded import in_order
from projections.columns import Table, day, declared, number, word, yes_no
from projections.frames import frame
from projections.graded_readings import Readings
from projections.grades import NOT_ASSESSED, Grading
from projections.locations import LOCATION, NUMBER, SEGMENT, Places, location_columns
from projections.sequences import Sequences
from registry.catalogue.methods import methods

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

LESION_EPISODES: Final[Table] = declared(
    "lesion_episodes",
    "run of positive activity at a location",
    key="patient method reader session location_number first_seen_on",
    columns=(
        word("patient", "pseudonym"),
        word("method", "code of the method", *methods()),
        word("reader", "the reader's code"),
        word("session", "reading session or campaign, empty where there was none"),
        NUMBER,
        day("first_seen_on", "day of the first examination that shows it"),
        LOCATION,
        SEGMENT,
        day("last_seen_on", "day of the last examination that shows it"),
        day("resolved_on", "day of the first examination after it that no longer does, null while it goes on"),
        number("peak_activity", "the highest activity in the run"),
        number("n_readings", "number of readings that show it", type_="int32"),
        yes_no("ongoing", "whether no later reading shows it gone"),
        yes_no("relapse", "whether the location had an earlier episode"),
    ),
)


Columns = dict[str, npt.NDArray[Any]]


def lesion_episodes(facts: Facts) -> pd.DataFrame:
    """Return the episodes as a frame, one row a run; columns as declared in `LESION_EPISODES`."""
    return frame(table(facts))


def table(facts: Facts) -> Any:
    """Return the episodes as an Arrow table by patient, method, reader, session, location_number, first_seen_on."""
    readings = facts.readings
    by_method = [_episodes(readings, grading) for grading in readings.gradings]
    found = {name: np.concatenate([episodes[name] for episodes in by_method]) for name in by_method[0]}
    words = [readings.words[name].codes for name in ("patient", "method", "reader", "session")]
    first = found["first"]
    keys = *(word[first] for word in words), found["number"], readings.days[first], readings.words["fact"].codes[first]
    order = in_order(*keys)
    found = {name: column[order] for name, column in found.items()}
    first, ongoing = found["first"], found["resolved"] < 0
    return LESION_EPISODES.of(
        {
            **{name: readings.words[name].take(first).array() for name in ("patient", "method", "reader", "session")},
            **location_columns(found["number"], found["location"], found["segment"]),
            "first_seen_on": day_column(readings.days[first]),
            "last_seen_on": day_column(readings.days[found["last"]]),
            "resolved_on": day_column(np.append(readings.days, 0)[found["resolved"]], null=ongoing),
            "peak_activity": pa.array(found["peak"]),
            "n_readings": pa.array(found["n_readings"]),
            "ongoing": pa.array(ongoing),
            "relapse": pa.array(found["relapse"]),
        }
    )


def _episodes(readings: Readings, grading: Grading) -> Columns:
    """Return the episodes of one method; `first`, `last` and `resolved` are rows of the readings, -1 while ongoing.

    The assessable locations stand in one line, location by location, sequence by sequence, reading by reading; an
    episode is a run of positive ones in it.
    """
    sequences = Sequences.of(readings, grading)
    activity = grading.activities()[sequences.places].T  # locations × readings
    location, reading = np.nonzero(activity != NOT_ASSESSED)
    active = activity[location, reading]
    history = location * len(sequences.places) + sequences.sequence[reading]
    follows = np.zeros(len(history) + 1, dtype=bool)  # whether an entry follows one of its own location and sequence
    follows[1:-1] = history[1:] == history[:-1]
    positive = active > 0
    begins = np.flatnonzero(positive & ~(follows[:-1] & np.append(False, positive)[:-1]))
    ends = np.flatnonzero(positive & ~(follows[1:] & np.append(positive, False)[1:]))
    row = grading.rows[sequences.places][reading]
    places, where = Places.of(grading.method), location[begins]
    return {
        "first": row[begins],
        "last": row[ends],
        "resolved": np.where(follows[ends + 1], np.append(row, -1)[ends + 1], -1),
        "number": places.number[where],
        "location": places.location[where],
        "segment": places.segment[where],
        "peak": np.maximum.reduceat(np.append(active, 0), begins).astype(np.int16),
        "n_readings": (ends - begins + 1).astype(np.int32),
        "relapse": np.append(False, history[begins][1:] == history[begins][:-1])[: len(begins)],
    }
