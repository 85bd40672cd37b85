"""One row per reading, or two readings, and criterion over them: whether it is met, and by which number.

Of one reading: each by a method that the criterion is about. Of two: every reading with every one of a later day of the
same patient, reader, method and session. What a criterion requires, and what becomes of what was not assessed, stands
in every row; `met` is null where what was not assessed could turn the answer, and where the rule is about another
interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.catalogue_words import (
    imaging_criteria,
    imaging_definitions,
    imaging_policies,
    imaging_rules,
)
from projections.columns.clinical_days import day_column
from projections.columns.coded import Coded, coded, in_order
from projections.columns.tables import Table, day, declared, frame, number, refers, word, yes_no
from projections.grading.graded_readings import Readings
from projections.grading.grades import Grading
from projections.imaging_criteria.of_one_reading import judged
from projections.imaging_criteria.of_two_readings import ReadingPairs, judged_pairs
from projections.lesions.sequences import LaterPairs, Sequences
from projections.stated.readings import OF_READING, ORDER, ORDER_COLUMNS
from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
from registry.catalogue.imaging_criteria.requirements import Became, Changed

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

NO_READING: Final = -1

READING_CRITERIA: Final[Table] = declared(
    "reading_criteria",
    "reading, or two readings, and criterion over them",
    order=f"{ORDER} criterion from_on from_study",
    function_of="patient",
    columns=(
        *ORDER_COLUMNS,
        word("criterion", "the criterion", listed=imaging_criteria),
        day("from_on", "day of the earlier examination, null where the criterion is of one reading"),
        word("from_study", "code of the earlier examination, empty where the criterion is of one reading"),
        word("reading_id", "reference of the reading, of two of the later one"),
        word("from_reading_id", "reference of the earlier reading, null where the criterion is of one"),
        number("method_version", "edition of the method's declaration"),
        number("interval_days", "days from the earlier examination to the later one", type_="int32", unit="d"),
        yes_no("consecutive", "whether no reading of a day between is there by the same reader, method and session"),
        yes_no("met", "whether it is met, null where it cannot be said"),
        number(
            "value",
            "the number that is judged: a score, its change (later minus earlier), how many places or slices; null "
            "where the policy gives none, what was not assessed leaves it open, or grades are judged one by one",
            type_="double",
        ),
        number("n_imputed", "number of locations that the policy made up, of both readings, of a value that there is"),
        word(
            "policy",
            "what becomes of what was not assessed: as of scores; carry: taken from the other reading of the pair; "
            "shared: only what both readings have; complete-only: nothing is made up",
            listed=imaging_policies,
        ),
        word("rule", "the criterion and its edition", listed=imaging_rules),
        word("definition", "what it requires, in words", listed=imaging_definitions),
        yes_no("unverified", "whether something of the rule was not found at its source"),
    ),
).keyed(
    "patient reading_id from_study criterion",
    *OF_READING,
    refers("patient from_reading_id", "readings", "patient reading_id"),
    never_null=f"{ORDER} method_version n_imputed policy rule definition unverified",
    betrays={
        "reference": "from_study reading_id from_reading_id",
        "day": "from_on",
        "none": "criterion method_version interval_days consecutive met "
        "value n_imputed policy rule definition unverified",
    },
)


class Answered(NamedTuple):
    """Answers of criteria: rows of the readings, the earlier ones -1 where there is none.

    `criterion` counts through the catalogue's criteria, `policy` is that of the criterion by the reading's method.
    """

    after: npt.NDArray[Any]
    before: npt.NDArray[Any]
    consecutive: npt.NDArray[Any]
    criterion: npt.NDArray[Any]
    policy: npt.NDArray[Any]
    met: npt.NDArray[Any]
    value: npt.NDArray[Any]
    n_imputed: npt.NDArray[Any]


def reading_criteria(facts: Facts) -> pd.DataFrame:
    """Return what criteria say of readings as a frame, one row a reading or pair and criterion.

    Columns as declared in `READING_CRITERIA`.
    """
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return what criteria say of readings as an Arrow table by the later reading, criterion and earlier reading."""
    readings, criteria = facts.readings, list(facts.catalogue.imaging_criteria.values())
    found = list(_answered(readings, criteria))
    answers = Answered(*map(np.concatenate, zip(*found))) if found else _nothing()
    order = in_order(answers.after, answers.criterion, answers.before)
    answers = Answered(*(column[order] for column in answers))
    return READING_CRITERIA.of({**_of_readings(readings, answers), **_of_criteria(criteria, answers)})


