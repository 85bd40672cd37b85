"""Which visits are judged against which baselines, and what the response criteria say of them.

The rules are those of the table `responses`: the baseline of a course is its own, the last visit in a window at or
before its start at which some input of the criterion is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.coded import day_numbers
from projections.criterion_inputs import CriterionInputs
from projections.visit_values import VisitValues
from registry.catalogue.agents import AGENTS
from registry.catalogue.criteria import criteria
from registry.catalogue.criteria.criterion import BASELINE, NOTHING, Criterion
from registry.catalogue.instruments.truths import INDETERMINATE

if TYPE_CHECKING:
    from projections.point_in_time import Facts

Rows = npt.NDArray[np.intp]


def judged_responses(facts: Facts, baseline_window_days: int) -> dict[str, Any]:
    """Return what every response criterion says, as arrays by column of the table `responses`, in no order."""
    inputs = CriterionInputs(VisitValues(facts))
    followed = list(_followed(facts, inputs.visits, baseline_window_days))
    judged = [
        _judged(criterion, _paired(criterion, followed, inputs), inputs)
        for criterion in criteria().values()
        if criterion.against in (BASELINE, NOTHING)
    ]
    columns = {name: pa.concat_arrays([each[name] for each in judged]) for name in judged[0]}
    columns["baseline_window_days"] = pa.array(np.full(len(columns["met"]), baseline_window_days, dtype=np.int16))
    return columns


class Followed(NamedTuple):
    """One course of treatment: the visits that may be its baseline, the latest first, and those that follow it."""

    treatment_id: str
    baselines: list[int]
    visits: list[int]


class Pairs(NamedTuple):
    """Visits to be judged against their baselines, and the course of each."""

    treatment_ids: list[str]
    baseline: Rows
    visit: Rows


def _followed(facts: Facts, visits: Any, window: int) -> Iterator[Followed]:
    """Yield the courses of immunomodulating agents with their visits, as rows of the visits."""
    found = facts.of("treatments")
    courses: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for patient, agent, started, fact in zip(
        found["patient"].to_pylist(),
        found["agent"].to_pylist(),
        day_numbers(found["started_on"]),
        found["fact"].to_pylist(),
    ):
        if AGENTS[agent].immunomodulating:
            courses[patient].append((int(started), fact))
    of_patient: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, (patient, visited) in enumerate(zip(visits["patient"].to_pylist(), day_numbers(visits["visited_on"]))):
        of_patient[patient].append((int(visited), row))
    for patient, starts in courses.items():
        for started, fact in starts:
            later = min((other for other, _ in starts if other > started), default=np.iinfo(np.int64).max)
            before = [row for on, row in of_patient[patient] if started - window <= on <= started]
            after = [row for on, row in of_patient[patient] if started < on < later]
            yield Followed(fact, before[::-1], after)


def _paired(criterion: Criterion, followed: list[Followed], inputs: CriterionInputs) -> Pairs:
    """Return the visits that a criterion can judge, each with the baseline that has something to judge it by."""
    known = np.any([inputs[name].known for name in criterion.inputs], axis=0)
    treatment_ids: list[str] = []
    pairs: list[tuple[int, int]] = []
    for course in followed:
        baseline = next((row for row in course.baselines if known[row]), None)
        if baseline is not None:
            judged = [row for row in course.visits if known[row]]
            treatment_ids += [course.treatment_id] * len(judged)
            pairs += [(baseline, row) for row in judged]
    rows = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return Pairs(treatment_ids, rows[:, 0], rows[:, 1])


def _judged(criterion: Criterion, pairs: Pairs, inputs: CriterionInputs) -> dict[str, Any]:
    """Return what a criterion says of its pairs, as arrays by column."""
    now, before = (
        {name: inputs[name].take(rows) for name in criterion.inputs} for rows in (pairs.visit, pairs.baseline)
    )
    judged = criterion.over(now, before=before)
    visits, n = inputs.visits, len(pairs.visit)
    met = judged.met.codes()
    at, baseline = pa.array(pairs.visit), pa.array(pairs.baseline)
    column = {name: visits[name].combine_chunks() for name in ("patient", "visited_on", "fact")}
    return {
        "patient": column["patient"].take(at),
        "treatment_id": pa.array(pairs.treatment_ids, pa.string()),
        "visited_on": column["visited_on"].take(at),
        "criterion": pa.array([criterion.name] * n, pa.string()),
        "baseline_visit_id": column["fact"].take(baseline),
        "visit_id": column["fact"].take(at),
        "baseline_on": column["visited_on"].take(baseline),
        "met": pa.array(met == 1, mask=met == INDETERMINATE),
        "n_improved": pa.array(judged.n_improved),
        "n_known": pa.array(judged.n_known),
        "rule": pa.array([judged.rule] * n, pa.string()),
    }
