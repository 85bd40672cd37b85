"""Whose readings stand for the members of a cohort, and which: chosen by the definition's rule, never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow.compute as pc

from projections.coded import Rows
from projections.cohort.choosing import Candidates, Dated
from projections.cohort.day_zero import member_rows
from projections.grades import Grading
from projections.paired_verdicts import CONSENSUS
from registry.errors import RegistryError, UnknownCodeError

if TYPE_CHECKING:
    from projections.cohort.cohort import Cohort


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
    found = by_reader(cohort, method, imaging.session)
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


def by_reader(cohort: Cohort, method: str, session: str | None) -> Read:
    """Return for every reader the readings that stand for the members at the time points, of a session or of any."""
    readings = cohort.facts.readings
    grading = next(each for each in readings.gradings if each.method.code == method)
    rows = grading.rows
    member = member_rows(readings.words["patient"].take(rows), cohort.members)
    dated = Dated(member, readings.days[rows].astype(np.int64))
    candidates = Candidates.of(dated, cohort.definition.time_points, cohort.anchors())
    readers = readings.words["reader"].take(rows)
    sessions = readings.words["session"].take(rows)
    asked = np.ones(len(rows), dtype=bool)
    if session is not None:
        wanted = pc.equal(sessions.words, session).to_numpy(zero_copy_only=False)
        asked = np.append(wanted, False)[sessions.codes]
    within = np.zeros(len(rows), dtype=bool)
    within[candidates.row] = True
    _check_sessions(readings, rows[within & asked], method)
    found = {
        name: candidates.chosen(asked & (readers.codes == code))
        for code, name in enumerate(readers.words.to_pylist())
        if (within & asked & (readers.codes == code)).any()
    }
    return Read(grading, found)


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
