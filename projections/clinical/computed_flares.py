"""One row per visit and definition of flare: whether the values meet it. Recorded flares are not among them.

The definitions are the criteria of the catalogue whose name begins with `flare-`. A rise is judged against a
reference visit (`reference_visits`): by default the last one on the drug that was stopped before, not the baseline, to
which a flare may only lead back. The definition for withdrawal is judged at visits off drugs, with the one before after
the same stop; the first such visit has none. A visit on another drug begun since is compared as well, and is marked
`on_drug`. Values are exact: scores from their items where all are there, else as reported.

`met` has three values: null says that it cannot be said, and `reason` why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.clinical.reference_visits import GRACE_DAYS, Reference, References, references
from projections.clinical.visit_values import CriterionInputs, VisitValues
from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.catalogue_words import flare_definitions, immunomodulating
from projections.columns.coded import Rows, Truth
from projections.columns.tables import Table, day, declared, frame, number, word, yes_no
from projections.stated import visits
from projections.therapy.drug_courses import PATIENT
from registry.catalogue.criteria.criterion import PREVIOUS, REFERENCE, Criterion
from registry.catalogue.criteria.flare_withdrawal import withdrawal_flares
from registry.catalogue.instruments.truths import INDETERMINATE
from registry.catalogue.instruments.values import ABOVE, BELOW, COMPARATOR_OF, EXACT, Values

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

NO_STOP: Final = "nothing-stopped-before"
NO_REFERENCE: Final = "no-reference-visit"
ON_DRUG: Final = "on-drug"
MISSING: Final = "value-missing"
REASONS: Final = (NO_STOP, NO_REFERENCE, ON_DRUG, MISSING)
COMPUTED_FLARES: Final[Table] = declared(
    "computed_flares",
    "visit and definition of flare",
    order="patient visited_on visit_id definition",
    columns=(
        PATIENT,
        day("visited_on", "day of the visit"),
        word("visit_id", "reference of the visit"),
        word("definition", "name of the definition", listed=flare_definitions),
        word("rule", "the definition and its edition"),
        word("against", "with what the visit is compared", REFERENCE, PREVIOUS),
        word("last_agent", "immunomodulating agent stopped last before the visit", listed=immunomodulating),
        day("stopped_on", "day on which it was stopped; the first day that a partial date can mean"),
        yes_no("on_drug", "whether an immunomodulating agent was given at the visit"),
        word("reference_visit_id", "reference of the visit with which it is compared"),
        day("reference_on", "day of that visit"),
        word("measure", "what is compared"),
        word("unit", "unit of the values"),
        number("reference_value", "value at the reference visit", type_="double", unit="as in unit"),
        word("reference_comparator", "mark of the laboratory value that it rests on, as a CRP of <5", "<", ">"),
        number("value", "value at the visit", type_="double", unit="as in unit"),
        word("comparator", "mark of that value, likewise", "<", ">"),
        number("change", "value - reference_value, as these stand", type_="double", unit="as in unit"),
        yes_no("met", "whether the definition is met, null where it cannot be said"),
        word("reason", "why it cannot be said", *REASONS),
    ),
)


class Judged(NamedTuple):
    """What one definition says of all visits: the visit compared with (-1: none), the values, the answer, the reason.

    `met` is 1, 0, or -1; `reason` is a place in REASONS, or -1.
    """

    criterion: Criterion
    visit: Rows
    before: Values
    now: Values
    met: npt.NDArray[np.int8]
    reason: npt.NDArray[np.int8]


def computed_flares(
    facts: Facts, *, reference: Reference = "last-on-drug", grace_days: int = GRACE_DAYS
) -> pd.DataFrame:
    """Return the computed flares as a frame, one row a visit and definition; columns as in `COMPUTED_FLARES`.

    `reference` is `last-on-drug` or `baseline`, the first visit of the course. `grace_days` after the last day of
    a course a visit is still on the drug. Raises `RangeError` where these are negative.
    """
    return frame(table(facts, reference=reference, grace_days=grace_days))


def table(facts: Facts, *, reference: Reference = "last-on-drug", grace_days: int = GRACE_DAYS) -> ArrowTable:
    """Return the computed flares as an Arrow table by patient, visited_on, visit_id, definition."""
    visited = visits.ordered(facts)
    inputs = CriterionInputs(VisitValues(facts))
    referred = references(facts, visited, reference=reference, grace_days=grace_days)
    known = facts.catalogue
    judged = [_judged(known.criteria[definition], inputs, referred) for definition in known.flare_definitions]
    units = [known.unit_of(one.criterion.inputs[0]) for one in judged]
    of_visits = _of_visits(visited, referred, times=len(judged))
    return COMPUTED_FLARES.of({**of_visits, **_of_definitions(visited, judged, units)})


def _judged(criterion: Criterion, now: Mapping[str, Values], referred: References) -> Judged:
    (measure,) = criterion.inputs
    after_stop = referred.course >= 0
    if criterion.against == PREVIOUS:
        visit, off = referred.previous, after_stop & ~referred.on_drug
        met = np.full(len(off), INDETERMINATE, dtype=np.int8)
        rows = np.flatnonzero(off)
        met[rows] = withdrawal_flares(now[measure].take(rows), series=referred.course[rows]).codes()
        reason = np.select([~after_stop & ~referred.on_drug, ~off, met < 0], _places(NO_STOP, ON_DRUG, MISSING), -1)
    else:
        visit = referred.visit
        before = {measure: now[measure].take(visit)}
        met = np.where(visit >= 0, criterion.over(now, before=before).met.codes(), INDETERMINATE)
        reason = np.select([~after_stop, visit < 0, met < 0], _places(NO_STOP, NO_REFERENCE, MISSING), -1)
    return Judged(criterion, visit, now[measure].take(visit), now[measure], met.astype(np.int8), reason.astype(np.int8))


def _places(*reasons: str) -> list[int]:
    return [REASONS.index(reason) for reason in reasons]


def _of_visits(visited: ArrowTable, referred: References, *, times: int) -> dict[str, ArrowArray]:
    """Return the columns that are the same for every definition, each entry so many times."""
    each = pa.array(np.repeat(np.arange(visited.num_rows), times))
    course = pa.array(referred.course, mask=referred.course < 0)
    columns = {
        "patient": visited["patient"],
        "visited_on": visited["visited_on"],
        "visit_id": visited["fact"],
        "last_agent": referred.courses.facts["agent"].take(course),
        "stopped_on": referred.courses.facts["stopped_on"].take(course),
        "on_drug": pa.array(referred.on_drug),
    }
    return {name: column.take(each) for name, column in columns.items()}


def _of_definitions(visited: ArrowTable, judged: list[Judged], units: list[str]) -> dict[str, ArrowArray]:
    """Return the columns that the definitions fill, the definitions of one visit beside one another."""

    def spread(words: list[str]) -> ArrowArray:
        return pa.array(words * visited.num_rows, pa.string())

    def woven(columns: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        return np.stack(columns, axis=1).ravel()

    measures = [one.criterion.inputs[0] for one in judged]
    visit = woven([one.visit for one in judged])
    at = pa.array(visit, mask=visit < 0)
    met, reason = woven([one.met for one in judged]), woven([one.reason for one in judged])
    return {
        "definition": spread([one.criterion.name for one in judged]),
        "rule": spread([one.criterion.rule for one in judged]),
        "against": spread([one.criterion.against for one in judged]),
        "measure": spread(measures),
        "unit": spread(units),
        "reference_visit_id": visited["fact"].take(at),
        "reference_on": visited["visited_on"].take(at),
        "reference_value": _doubles(woven([one.before.doubles() for one in judged])),
        "reference_comparator": _marks(woven([one.before.marks for one in judged])),
        "value": _doubles(woven([one.now.doubles() for one in judged])),
        "comparator": _marks(woven([one.now.marks for one in judged])),
        "change": _doubles(woven([(one.now - one.before).doubles() for one in judged])),
        "met": pa.array(met == 1, mask=met == INDETERMINATE),
        "reason": pa.array(REASONS).take(pa.array(reason, mask=reason < 0)),
    }


def _marks(marks: npt.NDArray[Any]) -> ArrowArray:
    """Return marks as words; null where a value is no limit and rests on none."""
    words = pa.array([COMPARATOR_OF[mark] for mark in (BELOW, EXACT, ABOVE)], pa.string())
    return words.take(pa.array(marks.astype(np.int32) - BELOW))


def _doubles(values: npt.NDArray[np.float64]) -> ArrowArray:
    missing: Truth = np.isnan(values)
    return pa.array(values, mask=missing)
