"""Ranges of patients, one after the other in the order of their pseudonyms: what an export holds in memory at once.

Every table is in the order of the patients, and no row is about two of them. So the rows of the first range, then
those of the second, and so on, are the table. The ranges follow from the log alone: a patient's events that were known
at the point in time, erased ones aside, and never the machine or how the log is kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from projections.log.block_files import Patients


def ranges(events: Any, *, at_most: int) -> list[Patients]:
    """Return the ranges of the patients of a table of `patient` and how many `events` each has, in any order.

    No range has more than `at_most` events, unless it is one patient.
    """
    events = events.sort_by("patient")
    names, until = events["patient"], np.cumsum(events["events"].to_numpy())
    found, first = [], 0
    while first < len(until):
        before = until[first - 1] if first else 0
        after = max(first + 1, int(np.searchsorted(until, before + at_most, side="right")))
        found.append(Patients(names[first].as_py(), names[after - 1].as_py()))
        first = after
    return found
