"""What of facts had begun by a clinical day, and which ends had not happened by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, truth
from projections.columns.clinical_days import up_to
from projections.columns.coded import Rows, Truth, day_number
from projections.columns.partial_days import EVER_BEFORE, Bounds, counted_as, possible_days
from projections.log.layouts import LAYOUTS

INTERVALS: Final = {  # kind of fact whose start and stop may be partial and count as `partial_days` says: the two
    "treatments": ("started_on", "stopped_on"),
    "conditions": ("started_on", "ended_on"),
}


def interval(name: str, versions: ArrowTable, rows: Rows) -> Bounds:
    """Return what starts and stops of some versions of a kind that has such count as."""
    began, ended = INTERVALS[name]
    columns = [column for day in (began, ended) for column in (day, f"{day}_precision")]
    facts = versions.select(columns).take(pa.array(rows))
    start = possible_days(facts[began], facts[f"{began}_precision"], without=EVER_BEFORE)
    return counted_as(start, possible_days(facts[ended], facts[f"{ended}_precision"]))


def begun(name: str, versions: ArrowTable, rows: Rows, *, as_of: date, study_days: Iterable[ArrowArray]) -> Truth:
    """Return which of some versions are about something that had begun by a day; `study_days` are those of studies."""
    if name in INTERVALS:
        return np.asarray(interval(name, versions, rows).started <= day_number(as_of))
    own = LAYOUTS[name].day
    had_begun = np.ones(len(rows), dtype=bool)
    for on in study_days if own is None else [versions[own].take(pa.array(rows))]:
        had_begun &= truth(up_to(on, as_of))
    return had_begun


def masked(name: str, facts: ArrowTable, *, as_of: date) -> ArrowTable:
    """Return facts with the ends that had not happened by a day, and what goes with these, as not known yet."""
    for end, with_it in LAYOUTS[name].masked.items():
        is_interval = name in INTERVALS
        happened = pc.less_equal(facts["stopped"], day_number(as_of)) if is_interval else up_to(facts[end], as_of)
        facts = _masked(facts, end, with_it, pc.or_(pc.is_null(facts[end]), happened))
    return facts


def _masked(facts: ArrowTable, end: str, with_it: tuple[str, ...], happened: ArrowArray) -> ArrowTable:
    if pc.all(happened).as_py() is not False:
        return facts
    for name in (end, *with_it):
        place = facts.column_names.index(name)
        facts = facts.set_column(place, name, pc.if_else(happened, facts[name], None))
    return facts
