"""Every clinical day that the facts of a registry state, one under the other, with whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import truth
from projections.columns.coded import Coded, Codes, Truth, coded, day_numbers
from projections.columns.partial_days import Days, latest_days

if TYPE_CHECKING:
    from projections.point_in_time import Facts

FIELDS: Final = (  # table of facts, field
    ("patients", "enrolled_on"),
    ("patients", "symptom_onset"),
    ("patients", "diagnosed_on"),
    ("patients", "consented_on"),
    ("patients", "follow_up_ended_on"),
    ("visits", "visited_on"),
    ("treatments", "started_on"),
    ("treatments", "stopped_on"),
    ("flares", "started_on"),
    ("flares", "ended_on"),
    ("adverse_events", "started_on"),
    ("adverse_events", "ended_on"),
    ("conditions", "started_on"),
    ("conditions", "ended_on"),
    ("imaging", "performed_on"),
    ("readings", "read_on"),
    ("lesions", "read_on"),
)


class StatedDays(NamedTuple):
    """Days since 1970, one a row: the `first` and the `last` day that each can mean, and the field that states it.

    `field` is a place in `FIELDS`, `reference` names the fact. `whole` says which days are known to the day.
    """

    patient: Coded
    reference: Any
    field: Codes
    first: Days
    last: Days
    whole: Truth

    def of_patients(self, patients: Any, column: str) -> Any:
        """Return a column of the patients as facts, for each row; null where the patient is not among them."""
        places = pc.index_in(self.patient.words, value_set=patients["patient"].combine_chunks())
        of_words = patients[column].combine_chunks().take(places)
        return of_words.take(pa.array(self.patient.codes))


def stated_days(facts: Facts) -> StatedDays:
    """Return every clinical day that a fact states at a point in time, field by field."""
    parts = [part for _, fields in groupby(FIELDS, key=itemgetter(0)) for part in _of_table(facts.anew(), fields)]
    whose = pa.concat_tables([rows for rows, *_ in parts])
    first, last, whole = (np.concatenate([part[place] for part in parts]) for place in (1, 2, 3))
    field = np.repeat(np.arange(len(FIELDS), dtype=np.int32), [rows.num_rows for rows, *_ in parts])
    return StatedDays(coded(whose["patient"]), whose["fact"].combine_chunks(), field, first, last, whole)


def years_of(days: Days) -> npt.NDArray[np.int64]:
    """Return the calendar year of each day since 1970."""
    years: npt.NDArray[np.int64] = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def _of_table(facts: Facts, fields: Iterable[tuple[str, str]]) -> Iterator[tuple[Any, Days, Days, Truth]]:
    """Yield the days of some fields of one table, whose facts go with `facts`."""
    return (_of_field(facts.of(table), name) for table, name in fields)


def _of_field(stated: Any, name: str) -> tuple[Any, Days, Days, Truth]:
    columns = [each for each in ("patient", "fact", name, f"{name}_precision") if each in stated.column_names]
    found = stated.select(columns).filter(pc.is_valid(stated[name]))
    first = day_numbers(found[name]).astype(np.int64)
    rows = found.select(["patient", "fact"])
    if f"{name}_precision" not in found.column_names:
        return rows, first, first, np.ones(len(first), dtype=bool)
    precision = found[f"{name}_precision"]
    whole = truth(pc.equal(precision, "day"))
    return rows, first, latest_days(first, precision), whole
