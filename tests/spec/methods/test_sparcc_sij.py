"""SPARCC of the sacroiliac joints: quadrants of slices, a bonus only beside an inflamed one, and short joints."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.catalogue.methods import methods
from registry.errors import RefusalError
from tests.spec import given
from tests.spec.methods.scored import Scored, everywhere, record, scored, state_of

CODE = "sparcc-sij"
QUADRANTS = ("upper iliac", "upper sacral", "lower iliac", "lower sacral")
NONE = everywhere(CODE, 0)
ALL = {place: int(not place.endswith("upper-only")) for place in NONE}


def inflamed(place: str, n: int) -> dict[str, int]:
    """The first n quadrants of a slice."""
    return {f"{place} {quadrant}": 1 for quadrant in QUADRANTS[:n]}


def short(place: str) -> dict[str, int | None]:
    """A joint of 1 to 3 cm on a slice: it has no lower quadrants there."""
    return {f"{place} upper-only": 1, f"{place} lower iliac": None, f"{place} lower sacral": None}


def test_each_joint_has_six_slices_with_four_quadrants_and_two_bonus_points() -> None:
    method = methods()[CODE]

    assert [location.name for location in method.locations] == [
        f"{side} slice {n}" for side in ("right", "left") for n in (1, 2, 3, 4, 5, 6)
    ]
    assert method.groups == ("right", "left")
    assert [item.name for item in method.items] == [*QUADRANTS, "intensity", "depth", "upper-only"]
    assert {item.grades for item in method.items} == {(0, 1)}


def test_ten_quadrants_two_deep_slices_and_an_intense_one_are_13(enrolled: Registry) -> None:
    by_slice = [inflamed(f"right slice {number}", n) for number, n in enumerate((3, 4, 2, 0, 1, 0), start=1)]
    bonus = {"right slice 1 depth": 1, "right slice 2 depth": 1, "right slice 2 intensity": 1}
    grades = {**NONE, **{place: grade for each in by_slice for place, grade in each.items()}, **bonus}

    found = scored(enrolled, CODE, grades)

    assert found["total"] == Scored(13.0, 12, 12)
    assert found["total:right"] == Scored(13.0, 6, 6)
    assert found["total:left"] == Scored(0.0, 6, 6)


def test_everything_inflamed_intense_and_deep_is_72(enrolled: Registry) -> None:
    found = scored(enrolled, CODE, ALL)

    assert found["total"].value == 72
    assert found["total:left"].value == 36
    assert found["scorable quadrants"].value == 48


def test_a_slice_that_could_not_be_assessed_leaves_no_total_but_that_of_the_other_joint(enrolled: Registry) -> None:
    found = scored(enrolled, CODE, {**ALL, "left slice 6 upper iliac": None})

    assert found["total"] == Scored(None, 11, 12)
    assert found["total:left"] == Scored(None, 5, 6)
    assert found["total:right"] == Scored(36.0, 6, 6)


def test_the_lower_quadrants_of_a_short_joint_are_no_part_of_the_slice_and_not_missing(enrolled: Registry) -> None:
    found = scored(enrolled, CODE, {**ALL, **short("right slice 1"), **short("right slice 6")})

    assert found["total"] == Scored(68.0, 12, 12)
    assert found["scorable quadrants"] == Scored(44.0, 12, 12)


def test_a_joint_that_is_short_on_all_slices_goes_to_48(enrolled: Registry) -> None:
    places = [f"{side} slice {n}" for side in ("right", "left") for n in range(1, 7)]
    grades = {**ALL, **{place: grade for each in places for place, grade in short(each).items()}}

    found = scored(enrolled, CODE, grades)

    assert (found["total"].value, found["scorable quadrants"].value) == (48, 24)


def test_a_slice_without_its_lower_quadrants_is_open_where_nobody_says_that_it_is_short(enrolled: Registry) -> None:
    unsaid = {**short("right slice 1"), "right slice 1 upper-only": None}

    found = scored(enrolled, CODE, {**NONE, **unsaid})

    assert (found["total"].value, found["total"].n_assessed) == (None, 11)


@pytest.mark.parametrize("bonus", ["intensity", "depth"])
def test_a_bonus_without_an_inflamed_quadrant_of_the_same_slice_is_refused(enrolled: Registry, bonus: str) -> None:
    grades = {**NONE, **inflamed("right slice 1", 4), f"right slice 2 {bonus}": 1}

    with pytest.raises(
        RefusalError,
        match=f"^grade: right slice 2 {bonus}: intensity and depth above 0 only where upper iliac, upper sacral, "
        "lower iliac or lower sacral is above 0$",
    ):
        record(enrolled, CODE, grades)


def test_a_lower_quadrant_of_a_short_joint_is_refused(enrolled: Registry) -> None:
    grades = {**NONE, "left slice 3 upper-only": 1, "left slice 3 lower iliac": None}

    with pytest.raises(
        RefusalError,
        match=r"^grade: left slice 3 lower sacral: "
        r"lower iliac and lower sacral not graded where upper-only is above 0$",
    ):
        record(enrolled, CODE, grades)


@pytest.mark.parametrize(
    ("grades", "state"),
    [
        ({}, "none"),
        ({"left slice 3 upper iliac": 1}, "inflammation"),
        ({"left slice 3 upper iliac": 1, "left slice 3 depth": None}, None),
        (short("left slice 3"), "none"),
    ],
)
def test_a_slice_is_inflamed_or_not_where_all_of_it_was_assessed(
    enrolled: Registry, grades: dict[str, int | None], state: str | None
) -> None:
    assert state_of(enrolled, CODE, {**NONE, **grades}, "left slice 3") == state


def test_a_refused_reading_records_nothing(scanned: Registry) -> None:
    given.mri(scanned, "MR-0003", "2002-06-03", regions="sij")

    with given.refused(scanned, RefusalError, match="^grade: right slice 1 depth: "):
        scanned.record_reading("MR-0003", reader="R1", method=CODE, grades={**NONE, "right slice 1 depth": 1})
