"""Charts of a cohort: n at each point, not known drawn, no clipped arrows, nothing computed anew."""

from __future__ import annotations

from datetime import UTC, datetime
from math import log
from typing import Any

import pytest

from projections.cohort.figures.drawn_points import drawn_points
from projections.cohort.figures.figures import Figure as CohortFigure
from projections.cohort.line_flow import flow_of
from projections.cohort.over_time.at_freezes import FrozenFigure
from tests.views.drawing.placed import placed
from views.drawing.cohort_series import Setting
from views.drawing.cumulative_probability import cumulative_probability
from views.drawing.figure import Figure
from views.drawing.forest import forest
from views.drawing.over_time import over_time
from views.drawing.spaghetti import spaghetti
from views.drawing.stacked_states import stacked_states
from views.drawing.svg import Element
from views.drawing.swimmer import swimmer
from views.drawing.then_and_now import then_and_now
from views.drawing.treatment_flow import treatment_flow

POINTS = ("baseline", "week 12", "2 years")
DAYS = {"baseline": 0.0, "week 12": 84.0, "2 years": 730.0}


def numbers_below(figure: Figure) -> list[str]:
    return ["".join(map(str, each.children)) for each in figure.of_class("below")]


def trajectory(group: str = "", *values: tuple[float | None, int]) -> list[Any]:
    found = []
    for at, (mean, n) in zip(POINTS, values, strict=False):
        of = {"group": group, "unit": ""}
        found.append(placed("trajectory", "basdai", at, "n", value=n, **of))
        limits = {} if mean is None else {"ci_low": mean - 1, "ci_high": mean + 1}
        found.append(placed("trajectory", "basdai", at, "mean", value=mean, **limits, **of))
        ranked = ("median", "lower quartile", "upper quartile")
        found += [placed("trajectory", "basdai", at, name, value=mean, **of) for name in ranked]
    return found


def xs(figure: Figure, name: str) -> list[float]:
    return [float(str(each.attributes["x"])) for each in figure.of_class(name)]


@pytest.mark.parametrize("kind", ["mean", "median"])
def test_means_and_medians_have_whiskers_and_below_each_time_point_its_n(kind: Any) -> None:
    figure = over_time(trajectory("", (6.0, 30), (4.0, 28), (3.0, 9)), "basdai", kind=kind, setting=Setting(days=DAYS))

    assert [each.attributes["data-at"] for each in figure.of_class("point")] == list(POINTS)
    assert len(figure.of_class("whisker-of")) == 3
    assert numbers_below(figure) == ["30", "28", "9"]


def test_time_points_stand_at_their_days() -> None:
    figure = over_time(trajectory("", (6.0, 30), (4.0, 28), (3.0, 9)), "basdai", setting=Setting(days=DAYS))

    one, two, three = xs(figure, "below")
    assert (two - one) / (three - one) == pytest.approx(84 / 730, abs=0.001)


def test_a_time_point_without_a_value_has_its_n_and_no_point() -> None:
    figure = over_time(trajectory("", (6.0, 30), (None, 0), (3.0, 9)), "basdai")

    assert [each.attributes["data-at"] for each in figure.of_class("point")] == ["baseline", "2 years"]
    assert numbers_below(figure) == ["30", "0", "9"]
    assert [tuple(row) for row in figure.numbers.rows][1] == ("all", "week 12", 0, None, None, None)


def test_all_missing_is_told() -> None:
    assert over_time(trajectory("", (None, 0), (None, 0)), "basdai").texts == ["no value at any time point"]
    assert over_time([], "basdai").texts == ["no value at any time point"]


def test_groups_are_told_apart_by_shape_and_dash_as_by_colour() -> None:
    both = trajectory("", (6.0, 9)) + trajectory("women", (5.0, 4), (4.0, 4)) + trajectory("men", (7.0, 5), (6.0, 5))
    figure = over_time(both, "basdai")

    women, men = figure.of_class("series")
    assert (women.attributes["data-group"], men.attributes["data-group"]) == ("women", "men")
    assert {each.tag for each in women.walk()} != {each.tag for each in men.walk()}
    dashes = [
        each.attributes.get("stroke-dasharray") for of in (women, men) for each in of.walk() if each.tag == "polyline"
    ]
    assert len(set(dashes)) == 2


