"""What an export has to write, piece by piece: every table of one range of patients after the other, then the rest.

Ranges follow one another in the order of the pseudonyms. Every table is in the order of the patients, and no row is
about two of them. So the rows of the first range, then those of the second, and so on, are the table. The ranges follow
from the log alone: a patient's events that were known at the point in time, erased ones aside, and never the machine or
how the log is kept.

What is held at once is one range and three of its tables, however many patients there are. `events` are read from the
log a stretch at a time, what those of versions say a range at a time. For `cohort_statistics` the events about the
members of the cohorts are held together, and for `completeness` and `agreement` the counts and the ratings of every
range.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.export import cohorts as of_cohorts
from projections.export.dictionary import declaration
from projections.export.over_all import OVER_ALL
from projections.log.block_files import Patients
from projections.log.decoding import ahead
from projections.stated.events import EVENTS, excluded_names, stretches
from projections.tables import project
from projections.versions.known_versions import KnownVersions
from projections.versions.tables import VERSIONS, versions_table

if TYPE_CHECKING:
    from projections.cohort.partial_cohorts import PartialCohort
    from projections.columns.tables import Table
    from projections.point_in_time import Facts

EVENTS_OF_A_RANGE: Final = 80_000  # some 1.3 million findings; another number gives other files, of the same content
EVENTS_OF_A_PART: Final = 1_000_000  # of the table of events
NOT_BY_PATIENT: Final = (EVENTS.name, *of_cohorts.OF_COHORTS, *OVER_ALL)


class Piece(NamedTuple):
    """The rows of one part of a table, in Arrow tables one after the other; None where there are none."""

    table: str
    number: int
    rows: Iterable[ArrowTable] | None


class Work(NamedTuple):
    """The tables of facts as pieces. `by_patient` are cut into `ranges`; `definitions` are the texts of cohorts.

    So are `versions`, for which the log is read too.
    """

    facts: Facts
    names: tuple[str, ...]
    by_patient: tuple[str, ...]
    versions: tuple[str, ...]
    ranges: tuple[Patients, ...]
    definitions: Mapping[str, str]

    @property
    def tables(self) -> dict[str, Table]:
        """The declarations of the tables, in order."""
        return {name: declaration(name) for name in self.names}

    @classmethod
    def of(cls, facts: Facts, names: Sequence[str], definitions: Mapping[str, str]) -> Self:
        """Return the work that tables are, in order, and cut the patients into ranges."""
        by_patient = tuple(name for name in names if name not in {*NOT_BY_PATIENT, *VERSIONS})
        versions = tuple(name for name in names if name in VERSIONS)
        with_cohorts = any(name in names for name in of_cohorts.OF_COHORTS)
        is_cut = by_patient or versions or with_cohorts or any(name in names for name in OVER_ALL)
        cut = tuple(ranges(facts.events_by_patient(), at_most=EVENTS_OF_A_RANGE)) if is_cut else ()
        return cls(facts, tuple(names), by_patient, versions, cut, definitions if with_cohorts else {})

    def __len__(self) -> int:
        of_all = sum(name in self.names for name in (*of_cohorts.OF_COHORTS, *OVER_ALL))
        return len(self.by_patient + self.versions) * len(self.ranges) + len(self._starts) + of_all

    def pieces(self) -> Iterator[Piece]:
        """Yield everything: the tables of every range, what is of all of them together, the events."""
        yield from self.of_ranges()
        yield from self.of_events()

    def of_ranges(self) -> Iterator[Piece]:
        """Yield the tables of every range, and then what is of all of them together."""
        given, counted, excluded = [], [], self._excluded
        for number, patients in enumerate(self.ranges):
            facts = self.facts.among(patients)
            yield from of_range(facts, self.by_patient, number)
            yield from self._versions_of(facts, number, excluded)
            given.append(of_cohorts.given(self.definitions, facts))
            counted.append(counts(facts, self.names))
        yield from self.of_cohorts(given)
        yield from self.of_counts(counted)

    def of_versions(self) -> Iterator[Piece]:
        """Yield the versions of every range."""
        excluded = self._excluded
        for number, patients in enumerate(self.ranges if self.versions else ()):
            yield from self._versions_of(self.facts.among(patients), number, excluded)

    def _versions_of(self, facts: Facts, number: int, excluded: ArrowArray) -> Iterator[Piece]:
        known = KnownVersions(facts, excluded)
        return (_piece(name, number, versions_table(name, known)) for name in self.versions)

    @property
    def _excluded(self) -> ArrowArray:
        """All pseudonyms of patients who are left out, as versions stand also under those of who was merged."""
        return excluded_names(self.facts) if self.versions else pa.array([], pa.string())

    def of_cohorts(self, given: Iterable[Sequence[PartialCohort]]) -> Iterator[Piece]:
        """Yield the tables of cohorts that are asked for, from what each range gave to each of them."""
        if self.definitions:
            for name, rows in of_cohorts.tables_of_cohorts(self.definitions, self.facts, given, self.names):
                yield _piece(name, 0, rows)

    def of_counts(self, counted: Sequence[Mapping[str, ArrowTable]]) -> Iterator[Piece]:
        """Yield what is counted over all patients, where it is asked for, from the counts of each range by table."""
        for name in self.names:
            if name in OVER_ALL:
                rows = OVER_ALL[name].made(self.facts, [each[name] for each in counted])
                yield _piece(name, 0, rows)

    def of_events(self) -> Iterator[Piece]:
        """Yield the events, which are read when they are gone through."""
        for number, after in enumerate(self._starts):
            until = min(after + EVENTS_OF_A_PART, self.facts.at.position)
            yield Piece(EVENTS.name, number, ahead(stretches(self.facts, after=after, until=until)))

    @property
    def _starts(self) -> range:
        return range(0, self.facts.at.position if EVENTS.name in self.names else 0, EVENTS_OF_A_PART)


def of_range(facts: Facts, names: Iterable[str], number: int) -> Iterator[Piece]:
    """Yield tables of the facts of one range, the number of which counts from 0."""
    return (_piece(name, number, project(name, facts)) for name in names)


def _piece(name: str, number: int, rows: ArrowTable) -> Piece:
    return Piece(name, number, [rows] if rows.num_rows else None)


def counts(facts: Facts, names: Iterable[str]) -> dict[str, ArrowTable]:
    """Return what the facts of one range give to each table that is counted over all, of those asked for."""
    return {name: OVER_ALL[name].counted(facts) for name in names if name in OVER_ALL}


def ranges(events: ArrowTable, *, at_most: int) -> list[Patients]:
    """Return the ranges of the patients of a table of `patient` and how many `events` each has, in any order.

    No range has more than `at_most` events, unless it is one patient.
    """
    events = events.sort_by("patient")
    names, until = events["patient"], np.cumsum(events["events"].to_numpy())
    cut, first = [], 0
    while first < len(until):
        before = until[first - 1] if first else 0
        after = max(first + 1, int(np.searchsorted(until, before + at_most, side="right")))
        cut.append(Patients(names[first].as_py(), names[after - 1].as_py()))
        first = after
    return cut
