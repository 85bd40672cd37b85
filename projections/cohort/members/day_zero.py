"""Day 0 of every patient, and the last day of the treatment that began then.

A partial start or stop counts as `partial_days` says. A course is kept as long as the episode that it belongs to: a row
for each dose, or a gap of up to 90 days, is no end of it. What goes on at the point in time has no last day; day 0 of
an event that is not there at the point in time does not exist. First visits and studies are those of observed time.

Of several days 0 of a patient the first counts, the last, or all of them, of two on one day the one with the smaller
reference; those that are not of the lines, or between the days, that are asked for do not count at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.definition.definition import DayZero, ObservedTime
from projections.cohort.members.begun_treatments import begun_treatments
from projections.cohort.members.day_zero_steps import day_zero_steps
from projections.cohort.members.days_zero import DaysZero
from projections.cohort.members.line_numbers import line_numbers
from projections.columns.arrow import ArrowArray, truth
from projections.columns.coded import Rows, changes, coded, combined, day_numbers, in_order
from projections.columns.partial_days import EVER_BEFORE, FOREVER, Days, Partial, counted_as, possible_days
from projections.observation.observed_spans import observed_spans

if TYPE_CHECKING:
    from projections.point_in_time import Facts

SEEN: Final = {"first-visit": ("visits", "visited_on"), "first-study": ("imaging", "performed_on")}


def days_zero(
    facts: Facts, patients: ArrowArray, asked: DayZero, observed: ObservedTime
) -> tuple[list[str], DaysZero, tuple[int, ...]]:
    """Return whose days 0 there are, each of them, by patient and day, and how many patients each step left.

    They are of an Arrow array of pseudonyms; the steps are those of `day_zero_steps`. Raises as `observed_spans` does
    where day 0 is the first visit or study.
    """
    whose, each, passed = _candidates(facts, asked, observed)
    counts = truth(pc.is_in(whose, value_set=patients))
    if asked.between is not None:
        counts &= (each.day >= asked.between[0]) & (each.day <= asked.between[1])
    if asked.lines is not None:
        numbers = line_numbers(facts, each.course, bridge=asked.bridge, partial=observed.observation.partial)
        counts &= np.array([number in asked.lines for number in numbers], dtype=bool)
    patient = coded(whose)
    steps = range(len(day_zero_steps(asked)))
    left = tuple(len(np.unique(patient.codes[counts & (passed >= step)])) for step in steps)
    there = np.flatnonzero(counts & (passed >= steps[-1]))
    patient, day = patient.take(there), each.day[there]
    order = in_order(patient, -day if asked.which == "last" else day)
    ordered = patient.codes[order]
    rows = there[order[changes(combined(ordered, day[order]) if asked.several else ordered)]]
    return whose.take(pa.array(rows)).to_pylist(), each.take(rows), left


def _candidates(facts: Facts, asked: DayZero, observed: ObservedTime) -> tuple[ArrowArray, DaysZero, Rows]:
    """Return whose the days are that may be day 0, each, and how many further steps it passes.

    Of those of one patient and day the first counts.
    """
    partial = observed.observation.partial
    if asked.starts_treatment:
        return begun_treatments(facts, asked, partial)
    if asked.event == "condition":
        whose, each = _conditions(facts, asked.of, partial)
        return whose, each, np.zeros(len(each.day), dtype=np.intp)
    if asked.event == "enrolment":
        rows, days = facts.of("patients"), day_numbers(facts.of("patients")["enrolled_on"]).astype(np.int64)
    else:
        rows, days = _while_observed(facts, *SEEN[asked.event], observed)
    return rows["patient"], DaysZero.of_days(days), np.zeros(len(days), dtype=np.intp)


def _while_observed(facts: Facts, kind: str, column: str, observed: ObservedTime) -> tuple[Any, Days]:
    """Return the facts of a kind within observed time, and their days; the day on which a span opens is in it."""
    rows = facts.of(kind)
    days = day_numbers(rows[column]).astype(np.int64)
    spans = observed_spans(facts, observed.observation)
    within = np.flatnonzero(spans.holds(coded(rows["patient"]), days))
    return rows.take(pa.array(within)), days[within]


def _conditions(facts: Facts, names: tuple[str, ...], partial: Partial) -> tuple[ArrowArray, DaysZero]:
    """Return the first days of conditions, of any of them for no names; one whose start nobody knows is none."""
    rows = facts.of("conditions").sort_by("fact")
    start, end = (
        possible_days(rows[name], rows[f"{name}_precision"], without=without)
        for name, without in (("started_on", EVER_BEFORE), ("ended_on", FOREVER))
    )
    named = truth(pc.is_in(rows["condition"], value_set=pa.array(list(names), pa.string())))
    known = np.flatnonzero((start.first != EVER_BEFORE) & (named | (not names)))
    rows = rows.take(pa.array(known))
    days = DaysZero.of_days(counted_as(start, end, partial).started[known])
    return rows["patient"], days._replace(precision=rows["started_on_precision"].to_pylist())