def test_huge_values_have_room_for_their_ticks() -> None:
    figure = over_time(trajectory("", (1e9, 3), (2e9, 3)), "basdai")

    assert "2,000,000,000" in figure.texts
    assert min(xs(figure, "below")) > 90


def test_each_member_is_a_line_or_a_dot() -> None:
    values = [
        {"patient": patient, "episode": 1, "timepoint": at, "name": "basdai", "value": value}
        for patient, at, value in (
            ("P-1", "baseline", 5.0), ("P-1", "2 years", 4.0), ("P-2", "week 12", 3.0), ("P-3", "baseline", None),
        )
    ]  # fmt: skip
    figure = spaghetti(values, "basdai", POINTS)

    assert [next(each.tag for each in member.walk() if each.tag != "g") for member in figure.of_class("member")] == [
        "polyline", "circle",
    ]  # fmt: skip
    assert numbers_below(figure) == ["1", "1", "1"]


def test_a_cumulative_probability_plot_has_each_reader_and_the_mean() -> None:
    def changes(*values: float) -> list[Any]:
        n = len(values)
        at = "baseline → 2 years"
        return [
            placed("progression", "msasss", at, f"point {place}", value=value, numerator=place, denominator=n)
            for place, value in enumerate(values, 1)
        ]

    curves = [(name, drawn_points(changes(*values), "progression")[0]) for name, values in (
        ("mean", (-1, 0, 2)), ("R1", (0, 0, 3)), ("R2", (-2, 1)),
    )]  # fmt: skip
    figure = cumulative_probability(curves, title="mSASSS")

    assert [each.attributes["data-curve"] for each in figure.of_class("curve")] == ["mean", "R1", "R2"]
    assert len(figure.of_class("change")) == 8
    assert [tuple(row) for row in figure.numbers.rows][:2] == [("mean", 100 / 3, -1), ("mean", 200 / 3, 0)]
    assert [said for said in figure.texts if ", n " in said] == ["mean, n 3", "R1, n 3", "R2, n 2"]


def states(*counts: tuple[int, int, int]) -> list[Any]:
    found = []
    for at, numbers in zip(POINTS, counts, strict=False):
        for row, n in zip(("inactive", "high", "not known"), numbers, strict=True):
            of = sum(numbers)
            found.append(placed("states", row, at, "percent", value=100 * n / of, numerator=n, denominator=of))
    return found


def test_not_known_is_drawn_and_hatched_and_the_parts_are_all_members() -> None:
    figure = stacked_states(states((1, 2, 7), (5, 0, 5)))

    one, other = figure.of_class("bar-of")
    assert [each.attributes["data-part"] for each in one.walk() if "part" in each.classes] == [
        "inactive", "high", "not known",
    ]  # fmt: skip
    assert sum(float(str(each.attributes["data-n"])) for each in one.walk() if "part" in each.classes) == 100
    hatched = [each for each in one.walk() if each.attributes.get("data-pattern") == "hatch"]
    assert float(str(hatched[0].attributes["height"])) == pytest.approx(0.7 * 240)
    assert len([each for each in other.walk() if "part" in each.classes]) == 2
    assert numbers_below(figure) == ["10", "10"]


def member(patient: str, exit_: int | None, reason: str | None, *, event: bool = False) -> dict[str, object]:
    return {"patient": patient, "episode": 1, "group": None, "exit": exit_, "event": event, "reason": reason}


def span(patient: str, start: int, stop: int, state: str = "etanercept") -> dict[str, object]:
    return {"patient": patient, "episode": 1, "start": start, "stop": stop, "state": state}


MEMBERS = [member("P-1", 900, None), member("P-2", 100, "adverse-event", event=True), member("P-3", 50, "remission"),
           member("P-4", None, None)]  # fmt: skip
SPANS = [span("P-1", 0, 900), span("P-2", 0, 100), span("P-2", 100, 400, "none"), span("P-3", 0, 50)]


