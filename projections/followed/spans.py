"""Follow-up as it was stated: from enrolment or a resumption to the recorded end of it, both days included.

What is asked of a patient is asked in follow-up, be the patient seen or not; observed time is another thing
(`projections.observation`). An end after `as_of` has not come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, truth
from projections.columns.coded import Codes, Rows, changes, coded, day_numbers, end_to_end, in_order, moments
from projections.columns.partial_days import FOREVER, Days

if TYPE_CHECKING:
    from projections.point_in_time import Facts

PARTS: Final = (
    ("patients", "enrolled_on", "follow_up_ended_on", "follow_up_end_reason"),
    ("follow_ups", "resumed_on", "ended_on", "end_reason"),
)


class Spans(NamedTuple):
    """Spans of follow-up by patient and day, days since 1970; `ended` is FOREVER while one goes on.

    `patients` are the pseudonyms of who is enrolled, sorted, and `patient` the place of each span's among them;
    `reason` is why it ended.
    """

    patients: ArrowArray
    patient: Codes
    opened: Days
    ended: Days
    reason: ArrowArray

    @classmethod
    def of(cls, facts: Facts) -> Self:
        """Return the spans at the point in time of all patients who are enrolled."""
        parts = [(facts.of(kind), *columns) for kind, *columns in PARTS]
        patients = coded(parts[0][0]["patient"]).words
        patient = places(end_to_end(*(rows["patient"] for rows, *_ in parts)), patients)
        opened = np.concatenate([day_numbers(rows[began]).astype(np.int64) for rows, began, *_ in parts])
        ended = np.concatenate([_ends(rows[end]) for rows, _, end, _ in parts])
        reason = end_to_end(*(rows[why] for rows, *_, why in parts)).combine_chunks()
        order = in_order(patient, opened)
        return cls(patients, patient[order], opened[order], ended[order], reason.take(pa.array(order)))

    @property
    def first(self) -> Rows:
        """The row of each patient's first span."""
        return np.flatnonzero(changes(self.patient))

    @property
    def last(self) -> Rows:
        """The row of each patient's last span."""
        return np.append(self.first[1:], len(self.patient))[: len(self.first)] - 1

    def opened_by(self, patient: Codes | Days, day: Days) -> Rows:
        """Return the span of each patient that opened last by a day, -1 where none had."""
        span = np.searchsorted(moments(self.patient, self.opened), moments(patient, day), side="right") - 1
        return np.where((span >= 0) & (np.append(self.patient, -1)[span] == patient), span, -1)


def places(names: ArrowArray, among: ArrowArray) -> Codes:
    """Return the place of each name among sorted ones, -1 where it is not there."""
    found = pc.index_in(names, value_set=among).fill_null(-1)
    return np.asarray(found.to_numpy(), dtype=np.int32)


def _ends(ended_on: ArrowArray) -> Days:
    return np.where(truth(pc.is_null(ended_on)), FOREVER, day_numbers(ended_on).astype(np.int64))
