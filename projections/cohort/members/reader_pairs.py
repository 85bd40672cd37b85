"""Every two readers of a method, or each reader in two sessions, with the studies that both sides of a pair read.

Of several studies in a window the one counts that the time point prefers among those that both read; a study that one
of the two read alone never stands for the pair. The consensus is no reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


class Side(NamedTuple):
    """One side of a pair: the readings by a reader, whom tables call `name`, that may stand for the members."""

    name: str
    available: AvailableReadings
    reader: int


class ReaderPair(NamedTuple):
    """Two readers, or one in two sessions, and what both read, as places among a method's readings.

    The places are members × time points, -1 for none.

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
    """The single readers of a method, by name, and every two of them, or each of them in every two sessions."""

    grading: Grading
    names: list[str]
    pairs: Iterator[ReaderPair]


def readers_by(cohort: Cohort, method: str) -> Readers:
    """Return the readers of a method in the cohort's windows, of the definition's session.

    Raises `CohortError` where a reader read a study in several sessions and the definition names none.
    """
    available = readings_of_every_reader(cohort, method)
    sides = [Side(name, available, code) for name, code in _single(available).items()]
    return Readers(available.grading, [side.name for side in sides], (_pair(*two) for two in combinations(sides, 2)))


def readers_in_sessions(cohort: Cohort, method: str, sessions: Sequence[str]) -> Readers:
    """Return the readers of a method who read in two of the sessions at least, each in every two of these.

    Raises `CohortError` where a reader read a study twice in one of them.
    """
    available = {session: readings_of_every_reader(cohort, method, session=session) for session in sessions}
    by_session = {session: _single(each) for session, each in available.items()}
    grading = next(iter(available.values())).grading
    sides = {
        name: [
            Side(f"{name} ({session})", available[session], codes[name])
            for session, codes in by_session.items()
            if name in codes
        ]
        for name in sorted({name for codes in by_session.values() for name in codes})
    }
    repeated = {name: each for name, each in sides.items() if len(each) > 1}
    return Readers(
        grading, list(repeated), (_pair(*two) for each in repeated.values() for two in combinations(each, 2))
    )


def _single(available: AvailableReadings) -> dict[str, int]:
    """Return the code of every single reader with a reading in a window."""
    return {name: code for name, code in available.codes().items() if name != CONSENSUS}


def _pair(one: Side, other: Side) -> ReaderPair:
    shared = np.intersect1d(one.available.studies_of(one.reader), other.available.studies_of(other.reader))
    of_one, of_other = (side.available.by(side.reader, shared) for side in (one, other))
    either = np.any([side.available.by(side.reader) != NONE for side in (one, other)], axis=0)
    return ReaderPair((one.name, other.name), of_one, of_other, either & (of_one == NONE))
