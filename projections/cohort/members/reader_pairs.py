"""Every two readers of a method, with the studies that both of them read.

Of several studies in a window the one counts that the time point prefers among those that both read; a study that one
of the two read alone never stands for the pair. The consensus is no reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.reader_selection import AvailableReadings
from projections.cohort.members.readings import readings_of_every_reader
from projections.cohort.members.visit_windows import NONE
from projections.columns.coded import Rows, Truth
from projections.grading.grades import Grading
from projections.lesions.paired_verdicts import CONSENSUS


class ReaderPair(NamedTuple):
    """Two readers, and the places among a method's readings of what both read: members × time points, -1 for none.

    `alone` says of whom one of the two read a study in the window, and of whom no study was read by both.
    """

    readers: tuple[str, str]
    first: Rows
    second: Rows
    alone: Truth

    @property
    def both(self) -> Truth:
        """Who was read by both at each time point; members × time points."""
        return np.asarray(self.first != NONE)


class Readers(NamedTuple):
    """The single readers of a method, by name, and every two of them."""

    grading: Grading
    names: list[str]
    pairs: Iterator[ReaderPair]


def readers_by(cohort: Cohort, method: str) -> Readers:
    """Return the readers of a method in the cohort's windows, of the definition's session.

    Raises `CohortError` where a reader read a study in several sessions and the definition names none.
    """
    available = readings_of_every_reader(cohort, method)
    codes = {name: code for name, code in available.codes().items() if name != CONSENSUS}
    return Readers(available.grading, list(codes), (_pair(available, codes, *two) for two in combinations(codes, 2)))


def _pair(available: AvailableReadings, codes: dict[str, int], first: str, second: str) -> ReaderPair:
    one, other = codes[first], codes[second]
    shared = np.intersect1d(available.studies_of(one), available.studies_of(other))
    of_one, of_other = (available.by(reader, shared) for reader in (one, other))
    either = (available.by(one) != NONE) | (available.by(other) != NONE)
    return ReaderPair((first, second), of_one, of_other, either & (of_one == NONE))
