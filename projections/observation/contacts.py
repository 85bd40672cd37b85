"""Every day on which somebody is known to have seen a patient: the clinical days of all facts that were known.

A contact is known at `known_at`, whatever `as_of` is: a visit in August proves that a patient was under observation in
June. Enrolment, consent, resumptions, visits, starts and stops of treatment, flares, adverse events and studies are
contacts, and days on which flares and adverse events ended. So are the first and the last day of a condition, where
they are known to the day and its basis is a clinician, imaging or the laboratory: somebody saw the patient then. What a
patient reports of a condition is told later, of whatever day, and no contact. The recorded end of follow-up is none:
`lost` is what nobody saw.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.coded import Coded, coded, day_numbers, end_to_end
from projections.columns.partial_days import FOREVER, Days, Partial, counted_as, possible_days

if TYPE_CHECKING:
    from projections.point_in_time import Facts

DAYS_OF_CONTACT: Final = {  # kind of fact: the days on which the patient was seen, or told
    "patients": ("enrolled_on", "consented_on"),
    "follow_ups": ("resumed_on",),
    "visits": ("visited_on",),
    "flares": ("started_on", "ended_on"),
    "adverse_events": ("started_on", "ended_on"),
    "imaging": ("performed_on",),
}


SEEN: Final = ("clinician", "imaging", "laboratory")  # the bases of a condition by which somebody saw the patient
TO_THE_DAY: Final = "day"


class Contacts(NamedTuple):
    """The days on which patients were seen, in any order: whose each is, and days since 1970."""

    patient: Coded
    day: Days

    @classmethod
    def of(cls, facts: Facts, *, partial: Partial = "middle") -> Self:
        """Return all contacts known at the point in time, after `as_of` too; a partial day counts by the rule."""
        patients, days = zip(*_days(facts, partial))
        return cls(coded(end_to_end(*patients)), np.concatenate(days))


def _days(facts: Facts, partial: Partial) -> Iterator[tuple[Any, Days]]:
    for kind, columns in DAYS_OF_CONTACT.items():
        rows = facts.known(kind)
        for column in columns:
            there = rows if rows[column].null_count == 0 else rows.filter(pc.is_valid(rows[column]))
            yield there["patient"], day_numbers(there[column]).astype(np.int64)
    yield from _conditions(facts)
    courses = facts.known("treatments")
    bounds = counted_as(
        possible_days(courses["started_on"], courses["started_on_precision"]),
        possible_days(courses["stopped_on"], courses["stopped_on_precision"]),
        partial,
    )
    yield courses["patient"], bounds.started
    over = bounds.stopped != FOREVER
    yield courses["patient"].filter(pa.array(over)), bounds.stopped[over]


def _conditions(facts: Facts) -> Iterator[tuple[Any, Days]]:
    rows = facts.known("conditions")
    seen = rows.filter(pc.is_in(rows["basis"], value_set=pa.array(SEEN)))
    for column in ("started_on", "ended_on"):
        there = seen.filter(pc.equal(seen[f"{column}_precision"], TO_THE_DAY))
        yield there["patient"], day_numbers(there[column]).astype(np.int64)