def _answered(readings: Readings, criteria: list[ImagingCriterion]) -> Iterator[Answered]:
    later = Sequences.of(readings).later_pairs(readings.days)
    for grading in readings.gradings:
        for place, criterion in enumerate(criteria):
            if grading.method.code in criterion.methods and len(grading.rows):
                yield _of_criterion(readings, grading, criterion, place, later)


def _of_criterion(
    readings: Readings, grading: Grading, criterion: ImagingCriterion, place: int, later: LaterPairs
) -> Answered:
    requires, n_alone = criterion.requires, len(grading.rows)
    if isinstance(requires, Changed | Became):
        pairs = later.only(np.isin(later.after, grading.rows))
        said = judged_pairs(requires, grading, _within(grading, pairs, readings.days))
    else:
        alone = np.full(n_alone, NO_READING), grading.rows, np.zeros(n_alone, dtype=np.bool_)
        pairs, said = LaterPairs(*alone), judged(requires, grading)
    policy = criterion.policy(grading.method)
    numbers = np.full(len(pairs.after), place), np.full(len(pairs.after), policy, dtype=object)
    answers = said.met.codes(), said.value.doubles(), said.n_imputed
    return Answered(pairs.after, pairs.before, pairs.consecutive, *numbers, *answers)


def _within(grading: Grading, pairs: LaterPairs, days: npt.NDArray[np.int32]) -> ReadingPairs:
    """Return pairs by their places in a grading."""
    before, after = (np.searchsorted(grading.rows, rows) for rows in (pairs.before, pairs.after))
    return ReadingPairs(before, after, days[pairs.after].astype(np.int64) - days[pairs.before])


def _nothing() -> Answered:
    types = (np.intp, np.intp, np.bool_, np.intp, object, np.int8, np.float64, np.int16)
    return Answered(*(np.empty(0, dtype=each) for each in types))


def _of_readings(readings: Readings, answers: Answered) -> dict[str, ArrowArray]:
    after, before = answers.after, answers.before
    alone = before == NO_READING
    columns = {name: readings.words[name].take(after).array() for name in readings.words}
    references = readings.references
    earlier, study = (
        Coded(np.where(alone, -1, words.codes[before]).astype(np.int32), words.words).array()
        for words in (references, readings.words["study"])
    )
    return {
        **columns,
        "performed_on": day_column(readings.days[after]),
        "reading_id": references.take(after).array(),
        "from_reading_id": earlier,
        "from_study": study.cast(pa.string()).fill_null(""),
        "from_on": pa.array(readings.days[before], pa.int32(), mask=alone).cast(pa.date32()),
        "interval_days": pa.array(readings.days[after] - readings.days[before], pa.int32(), mask=alone),
        "consecutive": pa.array(answers.consecutive, mask=alone),
        "method_version": readings.column("method_version").take(pa.array(after)),
    }


def _of_criteria(criteria: list[ImagingCriterion], answers: Answered) -> dict[str, ArrowArray]:
    def words(texts: list[str]) -> ArrowArray:
        return coded(pa.array(texts, pa.string())).take(answers.criterion).array()

    unverified = np.array([bool(each.unverified) for each in criteria], dtype=np.bool_)
    return {
        "criterion": words([each.name for each in criteria]),
        "rule": words([each.rule for each in criteria]),
        "definition": words([each.requires.told for each in criteria]),
        "unverified": pa.array(unverified[answers.criterion]),
        "policy": pa.array(answers.policy, pa.string()),
        "met": pa.array(answers.met == 1, mask=answers.met < 0),
        "value": pa.array(answers.value, mask=np.isnan(answers.value)),
        "n_imputed": pa.array(answers.n_imputed, pa.int16()),
    }
