"""Maps of readings: a grade is a shade and a text, what was not assessed is hatched, readers stand side by side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registry.catalogue.methods import methods
from views.drawing.change_map import change_map
from views.drawing.map_layout import map_layout
from views.drawing.spine_map import spine_map
from views.drawing.svg import Element

LEVELS = ["C2/3", "C3/4", "C4/5", "C5/6", "C6/7", "C7/T1", *(f"T{n}/{n + 1}" for n in range(1, 12)), "T12/L1",
          *(f"L{n}/{n + 1}" for n in range(1, 5)), "L5/S1"]  # fmt: skip


def finding(
    location: str,
    grade: int | None,
    *,
    study: str = "MR-1",
    on: str = "2002-06-03",
    reader: str = "R1",
    item: str | None = None,
) -> dict[str, object]:
    return {
        "patient": "P-1", "performed_on": on, "study": study, "reader": reader, "session": "",
        "location": location, "item": item, "grade": grade,
    }  # fmt: skip


def grades(of: Element) -> list[str]:
    """The texts of grades below an element, sign by sign where they have places of their own."""
    found: list[str] = []
    for each in of.walk():
        if "grade" in each.classes:
            said = "".join(map(str, each.children))
            found += said if " " in str(each.attributes["x"]) else [said]
    return found


def tops(marks: Iterator[Element], name: str) -> list[float]:
    return [float(str(each.attributes["y"])) for each in marks if name in each.classes]


def test_a_map_of_the_spine_has_23_levels_from_the_neck_down() -> None:
    layout = map_layout(methods()["vu-lesions"])

    assert layout.rows == LEVELS
    assert layout.columns == [
        "anterior inflammation",
        "anterior erosion",
        "posterior inflammation",
        "posterior erosion",
    ]
    assert layout.bands == [("cervical", 6), ("thoracic", 11), ("lumbar", 6)]


def test_the_quadrants_of_the_joints_lie_as_in_the_image() -> None:
    layout = map_layout(methods()["berlin-sij"])

    assert layout.rows == ["upper", "lower"]
    assert layout.columns == ["right iliac", "right sacral", "left sacral", "left iliac"]
    assert layout.places["left lower iliac", None] == (1, 3)


@pytest.mark.parametrize("code", sorted(methods()))
def test_every_place_of_every_method_has_a_cell_of_its_own(code: str) -> None:
    method = methods()[code]
    layout = map_layout(method)

    graded = {(at.name, item.name) for at in method.locations for item in method.items if item.grades_in(at.part)}
    assert layout.places.keys() == graded
    assert len(set(layout.places.values())) == len(graded)


def test_a_grade_is_a_shade_and_a_text_and_what_was_not_assessed_is_hatched() -> None:
    method = methods()["berlin"]
    figure = spine_map([finding("C2/3", 3), finding("C3/4", 0), finding("C4/5", None), finding("L5/S1", 1)], method)

    (reading,) = figure.of_class("reading")
    assert sorted(grades(reading)) == ["0", "1", "3"]
    assert [each.tag for each in figure.of_class("shade-6")] == ["rect"]
    (hatch,) = figure.of_class("pattern")
    assert hatch.attributes["data-pattern"] == "hatch"
    assert float(str(hatch.attributes["y"])) - tops(reading.walk(), "shade-6")[0] == 2 * 15
    assert "1 place could not be assessed" in figure.sentence
    assert list(figure.numbers.rows) == [("C2/3", 3), ("C3/4", 0), ("C4/5", "not assessable"), ("L5/S1", 1)]


def test_what_a_reading_did_not_look_at_has_no_cell_and_is_not_hatched() -> None:
    figure = spine_map([finding("C2/3", 0)], methods()["berlin"])

    assert figure.of_class("pattern") == []
    assert grades(figure.of_class("reading")[0]) == ["0"]


def test_readers_of_a_study_stand_beside_each_other_and_studies_by_their_day() -> None:
    found = [
        finding("C2/3", 1, study="B", on="2004-06-07", reader="R2"),
        finding("C2/3", 2, study="A", reader="R2"),
        finding("C2/3", 3, study="B", on="2004-06-07"),
        finding("C2/3", 0, study="A"),
    ]
    figure = spine_map(found, methods()["berlin"])

    blocks = [(each.attributes["data-study"], each.attributes["data-reader"]) for each in figure.of_class("reading")]
    assert blocks == [("A", "R1"), ("A", "R2"), ("B", "R1"), ("B", "R2")]
    assert list(figure.numbers.rows) == [("C2/3", 0, 2, 3, 1)]
    assert [said for said in figure.texts if said in ("A", "B")] == ["A", "B"]


def test_many_zeros_of_a_row_are_counted_one_by_one() -> None:
    method = methods()["sparcc-spine-23"]
    found = [finding(f"C2/3 slice {n}", 0, item=item.name) for n in (1, 2, 3) for item in method.items]
    figure = spine_map([*found[:-1], {**found[-1], "grade": 1}], method)

    assert sorted(grades(figure.of_class("reading")[0])) == [*["0"] * 17, "1"]


def test_names_that_people_gave_stay_text() -> None:
    figure = spine_map([finding("C2/3", 1, study="<script>", reader='"><b>')], methods()["berlin"])

    assert "<script" not in figure.html
    assert "<b>" not in figure.html.replace(f"<b>{figure.title}</b>", "")


def test_nothing_read_is_told() -> None:
    assert spine_map([], methods()["berlin"]).texts == ["nothing was read by this method"]
    assert change_map([], methods()["berlin"]).texts == ["no two studies were read by one reader"]


def course(location: str, course: str, reader: str = "R1") -> dict[str, object]:
    return {
        "patient": "P-1", "to_on": "2004-06-07", "to_study": "B", "from_on": "2002-06-03", "from_study": "A",
        "reader": reader, "session": "", "location": location, "course": course,
    }  # fmt: skip


def test_a_course_is_a_sign_and_what_could_not_be_assessed_is_hatched() -> None:
    told = ["absent", "new", "worse", "unchanged", "improved", "resolved", "not-assessable"]
    figure = change_map(
        [course(level, what) for level, what in zip(LEVELS, told)] + [course("C2/3", "new", "R2")],
        methods()["berlin"],
    )

    one, other = figure.of_class("changes")
    assert grades(one) == ["·", "+", "↑", "=", "↓", "−"]
    assert grades(other) == ["+"]
    assert len([each for each in one.walk() if "pattern" in each.classes]) == 1
    assert figure.sentence.endswith("1 absent, 2 new, 1 worse, 1 unchanged, 1 improved, 1 resolved, 1 not assessable.")
    assert tuple(figure.numbers.rows[0]) == ("C2/3", "absent", "new")
