"""One row per episode: a run of positive activity at one location over consecutive assessable readings.

Readings of one patient, method, reader and session by day. Where a location could not be assessed, its reading neither
ends an episode nor begins one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.catalogue_words import methods
from projections.columns.clinical_days import day_column
from projections.columns.coded import changes, in_order
from projections.columns.lookups import Lookup
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, number, refers, word, yes_no
from projections.grading.grades import NOT_ASSESSED, Grading
from projections.grading.locations import LOCATION, NUMBER, SEGMENT, location_columns
from projections.lesions.sequences import Sequences

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

LESION_EPISODES: Final[Table] = declared(
    "lesion_episodes",
    "run of positive activity at a location",
    order="patient method reader session location_number first_seen_on",
    edition=2,
    function_of="patient",
    columns=(
        word("patient", "pseudonym"),
        word("method", "code of the method", listed=methods),
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
        word("first_seen_study", "code of the first examination that shows it"),
    ),
).keyed(
    "patient method reader session location_number first_seen_study",
    OF_PATIENT,
    refers("patient first_seen_study", "imaging", "patient study"),
    never_null="first_seen_on location segment last_seen_on peak_activity n_readings ongoing relapse",
    betrays={
        "identifier": "patient",
        "reference": "first_seen_study",
        "person": "reader",
        "name": "session",
        "day": "first_seen_on last_seen_on resolved_on",
        "none": "method location_number location segment peak_activity n_readings ongoing relapse",
    },
)


Column = npt.NDArray[Any]


class Episodes(NamedTuple):
    """Episodes of one method: `slot` says where, `first`, `last` and `resolved` are rows of the readings.

    `resolved` is -1 while an episode is ongoing; `sequence` is that of its readings.
    """

    slot: Column
    sequence: Column
    first: Column
    last: Column
    resolved: Column
    peak: Column
    n_readings: Column
    relapse: Column


def lesion_episodes(facts: Facts) -> pd.DataFrame:
    """Return the episodes as a frame, one row a run; columns as declared in `LESION_EPISODES`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the episodes as an Arrow table by patient, method, reader, session, location_number, first_seen_on."""
    readings = facts.readings
    sequences, first_slot, by_method = Sequences.of(readings), 0, []
    for which, grading in enumerate(readings.gradings):
        by_method.append(_episodes(sequences.only(readings.method_numbers == which), grading, first_slot))
        first_slot += len(grading.method.locations)
    episodes = Episodes(*map(np.concatenate, zip(*by_method)))
    began = readings.days[episodes.first]
    order = in_order(episodes.sequence, episodes.slot, began, ties=lambda: readings.references.codes[episodes.first])
    episodes = Episodes(*(column[order] for column in episodes))
    words, slots, ongoing = readings.words, Lookup.of(episodes.slot), episodes.resolved < 0
    return LESION_EPISODES.of(
        {
            **{name: words[name].take(episodes.first).array() for name in ("patient", "method", "reader", "session")},
            **slots.columns(location_columns(readings.methods)),
            "first_seen_on": day_column(readings.days[episodes.first]),
            "last_seen_on": day_column(readings.days[episodes.last]),
            "resolved_on": day_column(np.append(readings.days, 0)[episodes.resolved], null=ongoing),
            "peak_activity": pa.array(episodes.peak),
            "n_readings": pa.array(episodes.n_readings),
            "ongoing": pa.array(ongoing),
            "relapse": pa.array(episodes.relapse),
            "first_seen_study": words["study"].take(episodes.first).array(),
        }
    )


def _episodes(sequences: Sequences, grading: Grading, first_slot: int) -> Episodes:
    """Return the episodes of one method by location, sequence and time; `first_slot` is that of its first location.

    The assessable locations stand in one line, location by location, sequence by sequence, reading by reading; an
    episode is a run of positive ones in it.
    """
    places = np.searchsorted(grading.rows, sequences.rows)
    activity = np.ascontiguousarray(grading.activities()[places].T).reshape(-1)  # location after location
    line = np.flatnonzero(activity != NOT_ASSESSED).astype(np.int32)
    active, n, rows = activity[line], len(places), sequences.rows.astype(np.int32)
    n_sequences = sequences.sequence.max(initial=0) + 1
    location = np.arange(len(grading.method.locations), dtype=np.int32)[:, None]
    history = (location * np.int32(n_sequences) + sequences.sequence.astype(np.int32)).reshape(-1)[line]
    follows = np.zeros(len(line) + 1, dtype=np.bool_)  # whether an entry follows one of its own location and sequence
    follows[1:-1] = history[1:] == history[:-1]
    positive = np.zeros(len(line) + 2, dtype=np.bool_)
    positive[1:-1] = active > 0
    begins = np.flatnonzero(positive[1:-1] & ~(follows[:-1] & positive[:-2]))
    ends = np.flatnonzero(positive[1:-1] & ~(follows[1:] & positive[2:]))
    histories, (where, first) = history[begins], np.divmod(line[begins], np.int32(n))
    after = np.append(line, 0)[ends + 1] % n
    return Episodes(
        slot=(first_slot + where).astype(np.int16),
        sequence=histories % n_sequences,
        first=rows[first],
        last=rows[line[ends] % n],
        resolved=np.where(follows[ends + 1], np.append(rows, -1)[after], -1),
        peak=np.maximum.reduceat(np.append(active, 0), begins).astype(np.int16),
        n_readings=(ends - begins + 1).astype(np.int32),
        relapse=~changes(histories),
    )
