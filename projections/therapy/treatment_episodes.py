"""One row per episode of treatment: consecutive courses of one agent of one patient with short gaps only.

A gap is the difference between the last day of what went before and the first day of the next course; up to 90 days
(`max_gap_days`) it is bridged, longer it ends the episode. A course that begins on or before the day after the last
day leaves no gap; courses that overlap are one. A gap in which another targeted agent was begun is not bridged where
that is asked for (`begun_in_gaps`). Another dose in a later course is a dose change within the episode.

Partial starts and stops count as `partial_days` says. Where a gap's ends are partial, its least and its most possible
length stand beside it; the decision rests on the days that they count as, and `uncertain` says that it might be
another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.agents import agent_columns
from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Rows, Truth, day_number, in_order, summed
from projections.columns.partial_days import FOREVER, Days
from projections.columns.tables import Table, day, declared, frame, number, text, word, words, yes_no
from projections.therapy.begun_in_gaps import begun_in_gaps
from projections.therapy.dose_changes import known_doses
from projections.therapy.drug_courses import (
    AGENT,
    ATC,
    DRUG_CLASS,
    PATIENT,
    DrugCourses,
    covered_until,
    drug_courses,
)
from registry.catalogue import codes
from registry.catalogue.therapy_lines import BRIDGE, MAX_GAP_DAYS, Bridge
from registry.domain.days import PRECISIONS
from registry.errors import RangeError

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from projections.point_in_time import Facts

TREATMENT_EPISODES: Final[Table] = declared(
    "treatment_episodes",
    "episode of treatment with one agent",
    order="patient started_on treatment_id",
    columns=(
        PATIENT,
        day("started_on", "first day of the first course; the first day that a partial date can mean"),
        text("treatment_id", "reference of the first course; it names the episode"),
        AGENT,
        ATC,
        DRUG_CLASS,
        number("episode", "number of the episode among the patient's with this agent, from 1"),
        word("started_on_precision", "how precisely started_on is known", *PRECISIONS.values()),
        day("stopped_on", "the latest last day of its courses, null while one goes on at the point in time"),
        word("stopped_on_precision", "how precisely stopped_on is known", *PRECISIONS.values()),
        yes_no("ongoing", "whether a course of it goes on at the point in time"),
        number(
            "days",
            "from start to stop, gaps included, or to as_of while it goes on and an as_of is given; partial days "
            "count as the middle of the days that they can mean",
            type_="int32",
            unit="d",
        ),
        number("n_courses", "number of courses"),
        number("n_gaps", "number of gaps between them"),
        number("gap_days", "sum of the gaps", type_="int32", unit="d"),
        number("gap_days_min", "the least that the sum can be, where dates are partial", type_="int32", unit="d"),
        number("gap_days_max", "the most that the sum can be, where dates are partial", type_="int32", unit="d"),
        number("off_days", "days since the last day of the episode before, if any", type_="int32", unit="d"),
        number("off_days_min", "the least that off_days can be", type_="int32", unit="d"),
        number("off_days_max", "the most that off_days can be", type_="int32", unit="d"),
        yes_no("uncertain", "whether partial dates leave open if it is one episode, or one with its neighbour"),
        number("n_dose_changes", "number of courses with another dose or frequency than the last known one before"),
        words("doses", "the known doses in the order of the courses, each where it changed, as 100 mg daily"),
        word("stop_reason", "why the course with the latest last day was stopped", *codes.STOP_REASONS),
        text("restart_of", "the episode of this agent that was before: its treatment_id"),
    ),
)


class Episodes(NamedTuple):
    """Episodes over the rows of courses: `of` is each course's, `first` the row where each begins.

    `last` is the row of the course with the latest last day. `gap`, `gap_min` and `gap_max` are each course's distance
    to what went before, in days; they mean nothing at the first course of a patient and agent (`alone`).
    """

    of: Rows
    first: Rows
    last: Rows
    alone: Truth
    gap: Days
    gap_min: Days
    gap_max: Days

    def total(self, of_courses: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the sum over the courses of each episode."""
        return summed(of_courses, self.of, n=len(self.first))


class EpisodeDays(NamedTuple):
    """The days of episodes, since 1970: what they count as, and the first and last days that they can mean."""

    started: Days
    started_from: Days
    started_by: Days
    stopped: Days
    stopped_from: Days
    stopped_by: Days


def treatment_episodes(facts: Facts, *, max_gap_days: int = MAX_GAP_DAYS) -> pd.DataFrame:
    """Return the episodes of treatment as a frame, one row an episode; columns as in `TREATMENT_EPISODES`.

    Raises `RangeError` for a negative `max_gap_days`.
    """
    return frame(table(facts, max_gap_days=max_gap_days))


def table(facts: Facts, *, max_gap_days: int = MAX_GAP_DAYS) -> ArrowTable:
    """Return the episodes of treatment as an Arrow table by patient, start, treatment_id."""
    return with_days(facts, drug_courses(facts), bridge=Bridge(max_gap_days))[0]