def farthest(of: Element) -> float:
    points = [pair for each in of.walk() if each.tag == "polygon" for pair in str(each.attributes["points"]).split()]
    return max(float(pair.partition(",")[0]) for pair in points)


@pytest.mark.parametrize("width", [375.0, 720.0, 1600.0])
def test_no_arrow_of_a_swimmer_plot_is_clipped(width: float) -> None:
    figure = swimmer(MEMBERS, SPANS, width=width)

    (arrow,) = figure.of_class("arrow")
    assert farthest(arrow) <= width - 16


def test_a_lane_for_each_member_the_longest_first_and_how_it_ended() -> None:
    figure = swimmer(MEMBERS, SPANS)

    lanes = figure.of_class("lane")
    told = ["".join(map(str, each.children)) for lane in lanes for each in lane.walk() if each.tag == "title"]
    assert told == ["P-1: to day 900, goes on", "P-2: to day 100, ended", "P-3: to day 50, ended, not counted"]
    assert [len([each for each in lane.walk() if "end-of-treatment" in each.classes]) for lane in lanes] == [0, 1, 1]
    assert figure.caption == "1 more were never observed after day 0."
    assert [row[4] for row in figure.numbers.rows if row[0] == "P-4"] == ["not observed"]


def test_of_300_members_each_has_a_lane_and_none_is_named_where_that_is_not_wanted() -> None:
    members = [member(f"P-{n}", n, None) for n in range(1, 301)]
    figure = swimmer(members, [span(f"P-{n}", 0, n, f"agent {n % 9}") for n in range(1, 301)], names=False)

    assert len(figure.of_class("lane")) == 300
    assert len(figure.of_class("arrow")) == 300
    assert "P-1" not in figure.html
    assert "others" in figure.texts


def test_of_very_many_members_a_part_is_drawn_evenly_chosen_and_that_is_told() -> None:
    members = [member(f"P-{n}", n, None) for n in range(1, 2001)]
    figure = swimmer(members, [span(f"P-{n}", 0, n) for n in range(1, 2001)])

    lanes = [
        "".join(map(str, each.children))
        for lane in figure.of_class("lane")
        for each in lane.walk()
        if each.tag == "title"
    ]
    assert len(lanes) == 400
    assert (lanes[0], lanes[-1]) == ("P-2000: to day 2000, goes on", "P-1: to day 1, goes on")
    assert figure.caption == "Of 2,000 members 400 are drawn, evenly chosen in their order."


def test_no_bar_and_no_band_of_a_flow_stands_for_fewer_than_the_minimum() -> None:
    sequences = (
        [["TNFi", "IL-17i"]] * 9 + [["TNFi", "JAKi"]] * 2 + [["TNFi"]] * 20 + [["JAKi"]] * 3 + [["IL-17i", "TNFi"]] * 6
    )
    figure = treatment_flow(flow_of(sequences, minimum=5))

    for name in ("node", "link"):
        found = [int(str(each.attributes["data-n"])) for each in figure.of_class(name)]
        assert all(n >= 5 for n in found)
    assert all(not isinstance(row[3], int) or row[3] >= 5 for row in figure.numbers.rows)
    assert "fewer than 5 patients" in figure.caption


def test_a_flow_has_a_bar_for_each_class_of_a_line_and_a_band_for_each_way() -> None:
    figure = treatment_flow(flow_of([["TNFi", "IL-17i"]] * 9 + [["TNFi", "JAKi"]] * 6 + [["TNFi"]] * 5))

    bars = [
        (each.attributes["data-line"], each.attributes["data-class"], each.attributes["data-n"])
        for each in figure.of_class("node")
    ]
    assert bars == [(1, "TNFi", 20), (2, "IL-17i", 9), (2, "JAKi", 6)]
    assert [each.attributes["data-n"] for each in figure.of_class("link")] == [9, 6]
    assert (1, "TNFi", "no further line", 5) in [tuple(row) for row in figure.numbers.rows]


