"""Charts of a registry: denominators, and a period that has not ended is marked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from views.drawing.backlog import backlog
from views.drawing.completeness_matrix import completeness_matrix
from views.drawing.figure import Figure
from views.drawing.recruitment import recruitment
from views.drawing.retention import retention


def parts(figure: Figure, bar: int) -> dict[str, float]:
    """The parts of a stacked bar with their numbers."""
    found = [each for each in figure.of_class("bar-of")[bar].walk() if "part" in each.classes]
    return {str(each.attributes["data-part"]): float(str(each.attributes["data-n"])) for each in found}


def recruited(centre: str, period: str, n: int, so_far: int, *, over: bool = True) -> dict[str, object]:
    return {"centre": centre, "period": period, "n_enrolled": n, "n_so_far": so_far, "over": over}


def test_recruitment_is_by_centre_and_a_period_that_is_not_over_is_marked() -> None:
    rows = [recruited("C1", "2020", 4, 4), recruited("C1", "2021", 1, 5, over=False), recruited("", "2020", 2, 2),
            recruited("", "2021", 0, 2, over=False)]  # fmt: skip
    figure = recruitment(rows)

    assert parts(figure, 0) == {"C1": 4, "no centre": 2}
    assert parts(figure, 1) == {"C1": 1}
    assert len(figure.of_class("unfinished")) == 1
    assert figure.texts.count("so far") == 1
    assert ["".join(map(str, each.children)) for each in figure.of_class("below")] == ["6", "1", "6", "7"]


def test_of_many_centres_the_smaller_are_drawn_as_one_and_all_stand_in_the_numbers() -> None:
    figure = recruitment([recruited(f"C{n:02}", "2020", n, n) for n in range(1, 13)])

    assert parts(figure, 0)["other centres"] == sum(range(1, 6))
    assert sum(parts(figure, 0).values()) == sum(range(1, 13))
    assert len(figure.numbers.rows) == 12


def test_the_parts_of_a_year_of_retention_are_all_who_began_it() -> None:
    row: dict[str, Any] = {"year": 1, "n_at_risk": 20, "n_seen": 15, "n_lost": 3, "n_died": 1, "n_withdrawn": 2,
                           "n_otherwise": 0, "n_not_over": 4}  # fmt: skip
    figure = retention([row])

    assert parts(figure, 0) == {"stayed": 10, "lost": 3, "died": 1, "withdrawn": 2, "year not over": 4}
    assert [each.attributes["data-pattern"] for each in figure.of_class("pattern")].count("hatch") == 2
    assert ["".join(map(str, each.children)) for each in figure.of_class("below")] == ["20", "15"]


def late(period: str, n: int, quartiles: tuple[float, float, float] | None, *, over: bool = True) -> dict[str, object]:
    low, middle, high = quartiles or (None, None, None)
    return {"period": period, "n_visits": n, "lower_quartile": low, "median": middle, "upper_quartile": high,
            "n_within_30": 0, "n_within_90": n, "over": over}  # fmt: skip


def test_the_backlog_has_a_box_for_each_period_with_visits_and_how_many_they_are() -> None:
    figure = backlog([late("2020", 9, (10, 20, 40)), late("2021", 0, None), late("2022", 2, (0, 1, 2), over=False)])

    assert [each.attributes["data-period"] for each in figure.of_class("period")] == ["2020", "2021", "2022"]
    (box, _), (median, _) = figure.of_class("quartiles"), figure.of_class("median")
    top, high = (float(str(box.attributes[name])) for name in ("y", "height"))
    assert (top + high - float(str(median.attributes["y1"]))) / high == pytest.approx((20 - 10) / (40 - 10), abs=0.001)
    assert len(figure.of_class("unfinished")) == 1
    assert [each for each in figure.texts if each in ("9", "0", "2")][-3:] == ["9", "0", "2"]


def expected(centre: str, period: str, n: int, done: int) -> dict[str, object]:
    return {"centre": centre, "period": period, "what": "visit:year", "n_expected": n, "n_done": done,
            "n_in_window": done, "median_days_to_record": None}  # fmt: skip


def test_a_cell_of_completeness_tells_done_of_expected_and_where_nothing_was_expected_it_is_hatched() -> None:
    rows = [expected("C1", "2020", 300, 299), expected("C1", "2021", 4, 4), expected("C2", "2021", 5, 0)]
    figure = completeness_matrix(rows, "visit:year", date(2021, 6, 1))

    cells = {
        (each.attributes["data-centre"], each.attributes["data-period"]): [
            "".join(map(str, text.children)) for text in each.walk() if text.tag == "text"
        ]
        for each in figure.of_class("cell")
    }
    assert cells == {
        ("C1", "2020"): ["99%", "299 of 300"], ("C1", "2021"): ["100%", "4 of 4"], ("C2", "2020"): [],
        ("C2", "2021"): ["0%", "0 of 5"],
    }  # fmt: skip
    assert len(figure.of_class("pattern")) == 1
    assert len(figure.of_class("unfinished")) == 1


def test_a_centre_that_somebody_named_stays_text() -> None:
    assert "<b>x" not in completeness_matrix([expected("<b>x", "2020", 1, 1)], "visit:year", date(2021, 1, 1)).html
    assert "<b>x" not in recruitment([recruited("<b>x", "2020", 1, 1)]).html


def test_an_empty_registry_is_told() -> None:
    for figure in (recruitment([]), retention([]), backlog([]), completeness_matrix([], "visit:x", date(2020, 1, 1))):
        assert len(figure.of_class("nothing")) == 2
