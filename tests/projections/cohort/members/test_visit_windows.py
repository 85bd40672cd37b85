"""Which of several visits stands for a time point: by the rule, against an obvious slow search."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.cohort.definition.definition import TimePoint
from projections.cohort.members.visit_windows import Candidates, Dated
from projections.columns.partial_days import FOREVER

POINT = TimePoint("week 12", 84, 70, 98)


def chosen(days: list[int], point: TimePoint, known: list[bool] | None = None, anchor: int = 1000) -> int:
    """The row that stands for the only member, day 0 being day 1000."""
    rows = np.arange(len(days), dtype=np.intp)
    dated = Dated(np.zeros(len(days), dtype=np.intp), rows, np.array(days, dtype=np.int64) + 1000)
    anchors = [np.array([anchor], dtype=np.int64)]
    has = np.ones(len(days), dtype=bool) if known is None else np.array(known)
    return int(Candidates.of(dated, [point], anchors).chosen(has)[0, 0])


def slowly(days: list[int], point: TimePoint, known: list[bool]) -> int:
    """The same, by looking at one after the other."""
    wishes: dict[str, Any] = {
        "nearest": lambda day: (abs(day - point.day), day),
        "first": lambda day: (day,),
        "last": lambda day: (-day,),
    }
    within = [
        (*wishes[point.prefer](day), row)
        for row, day in enumerate(days)
        if point.first <= day <= point.last and known[row]
    ]
    return int(min(within)[-1]) if within else -1


@pytest.mark.parametrize(
    ("days", "row"),
    [
        ([70, 83, 98], 1),
        ([82, 86], 0),
        ([86, 82], 1),
        ([69, 99], -1),
        ([70], 0),
        ([98], 0),
        ([84, 84], 0),
        ([], -1),
    ],
    ids=[
        "nearest",
        "as near, the earlier",
        "whatever their order",
        "outside",
        "first day",
        "last day",
        "same day",
        "none",
    ],
)
def test_the_visit_nearest_to_the_target_stands_for_the_time_point(days: list[int], row: int) -> None:
    assert chosen(days, POINT) == row


def test_a_visit_without_the_value_is_passed_over() -> None:
    assert chosen([84, 90], POINT, [False, True]) == 1


def test_a_time_point_after_a_stop_has_no_visit_while_the_course_goes_on() -> None:
    assert chosen([84], POINT, anchor=FOREVER) == -1


@given(
    st.lists(st.integers(60, 110), max_size=12),
    st.sampled_from(["nearest", "first", "last"]),
    st.data(),
)
def test_the_choice_is_that_of_a_slow_search(days: list[int], prefer: str, data: st.DataObject) -> None:
    known = data.draw(st.lists(st.booleans(), min_size=len(days), max_size=len(days)))
    point = POINT._replace(prefer=prefer)

    assert chosen(days, point, known) == slowly(days, point, known)
