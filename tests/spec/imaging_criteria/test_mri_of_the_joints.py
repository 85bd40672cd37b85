"""MRI of the sacroiliac joints: the reader's verdict, rules of quantity beside it, and remission."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.catalogue.methods import methods
from tests.spec.imaging_criteria.readings import Grades, all_said, joints, read, said, structure


@pytest.mark.parametrize(("verdict", "met"), [(1, True), (0, False), (None, None)])
def test_an_mri_is_positive_where_its_reader_says_so(enrolled: Registry, verdict: int | None, met: bool | None) -> None:
    read(enrolled, "asas-mri-sij", {"both joints positive": verdict, "both joints active lesions": 3})

    assert said(enrolled, "asas-mri-positive") == (met, verdict, 0)


def test_no_rule_of_quantity_replaces_the_verdict(enrolled: Registry) -> None:
    read(enrolled, "asas-mri-sij", {"both joints positive": 0, "both joints active lesions": 12})
    read(enrolled, "sparcc-sij", joints(right_1_upper_iliac=1, right_2_upper_iliac=1))

    assert said(enrolled, "asas-mri-positive").met is False
    assert said(enrolled, "asas-mri-2009-quantity").met is True


def test_the_rules_of_quantity_are_marked_as_unverified_and_the_verdict_is_not(enrolled: Registry) -> None:
    read(enrolled, "asas-mri-sij", {"both joints positive": 1})
    read(enrolled, "sparcc-sij", joints())
    read(enrolled, "sparcc-sss", structure())

    marked = {name: all_said(enrolled, name)[0]["unverified"] for name in (
        "asas-mri-positive", "asas-mri-2009-quantity", "asas-mri-2021-oedema", "asas-mri-2021-erosion",
        "asas-mri-2021-fat",
    )}  # fmt: skip
    assert marked.pop("asas-mri-positive") is False
    assert set(marked.values()) == {True}


@pytest.mark.parametrize(
    ("places", "met"),
    [
        ({"right_1_upper_iliac": 1}, False),
        ({"right_1_upper_iliac": 1, "right_2_upper_iliac": 1}, True),  # on two consecutive slices
        ({"right_1_upper_iliac": 1, "right_3_upper_iliac": 1}, False),  # a slice between them
        ({"right_1_upper_iliac": 1, "right_2_upper_sacral": 1}, False),  # another quadrant
        ({"right_1_upper_iliac": 1, "left_2_upper_iliac": 1}, False),  # another joint
        ({"right_1_upper_iliac": 1, "right_1_lower_sacral": 1}, True),  # two on one slice
        ({"right_1_upper_iliac": 1, "left_1_upper_iliac": 1}, True),  # two on one slice, one in each joint
        ({"right_1_upper_iliac": 1, "right_2_upper_iliac": None}, None),
        ({"right_1_upper_iliac": 1, "right_3_upper_iliac": None}, False),  # it could not turn the answer
        ({"right_1_upper_iliac": 1, "right_2_upper_iliac": 1, "left_4_depth": None, "left_5_lower_iliac": None}, True),
    ],
)
def test_a_lesion_on_two_consecutive_slices_or_two_on_one_is_the_quantity_of_2009(
    enrolled: Registry, places: Grades, met: bool | None
) -> None:
    read(enrolled, "sparcc-sij", joints(**places))

    assert said(enrolled, "asas-mri-2009-quantity").met is met


def test_quadrants_that_are_no_part_of_a_slice_leave_nothing_open(enrolled: Registry) -> None:
    short = {"right_2_upper_only": 1, "right_2_lower_iliac": None, "right_2_lower_sacral": None}
    read(enrolled, "sparcc-sij", joints(right_1_lower_iliac=1, **short))

    assert said(enrolled, "asas-mri-2009-quantity").met is False


@pytest.mark.parametrize(
    ("places", "met", "n"),
    [
        ({"right_1_upper_iliac": 1, "right_3_upper_iliac": 1, "left_2_lower_sacral": 1}, False, 3),
        (
            {"right_1_upper_iliac": 1, "right_3_upper_iliac": 1, "left_2_lower_sacral": 1, "left_6_upper_iliac": 1},
            True,
            4,
        ),
        ({"left_4_lower_iliac": 1, "left_5_lower_iliac": 1, "left_6_lower_iliac": 1}, True, 3),  # three consecutive
        ({"left_4_lower_iliac": 1, "left_5_lower_iliac": 1, "left_6_lower_iliac": None}, None, None),
    ],
)  # fmt: skip
def test_oedema_is_definite_in_four_quadrants_or_on_three_consecutive_slices(
    enrolled: Registry, places: Grades, met: bool | None, n: float | None
) -> None:
    read(enrolled, "sparcc-sij", joints(**places))

    assert said(enrolled, "asas-mri-2021-oedema") == (met, n, 0)


@pytest.mark.parametrize(("lesion", "at_least", "slices"), [("erosion", 3, 2), ("fat", 5, 3)], ids=["erosion", "fat"])
def test_erosion_and_fat_have_cut_offs_of_their_own(
    enrolled: Registry, lesion: str, at_least: int, slices: int
) -> None:
    apart = [f"{side}_{number}_upper_iliac_{lesion}" for side in ("right", "left") for number in (1, 3, 5)]
    in_a_row = [f"left_{number}_lower_sacral_{lesion}" for number in range(2, 6)]
    days = iter(f"2002-06-{day:02}" for day in range(1, 5))
    for places in (apart[: at_least - 1], apart[:at_least], in_a_row[: slices - 1], in_a_row[:slices]):
        read(enrolled, "sparcc-sss", structure(**dict.fromkeys(places, 1)), on=next(days))

    assert [row["met"] for row in all_said(enrolled, f"asas-mri-2021-{lesion}")] == [False, True, False, True]


@pytest.mark.parametrize(
    ("places", "met", "total"),
    [
        ({}, True, 0),
        ({"right_1_upper_iliac": 1}, True, 1),
        ({"right_1_upper_iliac": 1, "right_1_depth": 1}, False, 2),
        ({"right_1_upper_iliac": 1, "left_1_upper_iliac": None}, None, None),  # 1 or 2
        ({"left_1_upper_iliac": None}, True, None),  # 0 or 1, for it has no bonus
        ({"left_1_upper_iliac": None, "left_1_depth": None}, None, None),  # 0, 1, or 2 with its bonus
        ({"left_1_upper_iliac": None, "left_1_lower_iliac": 1, "left_1_intensity": 1}, False, None),  # 2 or 3
    ],
)
def test_the_joints_are_in_remission_with_a_total_below_2(
    enrolled: Registry, places: Grades, met: bool | None, total: float | None
) -> None:
    read(enrolled, "sparcc-sij", joints(**places))

    assert said(enrolled, "sparcc-sij-remission") == (met, total, 0)


@pytest.mark.parametrize(
    ("grades", "met"),
    [
        ({"C2/3": 2}, True),
        ({"C2/3": 3}, False),
        ({"C2/3": 2, "L5/S1": None}, None),
        ({"C2/3": 3, "L5/S1": None}, False),
        ({"C2/3": 1, "L5/S1": 1, "T1/2": 0}, True),
    ],
)
def test_the_spine_is_in_remission_with_a_berlin_total_of_at_most_2(
    enrolled: Registry, grades: Grades, met: bool | None
) -> None:
    read(enrolled, "berlin", {each.name: 0 for each in methods()["berlin"].locations} | dict(grades))

    assert said(enrolled, "berlin-remission").met is met


@pytest.mark.parametrize(
    ("right", "left", "met"),
    [(2, 2, True), (2, 1, False), (3, 0, True), (2, None, None), (None, 3, True), (1, None, None), (None, None, None)],
)
def test_sacroiliitis_on_radiographs_is_definite_with_grade_2_on_both_sides_or_3_on_one(
    enrolled: Registry, right: int | None, left: int | None, met: bool | None
) -> None:
    read(enrolled, "mny-sij", {"right joint": right, "left joint": left})

    assert said(enrolled, "mny-radiographic") == (met, None, 0)
