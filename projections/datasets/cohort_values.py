"""One row per member of a cohort, time point and value: what stands for the member there, or why nothing does.

Values are those of the tables of the cohort: the measures and indices of `tables.characteristics` and
`tables.clinical`, all that some member has where neither names any; and the criteria of `tables.responders`, 1 for met
and 0 for not, null where it cannot be said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from projections.cohort.figures.criterion_status import criterion_status
from projections.cohort.figures.response_rates import ResponderChoice
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.visit_windows import NONE
from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Coded, Rows, Truth, coded, day_numbers
from projections.columns.partial_days import FOREVER, Days
from projections.columns.tables import OF_PATIENT, Table, day, declared, number, refers, text, word
from projections.datasets.cohort_members import episode_numbers
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
JUDGED: Final = "judged"
NO_ANCHOR, NO_VISIT, NO_VALUE, OPEN, BASELINE_ITSELF = "no-day", "no-visit", "no-value", "open", "is-baseline"
REASONS: Final = (BASELINE_ITSELF, NO_ANCHOR, NO_VALUE, NO_VISIT, OPEN)

COHORT_VALUES: Final[Table] = declared(
    "cohort_values",
    "member of a cohort, time point and value",
    order="cohort patient episode timepoint name",
    columns=(
        word("cohort", "name of the cohort's definition"),
        word("patient", "pseudonym"),
        number("episode", "number of the member among the patient's, from 1 by day 0"),
        word("timepoint", "name of the time point"),
        word("name", "measure, index or criterion"),
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
            "days, as the source reported it, prorated, or judged by a criterion",
            *ORIGINS.values(),
            JUDGED,
        ),
        word("rule", "rule by which it was computed or judged"),
        word(
            "missing",
            "why there is no value: no day to count from, no visit in the window, no value at one, an answer that "
            "missing values leave open, or the baseline with which a criterion compares",
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


class Value(NamedTuple):
    """A value at one time point, one row a member: as columns of the table, words as places in sorted lists."""

    number: npt.NDArray[np.float64]  # NaN for none
    word: npt.NDArray[np.object_]
    bound: npt.NDArray[np.int8]
    visit: Rows  # row of the visits, -1 for none
    origin: npt.NDArray[np.object_]
    rule: npt.NDArray[np.object_]
    missing: npt.NDArray[np.object_]


def value_names(cohort: Cohort) -> tuple[list[str], list[str]]:
    """Return the measures and indices of the data set, and its criteria, both in alphabetical order."""
    asked = {each.name: each.asked for each in cohort.definition.tables}
    named = {name for table in ("characteristics", "clinical") for name in getattr(asked.get(table), "measures", ())}
    if not named:
        inputs, catalogue = cohort.inputs, cohort.facts.catalogue
        named = {name for name in catalogue.described if (cohort.visit_rows(inputs[name].known) != NONE).any()}
    return sorted(named), sorted(getattr(asked.get("responders"), "criteria", ()))


def cohort_values(cohort: Cohort) -> ArrowTable:
    """Return the values of a cohort as an Arrow table by patient, episode, timepoint and name."""
    measures, criteria = value_names(cohort)
    names, points = sorted([*measures, *criteria]), sorted(cohort.names)
    found = {name: list(_at_points(cohort, name, criterion=name in criteria)) for name in names}
    cells = [found[name][cohort.definition.place(point)] for point in points for name in names]
    n = len(cells)
    member = np.repeat(np.arange(cohort.n), n)
    columns = [np.stack(each, axis=1).reshape(-1) if n else np.zeros(0) for each in zip(*cells)] or _nothing()
    numbers, words_, bounds, visit, origin, rule, missing = columns
    catalogue = cohort.facts.catalogue
    units = ["" if name in (*criteria, *catalogue.coded) else catalogue.unit_of(name) for name in names]
    visits = cohort.inputs.visits
    taken = pa.array(visit, pa.int64(), mask=visit == NONE)
    visited_on = np.append(day_numbers(visits["visited_on"]).astype(np.int64), 0)[visit]
    targets = np.stack([_target(cohort, point) for point in points for _ in names], axis=1).reshape(-1) if n else visit
    patients = coded(pa.array(cohort.members, pa.string()))
    return COHORT_VALUES.of(
        {
            "cohort": _repeated([cohort.definition.name], np.zeros(len(member), dtype=np.int64)),
            "patient": Coded(patients.codes[member], patients.words).array(),
            "episode": pa.array(episode_numbers(cohort)[member]),
            "timepoint": _repeated(points, np.tile(np.repeat(np.arange(len(points)), len(names)), cohort.n)),
            "name": _repeated(names, np.tile(np.arange(len(names)), cohort.n * len(points))),
            "value": pa.array(numbers, pa.float64(), mask=np.isnan(numbers.astype(np.float64))),
            "word": _words(words_),
            "comparator": _words(np.array([">", None, "<"], dtype=object)[1 - bounds.astype(np.int64)]),
            "unit": _repeated(units, np.tile(np.arange(len(names)), cohort.n * len(points))),
            "visit_id": visits["fact"].combine_chunks().cast(pa.string()).take(taken),
            "visited_on": visits["visited_on"].combine_chunks().take(taken),
            "offset": pa.array((visited_on - targets).astype(np.int32), mask=visit == NONE),
            "origin": _words(origin),
            "rule": _words(rule),
            "missing": _words(missing),
        }
    )


def _at_points(cohort: Cohort, name: str, *, criterion: bool) -> Iterator[Value]:
    """Yield a value at each time point in the definition's order."""
    if criterion:
        yield from (_judged(cohort, name, point) for point in cohort.names)
        return
    is_coded = name in cohort.facts.catalogue.coded
    rows = cohort.visit_rows(cohort.inputs[name].known) if is_coded else cohort.value_rows(name)
    visits = cohort.visit_rows()
    for place, point in enumerate(cohort.names):
        at = rows[:, place]
        missing = np.where(visits[:, place] == NONE, NO_VISIT, NO_VALUE).astype(object)
        missing[_no_anchor(cohort, point)] = NO_ANCHOR
        missing[at != NONE] = None
        yield (_word if is_coded else _number)(cohort, name, at, missing)


