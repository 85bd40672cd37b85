"""Whose readings stand for the members of a cohort, and which: chosen by the definition's rule, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.definition.definition import Definition, Imaging
from projections.cohort.members.members import Members
from projections.cohort.members.visit_windows import NONE, Candidates, Dated
from projections.columns.arrow import truth
from projections.columns.coded import Coded, Rows, Truth
from projections.grading.graded_readings import Readings
from projections.grading.grades import Grading
from projections.lesions.paired_verdicts import CONSENSUS
from registry.errors import RegistryError, UnknownCodeError


class CohortError(RegistryError):
    """A cohort that cannot be made of what is known at the point in time, and what would mend it."""


class SelectedReadings(NamedTuple):
    """The readings by one method that stand for the members: for each reader members × time points.

    In each cell the readings are of one study, whoever read it. The numbers in `places` are places among the readings
    of `grading`, -1 where there is none.
    """

    grading: Grading
    places: dict[str, Rows]

    @property
    def readers(self) -> list[str]:
        """The readers whose readings count, in alphabetical order."""
        return list(self.places)

    def read_by_all(self, *time_points: int) -> Rows:
        """Return the members of whom every reader read a study at each of the time points; nobody without a reader."""
        read = [(places[:, time_points] != NONE).all(axis=1) for places in self.places.values()]
        return np.flatnonzero(np.all(read, axis=0)) if read else np.zeros(0, dtype=np.intp)

    def of_members(self, rows: Rows) -> SelectedReadings:
        """Return the readings of some of the members."""
        return SelectedReadings(self.grading, {reader: places[rows] for reader, places in self.places.items()})


class AvailableReadings(NamedTuple):
    """The readings by a method, each with its reader and study as codes, and which may stand at a time point.

    `of_session` says which are of the definition's session, all where it names none.
    """

    grading: Grading
    candidates: Candidates
    readers: Coded
    studies: Rows
    of_session: Truth

    @property
    def method(self) -> str:
        """The code of the method."""
        return self.grading.method.code

    def codes(self) -> dict[str, int]:
        """Return the code of every reader with a reading in a window, in alphabetical order."""
        there = set(self.readers.codes[self.candidates.row[self.of_session[self.candidates.row]]].tolist())
        return {name: code for code, name in enumerate(self.readers.words.to_pylist()) if code in there}

    def by(self, reader: int, studies: Rows | None = None) -> Rows:
        """Return the readings by a reader that stand for the members, of some studies where they are given."""
        own = self.of_session & (self.readers.codes == reader)
        return self.candidates.chosen(own if studies is None else own & np.isin(self.studies, studies))

    def studies_of(self, reader: int) -> Rows:
        """Return the studies that a reader read, of the definition's session, in a window or not."""
        return np.unique(self.studies[self.of_session & (self.readers.codes == reader)])


def available_readings(readings: Readings, method: str, definition: Definition, members: Members) -> AvailableReadings:
    """Return the readings by a method that may stand for the members, of the definition's session or of any.

    Raises `CohortError` where a reader read a study in a window in several sessions and the definition names none.
    """
    grading = next(each for each in readings.gradings if each.method.code == method)
    rows = grading.rows
    patients, studies = (readings.words[name].take(rows) for name in ("patient", "study"))
    dated = Dated.of(members, patients, readings.days[rows].astype(np.int64))
    candidates = Candidates.of(dated, definition.time_points, members.anchors(definition.time_points))
    of_session = _in_session(readings.words["session"].take(rows), definition.imaging)
    within = np.zeros(len(rows), dtype=bool)
    within[candidates.row] = True
    _check_sessions(readings, rows[within & of_session], method)
    of_patient = patients.codes.astype(np.intp) * (len(studies.words) + 1) + studies.codes
    return AvailableReadings(grading, candidates, readings.words["reader"].take(rows), of_patient, of_session)


def selected_readings(available: AvailableReadings, imaging: Imaging) -> SelectedReadings:
    """Return those of the available readings that are of the readers whom the definition's rule names.

    Of several readers those of one study count, the preferred one that all of them read.

    Raises `CohortError` where the definition does not say which of several readers counts, `UnknownCodeError` for a
    reader who read nothing by the method while others did.
    """
    codes = available.codes()
    if imaging.readers:
        missing = [reader for reader in imaging.readers if reader not in codes]
        if missing and codes:
            raise UnknownCodeError("imaging.reader", missing[0], codes, what=f"reader by {available.method}")
        return _of_one_examination(available, {name: code for name, code in codes.items() if name in imaging.readers})
    if imaging.rule == "one" and len(codes) > 1:
        raise CohortError(
            f"imaging.reader: readings by {available.method} are of {', '.join(codes)}; "
            "name one, or write rule = 'mean' or 'consensus'"
        )
    single = {name: code for name, code in codes.items() if name != CONSENSUS or len(codes) == 1}
    return _of_one_examination(available, single)


def _of_one_examination(available: AvailableReadings, readers: dict[str, int]) -> SelectedReadings:
    """Return the readings of the preferred study that all of the readers read: none stands for a mean by itself."""
    studies = [available.studies_of(code) for code in readers.values()]
    shared = reduce(np.intersect1d, studies) if studies else None
    places = {name: available.by(code, shared) for name, code in readers.items()}
    return SelectedReadings(available.grading, places)


def readings_in_windows(readings: Readings, definition: Definition, members: Members) -> Truth:
    """Return at which time points each member was read by any method, by a reader and in a session that count.

    Members × time points; it does not depend on which tables are wanted.
    """
    counts = _in_session(readings.words["session"], definition.imaging)
    counts &= _has_one_of(readings.words["reader"], definition.imaging.readers or None)
    dated = Dated.of(members, readings.words["patient"], readings.days.astype(np.int64)).where(counts)
    candidates = Candidates.of(dated, definition.time_points, members.anchors(definition.time_points))
    return np.asarray(candidates.chosen(counts) != NONE)


def _in_session(sessions: Coded, imaging: Imaging) -> Truth:
    return _has_one_of(sessions, None if imaging.session is None else (imaging.session,))


def _has_one_of(words: Coded, named: Sequence[str] | None) -> Truth:
    """Return which rows have one of the named words; all where none is named."""
    if named is None:
        return np.ones(len(words.codes), dtype=bool)
    known = truth(pc.is_in(words.words, value_set=pa.array(list(named), pa.string())))
    return np.asarray(np.append(known, False)[words.codes])


def _check_sessions(readings: Readings, rows: Rows, method: str) -> None:
    """Refuse readings of one study by one reader in several sessions: which of them counts has to be said."""
    keys = [readings.words[name].codes[rows] for name in ("patient", "study", "reader")]
    distinct = np.unique(np.stack(keys), axis=1).shape[1]
    if distinct < len(rows):
        sessions = sorted(set(readings.words["session"].take(rows).array().to_pylist()))
        raise CohortError(
            f"imaging.session: a reader read a study by {method} in several sessions; "
            f"name one of {', '.join(map(repr, sessions))}"
        )
