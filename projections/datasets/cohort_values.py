"""One row per member of a cohort, time point and value: what stands for the member there, or why nothing does.

Values are those of the tables of the cohort: the measures and indices that tables name, all that some member has where
`tables.characteristics` and `tables.clinical` name none, and those of models; the headline sums of the methods of
`tables.scores`, `tables.trajectory` and `tables.progression`; and the criteria of `tables.responders` and of models, 1
for met and 0 for not, null where it cannot be said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.clinical.visit_values import (
    CAPTURED_VALUE,
    COMPUTED,
    COMPUTED_OF_DAY,
    COMPUTED_OF_DAYS,
    PRORATED_VALUE,
    REPORTED,
)
from projections.cohort.figures.as_asked import responder_rule
from projections.cohort.figures.criterion_status import criterion_status
from projections.cohort.figures.method_totals import MethodTotals
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.visit_windows import NONE
from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Coded, Rows, Truth, coded, coded_words
from projections.columns.tables import OF_PATIENT, Table, day, declared, number, refers, text, word
from projections.datasets.cohort_members import episode_numbers
from projections.datasets.headline_sums import headline_sums
from registry.catalogue.catalogue import Catalogue
from registry.catalogue.criteria.criterion import BASELINE
from registry.catalogue.instruments.instrument import PRORATED

ORIGINS: Final = {
    CAPTURED_VALUE: "captured",
    COMPUTED: "computed",
    COMPUTED_OF_DAY: "computed-of-day",
    COMPUTED_OF_DAYS: "computed-of-days",
    REPORTED: "reported",
    PRORATED_VALUE: "prorated",
}
Numbers = npt.NDArray[np.int16]  # of words

JUDGED: Final = "judged"
MEASURED: Final = ("characteristics", "clinical")  # tables whose measures are the data set's
ALSO_MEASURED: Final = ("models", "trajectory", "switch", "progression")  # and whose measures are where they name some
JUDGING: Final = ("responders", "models")  # tables whose criteria are
READ, SCORE = "read", "score"  # how a sum came about, and its unit
NO_ANCHOR, NO_VISIT, NO_VALUE, OPEN, BASELINE_ITSELF = "no-day", "no-visit", "no-value", "open", "is-baseline"
NO_TOTAL: Final = "no-total"
REASONS: Final = (BASELINE_ITSELF, NO_ANCHOR, NO_TOTAL, NO_VALUE, NO_VISIT, OPEN)

COHORT_VALUES: Final[Table] = declared(
    "cohort_values",
    "member of a cohort, time point and value",
    order="cohort patient episode timepoint name",
    columns=(
        word("cohort", "name of the cohort's definition"),
        word("patient", "pseudonym"),
        number("episode", "number of the member among the patient's, from 1 by day 0"),
        word("timepoint", "name of the time point"),
        word("name", "measure, index, headline sum of a method, or criterion"),
        number("value", "the number; of a criterion 1 where it is met, else 0", type_="double", unit="as in unit"),
        word("word", "the word of a measure's list"),
        word("comparator", "whether the true value lies below or above the number", "<", ">"),
        word("unit", "unit of value; empty where it has none"),
        text("visit_id", "reference of the visit that gave the value"),
        day("visited_on", "its day"),
        number("offset", "days from the target day of the time point to it", type_="int32", unit="d"),
        word(
            "origin",
            "how the value came about: as it was taken, computed from one row, from rows of one day or of several "
            "days, as the source reported it, prorated, judged by a criterion, or read of images",
            *ORIGINS.values(),
            JUDGED,
            READ,
        ),
        word("rule", "rule by which it was computed or judged; of a sum, what becomes of locations not assessed"),
        word(
            "missing",
            "why there is no value: no day to count from, no visit in the window, no value at one, an answer that "
            "missing values leave open, the baseline with which a criterion compares, or no sum of a reading",
            *REASONS,
        ),
    ),
).keyed(
    "cohort patient episode timepoint name",
    OF_PATIENT,
    refers("cohort patient episode", "cohort_members"),
    refers("patient visit_id", "visits"),
    never_null="unit",
    betrays={
        "identifier": "patient",
        "reference": "visit_id",
        "name": "cohort",
        "day": "visited_on",
        "open": "word timepoint",
        "none": "episode name value comparator unit offset origin rule missing",
    },
)


class Vocabulary:
    """The words of a data set, numbered as they come; -1 is the number of none."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, word: str | None) -> int:
        """Return the number of a word, a new one if need be."""
        return NONE if word is None else self._numbers.setdefault(word, len(self._numbers))

    def numbers(self, words: Sequence[str | None]) -> Numbers:
        """Return the numbers of words."""
        return np.array([self.number(word) for word in words], dtype=np.int16)

    def column(self, numbers: Numbers) -> ArrowArray:
        """Return numbers as a column of words, null for none."""
        occurring = np.unique(numbers[numbers != NONE]).tolist()
        listed = list(self._numbers)
        of, words = coded_words(listed[number] for number in occurring)
        code = np.full(len(listed) + 1, NONE, dtype=np.int32)
        code[occurring] = [of[listed[number]] for number in occurring]
        return Coded(code[numbers], words).array()