def _number(cohort: Cohort, name: str, at: Rows, missing: npt.NDArray[np.object_]) -> Value:
    column = cohort.inputs[name].take(at)
    origins = np.append(cohort.inputs.origins(name), 0)[at]
    made = np.array([ORIGINS.get(code) for code in range(PRORATED_VALUE + 1)], dtype=object)[origins]
    bound = np.where(column.known, column.bound, 0).astype(np.int8)
    instruments = cohort.facts.catalogue.computable
    rule = np.full(len(at), None, dtype=object)
    if name in instruments:
        rule[np.isin(origins, (COMPUTED, COMPUTED_OF_DAY, COMPUTED_OF_DAYS))] = instruments[name].rule()
        rule[origins == PRORATED_VALUE] = instruments[name].rule(PRORATED)
    return Value(column.doubles(), np.full(len(at), None, dtype=object), bound, at, made, rule, missing)


def _word(cohort: Cohort, name: str, at: Rows, missing: npt.NDArray[np.object_]) -> Value:
    said = np.append(cohort.inputs.codes(name), NONE)[at]
    listed = np.array([*cohort.facts.catalogue.measures[name].codes, None], dtype=object)
    nothing, known = np.full(len(at), None, dtype=object), at != NONE
    origin = _where(known, ORIGINS[CAPTURED_VALUE])
    return Value(np.full(len(at), np.nan), listed[said], np.zeros(len(at), np.int8), at, origin, nothing, missing)


def _judged(cohort: Cohort, name: str, time_point: str) -> Value:
    """Return a criterion as the table of responders judges it, against the baseline that this has."""
    asked = next(each.asked for each in cohort.definition.tables if each.name == "responders")
    baseline, same_visit = getattr(asked, "baseline", ""), getattr(asked, "choice", ResponderChoice()).same_visit
    status = criterion_status(cohort, name, baseline=baseline, time_point=time_point, same_visit=same_visit)
    is_baseline = time_point == baseline and cohort.criterion(name).against == BASELINE
    known = np.zeros(cohort.n, dtype=bool) if is_baseline else status.met.known
    place = cohort.definition.place(time_point)
    missing = np.where(status.has_value, OPEN, NO_VALUE).astype(object)
    missing[cohort.visit_rows()[:, place] == NONE] = NO_VISIT
    missing[_no_anchor(cohort, time_point)] = NO_ANCHOR
    if is_baseline:
        missing[:] = BASELINE_ITSELF
    missing[known] = None
    rows = cohort.judged_rows(cohort.criterion(name).inputs)[:, place]
    return Value(
        np.where(known, status.met.certain.astype(np.float64), np.nan),
        np.full(cohort.n, None, dtype=object),
        np.zeros(cohort.n, np.int8),
        np.where(known, rows, NONE),
        _where(known, JUDGED),
        _where(known, status.rule),
        missing,
    )


def _where(rows: Truth, word: str) -> npt.NDArray[np.object_]:
    """Return a column of objects: the word in some rows, None in the others."""
    said = np.full(len(rows), None, dtype=object)
    said[rows] = word
    return said


def _no_anchor(cohort: Cohort, time_point: str) -> Truth:
    point = cohort.definition.time_points[cohort.definition.place(time_point)]
    none: Truth = cohort.admitted.anchors([point])[0] == FOREVER
    return none


def _target(cohort: Cohort, time_point: str) -> Days:
    point = cohort.definition.time_points[cohort.definition.place(time_point)]
    (anchor,) = cohort.admitted.anchors([point])
    target: Days = anchor + point.day
    return target


def _repeated(words: Sequence[str], places: npt.NDArray[Any]) -> ArrowArray:
    """Return words at places of a short list, as a column of codes into the sorted words."""
    distinct = sorted(set(words))
    place = np.array([distinct.index(each) for each in words], dtype=np.int32)
    return Coded(place[places], pa.array(distinct, pa.string())).array()


def _words(column: npt.NDArray[Any]) -> ArrowArray:
    return pa.array(column, pa.string(), from_pandas=True)


def _nothing() -> list[npt.NDArray[Any]]:
    """Return the columns of no rows."""
    none = np.zeros(0, dtype=object)
    return [np.zeros(0), none, np.zeros(0, np.int8), np.zeros(0, np.intp), none, none, none]
