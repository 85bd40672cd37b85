"""Whose readings stand for the members of a cohort, and which: chosen by the definition's rule, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from projections.cohort.members.day_zero import member_rows
from projections.cohort.members.visit_windows import NONE, Candidates, Dated
from projections.columns.coded import Coded, Rows
from projections.grading.grades import Grading
from projections.lesions.paired_verdicts import CONSENSUS
from registry.errors import RegistryError, UnknownCodeError

if TYPE_CHECKING:
    from projections.cohort.members.cohort import Cohort


class CohortError(RegistryError):
    """A cohort that cannot be made of what is known at the point in time, and what would mend it."""


class Read(NamedTuple):
    """The readings by one method that stand for the members: for each reader members × time points.

    The numbers in `places` are places among the readings of `grading`, -1 where there is none.
    """

    grading: Grading
    places: dict[str, Rows]

    @property
    def readers(self) -> list[str]:
        """The readers whose readings count, in alphabetical order."""
        return list(self.places)


def by_rule(cohort: Cohort, method: str) -> Read:
    """Return the readings by a method that stand for the members, of the readers that the definition's rule names.

    Raises `CohortError` and `UnknownCodeError` as `Cohort.read` does.
    """
    imaging = cohort.definition.imaging
    there = cohort.available(method)
    found = Read(there.grading, {name: there.by(code) for name, code in there.codes().items()})
    if imaging.readers:
        missing = [reader for reader in imaging.readers if reader not in found.places]
        if missing and found.places:
            raise UnknownCodeError("imaging.reader", missing[0], found.places, what=f"reader by {method}")
        return found._replace(places={name: rows for name, rows in found.places.items() if name in imaging.readers})
    if imaging.rule == "one" and len(found.places) > 1:
        raise CohortError(
            f"imaging.reader: readings by {method} are of {', '.join(found.places)}; "
            "name one, or write rule = 'mean' or 'consensus'"
        )
    single = {name: rows for name, rows in found.places.items() if name != CONSENSUS or len(found.places) == 1}
    return found._replace(places=single)


def read_at_all(cohort: Cohort) -> NDArray[np.bool_]:
    """Return at which time points each member was read by any method, by a reader and in a session that count.

    Members × time points; it does not depend on which tables are wanted.
    """
    readings, imaging = cohort.facts.readings, cohort.definition.imaging
    member = member_rows(readings.words["patient"], cohort.members)
    asked = _said(readings.words["session"], None if imaging.session is None else (imaging.session,))
    asked &= _said(readings.words["reader"], imaging.readers or None)
    dated = Dated(np.where(asked, member, NONE), readings.days.astype(np.int64))
    found = Candidates.of(dated, cohort.definition.time_points, cohort.anchors()).chosen(asked)
    return np.asarray(found != NONE)


def _said(words: Coded, wanted: Sequence[str] | None) -> NDArray[np.bool_]:
    """Return which rows have one of the wanted words; all where none is wanted."""
    if wanted is None:
        return np.ones(len(words.codes), dtype=bool)
    known = pc.is_in(words.words, value_set=pa.array(list(wanted), pa.string())).to_numpy(zero_copy_only=False)
    return np.append(known, False)[words.codes]


class Available(NamedTuple):
    """The readings by a method, each with its reader and study as codes, and which may stand at a time point."""

    grading: Grading
    candidates: Candidates
    readers: Coded
    studies: Rows
    asked: NDArray[np.bool_]

    def codes(self) -> dict[str, int]:
        """Return the code of every reader with a reading in a window, in alphabetical order."""
        there = set(self.readers.codes[self.candidates.row[self.asked[self.candidates.row]]].tolist())
        return {name: code for code, name in enumerate(self.readers.words.to_pylist()) if code in there}

    def by(self, reader: int, studies: Rows | None = None) -> Rows:
        """Return the readings by a reader that stand for the members, of some studies where they are given."""
        wanted = self.asked & (self.readers.codes == reader)
        return self.candidates.chosen(wanted if studies is None else wanted & np.isin(self.studies, studies))

    def studies_of(self, reader: int) -> Rows:
        """Return the studies that a reader read, of the asked session, in a window or not."""
        return np.unique(self.studies[self.asked & (self.readers.codes == reader)])


def available(cohort: Cohort, method: str) -> Available:
    """Return the readings by a method that may stand for the members, of the definition's session or of any.

    Raises `CohortError` where a reader read a study in a window in several of the sessions asked for.
    """
    session = cohort.definition.imaging.session
    readings = cohort.facts.readings
    grading = next(each for each in readings.gradings if each.method.code == method)
    rows = grading.rows
    patients, studies = (readings.words[name].take(rows) for name in ("patient", "study"))
    dated = Dated(member_rows(patients, cohort.members), readings.days[rows].astype(np.int64))
    candidates = Candidates.of(dated, cohort.definition.time_points, cohort.anchors())
    sessions = readings.words["session"].take(rows)
    asked = _said(sessions, None if session is None else (session,))
    within = np.zeros(len(rows), dtype=bool)
    within[candidates.row] = True
    _check_sessions(readings, rows[within & asked], method)
    of_patient = patients.codes.astype(np.intp) * (len(studies.words) + 1) + studies.codes
    return Available(grading, candidates, readings.words["reader"].take(rows), of_patient, asked)


def _check_sessions(readings: Any, rows: Rows, method: str) -> None:
    """Refuse readings of one study by one reader in several sessions: which of them counts has to be said."""
    keys = [readings.words[name].codes[rows] for name in ("patient", "study", "reader")]
    distinct = np.unique(np.stack(keys), axis=1).shape[1]
    if distinct < len(rows):
        sessions = sorted(set(readings.words["session"].take(rows).array().to_pylist()))
        raise CohortError(
            f"imaging.session: a reader read a study by {method} in several sessions; "
            f"name one of {', '.join(map(repr, sessions))}"
        )
