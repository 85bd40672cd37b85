"""What was read in a campaign, studies × readers: who is to read which study, and which reading is whose.

Readers come in the order of the campaign's file, the adjudicator last. Studies are in the order of the table of
assignments: by patient, day and code. Campaigns of paired lesions have verdicts and no readings, and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.campaigns import assignments
from projections.campaigns.exact_values import ExactValues
from projections.columns.arrow import ArrowArray, ArrowTable, truth
from projections.columns.coded import Coded, Rows, Truth, changes, coded, combined, day_numbers, in_order
from projections.columns.tables import only
from projections.grading.graded_readings import Readings
from projections.grading.grades import Grading
from projections.grading.score_values import ScoreColumn, ScoreValues, score_values, whole_column
from registry.catalogue.imaging.scores import Score
from registry.domain.campaigns import PAIRED_LESIONS, Campaign, session_of

if TYPE_CHECKING:
    from projections.point_in_time import Facts

NONE: Final = -1  # in place of a reading


class ReadCampaign(NamedTuple):
    """The studies of a campaign with their readings; tables are studies × readers.

    `due` says to whom each study was given, `read` who read it, also where the study was retracted since (`gone`).
    `first` and `again` are places among the readings of `grading`, -1 where there is none; `again` are the repeats.
    """

    campaign: Campaign
    patients: Coded
    studies: Coded
    units: Coded
    days: npt.NDArray[np.int32]
    gone: Truth
    readers: tuple[str, ...]
    due: Truth
    read: Truth
    first: Rows
    again: Rows
    grading: Grading

    @property
    def has_adjudicator(self) -> bool:
        """Whether the last of the readers is the adjudicator."""
        return self.campaign.adjudicator is not None

    @property
    def n_readers(self) -> int:
        """How many readers there are without the adjudicator."""
        return len(self.campaign.readers)

    @property
    def is_whole(self) -> Truth:
        """Which studies all readers have read to whom they were given, and are still there."""
        own = slice(self.n_readers)
        missing = (self.due & ~self.read)[:, own].any(axis=1)
        return np.asarray(self.read[:, own].any(axis=1) & ~missing & ~self.gone)

    @property
    def headlines(self) -> tuple[Score, ...]:
        """The scores of which there are final ones: the headline scores of the method."""
        return tuple(score for score in self.grading.method.scores if score.headline)

    def scored(self, columns: tuple[ScoreColumn, ...]) -> ScoreValues:
        """Return scores of all readings of the campaign, a column each."""
        return score_values(self.grading, columns)

    def headline_values(self) -> ScoreValues:
        """Return the headline scores of all readings of the campaign, a column each."""
        return self.scored(tuple(whole_column(self.grading.method, score) for score in self.headlines))

    def consecutive(self) -> tuple[Rows, Rows]:
        """Return the places of studies that follow one another in their unit, the earlier and the later ones."""
        there = np.flatnonzero(~self.gone)
        order = there[in_order(self.patients.take(there), self.units.take(there), self.days[there])]
        unit = combined(self.patients.take(order), self.units.take(order))
        follows = ~changes(unit)[1:]
        return order[:-1][follows], order[1:][follows]


def read_campaigns(facts: Facts, *, name: str | None = None) -> Iterator[ReadCampaign]:
    """Yield what was read in each campaign, in the order of the names, or in the one of a name alone.

    A campaign of verdicts on lesions has no readings, and none is yielded for it.
    """
    if not facts.campaigns:
        return
    assigned = assignments.table(facts)
    for each in sorted(facts.campaigns) if name is None else [name]:
        campaign = facts.campaigns[each].begun.campaign
        if campaign.method != PAIRED_LESIONS:
            yield _read(facts.readings, campaign, only(assigned, campaign=each))


def values_at(found: ScoreValues, column: int, places: Rows) -> ExactValues:
    """Return one score at the places of readings, in their shape; not known where there is none."""
    above, below, known = (
        np.append(each[:, column], nothing)  # at the place -1
        for each, nothing in ((found.numerators, 0), (found.denominators, 1), (found.known, False))
    )
    return ExactValues.of(above[places], below[places], known[places].astype(np.bool_))


def imputed_at(found: ScoreValues, column: int, places: Rows) -> npt.NDArray[np.int64]:
    """Return how many locations were made up in one score at the places of readings, in their shape."""
    return np.asarray(np.append(found.n_imputed[:, column], 0)[places], dtype=np.int64)


def _read(readings: Readings, campaign: Campaign, assigned: ArrowTable) -> ReadCampaign:
    patients, studies = coded(assigned["patient"]), coded(assigned["study"])
    begins = changes(combined(patients, studies))
    firsts, study = np.flatnonzero(begins), np.cumsum(begins) - 1
    readers = (*campaign.readers, *(() if campaign.adjudicator is None else (campaign.adjudicator,)))
    reader = _places(assigned["reader"], readers)
    is_first = ~truth(assigned["repeat"])
    due, read = (np.zeros((len(firsts), len(readers)), dtype=np.bool_) for _ in range(2))
    due[study[is_first], reader[is_first]] = True
    is_read = is_first & truth(assigned["is_read"])
    read[study[is_read], reader[is_read]] = True
    named = _named(assigned["patient"], assigned["study"]).take(pa.array(firsts))
    grading, first, again = _readings(readings, campaign, named, readers)
    return ReadCampaign(
        campaign,
        patients.take(firsts),
        studies.take(firsts),
        coded(assigned["unit"]).take(firsts),
        day_numbers(assigned["performed_on"])[firsts],
        truth(assigned["study_retracted"])[firsts],
        readers,
        due,
        read,
        first,
        again,
        grading,
    )


def _readings(
    readings: Readings, campaign: Campaign, studies: ArrowArray, readers: tuple[str, ...]
) -> tuple[Grading, Rows, Rows]:
    """Return the grades of a campaign's readings, and the places of the first ones and of the repeats."""
    whole = next(each for each in readings.gradings if each.method.code == campaign.method)
    sessions = [session_of(campaign.campaign, repeat=repeat) for repeat in (False, True)]
    session = _places(readings.words["session"].take(whole.rows).array(), sessions)
    kept = np.flatnonzero(session != NONE)
    words = {name: readings.words[name].take(whole.rows[kept]).array() for name in ("patient", "study", "reader")}
    study = _found(_named(words["patient"], words["study"]), studies)
    reader = _places(words["reader"], readers)
    places = np.full((2, len(studies), len(readers)), NONE, dtype=np.intp)
    known = np.flatnonzero((study != NONE) & (reader != NONE))
    places[session[kept][known], study[known], reader[known]] = known
    return Grading(whole.method, whole.rows[kept], whole.grades[:, kept]), places[0], places[1]


def _named(patients: ArrowArray, studies: ArrowArray) -> ArrowArray:
    """Return a text for each row that names the patient and a study."""
    joined = pc.binary_join_element_wise(patients.cast(pa.string()), studies.cast(pa.string()), "/")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _places(words: ArrowArray, among: tuple[str, ...] | list[str]) -> Rows:
    """Return the place of each word among others, -1 where it is none of them."""
    return _found(words.cast(pa.string()), pa.array(list(among), pa.string()))


def _found(texts: ArrowArray, among: ArrowArray) -> Rows:
    places = pc.fill_null(pc.index_in(texts, value_set=among), NONE)
    return np.asarray(places, dtype=np.intp)
