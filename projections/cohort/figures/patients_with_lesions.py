"""Patients with one lesion at least: of how many, and which of them the locations that were not assessed leave open.

To have one takes one location, to have none takes all of them. So a share of those of whom it is known is too high
even where locations are missing at random, and by default only those count of whom no location leaves doubt of the
count. What the others leave open stands beside the share as bounds.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from projections.cohort.figures.comparing import left_out
from projections.cohort.figures.dependent_rows import share_of
from projections.cohort.figures.figures import At, Figure
from projections.cohort.figures.location_counts import LocationCounts
from projections.cohort.members.cohort import Cohort
from projections.columns.coded import Truth

JudgedPatients = Literal["complete", "known", "all"]

JUDGED_PATIENTS: Final[dict[JudgedPatients, str]] = {  # who counts: why others are left out
    "complete": "with a location that leaves doubt of the count",
    "known": "with none seen and not assessable everywhere",
    "all": "",
}


def judged_patients(counts: LocationCounts, who: JudgedPatients) -> Truth:
    """Return which of the members read count when it is asked who has one."""
    if who == "complete":
        return counts.complete
    return np.asarray(counts.present.known) if who == "known" else np.ones(len(counts.members), dtype=bool)


def patients_with_one(cohort: Cohort, at: At, counts: LocationCounts, who: JudgedPatients, *, note: str = "") -> Figure:
    """Return how many of the members read have one at least; `note` stands before what the denominator counts."""
    judged, present = judged_patients(counts, who), counts.present
    n, of = len(counts.members), int(judged.sum())
    told = note + left_out(n - of, n, JUDGED_PATIENTS[who])
    if not counts.complete.all():
        told += f"; of all {n}, {_bounds(int(present.certain.sum()), int(present.possible.sum()))}"
    known, has = np.zeros(cohort.n, dtype=bool), np.zeros(cohort.n, dtype=bool)
    known[counts.members], has[counts.members] = judged, present.certain
    return share_of(cohort, at, has, known, note=told, decimals=0)


def _bounds(least: int, most: int) -> str:
    """Return how many have one however the locations that were not assessed turn out."""
    return f"{least} have one" if least == most else f"{least} to {most} have one"
