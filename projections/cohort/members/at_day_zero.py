"""What was so of members on day 0: their age, what they had been given before, what values they had at baseline."""

from __future__ import annotations

from datetime import date
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from projections.cohort.definition.comparisons import Comparison
from projections.cohort.definition.definition import Definition
from projections.cohort.definition.statistical_options import Duration
from projections.cohort.members.durations import age
from projections.cohort.members.members import Members
from projections.cohort.members.named_treatments import courses_of
from projections.cohort.members.sources import Sources
from projections.cohort.members.value_rows import value_rows
from projections.columns.coded import EPOCH, Truth
from projections.columns.partial_days import Partial
from registry.catalogue.instruments.truths import Truths

if TYPE_CHECKING:
    from projections.point_in_time import Facts


def ages(sources: Sources, members: Members, convention: Duration) -> list[int | None]:
    """Return each member's age on day 0 in completed years, None where the birth year is not known."""
    born = (sources.enrolment[patient]["birth_year"] for patient in members.patients)
    days = (date.fromordinal(day + EPOCH) for day in members.day_zero.tolist())
    return [None if year is None else floor(age(year, day, convention)) for year, day in zip(born, days)]


def given_before(facts: Facts, names: tuple[str, ...], members: Members, *, partial: Partial) -> Truth:
    """Return who had been given one of the named agents, classes or products before day 0."""
    courses = courses_of(facts, names, partial=partial)
    member, row = members.rows_of(courses.patient)
    given = np.zeros(len(members.patients), dtype=bool)
    given[member[courses.started[row] < members.day_zero[member]]] = True
    return given


def compared_at_first(definition: Definition, sources: Sources, asked: Comparison, members: Members) -> Truths:
    """Return whether a comparison holds at the first time point, of whom it can be said.

    A measure is the value that the tables have there; a state is judged at the preferred visit with its inputs.
    """
    visits, inputs = sources.visits_in_windows(definition, members), asked.criterion.inputs
    if asked.measure is not None:
        rows = value_rows(sources.inputs, visits, asked.measure)[:, 0]
        return asked.criterion.over({asked.measure: sources.inputs[asked.measure].take(rows)}).met
    rows = visits.with_most(sources.judged.n_known(inputs))[:, 0]
    return asked.criterion.over({name: sources.judged[name].take(rows) for name in inputs}).met
