"""Independent readings of campaigns as numbers, for what is said of them all: long, and then as a matrix.

A rating is a reader's score of one study, or its change between two studies that follow one another in their unit, of
the whole or of a segment. Only readers' own readings are independent; an adjudicator's are none. Of a count only
readings stand whose every location counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.campaigns.disagreements import Source, changes_of
from projections.campaigns.exact_values import ExactValues
from projections.campaigns.read_campaigns import ReadCampaign, read_campaigns, values_at
from projections.columns.arrow import ArrowTable
from projections.columns.coded import Codes, Rows
from projections.grading.score_values import ScoreColumn, segment_columns, surely_known
from projections.statistics.ordering import Floats
from registry.catalogue.imaging.method import Method

if TYPE_CHECKING:
    from projections.point_in_time import Facts

RATINGS: Final = pa.schema(
    {
        "campaign": pa.string(),
        "score": pa.string(),
        "source": pa.string(),
        "patient": pa.string(),
        "study": pa.string(),
        "reader": pa.int16(),
        "again": pa.bool_(),
        "value": pa.float64(),
    }
)
STATUS: Final = "status"
CHANGE: Final = "change"


class Ratings(NamedTuple):
    """Ratings of studies × readers and, beside them, of the readers' repeats; NaN where there is none.

    `patients` are numbers, one a row, the same for the same patient.
    """

    first: Floats
    again: Floats
    patients: Codes


def agreement_columns(method: Method) -> tuple[ScoreColumn, ...]:
    """Return the scores of a method of which agreement is told: its headline scores, whole and by segment."""
    return tuple(column for score in method.scores if score.headline for column in segment_columns(method, score))


def ratings(facts: Facts) -> ArrowTable:
    """Return the ratings of all campaigns, one row a rating, in any order: those of ranges of patients add up."""
    pieces = [piece for read in read_campaigns(facts) for piece in _ratings(read)]
    return pa.concat_tables([RATINGS.empty_table(), *pieces])


def matrix(of_score: ArrowTable, n_readers: int) -> Ratings:
    """Return the ratings of one score of a campaign, by patient and study."""
    of_score = of_score.sort_by([("patient", "ascending"), ("study", "ascending")])
    named = pc.binary_join_element_wise(of_score["patient"], of_score["study"], "/").combine_chunks()
    rows = named.dictionary_encode().indices.to_numpy()
    patients = of_score["patient"].combine_chunks().dictionary_encode().indices.to_numpy()
    n = int(rows.max(initial=-1)) + 1
    made = np.full((2, n, n_readers), np.nan)
    again = np.asarray(of_score["again"], dtype=np.intp)
    made[again, rows, of_score["reader"].to_numpy()] = of_score["value"].to_numpy()
    whose = np.zeros(n, dtype=np.int32)
    whose[rows] = patients
    return Ratings(made[0], made[1], whose)


def _ratings(read: ReadCampaign) -> Iterator[ArrowTable]:
    columns = agreement_columns(read.grading.method)
    found = read.scored(columns)
    _, after = read.consecutive()
    studies = np.arange(len(read.gone))
    for column, of in enumerate(columns):
        sure = np.append(surely_known(found, column, of), False)
        for again, places in ((False, read.first), (True, read.again)):
            own = places[:, : read.n_readers]
            values = values_at(found, column, own)
            values = values._replace(known=values.known & sure[own])
            yield _long(read, (of.name, STATUS), values, studies, again)
            yield _long(read, (of.name, CHANGE), changes_of(values, read), after, again)


def _long(read: ReadCampaign, what: tuple[str, Source], values: ExactValues, studies: Rows, again: bool) -> ArrowTable:
    rows, readers = np.nonzero(values.known)
    whose, n = pa.array(studies[rows]), len(rows)
    said = {"campaign": read.campaign.campaign, "score": what[0], "source": what[1], "again": again}
    columns = {
        **{name: pa.repeat(value, n) for name, value in said.items()},
        "patient": read.patients.array().cast(pa.string()).take(whose),
        "study": read.studies.array().cast(pa.string()).take(whose),
        "reader": pa.array(readers.astype(np.int16)),
        "value": pa.array(values.doubles[rows, readers]),
    }
    return pa.table({name: columns[name] for name in RATINGS.names}, schema=RATINGS)