def test_a_difference_stands_on_its_scale_with_its_limits_and_no_difference_is_a_line() -> None:
    of = "difference of mean"
    found = [
        placed("trajectory", "basdai", "baseline", of, value=-1.0, ci_low=-2.0, ci_high=0.0, text="-1.0", group="men"),
        placed("trajectory", "crp", "baseline", of, reason="one-value-only", group="men"),
    ]
    figure = forest(found, "trajectory", of)

    (whisker,), (none,) = figure.of_class("whisker"), figure.of_class("no-difference")
    low, high = (float(str(whisker.attributes[name])) for name in ("x1", "x2"))
    assert high == pytest.approx(float(str(none.attributes["x1"])))
    (value,) = figure.of_class("value")
    middle = sum(float(pair.partition(",")[0]) for pair in str(value.attributes["points"]).split()) / 4
    assert middle == pytest.approx((low + high) / 2, abs=0.02)
    assert "no value: one-value-only" in figure.texts


def test_ratios_stand_on_a_scale_of_ratios_and_a_limit_of_0_ends_in_an_arrow() -> None:
    found = [
        placed("rates", "flares", "from day 0", "rate ratio", value=value, ci_low=low, ci_high=high)
        for value, low, high in ((2.0, 1.0, 4.0), (0.5, 0.0, 1.0))
    ]
    figure = forest(found, "rates", "rate ratio", ratio=True)

    first = figure.of_class("whisker")[0]
    none = float(str(figure.of_class("no-difference")[0].attributes["x1"]))
    assert float(str(first.attributes["x1"])) == pytest.approx(none)
    (two,) = [each for each in figure.of_class("small") if each.children == ("2",)]
    assert (float(str(first.attributes["x2"])) - none) / (float(str(two.attributes["x"])) - none) == pytest.approx(
        log(4) / log(2), abs=0.01
    )
    assert len(figure.of_class("arrow")) == 1


def frozen(name: str, value: float | None, *moved: tuple[str, int]) -> FrozenFigure:
    figure = None if value is None else CohortFigure("erosions", "baseline", "n", value=value, text=f"{value:g}")
    return FrozenFigure(name, 7, datetime(2013, 1, 2, tzinfo=UTC), 22, figure, None, moved)


def test_then_and_now_has_a_point_for_each_freeze_and_what_moved_it() -> None:
    figure = then_and_now(
        [frozen("as-published", 107), frozen("later", None), frozen("now", 108, ("ReadingAmended", 3))], "erosions"
    )

    values = [each for name in ("value-of", "no-value", "moved-by") for each in figure.of_class(name)]
    assert ["".join(map(str, each.children)) for each in values] == ["107", "108", "none", "3 × ReadingAmended"]
    assert len(figure.of_class("point")) == 2
    assert figure.sentence == "erosions as it was known at 3 points in time; it moved 1 times."


def test_charts_without_anybody_say_so() -> None:
    for figure in (
        stacked_states([]), swimmer([], []), treatment_flow(flow_of([])), forest([], "rates", "rate ratio"),
        cumulative_probability([], title="x"), spaghetti([], "basdai", POINTS), then_and_now([], "x"),
    ):  # fmt: skip
        assert len(figure.of_class("nothing")) == 2, figure.title
        assert "<svg" in figure.document()


def test_of_states_that_are_hidden_the_rest_of_the_bar_is_a_frame() -> None:
    shares = [
        placed("states", row, "baseline", "percent", value=n, numerator=n, denominator=100)
        for row, n in (("inactive", 60), ("low", 30))
    ]
    hidden = [
        placed("states", row, "baseline", "percent", reason="hidden-small-number") for row in ("high", "very high")
    ]

    figure = stacked_states([*shares, *hidden])
    parts = {str(each.attributes["data-part"]): each.attributes["data-n"] for each in figure.of_class("part")}

    assert parts == {"inactive": 60, "low": 30, "not shown, small numbers": 10}
    assert figure.texts.count("100") == 2  # on the axis, and of how many


def test_a_mean_of_a_number_that_is_hidden_stands_without_it() -> None:
    mean = placed("trajectory", "basdai", "baseline", "mean", value=4.0)
    figure = over_time([mean, placed("trajectory", "basdai", "baseline", "n", reason="hidden-small-number")], "basdai")

    assert figure.numbers.rows == [("all", "baseline", None, 4.0, None, None)]
    assert len(figure.of_class("point")) == 1