def with_days(facts: Facts, courses: DrugCourses, *, bridge: Bridge = BRIDGE) -> tuple[ArrowTable, EpisodeDays]:
    """Return the episodes of some courses as an Arrow table by patient, start, treatment_id, and the days of each.

    Raises as `episodes_of`, which takes the courses of all that make lines from these.
    """
    found = episodes_of(courses, bridge=bridge, targeted=courses)
    order = in_order(courses.patient.codes[found.first], courses.started[found.first], courses.reference[found.first])
    first, last = found.first[order], found.last[order]
    columns = {
        **agent_columns(courses.agent.take(first), facts.catalogue),
        **_ends(courses, first, last, as_of=facts.at.as_of),
        **{name: column.take(pa.array(order)) for name, column in _gaps(found, bridge.days).items()},
        **{name: column.take(pa.array(order)) for name, column in _doses(courses, found).items()},
        **{name: column.take(pa.array(order)) for name, column in _numbered(courses, found).items()},
    }
    days = EpisodeDays(
        *(each[first] for each in (courses.started, courses.started_from, courses.started_by)),
        *(each[last] for each in (courses.stopped, courses.stopped_from, courses.stopped_by)),
    )
    return TREATMENT_EPISODES.of({name: pa.chunked_array([column]) for name, column in columns.items()}), days


def episodes_of(courses: DrugCourses, *, bridge: Bridge = BRIDGE, targeted: DrugCourses | None = None) -> Episodes:
    """Return the episodes of courses, in the order of patient, agent and start.

    A gap that is bridged over no other agent needs `targeted`, the courses of all agents that make lines. Raises
    `RangeError` for a negative number of days.
    """
    if bridge.days < 0:
        raise RangeError("max_gap_days", bridge.days, "0 days or more")
    history = courses.histories
    before, alone = covered_until(history, courses.stopped)
    before_from, _ = covered_until(history, courses.stopped_from)
    before_by, _ = covered_until(history, courses.stopped_by)
    gap = courses.started - before
    begins = alone | (gap > bridge.days)
    if bridge.over == "no-other-agent":
        assert targeted is not None
        begins |= (gap > 1) & begun_in_gaps(courses, targeted)
    of = np.cumsum(begins) - 1
    by_stop = in_order(of, courses.stopped, courses.stopped_by, courses.started, courses.reference)
    ends = np.append(begins[1:], True)[: len(begins)]
    return Episodes(
        of=of,
        first=np.flatnonzero(begins),
        last=by_stop[np.flatnonzero(ends)],
        alone=alone,
        gap=gap,
        gap_min=np.maximum(courses.started_from - before_by, 0),
        gap_max=np.maximum(courses.started_by - before_from, 0),
    )


def _ends(courses: DrugCourses, first: Rows, last: Rows, *, as_of: date | None) -> dict[str, ArrowArray]:
    began, over = courses.facts.take(pa.array(first)), courses.facts.take(pa.array(last))
    ongoing = courses.stopped[last] == FOREVER
    until = courses.stopped[last]
    if as_of is not None:
        until = np.where(ongoing, day_number(as_of), until)
    endless = ongoing if as_of is None else np.zeros(len(last), dtype=bool)
    days = np.where(endless, 0, until - courses.started[first]).astype(np.int32)
    return {
        "patient": courses.patient.take(first).array(),
        "treatment_id": began["fact"].combine_chunks(),
        "started_on": began["started_on"].combine_chunks(),
        "started_on_precision": began["started_on_precision"].combine_chunks(),
        "stopped_on": over["stopped_on"].combine_chunks(),
        "stopped_on_precision": over["stopped_on_precision"].combine_chunks(),
        "ongoing": pa.array(ongoing),
        "days": pa.array(days, mask=endless),
        "stop_reason": over["stop_reason"].combine_chunks(),
    }


def _gaps(found: Episodes, max_gap_days: int) -> dict[str, ArrowArray]:
    """Return what lies between the courses of each episode, and before it."""
    inside = np.ones(len(found.of), dtype=bool)
    inside[found.first] = False
    open_ = ~found.alone & (found.gap_min <= max_gap_days) & (found.gap_max > max_gap_days)
    uncertain = found.total(open_) > 0
    uncertain[found.of[open_ & ~inside] - 1] = True
    columns = {
        "n_courses": pa.array(found.total(np.ones(len(found.of), dtype=np.int64))),
        "n_gaps": pa.array(found.total(inside & (found.gap > 1))),
        "uncertain": pa.array(uncertain),
    }
    for suffix, gap in (("", found.gap), ("_min", found.gap_min), ("_max", found.gap_max)):
        columns[f"gap_days{suffix}"] = pa.array(found.total(np.where(inside & (gap > 1), gap, 0)))
        columns[f"off_days{suffix}"] = pa.array(gap[found.first], mask=found.alone[found.first])
    return columns


def _doses(courses: DrugCourses, found: Episodes) -> dict[str, ArrowArray]:
    """Return the doses of each episode, and how often they changed; a course without a dose says nothing."""
    known = known_doses(courses, found.of)
    rows, of = courses.facts.take(pa.array(known.rows)), found.of[known.rows]
    told = known.changes | np.append(True, of[1:] != of[:-1])[: len(of)]
    said = pc.binary_join_element_wise(rows["dose"], rows["dose_unit"], rows["frequency"], " ", null_handling="skip")
    places = np.bincount(of[told], minlength=len(found.first))
    offsets = np.append(0, np.cumsum(places)).astype(np.int32)
    return {
        "n_dose_changes": pa.array(np.bincount(of[known.changes], minlength=len(found.first))),
        "doses": pa.ListArray.from_arrays(pa.array(offsets), said.filter(pa.array(told)).combine_chunks()),
    }


def _numbered(courses: DrugCourses, found: Episodes) -> dict[str, ArrowArray]:
    """Return the number of each episode among the patient's with the agent, and the one before it."""
    alone = found.alone[found.first]
    place = np.arange(len(found.first))
    episode = place - np.maximum.accumulate(np.where(alone, place, 0)) + 1
    before = pa.array(np.append(0, found.first)[: len(found.first)], mask=alone)
    return {"episode": pa.array(episode), "restart_of": courses.facts["fact"].combine_chunks().take(before)}