class Value(NamedTuple):
    """A value at one time point, one row a member: as columns of the table, words by their numbers."""

    number: npt.NDArray[np.float64]  # NaN for none
    word: Numbers
    bound: npt.NDArray[np.int8]
    visit: Rows  # row of the visits, -1 for none
    origin: Numbers
    rule: Numbers
    missing: Numbers


def value_names(cohort: Cohort) -> tuple[list[str], list[str]]:
    """Return the measures and indices of the data set, and its criteria, both in alphabetical order."""
    asked = {each.name: each.asked for each in cohort.definition.tables}
    named = {name for table in MEASURED for name in getattr(asked.get(table), "measures", ())}
    if not named:
        inputs, catalogue = cohort.inputs, cohort.facts.catalogue
        named = {name for name in catalogue.described if (cohort.visit_rows(inputs[name].known) != NONE).any()}
    criteria = {name for table in JUDGING for name in getattr(asked.get(table), "criteria", ())}
    also = {name for table in ALSO_MEASURED for name in getattr(asked.get(table), "measures", ())}
    return sorted(named | also), sorted(criteria)


def cohort_values(cohort: Cohort) -> ArrowTable:
    """Return the values of a cohort as an Arrow table by patient, episode, timepoint and name."""
    measures, criteria = value_names(cohort)
    sums, said = headline_sums(cohort), Vocabulary()
    names, points = sorted([*measures, *criteria, *sums]), sorted(cohort.names)
    found = {name: list(_at_points(cohort, name, said, criterion=name in criteria)) for name in (*measures, *criteria)}
    found |= {name: [_summed(cohort, totals, point, said) for point in cohort.names] for name, totals in sums.items()}
    cells = [found[name][cohort.definition.place(point)] for point in points for name in names]
    n = len(cells)
    member = np.repeat(np.arange(cohort.n), n)
    columns = [np.stack(each, axis=1).reshape(-1) for each in zip(*cells)] or _nothing()
    numbers, words_, bounds, visit, origin, rule, missing = columns
    catalogue = cohort.facts.catalogue
    units = [_unit_of(catalogue, name, sums) if name not in criteria else "" for name in names]
    visits = cohort.inputs.visits
    taken = pa.array(visit, pa.int64(), mask=visit == NONE)
    visited_on = np.append(cohort.inputs.visited_on, 0)[visit]
    targets = np.stack([cohort.target(point) for point in points for _ in names], axis=1).reshape(-1) if n else visit
    patients = coded(pa.array(cohort.members, pa.string()))
    return COHORT_VALUES.of(
        {
            "cohort": _repeated([cohort.definition.name], np.zeros(len(member), dtype=np.int64)),
            "patient": Coded(patients.codes[member], patients.words).array(),
            "episode": pa.array(episode_numbers(cohort)[member]),
            "timepoint": _repeated(points, np.tile(np.repeat(np.arange(len(points)), len(names)), cohort.n)),
            "name": _repeated(names, np.tile(np.arange(len(names)), cohort.n * len(points))),
            "value": pa.array(numbers, pa.float64(), mask=np.isnan(numbers.astype(np.float64))),
            "word": said.column(words_),
            "comparator": said.column(said.numbers([None, ">", "<"])[bounds]),
            "unit": _repeated(units, np.tile(np.arange(len(names)), cohort.n * len(points))),
            "visit_id": visits["fact"].combine_chunks().cast(pa.string()).take(taken),
            "visited_on": visits["visited_on"].combine_chunks().take(taken),
            "offset": pa.array((visited_on - targets).astype(np.int32), mask=visit == NONE),
            "origin": said.column(origin),
            "rule": said.column(rule),
            "missing": said.column(missing),
        }
    )


def _at_points(cohort: Cohort, name: str, said: Vocabulary, *, criterion: bool) -> Iterator[Value]:
    """Yield a value at each time point in the definition's order."""
    if criterion:
        yield from (_judged(cohort, name, point, said) for point in cohort.names)
        return
    is_coded = name in cohort.facts.catalogue.coded
    rows = cohort.visit_rows(cohort.inputs[name].known) if is_coded else cohort.value_rows(name)
    visits = cohort.visit_rows()
    for place, point in enumerate(cohort.names):
        at = rows[:, place]
        missing = _either(visits[:, place] == NONE, NO_VISIT, NO_VALUE, said=said)
        missing[cohort.without_anchor(point)] = said.number(NO_ANCHOR)
        missing[at != NONE] = NONE
        yield (_word if is_coded else _number)(cohort, name, at, missing, said=said)


