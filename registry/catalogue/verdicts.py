"""Paired verdicts: what a reader who saw two studies side by side can say of a lesion, and what it means unmasked.

The semiquantitative scale of the anakinra study (Ann Rheum Dis 2004, ard.2004.020800, Methods and Table 2): a lesion
that was there at baseline is resolved, improved, unchanged or worse; percentages are of these lesions. A new lesion
is outside the scale and is counted beside it. "Responding" are the resolved and the improved.

Readers there did not know which study was the first. They judged A → B; where B was performed before A, the true
change runs from B to A, and what they said is turned round (`SWAPPED`).
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

SCALE: Final = ("resolution", "improvement", "unchanged", "deterioration")  # of a baseline lesion, best first
NEW: Final = "new"
RESPONDING: Final = ("resolution", "improvement")
SWAPPED: Final = {  # verdict on A → B: verdict on B → A
    "resolution": "new",
    "improvement": "deterioration",
    "unchanged": "unchanged",
    "deterioration": "improvement",
    "new": "resolution",
}


class Comparison(NamedTuple):
    """A verdict on one lesion, from a first study to a second, by their codes."""

    first: str
    second: str
    verdict: str


def unmasked(seen: Comparison, *, first_on: date, second_on: date) -> Comparison:
    """Return a comparison in the order of the days (clinical clock) on which its studies were performed.

    Two studies of one day have no order; the comparison is returned as it was seen.

    >>> unmasked(Comparison("A", "B", "new"), first_on=date(2003, 6, 2), second_on=date(2003, 3, 10))
    Comparison(first='B', second='A', verdict='resolution')
    """
    if second_on >= first_on:
        return seen
    return Comparison(seen.second, seen.first, SWAPPED[seen.verdict])
