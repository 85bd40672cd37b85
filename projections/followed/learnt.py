"""When the registry learnt of visits: at the event that first recorded them, whatever was said of them since.

A visit that was moved from another patient's stream was learnt of when it was moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable, truth
from projections.columns.partial_days import Days
from projections.followed.visit_days import VisitDays

if TYPE_CHECKING:
    from projections.point_in_time import Facts


def learnt_at(facts: Facts, days: VisitDays) -> npt.NDArray[np.int64]:
    """Return the instant, µs UTC since 1970, at which the registry first learnt of a visit of each day."""
    if not len(days.first):
        return np.zeros(0, dtype=np.int64)
    learnt = _instants(days.visited)
    earlier = facts.earlier("visits")
    again = np.flatnonzero(truth(pc.is_in(days.visited["fact"], value_set=earlier["fact"])))
    if len(again):
        first = pa.table({"fact": earlier["fact"], "at": pa.array(_instants(earlier))})
        first = first.group_by("fact").aggregate([("at", "min")])
        found = pc.index_in(days.visited["fact"].take(pa.array(again)), value_set=first["fact"])
        learnt[again] = np.minimum(learnt[again], first["at_min"].take(found).to_numpy())
    return np.minimum.reduceat(learnt, days.first)


def _instants(versions: ArrowTable) -> Days:
    return np.array(versions["recorded_at"].cast(pa.int64()).to_numpy(), dtype=np.int64)
