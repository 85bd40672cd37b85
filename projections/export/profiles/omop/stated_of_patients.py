"""What was stated of patients and is none of OMOP's other tables: each with its day, its name and what was said."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, truth
from projections.columns.clinical_days import day_column
from projections.columns.coded import day_number
from projections.columns.partial_days import possible_days
from projections.export.profiles.omop.measured import SAID, shaped

if TYPE_CHECKING:
    from projections.point_in_time import Facts

UNKNOWN: Final = "unknown"  # why follow-up ended, where nobody said


def stated_of_patients(facts: Facts, names: Collection[str]) -> list[ArrowTable]:
    """Return the statements of the tables that are asked for.

    What is told at enrolment without a day of its own has that of the enrolment: HLA-B27 and criteria.
    """
    return [rows for name, made in OF_TABLES.items() if name in names for rows in made(facts)]


def _patients(facts: Facts) -> Iterator[ArrowTable]:
    enrolled = facts.of("patients")
    yield _said(enrolled, "enrolled_on", "hla_b27", enrolled["hla_b27"])
    criteria = enrolled["criteria"].combine_chunks()
    fulfilled = enrolled.take(pc.list_parent_indices(criteria))
    yield _said(fulfilled, "enrolled_on", "criteria", pc.list_flatten(criteria))
    for day in ("symptom_onset", "diagnosed_on"):
        first, precision = enrolled[day], enrolled[f"{day}_precision"]
        middle = _middle(first, precision, facts.at.as_of)
        counted = enrolled.set_column(enrolled.column_names.index(day), day, middle)
        yield _said(counted, day, day, _as_known(first, precision))
    yield _said(enrolled, "follow_up_ended_on", "follow_up_end", _reason(enrolled["follow_up_end_reason"]))


def _follow_ups(facts: Facts) -> Iterator[ArrowTable]:
    resumed = facts.of("follow_ups")
    yield _said(resumed, "resumed_on", "follow_up_resumption", resumed["resumed_on"].cast(pa.string()))
    yield _said(resumed, "ended_on", "follow_up_end", _reason(resumed["end_reason"]))


def _flares(facts: Facts) -> Iterator[ArrowTable]:
    flares = facts.of("flares")
    yield _said(flares, "started_on", "flare", pc.fill_null(flares["severity"], "flare"))


def _adverse_events(facts: Facts) -> Iterator[ArrowTable]:
    events = facts.of("adverse_events")
    yield _said(events, "started_on", "adverse_event", events["term"])


def _said(facts: ArrowTable, day: str, source: str, said: ArrowArray) -> ArrowTable:
    names = pa.array([source] * facts.num_rows, pa.string())
    rows = shaped({"patient": facts["patient"], "on": facts[day], "source": names, "said": said}, SAID)
    return rows.filter(pc.and_(pc.is_valid(rows["on"]), pc.is_valid(rows["said"])))


def _reason(reasons: ArrowArray) -> ArrowArray:
    """Return why follow-up ended; where nobody said, `unknown`, for it ended all the same."""
    return pc.fill_null(reasons.cast(pa.string()), UNKNOWN)


def _middle(days: ArrowArray, precision: ArrowArray, as_of: date | None) -> ArrowArray:
    """Return the middle (of two the earlier) of what days can mean, up to `as_of`; null where there is none."""
    possible = possible_days(days, precision)
    last = possible.last if as_of is None else np.minimum(possible.last, day_number(as_of))
    return day_column(possible.first + (last - possible.first) // 2, null=truth(pc.is_null(days)))


def _as_known(days: ArrowArray, precision: ArrowArray) -> ArrowArray:
    """Return days as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, as precisely as they are known."""
    written = days.cast(pa.string())
    known = precision.cast(pa.string())
    month, year = (pc.utf8_slice_codeunits(written, 0, length) for length in (7, 4))
    return pc.if_else(pc.equal(known, "year"), year, pc.if_else(pc.equal(known, "month"), month, written))


OF_TABLES = {
    "patients": _patients,
    "follow_ups": _follow_ups,
    "flares": _flares,
    "adverse_events": _adverse_events,
}
