"""Where numbers and days stand, and where ticks do."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.drawing.scales import Days, Scale, tick_text, ticks
from views.drawing.text_widths import fitted, width_of


@given(st.floats(-1e6, 1e6), st.floats(1e-2, 1e9))
def test_ticks_are_even_and_hold_all_between_them(low: float, span: float) -> None:
    found = ticks(low, low + span)

    steps = [later - each for each, later in pairwise(found)]
    assert found[0] <= low + 1e-6 * span
    assert found[-1] >= low + span - 1e-6 * span
    assert max(steps) == pytest.approx(min(steps), rel=1e-3)
    assert 2 <= len(found) <= 12


@pytest.mark.parametrize("values", [[], [0], [5, 5], [-3], [1e15, 2e15], [0.001, 0.002]])
def test_every_value_has_a_place_on_its_scale(values: list[float]) -> None:
    scale = Scale.around(values, 100, 0)

    assert all(0 <= scale(value) <= 100 for value in values)
    assert scale.low < scale.high


def test_a_day_begins_where_the_one_before_ends() -> None:
    days = Days(date(2020, 1, 1), date(2020, 1, 10), 50, 150)

    assert days(date(2020, 1, 1)) == 50
    assert days.after(date(2020, 1, 10)) == 150
    assert days.after(date(2020, 1, 4)) == days(date(2020, 1, 5)) == 90
    assert days.cut(date(1999, 1, 1)) == date(2020, 1, 1)


@pytest.mark.parametrize(("n", "first"), [(3, "2020-03-01"), (200, "2020-03"), (4000, "2021"), (40000, "2030")])
def test_ticks_of_days_stand_on_whole_days_months_or_years(n: int, first: str) -> None:
    start = date(2020, 3, 1)
    found = Days(start, start + timedelta(days=n), 0, 600).ticks

    assert found[0][1] == first
    xs = [Days(start, start + timedelta(days=n), 0, 600)(day) for day, _ in found]
    assert min(later - x for x, later in pairwise(xs)) >= 40


def test_how_ticks_are_called() -> None:
    assert [tick_text(each) for each in (0, 1e6, -2.5, 0.05)] == ["0", "1,000,000", "−2.5", "0.05"]


@pytest.mark.parametrize("said", ["日本語の薬の名前です", "adalimumab (biosimilar)", "ÄÖÜ" * 9, "e\u0301" * 20])
def test_a_cut_text_is_no_wider_than_its_room(said: str) -> None:
    assert width_of(fitted(said, 60, 12), 12) <= 60
    assert fitted(said, 1000, 12) == said
