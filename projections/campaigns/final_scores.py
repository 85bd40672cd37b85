"""One row per study of a campaign and headline score: which value counts, by which rule and of whose readings.

The rule is the campaign's; `projections.campaigns.final_rules` says what each takes. Every study that was assigned is
there, also one that nobody read and one that was retracted since: then there is no value, and the reason says why.
Repeats are never part of a final score. Courses of lesions stay those of each reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from projections.campaigns.disagreements import to_adjudicate
from projections.campaigns.final_rules import REASONS, RULES, FinalValues, Votes, final_values
from projections.campaigns.read_campaigns import ReadCampaign, imputed_at, read_campaigns, values_at
from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.catalogue_words import methods
from projections.columns.clinical_days import day_column
from projections.columns.coded import Truth, coded, day_numbers, in_order
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, number, text, word, words, yes_no

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

STUDY_RETRACTED: Final = "study-retracted"
NO_DAY: Final = np.iinfo(np.int32).min
FINAL_SCORES: Final[Table] = declared(
    "final_scores",
    "study of a campaign and headline score",
    order="patient performed_on study campaign score",
    function_of="campaign",
    columns=(
        word("patient", "pseudonym"),
        day("performed_on", "day of the examination; of one that was retracted, as it was known last"),
        word("study", "the examination's code"),
        word("campaign", "name of the campaign"),
        word("score", "which score of the method, over all its locations"),
        word("method", "code of the method", listed=methods),
        number("method_version", "edition of the method's declaration by which the campaign reads"),
        text("unit", "what the study is shown with, one name for all studies of a unit"),
        word("rule", "which readings make the value: the campaign's rule", *RULES),
        number("value", "the mean of the readings that make it; null where there is none", type_="double"),
        words("readers", "whose readings make the value, in the order of the campaign's file, the adjudicator last"),
        number("n_readers", "number of readings that make the value"),
        number("n_read", "number of those who read the study, the adjudicator among them"),
        yes_no("adjudicated", "whether the adjudicator read the study"),
        number("n_imputed", "number of locations that the policy made up in these readings", type_="int32"),
        word(
            "reason",
            "why there is no value, null where there is one: the first that holds",
            STUDY_RETRACTED,
            *REASONS,
        ),
    ),
).keyed(
    "patient study campaign score",
    OF_PATIENT,
    never_null="method method_version unit rule readers n_readers n_read adjudicated n_imputed",
    betrays={
        "identifier": "patient",
        "reference": "study unit",
        "person": "readers",
        "name": "campaign",
        "day": "performed_on",
        "none": "score method method_version rule value n_readers n_read adjudicated n_imputed reason",
    },
)


class FinalScores(NamedTuple):
    """The final values of one score of a campaign, of how many imputed locations, and the studies without one."""

    score: str
    found: FinalValues
    n_imputed: Any
    adjudicated: Truth


def final_scores(facts: Facts) -> pd.DataFrame:
    """Return the final scores as a frame, one row a study and score; columns as declared in `FINAL_SCORES`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the final scores as an Arrow table by patient, performed_on, study, campaign, score."""
    pieces = [_rows(read, final) for read in read_campaigns(facts) for final in finals(read)]
    return FINAL_SCORES.of(_joined(pieces)) if pieces else FINAL_SCORES.schema.empty_table()


def finals(read: ReadCampaign) -> Iterator[FinalScores]:
    """Yield the final values of each headline score of a campaign, one a study."""
    found, differs = read.headline_values(), to_adjudicate(read)
    for column, score in enumerate(read.headlines):
        is_read = read.read & ~read.gone[:, None]
        votes = Votes(values_at(found, column, read.first), read.due, is_read, differs, read.has_adjudicator)
        final = final_values(votes, read.campaign.final)
        made_up = np.where(final.used, imputed_at(found, column, read.first), 0).sum(axis=1)
        yield FinalScores(score.name, final, made_up, votes.adjudicated)


def _joined(pieces: list[ArrowTable]) -> ArrowTable:
    rows = pa.concat_tables(pieces)
    patient, study, campaign, score = (coded(rows[name]) for name in ("patient", "study", "campaign", "score"))
    return rows.take(pa.array(in_order(patient, day_numbers(rows["performed_on"]), study, campaign, score)))


def _rows(read: ReadCampaign, final: FinalScores) -> ArrowTable:
    n, campaign, found = len(read.gone), read.campaign, final.found
    reasons = pa.array([STUDY_RETRACTED, *REASONS])
    reason = np.where(read.gone, 0, found.reasons + 1)
    always = {
        "campaign": campaign.campaign,
        "score": final.score,
        "method": campaign.method,
        "method_version": campaign.method_version,
        "rule": campaign.final,
    }
    return pa.table(
        {
            "patient": read.patients.array().cast(pa.string()),
            "performed_on": day_column(read.days, null=read.days == NO_DAY),
            "study": read.studies.array().cast(pa.string()),
            "unit": read.units.array().cast(pa.string()),
            **{name: pa.repeat(value, n) for name, value in always.items()},
            "value": pa.array(found.values.doubles, mask=~found.values.known),
            "readers": _lists(found.used, read.readers),
            "n_readers": pa.array(found.used.sum(axis=1)),
            "n_read": pa.array(read.read.sum(axis=1)),
            "adjudicated": pa.array(read.read[:, -1] & read.has_adjudicator),
            "n_imputed": pa.array(final.n_imputed),
            "reason": reasons.take(pa.array(reason, mask=~read.gone & (found.reasons < 0))),
        }
    )


def _lists(used: Truth, readers: tuple[str, ...]) -> ArrowArray:
    """Return the names of the readers that are used of each study."""
    ends = np.concatenate([[0], np.cumsum(used.sum(axis=1))]).astype(np.int32)
    names = pa.array(list(readers), pa.string()).take(pa.array(np.nonzero(used)[1]))
    return pa.ListArray.from_arrays(pa.array(ends), names)