def _number(cohort: Cohort, name: str, at: Rows, missing: Numbers, *, said: Vocabulary) -> Value:
    column = cohort.inputs[name].take(at)
    origins = np.append(cohort.inputs.origins(name), 0)[at]
    made = said.numbers([ORIGINS.get(code) for code in range(PRORATED_VALUE + 1)])[origins]
    bound = np.where(column.known, column.bound, 0).astype(np.int8)
    instruments = cohort.facts.catalogue.computable
    rule = _nothing_said(len(at))
    if name in instruments:
        of_rows = np.isin(origins, (COMPUTED, COMPUTED_OF_DAY, COMPUTED_OF_DAYS))
        if of_rows.any():
            rule[of_rows] = said.number(instruments[name].rule())
        if (of_prorated := origins == PRORATED_VALUE).any():
            rule[of_prorated] = said.number(instruments[name].rule(PRORATED))
    return Value(column.doubles(), _nothing_said(len(at)), bound, at, made, rule, missing)


def _word(cohort: Cohort, name: str, at: Rows, missing: Numbers, *, said: Vocabulary) -> Value:
    codes = np.append(cohort.inputs.codes(name), NONE)[at]
    words = said.numbers([*cohort.facts.catalogue.measures[name].codes, None])[codes]
    origin = _either(at != NONE, ORIGINS[CAPTURED_VALUE], None, said=said)
    no_bound = np.zeros(len(at), np.int8)
    return Value(np.full(len(at), np.nan), words, no_bound, at, origin, _nothing_said(len(at)), missing)


def _judged(cohort: Cohort, name: str, time_point: str, said: Vocabulary) -> Value:
    """Return a criterion as the table of responders judges it, against the baseline that this has."""
    baseline, choice = responder_rule(cohort.definition)
    status = criterion_status(cohort, name, baseline=baseline, time_point=time_point, same_visit=choice.same_visit)
    is_baseline = time_point == baseline and cohort.criterion(name).against == BASELINE
    known = np.zeros(cohort.n, dtype=bool) if is_baseline else status.met.known
    place = cohort.definition.place(time_point)
    missing = _either(status.has_value, OPEN, NO_VALUE, said=said)
    missing[cohort.visit_rows()[:, place] == NONE] = said.number(NO_VISIT)
    missing[cohort.without_anchor(time_point)] = said.number(NO_ANCHOR)
    if is_baseline:
        missing[:] = said.number(BASELINE_ITSELF)
    missing[known] = NONE
    rows = cohort.judged_rows(cohort.criterion(name).inputs)[:, place]
    return Value(
        np.where(known, status.met.certain.astype(np.float64), np.nan),
        _nothing_said(cohort.n),
        np.zeros(cohort.n, np.int8),
        np.where(known, rows, NONE),
        _either(known, JUDGED, None, said=said),
        _either(known, status.rule, None, said=said),
        missing,
    )


def _summed(cohort: Cohort, totals: MethodTotals, time_point: str, said: Vocabulary) -> Value:
    """Return a headline sum as the tables have it: of several readers the mean, or a final score; it is of no visit."""
    at = totals.at[cohort.definition.place(time_point)]
    known = np.array([total is not None for total in at], dtype=bool)
    missing = _either(known, None, NO_TOTAL, said=said)
    missing[cohort.without_anchor(time_point)] = said.number(NO_ANCHOR)
    return Value(
        np.array([np.nan if total is None else float(total) for total in at], dtype=np.float64),
        _nothing_said(cohort.n),
        np.zeros(cohort.n, np.int8),
        np.full(cohort.n, NONE, dtype=np.intp),
        _either(known, READ, None, said=said),
        _either(known, totals.policy, None, said=said),
        missing,
    )


def _unit_of(catalogue: Catalogue, name: str, sums: Mapping[str, MethodTotals]) -> str:
    if name in sums:
        return SCORE
    return "" if name in catalogue.coded else catalogue.unit_of(name)


def _either(rows: Truth, word: str | None, other: str | None, *, said: Vocabulary) -> Numbers:
    """Return a word in some rows, another or none in the others."""
    return np.where(rows, said.number(word), said.number(other)).astype(np.int16)


def _nothing_said(n: int) -> Numbers:
    return np.full(n, NONE, dtype=np.int16)


def _repeated(words: Sequence[str], places: npt.NDArray[Any]) -> ArrowArray:
    """Return words at places of a short list, as a column of codes into the sorted words."""
    distinct = sorted(set(words))
    place = np.array([distinct.index(each) for each in words], dtype=np.int32)
    return Coded(place[places], pa.array(distinct, pa.string())).array()


def _nothing() -> list[npt.NDArray[Any]]:
    """Return the columns of no rows."""
    none = _nothing_said(0)
    return [np.zeros(0), none, np.zeros(0, np.int8), np.zeros(0, np.intp), none, none, none]
