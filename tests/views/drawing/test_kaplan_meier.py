"""Kaplan–Meier curves, and what stands below them."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.cohort.figures.drawn_points import at_days, drawn_points, enters_late
from projections.statistics.risk_table import risk_table
from tests.views.drawing.placed import curve
from views.drawing.cohort_series import Setting, cut_of
from views.drawing.figure import Figure
from views.drawing.kaplan_meier import kaplan_meier

# Five patients: one ends on day 100, one is censored on day 200, one ends on day 300, two are censored on day 400.
FIVE = curve(5, (100, 80.0, 5, 1, 0), (200, 80.0, 4, 0, 1), (300, 53.3, 3, 1, 0), (400, 53.3, 2, 0, 2))


def drawn(placed: list[object], **options: object) -> Figure:
    return kaplan_meier(drawn_points(placed, "survival"), **options)  # type: ignore[arg-type]


def counted(figure: Figure) -> dict[str, list[int]]:
    """The numbers below the curve by what they count."""
    (table,) = figure.of_class("risk-table")
    found: dict[str, list[int]] = {}
    name = ""
    for each in table.walk():
        if "below-name" in each.classes:
            name = "".join(map(str, each.children))
        elif "below" in each.classes:
            found.setdefault(name, []).append(int("".join(map(str, each.children))))
    return found


def test_below_the_curve_stand_at_risk_censored_and_events_which_add_up_to_all() -> None:
    counts = counted(drawn(FIVE))

    assert counts == {"at risk": [5, 4, 3, 2, 0], "censored": [0, 0, 1, 1, 3], "events": [0, 1, 1, 2, 2]}
    assert {sum(each) for each in zip(*counts.values(), strict=True)} == {5}


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=20), st.lists(st.integers(0, 40)))
def test_at_every_time_the_three_add_up_to_all_who_were_at_risk(
    patients: list[tuple[int, bool]], days: list[int]
) -> None:
    times, ended = zip(*patients, strict=True)
    risk = risk_table(list(times), np.array(ended))
    steps = zip(risk.times, [50.0] * len(risk.times), risk.at_risk, risk.all_events, risk.censored, strict=True)
    (found,) = drawn_points(
        curve(len(patients), *((int(a), b, int(c), int(d), int(e)) for a, b, c, d, e in steps)), "survival"
    )

    for counts in at_days(found, days):
        left = [each for each in patients if each[0] <= counts.day]
        assert counts.at_risk == len(patients) - len(left)
        assert counts.events == sum(event for _, event in left)
        assert counts.at_risk + counts.events + counts.censored == len(patients)
    assert not enters_late(found)


def test_who_enters_late_counts_with_the_censored_and_that_is_told() -> None:
    late = curve(4, (10, 50.0, 2, 1, 0), (20, 50.0, 3, 0, 3))  # two enter after day 10
    figure = drawn(late)

    assert "censored or not seen" in figure.texts
    assert "Who entered late" in figure.caption


def test_the_curve_keeps_its_value_until_the_next_day() -> None:
    figure = drawn(FIVE)
    (line,) = figure.of_class("estimate")

    points = [tuple(map(float, pair.split(","))) for pair in str(line.attributes["points"]).split()]
    assert len(points) == 2 * 4 + 1
    assert all(one[0] == other[0] or one[1] == other[1] for one, other in pairwise(points))
    assert points[0][1] == min(y for _, y in points)
    assert len(figure.of_class("interval")) == 1
    assert [each.attributes["data-n"] for each in figure.of_class("censored")] == [1, 2]


def test_a_curve_ends_where_nothing_is_known_any_more() -> None:
    emptied = curve(3, (10, 0.0, 1, 1, 0), (20, None, 2, 0, 2))
    (line,) = drawn(emptied).of_class("estimate")

    assert len(str(line.attributes["points"]).split()) == 3


def test_groups_have_a_curve_and_a_table_each_and_the_one_of_all_is_not_over_them() -> None:
    both = [*FIVE, *curve(3, (5, 60.0, 3, 1, 2), group="naive"), *curve(2, (9, 50.0, 2, 1, 1), group="<b>")]
    figure = drawn(both)

    assert [each.attributes["data-group"] for each in figure.of_class("curve")] == ["naive", "<b>"]
    assert [each.attributes["data-group"] for each in figure.of_class("risk-table")] == ["naive", "<b>"]
    assert "<b>" not in re.sub(r"<b>Retention</b>", "", figure.html)


def test_the_caption_names_the_cut_date() -> None:
    assert (
        drawn(FIVE, setting=Setting(cut=cut_of(date(2012, 12, 31), "known at @7"))).caption
        == "Cut date 2012-12-31, known at @7."
    )


def test_all_points_stand_in_the_numbers() -> None:
    assert [tuple(row) for row in drawn(FIVE).numbers.rows][1] == ("all", 100.0, 80.0, 75.0, 85.0, 5, 1, 0)


@pytest.mark.parametrize("width", [375.0, 720.0, 1600.0])
def test_nothing_leaves_the_drawing_to_the_right(width: float) -> None:
    figure = drawn(FIVE, setting=Setting(width=width))

    xs = [float(str(each.attributes["x"])) for mark in figure.marks for each in mark.walk() if each.tag == "text"]
    assert max(xs) <= width


def test_nobody_at_risk_is_told() -> None:
    assert drawn([]).texts == ["nobody was at risk"]
