"""Which visits are judged against which baselines, and what the response criteria say of them.

The rules are those of the table `responses`: the baseline of a course is its own, the last visit in a window at or
before its start at which some input of the criterion is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.clinical.visit_values import CriterionInputs, VisitValues
from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.clinical_days import day_column
from projections.columns.coded import Coded, Rows, coded, coded_alike, day_numbers, in_order
from projections.columns.partial_days import FOREVER
from projections.therapy.drug_courses import DrugCourses, drug_courses, immunomodulating, moments
from registry.catalogue.criteria import criteria
from registry.catalogue.criteria.criterion import BASELINE, NOTHING, Criterion
from registry.catalogue.instruments.truths import INDETERMINATE
from registry.catalogue.instruments.values import ABOVE, BELOW, Values

if TYPE_CHECKING:
    from projections.point_in_time import Facts

CRITERIA: Final = tuple(
    criterion for _, criterion in sorted(criteria().items()) if criterion.against in (BASELINE, NOTHING)
)
NAME: Final = coded(pa.array([criterion.name for criterion in CRITERIA]))
LIMITS: Final = ("<", "<>", ">")
COMPARATOR: Final = Coded(np.array([*range(len(LIMITS)), -1], dtype=np.int32), pa.array(LIMITS))  # the last for none
RULE: Final = coded(pa.array([criterion.rule for criterion in CRITERIA]))


def judged_responses(facts: Facts, baseline_window_days: int) -> dict[str, ArrowArray]:
    """Return what every response criterion says, as arrays by column of the table `responses`, in its order."""
    inputs = CriterionInputs(VisitValues(facts))
    courses = drug_courses(facts, immunomodulating())
    courses = courses.take(in_order(courses.patient, courses.reference))
    followed = Followed.of(courses, inputs.visits, baseline_window_days)
    judged = [_judged(criterion, followed.judged_by(criterion, inputs), inputs) for criterion in CRITERIA]
    responses = Judged(*map(np.concatenate, zip(*judged)))
    criterion = np.repeat(np.arange(len(judged)), [len(each.visit) for each in judged])
    days = day_numbers(inputs.visits["visited_on"])
    order = in_order(responses.course, days[responses.visit], criterion, responses.visit)
    responses, criterion = Judged(*(column[order] for column in responses)), criterion[order]
    visits = coded(inputs.visits["fact"])
    return {
        "patient": courses.patient.take(responses.course).array(),
        "treatment_id": coded(courses.facts["fact"]).take(responses.course).array(),
        "visited_on": day_column(days[responses.visit]),
        "criterion": NAME.take(criterion).array(),
        "baseline_visit_id": visits.take(responses.baseline).array(),
        "visit_id": visits.take(responses.visit).array(),
        "baseline_on": day_column(days[responses.baseline]),
        "met": pa.array(responses.met == 1, mask=responses.met == INDETERMINATE),
        "n_improved": pa.array(responses.n_improved),
        "n_known": pa.array(responses.n_known),
        "rule": RULE.take(criterion).array(),
        "baseline_window_days": pa.array(np.full(len(criterion), baseline_window_days, dtype=np.int16)),
        "comparator": COMPARATOR.take(responses.limits).array(),
    }


class Pairs(NamedTuple):
    """Visits to be judged against their baselines, as rows of the visits, and the course of each."""

    course: Rows
    baseline: Rows
    visit: Rows


class Judged(NamedTuple):
    """Pairs, and what a criterion says of each."""

    course: npt.NDArray[Any]
    baseline: npt.NDArray[Any]
    visit: npt.NDArray[Any]
    met: npt.NDArray[Any]
    n_improved: npt.NDArray[Any]
    n_known: npt.NDArray[Any]
    limits: npt.NDArray[Any]


class Followed(NamedTuple):
    """The visits of courses: those from `first` up to `last` may be the baseline, and `visit` follows its `course`.

    Visits are by patient and day, so that those of a course stand together.
    """

    first: Rows
    last: Rows
    course: Rows
    visit: Rows

    @classmethod
    def of(cls, courses: DrugCourses, visits: ArrowTable, window: int) -> Followed:
        """Return the visits of each course, from the window before its start until a later course starts."""
        visited, patient = coded_alike(visits["patient"], courses.facts["patient"])
        at = moments(visited, day_numbers(visits["visited_on"]))
        starts, end = moments(patient, courses.started), moments(patient, np.full(len(patient), FOREVER))
        in_turn = np.sort(starts)
        next_start = np.append(in_turn, np.iinfo(np.int64).max)[np.searchsorted(in_turn, starts, side="right")]
        begins = np.searchsorted(at, starts, side="right")
        sizes = np.searchsorted(at, np.minimum(next_start, end)) - begins
        course = np.repeat(np.arange(len(sizes)), sizes)
        return cls(
            first=np.searchsorted(at, moments(patient, courses.started - window)),
            last=begins - 1,
            course=course,
            visit=np.arange(len(course)) + np.repeat(begins - (np.cumsum(sizes) - sizes), sizes),
        )

    def judged_by(self, criterion: Criterion, inputs: CriterionInputs) -> Pairs:
        """Return the visits that a criterion can judge, each with the baseline that has something to judge it by."""
        known = np.any([inputs[name].known for name in criterion.inputs], axis=0)
        last_known = np.maximum.accumulate(np.where(known, np.arange(len(known)), -1))
        baseline = np.append(last_known, -1)[self.last]
        judged = known[self.visit] & (baseline >= self.first)[self.course]
        course = self.course[judged]
        return Pairs(course, baseline[course], self.visit[judged])


def _judged(criterion: Criterion, pairs: Pairs, inputs: CriterionInputs) -> Judged:
    now, before = (
        {name: inputs[name].take(rows) for name in criterion.inputs} for rows in (pairs.visit, pairs.baseline)
    )
    said = criterion.over(now, before=before)
    looked_at = [*now.values(), *(before.values() if criterion.against == BASELINE else ())]
    return Judged(*pairs, said.met.codes(), said.n_improved, said.n_known, _limits(looked_at))


def _limits(looked_at: list[Values]) -> npt.NDArray[np.intp]:
    """Return the place in `COMPARATOR` of the marks of some values, -1 where none has one."""
    marks = np.array([column.marks for column in looked_at])
    below, above = np.any(marks == BELOW, axis=0), np.any(marks == ABOVE, axis=0)
    return np.select([below & above, below, above], [LIMITS.index("<>"), LIMITS.index("<"), LIMITS.index(">")], -1)
